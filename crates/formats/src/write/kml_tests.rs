//! Globes: well-formed, in the order of the schema, at the right height, and harmless.

use deconflict_plan::report::{Finding, Location};
use deconflict_spacetime::{AltitudeReference, Geoid, TimeSpan};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::samples::{at, bare, conflict, hostile, hour, picture, report, square, two_squares, written};
use super::kml;

/// The names of all elements, in their order; every one is closed by its own end tag.
fn elements(xml: &str) -> Vec<String> {
    let (mut reader, mut names) = (Reader::from_str(xml), Vec::new());
    reader.config_mut().check_end_names = true;
    let mut open = 0_usize;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                names.push(start.name().as_ref().to_owned());
                open += 1;
            }
            Event::End(_) => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0);
    names
}

/// The Placemark of one finding.
fn placemark(reference: AltitudeReference, finding: Finding) -> String {
    let xml = written(|out| kml(out, &picture(reference), &report(vec![finding])));
    assert_eq!(elements(&xml)[0], "kml");
    let (start, end) = (xml.find("<Placemark>").expect("one"), xml.find("</Placemark>").expect("its end"));
    xml[start..end].to_owned()
}

/// Every `coordinates`, as numbers.
fn coordinates(xml: &str) -> Vec<Vec<Vec<f64>>> {
    let numbers = |text: &str| text.split(',').map(|number| number.parse().expect("a number")).collect();
    let list = |text: &str| text.split(' ').map(numbers).collect();
    xml.split("<coordinates>").skip(1).map(|rest| list(rest.split("</coordinates>").next().expect("its end"))).collect()
}

#[test]
fn what_is_known_of_nothing_is_still_listed() {
    let xml = placemark(AltitudeReference::W84, bare());
    assert!(xml.contains("<name>open:M1</name>"), "{xml}");
    assert!(!xml.contains("TimeSpan") && !xml.contains("coordinates"), "{xml}");
}

#[test]
fn members_stand_in_the_order_of_the_schema() {
    let xml = written(|out| kml(out, &picture(AltitudeReference::W84), &report(vec![conflict(square(46.0, 7.0))])));
    let names = elements(&xml);
    let first = |name: &str| names.iter().skip_while(|at| *at != "Placemark").position(|at| at == name);
    let order = ["name", "Snippet", "description", "TimeSpan", "styleUrl", "ExtendedData", "MultiGeometry"].map(first);
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{order:?}");
}

#[test]
fn a_band_is_drawn_as_floor_and_ceiling_above_sea_level() {
    let place = || Location::Point(at(46.0, 7.0));
    for (reference, mode, raised_m) in [
        (AltitudeReference::W84, "absolute", -Geoid::Egm96.undulation(at(46.0, 7.0)).m()),
        (AltitudeReference::Amsl, "absolute", 0.0),
        (AltitudeReference::Agl, "relativeToGround", 0.0),
    ] {
        let xml = placemark(reference, conflict(place()));
        assert!(xml.contains(&format!("<altitudeMode>{mode}</altitudeMode>")), "{xml}");
        let [lng, lat, altitude_m] = coordinates(&xml)[0][0][..] else { panic!("three numbers in {xml}") };
        assert!((lng - 7.0).abs() < 1e-9 && (lat - 46.0).abs() < 1e-9, "{xml}");
        assert!((altitude_m - 1250.0 - raised_m).abs() <= 0.05, "{reference:?}: {altitude_m}");
    }
    let sheets = coordinates(&placemark(AltitudeReference::Amsl, conflict(square(46.0, 7.0))));
    let heights: Vec<f64> = sheets.iter().map(|ring| ring[0][2]).collect();
    assert_eq!(heights, [1000.0, 1500.0]);
}

#[test]
fn what_has_no_height_lies_on_the_ground() {
    for finding in [Finding { altitude_m: None, ..conflict(square(46.0, 7.0)) }, conflict(square(46.0, 7.0))] {
        let xml = placemark(AltitudeReference::Std, finding);
        assert!(xml.contains("<altitudeMode>clampToGround</altitudeMode>"), "{xml}");
        assert!(coordinates(&xml).iter().flatten().all(|position| position.len() == 2), "{xml}");
    }
    let flight_level = placemark(AltitudeReference::Std, conflict(square(46.0, 7.0)));
    assert!(flight_level.contains("pressure altitude"), "the description has the band: {flight_level}");
}

#[test]
fn nothing_is_drawn_across_the_antimeridian() {
    let line = Location::Line(vec![at(10.0, 179.0), at(11.0, -179.0)]);
    for place in [square(10.0, 180.0), line] {
        let xml = placemark(AltitudeReference::Amsl, conflict(place));
        let pieces = coordinates(&xml);
        assert_eq!(pieces.len(), 4, "two pieces, each floor and ceiling: {xml}");
        for piece in pieces {
            let sides: Vec<bool> = piece.iter().map(|position| position[0] > 0.0).collect();
            assert!(sides.iter().all(|side| *side == sides[0]), "{piece:?}");
            assert!(piece.iter().all(|position| position[0].abs() <= 180.0), "{piece:?}");
        }
    }
}

#[test]
fn rings_are_closed_and_every_polygon_is_there() {
    let rings = coordinates(&placemark(AltitudeReference::Amsl, conflict(two_squares())));
    assert_eq!(rings.len(), 4);
    assert!(rings.iter().all(|ring| ring.len() >= 4 && ring.first() == ring.last()), "{rings:?}");
}

#[test]
fn windows_grow_to_whole_seconds() {
    let window = TimeSpan::new(hour(6).plus_ns(1), hour(8).plus_ns(1)).ok();
    let xml = placemark(AltitudeReference::W84, Finding { window, ..bare() });
    assert!(xml.contains("<begin>2026-03-01T06:00:00Z</begin>") && xml.contains("<end>2026-03-01T08:00:01Z</end>"), "{xml}");
}

#[test]
fn hostile_names_are_shown_and_not_run() {
    let xml = placemark(AltitudeReference::W84, hostile());
    assert!(!xml.contains("<script") && xml.contains("&lt;script&gt;"), "{xml}");
    // The description is HTML within XML: escaped twice.
    assert!(xml.contains("&amp;lt;script&amp;gt;"), "{xml}");
}
