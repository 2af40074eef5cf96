//! No pair that has something to say is left out.

use deconflict_conflict::Minima;
use deconflict_spacetime::{
    Altitude, AltitudeBand, AltitudeReference, Area, Circle, NS_PER_S, Shape, UM_PER_M, Volume4D, destination,
};

use super::super::pair::pair_findings;
use super::super::test_pictures::{claim, picture, point, span};
use super::candidates;
use crate::model::{ClaimBody, ClaimKind, Picture};

/// A counter-based generator (SplitMix64).
struct Random(u64);

impl Random {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        low + (high - low) * (((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// A picture of volumes of every kind, of two parties and a non-participant, with minima.
fn drawn(seed: u64, count: usize) -> Picture {
    let mut random = Random(seed);
    let mut picture = picture();
    for number in 0..count {
        let kinds = [ClaimKind::Flight, ClaimKind::Flight, ClaimKind::Constraint, ClaimKind::Site, ClaimKind::Presence];
        let kind = kinds[random.between(0.0, 5.0) as usize];
        let owner = ["A", "B", "H"][random.between(0.0, 2.4) as usize];
        let at = destination(point(34.0, 40.0), random.between(0.0, 360.0), random.between(0.0, 25e3));
        let area = Area::from(Shape::Circle(Circle::new(at, random.between(100.0, 6e3)).unwrap()));
        let lower_m = random.between(0.0, 3e3);
        let altitude = |m| Altitude::metres(m, AltitudeReference::W84);
        let band = AltitudeBand::new(altitude(lower_m), altitude(lower_m + 300.0)).unwrap();
        let band = (kind == ClaimKind::Flight || random.between(0.0, 1.0) < 0.5).then_some(band);
        let start = random.between(0.0, 20.0);
        let volume = Volume4D { area, band, span: span(start, start + random.between(0.1, 4.0)) };
        picture.claims.push(claim(&format!("C{number:03}"), kind, owner, ClaimBody::Volumes(vec![volume])));
    }
    for kinds in [(ClaimKind::Flight, ClaimKind::Flight), (ClaimKind::Flight, ClaimKind::Presence)] {
        let minima = Minima { lateral_m: 2e3, vertical_um: 150 * UM_PER_M, time_ns: 600 * NS_PER_S };
        picture.minima.insert(kinds, minima);
    }
    picture
}

#[test]
fn a_pair_with_something_to_say_is_a_candidate() {
    for seed in 0..4 {
        let picture = drawn(seed, 150);
        let candidates = candidates(&picture);
        let mut told = 0;
        for (i, a) in picture.claims.iter().enumerate() {
            for (j, b) in picture.claims.iter().enumerate().skip(i + 1) {
                if !pair_findings(&picture, a, b).is_empty() {
                    told += 1;
                    assert!(candidates.binary_search(&(i, j)).is_ok(), "seed {seed}: {} and {}", a.id, b.id);
                }
            }
        }
        assert!(told > 50, "seed {seed}: only {told} findings");
        // It is an index: most pairs are left out.
        assert!(candidates.len() < 150 * 149 / 8, "seed {seed}: {} candidates", candidates.len());
    }
}

#[test]
fn a_small_picture_is_compared_pair_by_pair() {
    assert_eq!(candidates(&drawn(1, 10)).len(), 45);
}
