//! Whether an answer is the known one: how many pairs, and their fingerprint.

use crate::known::Known;
use serde::{Deserialize, Serialize};

/// A geodesic edge answers differently from a planar one in so small a part of the pairs of W; of 207,145 it is 8.
const GEODESIC_SHARE: f64 = 1e-4;

/// What an answer was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Exactly the known answer.
    Equal,
    /// The number of pairs is that of planar edges, up to the few that geodesic edges change; nobody knows it exactly.
    Near,
    /// Nothing is known to hold it against.
    Unknown,
    /// Another answer: somebody is wrong.
    Differs,
}

/// An answer and the verdict on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Number of answers.
    pub count: u64,
    /// Fingerprint of the pairs, in hexadecimal digits; empty where the answer is no list of pairs.
    pub fnv: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What the verdict rests on, for people.
    pub against: String,
}

/// FNV-1a over 64-bit words: both numbers of each pair, in order.
pub fn fingerprint(pairs: &[(u32, u32)]) -> u64 {
    let mix = |hash: u64, word: u32| (hash ^ u64::from(word)).wrapping_mul(0x100_0000_01b3);
    pairs.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &(a, b)| mix(mix(hash, a), b))
}

impl Answer {
    /// A sorted list of pairs under geodesic edges, held against what is known of its set.
    pub fn geodesic(pairs: &[(u32, u32)], known: Option<&Known>) -> Self {
        assert!(pairs.is_sorted(), "pairs are sorted, for the fingerprint");
        let count = pairs.len() as u64;
        let (verdict, against) = match known {
            None => (Verdict::Unknown, "nothing is known".to_owned()),
            Some(Known { geodesic_pairs: Some(touching), undecided_pairs: undecided, .. }) => {
                let verdict = if count == touching + undecided { Verdict::Equal } else { Verdict::Differs };
                let and_undecided = if *undecided == 0 { String::new() } else { format!(" + {undecided} within 1 mm") };
                (verdict, format!("{touching} geodesic{and_undecided}"))
            }
            Some(Known { planar_pairs, .. }) => {
                let is_near = count.abs_diff(*planar_pairs) as f64 <= GEODESIC_SHARE * *planar_pairs as f64;
                (if is_near { Verdict::Near } else { Verdict::Differs }, format!("{planar_pairs} planar"))
            }
        };
        Self { count, fnv: format!("{:016x}", fingerprint(pairs)), verdict, against }
    }

    /// A sorted list of pairs under planar edges.
    pub fn planar(pairs: &[(u32, u32)], known: Option<&Known>) -> Self {
        assert!(pairs.is_sorted(), "pairs are sorted, for the fingerprint");
        let (count, fnv) = (pairs.len() as u64, fingerprint(pairs));
        let (verdict, against) = match known {
            None => (Verdict::Unknown, "nothing is known".to_owned()),
            Some(known) => {
                let is_equal = count == known.planar_pairs && fnv == known.planar_fnv;
                let verdict = if is_equal { Verdict::Equal } else { Verdict::Differs };
                (verdict, format!("{} planar, fingerprint {:016x}", known.planar_pairs, known.planar_fnv))
            }
        };
        Self { count, fnv: format!("{fnv:016x}"), verdict, against }
    }

    /// A list of pairs held against another list of the same.
    pub fn against_oracle(pairs: &[(u32, u32)], oracle: &[(u32, u32)], name: &str) -> Self {
        let verdict = if pairs == oracle { Verdict::Equal } else { Verdict::Differs };
        let fnv = format!("{:016x}", fingerprint(pairs));
        Self { count: pairs.len() as u64, fnv, verdict, against: format!("{} by {name}", oracle.len()) }
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
