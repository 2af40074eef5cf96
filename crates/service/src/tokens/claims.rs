//! What a token says (RFC 7519 §4.1), held against what it must say. The signature is somebody else's matter.

use deconflict_registry::UssId;
use serde::Deserialize;
use serde_json::Value;

use super::error::{all_shown, shown};
use super::{Caller, TokenError};

/// How far ahead `exp` may be, seconds: F3548 tokens live an hour at most.
pub const LONGEST_LIFE_S: i64 = 3600;
/// Longest `sub`, bytes: what the registry takes as the name of a USS.
const LONGEST_SUBJECT: usize = UssId::MAX_BYTES;

/// The claims as they stand in the token. A claim that is `null` is not there.
#[derive(Debug, Deserialize)]
pub struct RawClaims {
    iss: Option<Value>,
    sub: Option<Value>,
    aud: Option<Value>,
    exp: Option<Value>,
    nbf: Option<Value>,
    iat: Option<Value>,
    scope: Option<Value>,
}

/// Claims that make sense and are meant for us; whether they hold now is for [`Times::check`].
#[derive(Debug)]
pub struct Claims {
    /// Whose token it is.
    pub caller: Caller,
    /// When it counts.
    pub times: Times,
}

/// When a token counts, each in Unix milliseconds, rounded down: a NumericDate may have a fraction.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    exp_ms: i64,
    nbf_ms: Option<i64>,
    iat_ms: Option<i64>,
}

impl RawClaims {
    /// Holds the claims against what is expected, but for the time.
    ///
    /// # Errors
    /// The first claim that is missing or wrong.
    pub fn check(self, audiences: &[String]) -> Result<Claims, TokenError> {
        let issuer = text("iss", self.iss, "the name of the authority that issued it")?;
        let subject = text("sub", self.sub, "the name of the USS")?;
        if subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            let found = format!("{} ({} bytes)", shown(&subject), subject.len());
            return Err(wrong("sub", found, "the name of the USS, at most 256 bytes, none of them a control character"));
        }
        check_audience(self.aud, audiences)?;
        let exp = self.exp.ok_or(TokenError::MissingClaim { name: "exp", expected: "a time at most one hour ahead" })?;
        let times = Times {
            exp_ms: unix_ms("exp", &exp)?,
            nbf_ms: self.nbf.map(|nbf| unix_ms("nbf", &nbf)).transpose()?,
            iat_ms: self.iat.map(|iat| unix_ms("iat", &iat)).transpose()?,
        };
        Ok(Claims { caller: Caller::new(subject, issuer, scopes(self.scope)?), times })
    }
}

impl Times {
    /// Does the token count at `now_s` (Unix seconds)? `exp` must be after now, and at most an hour after, both without leeway;
    /// `nbf` and `iat` may be up to `leeway_s` after now, as clocks differ.
    ///
    /// # Errors
    /// [`TokenError::Expired`], [`TokenError::ExpiryTooFar`] or [`TokenError::NotYetValid`].
    pub fn check(&self, now_s: i64, leeway_s: i64) -> Result<(), TokenError> {
        let ahead_ms = |ms: i64| ms.saturating_sub(now_s.saturating_mul(1000));
        if ahead_ms(self.exp_ms) <= 0 {
            return Err(TokenError::Expired { exp_s: seconds(self.exp_ms), now_s });
        }
        if ahead_ms(self.exp_ms) > LONGEST_LIFE_S * 1000 {
            return Err(TokenError::ExpiryTooFar { exp_s: seconds(self.exp_ms), now_s, limit_s: LONGEST_LIFE_S });
        }
        for (name, ms) in [("nbf", self.nbf_ms), ("iat", self.iat_ms)] {
            if let Some(ms) = ms.filter(|ms| ahead_ms(*ms) > leeway_s.saturating_mul(1000)) {
                return Err(TokenError::NotYetValid { name, at_s: seconds(ms), now_s, leeway_s });
            }
        }
        Ok(())
    }
}

/// Milliseconds as seconds, with a fraction only where there is one.
fn seconds(ms: i64) -> String {
    let (seconds, rest_ms) = (ms.div_euclid(1000), ms.rem_euclid(1000));
    if rest_ms == 0 { seconds.to_string() } else { format!("{seconds}.{rest_ms:03}") }
}

fn wrong(name: &'static str, found: String, expected: &'static str) -> TokenError {
    TokenError::WrongClaim { name, found, expected }
}

/// What a value is, in a few words.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => shown(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// A claim that must be there and be text.
fn text(name: &'static str, value: Option<Value>, expected: &'static str) -> Result<String, TokenError> {
    match value {
        None => Err(TokenError::MissingClaim { name, expected }),
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(other) => Err(wrong(name, kind(&other), expected)),
    }
}

/// A NumericDate (RFC 7519 §2): seconds since 1970, perhaps with a fraction. Times beyond all that we can tell are the last
/// that we can, which decides the same.
fn unix_ms(name: &'static str, value: &Value) -> Result<i64, TokenError> {
    let Value::Number(number) = value else { return Err(wrong(name, kind(value), "a number of seconds since 1970")) };
    let whole = number.as_i64().map(|seconds| seconds.saturating_mul(1000));
    // `as` saturates, and the reader of JSON lets no number through that is not finite.
    whole
        .or_else(|| number.as_f64().map(|seconds| (seconds * 1000.0).floor() as i64))
        .ok_or_else(|| wrong(name, kind(value), "a number of seconds since 1970"))
}

/// Texts, from one of them or a list.
fn texts(name: &'static str, value: Value, expected: &'static str) -> Result<Vec<String>, TokenError> {
    let list = match value {
        Value::Array(list) => list,
        one => vec![one],
    };
    let text = |value| match value {
        Value::String(text) => Ok(text),
        other => Err(wrong(name, kind(&other), expected)),
    };
    list.into_iter().map(text).collect()
}

/// One of the token's audiences must be one of ours, byte by byte.
fn check_audience(value: Option<Value>, audiences: &[String]) -> Result<(), TokenError> {
    let value = value.ok_or(TokenError::MissingClaim { name: "aud", expected: "one of the audiences configured here" })?;
    let named = texts("aud", value, "text or a list of texts")?;
    if named.iter().any(|name| audiences.contains(name)) {
        return Ok(());
    }
    let found = if named.is_empty() { "nobody".to_owned() } else { all_shown(named.iter().map(String::as_str)) };
    Err(TokenError::WrongAudience { found, expected: all_shown(audiences.iter().map(String::as_str)) })
}

/// `scope`: names between spaces (RFC 8693 §4.2), or a list of them as some authorities write it. Without it nothing is granted.
fn scopes(value: Option<Value>) -> Result<Vec<String>, TokenError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let given = texts("scope", value, "scopes between spaces, or a list of them")?;
    Ok(given.iter().flat_map(|text| text.split(' ')).filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
}
