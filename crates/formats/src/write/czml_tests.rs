//! Packets for Cesium: at the right height, whole, and harmless.

use deconflict_plan::report::{Finding, Location, Report};
use deconflict_spacetime::{AltitudeReference, Geoid};
use serde_json::{Value, json};

use super::super::samples::{HOSTILE, at, bare, conflict, hostile, picture, report, square, two_squares, written};
use super::czml;

fn packets(reference: AltitudeReference, report: &Report) -> Vec<Value> {
    serde_json::from_str(&written(|out| czml(out, &picture(reference), report))).expect("a list of packets")
}

/// The packets of one finding.
fn of(reference: AltitudeReference, finding: Finding) -> Vec<Value> {
    packets(reference, &report(vec![finding])).split_off(1)
}

#[test]
fn the_first_packet_is_the_document_with_a_clock_over_all_windows() {
    let all = packets(AltitudeReference::W84, &report(vec![conflict(square(46.0, 7.0)), bare()]));
    assert_eq!((&all[0]["id"], &all[0]["version"]), (&json!("document"), &json!("1.0")));
    assert_eq!(all[0]["clock"]["interval"], "2026-03-01T00:00:00Z/2026-03-01T08:00:00Z");
    assert_eq!(all[1]["availability"], "2026-03-01T06:00:00Z/2026-03-01T08:00:00Z");
    let timeless = packets(AltitudeReference::W84, &report(vec![bare()]));
    assert!(timeless[0].get("clock").is_none(), "{timeless:?}");
}

#[test]
fn what_is_known_of_nothing_is_still_listed() {
    let packets = of(AltitudeReference::W84, bare());
    let [packet] = packets.as_slice() else { panic!("one packet: {packets:?}") };
    assert_eq!((&packet["id"], &packet["name"]), (&json!("open:M1"), &json!("Who leads?")));
    for absent in ["availability", "position", "polygon", "label"] {
        assert!(packet.get(absent).is_none(), "{absent}: {packet}");
    }
}

#[test]
fn a_band_stands_above_what_its_reference_says() {
    let undulation_m = Geoid::Egm96.undulation(at(46.0, 7.0)).m();
    for (reference, named, raised_m) in [
        (AltitudeReference::W84, "NONE", 0.0),
        (AltitudeReference::Amsl, "NONE", undulation_m),
        (AltitudeReference::Agl, "RELATIVE_TO_GROUND", 0.0),
    ] {
        let packet = &of(reference, conflict(square(46.0, 7.0)))[0];
        let polygon = &packet["polygon"];
        assert_eq!((&polygon["heightReference"], &polygon["extrudedHeightReference"]), (&json!(named), &json!(named)));
        for (name, expected_m) in [("height", 1000.0), ("extrudedHeight", 1500.0)] {
            let height_m = polygon[name].as_f64().expect("a number");
            assert!((height_m - expected_m - raised_m).abs() < 0.2, "{reference:?} {name}: {height_m}");
        }
    }
}

#[test]
fn what_has_no_height_lies_on_the_ground() {
    let without = Finding { altitude_m: None, ..conflict(square(46.0, 7.0)) };
    for (reference, finding) in [(AltitudeReference::W84, without), (AltitudeReference::Std, conflict(square(46.0, 7.0)))] {
        let packet = &of(reference, finding)[0];
        assert!(packet["polygon"].get("height").is_none(), "{packet}");
        assert_eq!(packet["label"]["heightReference"], "CLAMP_TO_GROUND");
    }
}

#[test]
fn every_polygon_has_a_packet_of_its_own_with_an_id_of_its_own() {
    let packets = of(AltitudeReference::W84, conflict(two_squares()));
    assert_eq!(packets.len(), 2);
    assert_eq!((&packets[1]["id"], &packets[1]["parent"]), (&json!("conflict:B.1+R.1#2"), &packets[0]["id"]));
    for packet in &packets {
        let flat = packet["polygon"]["positions"]["cartographicDegrees"].as_array().expect("positions");
        assert!(flat.len() >= 9 && flat.len() % 3 == 0, "{packet}");
        assert_eq!(packet["availability"], packets[0]["availability"]);
    }
}

#[test]
fn lines_are_walls_where_they_have_heights_above_the_ellipsoid() {
    let line = || conflict(Location::Line(vec![at(10.0, 179.0), at(11.0, -179.0)]));
    let wall = &of(AltitudeReference::W84, line())[0]["wall"];
    assert_eq!(wall["positions"]["cartographicDegrees"], json!([179.0, 10.0, 1500.0, -179.0, 11.0, 1500.0]));
    assert_eq!(wall["minimumHeights"]["array"], json!([1000.0, 1000.0]));
    for (reference, finding) in
        [(AltitudeReference::Agl, line()), (AltitudeReference::W84, Finding { altitude_m: None, ..line() })]
    {
        let packet = &of(reference, finding)[0];
        assert!(packet.get("wall").is_none(), "{packet}");
        assert_eq!(packet["polyline"]["clampToGround"], true);
    }
}

#[test]
fn a_region_across_the_antimeridian_is_one_polygon_on_a_globe() {
    let packets = of(AltitudeReference::W84, conflict(square(10.0, 180.0)));
    assert_eq!(packets.len(), 1, "a globe has no edge");
    let flat = packets[0]["polygon"]["positions"]["cartographicDegrees"].as_array().expect("positions");
    assert!(flat.iter().step_by(3).all(|lng| lng.as_f64().is_some_and(|lng| (179.0..=180.0).contains(&lng.abs()))), "{flat:?}");
}

#[test]
fn hostile_names_are_shown_and_not_run() {
    let packet = &of(AltitudeReference::W84, hostile())[0];
    let description = packet["description"].as_str().expect("a text");
    assert!(!description.contains("<script") && description.contains("&lt;script&gt;"), "{description}");
    assert_eq!(packet["id"], HOSTILE, "an id is no text to be shown");
    let name = packet["name"].as_str().expect("a text");
    assert!(!name.contains(char::is_control), "{name:?}");
}
