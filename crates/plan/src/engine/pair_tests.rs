//! Who gets which kind of finding, by kinds, sides and participation. The claims are drawn by hand on one small map:
//! a road of 40 km along the parallel 35° N from 40° E, and things on and over its middle.

use deconflict_conflict::{Anchor, Minima, Movement, Schedule};
use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Area, Circle, LatLng, NS_PER_S, Polyline, Shape, TimeSpan, Volume4D, destination,
};

use super::pair_findings;
use crate::engine::test_pictures::{self, claim, hour, span};
use crate::model::{
    ApproachThreshold, AreaRole, Basis, Claim, ClaimBody, ClaimKind, Function, Level, NamedArea, Picture, Place, Side, Track,
};
use crate::report::{Certainty, Finding, FindingKind};

const HOUR_NS: i64 = 3600 * NS_PER_S;

/// The point this far along the road, and this far north of it, kilometres.
fn at(east_km: f64, north_km: f64) -> LatLng {
    let on_road = destination(LatLng::degrees(35.0, 40.0).unwrap(), 90.0, east_km * 1000.0);
    if north_km == 0.0 { on_road } else { destination(on_road, 0.0, north_km * 1000.0) }
}

fn disc(east_km: f64, north_km: f64, radius_km: f64) -> Area {
    Area::from(Shape::Circle(Circle::new(at(east_km, north_km), radius_km * 1000.0).unwrap()))
}

/// Lateral minimum 5 km, vertical 600 m, time 15 min for flights, none on the ground; one place half way.
fn picture() -> Picture {
    let air = Minima { lateral_m: 5000.0, vertical_um: 600_000_000, time_ns: HOUR_NS / 4 };
    let kinds = [ClaimKind::Flight, ClaimKind::Movement, ClaimKind::Constraint, ClaimKind::Site, ClaimKind::Presence];
    let milestone = Place {
        name: "Milestone".to_owned(),
        aliases: Vec::new(),
        points: vec![("own".to_owned(), at(20.0, 0.0))],
        uncertainty_m: 0.0,
        basis: Basis::Stated,
    };
    Picture {
        places: vec![milestone],
        minima: kinds.into_iter().map(|kind| ((ClaimKind::Flight, kind), air)).collect(),
        ..test_pictures::picture()
    }
}

fn volume(area: Area, band_m: Option<[f64; 2]>, span: TimeSpan) -> ClaimBody {
    let altitude = |m| Altitude::metres(m, AltitudeReference::W84);
    let band = band_m.map(|[lower, upper]| AltitudeBand::new(altitude(lower), altitude(upper)).unwrap());
    ClaimBody::Volumes(vec![Volume4D { area, band, span }])
}

/// A claim of this kind over the middle of the road, hours 10 to 20.
fn usual(id: &str, kind: ClaimKind, owner: &str) -> Claim {
    let area = || disc(20.0, 0.0, 3.0);
    let body = match kind {
        ClaimKind::Flight => volume(area(), Some([1000.0, 3000.0]), span(10.0, 20.0)),
        ClaimKind::Movement => column(0.0, 40.0, 10.0, 14.0),
        ClaimKind::Constraint | ClaimKind::Site | ClaimKind::Presence => volume(area(), None, span(0.0, 100.0)),
        ClaimKind::Authority => ClaimBody::Authority { function: Function::Control, area: area(), span: span(0.0, 100.0) },
    };
    claim(id, kind, owner, body)
}

/// A column 1 km wide that drives the road between two kilometres, between two hours, and stands at its end for a day.
fn column(from_km: f64, to_km: f64, from_h: f64, to_h: f64) -> ClaimBody {
    let line = Polyline::new(vec![at(from_km, 0.0), at(to_km, 0.0)]).unwrap();
    let anchors = vec![Anchor { along_m: 0.0, time: hour(from_h) }, Anchor { along_m: line.length_m(), time: hour(to_h) }];
    let head = Schedule::new(anchors).unwrap();
    let heads = [head.clone(), head.clone(), head];
    let movement = Movement::new(line.clone(), 1000.0, heads, 0.0, false, hour(to_h + 24.0)).unwrap();
    let track = Track { line, width_m: 1000.0, names: vec![String::new(); 2], tasks: vec![None; 2] };
    ClaimBody::Movement(track, Box::new(movement))
}

fn summary(findings: &[Finding]) -> Vec<(FindingKind, Level)> {
    findings.iter().map(|finding| (finding.kind, finding.level)).collect()
}

