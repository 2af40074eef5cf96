//! Evidence: what a party was told up to now, what it said to it, and the keys, as one file that can be checked without this service.

use crate::native::answer::No;
use crate::native::dispatch::Asked;
use crate::native::handlers::form;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deconflict_joint::State;
use serde_json::{Value, json};
use std::fmt::Write;

/// What stands before everything that is signed, so that no signature means something else elsewhere.
const SIGNED: &[u8] = b"deconflict sign 1\n";

/// Everything about one notice of a party; `None` if it has no such notice.
pub fn bundle(state: &State, party: &str, notice: u64) -> Option<Value> {
    let row = state.notices.get(party)?.get(&notice)?;
    let stream = state.streams.get(party)?;
    let mut previous = [0; 32];
    let mut entries = Vec::with_capacity(stream.events.len());
    for ((number, event), hash) in (1u64..).zip(&stream.events).zip(&stream.hashes) {
        entries.push(json!({ "seq": number, "previous": hex(&previous), "hash": hex(hash), "body": event.body }));
        previous = *hash;
    }
    let of_notice = row.ladder.iter().filter_map(|step| step.get("signed")).filter(|signed| !signed.is_null());
    let heads = state.papers.get("heads").and_then(|heads| heads.get(party));
    let signed: Vec<Value> = of_notice
        .chain(heads)
        .map(|signed| {
            let mut signed = signed.clone();
            signed["by"] = json!(party);
            signed
        })
        .collect();
    let keys: Vec<Value> = state.keys.get(party).map(|key| json!({ "party": party, "key": key })).into_iter().collect();
    Some(json!({
        "format": "deconflict-evidence-1",
        "notice": notice,
        "stream": party,
        "entries": entries,
        "signed": signed,
        "keys": keys,
        "ladder": row.ladder,
    }))
}

/// Whether what a party says that it signed is signed with its key.
pub fn check_signed(asked: &Asked<'_>, signed: Option<&Value>) -> Result<(), No> {
    let Some(signed) = signed.filter(|signed| !signed.is_null()) else { return Ok(()) };
    let text = |field: &str| signed.get(field).and_then(Value::as_str);
    let (Some(content), Some(key), Some(signature)) = (text("content"), text("key"), text("signature")) else {
        return Err(form("signed", "something else", "content, key and signature, each a text"));
    };
    let known = asked.service.node.read_joint(|state| state.keys.get(asked.me()).cloned());
    if known.as_deref() != Some(key) {
        return Err(form("signed.key", "another key", "the key that you have set (PUT /api/v1/key)"));
    }
    let key = decoded("signed.key", key)?;
    let signature = decoded("signed.signature", signature)?;
    let message = [SIGNED, content.as_bytes()].concat();
    let verified = UnparsedPublicKey::new(&ED25519, key).verify(&message, &signature);
    verified.map_err(|_| {
        form("signed.signature", "a signature of something else", "Ed25519 over \"deconflict sign 1\\n\" and the content")
    })
}

/// Whether a text is a key.
pub fn check_key(key: &str) -> Result<(), No> {
    let bytes = decoded("key", key)?;
    if bytes.len() == 32 {
        Ok(())
    } else {
        Err(form("key", &format!("{} bytes", bytes.len()), "the 32 bytes of an Ed25519 public key"))
    }
}

fn decoded(field: &str, text: &str) -> Result<Vec<u8>, No> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| form(field, "no base64url", "base64url without padding"))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
