//! Many encounters, seeded: parties file, change and withdraw claims, report late, fall silent, come back, agree and end agreements. After each
//! step what everybody was told is held against a slow, obvious oracle: every pair of claims, checked anew.
//!
//! `JOINT_ENCOUNTERS` says how many encounters there are to be (default five hundred); `JOINT_SEED` with which seed to begin.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::World;
use deconflict_joint::{
    ClaimFiled, ClaimState, Clock, Disclosed, Disclosure, Position, Refusal, Request, Settings, State, Step, Who,
};
use deconflict_plan::model::Picture;
use deconflict_plan::report::FindingKind;
use deconflict_plan::{Options, check};
use serde_json::{Value, json};

const PARTIES: [&str; 4] = ["A", "B", "C", "D"];
const HOUR_NS: i64 = 3_600_000_000_000;

struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn party(&mut self) -> &'static str {
        PARTIES[self.below(4) as usize]
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn frame() -> Value {
    let pairs = [("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"), ("C", "D")];
    let channels: Vec<Value> =
        pairs.iter().map(|(from, to)| json!({ "id": format!("{from}{to}"), "from": from, "to": to })).collect();
    json!({
        "plan": { "id": "tight", "title": "Tight", "as_of": "2026-06-01", "horizon": "4 d", "altitude_reference": "W84" },
        "parties": PARTIES.map(|id| json!({ "id": id, "name": id })),
        "channels": channels,
        "minima": [{ "kinds": ["flight", "flight"], "lateral": "500 m", "vertical": "100 m", "time": "5 min" }],
    })
}

/// A flight in a space of 20 by 20 km, or a column through it.
fn claim(random: &mut Random, id: &str) -> Value {
    let at = |random: &mut Random| json!({ "lat": 34.0 + random.below(180) as f64 / 1000.0, "lng": 40.0 + random.below(200) as f64 / 1000.0 });
    let hour = random.below(60);
    let time = |hour: u64| format!("2026-06-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
    if random.below(6) == 0 {
        return json!({ "id": id, "kind": "movement", "width": "200 m", "waypoints": [
            { "at": at(random), "eta": time(hour) }, { "at": at(random), "eta": time(hour + 3 + random.below(6)) },
        ] });
    }
    let lower = random.below(20) * 100;
    json!({
        "id": id, "kind": "flight", "outline": { "circle": { "at": at(random), "radius": format!("{} m", 500 + random.below(3000)) } },
        "start": time(hour), "end": time(hour + 1 + random.below(12)),
        "lower": format!("{lower} m"), "upper": format!("{} m", lower + 300 + random.below(500)),
    })
}

fn disclosure(random: &mut Random) -> Disclosure {
    let levels = [
        Disclosed::ConflictOnly,
        Disclosed::ConflictOnly,
        Disclosed::Full,
        Disclosed::Full,
        Disclosed::Sealed,
        Disclosed::Existence,
    ];
    let mut disclosure = Disclosure { others: levels[random.below(6) as usize], to: BTreeMap::new() };
    if random.below(3) == 0 {
        disclosure.to.insert(random.party().to_owned(), levels[random.below(6) as usize]);
    }
    disclosure
}

/// What everybody has to know: by party, the pairs of claims in conflict, by their ids in the picture. Disclosure is read from the rows, and
/// who is in conflict from checking every pair.
fn expected(state: &State, picture: &Picture) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let report = check(picture, Options { without_proposals: true, ..Options::default() });
    for finding in report.findings.iter().filter(|finding| finding.kind == FindingKind::Conflict) {
        let [one, other] = finding.claims.as_slice() else { panic!("a conflict is of two") };
        for (own, foreign) in [(one, other), (other, one)] {
            let party = own.split('/').next().unwrap();
            if state.claims[foreign].disclosure.towards(party) >= Disclosed::ConflictOnly {
                known.entry(party.to_owned()).or_default().insert(finding.id.clone());
            }
        }
    }
    known
}

fn told(state: &State) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (party, rows) in &state.told {
        let open = rows.iter().filter(|(id, told)| told.open && id.starts_with("conflict:"));
        let open: BTreeSet<String> = open.map(|(id, _)| id.clone()).collect();
        if !open.is_empty() {
            known.insert(party.clone(), open);
        }
    }
    known
}

