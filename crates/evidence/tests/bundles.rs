//! What a sound bundle says, and what is said of one that was changed by somebody who knows the format.

mod common;

use common::{BODIES, NOTICE, STREAM, chain, head, keys, paths, problems, sample, secret, signed, step, trusted};
use deconflict_evidence::ProblemKind::{Refuted, Split, Unusable};
use deconflict_evidence::{
    Bundle, Difference, Entry, Hash, PartyKey, Problem, Proof, SERVICE, SignedBy, Standing, Statement, StepKind, Vouched,
    compare, link, verify,
};

#[test]
fn a_link_is_the_hash_of_what_the_format_says() {
    // printf 'deconflict stream 1\nP.RUS\0\0\0\0\0\0\0\0\1' with 32 zero bytes and {"event":"hello"} behind, through sha256sum.
    let expected = "ebeae36f932c4d34621d48413cb0359dfb7ae215e920ebcbed4c8e6324325288";
    assert_eq!(link(STREAM, 1, &Hash::ZERO, BODIES[0].as_bytes()).to_string(), expected);
}

/// The example that ships with the format, for whoever writes another verifier.
#[test]
fn the_example_of_the_format_is_the_sample() {
    let example = include_str!("../../../docs/examples/evidence.json");
    assert!(example == sample().to_text(), "expected:\n{}", sample().to_text());
}

#[test]
fn what_was_typed_begins_no_line() {
    let mut bundle = sample();
    let mut content = bundle.signed[3].signed.content.clone();
    content = content.replace("4500 m", "4500 m\\n\\nNotice 2 to P.RUS was refused.");
    bundle.signed[3] = SignedBy { by: STREAM.to_owned(), signed: secret(STREAM).sign(content) };
    let words = verify(bundle.to_text().as_bytes(), &[]).expect("a sound bundle").to_string();
    assert!(
        words.contains("was refused") && !words.lines().any(|line| line.starts_with("Notice 2 to P.RUS was refused")),
        "{words}"
    );
}

#[test]
fn a_sound_bundle_shows_the_ladder() {
    let known = trusted(&[STREAM, "P.US", SERVICE]);
    for text in [sample().to_text(), sample().to_line()] {
        let verdict = verify(text.as_bytes(), &known).expect("a sound bundle");
        assert_eq!(verdict.standing, Standing::Proved);
        let rungs: Vec<_> = verdict.ladder.iter().map(|rung| (rung.step, rung.proof, rung.machine, rung.at.as_deref())).collect();
        let at = |minute: u32| format!("2017-09-14T06:0{minute}:00Z");
        let times: Vec<String> = (0..=4).map(at).collect();
        let expected = [
            ("sent", Proof::Chain, None, None),
            ("logged", Proof::Signature, None, Some(&*times[0])),
            ("delivered", Proof::Signature, None, Some(&*times[1])),
            ("displayed", Proof::Signature, Some(true), Some(&*times[2])),
            ("read-back", Proof::Signature, Some(false), Some(&*times[3])),
            ("accepted", Proof::Signature, Some(false), Some(&*times[4])),
        ];
        assert_eq!(rungs, expected);
        assert!(verdict.ladder.iter().all(|rung| rung.key != Some(Vouched::BundleAlone)));
        assert_eq!((verdict.body.as_str(), verdict.entries), (BODIES[1], 4));
        assert_eq!(verdict.outcome(), "Notice 2 to P.RUS was accepted by P.RUS, a person as duty officer, 2017-09-14 06:04:00Z.");
        let words = verdict.to_string();
        assert!(words.contains("P.US signed the same terms"), "{words}");
        assert_eq!(verdict.not_proved.len(), 2, "{:?}", verdict.not_proved);
    }
}

