//! The mixed set is valid, is what its comment says, and has the same bits everywhere.

use super::{Class, DAY_MS, MONTH_MS, Outline, operation, operations, points};
use crate::answers::fingerprint;
use crate::parse::Parsed;

#[test]
fn every_outline_is_valid() {
    // Eight districts: plain ones, one across the antimeridian, one on the north pole; and the one on the south pole.
    for declared in operations(8_000).chain((23_000..24_000).flat_map(operation)) {
        let number = declared.operation;
        let parsed = Parsed::from(declared);
        assert_eq!(parsed.operation, number);
    }
}

#[test]
fn the_kinds_are_those_of_the_table() {
    let all: Vec<_> = operations(8_000).collect();
    let count = |is_one: &dyn Fn(&super::Declared) -> bool| all.iter().filter(|volume| is_one(volume)).count();
    assert_eq!(all.len(), 8 * (885 * 8 + 115), "885 flights of eight volumes and 115 others in a thousand");
    assert_eq!(count(&|volume| volume.class == Class::Transit), 8 * 30);
    assert_eq!(count(&|volume| volume.band_cm.is_none()), 8);
    assert_eq!(count(&|volume| volume.span_ms == [0, MONTH_MS]), 8 * (5 + 2));
    assert_eq!(count(&|volume| volume.span_ms[1] - volume.span_ms[0] == DAY_MS), 8 * 8);
    assert_eq!(count(&|volume| points(&volume.outline) == 10_000), 2);
    assert_eq!(count(&|volume| points(&volume.outline) == 1_000), 6);
    let is_large_circle =
        |volume: &super::Declared| matches!(volume.outline, Outline::Circle { radius_m, .. } if radius_m > 40e3);
    assert!(count(&is_large_circle) > 4);
}

#[test]
fn some_lie_across_the_antimeridian_and_on_the_poles() {
    let across = operations(4_000).skip_while(|volume| volume.operation < 3_000).filter(|volume| {
        let Outline::Polygon(vertices) = &volume.outline else { return false };
        vertices.iter().any(|at| at.lng_deg() > 170.0) && vertices.iter().any(|at| at.lng_deg() < -170.0)
    });
    assert!(across.count() > 20);
    for (first, pole_deg) in [(7_000, 90.0), (23_000, -90.0)] {
        let pole = deconflict_spacetime::LatLng::degrees(pole_deg, 0.0).unwrap();
        let volumes = (first..first + 1_000).flat_map(operation).filter(|volume| points(&volume.outline) <= 300);
        let on_it = volumes.filter(|volume| Parsed::from(volume.clone()).footprint.area().contains(pole));
        let count = on_it.count();
        assert!(count > 0, "{count} on {pole_deg}");
    }
}

#[test]
fn every_machine_has_the_same_set() {
    let words = operations(4_000).flat_map(|volume| {
        let points = match volume.outline {
            Outline::Polygon(points) | Outline::Corridor { waypoints: points, .. } => points,
            Outline::Circle { center, .. } => vec![center],
        };
        let place = points.into_iter().map(|at| (units(at.lat_deg()), units(at.lng_deg())));
        let head = volume.span_ms.map(|ms| (units(ms as f64 / 1e10), volume.operation));
        place.chain(head).collect::<Vec<_>>()
    });
    // A change of the set changes every figure that was taken with it.
    assert_eq!(fingerprint(&words.collect::<Vec<_>>()), 0x9ea9_29a6_6d0f_a16b);
}

/// A number as a 32-bit pattern that two different values hardly share.
#[allow(clippy::cast_possible_truncation, reason = "the upper half is mixed into the lower")]
fn units(value: f64) -> u32 {
    let bits = value.to_bits();
    (bits ^ (bits >> 32)) as u32
}
