//! What is known of the sets of W with seed 1: the SHA-256 of each, and its answers with minima zero.
//!
//! Planar answers take the edges as straight in longitude and latitude; foreign engines are held against them. Geodesic
//! answers take them as shortest paths on the ellipsoid, as the product does. Source: the project's own workload W, where
//! the planar ones were found alike by several engines.

use crate::w::{Spread, Workload};
use Spread::{Clustered, Uniform};

/// The facts of one set.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The set.
    pub workload: Workload,
    /// SHA-256 of its file.
    pub sha256: &'static str,
    /// Pairs of volumes in conflict, planar edges.
    pub planar_pairs: u64,
    /// FNV-1a of these pairs, as `answers::fingerprint` computes it.
    pub planar_fnv: u64,
    /// Pairs of volumes that share a point, geodesic edges; `None` where nobody has counted them independently.
    pub geodesic_pairs: Option<u64>,
    /// Pairs at most a millimetre apart, which count as touching; zero where `geodesic_pairs` is `None`.
    pub undecided_pairs: u64,
}

const fn known(spread: Spread, operations: u32, sha256: &'static str, planar: (u64, u64), geodesic: Option<(u64, u64)>) -> Known {
    let (planar_pairs, planar_fnv) = planar;
    let (geodesic_pairs, undecided_pairs) = match geodesic {
        Some((pairs, undecided)) => (Some(pairs), undecided),
        None => (None, 0),
    };
    Known {
        workload: Workload { spread, seed: 1, operations },
        sha256,
        planar_pairs,
        planar_fnv,
        geodesic_pairs,
        undecided_pairs,
    }
}

/// All sets about which something is known.
pub const ALL: [Known; 6] = [
    known(
        Uniform,
        10_000,
        "57559be27e60be97617fa718df7f1cd9801cb43fd082e69f866bcd33006b655f",
        (23, 0x7e73_d357_ad31_f5b9),
        Some((23, 0)),
    ),
    known(
        Clustered,
        10_000,
        "d83111ac3fbddefeb6984c8003000faf689470b0363eccbf5ef6d6740ac8077d",
        (2_138, 0x4620_253b_6ea4_f655),
        Some((2_138, 0)),
    ),
    known(
        Uniform,
        100_000,
        "ebcc6339655045111f172638b9ce473d2ae589f3a22a56dcbdbefcd3f4475532",
        (3_500, 0x85a3_7f93_c3bd_389f),
        Some((3_500, 0)),
    ),
    known(
        Clustered,
        100_000,
        "0cce58f0bc0680d9a1cc888406e4d3ccf2ce9ba350f2654ddfc7a603458265d9",
        (207_145, 0xe119_4740_5252_e263),
        Some((207_141, 2)),
    ),
    known(
        Uniform,
        1_000_000,
        "6a79bfd9fe43d34ef5c626a6a471226249cf76f8ad474467dfaeb4ef8e99d9d9",
        (354_782, 0x2bd1_21c3_3279_5b33),
        None,
    ),
    known(
        Clustered,
        1_000_000,
        "6fa167a881458596ff6dcef716c0256276d4b0d47f509af67b99a2c4e26a0901",
        (20_997_894, 0xb37d_4d96_dd1f_3b23),
        None,
    ),
];

/// What is known of `workload`, if anything.
pub fn of(workload: Workload) -> Option<&'static Known> {
    ALL.iter().find(|known| known.workload == workload)
}