#[test]
fn kinds_of_two_sides_meet_as_the_table_says() {
    use ClaimKind::{Authority, Constraint, Flight, Movement, Presence, Site};
    use FindingKind::{Caution, Conflict, Contested};
    type Row = (ClaimKind, ClaimKind, Option<(FindingKind, Level)>);
    let table: [Row; 21] = [
        (Flight, Flight, Some((Conflict, Level::Urgent))),
        (Flight, Movement, Some((Caution, Level::Watch))),
        (Flight, Constraint, Some((Caution, Level::Watch))),
        (Flight, Presence, Some((Caution, Level::Watch))),
        (Flight, Site, Some((Caution, Level::Warn))),
        (Flight, Authority, None),
        (Movement, Movement, Some((Conflict, Level::Urgent))),
        (Movement, Constraint, Some((Conflict, Level::Urgent))),
        (Movement, Presence, Some((Conflict, Level::Urgent))),
        (Movement, Site, Some((Caution, Level::Warn))),
        (Movement, Authority, None),
        (Constraint, Constraint, None),
        (Constraint, Site, None),
        (Constraint, Presence, Some((Conflict, Level::Critical))),
        (Constraint, Authority, None),
        (Site, Site, None),
        (Site, Presence, Some((Caution, Level::Warn))),
        (Site, Authority, None),
        (Presence, Presence, Some((Conflict, Level::Critical))),
        (Presence, Authority, None),
        (Authority, Authority, Some((Contested, Level::Warn))),
    ];
    for (one, other, expected) in table {
        let (mut a, b) = (usual("a", one, "A"), usual("b", other, "B"));
        if (one, other) == (Movement, Movement) {
            // The other way along the same road: they pass each other and end apart.
            a.body = column(40.0, 0.0, 10.0, 14.0);
        }
        let found = pair_findings(&picture(), &a, &b);
        assert_eq!(summary(&found), Vec::from_iter(expected), "{one:?} and {other:?}");
        let swapped = pair_findings(&picture(), &b, &a);
        assert_eq!(format!("{found:?}"), format!("{swapped:?}"), "{one:?} and {other:?} depend on the order");
        for finding in &found {
            assert_eq!((finding.claims.join("+"), finding.parties.join("+")), ("a+b".to_owned(), "A+B".to_owned()));
            assert!(finding.id.ends_with(":a+b"), "{}", finding.id);
        }
    }
}

#[test]
fn a_non_participant_gives_cautions_and_nothing_else() {
    use ClaimKind::{Authority, Constraint, Flight, Movement, Presence, Site};
    for hazard in [Flight, Movement, Constraint, Presence, Site, Authority] {
        for other in [Flight, Movement, Constraint, Presence, Site, Authority] {
            let (mut a, b) = (usual("a", hazard, "H"), usual("b", other, "B"));
            if hazard == Movement {
                a.body = column(40.0, 0.0, 10.0, 14.0);
            }
            let found = pair_findings(&picture(), &a, &b);
            let has = hazard != Authority && matches!(other, Flight | Movement | Presence);
            let expected = if has { vec![(FindingKind::Caution, Level::Watch)] } else { Vec::new() };
            assert_eq!(summary(&found), expected, "{hazard:?} of a non-participant and {other:?}");
            for finding in &found {
                assert_eq!(finding.parties, ["B"]);
                let words = format!("{} {:?}", finding.headline, finding.details);
                assert!(!words.contains("Party H"), "{words}");
            }
        }
    }
    let found = pair_findings(&picture(), &usual("a", Constraint, "H"), &usual("b", Constraint, "H"));
    assert!(found.is_empty());
}

#[test]
fn one_side_gives_internal_findings_only() {
    use ClaimKind::{Authority, Constraint, Flight, Movement, Presence, Site};
    let mut picture = picture();
    let mut side = Side {
        id: "S".to_owned(),
        name: "Side S".to_owned(),
        lead: Some("A".to_owned()),
        members: vec!["A".to_owned(), "B".to_owned()],
        supporter: None,
        claims: vec!["a".to_owned(), "b".to_owned()],
        deconflicted_by: None,
        review: None,
        basis: Basis::Stated,
    };
    let kinds = [Flight, Movement, Constraint, Presence, Site, Authority];
    for (one, other) in kinds.iter().flat_map(|one| kinds.iter().map(move |other| (*one, *other))) {
        for (keeper, level) in [(None, Level::Warn), (Some("A"), Level::Note)] {
            side.deconflicted_by = keeper.map(str::to_owned);
            picture.sides = vec![side.clone()];
            let (mut a, mut b) = (usual("a", one, "A"), usual("b", other, "B"));
            (a.side, b.side) = ("S".to_owned(), "S".to_owned());
            let found = pair_findings(&picture, &a, &b);
            let expected = matches!(
                (one.min(other), one.max(other)),
                (Flight, Flight | Constraint) | (Movement, Movement | Constraint) | (Constraint, Presence)
            );
            assert_eq!(
                summary(&found),
                if expected { vec![(FindingKind::Internal, level)] } else { Vec::new() },
                "{one:?}, {other:?}"
            );
            assert!(found.iter().all(|finding| finding.excused == keeper.is_some()));
        }
    }
}

