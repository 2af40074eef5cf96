//! The law of a live picture: what it found on the way is what checking it whole finds.

use super::*;
use crate::{Options, SourceText, check, read};

const PLAN: &str = include_str!("../../../scenarios/euphrates-2017.toml");

fn picture() -> Picture {
    read(&[SourceText { name: "plan".to_owned(), bytes: PLAN.into() }], None).unwrap()
}

fn checked(live: &Live) -> BTreeMap<String, Finding> {
    let report = check(live.picture(), Options { without_proposals: true, ..Options::default() });
    let without = |mut finding: Finding| {
        finding.details.retain(|detail| !detail.starts_with("Proposals were not computed"));
        finding
    };
    report.findings.into_iter().map(without).map(|finding| (finding.id.clone(), finding)).collect()
}

#[test]
fn claims_come_one_by_one_and_go_again() {
    let whole = picture();
    let mut live = Live::new(Picture { claims: Vec::new(), ..whole.clone() });
    for some in whole.claims.chunks(5) {
        live.apply(Edit { put: some.to_vec(), ..Edit::default() });
        assert_eq!(checked(&live), live.findings, "with {}", some[0].id);
    }
    assert_eq!(checked(&Live::new(whole.clone())), live.findings);
    for claim in &whole.claims {
        let (before, there) = (live.findings.clone(), live.picture().claims.len());
        let (delta, undo) = live.apply(Edit { remove: vec![claim.id.clone()], ..Edit::default() });
        assert!(delta.opened.iter().all(|finding| !finding.claims.contains(&claim.id)));
        let (_, again) = live.apply(undo);
        assert_eq!((&before, there), (&live.findings, live.picture().claims.len()), "{} put back", claim.id);
        live.apply(again);
    }
    assert_eq!((0, checked(&live)), (live.picture().claims.len(), live.findings));
}

#[test]
fn what_a_moment_changes_is_told() {
    let mut live = Live::new(picture());
    let start = live.picture().as_of;
    for days in (0..40).step_by(4) {
        let (delta, _) =
            live.apply(Edit { as_of: Some(start.plus_ns(days * 86_400 * deconflict_spacetime::NS_PER_S)), ..Edit::default() });
        assert_eq!(checked(&live), live.findings, "on day {days}");
        assert!(delta.closed.iter().all(|finding| live.finding(&finding.id).is_none()));
    }
}

#[test]
fn proposals_on_demand_are_those_of_the_report() {
    let live = Live::new(picture());
    let report = check(live.picture(), Options::default());
    let with: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.proposals.is_empty()).collect();
    assert!(with.len() > 5);
    for finding in with {
        assert_eq!(finding.proposals, live.proposals(&finding.id), "{}", finding.id);
    }
}

/// Numbers that look random, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.below(10_000) as f64 / 10_000.0
    }
}

/// A plan of claims of every kind in a tight space, of two sides, a party of neither, and a hazard; with agreements, rules and a matter.
fn random_plan(random: &mut Random, claims: u64) -> serde_json::Value {
    let day = |random: &mut Random| format!("2026-06-{:02}T{:02}:00Z", 1 + random.below(9), random.below(24));
    let at = |random: &mut Random| serde_json::json!({ "lat": random.between(34.0, 34.4), "lng": random.between(40.0, 40.4) });
    let parties = ["A", "B", "C", "H"];
    let mut list = Vec::new();
    for number in 0..claims {
        let id = format!("c{number}");
        let party = parties[random.below(4) as usize];
        let (start, end) = (day(random), day(random));
        let (start, end) = if start < end { (start, end) } else { (end, start) };
        let end = if start == end { "2026-06-10T00:00Z".to_owned() } else { end };
        let circle = serde_json::json!({ "circle": { "at": at(random), "radius": format!("{} m", 500 + random.below(8000)) } });
        let lower = random.below(4000);
        let mut claim = serde_json::json!({ "id": id, "party": party, "priority": random.below(3) });
        let more = match random.below(8) {
            0 | 1 => {
                serde_json::json!({ "kind": "flight", "outline": circle, "lower": format!("{lower} m"), "upper": format!("{} m", lower + 500), "start": start, "end": end })
            }
            2 => {
                serde_json::json!({ "kind": "constraint", "outline": circle, "start": start, "end": end, "lower": "0 m", "upper": "1000 m" })
            }
            3 => serde_json::json!({ "kind": "presence", "outline": circle, "start": start, "end": end }),
            4 => serde_json::json!({ "kind": "site", "outline": circle }),
            5 => serde_json::json!({ "kind": "authority", "function": "control", "outline": circle, "start": start }),
            6 => {
                serde_json::json!({ "kind": "movement", "width": "300 m", "waypoints": [{ "at": at(random) }, { "at": at(random) }] })
            }
            _ => serde_json::json!({
                "kind": "movement", "width": "400 m", "holds": random.below(2) == 0,
                "waypoints": [{ "at": at(random), "eta": start }, { "at": at(random), "eta": end }],
            }),
        };
        claim.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        // Some wait for a column, wherever it goes.
        if claim["kind"] == "flight" && number > 4 && random.below(4) == 0 {
            claim.as_object_mut().unwrap().remove("start");
            claim.as_object_mut().unwrap().remove("end");
            claim["when"] = serde_json::json!({ "from": "E" });
        }
        list.push(claim);
    }
    let goal = at(random);
    list[0] = serde_json::json!({
        "id": "c0", "party": "A", "kind": "movement", "width": "400 m",
        "waypoints": [{ "at": at(random), "eta": "2026-06-01T06:00Z" }, { "at": goal, "eta": "2026-06-05T06:00Z" }],
    });
    let flights: Vec<String> = list
        .iter()
        .filter(|claim| claim["kind"] == "flight" && claim["party"] != "H")
        .map(|claim| claim["id"].as_str().unwrap().to_owned())
        .collect();
    let one = |random: &mut Random| {
        flights.get(random.below(flights.len() as u64 + 1) as usize).cloned().unwrap_or_else(|| "c0".to_owned())
    };
    let agreements: Vec<serde_json::Value> = (0..random.below(4))
        .map(|number| {
            let claim = one(random);
            let change = if claim == "c0" { serde_json::json!({ "claim": claim, "delay": "2 d" }) } else { serde_json::json!({ "claim": claim, "delay": "1 d" }) };
            let acknowledged: &[&str] = if random.below(3) == 0 { &[] } else { &["A", "B", "C"] };
            serde_json::json!({
                "id": format!("G{number}"), "parties": ["A", "B"], "acknowledged": acknowledged, "text": "agreed", "changes": [change],
                "valid_from": day(random),
            })
        })
        .collect();
    serde_json::json!({
        "plan": { "id": "random", "title": "Random", "as_of": "2026-06-01", "horizon": "12 d", "altitude_reference": "W84" },
        "parties": [
            { "id": "A", "name": "A" }, { "id": "B", "name": "B" }, { "id": "C", "name": "C", "operates": true },
            { "id": "H", "name": "H", "participant": false, "told": false },
        ],
        "sides": [{ "id": "S", "lead": "A", "members": ["A"], "claims": ["c1", "c2", "c3"] }],
        "channels": [{ "id": "AB", "from": "A", "to": "B", "valid_until": day(random) }],
        "areas": [{ "id": "T", "role": "objective", "outline": { "circle": { "at": at(random), "radius": "4 km" } } }],
        "events": [{ "id": "E", "text": "c0 is there", "movement": "c0", "place": goal }],
        "minima": [{ "kinds": ["flight", "flight"], "lateral": "2 km", "vertical": "300 m", "time": "1 h" }],
        "approach": [{ "distance": "20 km", "level": "watch" }, { "distance": "5 km", "level": "urgent" }],
        "rules": [
            { "id": "K", "text": "apart", "check": "separate", "claims": [], "parties": [] },
            { "id": "M", "text": "line", "check": "meeting-line", "distance": "30 km" },
        ],
        "matters": [{ "id": "Q", "text": "who?", "parties": ["A", "B"], "areas": ["T"], "function": "control" }],
        "agreements": agreements,
        "claims": list,
    })
}

