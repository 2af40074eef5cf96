//! Proposals against the engine: each clears its finding, and one published step less does not.

mod drawn;

use deconflict_plan::changed;
use deconflict_plan::model::{Bank, Centre, Change, Claim, ClaimKind, Level, Picture, Spot};
use deconflict_plan::report::{Finding, FindingKind, Proposal};
use deconflict_spacetime::{Polyline, UM_PER_M};
use drawn::{
    Chance, MINUTE_NS, at, column, disc, findings, flight, keep_to, minima, minute, party, picture, river, span, volume,
};

/// The published steps, stated here once more so that a change of them is noticed.
const ALTITUDE_STEP_UM: i64 = 50 * UM_PER_M;
const LATERAL_STEP_M: f64 = 100.0;

#[derive(Debug, Default)]
struct Seen {
    conflicts: usize,
    altitude: usize,
    delay: usize,
    route: usize,
}

/// The changes with one of them a published step smaller; one entry for each change that has steps.
fn one_step_less(changes: &[(String, Change)]) -> Vec<Vec<(String, Change)>> {
    let less = |change: &Change| match *change {
        Change::Upper(um) => Some(Change::Upper(um + ALTITUDE_STEP_UM)),
        Change::Lower(um) => Some(Change::Lower(um - ALTITUDE_STEP_UM)),
        Change::Delay(ns) => Some(Change::Delay(ns - MINUTE_NS)),
        Change::Offset(metres) => Some(Change::Offset(metres - LATERAL_STEP_M.copysign(metres))),
        _ => None,
    };
    let at = |index: usize| {
        let mut changes = changes.to_vec();
        changes[index].1 = less(&changes[index].1)?;
        Some(changes)
    };
    (0..changes.len()).filter_map(at).collect()
}

fn conflicts(picture: &Picture) -> Vec<Finding> {
    findings(picture, FindingKind::Conflict)
}

/// Every proposal of every conflict of `picture` is as published.
fn check_proposals(picture: &Picture, seed: u64, seen: &mut Seen) {
    for finding in conflicts(picture) {
        seen.conflicts += 1;
        for proposal in &finding.proposals {
            match proposal.kind {
                "altitude" => seen.altitude += 1,
                "delay" => seen.delay += 1,
                "route" => seen.route += 1,
                other => panic!("seed {seed}: no {other} is expected here"),
            }
            assert!(proposal.verified, "seed {seed}: {proposal:?}");
            let with = changed(picture, &proposal.changes).unwrap();
            assert!(conflicts(&with).is_empty(), "seed {seed}: {proposal:?} does not clear {}", finding.id);
            for less in one_step_less(&proposal.changes) {
                let with = changed(picture, &less).unwrap();
                assert!(!conflicts(&with).is_empty(), "seed {seed}: {less:?} clears {} too", finding.id);
            }
        }
    }
}

fn two_in_the_air(chance: &mut Chance) -> Picture {
    let mut picture = picture();
    let kind = if chance.whole(0, 4) == 0 { ClaimKind::Constraint } else { ClaimKind::Flight };
    let between = [minima(0.0, 0, 0), minima(500.0, 100, 0), minima(2000.0, 305, 5), minima(0.0, 600, 15)];
    let between = between[usize::try_from(chance.whole(0, 3)).unwrap()];
    picture.minima.insert((ClaimKind::Flight, kind), between);
    let other = Claim { kind, ..flight("FB", "B", chance.volumes()) };
    picture.claims = vec![flight("FA", "A", chance.volumes()), other];
    picture
}

fn two_columns(chance: &mut Chance) -> Picture {
    let mut picture = picture();
    if chance.whole(0, 1) == 0 {
        picture.minima.insert((ClaimKind::Movement, ClaimKind::Movement), minima(300.0, 0, 10));
    }
    picture.claims = vec![chance.column("MA", "A"), chance.column("MB", "B")];
    picture
}

#[test]
fn each_proposal_clears_its_conflict_in_the_air_and_one_step_less_does_not() {
    let mut seen = Seen::default();
    let mut seed = 0;
    while seen.conflicts < 960 {
        check_proposals(&two_in_the_air(&mut Chance(seed)), seed, &mut seen);
        seed += 1;
    }
    assert!(seen.altitude > 500 && seen.delay > 1000, "{seen:?} in {seed} pairs");
}

