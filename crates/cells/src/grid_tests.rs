//! The grid against that of `s2rst`.

use super::*;
use crate::direction::Direction;
use s2rst::s2::{self, CellId, Face, Level};

/// A number without pattern for each seed.
fn scrambled(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 29)
}

#[test]
fn ids_are_those_of_s2() {
    const FACES: [Face; 6] = [Face::F0, Face::F1, Face::F2, Face::F3, Face::F4, Face::F5];
    let corners = [(0, 0), (0, SIDE - 1), (SIDE - 1, 0), (SIDE - 1, SIDE - 1)];
    let side = u64::from(SIDE.unsigned_abs());
    let random = (0..5_000).map(|seed| {
        let bits = scrambled(seed);
        (i16::try_from(bits % side).unwrap(), i16::try_from((bits >> 20) % side).unwrap())
    });
    for (column, row) in corners.into_iter().chain(random) {
        for (number, face) in FACES.into_iter().enumerate() {
            let leaf = s2::from_face_ij(face, i32::from(column) << 17, i32::from(row) << 17);
            assert_eq!(cell_id(number, column, row), leaf.parent_at_level(Level::new(13)).id(), "{number} {column} {row}");
        }
    }
}

#[test]
fn bounds_are_those_of_s2() {
    for column in 0..SIDE {
        let expected = s2::ij_level_to_bound_uv(i32::from(column) << 17, 0, Level::new(13));
        assert!((lower_bound(column) - expected.x.lo).abs() < 1e-15, "{column}");
        assert!((lower_bound(column + 1) - expected.x.hi).abs() < 1e-15, "{column}");
        assert!(lower_bound(column) < middle(column) && middle(column) < lower_bound(column + 1), "{column}");
        assert_eq!(index(middle(column)), column);
    }
    assert_eq!([index(-1.001), index(1.001), index(-1e300), index(1e300)], [-1, SIDE, -1, SIDE]);
}

#[test]
fn a_place_has_the_face_and_the_cell_that_s2_gives_it() {
    for seed in 0..20_000 {
        let unit = |bits: u64| f64::from(u32::try_from(bits >> 32).unwrap()) / f64::from(u32::MAX) * 2.0 - 1.0;
        let place = Direction([unit(scrambled(seed)), unit(scrambled(!seed)), unit(scrambled(seed << 20))]).normalized();
        let (face, [x, y, z]) = (place.face(), place.0);
        let spot = place.on(face);
        let expected = CellId::from_point(&s2::Point(s2rst::r3::Vector { x, y, z })).parent_at_level(Level::new(13));
        assert_eq!(cell_id(face, index(spot.u), index(spot.v)), expected.id(), "{place:?}");
    }
}
