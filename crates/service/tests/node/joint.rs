//! The joint picture over storage that fails at every call: what was answered is there after a loss of power, and no word that
//! anybody was told is lost, told twice, or told otherwise. The last test proves that the check bites.

use crate::support::{FakeClock, block_on, chain, open, options};
use deconflict_joint::{ClaimFiled, Clock, Desk, OPERATOR, Request, Settings, State, Step, Who};
use deconflict_journal::faulty::{Fault, Faulty, Survives};
use deconflict_service::native::JointDesk;
use deconflict_service::node::NodeOptions;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn small() -> NodeOptions {
    NodeOptions { segment_bytes: 20_000, snapshot_every_commands: 5, snapshot_growth_percent: 0, ..options() }
}

fn frame() -> Request {
    let plan = json!({
        "plan": { "id": "valley", "title": "Valley", "as_of": "2026-05-01", "horizon": "10 d", "altitude_reference": "W84" },
        "parties": [{ "id": "A", "name": "Air A" }, { "id": "B", "name": "Air B" }],
        "channels": [{ "id": "AB", "from": "A", "to": "B" }],
    });
    let settings = Settings { clock: Clock::Exercise, silent_after_s: 1 << 30, ..Settings::default() };
    Request::SetFrame { plan, settings }
}

fn flight(id: &str, lower_m: i64) -> Request {
    let claim = json!({
        "id": id, "kind": "flight", "lower": format!("{lower_m} m"), "upper": format!("{} m", lower_m + 600),
        "start": "2026-05-01T10:00Z", "end": "2026-05-01T12:00Z",
        "outline": { "circle": { "at": { "lat": 34.0, "lng": 40.0 }, "radius": "3 km" } },
    });
    let disclosure = serde_json::from_value(json!({ "others": "conflict-only" })).unwrap();
    Request::File(vec![ClaimFiled { claim, disclosure: Some(disclosure), replaces: None }])
}

/// What is asked for, one after the other: claims that conflict, change and end, and what parties say to it.
fn requests() -> Vec<(Who, Request)> {
    let party = |id: &str| Who::Party(id.to_owned());
    let mut requests = vec![(Who::Operator, frame())];
    for round in 0..4 {
        let accepted = Step {
            step: "accepted".to_owned(),
            role: Some("duty officer".to_owned()),
            machine: false,
            fields: BTreeMap::new(),
            signed: None,
        };
        requests.push((party("A"), flight("a", 1000 + 100 * round)));
        requests.push((party("B"), flight(if round % 2 == 0 { "b" } else { "c" }, 1300)));
        requests.push((party("A"), Request::Heartbeat { seen: 1, signed: None }));
        // Where the notice is no longer the one that counts, this is refused, and changes nothing.
        requests.push((party("A"), Request::Answer { notice: 1 + round as u64, step: accepted }));
        requests.push((party("B"), Request::Withdraw { id: "b".to_owned() }));
    }
    requests
}

/// What clients know: what stood in the picture when they had their latest answer.
#[derive(Default)]
struct Told {
    asked: usize,
    stored: usize,
    heads: BTreeMap<String, (u64, String)>,
    claims: BTreeMap<String, u64>,
    applied: u64,
}

fn play(storage: &Faulty) -> Told {
    let (clock, mut told) = (FakeClock::new(), Told::default());
    let Ok((node, _)) = open(storage, &clock, small()) else { return told };
    let desk = JointDesk::begin(node.clone());
    for (who, request) in requests() {
        told.asked += 1;
        let is_done = block_on(desk.ask(who, request)).is_ok();
        node.read_joint(|state| {
            if is_done && state.applied > told.applied {
                told.stored += 1;
                told.heads = heads(state);
                told.claims = state.claims.iter().map(|(key, row)| (key.clone(), row.version)).collect();
                told.applied = state.applied;
            }
        });
    }
    drop(desk);
    node.close();
    told
}

fn heads(state: &State) -> BTreeMap<String, (u64, String)> {
    let streams = state.streams.iter().filter(|(_, stream)| !stream.events.is_empty());
    streams
        .map(|(party, stream)| (party.clone(), (stream.events.len() as u64, stream.hashes.last().unwrap().to_string())))
        .collect()
}