#[test]
fn each_proposal_clears_its_conflict_on_the_ground_and_one_step_less_does_not() {
    let mut seen = Seen::default();
    let mut seed = 0;
    while seen.conflicts < 40 {
        check_proposals(&two_columns(&mut Chance(seed)), seed, &mut seen);
        seed += 1;
    }
    assert!(seen.delay > 30 && seen.route > 30, "{seen:?} in {seed} pairs");
}

#[test]
fn two_flights_share_the_height_between_them() {
    let mut picture = picture();
    let centre = |id: &str, party: &str| Centre {
        id: id.to_owned(),
        party: party.to_owned(),
        name: id.to_owned(),
        at: Spot { name: String::new(), at: at(0.0, 0.0) },
        uncertainty_m: 0.0,
        reported_at: Vec::new(),
        source: None,
    };
    picture.centres = vec![centre("X.A", "A"), centre("X.B", "B")];
    picture.minima.insert((ClaimKind::Flight, ClaimKind::Flight), minima(10_000.0, 600, 15));
    picture.claims = vec![
        flight("RU-2", "A", vec![volume(disc(at(0.0, 0.0), 15_000.0), [1000, 6000], span(100, 400))]),
        flight("US-2", "B", vec![volume(disc(at(20.0, 0.0), 15_000.0), [3000, 9000], span(200, 500))]),
    ];
    let found = conflicts(&picture);
    let altitude: Vec<&Proposal> = found[0].proposals.iter().filter(|proposal| proposal.kind == "altitude").collect();
    assert_eq!(
        altitude[0].changes,
        [("RU-2".to_owned(), Change::Upper(4500 * UM_PER_M)), ("US-2".to_owned(), Change::Lower(5100 * UM_PER_M)),]
    );
    assert_eq!(altitude[0].accept, ["X.A", "X.B"]);
    assert_eq!(altitude[0].text, "RU-2 stays at or below 4500 m, US-2 at or above 5100 m.");
}

#[test]
fn a_closed_area_stays_and_the_flight_gives_way() {
    let mut picture = picture();
    let closed = flight("CB", "B", vec![volume(disc(at(0.0, 0.0), 5000.0), [0, 1010], span(0, 1000))]);
    picture.claims = vec![
        flight("FA", "A", vec![volume(disc(at(3.0, 0.0), 5000.0), [500, 3000], span(0, 1000))]),
        Claim { kind: ClaimKind::Constraint, ..closed },
    ];
    for proposal in &conflicts(&picture)[0].proposals {
        assert!(proposal.changes.iter().all(|(claim, _)| claim == "FA"), "{proposal:?}");
        assert_eq!(proposal.accept, ["A"]);
    }
    assert_eq!(conflicts(&picture)[0].proposals[0].text, "FA stays at or above 1050 m.");
}

#[test]
fn nobody_under_way_is_asked_to_start_later() {
    let mut picture = picture();
    picture.as_of = minute(50);
    picture.claims = vec![
        flight("FA", "A", vec![volume(disc(at(0.0, 0.0), 5000.0), [500, 3000], span(0, 1000))]),
        flight("FB", "B", vec![volume(disc(at(0.0, 0.0), 5000.0), [500, 3000], span(60, 1000))]),
    ];
    let found = conflicts(&picture);
    let delays: Vec<&Proposal> = found[0].proposals.iter().filter(|proposal| proposal.kind == "delay").collect();
    assert_eq!(delays.len(), 1);
    assert_eq!(delays[0].changes, [("FB".to_owned(), Change::Delay(941 * MINUTE_NS))]);
}

#[test]
fn a_delay_into_somebody_else_says_so_and_comes_last() {
    let mut picture = picture();
    let here = |id: &str, party: &str, from: i64, to: i64| {
        flight(id, party, vec![volume(disc(at(0.0, 0.0), 5000.0), [500, 3000], span(from, to))])
    };
    picture.claims = vec![here("FA", "A", 0, 100), here("FB", "B", 90, 200), here("FC", "S", 290, 400)];
    let found = conflicts(&picture);
    let last = found[0].proposals.last().unwrap();
    assert_eq!(last.changes, [("FA".to_owned(), Change::Delay(201 * MINUTE_NS))]);
    assert!(last.text.ends_with("This brings a new conflict: FA with FC."), "{}", last.text);
    assert!(found[0].proposals.iter().rev().skip(1).all(|proposal| !proposal.text.contains("new conflict")));
}

