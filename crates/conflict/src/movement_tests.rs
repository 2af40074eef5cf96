//! Tests of `movement`: which ground is occupied when.

use super::*;
use crate::testing::{Column, circle, line, schedule, seconds, time};

/// Two legs of about 1 km east; 10 m/s, so that the head arrives after 200 s.
const TWO_LEGS: [(f64, f64); 3] = [(0.0, 0.0), (1000.0, 0.0), (2000.0, 0.0)];

fn spans(movement: &Movement, from_m: f64, to_m: f64) -> Option<(f64, f64)> {
    movement.occupied(from_m, to_m).map(|span| (seconds(span.start()).round(), seconds(span.end()).round()))
}

#[test]
fn invalid_parts_are_refused() {
    let line = line(&TWO_LEGS);
    let head = |anchors: &[(f64, f64)]| schedule(anchors);
    let good = || head(&[(0.0, 0.0), (2000.0, 200.0)]);
    let check =
        |width_m, heads: [Schedule; 3], pass_m, end_s| Movement::new(line.clone(), width_m, heads, pass_m, false, time(end_s));
    assert!(check(10.0, [good(), good(), good()], 0.0, 1.0).is_ok());
    assert_eq!(check(0.0, [good(), good(), good()], 0.0, 1.0), Err(InvalidMovement::Corridor(InvalidCorridor::Width(0.0))));
    assert_eq!(check(10.0, [good(), good(), good()], -1.0, 1.0), Err(InvalidMovement::PassLength(-1.0)));
    assert!(matches!(check(10.0, [good(), good(), good()], f64::NAN, 1.0), Err(InvalidMovement::PassLength(_))));
    assert_eq!(check(10.0, [good(), good(), good()], 0.0, 0.0), Err(InvalidMovement::EndsBeforeStart));
    let past = || head(&[(0.0, 0.0), (2001.0, 200.0)]);
    assert_eq!(check(10.0, [past(), past(), past()], 0.0, 1.0), Err(InvalidMovement::OffTheLine(Case::Earliest)));
    let short = head(&[(0.0, 0.0), (1990.0, 200.0)]);
    assert_eq!(check(10.0, [good(), good(), short], 0.0, 1.0), Err(InvalidMovement::DifferentStretch(Case::Latest)));
    let slow = || head(&[(0.0, 0.0), (1000.0, 150.0), (2000.0, 200.0)]);
    assert_eq!(
        check(10.0, [good(), slow(), good()], 0.0, 1.0),
        Err(InvalidMovement::NotBracketed { behind: Case::Likely, ahead: Case::Latest, at: time(150.0) })
    );
    assert!(check(10.0, [good(), slow(), slow()], 0.0, 1.0).is_ok());
}

#[test]
fn ground_is_occupied_from_the_earliest_head_to_the_latest_tail() {
    let column = Column { late_s: 50.0, pass_length_m: 300.0, end_s: 1000.0, ..Column::new(&TWO_LEGS) };
    let movement = column.build();
    assert_eq!(spans(&movement, 0.0, 100.0), Some((0.0, 90.0)));
    assert_eq!(spans(&movement, 500.0, 600.0), Some((50.0, 140.0)));
    // Where the head stops, a pass length back from there, the column stays.
    assert_eq!(spans(&movement, 1600.0, 1690.0), Some((160.0, 249.0)));
    assert_eq!(spans(&movement, 1600.0, 1710.0), Some((160.0, 1000.0)));
    assert_eq!(spans(&movement, 1990.0, 2000.0), Some((199.0, 1000.0)));
    assert_eq!(spans(&movement, 2100.0, 2200.0), None);
    let holding = Column { holds: true, ..column.clone() }.build();
    assert_eq!(spans(&holding, 0.0, 100.0), Some((0.0, 1000.0)));
    // The claim ends before the head is there.
    let short = Column { end_s: 120.0, ..column }.build();
    assert_eq!(spans(&short, 1000.0, 1100.0), Some((100.0, 120.0)));
    assert_eq!(spans(&short, 1300.0, 1400.0), None);
    assert_eq!(short.span(), TimeSpan::new(time(0.0), time(120.0)).unwrap());
}

#[test]
fn a_place_that_is_only_passed_is_occupied_for_an_instant() {
    let movement = Column::new(&TWO_LEGS).build();
    let span = movement.occupied(500.0, 500.0).unwrap();
    assert_eq!((seconds(span.start()), span.end().since_ns(span.start())), (50.0, 1));
}

