//! Rules between columns, flights and parties: when they are broken, when due, and when they say nothing.

use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Area, Circle, Corridor, Polyline, Shape, TimeSpan, Volume4D,
};

use super::rule_findings;
use crate::engine::test_pictures::{claim, column, day, desert, empty, party, point, spot, track};
use crate::model::{
    Agreement, AreaRole, Bank, Barrier, BarrierKind, Basis, Change, Channel, ClaimBody, ClaimKind, Level, NamedArea, Picture,
    Rule, RuleCheck, Track,
};
use crate::report::{Certainty, Finding};

fn rule(id: &str, check: RuleCheck, claims: &[&str]) -> Rule {
    Rule {
        id: id.to_owned(),
        text: "what was agreed".to_owned(),
        check,
        claims: claims.iter().map(|id| (*id).to_owned()).collect(),
        parties: Vec::new(),
        distance_m: None,
        via: Vec::new(),
        barrier: None,
        agreement: None,
        level: Level::Warn,
        valid_from: None,
        basis: Basis::Stated,
    }
}

fn agreement(id: &str, acknowledged: &[&str]) -> Agreement {
    Agreement {
        id: id.to_owned(),
        parties: Vec::new(),
        text: "what was signed".to_owned(),
        valid_from: None,
        valid_until: None,
        must_acknowledge: Vec::new(),
        acknowledged: acknowledged.iter().map(|id| (*id).to_owned()).collect(),
        changes: Vec::new(),
        meeting_lines: Vec::new(),
        crossings: Vec::new(),
        matters: Vec::new(),
    }
}

/// The findings of one rule.
fn found(picture: &Picture, rule: Rule) -> Vec<Finding> {
    let mut picture = picture.clone();
    picture.rules = vec![rule];
    rule_findings(&picture)
}

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

#[test]
fn corridors_that_share_ground_are_not_separate() {
    let mut picture = desert();
    let findings = found(&picture, rule("K4", RuleCheck::Separate, &["C.A", "C.F"]));
    assert_eq!(ids(&findings), ["rule:K4:C.A+C.F"]);
    let all_km2 = findings[0].measures.overlap_with_end_km2.unwrap();
    assert!(all_km2 > 50.0 && findings[0].measures.overlap_km2 == Some(all_km2));
    assert_eq!((findings[0].level, findings[0].parties.as_slice()), (Level::Warn, ["A".to_owned(), "F".to_owned()].as_slice()));

    let end = Circle::new(spot(&picture, "Abu Kamal").at, 10_000.0).unwrap();
    picture.areas.push(NamedArea {
        id: "END".to_owned(),
        name: "Abu Kamal".to_owned(),
        role: AreaRole::Objective,
        area: Area::from(Shape::Circle(end)),
        basis: Basis::Stated,
    });
    let outside = found(&picture, rule("K4", RuleCheck::Separate, &["C.A", "C.F"])).remove(0).measures;
    assert!(outside.overlap_km2.unwrap() < all_km2 - 10.0 && outside.overlap_with_end_km2 == Some(all_km2));

    // Without names all columns of different sides are meant.
    assert_eq!(ids(&found(&picture, rule("K4", RuleCheck::Separate, &[]))), ["rule:K4:C.A+C.B", "rule:K4:C.A+C.F"]);
}

#[test]
fn columns_on_different_banks_are_separate_unless_one_crosses() {
    let line = |points: &[(f64, f64)]| Polyline::new(points.iter().map(|&(lat, lng)| point(lat, lng)).collect()).unwrap();
    let on = |line: Polyline| Track { names: vec![String::new(); 2], tasks: vec![None; 2], width_m: 4000.0, line };
    let mut picture = empty();
    picture.barriers.push(Barrier {
        id: "R".to_owned(),
        name: "the river".to_owned(),
        kind: BarrierKind::River,
        line: line(&[(34.41, 40.0), (34.41, 41.0)]),
        crossings: Vec::new(),
        left: None,
        right: None,
    });
    let kept = |id: &str, owner: &str, points: &[(f64, f64)], bank| {
        let mut claim = claim(id, ClaimKind::Movement, owner, ClaimBody::Track(on(line(points))));
        claim.keeps_to = vec![("R".to_owned(), bank)];
        claim
    };
    let north = kept("N", "A", &[(34.42, 40.2), (34.42, 40.8)], Bank::Left);
    let south = kept("S", "B", &[(34.40, 40.2), (34.40, 40.8)], Bank::Right);
    let across = kept("S", "B", &[(34.35, 40.2), (34.46, 40.8)], Bank::Right);
    let rule = || rule("K4", RuleCheck::Separate, &["N", "S"]);
    picture.claims = vec![north.clone(), south.clone()];
    assert!(found(&picture, rule()).is_empty());
    picture.claims[1].keeps_to.clear();
    assert_eq!(ids(&found(&picture, rule())), ["rule:K4:N+S"]);
    picture.claims[1] = across;
    assert_eq!(ids(&found(&picture, rule())), ["rule:K4:N+S"]);
}