/// Two columns that hold a road on either bank of a river, closer to each other than their corridors are wide.
fn along_the_river() -> Picture {
    let mut picture = picture();
    picture.barriers = vec![river()];
    let road = |north_km: f64| [(at(0.0, north_km), 10), (at(20.0, north_km), 600), (at(40.0, north_km), 1200)];
    picture.claims = vec![column("MA", "A", &road(1.0), 4000.0, true, 5000), column("MB", "B", &road(-1.5), 4000.0, true, 5000)];
    picture
}

#[test]
fn a_river_divides_two_columns_that_keep_to_their_banks() {
    let picture = along_the_river();
    let found = conflicts(&picture);
    let proposal = &found[0].proposals[0];
    assert_eq!((proposal.kind, proposal.verified), ("line", true));
    assert_eq!(proposal.changes, [keep_to("MA", Bank::Left), keep_to("MB", Bank::Right)]);
    assert_eq!(proposal.text, "MA keeps to the left bank of the River, MB to the right.");
    assert!(conflicts(&changed(&picture, &proposal.changes).unwrap()).is_empty());
    assert!(!conflicts(&changed(&picture, &proposal.changes[..1]).unwrap()).is_empty(), "one alone does not keep two apart");
}

#[test]
fn a_column_that_crosses_is_still_in_conflict_on_the_other_bank() {
    let mut picture = along_the_river();
    let crossing = [(at(0.0, -1.5), 10), (at(20.0, -1.5), 600), (at(30.0, 1.0), 1200)];
    picture.claims[1] = column("MB", "B", &crossing, 4000.0, true, 5000);
    let keeping = changed(&picture, &[keep_to("MA", Bank::Left), keep_to("MB", Bank::Right)]).unwrap();
    let (before, after) = (conflicts(&picture), conflicts(&keeping));
    assert!(after[0].measures.overlap_km2 < before[0].measures.overlap_km2, "{:?}", after[0].measures);
    assert!(after[0].window.unwrap().start() > before[0].window.unwrap().start());
    assert!(before[0].proposals.iter().all(|proposal| proposal.kind != "line"), "{:?}", before[0].proposals);
}

#[test]
fn a_line_that_cuts_a_bend_stays_on_its_bank_only_as_far_as_its_corridor_reaches_back() {
    // The river bends north between two waypoints of A, whose line 1 km north of the parallel is drawn straight across.
    let bent = |depth_km: f64| {
        let mut picture = along_the_river();
        let bend = [(-10.0, 0.0), (4.0, 0.0), (6.0, depth_km), (14.0, depth_km), (16.0, 0.0), (60.0, 0.0)];
        picture.barriers[0].line = Polyline::new(bend.map(|(east, north)| at(east, north)).to_vec()).unwrap();
        changed(&picture, &[keep_to("MA", Bank::Left), keep_to("MB", Bank::Right)]).unwrap()
    };
    assert!(conflicts(&bent(1.7)).is_empty(), "700 m of 2000 m on the other bank");
    assert!(!conflicts(&bent(9.0)).is_empty(), "farther over than the corridor is wide");
}

#[test]
fn a_lateral_minimum_is_not_kept_by_a_line() {
    let mut picture = along_the_river();
    picture.minima.insert((ClaimKind::Movement, ClaimKind::Movement), minima(100.0, 0, 0));
    let keeping = changed(&picture, &[keep_to("MA", Bank::Left), keep_to("MB", Bank::Right)]).unwrap();
    assert!(!conflicts(&keeping).is_empty());
}

#[test]
fn nobody_keeps_to_a_bank_that_it_never_is_on() {
    let impossible = changed(&along_the_river(), &[keep_to("MA", Bank::Right)]).unwrap_err();
    assert_eq!(impossible.to_string(), "MA: none of its line is on the right side of River");
}

#[test]
fn two_columns_that_end_at_one_place_are_offered_a_meeting_line() {
    let mut picture = picture();
    picture.parties.push(party("C"));
    picture.claims = vec![
        column("MA", "A", &[(at(-40.0, 0.0), 0), (at(0.0, 0.0), 1000)], 500.0, false, 2000),
        column("MB", "B", &[(at(40.0, 0.0), 0), (at(0.0, 0.0), 1000)], 500.0, false, 2000),
    ];
    let found = findings(&picture, FindingKind::Converging);
    let proposal = &found[0].proposals[0];
    assert_eq!((proposal.kind, proposal.verified), ("meeting-line", true));
    assert_eq!(proposal.accept, ["A", "B"]);
    assert!(found[0].level > Level::Note);
}
