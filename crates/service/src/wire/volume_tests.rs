//! What becomes of volumes: rounding, what may be missing, and what makes no sense.

use super::*;
use serde_json::{Value, json};

fn extent(changes: &[(&str, Value)]) -> Value {
    let mut extent = json!({
        "volume": {
            "outline_circle": { "center": { "lat": 46.0, "lng": 7.0 }, "radius": { "value": 100.0, "units": "M" } },
            "altitude_lower": { "value": 0.0, "reference": "W84", "units": "M" },
            "altitude_upper": { "value": 120.0, "reference": "W84", "units": "M" },
        },
        "time_start": { "value": "2026-05-01T08:00:00Z", "format": "RFC3339" },
        "time_end": { "value": "2026-05-01T09:00:00Z", "format": "RFC3339" },
    });
    for (pointer, value) in changes {
        *extent.pointer_mut(pointer).expect("it is there") = value.clone();
    }
    extent
}

fn read(extents: &[Value], altitudes: Altitudes) -> Result<Volumes, String> {
    let extents: Vec<astm::Volume4D> =
        extents.iter().map(|extent| serde_json::from_value(extent.clone()).expect("a Volume4D")).collect();
    let mut problems = Problems::default();
    let volumes = volumes(&extents, altitudes, At::root("extents"), &mut problems);
    problems.or(volumes).map_err(|problems| problems.to_string())
}

#[test]
fn altitudes_are_rounded_outward_and_keep_two_decimals() {
    let cases = [
        (0.0, 120.0, 0, 12_000),
        (0.29, 0.29, 29, 29),
        (1.1, 1.1, 110, 110),
        (1.101, 1.101, 110, 111),
        (-0.001, 0.001, -1, 1),
        (-1.101, -1.101, -111, -110),
        (-8_000.0, 100_000.0, -800_000, 10_000_000),
        (99_999.999_999, 99_999.999_999, 9_999_999, 10_000_000),
    ];
    for (lower, upper, lower_cm, upper_cm) in cases {
        let extent = extent(&[("/volume/altitude_lower/value", json!(lower)), ("/volume/altitude_upper/value", json!(upper))]);
        let volumes = read(&[extent], Altitudes::Required).unwrap();
        let band = volumes.as_slice()[0].altitude;
        assert_eq!((band.lower_cm(), band.upper_cm()), (lower_cm, upper_cm), "{lower} to {upper}");
    }
}

#[test]
fn rounded_bands_contain_what_was_given() {
    // A step of a millimetre and a bit meets every place between two centimetres.
    let mut metres = -8_000.0;
    while metres < 8_000.0 {
        let (lower, upper) = (f64::from(lower_cm(metres)), f64::from(upper_cm(metres)));
        assert!(lower / 100.0 <= metres && metres <= upper / 100.0, "{metres}");
        assert!(upper - lower <= 1.0, "{metres}");
        metres += 0.001_037;
    }
}

#[test]
fn times_are_whole_nanoseconds_rounded_outward() {
    let extent = extent(&[
        ("/time_start/value", json!("2026-05-01T08:00:00.0000000019Z")),
        ("/time_end/value", json!("2026-05-01T08:00:00.0000000021+00:00")),
    ]);
    let time = read(&[extent], Altitudes::Required).unwrap().time();
    assert_eq!(time.end().ns() - time.start().ns(), 2);
    assert_eq!(time.start().ns() % 10, 1);
}

