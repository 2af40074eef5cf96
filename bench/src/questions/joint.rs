//! One claim filed, changed and ended among a hundred thousand, at the desk of the joint picture: read, compared, told, and written down as a
//! command. Without HTTP and without a disk.

use super::Question;
use crate::answers::{Answer, Verdict};
use crate::case::{Case, Figure, Outcome};
use crate::measure::{Times, once};
use crate::memory;
use crate::splitmix::Draws;
use deconflict_joint::{Asked, ClaimFiled, Clock, Desk, Disclosed, Disclosure, Request, Settings, State, Who};
use deconflict_plan::{Options, check};
use serde_json::{Value, json};

pub(super) const QUESTION: Question = Question {
    name: "joint",
    asks: "One claim of 100,000 filed, changed and ended at the desk of the joint picture; single calls",
    cases,
};

/// So many claims are filed, changed and ended while it is measured.
const MEASURED: usize = 1_000;
/// Of so many claims one is a column, and as many are closed areas.
const COLUMN_EVERY: u64 = 500;

fn cases() -> Vec<Case> {
    let case = |claims: u32| Case {
        question: QUESTION.name,
        set: set(claims),
        threads: 1,
        run: Box::new(move |_| run(claims, MEASURED)),
    };
    [10_000, 100_000].map(case).into()
}

fn set(claims: u32) -> String {
    format!("j{}k", claims / 1_000)
}

/// A claim somewhere in 400 by 400 km on one day: mostly flights of half an hour, a few columns and closed areas.
fn claim(seed: u64, number: u64, id: &str) -> Value {
    let mut draws = Draws::of(seed, number);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count is a count")]
    let mut below = |most: u64| (draws.unit() * most as f64) as u64;
    let at = json!({ "lat": 34.0 + below(40_000) as f64 / 1e4, "lng": 40.0 + below(40_000) as f64 / 1e4 });
    let minute = below(23 * 60);
    let time = |minute: u64| format!("2026-06-01T{:02}:{:02}:00Z", minute / 60, minute % 60);
    let circle = json!({ "circle": { "at": at, "radius": format!("{} m", 300 + below(500)) } });
    match below(COLUMN_EVERY) {
        0 => {
            let there = json!({ "lat": at["lat"].as_f64().unwrap_or(0.0) + 0.1, "lng": at["lng"] });
            json!({ "id": id, "kind": "movement", "width": "100 m", "waypoints": [
                { "at": at, "eta": time(minute) }, { "at": there, "eta": time(minute + 59) },
            ] })
        }
        1 => {
            json!({ "id": id, "kind": "constraint", "outline": circle, "start": time(minute), "end": time(minute + 59), "lower": "0 m", "upper": "500 m" })
        }
        _ => {
            let lower = below(30) * 100;
            json!({
                "id": id, "kind": "flight", "outline": circle, "start": time(minute), "end": time(minute + 10 + below(20)),
                "lower": format!("{lower} m"), "upper": format!("{} m", lower + 100),
            })
        }
    }
}

fn ask(desk: &mut Desk, who: Who, request: Request) {
    let (command, _) = desk.prepare(Asked { who, at_ns: 0, request }).expect("it makes sense");
    // Writing the record down is part of it.
    drop(command.map(|command| command.encode()));
}

fn party(number: u64) -> Who {
    Who::Party(format!("P{}", number % 10))
}

fn file(claims: Vec<Value>) -> Request {
    let disclosure = Some(Disclosure { others: Disclosed::ConflictOnly, ..Disclosure::default() });
    Request::File(claims.into_iter().map(|claim| ClaimFiled { claim, disclosure: disclosure.clone(), replaces: None }).collect())
}

/// A desk with so many claims of ten parties.
fn filled(claims: u32) -> Desk {
    let (mut desk, _) = Desk::open(State::default(), 0).expect("nothing is there to be unreadable");
    let parties: Vec<Value> =
        (0..10).map(|number| json!({ "id": format!("P{number}"), "name": format!("Party {number}") })).collect();
    let channels: Vec<Value> = (0..10)
        .flat_map(|one| {
            (one + 1..10)
                .map(move |other| json!({ "id": format!("C{one}{other}"), "from": format!("P{one}"), "to": format!("P{other}") }))
        })
        .collect();
    let plan = json!({
        "plan": { "id": "bench", "title": "Bench", "as_of": "2026-06-01", "horizon": "2 d", "altitude_reference": "W84" },
        "parties": parties, "channels": channels,
        "minima": [{ "kinds": ["flight", "flight"], "lateral": "100 m", "vertical": "50 m", "time": "1 min" }],
    });
    let settings = Settings { clock: Clock::Exercise, budget: u64::MAX, scan_alarm: u64::MAX, ..Settings::default() };
    ask(&mut desk, Who::Operator, Request::SetFrame { plan, settings });
    let numbers: Vec<u64> = (0..u64::from(claims)).collect();
    for (block, numbers) in numbers.chunks(2_000).enumerate() {
        let claims = numbers.iter().map(|number| claim(1, *number, &format!("c{number}"))).collect();
        ask(&mut desk, party(block as u64), file(claims));
    }
    desk
}

pub(super) fn run(claims: u32, measured: usize) -> Outcome {
    let mut desk = filled(claims);
    let was_forgotten = memory::forget_peak();
    let (mut filed, mut changed, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..measured as u64 {
        let id = format!("m{number}");
        let (first, second) = (claim(2, number, &id), claim(3, number, &id));
        filed.push(once(|| ask(&mut desk, party(number), file(vec![first]))).0);
        changed.push(once(|| ask(&mut desk, party(number), file(vec![second]))).0);
        // Half of them stay, so that the end is another picture than the beginning.
        if number % 2 == 0 {
            ended.push(once(|| ask(&mut desk, party(number), Request::Withdraw { id })).0);
        }
    }
    let live = desk.live().expect("there is a picture");
    let whole = check(live.picture(), Options { without_proposals: true, threads: 2, ..Options::default() });
    let is_equal = whole.findings.len() == live.findings().count()
        && whole.findings.iter().all(|finding| live.finding(&finding.id).is_some_and(|other| other.window == finding.window));
    let figures = [("filed", filed), ("changed", changed), ("ended", ended)].into_iter().flat_map(|(what, times)| {
        let times = Times::new(times);
        [
            Figure::quantile(&format!("{what} p50"), &times, 0.5, None),
            Figure::quantile(&format!("{what} p99"), &times, 0.99, Some(10e-3)),
            Figure::quantile(&format!("{what} max"), &times, 1.0, None),
        ]
    });
    Outcome {
        question: QUESTION.name.to_owned(),
        set: set(claims),
        operations: claims.into(),
        volumes: claims.into(),
        threads: 1,
        runs: measured,
        figures: figures.collect(),
        answer: Answer {
            count: whole.findings.len() as u64,
            fnv: String::new(),
            verdict: if is_equal { Verdict::Equal } else { Verdict::Differs },
            against: "checking the picture whole at the end".to_owned(),
        },
        parsed_bytes: 0,
        peak_bytes: memory::peak_bytes(),
        remarks: memory::remark(was_forgotten).into_iter().collect(),
    }
}
