//! Conversions between altitude references: they only ever make a band larger, and nothing is guessed.

use super::{Geoid, InvalidPressureOffset, NoWayToW84, PressureOffset, Undulation, band_to_w84};
use crate::{Altitude, AltitudeBand, AltitudeReference, Area, Bounds, Circle, LatLng, Shape};

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a point")
}

fn bounds(lat: f64, lng: f64, radius_m: f64) -> Bounds {
    Bounds::of(&Area::from(Shape::Circle(Circle::new(at(lat, lng), radius_m).expect("a circle"))))
}

fn band(lower_m: f64, upper_m: f64, reference: AltitudeReference) -> AltitudeBand {
    AltitudeBand::new(Altitude::metres(lower_m, reference), Altitude::metres(upper_m, reference)).expect("a band")
}

#[test]
fn a_band_above_sea_level_grows_by_what_the_geoid_may_be_off() {
    // 50 m north of the Alps: EGM96 is 48.0 m above the ellipsoid in Zürich, and flat within a kilometre.
    let amsl = band(500.0, 620.0, AltitudeReference::Amsl);
    let over = bounds(47.37, 8.54, 1000.0);
    for (geoid, error_m) in [(Geoid::Egm96, 0.2), (Geoid::UnnamedSeaLevel, 8.0)] {
        assert!((geoid.error_m() - error_m).abs() < 1e-9, "{geoid:?}");
        let w84 = band_to_w84(amsl, over, geoid, None).expect("convertible");
        assert_eq!(w84.lower().reference(), AltitudeReference::W84);
        let undulation_m = geoid.undulation(at(47.37, 8.54)).m();
        let (below_m, above_m) = (500.0 + undulation_m - w84.lower().m(), w84.upper().m() - 620.0 - undulation_m);
        for widened_m in [below_m, above_m] {
            assert!((error_m..error_m + 0.2).contains(&widened_m), "{geoid:?}: {widened_m}");
        }
    }
}

#[test]
fn a_larger_area_widens_the_band_by_what_the_geoid_changes() {
    // South of India the geoid falls by some 60 m in 1,500 km.
    let amsl = band(500.0, 620.0, AltitudeReference::Amsl);
    let mut before_m = 0.0;
    for radius_m in [100.0, 10_000.0, 100_000.0, 1_000_000.0] {
        let over = bounds(15.0, 73.0, radius_m);
        let w84 = band_to_w84(amsl, over, Geoid::Egm96, None).expect("convertible");
        let height_m = w84.upper().m() - w84.lower().m() - 120.0;
        assert!(height_m > before_m, "{radius_m}: {height_m}");
        before_m = height_m;
    }
    assert!((40.0..90.0).contains(&before_m), "{before_m}");
}

#[test]
fn a_stated_undulation_means_what_a_plan_means_by_it() {
    let stated = Geoid::Stated(Undulation::from_um(50_000_000, -2_000_000));
    let w84 = band_to_w84(band(1000.0, 2000.0, AltitudeReference::Amsl), bounds(0.0, 0.0, 1e6), stated, None);
    assert_eq!(w84, Ok(band(1048.0, 2052.0, AltitudeReference::W84)));
    let back = Undulation::from_um(50_000_000, 2_000_000).reversed();
    assert_eq!((back.lowest_um(1_000_000_000), back.highest_um(1_000_000_000)), (948_000_000, 952_000_000));
}

#[test]
fn what_is_above_the_ellipsoid_is_left_as_it_is() {
    let w84 = band(-50.0, 9000.0, AltitudeReference::W84);
    assert_eq!(band_to_w84(w84, bounds(0.0, 0.0, 10.0), Geoid::UnnamedSeaLevel, None), Ok(w84));
}

#[test]
fn what_hangs_on_ground_or_air_is_refused_with_the_reason() {
    let over = bounds(0.0, 0.0, 10.0);
    let offset = PressureOffset::from_qnh(1013.25, 0.0).ok();
    for (reference, pressure, expected, word) in [
        (AltitudeReference::Agl, offset, NoWayToW84::NeedsTerrain, "terrain"),
        (AltitudeReference::Std, None, NoWayToW84::NeedsPressure, "QNH"),
    ] {
        let refused = band_to_w84(band(100.0, 200.0, reference), over, Geoid::Egm96, pressure).expect_err("refused");
        assert_eq!(refused, expected);
        assert!(refused.to_string().contains(word), "{refused}");
    }
    let endless = AltitudeBand::new(
        Altitude::from_um(i64::MAX - 1, AltitudeReference::Amsl),
        Altitude::from_um(i64::MAX, AltitudeReference::Amsl),
    );
    let refused = band_to_w84(endless.expect("a band"), over, Geoid::Stated(Undulation::from_um(100, 0)), None);
    assert_eq!(refused, Err(NoWayToW84::OutOfRange));
}

#[test]
fn a_flight_level_becomes_a_height_once_the_pressure_is_stated() {
    // The standard atmosphere: 1 hPa is 8.3 m near the ground; a high QNH puts the same pressure higher.
    for (qnh_hpa, expected_m) in [(1013.25, 0.0), (1023.25, 82.9), (983.25, -252.8)] {
        let offset = PressureOffset::from_qnh(qnh_hpa, 60.0).expect("a pressure");
        assert!((offset.m() - expected_m).abs() < 0.1, "{qnh_hpa}: {}", offset.m());
        let sea_level = Geoid::Stated(Undulation::from_um(0, 0));
        let w84 = band_to_w84(band(2000.0, 3000.0, AltitudeReference::Std), bounds(0.0, 0.0, 10.0), sea_level, Some(offset));
        let w84 = w84.expect("convertible");
        assert!((w84.lower().m() - (2000.0 + expected_m - 60.0)).abs() < 0.1, "{w84:?}");
        assert!((w84.upper().m() - (3000.0 + expected_m + 60.0)).abs() < 0.1, "{w84:?}");
    }
}

#[test]
fn pressures_and_errors_that_cannot_be_are_refused() {
    for qnh_hpa in [0.0, 29.92, 1200.0, f64::NAN] {
        assert!(matches!(PressureOffset::from_qnh(qnh_hpa, 10.0), Err(InvalidPressureOffset::Qnh(_))), "{qnh_hpa}");
    }
    for error_m in [-1.0, 1e9, f64::NAN] {
        assert!(matches!(PressureOffset::from_qnh(1013.0, error_m), Err(InvalidPressureOffset::Error(_))), "{error_m}");
    }
}

#[test]
fn every_model_has_a_name() {
    let stated = Geoid::Stated(Undulation::from_um(0, 0));
    let names = [Geoid::Egm96, Geoid::UnnamedSeaLevel, stated].map(Geoid::name);
    assert!(names[0] == "EGM96" && names[1].contains("EGM96") && names[2].contains("stated"), "{names:?}");
}