#[test]
fn what_is_not_proved_is_said() {
    let says = |bundle: &Bundle, known: &[&str], needle: &str| {
        let verdict = verify(bundle.to_text().as_bytes(), &trusted(known)).expect("a sound bundle");
        assert!(verdict.not_proved.iter().any(|open| open.contains(needle)), "{needle}: {:?}", verdict.not_proved);
        verdict
    };
    let verdict = says(&sample(), &[], "Whose key it is that signed as P.RUS: only this file says so");
    assert!(verdict.outcome().contains("key not vouched for"), "{}", verdict.outcome());
    assert_eq!(verdict.standing, Standing::KeysNotVouchedFor);
    assert_eq!(says(&sample(), &[STREAM, SERVICE], "signed as P.US").standing, Standing::KeysNotVouchedFor, "one is enough");
    says(&sample(), &["P.TUR"], "Anything of P.TUR");
    let mut bundle = sample();
    bundle.signed.retain(|signed| signed.by != SERVICE);
    let verdict = says(&bundle, &[], "Entries after 3: nobody signed for them");
    assert!(verdict.to_string().contains("the service did not sign for it"));
    says(&bundle, &[], "Anything of the service: a key is here");
    bundle.signed.clear();
    let verdict = says(&bundle, &[], "nobody signed for any of its entries");
    assert_eq!(verdict.standing, Standing::NothingSigned);
    assert_eq!(verdict.outcome(), "Notice 2 to P.RUS is logged here. Nothing shows that it arrived.");
    assert!(verdict.ladder[1..].iter().all(|rung| rung.proof == Proof::None));
}

#[test]
fn a_yes_and_a_no_are_both_shown_and_the_later_is_not_the_only_one() {
    let mut bundle = sample();
    bundle.signed.push(signed(STREAM, &step(StepKind::Unable, NOTICE, bundle.entries[1].hash, 9)));
    let verdict = verify(bundle.to_text().as_bytes(), &[]).expect("a sound bundle");
    assert!(verdict.outcome().contains("both accepted") && verdict.outcome().contains("\"unable\""), "{}", verdict.outcome());
    bundle.signed.remove(4);
    let verdict = verify(bundle.to_text().as_bytes(), &[]).expect("a sound bundle");
    assert!(verdict.outcome().contains("answered \"unable\""), "{}", verdict.outcome());
}

/// What is wrong after `change`, all of it refuted: nothing reads differently.
fn refuted(change: impl FnOnce(&mut Bundle)) -> Vec<Problem> {
    let mut bundle = sample();
    change(&mut bundle);
    let problems = problems(&bundle);
    assert!(paths(&problems, Unusable).is_empty(), "{problems:?}");
    problems
}

#[test]
fn entries_cannot_be_dropped_doubled_swapped_or_renumbered() {
    let broken = |change: &dyn Fn(&mut Bundle)| {
        let problems = refuted(change);
        assert!(problems.iter().any(|problem| problem.path.starts_with("entries[")), "{problems:?}");
    };
    let count = BODIES.len();
    for at in 0..count {
        if at + 1 < count {
            broken(&|bundle| drop(bundle.entries.remove(at)));
            broken(&|bundle| bundle.entries.swap(at, at + 1));
        }
        broken(&|bundle| bundle.entries.insert(at, bundle.entries[at].clone()));
        for seq in [0, at as u64, at as u64 + 2, u64::MAX] {
            broken(&|bundle| bundle.entries[at].seq = seq);
        }
        broken(&|bundle| bundle.entries[at].body.push(' '));
        broken(&|bundle| bundle.entries[at].previous = Hash::from([1; 32]));
        broken(&|bundle| bundle.entries[at].hash = Hash::from([1; 32]));
    }
    // The last ones that somebody signed for cannot be left out either.
    assert_eq!(paths(&refuted(|bundle| drop(bundle.entries.pop())), Refuted), ["signed[0].content.head.seq"]);
    assert!(!refuted(|bundle| bundle.entries.clear()).is_empty());
    assert!(!refuted(|bundle| bundle.stream = "P.US".to_owned()).is_empty());
}