impl Told {
    /// What is wrong with what is left.
    fn check(&self, storage: &Faulty) -> Result<(), String> {
        let clock = FakeClock::new();
        let (node, _) = open(storage, &clock, small()).map_err(|error| chain(&error))?;
        let state = node.read_joint(Clone::clone);
        if state.applied < self.applied {
            return Err(format!("{} of {} answered commands are there", state.applied, self.applied));
        }
        for (party, (seq, hash)) in &self.heads {
            let at = usize::try_from(*seq).unwrap() - 1;
            let there = state.streams.get(party).and_then(|stream| stream.hashes.get(at)).map(ToString::to_string);
            if there.as_ref() != Some(hash) {
                return Err(format!("event {seq} of {party} is {there:?}, and was {hash}"));
            }
        }
        if state.applied == self.applied {
            let claims: BTreeMap<String, u64> = state.claims.iter().map(|(key, row)| (key.clone(), row.version)).collect();
            if claims != self.claims {
                return Err(format!("{claims:?} instead of {:?}", self.claims));
            }
        }
        for party in ["A", "B", OPERATOR] {
            told_once(&state, party)?;
        }
        // And nobody has to be told anything because of it.
        match Desk::open(state, 0) {
            Ok((_, None)) => Ok(()),
            Ok((_, Some(command))) => Err(format!("a start tells {:?}", command.effects)),
            Err(refusal) => Err(refusal.to_string()),
        }
    }
}

/// A finding opens when it is not open, and closes when it is.
fn told_once(state: &State, party: &str) -> Result<(), String> {
    let mut open: BTreeMap<String, bool> = BTreeMap::new();
    for event in state.streams.get(party).into_iter().flat_map(|stream| &stream.events) {
        let body: Value = serde_json::from_str(&event.body).map_err(|error| error.to_string())?;
        let (Some(finding), Some(change)) = (body["finding"].as_str(), body["change"].as_str()) else { continue };
        let is_open = open.entry(finding.to_owned()).or_default();
        if *is_open == (change == "opened") {
            return Err(format!("{party} was told {change} of {finding} twice"));
        }
        *is_open = change != "closed";
    }
    Ok(())
}

fn at_every_call(prepare: impl Fn(&Faulty, u64), survives: impl Fn(u64) -> Survives) -> Vec<String> {
    let whole = Faulty::new();
    let told = play(&whole);
    told.check(&whole).unwrap();
    assert!(told.stored > 15 && told.heads["A"].0 >= 4 && told.heads["B"].0 >= 4, "{:?}", told.heads);
    let mut problems = Vec::new();
    for call in 0..whole.calls() {
        let storage = Faulty::new();
        prepare(&storage, call);
        let told = play(&storage);
        if let Err(problem) = told.check(&storage.crash(survives(call))) {
            problems.push(format!("call {call}: {problem}"));
        }
    }
    problems
}

#[test]
fn what_parties_were_told_survives_a_crash_at_any_call() {
    for survives in [|_| Survives::Nothing, Survives::Some, Survives::Beginning] {
        let problems = at_every_call(|storage, call| storage.plan(call, Fault::Crash), survives);
        assert!(problems.is_empty(), "{} problems, the first: {}", problems.len(), problems[0]);
    }
}

#[test]
fn what_parties_were_told_survives_errors_at_any_call() {
    for fault in [Fault::Io, Fault::Full] {
        let problems = at_every_call(|storage, call| storage.plan(call, fault), |_| Survives::Nothing);
        assert!(problems.is_empty(), "{} problems, the first: {}", problems.len(), problems[0]);
    }
}

#[test]
fn without_fdatasync_words_are_lost() {
    let forget = |storage: &Faulty, call: u64| {
        storage.forget_sync_data();
        storage.plan(call, Fault::Crash);
    };
    // What survives is drawn; mostly the journal itself sees that something is missing.
    let problems = at_every_call(forget, |call| Survives::Some(1000 + call));
    let lost = problems.iter().filter(|problem| problem.contains("answered commands are there")).count();
    assert!(lost > 0 && problems.len() > 100, "{lost} of {}", problems.len());
}