#[test]
fn a_constraint_needs_no_altitudes_and_an_intent_does() {
    let without = extent(&[("/volume/altitude_lower", Value::Null), ("/volume/altitude_upper", Value::Null)]);
    let volumes = read(std::slice::from_ref(&without), Altitudes::Optional).unwrap();
    assert_eq!(volumes.as_slice()[0].altitude, AltitudeBand::ALL);
    assert_eq!(
        read(&[without], Altitudes::Required).unwrap_err(),
        "extents[0].volume.altitude_lower: is missing; extents[0].volume.altitude_upper: is missing"
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let polygon = |vertices: Value| {
        extent(&[(
            "/volume",
            json!({
                "outline_polygon": { "vertices": vertices },
                "altitude_lower": { "value": 0, "reference": "W84", "units": "M" },
                "altitude_upper": { "value": 1, "reference": "W84", "units": "M" },
            }),
        )])
    };
    let at = |lat: f64, lng: f64| json!({ "lat": lat, "lng": lng });
    let both = {
        let mut both = extent(&[]);
        both["volume"]["outline_polygon"] = json!({ "vertices": [at(0.0, 0.0), at(0.0, 1.0), at(1.0, 0.0)] });
        both
    };
    let cases = [
        (extent(&[("/time_start", Value::Null)]), "extents[0].time_start: is missing"),
        (extent(&[("/time_end", Value::Null)]), "extents[0].time_end: is missing"),
        (extent(&[("/time_end/value", json!("2026-05-01T08:00:00Z"))]), "extents[0].time_end: is not after time_start"),
        (extent(&[("/time_end/value", json!("2026-05-01T07:00:00Z"))]), "extents[0].time_end: is not after time_start"),
        (extent(&[("/time_end/value", json!("soon"))]), "extents[0].time_end.value: is no time of RFC 3339"),
        (extent(&[("/time_end/value", json!("2400-01-01T00:00:00Z"))]), "extents[0].time_end: is outside of what is accepted"),
        (
            extent(&[("/volume/altitude_upper/value", json!(-1))]),
            "extents[0].volume.altitude_upper: -1 m is below altitude_lower, 0 m",
        ),
        (
            extent(&[("/volume/altitude_upper/value", json!(1e6))]),
            "altitude_upper.value: is 1000000 m; expected -8000 to 100000 m",
        ),
        (extent(&[("/volume/outline_circle", Value::Null)]), "extents[0].volume: has neither outline_circle nor outline_polygon"),
        (both, "extents[0].volume: has outline_circle and outline_polygon; expected one of them"),
        (extent(&[("/volume/outline_circle/center", Value::Null)]), "outline_circle.center: is missing"),
        (extent(&[("/volume/outline_circle/radius", Value::Null)]), "outline_circle.radius: is missing"),
        (extent(&[("/volume/outline_circle/radius/value", json!(0))]), "outline_circle: the radius is 0 m"),
        (extent(&[("/volume/outline_circle/radius/value", json!(1e300))]), "outline_circle: the area is"),
        (
            extent(&[("/volume/outline_circle/center/lat", json!(90.1))]),
            "outline_circle.center: latitude 90.1 is outside -90 to 90",
        ),
        (polygon(json!([])), "outline_polygon: the polygon has 0 vertices"),
        (polygon(json!([at(0.0, 0.0), at(0.0, 181.0), at(91.0, 0.0)])), "vertices[1]: longitude 181"),
        (polygon(json!([at(0.0, 0.0), at(0.0, 0.1), at(0.0, 0.0)])), "vertices 0 and 2 are the same point"),
    ];
    for (extent, expected) in cases {
        let problem = read(&[extent], Altitudes::Required).unwrap_err();
        assert!(problem.contains(expected), "{expected}: {problem}");
    }
    assert_eq!(read(&[], Altitudes::Required).unwrap_err(), "extents: there is no volume");
}

#[test]
fn all_problems_are_said_at_once_but_not_without_end() {
    let bad = extent(&[("/time_start", Value::Null), ("/time_end", Value::Null)]);
    let problem = read(&vec![bad; 100], Altitudes::Required).unwrap_err();
    assert!(problem.starts_with("extents[0].time_start: is missing; extents[0].time_end: is missing; extents[1]"), "{problem}");
    assert!(problem.ends_with("; and 188 more"), "{problem}");
    let problem = read(&vec![extent(&[]); MAX_VOLUMES + 1], Altitudes::Required).unwrap_err();
    assert_eq!(problem, "extents: has 4097 volumes; expected at most 4096");
}

#[test]
fn volumes_are_read_only_until_there_are_too_many_cells() {
    // 25 circles of 2,463 km², of which 15 fill an intent; what is wrong with the last is never looked for.
    let large = extent(&[("/volume/outline_circle/radius/value", json!(28_000.0))]);
    let mut extents = vec![large; 25];
    extents.push(extent(&[("/time_start", Value::Null)]));
    let problem = read(&extents, Altitudes::Required).unwrap_err();
    assert!(problem.starts_with("extents: volumes 0 to 1") && problem.ends_with("expected at most 32768 in all"), "{problem}");
}

#[test]
fn an_area_that_is_too_large_is_told_from_other_problems() {
    let ask = |extent: Value| {
        let mut problems = Problems::default();
        let area = area_of_interest(&serde_json::from_value(extent).unwrap(), At::root("area_of_interest"), &mut problems);
        problems.or(area).expect_err("it makes no sense").only_too_large()
    };
    let large = ("/volume/outline_circle/radius/value", json!(30_000.0));
    assert!(ask(extent(std::slice::from_ref(&large))));
    assert!(!ask(extent(&[large, ("/time_start/value", json!("x"))])));
}

#[test]
fn a_query_may_leave_its_bounds_open_and_may_ask_for_an_instant() {
    let ask = |extent: Value| {
        let mut problems = Problems::default();
        let area = area_of_interest(&serde_json::from_value(extent).unwrap(), At::root("area_of_interest"), &mut problems);
        problems.or(area).map_err(|problems| problems.to_string())
    };
    let open = extent(&[("/time_start", Value::Null), ("/time_end", Value::Null), ("/volume/altitude_lower", Value::Null)]);
    let area = ask(open).unwrap();
    assert_eq!((area.time, area.altitude.lower_cm()), (TimeSpan::ALL, i32::MIN));
    assert_eq!(ask(extent(&[("/time_end/value", json!("2026-05-01T08:00:00Z"))])).unwrap().time.duration_ns(), 0);
    let far =
        ask(extent(&[("/time_start/value", json!("0001-01-01T00:00:00Z")), ("/time_end/value", json!("9999-01-01T00:00:00Z"))]));
    assert_eq!(far.unwrap().time, TimeSpan::ALL);
    let problem = ask(extent(&[("/time_end/value", json!("2026-05-01T07:59:59Z"))])).unwrap_err();
    assert_eq!(problem, "area_of_interest.time_end: is before time_start");
}