fn read_plan(plan: &serde_json::Value) -> Picture {
    read(&[SourceText { name: "random".to_owned(), bytes: plan.to_string().into_bytes() }], None)
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn whatever_happens_it_is_what_checking_the_whole_finds() {
    let (mut opened, mut closed) = (0, 0);
    for seed in 1..=12 {
        let mut random = Random(seed);
        // Three readings of claims with the same ids: what one puts there, another changes.
        let pool: Vec<Picture> = (0..3).map(|_| read_plan(&random_plan(&mut random, 24))).collect();
        let start = pool[0].as_of;
        let mut live = Live::new(Picture { claims: pool[0].claims[..8].to_vec(), ..pool[0].clone() });
        let (mut hours, mut frame) = (0, 0);
        for step in 0..60 {
            let mut edit = Edit::default();
            for _ in 0..=random.below(2) {
                let picture = &pool[random.below(3) as usize];
                let claim = picture.claims[random.below(24) as usize].clone();
                match random.below(4) {
                    0 => edit.remove.push(claim.id),
                    _ if edit.put.iter().all(|other| other.id != claim.id) => edit.put.push(claim),
                    _ => {}
                }
            }
            edit.remove.retain(|id| edit.put.iter().all(|claim| claim.id != *id));
            if random.below(5) == 0 {
                hours += random.below(30) as i64;
                edit.as_of = Some(start.plus_ns(hours * 3_600_000_000_000));
            }
            if random.below(12) == 0 {
                frame = random.below(3) as usize;
                edit.frame = Some(Box::new(Picture { claims: Vec::new(), ..pool[frame].clone() }));
            }
            let before = live.findings.clone();
            let (delta, undo) = live.apply(edit);
            let checked = checked(&live);
            for (id, finding) in &checked {
                assert_eq!(Some(finding), live.finding(id), "seed {seed}, step {step}, frame {frame}: {id}");
            }
            assert_eq!(
                checked.len(),
                live.findings.len(),
                "seed {seed}, step {step}: {:?}",
                live.findings.keys().filter(|id| !checked.contains_key(*id)).collect::<Vec<_>>()
            );
            opened += delta.opened.len();
            closed += delta.closed.len();
            let mut told = before.clone();
            delta.closed.iter().for_each(|finding| drop(told.remove(&finding.id)));
            for finding in delta.opened.iter().chain(&delta.changed) {
                told.insert(finding.id.clone(), finding.clone());
            }
            assert_eq!(told, live.findings, "what is told makes the one into the other");
            if random.below(4) == 0 {
                let (_, redo) = live.apply(undo);
                assert_eq!(before, live.findings, "seed {seed}, step {step}: taken back");
                live.apply(redo);
                assert_eq!(told, live.findings, "seed {seed}, step {step}: and made again");
            }
        }
    }
    assert!(opened > 300 && closed > 300, "{opened} opened, {closed} closed");
}