#[test]
fn a_flight_in_its_own_sides_closed_area_is_internal() {
    let internal = vec![(FindingKind::Internal, Level::Warn)];
    for (band, expected) in [(None, internal.clone()), (Some([0.0, 2000.0]), internal), (Some([0.0, 200.0]), Vec::new())] {
        let (flight, mut closed) = (usual("a", ClaimKind::Flight, "A"), usual("b", ClaimKind::Constraint, "A"));
        closed.body = volume(disc(20.0, 0.0, 3.0), band, span(0.0, 100.0));
        closed.side.clone_from(&flight.side);
        assert_eq!(summary(&pair_findings(&picture(), &flight, &closed)), expected, "{band:?}");
    }
}

#[test]
fn one_operation_gives_nothing_and_lies_within_one_side() {
    let (mut a, mut b) = (usual("a", ClaimKind::Flight, "A"), usual("b", ClaimKind::Flight, "A"));
    (a.operation, b.operation) = ("OP".to_owned(), "OP".to_owned());
    assert!(pair_findings(&picture(), &a, &b).is_empty());
    let mut other = usual("b", ClaimKind::Flight, "B");
    other.operation = "OP".to_owned();
    assert_eq!(summary(&pair_findings(&picture(), &a, &other)), [(FindingKind::Conflict, Level::Urgent)]);
}

#[test]
fn a_flight_is_measured_against_its_minima() {
    // East of the other flight, kilometres; band; window; what is found; lateral, vertical, time gaps.
    let table = [
        (0.0, [1000.0, 3000.0], (10.0, 20.0), Some(Level::Urgent), [0.0, 0.0, 0.0]),
        (10.0, [1000.0, 3000.0], (10.0, 20.0), Some(Level::Warn), [4000.0, 0.0, 0.0]),
        (11.1, [1000.0, 3000.0], (10.0, 20.0), None, [0.0; 3]),
        (0.0, [3400.0, 5000.0], (10.0, 20.0), Some(Level::Warn), [0.0, 400.0, 0.0]),
        (0.0, [3600.0, 5000.0], (10.0, 20.0), None, [0.0; 3]),
        (0.0, [1000.0, 3000.0], (20.1, 30.0), Some(Level::Warn), [0.0, 0.0, 360.0]),
        (0.0, [1000.0, 3000.0], (20.25, 30.0), None, [0.0; 3]),
        (0.0, [1000.0, 3000.0], (20.0, 30.0), Some(Level::Urgent), [0.0, 0.0, 0.0]),
    ];
    for (east_km, band_m, (from, until), level, gaps) in table {
        let a = usual("a", ClaimKind::Flight, "A");
        let b = claim("b", ClaimKind::Flight, "B", volume(disc(20.0 + east_km, 0.0, 3.0), Some(band_m), span(from, until)));
        let found = pair_findings(&picture(), &a, &b);
        assert_eq!(found.first().map(|finding| finding.level), level, "{east_km} km, {band_m:?}, {from} h");
        let Some(finding) = found.first() else { continue };
        let measures = &finding.measures;
        let measured = [measures.lateral_m.unwrap(), measures.vertical_m.unwrap(), measures.time_s.unwrap()];
        for (is, expected) in measured.iter().zip(gaps) {
            assert!((is - expected).abs() < 0.01, "{measured:?}, expected {gaps:?}");
        }
        assert_eq!(measures.overlap, Some(level == Some(Level::Urgent)));
    }
}

#[test]
fn a_conflict_that_has_begun_is_a_level_louder() {
    let mut picture = picture();
    picture.as_of = hour(12.0);
    let found = pair_findings(&picture, &usual("a", ClaimKind::Flight, "A"), &usual("b", ClaimKind::Flight, "B"));
    assert_eq!(summary(&found), [(FindingKind::Conflict, Level::Critical)]);
}

