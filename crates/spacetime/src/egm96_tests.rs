//! EGM96 against what others publish and compute, and the bounds over boxes against single heights.

use proptest::prelude::*;

use super::{ERROR_M, height_m, range_m};
use crate::{Area, Bounds, Circle, LatLng, Shape, destination};

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, (lng + 180.0).rem_euclid(360.0) - 180.0).expect("a point")
}

fn circle(center: LatLng, radius_m: f64) -> Bounds {
    Bounds::of(&Area::from(Shape::Circle(Circle::new(center, radius_m).expect("a circle"))))
}

/// NGA publishes two answers for each of six points: from the 15′ grid (OUTINTPT.DAT), and from the harmonics (OUTF477.DAT).
#[test]
fn heights_are_those_that_nga_publishes() {
    for (lat, lng, of_grid_m, of_harmonics_m) in [
        (38.628_155, 269.779_155, -31.628, -31.629),
        (-14.621_217, 305.021_114, -2.969, -2.966),
        (46.874_319, 102.448_729, -43.575, -43.572),
        (-23.617_446, 133.874_712, 15.871, 15.868),
        (38.625_473, 359.999_5, 50.066, 50.065),
        (-0.466_744, 0.0023, 17.329, 17.330),
    ] {
        for published_m in [of_grid_m, of_harmonics_m] {
            let computed_m = height_m(at(lat, lng));
            assert!((computed_m - published_m).abs() < 0.03, "{lat} {lng}: {computed_m}, published {published_m}");
        }
    }
}

#[test]
fn heights_keep_their_error_at_every_point_of_the_table() {
    let (mut count, mut most_m, mut sum_m2) = (0, 0.0_f64, 0.0);
    for line in include_str!("../tests/data/egm96.txt").lines().filter(|line| !line.starts_with('#')) {
        let row: Vec<f64> = line.split(' ').map(|cell| cell.parse().expect("a number")).collect();
        let [lat, lng, expected_m] = row[..] else { panic!("{line}: a latitude, a longitude and a height") };
        let off_m = (height_m(at(lat, lng)) - expected_m).abs();
        assert!(off_m < ERROR_M, "{line}: off by {off_m} m");
        (count, most_m, sum_m2) = (count + 1, most_m.max(off_m), sum_m2 + off_m * off_m);
    }
    assert!(count > 1000 && most_m > 0.1, "the table has the worst points: {count}, {most_m}");
    assert!((sum_m2 / f64::from(count)).sqrt() < 0.06);
}

#[test]
fn no_seam_runs_along_a_meridian_or_through_a_pole() {
    for lat in [-89.9, -45.0, 0.0, 61.3, 89.9] {
        for lng in [0.0, 180.0, -0.4, 0.4] {
            let (west_m, east_m) = (height_m(at(lat, lng - 1e-9)), height_m(at(lat, lng + 1e-9)));
            assert!((west_m - east_m).abs() < 1e-6, "{lat} {lng}: {west_m}, {east_m}");
        }
    }
    // NGA's grid has 13.61 m at the north pole and -29.53 m at the south pole, along all of its row.
    for (lat, expected_m) in [(90.0, 13.61), (-90.0, -29.53)] {
        for lng in 0..360 {
            let pole_m = height_m(at(lat, f64::from(lng)));
            assert!((pole_m - expected_m).abs() < 0.05, "{lng}: {pole_m}");
        }
    }
}

#[test]
fn a_small_box_has_a_narrow_range_and_the_earth_a_wide_one() {
    let (least_m, most_m) = range_m(circle(at(47.37, 8.54), 500.0));
    assert!(most_m - least_m < 0.2, "{least_m} to {most_m}");
    let earth = circle(at(0.0, 0.0), 1.0).grown_by(2e7);
    let (least_m, most_m) = range_m(earth);
    // EGM96 reaches from -106.99 m south of India to 85.39 m on New Guinea.
    assert!((-110.0..=-106.9).contains(&least_m) && (85.3..=88.0).contains(&most_m), "{least_m} to {most_m}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_height_in_a_box_is_outside_its_range(
        lat in prop_oneof![-90.0..90.0, 88.0..=90.0, -90.0..=-88.0],
        lng in -180.0..180.0,
        radius_m in prop_oneof![1.0..2000.0, 1000.0..3e6],
        places in prop::collection::vec((0.0..360.0, 0.0..=1.0), 24),
    ) {
        let center = at(lat, lng);
        let (least_m, most_m) = range_m(circle(center, 1.0).grown_by(radius_m));
        for (azimuth_deg, part) in places {
            let height_m = height_m(destination(center, azimuth_deg, radius_m * part));
            prop_assert!((least_m..=most_m).contains(&height_m), "{least_m} <= {height_m} <= {most_m}");
        }
    }
}
