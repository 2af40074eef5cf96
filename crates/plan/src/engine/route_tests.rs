//! Who is told of one finding between parties A and B, by channels, rules, supporters and registration.

use deconflict_spacetime::{LatLng, Polyline};

use super::route;
use crate::engine::test_pictures::{claim, hour, party, picture};
use crate::model::{
    Basis, Centre, Channel, Claim, ClaimBody, ClaimKind, Level, Party, Picture, Rule, RuleCheck, Side, Spot, Track,
};
use crate::report::{Finding, FindingKind};

const MINUTE_NS: i64 = 60_000_000_000;

fn channel(from: &str, via: &[&str], to: &str, minutes: i64) -> Channel {
    Channel {
        id: format!("{from}-{to}"),
        from: from.to_owned(),
        to: to.to_owned(),
        via: via.iter().map(|&id| id.to_owned()).collect(),
        delay_ns: minutes * MINUTE_NS,
        acknowledge_within_ns: None,
        purpose: None,
        valid_from: None,
        valid_until: None,
    }
}

fn centre(id: &str, party: &str) -> Centre {
    let at = Spot { name: String::new(), at: LatLng::degrees(0.0, 0.0).unwrap() };
    let (id, party) = (id.to_owned(), party.to_owned());
    Centre { name: id.clone(), id, party, at, uncertainty_m: 0.0, reported_at: Vec::new(), source: None }
}

fn relay_only(parties: [&str; 2], via: &[&str]) -> Rule {
    Rule {
        id: "R".to_owned(),
        text: String::new(),
        check: RuleCheck::RelayOnly,
        claims: Vec::new(),
        parties: parties.map(str::to_owned).to_vec(),
        distance_m: None,
        via: via.iter().map(|&id| id.to_owned()).collect(),
        barrier: None,
        agreement: None,
        level: Level::Warn,
        valid_from: None,
        basis: Basis::Stated,
    }
}

fn side(id: &str, lead: &str, supporter: &str, members: &[&str], claims: &[&str]) -> Side {
    let all = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    Side {
        id: id.to_owned(),
        name: id.to_owned(),
        lead: Some(lead.to_owned()),
        members: all(members),
        supporter: Some(supporter.to_owned()),
        claims: all(claims),
        deconflicted_by: None,
        review: None,
        basis: Basis::Stated,
    }
}

/// A track: routing does not look at what is claimed.
fn any_claim(id: &str, owner: &str, side: &str) -> Claim {
    let line = Polyline::new(vec![LatLng::degrees(0.0, 0.0).unwrap(), LatLng::degrees(0.0, 1.0).unwrap()]).unwrap();
    let track = Track { line, width_m: 1.0, names: Vec::new(), tasks: Vec::new() };
    Claim { side: side.to_owned(), ..claim(id, ClaimKind::Movement, owner, ClaimBody::Track(track)) }
}

fn finding(parties: &[&str]) -> Finding {
    Finding {
        parties: parties.iter().map(|&id| id.to_owned()).collect(),
        claims: vec!["a".to_owned(), "b".to_owned()],
        ..Finding::new(FindingKind::Conflict, Level::Warn, "conflict:a+b".to_owned(), String::new())
    }
}

/// The routed finding as text: "A direct 0; B via I,J 60 @X", then "cannot: …", then its level if it rose.
fn routed(picture: &Picture, parties: &[&str]) -> String {
    let mut finding = finding(parties);
    route(picture, &mut finding);
    let notices = finding.notify.iter().map(|notice| {
        let via = notice.via.as_ref().map_or_else(|| "direct".to_owned(), |via| format!("via {}", via.join(",")));
        let at = if notice.centres.is_empty() { String::new() } else { format!(" @{}", notice.centres.join(",")) };
        format!("{} {via} {}{at}", notice.party, notice.delay_s / 60)
    });
    let cannot = finding.cannot_tell.iter().map(|(party, why)| format!("not {party}: {why}"));
    let level = (finding.level != Level::Warn).then(|| format!("{:?}", finding.level));
    notices.chain(cannot).chain(level).collect::<Vec<_>>().join("; ")
}

fn with_channels(channels: Vec<Channel>) -> Picture {
    let mut picture = picture();
    picture.parties.extend(["I", "J", "S", "T"].map(party));
    picture.channels = channels;
    picture
}

#[test]
fn a_party_that_has_to_reach_nobody_is_told_directly() {
    assert_eq!(routed(&with_channels(Vec::new()), &["A"]), "A direct 0");
    assert_eq!(routed(&with_channels(Vec::new()), &[]), "");
}

#[test]
fn the_first_way_that_works_is_taken() {
    let expired = || Channel { valid_until: Some(hour(-1.0)), ..channel("A", &[], "B", 1) };
    let later = || Channel { valid_from: Some(hour(1.0)), ..channel("A", &[], "B", 1) };
    let table = [
        (vec![channel("A", &[], "B", 5)], "A direct 5; B direct 5"),
        (vec![channel("B", &[], "A", 5)], "A direct 5; B direct 5"),
        (vec![channel("A", &["I"], "B", 1), channel("A", &[], "B", 5)], "A direct 5; B direct 5"),
        (vec![channel("A", &["I"], "B", 9), channel("A", &["J"], "B", 7)], "A via J 7; B via J 7"),
        (vec![channel("A", &["I", "J"], "B", 60)], "A via J,I 60; B via I,J 60"),
        (vec![channel("B", &["J", "I"], "A", 60)], "A via J,I 60; B via I,J 60"),
        (vec![expired(), later(), channel("A", &["I"], "B", 9)], "A via I 9; B via I 9"),
        (vec![expired()], "not A: no channel between A and B; not B: no channel between A and B; Urgent"),
        (vec![channel("A", &["H"], "B", 1)], "not A: no channel between A and B; not B: no channel between A and B; Urgent"),
    ];
    for (channels, expected) in table {
        assert_eq!(routed(&with_channels(channels.clone()), &["A", "B"]), expected, "{channels:?}");
    }
}