#[test]
fn a_ceiling_makes_a_conflict_below_it_and_leaves_the_people_below() {
    let flight = usual("a", ClaimKind::Flight, "A");
    for (kind, ceiling_m, expected) in [
        (ClaimKind::Presence, 1500.0, Some((FindingKind::Conflict, Level::Urgent))),
        (ClaimKind::Presence, 200.0, Some((FindingKind::Caution, Level::Watch))),
        (ClaimKind::Site, 200.0, Some((FindingKind::Caution, Level::Warn))),
        (ClaimKind::Constraint, 1500.0, Some((FindingKind::Conflict, Level::Urgent))),
        (ClaimKind::Constraint, 200.0, None),
    ] {
        let ground = claim("b", kind, "B", volume(disc(20.0, 0.0, 3.0), Some([0.0, ceiling_m]), span(0.0, 100.0)));
        assert_eq!(
            summary(&pair_findings(&picture(), &flight, &ground)),
            Vec::from_iter(expected),
            "{kind:?} up to {ceiling_m} m"
        );
    }
}

#[test]
fn a_column_is_only_where_it_is_when_it_is() {
    // The column passes km 20 at hour 12, km 17 and 23 at 11:42 and 12:18.
    let column = usual("a", ClaimKind::Movement, "A");
    for (from, until, meets) in
        [(0.0, 11.5, false), (0.0, 11.8, true), (12.2, 20.0, true), (12.4, 20.0, false), (0.0, 100.0, true)]
    {
        let closed = claim("b", ClaimKind::Constraint, "B", volume(disc(20.0, 0.0, 3.0), None, span(from, until)));
        let found = pair_findings(&picture(), &column, &closed);
        assert_eq!(!found.is_empty(), meets, "closed from {from} h to {until} h");
    }
    let closed = claim("b", ClaimKind::Constraint, "B", volume(disc(20.0, 0.0, 3.0), None, span(0.0, 100.0)));
    let window = pair_findings(&picture(), &column, &closed)[0].window.unwrap();
    // The caps of the corridor reach half a kilometre (3 min) farther than the head.
    for (is, expected) in [(window.start(), 11.65), (window.end(), 12.35)] {
        assert!((is.since_ns(hour(expected)) as f64 / 1e9).abs() < 5.0, "{is:?}, expected {expected} h");
    }
}

#[test]
fn a_convoy_that_uses_a_road_the_day_before_another_is_clear_of_it() {
    let first = claim("a", ClaimKind::Movement, "A", column(0.0, 40.0, 10.0, 14.0));
    // The first one stands at the end of the road for a day: the second stops short of that.
    let day_later = claim("b", ClaimKind::Movement, "B", column(0.0, 30.0, 34.0, 37.0));
    assert!(pair_findings(&picture(), &first, &day_later).is_empty());
    let close_behind = claim("b", ClaimKind::Movement, "B", column(0.0, 30.0, 10.0, 13.0));
    assert_eq!(summary(&pair_findings(&picture(), &first, &close_behind)), [(FindingKind::Conflict, Level::Urgent)]);
}

#[test]
fn columns_that_end_at_one_place_converge_there_and_conflict_elsewhere_only() {
    let mut picture = picture();
    let a = claim("a", ClaimKind::Movement, "A", column(0.0, 20.0, 10.0, 14.0));
    let b = claim("b", ClaimKind::Movement, "B", column(40.0, 20.0, 10.0, 14.0));
    let found = pair_findings(&picture, &a, &b);
    assert_eq!(summary(&found), [(FindingKind::Converging, Level::Warn)]);
    let [earliest, likely, latest] = found[0].measures.meeting.unwrap();
    assert!(earliest <= likely && likely <= latest);
    assert!((likely.since_ns(hour(14.0)) as f64 / 1e9).abs() < 60.0);

    // Past the shared end both have an objective: both heads are inside from the last quarter of an hour on.
    let objective = |area| NamedArea {
        id: "OBJ".to_owned(),
        name: "Objective".to_owned(),
        role: AreaRole::Objective,
        area,
        basis: Basis::Stated,
    };
    picture.areas = vec![objective(disc(20.0, 0.0, 1.25))];
    let found = pair_findings(&picture, &a, &b);
    let (id, inside) = &found[0].measures.both_inside[0];
    assert_eq!(id, "OBJ");
    assert!((inside.start().since_ns(hour(13.75)) as f64 / 1e9).abs() < 30.0, "{inside:?}");

    // Both reach the last stretch of the same road from the same direction: that is a conflict as well.
    let together = claim("b", ClaimKind::Movement, "B", column(5.0, 20.0, 11.0, 14.0));
    let found = pair_findings(&picture, &a, &together);
    let kinds: Vec<FindingKind> = found.iter().map(|finding| finding.kind).collect();
    assert!(kinds.contains(&FindingKind::Conflict), "{kinds:?}");
    let conflict = found.iter().find(|finding| finding.kind == FindingKind::Conflict).unwrap();
    assert!(conflict.measures.overlap_km2.unwrap() < conflict.measures.overlap_with_end_km2.unwrap());

    // An objective drawn around the whole valley is no place where they end, and hides nothing of the road.
    picture.areas = vec![objective(disc(20.0, 0.0, 60.0))];
    let found = pair_findings(&picture, &a, &together);
    assert!(found.iter().any(|finding| finding.kind == FindingKind::Conflict), "{:?}", summary(&found));
}

