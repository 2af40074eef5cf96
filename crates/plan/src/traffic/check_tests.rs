//! What is found about traffic is what is found about the same claims in a plan, whole or reduced.

use deconflict_conflict::Minima;
use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Footprint, LatLng, NS_PER_S, Time, TimeSpan, UM_PER_M, destination,
};

use super::{ClaimKind, FindingKind, Options, Picture, check_traffic, pairs_of_traffic, picture_of_traffic};
use crate::traffic::{ClaimVolume, PICTURED_MOST, Passed, Traffic};
use crate::{Problem, check};

/// A counter-based generator (SplitMix64).
struct Random(u64);

impl Random {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        low + (high - low) * (((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// Flights of two volumes each and some closed areas and people, spread so that few meet.
fn rows(claims: usize, spread_m: f64) -> Vec<ClaimVolume> {
    let mut random = Random(5);
    let middle = LatLng::degrees(34.5, 40.9).unwrap();
    let mut rows = Vec::new();
    for number in 0..claims {
        let kind =
            [ClaimKind::Flight, ClaimKind::Flight, ClaimKind::Flight, ClaimKind::Constraint, ClaimKind::Presence][number % 5];
        let party = ["A", "B", "C", ""][random.between(0.0, 4.0) as usize];
        let mut at = destination(middle, random.between(0.0, 360.0), random.between(0.0, spread_m));
        let lower_m = random.between(0.0, 2e3);
        let start_s = random.between(0.0, 80_000.0);
        for leg in 0..2 {
            let altitude = |m| Altitude::metres(m, AltitudeReference::W84);
            let start = Time::from_ns((start_s as i64 + leg * 300) * NS_PER_S);
            rows.push(ClaimVolume {
                claim: format!("C{number:05}"),
                party: (!party.is_empty()).then(|| party.to_owned()),
                kind,
                name: None,
                priority: 0,
                footprint: Footprint::circle(at, random.between(200.0, 3e3)).unwrap(),
                band: Some(AltitudeBand::new(altitude(lower_m), altitude(lower_m + 200.0)).unwrap()),
                span: TimeSpan::new(start, start.plus_ns(400 * NS_PER_S)).unwrap(),
            });
            at = destination(at, random.between(0.0, 360.0), 1e3);
        }
    }
    rows
}

fn traffic(rows: &[ClaimVolume]) -> Traffic {
    let mut traffic = Traffic::new();
    traffic.begin("rows");
    rows.iter().cloned().for_each(|row| traffic.add(row));
    traffic
}

fn picture(traffic: &Traffic) -> Picture {
    let mut picture = picture_of_traffic(traffic, "test", None).unwrap();
    let minima = Minima { lateral_m: 500.0, vertical_um: 100 * UM_PER_M, time_ns: 60 * NS_PER_S };
    picture.minima.insert((ClaimKind::Flight, ClaimKind::Flight), minima);
    picture
}

/// The pairs of claims of the findings about two claims.
fn pairs(report: &crate::report::Report) -> Vec<(String, FindingKind)> {
    let of_two = report.findings.iter().filter(|finding| finding.claims.len() == 2);
    let mut pairs: Vec<_> = of_two.map(|finding| (finding.claims.join("+"), finding.kind)).collect();
    pairs.sort();
    pairs
}

#[test]
fn a_reduced_picture_finds_what_the_whole_one_finds() {
    let rows = rows(PICTURED_MOST + 400, 30e3);
    let large = traffic(&rows);
    let (reduced, report) = check_traffic(picture(&large), &large, Options { threads: 2, ..Options::default() }).unwrap();
    assert!(reduced.claims.len() < large.len(), "only those of pairs are pictured");
    // The same claims, pictured whole by hand.
    let mut whole = picture(&large);
    super::add_claims(&mut whole, &large, &(0..u32::try_from(large.len()).unwrap()).collect::<Vec<_>>());
    let expected = check(&whole, Options { without_proposals: true, ..Options::default() });
    assert_eq!(pairs(&report), pairs(&expected));
    let kinds = [FindingKind::Conflict, FindingKind::Internal, FindingKind::Caution];
    for kind in kinds {
        assert!(report.findings.iter().any(|finding| finding.kind == kind), "no {kind:?}");
    }
    // What the pairs file lists is what is found.
    let listed = pairs_of_traffic(&picture(&large), &large, 2);
    let mut listed: Vec<String> = listed.iter().map(|&(a, b)| format!("{}+{}", large.id(a), large.id(b))).collect();
    listed.sort();
    let found: Vec<String> = pairs(&report).into_iter().map(|(claims, _)| claims).collect();
    let missing: Vec<_> = found.iter().filter(|pair| !listed.contains(pair)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let more: Vec<_> = listed.iter().filter(|pair| !found.contains(pair)).collect();
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn a_plan_beside_the_traffic_is_checked_against_it() {
    let rows = rows(PICTURED_MOST + 400, 30e3);
    let large = traffic(&rows[2..]);
    // The first claim comes from a plan.
    let own = traffic(&rows[..2]);
    let mut with_plan = picture(&large);
    super::add_claims(&mut with_plan, &own, &[0]);
    with_plan.places_of_claims = std::sync::Arc::default();
    let (_, report) = check_traffic(with_plan, &large, Options { threads: 2, ..Options::default() }).unwrap();
    let all = traffic(&rows);
    let (_, expected) = check_traffic(picture(&all), &all, Options { threads: 1, ..Options::default() }).unwrap();
    assert_eq!(pairs(&report), pairs(&expected));
}

#[test]
fn small_traffic_gets_proposals_and_large_traffic_says_that_it_does_not() {
    let rows = rows(300, 10e3);
    let small = traffic(&rows);
    let (_, report) = check_traffic(picture(&small), &small, Options { threads: 1, ..Options::default() }).unwrap();
    assert!(report.findings.iter().any(|finding| !finding.proposals.is_empty()));
    let rows = self::rows(PICTURED_MOST + 400, 30e3);
    let large = traffic(&rows);
    let (_, report) = check_traffic(picture(&large), &large, Options { threads: 1, ..Options::default() }).unwrap();
    let conflict = report.findings.iter().find(|finding| finding.kind == FindingKind::Conflict).unwrap();
    assert!(conflict.proposals.is_empty());
    assert!(conflict.details.iter().any(|detail| detail.contains("Proposals were not computed")), "{:?}", conflict.details);
}

#[test]
fn what_was_passed_over_is_unchecked() {
    let mut traffic = traffic(&rows(3, 1e6));
    let problem = |line, found: &str| Problem {
        file: "a.csv".to_owned(),
        line: Some(line),
        path: "lat".to_owned(),
        found: found.to_owned(),
        expected: "-90 to 90".to_owned(),
    };
    traffic.passed.push(Passed { claim: Some("X".to_owned()), problems: vec![problem(7, "96.5")] });
    traffic.passed_more = 2;
    let (_, report) = check_traffic(picture(&traffic), &traffic, Options { threads: 1, ..Options::default() }).unwrap();
    let unchecked: Vec<_> = report.findings.iter().filter(|finding| finding.kind == FindingKind::Unchecked).collect();
    assert_eq!(unchecked.len(), 2);
    assert!(unchecked.iter().any(|finding| finding.headline.contains("a.csv:7") && finding.headline.contains("\"X\"")));
}

#[test]
fn a_claim_in_two_files_is_a_problem() {
    let rows = rows(2, 1e4);
    let mut traffic = traffic(&rows);
    traffic.begin("again");
    rows.iter().cloned().for_each(|row| traffic.add(row));
    let problems = traffic.problems();
    assert_eq!(problems.len(), 2);
    assert!(problems[0].found.contains("C00000") && problems[0].found.contains("rows") && problems[0].file == "again");
}
