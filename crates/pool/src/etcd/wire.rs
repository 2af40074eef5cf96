//! The few messages of etcd's v3 API that are used, as its JSON gateway writes them: bytes in base64, 64-bit numbers as texts,
//! and nothing at all in place of a zero.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// The answer to a transaction.
#[derive(Debug, Deserialize)]
pub struct TxnResponse {
    pub header: Header,
    #[serde(default)]
    pub succeeded: bool,
    #[serde(default)]
    pub responses: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Header {
    #[serde(default, deserialize_with = "number")]
    pub revision: u64,
}

/// The answer to one operation of a transaction.
#[derive(Debug, Deserialize)]
pub struct Response {
    pub response_range: Option<RangeResponse>,
}

#[derive(Debug, Default, Deserialize)]
pub struct RangeResponse {
    #[serde(default)]
    pub kvs: Vec<KeyValue>,
    #[serde(default)]
    pub more: bool,
}

#[derive(Debug, Deserialize)]
pub struct KeyValue {
    #[serde(deserialize_with = "bytes")]
    pub key: Vec<u8>,
    #[serde(deserialize_with = "number")]
    pub create_revision: u64,
    #[serde(default, deserialize_with = "bytes")]
    pub value: Vec<u8>,
}

#[derive(Debug, Serialize)]
pub struct Txn {
    pub compare: Vec<Value>,
    pub success: Vec<Value>,
    pub failure: Vec<Value>,
}

/// Holds if the key has this value; with `None`, if there is no such key.
pub fn has_value(key: &[u8], value: Option<&[u8]>) -> Value {
    match value {
        Some(value) => json!({ "key": base64(key), "target": "VALUE", "result": "EQUAL", "value": base64(value) }),
        None => json!({ "key": base64(key), "target": "CREATE", "result": "EQUAL", "create_revision": "0" }),
    }
}

/// Holds if the key was last written in this revision; 0: if there is no such key.
pub fn written_in(key: &[u8], revision: u64) -> Value {
    json!({ "key": base64(key), "target": "MOD", "result": "EQUAL", "mod_revision": revision.to_string() })
}

pub fn put(key: &[u8], value: &[u8]) -> Value {
    json!({ "request_put": { "key": base64(key), "value": base64(value) } })
}

/// The keys from `key` up to `end`, which is not one of them, in their order, at most `limit`.
pub fn range(key: &[u8], end: &[u8], limit: usize) -> Value {
    json!({ "request_range": { "key": base64(key), "range_end": base64(end), "limit": limit.to_string() } })
}

pub fn delete(key: &[u8], end: &[u8]) -> Value {
    json!({ "request_delete_range": { "key": base64(key), "range_end": base64(end) } })
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Text(String),
        Plain(u64),
    }
    match Number::deserialize(deserializer)? {
        Number::Plain(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(|_| D::Error::custom(format!("found `{text}`; expected a number"))),
    }
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(&text).map_err(|_| D::Error::custom("found bytes that are no base64"))
}
