//! Tests of `excluded`: a certain answer is right.

use deconflict_spacetime::destination;
use proptest::prelude::*;

use super::*;
use crate::testing::{Dice, circle, corridor, place, polygon};

#[test]
fn discs_deep_inside_do_not_count() {
    let square = polygon(&[(-5e3, -5e3), (5e3, -5e3), (5e3, 5e3), (-5e3, 5e3)]);
    let road = corridor(&[(-20e3, 0.0), (20e3, 0.0)], 10e3);
    for area in [&circle(0.0, 0.0, 5e3), &square, &road] {
        // Metres east of two equal discs 1 km apart, their radius.
        for (north_m, radius_m, expected) in [
            (0.0, 1000.0, Side::Inside),
            (3900.0, 1000.0, Side::Inside),
            (4600.0, 1000.0, Side::Unknown),
            (5600.0, 1000.0, Side::Unknown),
            (6500.0, 1000.0, Side::Outside),
        ] {
            let discs = [-500.0, 500.0].map(|east_m| Disc::new(place(east_m, north_m), radius_m));
            let side = Excluded::new(Some(area)).side(&discs[0], &discs[1], 0.0);
            assert_eq!(side, expected, "{area:?} at {north_m}");
        }
    }
    let disc = Disc::new(place(0.0, 0.0), 1.0);
    assert_eq!(Excluded::new(None).side(&disc, &disc, 0.0), Side::Outside);
}

proptest! {
    /// Every point of both discs is in the disc that stands for what they share.
    #[test]
    fn the_lens_holds_what_both_share(seed: u64, size_m in prop_oneof![Just(100.0), Just(10e3), Just(400e3)], thin: bool) {
        let mut dice = Dice(seed);
        let mut disc = || Disc::new(place(dice.between(0.0, size_m), dice.between(0.0, size_m)), dice.between(0.01, 0.75) * size_m);
        let (a, mut b) = (disc(), disc());
        let apart_m = distance_m(a.center, b.center) - a.radius_m;
        if thin && apart_m > 0.0 {
            // Rims that hardly cross are where the plane is most wrong.
            b = Disc::new(b.center, apart_m + 1e-5 * size_m * dice.share());
        }
        let (center, radius_m) = lens(&a, &b, 0.0);
        for _ in 0..50 {
            let toward_deg = azimuth_deg(a.center, b.center) + if thin { dice.between(-1.0, 1.0) } else { dice.between(0.0, 360.0) };
            let at = destination(a.center, toward_deg, a.radius_m * if thin { 1.0 } else { dice.share() });
            if distance_m(b.center, at) <= b.radius_m {
                prop_assert!(distance_m(center, at) <= radius_m + 1e-6);
            }
        }
    }
}
