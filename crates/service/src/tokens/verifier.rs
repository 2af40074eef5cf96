//! From a token and a time to its bearer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use thiserror::Error;

use super::algorithm::KeyKind;
use super::cache::{Cache, Digest, Entry};
use super::claims::{Claims, RawClaims};
use super::error::shown;
use super::jws::Jws;
use super::key::Key;
use super::refresh::{Refresher, Task};
use super::schedule::Schedule;
use super::source::{Source, State};
use super::{Caller, KeySet, TokenError};

/// Longest token that is looked at, bytes. Real ones have 300 to 2,000.
pub const MAX_TOKEN_BYTES: usize = 8192;

/// Limits of a [`Verifier`].
#[derive(Clone, Debug)]
pub struct VerifierOptions {
    /// How many verified tokens are remembered, about 400 bytes each: 10,000.
    pub cached_tokens: usize,
    /// How far `nbf` and `iat` may be in the future, as clocks differ, seconds: 30. `exp` has no leeway.
    pub leeway_s: i64,
}

impl Default for VerifierOptions {
    fn default() -> Self {
        Self { cached_tokens: 10_000, leeway_s: 30 }
    }
}

/// A verifier that would refuse everything, or that cannot be made.
#[derive(Debug, Error)]
pub enum SetupError {
    /// No key.
    #[error("no public key and no key set; without one every token is refused")]
    NoKeys,
    /// No audience, or one without a name.
    #[error("no audience, or an empty one; expected the names that tokens call this service by in `aud`, such as its host name")]
    NoAudience,
    /// No thread to refresh keys on.
    #[error("cannot start a thread that refreshes keys")]
    Thread(#[source] std::io::Error),
}

/// Verifies tokens, from any thread, without waiting for the network.
#[derive(Debug)]
pub struct Verifier {
    audiences: Vec<String>,
    leeway_s: i64,
    /// Fixed keys first, then each key set.
    sources: Vec<Arc<Source>>,
    refreshers: Vec<Refresher>,
    cache: Cache,
}

/// How one source of keys is doing.
#[derive(Clone, Debug)]
pub struct SourceStatus {
    /// The file or URL.
    pub name: String,
    /// How many keys it has.
    pub keys: usize,
    /// Do they count?
    pub usable: bool,
    /// How long ago they were last known to be right.
    pub age: Duration,
    /// Why the last refresh failed.
    pub problem: Option<String>,
}

impl Verifier {
    /// A verifier of tokens that these keys signed for one of these audiences. Starts a thread for each key set.
    ///
    /// # Errors
    /// There is no key or no audience, or no thread.
    pub fn new(keys: KeySet, audiences: Vec<String>, options: VerifierOptions) -> Result<Self, SetupError> {
        if keys.fixed.is_empty() && keys.changing.is_empty() {
            return Err(SetupError::NoKeys);
        }
        if audiences.is_empty() || audiences.iter().any(String::is_empty) {
            return Err(SetupError::NoAudience);
        }
        let (mut sources, mut refreshers) = (Vec::new(), Vec::new());
        if !keys.fixed.is_empty() {
            sources.push(Arc::new(Source::new("public keys".to_owned(), keys.fixed, None)));
        }
        for set in keys.changing {
            let usable_for = set.options.refresh_every.saturating_add(set.options.keep_for);
            let source = Arc::new(Source::new(set.name, set.keys, Some(usable_for)));
            sources.push(Arc::clone(&source));
            let schedule = Schedule::new(set.options.refresh_every, set.options.refresh_at_most_every, Instant::now());
            let task = Task { source, place: set.place, schedule, usable_for };
            refreshers.push(Refresher::start(task).map_err(SetupError::Thread)?);
        }
        let cache = Cache::new(options.cached_tokens);
        Ok(Self { audiences, leeway_s: options.leeway_s, sources, refreshers, cache })
    }

