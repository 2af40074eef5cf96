//! Two bundles of one stream: do they tell one history? Whoever shows each side a history of its own is found as soon as the sides compare.

use std::fmt;

use serde::Serialize;

use crate::bundle::Bundle;
use crate::hash::Hash;

/// Something in which two bundles contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Difference {
    /// Two histories of one stream.
    History {
        /// The recipient whose stream it is.
        stream: String,
        /// The first entry in which they differ; all before are the same.
        seq: u64,
        /// Its hash in the first bundle.
        one: Hash,
        /// Its hash in the second.
        other: Hash,
    },
    /// Two keys of one party.
    Key {
        /// Whose key it is.
        party: String,
        /// Its key in the first bundle.
        one: String,
        /// Its key in the second.
        other: String,
    },
}

/// What two bundles contradict each other in. A stream that goes on further in one of them is no contradiction, and streams of two recipients
/// are not compared. Means something only where both bundles are sound ([`crate::verify()`]).
pub fn compare(one: &Bundle, other: &Bundle) -> Vec<Difference> {
    let mut differences = Vec::new();
    if one.stream == other.stream {
        let parted = one.entries.iter().zip(&other.entries).find(|(one, other)| one.hash != other.hash);
        differences.extend(parted.map(|(a, b)| {
            let (stream, seq) = (one.stream.clone(), a.seq);
            Difference::History { stream, seq, one: a.hash, other: b.hash }
        }));
    }
    for a in &one.keys {
        let b = other.keys.iter().find(|b| b.party == a.party && b.key != a.key);
        differences.extend(b.map(|b| {
            let (party, one, other) = (a.party.clone(), a.key.to_string(), b.key.to_string());
            Difference::Key { party, one, other }
        }));
    }
    differences
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History { stream, seq, one, other } => write!(
                f,
                "two histories of the stream of {stream}: the same up to entry {}, and entry {seq} is {one} in the first and {other} in the second",
                seq.saturating_sub(1)
            ),
            Self::Key { party, one, other } => {
                write!(f, "two keys of {party}: {one} in the first and {other} in the second")
            }
        }
    }
}