/// Every notice that holds is the only one of its finding, level and content; and what stands in the rows was said on the stream.
fn notices_are_single(world: &World) {
    for (party, notices) in &world.follower.notices {
        let mut seen = BTreeSet::new();
        for (event, notice) in notices.iter().filter(|(_, notice)| !notice.void) {
            let body = &world.follower.streams[party].events[usize::try_from(*event).unwrap() - 1].body;
            let body: Value = serde_json::from_str(body).unwrap();
            assert!(
                seen.insert((notice.number, notice.level, body["what"].to_string())),
                "{party} was told twice of F-{}",
                notice.number
            );
        }
    }
    for party in PARTIES {
        let listed = world.follower.findings_for(party)["findings"].as_array().unwrap().len();
        let open = world.follower.told.get(party).into_iter().flatten().filter(|(_, told)| told.open).count();
        assert_eq!(open, listed, "{party}: what was said is what is known");
    }
}

#[test]
fn nobody_misses_a_conflict_and_nobody_hears_twice() {
    let (wanted, first) = (number("JOINT_ENCOUNTERS", 500), number("JOINT_SEED", 1));
    let (mut encounters, mut agreed, mut refused, mut seed) = (0u64, 0u64, 0u64, first);
    while encounters < wanted {
        let mut random = Random(seed);
        let mut world = World::new();
        let settings = Settings { clock: Clock::Exercise, silent_after_s: 6 * 3600, budget: 1_000_000, ..Settings::default() };
        world.operator(Request::SetFrame { plan: frame(), settings }).unwrap();
        let mut silent: Option<&str> = None;
        for step in 0..80 {
            let place = format!("seed {seed}, step {step}");
            let party = random.party();
            if silent == Some(party) && random.below(4) > 0 {
                continue;
            }
            let id = format!("c{}", random.below(12));
            let before = told(&world.follower);
            match random.below(16) {
                0..8 => {
                    let filed = (0..1 + random.below(3)).map(|more| {
                        let id = format!("c{}", (random.below(12) + more * 12) % 30);
                        let claim = claim(&mut random, &id);
                        ClaimFiled { claim, disclosure: Some(disclosure(&mut random)), replaces: None }
                    });
                    let filed: Vec<ClaimFiled> = filed.collect();
                    drop(world.party(party, Request::File(filed)));
                }
                8 => drop(world.party(party, Request::Withdraw { id })),
                9 => {
                    let disclosure = disclosure(&mut random);
                    drop(world.party(party, Request::Disclose { id, disclosure }));
                }
                10 => {
                    // A report that comes late, and sometimes from far away.
                    let at_ns = world.follower.now_ns - (random.below(3) as i64) * HOUR_NS;
                    let position = Position {
                        at_ns,
                        lat: 34.0 + random.below(200) as f64 / 1000.0,
                        lng: 40.0 + random.below(200) as f64 / 1000.0,
                    };
                    drop(world.party(party, Request::Report { id, position }));
                }
                11 => drop(world.party(party, Request::SetState { id, state: ClaimState::UnderWay })),
                12 => {
                    silent = if silent.is_some() { None } else { Some(party) };
                }
                13 => {
                    let now_ns = world.follower.now_ns + (1 + random.below(4) as i64) * HOUR_NS;
                    world.operator(Request::SetClock { now_ns }).unwrap();
                    for other in PARTIES.iter().filter(|other| silent != Some(**other)) {
                        let seen = world.follower.latest(other);
                        world.party(other, Request::Heartbeat { seen, signed: None }).unwrap();
                    }
                }
                14 => {
                    let notices: Vec<u64> =
                        world.follower.notices.get(party).into_iter().flatten().map(|(event, _)| *event).collect();
                    if let Some(notice) = notices.last() {
                        let step = Step {
                            step: "accepted".to_owned(),
                            role: Some("r".to_owned()),
                            machine: true,
                            fields: Default::default(),
                            signed: None,
                        };
                        drop(world.party(party, Request::Answer { notice: *notice, step }));
                    }
                }
                _ => match agree(&mut world, party, &mut random) {
                    Some(true) => agreed += 1,
                    Some(false) => refused += 1,
                    None => {}
                },
            }
            let Some(live) = world.desk.live() else { continue };
            assert_eq!(expected(&world.follower, live.picture()), told(&world.follower), "{place}");
            notices_are_single(&world);
            let after = told(&world.follower);
            encounters += after
                .iter()
                .map(|(party, known)| known.difference(before.get(party).unwrap_or(&BTreeSet::new())).count() as u64)
                .sum::<u64>();
        }
        // Whoever starts again from a snapshot, or from the log, is where everybody was.
        let again = State::of_snapshot(world.follower.snapshot());
        assert_eq!(world.follower.digest(), again.digest(), "seed {seed}");
        let (reopened, command) = deconflict_joint::Desk::open(again, 0).unwrap();
        assert!(command.is_none(), "seed {seed}: a start tells nobody anything: {:?}", command.map(|command| command.effects));
        assert_eq!(world.desk.state().digest(), reopened.state().digest(), "seed {seed}");
        seed += 1;
    }
    assert!(agreed > 0 && refused > 0, "{agreed} agreed, {refused} refused");
    println!("{encounters} encounters, {agreed} agreed, {refused} refused, seeds {first} to {}", seed - 1);
}

