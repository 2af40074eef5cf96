//! The map against the exact gnomonic one, and its answers against those of the areas that the outlines stand for.

use geographiclib_rs::geodesic_capability as caps;

use super::Frame;
use crate::footprint::{Footprint, SimpleFootprint};
use crate::geodesic::WGS84;
use crate::{LatLng, destination};

/// A counter-based generator (SplitMix64), so that a case is its number.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

/// Karney's ellipsoidal gnomonic projection: exact but for the fourth power of the distance.
fn gnomonic(middle: LatLng, p: LatLng) -> (f64, f64) {
    let want = caps::AZIMUTH | caps::REDUCEDLENGTH | caps::GEODESICSCALE;
    let (_, _, sin, cos, _, _, reduced_m, scale, ..) =
        WGS84._gen_inverse(middle.lat_deg(), middle.lng_deg(), p.lat_deg(), p.lng_deg(), want);
    (reduced_m / scale * sin, reduced_m / scale * cos)
}

#[test]
fn the_third_order_error_is_below_its_bound_by_a_half() {
    let mut random = Random(1);
    let mut worst = 0.0_f64;
    for case in 0..20_000 {
        let middle = LatLng::degrees(random.between(-78.0, 78.0), random.between(-180.0, 180.0)).unwrap();
        let frame = Frame::around(middle).unwrap();
        let far_m = 10f64.powf(random.between(3.0, 5.3));
        let p = destination(middle, random.between(0.0, 360.0), far_m);
        let ((x, y), (gx, gy)) = (frame.at(p.lat_deg(), p.lng_deg()), gnomonic(middle, p));
        let share = (x - gx).hypot(y - gy) / (frame.third * far_m.powi(3) + 1e-6);
        assert!(share < 0.67, "case {case}: {middle:?} {far_m} m: {share} of the bound");
        worst = worst.max(share);
    }
    // A bound that is far from what it bounds is a bound of something else.
    assert!(worst > 0.1, "{worst}");
}

/// An outline of a random kind near `middle`, of about `size_m`.
fn outline(random: &mut Random, middle: LatLng, size_m: f64) -> Option<SimpleFootprint> {
    let away_m = size_m * random.next();
    let at = destination(middle, random.between(0.0, 360.0), away_m);
    let footprint = match (random.next() * 3.0) as u8 {
        0 => Footprint::circle(at, size_m * random.between(0.01, 0.6)).ok()?,
        1 => {
            let to = destination(at, random.between(0.0, 360.0), size_m * random.between(0.1, 1.0));
            Footprint::corridor(vec![at, to], size_m * random.between(0.01, 0.5)).ok()?
        }
        _ => {
            let corners = 3 + (random.next() * 6.0) as usize;
            let (start, radius_m) = (random.between(0.0, 360.0), size_m * random.between(0.05, 0.6));
            let corner = |k| destination(at, start + 360.0 * k as f64 / corners as f64, radius_m);
            Footprint::polygon((0..corners).map(corner).collect()).ok()?
        }
    };
    match footprint {
        Footprint::Simple(simple) => Some(simple),
        Footprint::Area(_) => None,
    }
}

#[test]
fn what_the_map_tells_is_what_the_areas_tell() {
    let mut random = Random(7);
    let (mut told, mut withheld, mut yes) = (0, 0, 0);
    for case in 0..6_000 {
        let middle = LatLng::degrees(random.between(-74.0, 74.0), random.between(-180.0, 180.0)).unwrap();
        let size_m = 10f64.powf(random.between(1.0, 4.2));
        let (Some(a), Some(b)) = (outline(&mut random, middle, size_m), outline(&mut random, middle, size_m)) else { continue };
        let Some(frame) = Frame::around(destination(middle, random.between(0.0, 360.0), random.between(0.0, 30e3))) else {
            continue;
        };
        let (Some(one), Some(two)) = (frame.outline(a.as_simple()), frame.outline(b.as_simple())) else { continue };
        let distance_m = if random.next() < 0.5 { 0.0 } else { size_m * random.next() };
        let answer = one.within(&two, distance_m as f32);
        assert_eq!(answer, two.within(&one, distance_m as f32), "case {case}: not symmetric");
        let truth = a.as_simple().area().within(&b.as_simple().area(), f64::from(distance_m as f32));
        match answer {
            Some(answer) => {
                assert_eq!(answer, truth, "case {case}: {a:?} {b:?} {distance_m}");
                told += 1;
            }
            None => withheld += 1,
        }
        yes += u32::from(truth);
    }
    assert!(told > 5_000, "{told} told, {withheld} withheld");
    // Most are outlines of ten metres, tens of kilometres from the middle of the map.
    assert!(withheld * 20 < told, "{told} told, {withheld} withheld");
    assert!(yes > 1_000 && told - yes > 1_000, "{yes} of {told}");
}

/// Two outlines laid off a hair apart or into each other: the map may withhold an answer, never give a wrong one.
#[test]
fn a_hair_of_distance_is_never_misjudged() {
    let mut random = Random(11);
    for case in 0..3_000 {
        let middle = LatLng::degrees(random.between(-74.0, 74.0), random.between(-180.0, 180.0)).unwrap();
        let size_m = 10f64.powf(random.between(2.0, 4.2));
        let azimuth = random.between(0.0, 360.0);
        let gap_m = random.between(-1.0, 1.0) * 10f64.powf(random.between(-3.0, 2.0)).min(size_m / 4.0);
        let triangle = |at, toward| {
            let tip = |turn: f64, m| destination(at, toward + turn, m);
            Footprint::polygon(vec![at, tip(25.0, size_m), tip(-25.0, size_m)]).unwrap()
        };
        let (a, b) = (triangle(middle, azimuth), triangle(destination(middle, azimuth + 180.0, gap_m), azimuth + 180.0));
        let (Footprint::Simple(a), Footprint::Simple(b)) = (a, b) else { continue };
        let frame = Frame::around(middle).unwrap();
        let (one, two) = (frame.outline(a.as_simple()).unwrap(), frame.outline(b.as_simple()).unwrap());
        if let Some(answer) = one.within(&two, 0.0) {
            assert_eq!(answer, a.as_simple().area().intersects(&b.as_simple().area()), "case {case}: {gap_m} m");
        }
    }
}

#[test]
fn a_map_reaches_over_the_antimeridian_and_not_to_the_poles() {
    let middle = LatLng::degrees(10.0, 179.99).unwrap();
    let frame = Frame::around(middle).unwrap();
    let (x, y) = frame.at(10.0, -179.99);
    assert!((x - 0.02 * 109_639.0).abs() < 1.0 && y.abs() < 1.0, "{x} {y}");
    assert!(Frame::around(LatLng::degrees(80.0, 0.0).unwrap()).is_none());
}
