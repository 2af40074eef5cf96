//! A small sound bundle, and ways to make others of it.

#![allow(dead_code, reason = "each test uses some of it")]

use deconflict_evidence::{
    Bundle, Entry, Hash, Head, PartyKey, Problem, ProblemKind, PublicKey, SERVICE, SecretKey, SignedBy, Statement, Step,
    StepKind, link, verify,
};

/// Whose stream it is.
pub const STREAM: &str = "P.RUS";
/// The notice.
pub const NOTICE: u64 = 2;

/// The key of somebody: always the same, so that every run is.
pub fn secret(party: &str) -> SecretKey {
    let mut seed = [7; 32];
    seed[..party.len()].copy_from_slice(party.as_bytes());
    SecretKey::from_seed(&seed).expect("a key")
}

/// The keys of these, as a caller knows them.
pub fn trusted(parties: &[&str]) -> Vec<(String, PublicKey)> {
    parties.iter().map(|party| ((*party).to_owned(), secret(party).public())).collect()
}

/// A chain of these bodies.
pub fn chain(stream: &str, bodies: &[&str]) -> Vec<Entry> {
    let (mut entries, mut previous) = (Vec::new(), Hash::ZERO);
    for (seq, body) in (1..).zip(bodies) {
        let hash = link(stream, seq, &previous, body.as_bytes());
        entries.push(Entry { seq, previous, hash, body: (*body).to_owned() });
        previous = hash;
    }
    entries
}

/// A statement, signed.
pub fn signed(by: &str, statement: &Statement) -> SignedBy {
    SignedBy { by: by.to_owned(), signed: secret(by).sign(statement.content()) }
}

/// A step of the notice.
pub fn step(kind: StepKind, notice: u64, hash: Hash, minute: u32) -> Statement {
    let fields = if kind == StepKind::ReadBack { [("altitude".to_owned(), "4500 m".to_owned())].into() } else { [].into() };
    let (role, at) = (Some("duty officer".to_owned()), format!("2017-09-14T06:{minute:02}:00Z"));
    Statement::Step(Step { notice, hash, step: kind, role, machine: kind == StepKind::Displayed, fields, at })
}

/// The end of a chain.
pub fn head(stream: &str, entries: &[Entry], seq: u64, minute: u32) -> Head {
    let hash = seq.checked_sub(1).map_or(Hash::ZERO, |at| entries[at as usize].hash);
    Head { stream: stream.to_owned(), seq, hash, at: format!("2017-09-14T06:{minute:02}:00Z") }
}

/// The bodies of the sample; what is not ASCII and what is escaped is among them.
pub const BODIES: [&str; 4] = [
    r#"{"event":"hello"}"#,
    r#"{"event":"finding","text":"Flug „RU-2“\nkreuzt"}"#,
    r#"{"event":"closed"}"#,
    r#"{"event":"message","text":"é\u00e9"}"#,
];

/// Entries, steps of all kinds but one, a heartbeat, the service's head, an offer and the answer to it.
pub fn sample() -> Bundle {
    let entries = chain(STREAM, &BODIES);
    let hash = entries[1].hash;
    let terms = || serde_json::json!({ "of-offerer": { "ceiling": 4500 } }).as_object().expect("an object").clone();
    let at = || "2017-09-14T07:00:00Z".to_owned();
    let all = [
        (SERVICE, Statement::Head(head(STREAM, &entries, 4, 0))),
        (STREAM, Statement::Heartbeat(head(STREAM, &entries, 3, 1))),
        (STREAM, step(StepKind::Displayed, NOTICE, hash, 2)),
        (STREAM, step(StepKind::ReadBack, NOTICE, hash, 3)),
        (STREAM, step(StepKind::Accepted, NOTICE, hash, 4)),
        ("P.US", Statement::Offer { offer: "O-1".to_owned(), terms: terms(), at: at() }),
        (STREAM, Statement::Acceptance { offer: "O-4".to_owned(), accept: true, terms: terms(), at: at() }),
    ];
    let signed = all.iter().map(|(by, statement)| signed(by, statement)).collect();
    Bundle::new(NOTICE, STREAM.to_owned(), entries, signed, keys(&[STREAM, "P.US", SERVICE]))
}

/// The keys of these, as a bundle names them.
pub fn keys(parties: &[&str]) -> Vec<PartyKey> {
    parties.iter().map(|party| PartyKey { party: (*party).to_owned(), key: secret(party).public() }).collect()
}

/// What is wrong with a bundle that is not sound, without any trusted key.
pub fn problems(bundle: &Bundle) -> Vec<Problem> {
    verify(bundle.to_text().as_bytes(), &[]).expect_err("a bundle that is not sound")
}

/// The paths of problems of this kind.
pub fn paths(problems: &[Problem], kind: ProblemKind) -> Vec<&str> {
    problems.iter().filter(|problem| problem.kind == kind).map(|problem| &*problem.path).collect()
}