/// One party offers to fly lower and asks the other to fly higher, and the other accepts; whether that was agreed. Half-made it never is.
fn agree(world: &mut World, party: &str, random: &mut Random) -> Option<bool> {
    let findings = world.follower.findings_for(party)["findings"].take();
    let conflict = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|found| found["what"]["kind"] == "conflict" && found["what"]["band_m"].is_array())?
        .clone();
    let own = conflict["what"]["own"][0].as_str().map(str::to_owned).or_else(|| {
        let claims = conflict["what"]["claims"].as_array()?;
        claims.iter().filter_map(Value::as_str).find_map(|claim| claim.strip_prefix(&format!("{party}/"))).map(str::to_owned)
    })?;
    let middle = (conflict["what"]["band_m"][0].as_f64()? + conflict["what"]["band_m"][1].as_f64()?) / 2.0;
    let apart = if random.below(3) == 0 { 10.0 } else { 110.0 };
    let terms = json!({ "finding": conflict["finding"], "changes": [
        { "claim": own, "upper": format!("{} m", middle - apart / 2.0) }, { "claim": "counterpart", "lower": format!("{} m", middle + apart / 2.0) },
    ] });
    world.party(party, Request::Offer { terms: serde_json::from_value(terms).unwrap(), counters: None, signed: None }).ok()?;
    let other = world.follower.offers.values().next_back()?.to[0].clone();
    let name = world.follower.offers_for(&other)["offers"].as_array()?.last()?["offer"].as_str()?.to_owned();
    let agreements = |world: &World| world.follower.papers.get("agreements").map_or(0, BTreeMap::len);
    let before = agreements(world);
    match world.party(&other, Request::Decide { offer: name.clone(), accept: true, signed: None }) {
        Ok(_) => {
            assert_eq!(before + 1, agreements(world));
            if random.below(2) == 0 {
                world
                    .party(
                        party,
                        Request::EndAgreement {
                            id: world.follower.offers_for(party)["offers"].as_array()?.last()?["offer"].as_str()?.to_owned(),
                        },
                    )
                    .unwrap();
            }
            Some(true)
        }
        Err(Refusal::Conflict(_) | Refusal::Bad(_)) => {
            assert_eq!(before, agreements(world), "what was not agreed left nothing behind");
            Some(false)
        }
        Err(refusal) => panic!("{refusal}"),
    }
}

#[test]
fn what_could_not_be_stored_never_was() {
    let mut random = Random(7);
    let mut world = World::new();
    let settings = Settings { clock: Clock::Exercise, budget: 1_000_000, ..Settings::default() };
    world.operator(Request::SetFrame { plan: frame(), settings }).unwrap();
    for step in 0..60 {
        let id = format!("c{}", random.below(9));
        let request = Request::File(vec![ClaimFiled {
            claim: claim(&mut random, &id),
            disclosure: Some(disclosure(&mut random)),
            replaces: None,
        }]);
        let who = Who::Party(random.party().to_owned());
        let before = world.desk.state().digest();
        let findings: Vec<_> = world.desk.live().unwrap().findings().cloned().collect();
        let asked = deconflict_joint::Asked { who: who.clone(), at_ns: 0, request: request.clone() };
        let (command, _) = world.desk.prepare(asked).unwrap();
        world.desk.take_back();
        assert_eq!(before, world.desk.state().digest(), "step {step}");
        assert_eq!(findings, world.desk.live().unwrap().findings().cloned().collect::<Vec<_>>(), "step {step}");
        // Asked again, it comes to the same.
        let asked = deconflict_joint::Asked { who, at_ns: 0, request };
        let (again, _) = world.desk.prepare(asked).unwrap();
        assert_eq!(command, again, "step {step}");
        assert!(world.follower.apply(again.unwrap()));
    }
    assert!(world.follower.told.values().any(|rows| rows.values().any(|told| told.open)), "there was something to tell");
}