#[test]
fn heads_that_come_close_are_reported_by_thresholds() {
    let mut picture = picture();
    let threshold = |km: f64, level| ApproachThreshold { distance_m: km * 1000.0, level, claims: None };
    picture.approach = vec![threshold(30.0, Level::Watch), threshold(20.0, Level::Warn), threshold(5.0, Level::Critical)];
    let a = claim("a", ClaimKind::Movement, "A", column(0.0, 10.0, 10.0, 14.0));
    let b = claim("b", ClaimKind::Movement, "B", column(40.0, 20.0, 10.0, 14.0));
    // The gap closes from 40 km to 10 km within four hours.
    let found = pair_findings(&picture, &a, &b);
    assert_eq!(summary(&found), [(FindingKind::Approach, Level::Warn)]);
    let reached: Vec<(f64, f64)> = found[0]
        .measures
        .thresholds
        .iter()
        .map(|(km, _, time)| (*km, (time.ns() as f64 / HOUR_NS as f64 * 100.0).round() / 100.0))
        .collect();
    assert_eq!(reached, [(30.0, 11.33), (20.0, 12.67)]);
    assert!((found[0].measures.distance_km.unwrap() - 10.0).abs() < 0.01);
    picture.approach.iter_mut().for_each(|threshold| threshold.claims = Some(["a".to_owned(), "other".to_owned()]));
    assert!(pair_findings(&picture, &a, &b).is_empty());
}

#[test]
fn only_the_same_function_is_contested() {
    let a = usual("a", ClaimKind::Authority, "A");
    let other = |function, east_km, from| {
        claim(
            "b",
            ClaimKind::Authority,
            "B",
            ClaimBody::Authority { function, area: disc(20.0 + east_km, 0.0, 3.0), span: span(from, 200.0) },
        )
    };
    for (function, east_km, from, contested) in [
        (Function::Control, 0.0, 0.0, true),
        (Function::Lead, 0.0, 0.0, false),
        (Function::Control, 7.0, 0.0, false),
        (Function::Control, 0.0, 101.0, false),
    ] {
        assert_eq!(
            !pair_findings(&picture(), &a, &other(function, east_km, from)).is_empty(),
            contested,
            "{function:?} {east_km} {from}"
        );
    }
}

#[test]
fn an_open_window_makes_it_uncertain() {
    let (a, mut b) = (usual("a", ClaimKind::Flight, "A"), usual("b", ClaimKind::Flight, "B"));
    b.window_open = true;
    let found = pair_findings(&picture(), &a, &b);
    assert_eq!(found[0].certainty, Certainty::CannotExclude);
    assert!(found[0].details.last().unwrap().contains("event"));
}

#[test]
fn a_track_without_times_meets_nobody() {
    let mut track = usual("a", ClaimKind::Movement, "A");
    let ClaimBody::Movement(road, _) = track.body else { unreachable!("it is a column") };
    track.body = ClaimBody::Track(road);
    for kind in [ClaimKind::Flight, ClaimKind::Movement, ClaimKind::Constraint, ClaimKind::Presence, ClaimKind::Site] {
        assert!(pair_findings(&picture(), &track, &usual("b", kind, "B")).is_empty(), "{kind:?}");
    }
}

#[test]
fn a_finding_says_who_and_where() {
    let found = pair_findings(&picture(), &usual("a", ClaimKind::Flight, "A"), &usual("b", ClaimKind::Flight, "B"));
    assert_eq!(found[0].headline, "Flight a (Party A) and flight b (Party B) would use the same airspace");
    assert_eq!(found[0].details, ["They share 28 km² between 1000 and 3000 m W84, at Milestone."]);
}