#[test]
fn hashes_that_fit_do_not_make_a_chain() {
    let unsigned = |entries: Vec<Entry>| problems(&Bundle::new(1, STREAM.to_owned(), entries, Vec::new(), Vec::new()));
    let linked = |seq: u64, previous: Hash, body: &str| {
        let hash = link(STREAM, seq, &previous, body.as_bytes());
        Entry { seq, previous, hash, body: body.to_owned() }
    };
    // The end of one chain on the beginning of another: every hash is that of its own entry.
    let other = chain(STREAM, &["1", "2", "3"]);
    let spliced = [&chain(STREAM, &BODIES)[..1], &other[1..]].concat();
    assert_eq!(paths(&unsigned(spliced), Refuted), ["entries[1].previous"]);
    // The end alone, and one that begins with another number.
    assert_eq!(paths(&unsigned(other[1..].to_vec()), Refuted), ["entries[0].seq", "entries[0].previous"]);
    assert_eq!(paths(&unsigned(vec![linked(0, Hash::ZERO, "1")]), Refuted), ["entries[0].seq"]);
    // A number left out by whoever made the chain.
    let first = linked(1, Hash::ZERO, "1");
    let third = linked(3, first.hash, "3");
    assert_eq!(paths(&unsigned(vec![first, third]), Refuted), ["entries[1].seq"]);
    for body in ["", "no JSON", "{}{}", r#"{"level":"note","level":"critical"}"#] {
        assert_eq!(paths(&unsigned(chain(STREAM, &[body])), Refuted), ["entries[0].body"], "{body}");
    }
}

#[test]
fn a_head_before_the_notice_shows_nothing_of_it() {
    let mut bundle = sample();
    let early = |minute| head(STREAM, &bundle.entries, NOTICE - 1, minute);
    let heads = [signed(SERVICE, &Statement::Head(early(0))), signed(STREAM, &Statement::Heartbeat(early(0)))];
    bundle.signed = heads.to_vec();
    let verdict = verify(bundle.to_text().as_bytes(), &[]).expect("a sound bundle");
    assert!(verdict.ladder[1..].iter().all(|rung| rung.proof == Proof::None), "{:?}", verdict.ladder);
    assert_eq!(verdict.countersigned.len(), 2);
    assert!(verdict.not_proved.iter().any(|open| open.contains("Entries after 1")), "{:?}", verdict.not_proved);
}

#[test]
fn a_history_written_anew_is_a_split_one_and_the_place_is_told() {
    // Everything from an entry on is written anew, with hashes that fit; what was signed stays as it was.
    for from in 0..4 {
        let mut bodies = BODIES;
        bodies[from] = r#"{"event":"forged"}"#;
        let problems = refuted(|bundle| bundle.entries = chain(STREAM, &bodies));
        let split = paths(&problems, Split);
        assert_eq!(split.len(), problems.len(), "{problems:?}");
        assert!(split.contains(&"signed[0].content.head.hash"), "{problems:?}");
        let (after, by) = [(0, 2), (0, 2), (2, 3), (3, 4)][from];
        let place = format!("part after entry {after} and no later than at entry {by}");
        assert!(problems.iter().all(|problem| problem.expected.contains(&place)), "{place}: {problems:?}");
    }
}

#[test]
fn a_signature_counts_for_its_own_notice_stream_and_signer_alone() {
    let other = chain("P.US", &BODIES);
    let put = |by: &str, statement: &Statement| refuted(|bundle| bundle.signed.push(signed(by, statement)));
    let expect = |problems: &[Problem], path: &str| assert_eq!(paths(problems, Refuted), [path], "{problems:?}");
    let entries = sample().entries;
    let accepted = |notice, hash| step(StepKind::Accepted, notice, hash, 5);
    expect(&put(STREAM, &accepted(3, entries[2].hash)), "signed[7].content.notice");
    assert_eq!(paths(&put(STREAM, &accepted(2, entries[2].hash)), Split), ["signed[7].content.hash"]);
    expect(&put("P.US", &accepted(2, entries[1].hash)), "signed[7].by");
    expect(&put(STREAM, &Statement::Heartbeat(head("P.US", &other, 2, 5))), "signed[7].content.heartbeat.stream");
    expect(&put("P.US", &Statement::Heartbeat(head(STREAM, &entries, 2, 5))), "signed[7].by");
    expect(&put(STREAM, &Statement::Head(head(STREAM, &entries, 2, 5))), "signed[7].by");
    expect(
        &put("P.TUR", &Statement::Offer { offer: "O-1".into(), terms: <_>::default(), at: "2017-09-14T06:00:00Z".into() }),
        "signed[7].by",
    );
    assert_eq!(
        paths(&put(STREAM, &Statement::Heartbeat(head("P.RUS", &other, 2, 5))), Split),
        ["signed[7].content.heartbeat.hash"]
    );
    expect(
        &refuted(|bundle| bundle.signed[4].signed.signature = bundle.signed[3].signed.signature.clone()),
        "signed[4].signature",
    );
    expect(&refuted(|bundle| bundle.signed[4].by = "P.US".to_owned()), "signed[4].key");
    // Everything that is signed is about notice 2.
    let moved = refuted(|bundle| bundle.notice = 3);
    assert_eq!(paths(&moved, Refuted), ["signed[2].content.notice", "signed[3].content.notice", "signed[4].content.notice"]);
    for absent in [0, 5, u64::MAX] {
        assert!(paths(&refuted(|bundle| bundle.notice = absent), Refuted).contains(&"notice"));
    }
    // Before the first entry there is a head, too.
    let mut early = sample();
    early.signed.push(signed(STREAM, &Statement::Heartbeat(head(STREAM, &entries, 0, 0))));
    assert!(verify(early.to_text().as_bytes(), &[]).is_ok());
}

