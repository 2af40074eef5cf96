//! Evidence: what a party was told up to now, what it said to it, and the keys, as one file that can be checked without this service.
//!
//! What is signed is checked when it comes in, so that what is kept can be exported and proved later.

use crate::native::answer::No;
use crate::native::dispatch::Asked;
use crate::native::handlers::form;
use deconflict_evidence::{Bundle, Entry, Hash, Head, PartyKey, PublicKey, SERVICE, SecretKey, Signed, SignedBy, Statement};
use deconflict_joint::State;
use serde_json::Value;

/// What a signature has to be about.
pub enum About<'a> {
    /// A step of a notice.
    Step {
        /// The notice.
        notice: u64,
        /// What became of it.
        step: &'a str,
    },
    /// The head of the party's own stream.
    Head,
    /// The terms of an offer.
    Offer,
    /// Whether terms are accepted.
    Decision {
        /// Yes or no.
        accept: bool,
    },
}

/// Everything about one notice of a party, with the head as the service signs it; `None` if it has no such notice.
pub fn bundle(state: &State, party: &str, notice: u64, service: Option<&SecretKey>) -> Option<Value> {
    let row = state.notices.get(party)?.get(&notice)?;
    let stream = state.streams.get(party)?;
    let mut previous = Hash::ZERO;
    let mut entries = Vec::with_capacity(stream.events.len());
    for ((seq, event), hash) in (1u64..).zip(&stream.events).zip(&stream.hashes) {
        entries.push(Entry { seq, previous, hash: *hash, body: event.body.clone() });
        previous = *hash;
    }
    let heads = state.papers.get("heads").and_then(|heads| heads.get(party));
    let of_party = row.ladder.iter().filter_map(|step| step.get("signed")).chain(heads);
    let of_party = of_party.filter_map(|signed| serde_json::from_value::<Signed>(signed.clone()).ok());
    let mut signed: Vec<SignedBy> = Vec::new();
    for one in of_party {
        // The latest head may be the one that delivered the notice.
        if signed.iter().all(|other| other.signed != one) {
            signed.push(SignedBy { by: party.to_owned(), signed: one });
        }
    }
    let key_of_party = state.keys.get(party).and_then(|key| PublicKey::from_base64url(key).ok());
    let mut keys: Vec<PartyKey> = key_of_party.map(|key| PartyKey { party: party.to_owned(), key }).into_iter().collect();
    if let (Some(service), Some(head)) = (service, signed_head(state, party, service)) {
        signed.push(SignedBy { by: SERVICE.to_owned(), signed: head });
        keys.push(PartyKey { party: SERVICE.to_owned(), key: service.public() });
    }
    serde_json::to_value(Bundle::new(notice, party.to_owned(), entries, signed, keys)).ok()
}

/// The head of a party's stream as the service signs it: whoever keeps it can prove later that this is what it was shown.
pub fn signed_head(state: &State, party: &str, service: Option<&SecretKey>) -> Option<Signed> {
    let stream = state.streams.get(party);
    let head = Head {
        stream: party.to_owned(),
        seq: state.latest(party),
        hash: stream.and_then(|stream| stream.hashes.last().copied()).unwrap_or(Hash::ZERO),
        at: whole_seconds(&deconflict_joint::time_text(state.now_ns)),
    };
    Some(service?.sign(Statement::Head(head).content()))
}

/// An instant without a fraction of a second.
fn whole_seconds(text: &str) -> String {
    text.split_once('.').map_or_else(|| text.to_owned(), |(whole, _)| format!("{whole}Z"))
}

/// Whether what a party says that it signed is signed with its key, and about what it is sent with.
pub fn check_signed(asked: &Asked<'_>, signed: Option<&Value>, about: &About<'_>) -> Result<(), No> {
    let Some(signed) = signed.filter(|signed| !signed.is_null()) else { return Ok(()) };
    let wrong = |field: &str, found: &str, expected: &str| Err(form(field, found, expected));
    let Ok(signed) = serde_json::from_value::<Signed>(signed.clone()) else {
        return wrong("signed", "something else", "content, key and signature, each a text, and nothing else");
    };
    let me = asked.me();
    let known = asked.service.node.read_joint(|state| state.keys.get(me).cloned());
    if known.as_deref() != Some(signed.key.as_str()) {
        return wrong("signed.key", "another key", "the key that you have set (PUT /api/v1/key)");
    }
    if let Err(error) = signed.check() {
        return wrong("signed.signature", &error.to_string(), "Ed25519 over \"deconflict sign 1\\n\" and the content");
    }
    let statement = match signed.statement() {
        Ok(statement) => statement,
        Err(problems) => {
            let all = problems
                .iter()
                .map(|problem| (format!("signed.content.{}", problem.path), problem.found.clone(), problem.expected.clone()));
            return Err(No::Form(all.collect()));
        }
    };
    let hash_of = |seq: u64| {
        let at = usize::try_from(seq).ok()?.checked_sub(1)?;
        asked.service.node.read_joint(|state| state.streams.get(me)?.hashes.get(at).copied())
    };
    let fits = match (&statement, about) {
        (Statement::Step(said), About::Step { notice, step }) => {
            said.notice == *notice && said.step.name() == *step && hash_of(*notice) == Some(said.hash)
        }
        (Statement::Heartbeat(head), About::Head) => {
            head.stream == me && (head.seq == 0 && head.hash == Hash::ZERO || hash_of(head.seq) == Some(head.hash))
        }
        (Statement::Offer { .. }, About::Offer) => true,
        (Statement::Acceptance { accept: said, .. }, About::Decision { accept }) => said == accept,
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        wrong("signed.content", "a statement about something else", "what is sent with it: docs/evidence.md")
    }
}

/// Whether a text is a key that can be trusted to stand for one signer.
pub fn check_key(key: &str) -> Result<(), No> {
    PublicKey::from_base64url(key)
        .map(drop)
        .map_err(|error| form("key", &error.to_string(), "an Ed25519 public key, 32 bytes in base64url"))
}
