//! Fingerprints and verdicts.

use super::{Answer, Verdict, fingerprint};
use crate::known::{ALL, Known};

#[test]
fn the_fingerprint_is_fnv_1a_over_words() {
    assert_eq!(fingerprint(&[]), 0xcbf2_9ce4_8422_2325);
    // One step by hand: xor with 1, times the prime; then xor with 2, times the prime.
    let one = (0xcbf2_9ce4_8422_2325_u64 ^ 1).wrapping_mul(1_099_511_628_211);
    assert_eq!(fingerprint(&[(1, 2)]), (one ^ 2).wrapping_mul(1_099_511_628_211));
    assert_ne!(fingerprint(&[(1, 2), (3, 4)]), fingerprint(&[(3, 4), (1, 2)]));
}

#[test]
fn a_verdict_says_what_is_known() {
    let pairs: Vec<(u32, u32)> = (0..1_000).map(|a| (a, a + 1)).collect();
    let check = |known: Option<Known>, expected| {
        assert_eq!(Answer::geodesic(&pairs, known.as_ref()).verdict, expected, "{known:?}");
    };
    let base = Known { planar_pairs: 1_000, geodesic_pairs: None, ..ALL[0] };
    check(None, Verdict::Unknown);
    check(Some(Known { geodesic_pairs: Some(1_000), ..base }), Verdict::Equal);
    check(Some(Known { geodesic_pairs: Some(1_001), ..base }), Verdict::Differs);
    check(Some(base), Verdict::Near);
    check(Some(Known { planar_pairs: 1_001, ..base }), Verdict::Differs);
}

#[test]
fn planar_answers_need_the_fingerprint_too() {
    let pairs = [(1, 2), (3, 4)];
    let known = Known { planar_pairs: 2, planar_fnv: fingerprint(&pairs), ..ALL[0] };
    assert_eq!(Answer::planar(&pairs, Some(&known)).verdict, Verdict::Equal);
    assert_eq!(Answer::planar(&[(1, 2), (3, 5)], Some(&known)).verdict, Verdict::Differs);
    assert_eq!(Answer::against_oracle(&pairs, &pairs, "brute force").verdict, Verdict::Equal);
    assert_eq!(Answer::against_oracle(&pairs, &pairs[..1], "brute force").verdict, Verdict::Differs);
}