#[test]
fn a_meeting_line_is_due_before_the_heads_are_close() {
    let mut picture = desert();
    let k1 = || Rule { distance_m: Some(50_000.0), ..rule("K1", RuleCheck::MeetingLine, &["C.A", "C.B"]) };
    let findings = found(&picture, k1());
    assert_eq!(ids(&findings), ["rule:K1:C.A+C.B"]);
    // About 331 km of route at 29 km a day.
    let due = findings[0].window.unwrap().end();
    assert!(due > day(10) && due < day(13), "{due:?}");
    assert_eq!((findings[0].level, findings[0].window.unwrap().start()), (Level::Watch, day(0)));

    picture.as_of = day(8);
    assert_eq!(found(&picture, k1())[0].level, Level::Warn);
    picture.as_of = day(20);
    assert_eq!(found(&picture, k1())[0].level, Level::Urgent);

    picture.as_of = day(8);
    let pair = ["C.B".to_owned(), "C.A".to_owned()];
    let line = Agreement { meeting_lines: vec![(pair, spot(&picture, "Crossing"))], ..agreement("AG", &["A"]) };
    picture.agreements = vec![line.clone()];
    let waiting = found(&picture, k1());
    assert!(waiting[0].headline.contains("not in force") && waiting[0].level == Level::Watch);
    assert!(waiting[0].details.iter().any(|text| text.contains("B has not acknowledged")), "{:?}", waiting[0].details);
    picture.agreements = vec![Agreement { acknowledged: vec!["A".to_owned(), "B".to_owned()], ..line }];
    assert!(found(&picture, k1()).is_empty());
}

#[test]
fn heads_that_never_come_close_need_no_meeting_line() {
    let mut picture = desert();
    picture.claims[2] = column("C.F", "F", track(&picture, &["Tanf", "Az-Zaqf"], 4_000.0), [16.0, 12.0, 8.0]);
    let far = Rule { distance_m: Some(1.0), ..rule("K1", RuleCheck::MeetingLine, &["C.A", "C.F"]) };
    assert!(found(&picture, far).is_empty());
}

/// A flight over the corridor of C.A, `buffer_m` to either side of its line.
fn with_flight(buffer_m: f64, stretch: bool) -> Picture {
    let mut picture = desert();
    let line = picture.claim("C.A").unwrap().track().unwrap().line.part(50_000.0, 120_000.0).unwrap();
    let area = Area::from(Shape::Corridor(Corridor::new(line, 2.0 * buffer_m).unwrap()));
    let altitude = |m| Altitude::metres(m, AltitudeReference::W84);
    let band = AltitudeBand::new(altitude(1000.0), altitude(6000.0)).unwrap();
    let volume = Volume4D { area, band: Some(band), span: TimeSpan::new(day(1), day(5)).unwrap() };
    let mut flight = claim("FL", ClaimKind::Flight, "A", ClaimBody::Volumes(vec![volume]));
    flight.supports = vec!["C.A".to_owned()];
    flight.stretch_of = stretch.then(|| ("C.A".to_owned(), buffer_m));
    picture.claims.push(flight);
    picture
}

#[test]
fn flights_stay_with_the_column_that_they_support() {
    let k5 = || Rule { distance_m: Some(15_000.0), ..rule("K5", RuleCheck::StaysWithin, &[]) };
    for (buffer_m, stretch, broken) in [
        (15_000.0, true, false),
        (15_000.0, false, false),
        (15_100.0, true, true),
        (15_100.0, false, true),
        (9_000.0, false, false),
    ] {
        let findings = found(&with_flight(buffer_m, stretch), k5());
        assert_eq!(!findings.is_empty(), broken, "{buffer_m} {stretch}");
        for finding in findings {
            assert_eq!(finding.id, "rule:K5:C.A+FL");
            assert!(finding.measures.lateral_m.is_some_and(|m| (m - buffer_m).abs() < 5.0), "{:?}", finding.measures);
        }
    }
    let mut picture = with_flight(9_000.0, false);
    picture.claims.last_mut().unwrap().supports.clear();
    assert!(found(&picture, k5()).is_empty());
    let named = Rule { claims: vec!["FL".to_owned()], ..k5() };
    assert_eq!(ids(&found(&picture, named)), ["rule:K5:FL"]);
}

/// The desert with a border 20 km before the end of C.A: A's country to its left, B's to its right.
fn with_border() -> Picture {
    let mut picture = desert();
    let line = Polyline::new(vec![point(33.5, 40.7), point(35.5, 40.7)]).unwrap();
    picture.barriers.push(Barrier {
        id: "border".to_owned(),
        name: "the border".to_owned(),
        kind: BarrierKind::Border,
        line,
        crossings: Vec::new(),
        left: Some("AG".to_owned()),
        right: Some("B".to_owned()),
    });
    picture.parties.push(party("AG"));
    picture.parties[0].part_of = Some("AG".to_owned());
    picture
}