#[test]
fn keys_are_the_trusted_ones_and_one_for_each_party() {
    let mut forged = sample();
    let thief = secret("thief");
    forged.keys[0] = PartyKey { party: STREAM.to_owned(), key: thief.public() };
    for signed in forged.signed.iter_mut().filter(|signed| signed.by == STREAM) {
        *signed = SignedBy { by: STREAM.to_owned(), signed: thief.sign(signed.signed.content.clone()) };
    }
    assert!(verify(forged.to_text().as_bytes(), &[]).is_ok(), "nobody can tell without the key");
    let problems = verify(forged.to_text().as_bytes(), &trusted(&[STREAM])).expect_err("another key");
    assert!(paths(&problems, Refuted).contains(&"keys[0].key"), "{problems:?}");
    // A party that has had two keys is known by both.
    let mut both = trusted(&[STREAM]);
    both.push((STREAM.to_owned(), thief.public()));
    assert!(verify(forged.to_text().as_bytes(), &both).is_ok());
    let twice = refuted(|bundle| bundle.keys.extend(keys(&[STREAM])));
    assert_eq!(paths(&twice, Refuted), ["keys[3].party"]);
    let shared = PartyKey { party: "P.TUR".to_owned(), key: secret("P.US").public() };
    let shared = refuted(|bundle| bundle.keys.push(shared));
    assert_eq!(paths(&shared, Refuted), ["keys[3].key"], "either could have signed the offer");
}

#[test]
fn two_bundles_of_one_stream_tell_one_history() {
    let (one, mut longer) = (sample(), sample());
    longer.entries = chain(STREAM, &[&BODIES[..], &["1"]].concat());
    assert_eq!(compare(&one, &longer), []);
    // A service that tells each side what it likes, and signs for both.
    let bodies = [BODIES[0], BODIES[1], r#"{"event":"other"}"#, BODIES[3]];
    let entries = chain(STREAM, &bodies);
    let of_service = signed(SERVICE, &Statement::Head(head(STREAM, &entries, 4, 0)));
    let mut split = Bundle::new(NOTICE, STREAM.to_owned(), entries, vec![of_service], keys(&[SERVICE]));
    assert!(verify(split.to_text().as_bytes(), &[]).is_ok(), "each for itself is sound");
    let (a, b) = (one.entries[2].hash, split.entries[2].hash);
    let stream = || STREAM.to_owned();
    assert_eq!(compare(&one, &split), [Difference::History { stream: stream(), seq: 3, one: a, other: b }]);
    assert_eq!(compare(&split, &one), [Difference::History { stream: stream(), seq: 3, one: b, other: a }]);
    split.stream = "P.US".to_owned();
    split.keys[0].key = secret("thief").public();
    let differences = compare(&one, &split);
    assert!(matches!(&differences[..], [Difference::Key { party, .. }] if party == SERVICE), "{differences:?}");
}