    /// Whose token is this, at `now_s` (Unix seconds)? The answer depends on the token, the keys and `now_s` alone; tokens that
    /// were verified before are answered from memory, in the same words.
    ///
    /// # Errors
    /// Whatever is wrong with the token, the first thing found: its form, its signature, its claims, its times.
    pub fn verify(&self, token: &str, now_s: i64) -> Result<Arc<Caller>, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong { bytes: token.len(), limit: MAX_TOKEN_BYTES });
        }
        let digest = sha256(token);
        if let Some(known) = self.cache.get(&digest) {
            if self.sources[known.source].vouches_for(known.generation) {
                known.times.check(now_s, self.leeway_s)?;
                return Ok(known.caller);
            }
            self.cache.remove(&digest);
        }
        let jws = Jws::read(token)?;
        let (source, generation) = self.signer(&jws)?;
        let Claims { caller, times } = jws.claims::<RawClaims>()?.check(&self.audiences)?;
        times.check(now_s, self.leeway_s)?;
        let caller = Arc::new(caller);
        self.cache.insert(digest, Entry { caller: Arc::clone(&caller), times, source, generation });
        Ok(caller)
    }

    /// How the sources of keys are doing: the fixed keys first, then each key set.
    pub fn sources(&self) -> Vec<SourceStatus> {
        let status = |source: &Arc<Source>| {
            let state = source.state();
            let (name, keys, usable, age) = (source.name.clone(), state.keys.len(), state.is_usable(), state.refreshed.elapsed());
            SourceStatus { name, keys, usable, age, problem: state.problem }
        };
        self.sources.iter().map(status).collect()
    }

    /// How many verified tokens are remembered.
    pub fn cached_tokens(&self) -> usize {
        self.cache.len()
    }

    /// Which source's keys signed this, and of which generation they are.
    fn signer(&self, jws: &Jws<'_>) -> Result<(usize, u64), TokenError> {
        let states: Vec<State> = self.sources.iter().map(|source| source.state()).collect();
        let keys = || states.iter().flat_map(|state| state.keys.iter());
        let kid = jws.kid.as_deref();
        if !KeyKind::knows(&jws.algorithm) {
            return Err(not_allowed(&jws.algorithm, keys()));
        }
        for (index, state) in states.iter().enumerate() {
            let mut candidates = state.keys.iter().filter(|key| key.answers_to(kid));
            if candidates.any(|key| key.verifies(&jws.algorithm, jws.signed.as_bytes(), &jws.signature) == Some(true)) {
                return if state.is_usable() { Ok((index, state.generation)) } else { Err(self.too_old(index)) };
            }
        }
        // Its key may be new, or have changed under an old name.
        self.refreshers.iter().for_each(Refresher::wish);
        let candidates: Vec<&Key> = keys().filter(|key| key.answers_to(kid)).collect();
        if candidates.is_empty() {
            // Keys that are too old cannot tell that there is no such key.
            let old = states.iter().position(|state| !state.is_usable());
            return Err(old.map_or_else(
                || TokenError::UnknownKey { kid: kid.map_or_else(|| "not named".to_owned(), shown) },
                |source| self.too_old(source),
            ));
        }
        if candidates.iter().flat_map(|key| key.algorithms()).any(|allowed| allowed == jws.algorithm) {
            return Err(TokenError::BadSignature);
        }
        Err(not_allowed(&jws.algorithm, candidates.into_iter()))
    }

    fn too_old(&self, source: usize) -> TokenError {
        TokenError::KeysTooOld { source_name: self.sources[source].name.clone() }
    }
}

fn not_allowed<'a>(found: &str, keys: impl Iterator<Item = &'a Key>) -> TokenError {
    let allowed: BTreeSet<&str> = keys.flat_map(Key::algorithms).collect();
    let allowed = if allowed.is_empty() { "nothing".to_owned() } else { Vec::from_iter(allowed).join(", ") };
    TokenError::AlgorithmNotAllowed { found: shown(found), allowed }
}

fn sha256(token: &str) -> Digest {
    let mut bytes = Digest::default();
    bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    bytes
}

/// The token of an `Authorization` header: `Bearer`, in any case (RFC 9110 §11.1), a space or more, and the token.
///
/// # Errors
/// [`TokenError::Missing`] without a header or with an empty one; [`TokenError::Malformed`] for another scheme.
pub fn bearer(authorization: Option<&[u8]>) -> Result<&str, TokenError> {
    let header = authorization.unwrap_or_default().trim_ascii();
    if header.is_empty() {
        return Err(TokenError::Missing);
    }
    let other = || TokenError::Malformed {
        found: "the `Authorization` header is of another scheme".to_owned(),
        expected: "`Authorization: Bearer TOKEN`",
    };
    let text = std::str::from_utf8(header).map_err(|_| other())?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(other());
    }
    let token = token.trim_start_matches(' ');
    if token.is_empty() { Err(TokenError::Missing) } else { Ok(token) }
}

#[cfg(test)]
#[path = "verifier_tests.rs"]
mod tests;