#[test]
fn stretches_are_cut_at_waypoints_and_leave_no_gap() {
    let movement = Column::new(&TWO_LEGS).build();
    let stretches = movement.stretches(300.0);
    assert_eq!(stretches.len(), 8);
    assert!(stretches.windows(2).all(|pair| pair[0].to_m.total_cmp(&pair[1].from_m).is_eq()));
    assert!((stretches[3].to_m - 1000.0).abs() < 0.01 && (stretches[7].to_m - movement.line().length_m()).abs() < 1e-9);
    assert_eq!(movement.stretches(f64::INFINITY).len(), 2);
    assert_eq!(movement.stretches(0.0).len(), 2);
    for stretch in &stretches {
        assert_eq!(movement.occupied(stretch.from_m, stretch.to_m), Some(stretch.span));
        assert!(stretch.area.contains(movement.line().point_at(stretch.from_m)));
    }
    let short = Column { end_s: 120.0, ..Column::new(&TWO_LEGS) }.build();
    assert_eq!(short.stretches(300.0).len(), 5);
}

#[test]
fn a_column_that_stands_has_its_ground() {
    let line = line(&TWO_LEGS);
    let stands = || schedule(&[(500.0, 0.0), (500.0, 100.0)]);
    let movement = Movement::new(line, 200.0, [stands(), stands(), stands()], 0.0, false, time(1000.0)).unwrap();
    let stretches = movement.stretches(100.0);
    assert_eq!(stretches.len(), 1);
    assert!(stretches[0].area.contains(crate::testing::place(590.0, 0.0)));
    assert!(!stretches[0].area.contains(crate::testing::place(610.0, 0.0)));
    assert_eq!(stretches[0].span, movement.span());
}

#[test]
fn heads_are_inside_from_entry_to_exit() {
    let movement = Column { late_s: 50.0, end_s: 1000.0, ..Column::new(&TWO_LEGS) }.build();
    let inside = |case, area: &Area| {
        let span: Option<TimeSpan> = movement.head_inside(case, area);
        span.map(|span| ((seconds(span.start()) * 10.0).round() / 10.0, (seconds(span.end()) * 10.0).round() / 10.0))
    };
    let on_the_way = circle(1000.0, 0.0, 200.0);
    assert_eq!(inside(Case::Earliest, &on_the_way), Some((80.0, 120.0)));
    assert_eq!(inside(Case::Latest, &on_the_way), Some((130.0, 170.0)));
    assert_eq!(inside(Case::Earliest, &circle(2000.0, 0.0, 500.0)), Some((150.0, 1000.0)));
    assert_eq!(inside(Case::Earliest, &circle(0.0, 0.0, 500.0)), Some((0.0, 50.0)));
    assert_eq!(inside(Case::Earliest, &circle(0.0, 5000.0, 500.0)), None);
}

#[test]
fn delays_move_everything() {
    let movement = Column { late_s: 50.0, ..Column::new(&TWO_LEGS) }.build();
    let later = movement.delayed_ns(7_000_000_000);
    assert_eq!(later.span(), movement.span().shifted_ns(7_000_000_000));
    assert_eq!(later.occupied(100.0, 900.0), movement.occupied(100.0, 900.0).map(|span| span.shifted_ns(7_000_000_000)));
    assert_eq!(later.delayed_ns(-7_000_000_000), movement);
}

#[test]
fn a_column_that_stops_short_stays_there() {
    let movement = Column { late_s: 50.0, end_s: 1000.0, ..Column::new(&TWO_LEGS) }.build().with_pace_beyond_end();
    let stopped = movement.stopping_at(1200.0).unwrap();
    assert!((stopped.line().length_m() - 1200.0).abs() < 1e-3);
    assert!(!stopped.paces_beyond_end());
    assert_eq!(stopped.occupied(0.0, 1100.0), movement.occupied(0.0, 1100.0));
    assert_eq!(spans(&stopped, 1100.0, 1200.0), Some((110.0, 1000.0)));
    assert_eq!(movement.stopping_at(0.0), None);
    assert_eq!(movement.stopping_at(-5.0), None);
    assert_eq!(movement.stopping_at(9000.0).unwrap().line(), movement.line());
}
