//! The bound holds, the newest stay, and what is asked for stays longer.

use std::sync::Arc;

use serde_json::json;

use super::super::Caller;
use super::super::claims::RawClaims;
use super::{Cache, Digest, Entry};

fn entry(name: &str) -> Entry {
    let claims = json!({ "iss": "i", "sub": name, "aud": "a", "exp": 1 });
    let claims: RawClaims = serde_json::from_value(claims).expect("claims");
    let claims = claims.check(&["a".to_owned()]).expect("good claims");
    Entry { caller: Arc::new(claims.caller), times: claims.times, source: 0, generation: 0 }
}

fn digest(number: u32) -> Digest {
    let mut digest = Digest::default();
    digest[..4].copy_from_slice(&number.to_le_bytes());
    digest
}

fn name(cache: &Cache, number: u32) -> Option<String> {
    cache.get(&digest(number)).map(|entry| Caller::clone(&entry.caller).subject)
}

#[test]
fn it_remembers_and_forgets() {
    let cache = Cache::new(10);
    assert_eq!(name(&cache, 1), None);
    cache.insert(digest(1), entry("one"));
    assert_eq!(name(&cache, 1).as_deref(), Some("one"));
    cache.insert(digest(1), entry("uno"));
    assert_eq!((name(&cache, 1).as_deref(), cache.len()), (Some("uno"), 1));
    cache.remove(&digest(1));
    assert_eq!((name(&cache, 1), cache.len()), (None, 0));
}

#[test]
fn it_is_bounded_and_keeps_the_newest_half() {
    for capacity in [0, 1, 2, 10, 100] {
        let cache = Cache::new(capacity);
        for number in 0..1000 {
            cache.insert(digest(number), entry("x"));
            assert!(cache.len() <= capacity, "{} of {capacity}", cache.len());
        }
        for number in 1000 - capacity as u32 / 2..1000 {
            assert!(name(&cache, number).is_some(), "{number} of {capacity}");
        }
    }
}

#[test]
fn what_is_asked_for_stays() {
    let cache = Cache::new(10);
    cache.insert(digest(0), entry("often"));
    for number in 1..1000 {
        cache.insert(digest(number), entry("once"));
        assert_eq!(name(&cache, 0).as_deref(), Some("often"), "after {number} others");
        assert!(cache.len() <= 10);
    }
}