#[test]
fn centres_are_the_ends_of_a_channel() {
    let mut picture = with_channels(vec![channel("X.A", &[], "X.B", 0)]);
    picture.centres = vec![centre("X.A", "A"), centre("X.B", "B")];
    assert_eq!(routed(&picture, &["A", "B"]), "A direct 0 @X.A; B direct 0 @X.B");
}

#[test]
fn a_part_is_reached_through_its_whole_and_does_not_need_a_channel_to_it() {
    let mut picture = with_channels(vec![channel("A", &[], "B", 5)]);
    picture.parties.push(Party { part_of: Some("A".to_owned()), ..party("A1") });
    assert_eq!(routed(&picture, &["A1", "B"]), "A1 direct 5; B direct 5");
    assert_eq!(routed(&picture, &["A", "A1"]), "A direct 0; A1 direct 0");
    // A cycle is the reader's to refuse; here it only must not hang.
    picture.parties[0].part_of = Some("A1".to_owned());
    assert_eq!(routed(&picture, &["A1", "B"]), "A1 direct 5; B direct 5");
}

#[test]
fn where_messages_are_relayed_a_direct_channel_is_not_used() {
    let mut picture =
        with_channels(vec![channel("A", &[], "B", 0), channel("A", &["J"], "B", 1), channel("A", &["I"], "B", 360)]);
    picture.rules = vec![relay_only(["A", "B"], &["I"])];
    assert_eq!(routed(&picture, &["A", "B"]), "A via I 360; B via I 360");
    picture.rules = vec![relay_only(["A", "B"], &[])];
    assert_eq!(routed(&picture, &["A", "B"]), "A via J 1; B via J 1");
    picture.rules = vec![relay_only(["A", "J"], &["I"])];
    assert_eq!(routed(&picture, &["A", "B"]), "A direct 0; B direct 0");
}

/// A leads side SA, which S supports; B leads SB, which T supports.
fn supported(channels: Vec<Channel>) -> Picture {
    let mut picture = with_channels(channels);
    picture.sides = vec![side("SA", "A", "S", &["A", "M", "N"], &["a"]), side("SB", "B", "T", &["B"], &["b"])];
    picture.claims = vec![any_claim("a", "A", "SA"), any_claim("b", "B", "SB")];
    picture.parties.extend(["M", "N"].map(party));
    picture
}

#[test]
fn supporters_talk_for_sides_that_cannot() {
    let picture = supported(vec![channel("S", &[], "T", 15)]);
    assert_eq!(routed(&picture, &["A", "B"]), "A via S 15; B via T 15; S direct 15; T direct 15");
    let picture = supported(vec![]);
    assert!(routed(&picture, &["A", "B"]).ends_with("Urgent"));
    // A supporter speaks for itself.
    let mut picture = supported(vec![channel("S", &[], "T", 15)]);
    picture.claims[0] = any_claim("a", "S", "SA");
    assert_eq!(routed(&picture, &["B", "S"]), "B via T 15; S direct 15; T direct 15");
    // One that supports both needs no channel to itself.
    let mut picture = supported(vec![]);
    picture.sides[1].supporter = Some("S".to_owned());
    assert_eq!(routed(&picture, &["A", "B"]), "A via S 0; B via S 0; S direct 0");
    // Where messages are relayed, supporters that are no relay do not help.
    let mut picture = supported(vec![channel("S", &[], "T", 15)]);
    picture.rules = vec![relay_only(["A", "B"], &["I"])];
    assert!(routed(&picture, &["A", "B"]).ends_with("Urgent"));
}

#[test]
fn members_acknowledge_through_their_lead() {
    let picture = supported(vec![channel("A", &[], "B", 5)]);
    let mut finding = finding(&["A", "B"]);
    route(&picture, &mut finding);
    assert_eq!(finding.notify[0].members, ["M", "N"]);
}

#[test]
fn nobody_is_told_who_is_not_to_be() {
    let mut picture = with_channels(vec![channel("A", &[], "B", 5), channel("A", &[], "H", 5), channel("A", &[], "K", 5)]);
    picture.parties.push(Party { told: false, ..party("K") });
    picture.parties.push(Party { registered: false, ..party("U") });
    assert_eq!(routed(&picture, &["A", "H", "K"]), "A direct 0; not K: is not to be told; Urgent");
    assert_eq!(routed(&picture, &["H", "K"]), "");
    assert_eq!(routed(&picture, &["A", "U"]), "A direct 0; not U: not registered; Urgent");
    assert_eq!(routed(&picture, &["A", "B", "U"]), "A direct 5; B direct 5; not U: not registered; Urgent");
    // The finding that it is not registered does not get louder by that.
    assert_eq!(routed(&picture, &["U"]), "not U: not registered");
}

#[test]
fn a_party_reached_by_several_ways_is_told_once_by_the_best() {
    let picture = with_channels(vec![channel("A", &["J"], "B", 60), channel("A", &[], "I", 30), channel("B", &["J"], "I", 10)]);
    assert_eq!(routed(&picture, &["A", "B", "I"]), "A direct 30; B via J 10; I direct 30");
}

#[test]
fn the_level_rises_once_and_stops_at_critical() {
    let picture = with_channels(Vec::new());
    let mut finding = finding(&["A", "B", "I"]);
    route(&picture, &mut finding);
    assert_eq!((finding.level, finding.cannot_tell.len()), (Level::Urgent, 3));
    finding.level = Level::Critical;
    route(&picture, &mut finding);
    assert_eq!(finding.level, Level::Critical);
}