#[test]
fn a_border_crossing_needs_the_other_sides_acknowledgement() {
    let mut picture = with_border();
    let k2 = || Rule { barrier: Some("border".to_owned()), ..rule("K2", RuleCheck::BorderAcknowledged, &["C.A", "C.B"]) };
    let findings = found(&picture, k2());
    assert_eq!(ids(&findings), ["rule:K2:C.A"]);
    assert!(findings[0].headline.ends_with("not acknowledged by Party B."), "{}", findings[0].headline);
    assert_eq!(findings[0].parties, ["A", "B"]);
    // 181 km to the border less 5 km of corridor, at 16 km a day.
    let due = findings[0].window.unwrap().end();
    assert!(due > day(10) && due < day(12), "{due:?}");

    let crossing = Agreement { crossings: vec!["C.A".to_owned()], ..agreement("X", &["A"]) };
    picture.agreements = vec![crossing.clone()];
    assert!(found(&picture, k2())[0].details.iter().any(|text| text.contains("X names it, but does not count yet: B has not")));
    picture.agreements = vec![Agreement { acknowledged: vec!["B".to_owned()], ..crossing }];
    assert!(found(&picture, k2()).is_empty());

    // Where nobody knows whose army it is, both sides of the border have to acknowledge.
    let mut unknown = with_border();
    unknown.parties[0].part_of = None;
    assert!(found(&unknown, k2())[0].headline.contains("Party AG and Party B"));
}

#[test]
fn messages_go_through_the_intermediary_only() {
    let channel = |id: &str, via: &[&str]| Channel {
        id: id.to_owned(),
        from: "A1".to_owned(),
        to: "B".to_owned(),
        via: via.iter().map(|id| (*id).to_owned()).collect(),
        delay_ns: 0,
        acknowledge_within_ns: None,
        purpose: None,
        valid_from: None,
        valid_until: None,
    };
    let mut picture = empty();
    picture.parties = vec![party("A"), party("A1"), party("B"), party("N")];
    picture.parties[1].part_of = Some("A".to_owned());
    let ended = Channel { valid_until: Some(day(-1)), ..channel("OLD", &[]) };
    picture.channels = vec![channel("DIRECT", &[]), channel("RELAY", &["N"]), channel("OTHER", &["M"]), ended];
    let k3 = Rule {
        parties: vec!["A".to_owned(), "B".to_owned()],
        via: vec!["N".to_owned()],
        ..rule("K3", RuleCheck::RelayOnly, &[])
    };
    let findings = found(&picture, k3);
    assert_eq!(ids(&findings), ["rule:K3:DIRECT", "rule:K3:OTHER"]);
    assert_eq!(findings[0].parties, ["A", "B"]);
}

#[test]
fn an_owner_who_has_not_accepted_is_named() {
    let mut picture = desert();
    let changing = |acknowledged: &[&str]| Agreement {
        parties: vec!["F".to_owned()],
        changes: vec![("C.A".to_owned(), Change::Delay(1)), ("C.F".to_owned(), Change::Delay(1))],
        ..agreement("AG", acknowledged)
    };
    let k6 = || rule("K6", RuleCheck::OwnerDecides, &[]);
    picture.agreements = vec![changing(&[])];
    let findings = found(&picture, k6());
    assert_eq!(ids(&findings), ["rule:K6:AG"]);
    assert_eq!(
        (findings[0].claims.as_slice(), findings[0].parties.as_slice()),
        (["C.A".to_owned()].as_slice(), ["A".to_owned()].as_slice())
    );
    picture.agreements = vec![changing(&["A"])];
    assert!(found(&picture, k6()).is_empty());
}

#[test]
fn a_rule_of_an_agreement_that_does_not_bind_yet_says_so() {
    let mut picture = desert();
    picture.agreements = vec![Agreement { must_acknowledge: vec!["B".to_owned()], ..agreement("AG", &[]) }];
    let k4 = Rule { agreement: Some("AG".to_owned()), ..rule("K4", RuleCheck::Separate, &["C.A", "C.F"]) };
    let findings = found(&picture, k4);
    assert_eq!(findings[0].details[1], "AG does not bind them yet: B has not acknowledged.");
}

#[test]
fn a_meeting_line_of_a_named_track_without_times_cannot_be_said() {
    let mut picture = desert();
    let line_rule = |claims: &[&str]| Rule { distance_m: Some(50_000.0), ..rule("K1", RuleCheck::MeetingLine, claims) };
    let before = ids(&found(&picture, line_rule(&[]))).len();
    let ahead = picture.claims.iter_mut().find(|claim| claim.id == "C.B").unwrap();
    let ClaimBody::Movement(track, _) = ahead.body.clone() else { unreachable!("it is a column") };
    ahead.body = ClaimBody::Track(track);
    let named = found(&picture, line_rule(&["C.A", "C.B"]));
    assert_eq!(ids(&named), ["rule:K1:C.A+C.B"]);
    assert_eq!((named[0].certainty, named[0].level), (Certainty::CannotExclude, Level::Watch));
    assert!(named[0].details.iter().any(|detail| detail.contains("C.B has no times")), "{:?}", named[0].details);
    assert!(found(&picture, line_rule(&[])).len() < before.max(1), "a rule for all leaves possible tracks out");
}
