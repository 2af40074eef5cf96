//! GeoJSON and newline-delimited GeoJSON: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use std::io::{Read, Write};

use deconflict_formats::read::{Format, ReadOptions, read};
use deconflict_plan::ClaimVolume;
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng, Time, TimeSpan};
use flate2::Compression;
use flate2::write::GzEncoder;
use support::{Random, fuzz, problem, problems, read_bytes, rows};

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[8,46],[8.1,46],[8.1,46.1],[8,46.1],[8,46]]]}"#;
const USUAL: &str = r#""claim":"A","party":"P","altitude_lower_m":100,"altitude_upper_m":200.5,"altitude_reference":"W84","time_start":"2030-05-01T06:00:00Z","time_end":"2030-05-01T09:30:00+02:00""#;

fn feature(geometry: &str, properties: &str) -> String {
    format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{{properties}}}}}"#)
}

fn usual() -> String {
    feature(SQUARE, USUAL)
}

/// [`USUAL`] with one property replaced, or left out if there is no value.
fn but(name: &str, value: &str) -> String {
    let kept = USUAL.split(",\"").map(|part| part.trim_start_matches('"')).filter(|part| !part.starts_with(&format!("{name}\"")));
    let mut parts: Vec<String> = kept.map(|part| format!("\"{part}")).collect();
    if !value.is_empty() {
        parts.push(format!("\"{name}\":{value}"));
    }
    parts.join(",")
}

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a place on the earth")
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\n\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn plain() -> ReadOptions {
    ReadOptions::default()
}

#[test]
fn a_feature_becomes_a_row_with_all_it_says() {
    let rows = rows(Format::GeoJson, &usual(), &plain());
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let corners = vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1), at(46.1, 8.0)];
    assert_eq!(row.claim, "A");
    assert_eq!(row.party.as_deref(), Some("P"));
    assert_eq!((row.kind, row.priority, row.name.as_deref()), (ClaimKind::Flight, 0, None));
    assert_eq!(row.footprint, Footprint::polygon(corners).expect("a square"));
    let band = row.band.expect("altitudes");
    assert_eq!((band.lower().um(), band.upper().um()), (100_000_000, 200_500_000));
    assert_eq!(band.lower().reference(), AltitudeReference::W84);
    let start = deconflict_plan::parse_time("2030-05-01T06:00Z").expect("a time");
    assert_eq!(row.span, TimeSpan::new(start, start.plus_ns(5_400_000_000_000)).expect("a span"));
}

#[test]
fn every_property_is_understood_in_the_forms_that_occur() {
    type Holds = fn(&ClaimVolume) -> bool;
    let cases: [(&str, &str, Holds); 14] = [
        ("claim", "17", |row| row.claim == "17"),
        ("claim", "12345678901234567890", |row| row.claim == "12345678901234567890"),
        ("claim", r#"" A ""#, |row| row.claim == "A"),
        ("claim", r#""\u0041\n""#, |row| row.claim == "A"),
        ("party", "null", |row| row.party.is_none()),
        ("party", r#""""#, |row| row.party.is_none()),
        ("kind", r#""Constraint""#, |row| row.kind == ClaimKind::Constraint),
        ("priority", "-3", |row| row.priority == -3),
        ("priority", "7.0", |row| row.priority == 7),
        ("altitude_lower_m", r#""50""#, |row| row.band.is_some_and(|band| band.lower().um() == 50_000_000)),
        ("altitude_lower_m", "-0.0", |row| row.band.is_some_and(|band| band.lower().um() == 0)),
        ("altitude_lower_m", "1.25e2", |row| row.band.is_some_and(|band| band.lower().um() == 125_000_000)),
        ("altitude_reference", r#""FL""#, |row| row.band.is_some_and(|b| b.lower().reference() == AltitudeReference::Std)),
        ("name", r#""Test \"1\"""#, |row| row.name.as_deref() == Some("Test \"1\"")),
    ];
    for (name, value, holds) in cases {
        let rows = rows(Format::GeoJson, &feature(SQUARE, &but(name, value)), &plain());
        assert!(rows.len() == 1 && holds(&rows[0]), "{name} {value}: {rows:?}");
    }
}

#[test]
fn every_geometry_becomes_footprints() {
    let cases: [(&str, &str, usize); 9] = [
        (r#"{"type":"Point","coordinates":[8,46]}"#, r#","radius_m":500"#, 1),
        (r#"{"type":"Point","coordinates":[8,46,1200.5]}"#, r#","radius_m":"500""#, 1),
        (r#"{"type":"MultiPoint","coordinates":[[8,46],[9,46]]}"#, r#","radius_m":500"#, 2),
        (r#"{"type":"LineString","coordinates":[[8,46],[8.1,46],[8.2,46.3]]}"#, r#","width_m":500"#, 1),
        (r#"{"coordinates":[[[8,46],[8.1,46]],[[9,46],[9.1,46]]],"type":"MultiLineString"}"#, r#","width_m":500"#, 2),
        (SQUARE, "", 1),
        (r#"{"type":"MultiPolygon","coordinates":[[[[8,46],[8.1,46],[8.1,46.1]]],[[[9,46],[9.1,46],[9.1,46.1]]]]}"#, "", 2),
        (
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[8,46]},{"type":"LineString","coordinates":[[8,46],[8.1,46]]}]}"#,
            r#","radius_m":500,"width_m":500"#,
            2,
        ),
        (
            r#"{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[8,46]}]},{"type":"Point","coordinates":[9,46]}]}"#,
            r#","radius_m":500"#,
            2,
        ),
    ];
    for (geometry, sizes, count) in cases {
        let rows = rows(Format::GeoJson, &feature(geometry, &format!("{USUAL}{sizes}")), &plain());
        assert_eq!(rows.len(), count, "{geometry}");
        assert!(rows.iter().all(|row| row.claim == "A" && row.band == rows[0].band && row.span == rows[0].span));
    }
}

#[test]
fn a_ring_means_the_same_closed_or_open_in_either_winding_and_with_repeats() {
    let rings = [
        "[8,46],[8.1,46],[8.1,46.1],[8,46.1],[8,46]",
        "[8,46],[8.1,46],[8.1,46.1],[8,46.1]",
        "[8,46],[8,46.1],[8.1,46.1],[8.1,46]",
        "[8,46],[8,46],[8.1,46],[8.1,46.1],[8.1,46.1],[8,46.1],[8,46],[8,46]",
        "[8.0,4.6e1],[81e-1,46],[8.1,46.1,99],[8,46.1],[8.000000001,46]",
    ];
    let footprints: Vec<_> = rings
        .iter()
        .map(|ring| {
            rows(Format::GeoJson, &feature(&format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#), USUAL), &plain())
        })
        .map(|rows| rows[0].footprint.area())
        .collect();
    let inside = at(46.05, 8.05);
    for area in &footprints {
        assert!(area.contains(inside) && !area.contains(at(46.11, 8.05)));
        assert!((area.region().area_km2() - footprints[0].region().area_km2()).abs() < 1e-9);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_was_expected() {
    let polygon = |ring: &str| format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#);
    let cases: Vec<(String, &str)> = vec![
        (feature(SQUARE, &but("claim", "")), "properties.claim: nothing; the id of the claim"),
        (feature(SQUARE, &but("claim", "[1]")), "properties.claim: a list; a text"),
        (feature(SQUARE, &but("claim", "1.5")), "properties.claim: 1.5; a text"),
        (
            feature(SQUARE, &but("kind", r#""movement""#)),
            "properties.kind: \"movement\"; `flight`, `constraint`, `site` or `presence`; movements and authorities",
        ),
        (feature(SQUARE, &but("priority", "0.5")), "properties.priority: 0.5; a whole number"),
        (feature(SQUARE, &but("priority", "1e308")), "a whole number"),
        (feature(SQUARE, &but("altitude_reference", "")), "properties.altitude_reference: nothing; `W84`"),
        (feature(SQUARE, &but("altitude_reference", r#""QNH""#)), "properties.altitude_reference: \"QNH\"; `W84`"),
        (feature(SQUARE, &but("altitude_upper_m", "1e308")), "an altitude of at most 1000 km"),
        (
            feature(SQUARE, &but("altitude_upper_m", "100")),
            "properties.altitude_upper_m: from 100 m W84 to 100 m W84; a lower edge below",
        ),
        (feature(SQUARE, &but("altitude_upper_m", r#""NaN""#)), "properties.altitude_upper_m: \"NaN\"; a number"),
        (feature(SQUARE, &but("altitude_upper_m", "true")), "properties.altitude_upper_m: a truth value; a number"),
        (feature(SQUARE, &but("time_start", "")), "properties.time_start: nothing; a time, or a period"),
        (
            feature(SQUARE, &but("time_end", r#""2030-05-01T06:00:00Z""#)),
            "properties.time_end: an end that is not after the start",
        ),
        (feature(SQUARE, &but("time_end", r#""2030-05-01T08:00:00""#)), "a time with its zone"),
        (feature(SQUARE, &but("time_end", "1903939200")), "a number could be seconds or milliseconds"),
        (feature(SQUARE, &but("time_end", r#""2030-02-30T08:00:00Z""#)), "there is no such day"),
        (feature(SQUARE, &but("time_end", r#""2300-01-01T08:00:00Z""#)), "between the years"),
        (
            feature(SQUARE, r#""claim":"A","time_start":"2030-05-01","time_end":"2030-05-02""#),
            "properties.kind: neither a kind nor altitudes",
        ),
        (
            feature(SQUARE, r#""claim":"A","kind":"flight","time_start":"2030-05-01","time_end":"2030-05-02""#),
            "a flight without altitudes",
        ),
        (feature(SQUARE, &format!("{USUAL},\"claim\":\"B\"")), "properties.claim: the property twice"),
        (feature("null", USUAL), "geometry: null; a geometry"),
        (feature(r#"{"type":"Polygon"}"#, USUAL), "geometry.coordinates: nothing"),
        (feature(r#"{"type":"Circle","coordinates":[8,46]}"#, USUAL), "geometry.type: \"Circle\"; one of `Point`"),
        (feature(r#"{"coordinates":[8,46]}"#, USUAL), "geometry.type: nothing"),
        (feature(r#"{"type":"Point","coordinates":[8,46]}"#, USUAL), "properties.radius_m: nothing"),
        (feature(r#"{"type":"LineString","coordinates":[[8,46],[9,46]]}"#, USUAL), "properties.width_m: nothing"),
        (
            feature(r#"{"type":"LineString","coordinates":[[8,46],[8,46]]}"#, &format!("{USUAL},\"width_m\":5")),
            "geometry.coordinates: 1 different positions",
        ),
        (
            feature(r#"{"type":"LineString","coordinates":[[8,46],[9,46]]}"#, &format!("{USUAL},\"width_m\":0")),
            "properties.width_m: 0; a length in metres",
        ),
        (
            feature(r#"{"type":"LineString","coordinates":[[8,46],[50,46]]}"#, &format!("{USUAL},\"width_m\":5")),
            "at most 1000 km between two",
        ),
        (feature(r#"{"type":"Point","coordinates":[8]}"#, USUAL), "a position without a latitude"),
        (feature(r#"{"type":"Point","coordinates":[]}"#, USUAL), "geometry.coordinates: an empty list"),
        (feature(r#"{"type":"Point","coordinates":["8","46"]}"#, USUAL), "geometry.coordinates: a text; positions"),
        (
            feature(r#"{"type":"Polygon","coordinates":[[8,46],[9,46],[9,47]]}"#, USUAL),
            "positions within 1 lists; 2 for a Polygon",
        ),
        (feature(r#"{"type":"Polygon","coordinates":[[[8,46],[[9,46]],[9,47]]]}"#, USUAL), "lists of different depths"),
        (feature(r#"{"type":"Polygon","coordinates":[[[[[8,46]]]]]}"#, USUAL), "positions within more than 3 lists"),
        (
            feature(&polygon("[8,46],[8.1,46.1],[8.1,46],[8,46.1]"), USUAL),
            "geometry.coordinates[0]: edge 0 crosses or touches edge 2",
        ),
        (feature(&polygon("[8,46],[8.1,46]"), USUAL), "2 different vertices"),
        (
            feature(&polygon("[46,98],[46,9],[47,9]"), USUAL),
            "geometry.coordinates[0][0]: latitude 98; a latitude in degrees, -90 to 90; are lat and lng swapped?",
        ),
        (feature(&polygon("[8,46],[1e308,46],[8,47]"), USUAL), "geometry.coordinates[0][1]: longitude 1"),
        (feature(&polygon("[8,46],[8,1e308],[8,47]"), USUAL), "a latitude in degrees"),
        (feature(&polygon("[0,0],[20,0],[20,20],[0,20]"), USUAL), "an edge of"),
        (
            feature(
                r#"{"type":"Polygon","coordinates":[[[8,46],[9,46],[9,47],[8,46]],[[8.5,46.2],[8.6,46.2],[8.6,46.3]]]}"#,
                USUAL,
            ),
            "geometry.coordinates[1]: a hole",
        ),
        (feature(r#"{"type":"GeometryCollection","geometries":[]}"#, USUAL), "geometry.geometries: an empty list"),
        (format!(r#"{{"type":"Point","coordinates":[8,46],{USUAL}}}"#), "type: \"Point\"; a `Feature`"),
        (r#"{"type":"FeatureCollection"}"#.to_owned(), "type: \"FeatureCollection\""),
        (usual().replace("46.1]", "46.1"), "`}`"),
        (usual().replace("8.1,", "NaN,"), "JSON that is broken"),
        (usual().replace("8.1,", "1e999,"), "JSON that is broken"),
        (usual().replace(r#""type":"Polygon","#, r#""type":"Polygon""#), "JSON that is broken (column"),
        (String::new(), "an empty file"),
        ("  \n ".to_owned(), "an empty file"),
        ("hello".to_owned(), "a JSON document"),
        (collection(&[usual()]).replace("FeatureCollection", "Topology"), "type: \"Topology\"; a `FeatureCollection`"),
        (
            format!(
                r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:2056"}}}},"features":[{}]}}"#,
                usual()
            ),
            "on WGS84",
        ),
    ];
    for (text, expected) in cases {
        let (_, told) = problem(Format::GeoJson, &text, &plain());
        assert!(told.contains(expected), "expected {expected}\nfound    {told}\nin {text}");
    }
}

#[test]
fn a_line_of_newline_delimited_features_is_told() {
    let lines = [usual(), usual().replace("\"A\"", "\"B\""), usual().replace("46.1]", "146.1]"), "{".to_owned(), usual()];
    let found = problems(Format::NdJson, &lines.join("\n"), &plain());
    let places: Vec<_> = found.iter().map(|problem| (problem.line, problem.path.as_str())).collect();
    assert_eq!(places, [(Some(3), "geometry.coordinates[0][2]"), (Some(4), "")]);
}

#[test]
fn a_line_within_a_collection_is_told() {
    let bad = usual().replace("46.1]", "146.1]").replace("[8,146.1]", "[8,\n146.1]");
    let text = collection(&[usual(), usual().replace("\"A\"", "\"B\""), bad]);
    let (line, told) = problem(Format::GeoJson, &text, &plain());
    assert_eq!(line, Some(5));
    assert!(told.starts_with("features[2].geometry.coordinates[0][2]: latitude 146.1"), "{told}");
}

#[test]
fn the_line_of_broken_json_within_a_feature_is_told() {
    let text = collection(&[usual(), usual().replace("\"properties\":", "\n\n\"properties\"")]);
    assert_eq!(problem(Format::GeoJson, &text, &plain()).0, Some(6));
}

#[test]
fn what_is_invalid_is_skipped_counted_and_listed_if_the_user_says_so() {
    let lines = [usual(), usual().replace("46.1]", "146.1]"), "{\"type\":".to_owned(), usual()];
    let options = ReadOptions { skip_invalid: true, ..plain() };
    let (rows, summary) = read_bytes(Format::NdJson, lines.join("\r\n").as_bytes(), &options).expect("it is skipped");
    assert_eq!((rows.len(), summary.entries, summary.claims, summary.volumes, summary.skipped_count), (2, 4, 1, 2, 2));
    let listed: Vec<_> = summary.skipped.iter().map(|skipped| (skipped.claim.as_deref(), skipped.problems[0].line)).collect();
    assert_eq!(listed, [(Some("A"), Some(2)), (None, Some(3))]);
}

#[test]
fn what_breaks_a_collection_is_an_error_even_if_invalid_features_are_skipped() {
    let text = collection(&[usual(), usual()]).replace("}},\n", "},\n");
    let options = ReadOptions { skip_invalid: true, ..plain() };
    let (line, told) = problem(Format::GeoJson, &text, &options);
    assert_eq!((line, told.as_str()), (Some(5), ": `]`; `}`, which closes what is open"));
}

#[test]
fn no_more_than_a_hundred_problems_are_shown_and_the_rest_is_counted() {
    let lines = vec!["{}"; 250].join("\n");
    let found = problems(Format::NdJson, &lines, &plain());
    assert_eq!(found.len(), 101);
    assert_eq!(found[100].found, "and 150 more problems");
}

#[test]
fn features_of_one_claim_agree_or_both_lines_are_named() {
    let cases = [
        (usual(), None),
        (usual().replace("[8,46]", "[8.01,46]"), None),
        (usual().replace("\"P\"", "\"Q\""), Some("another party, kind, name or priority than the same claim has on line 1")),
        (feature(SQUARE, &format!("{USUAL},\"priority\":1")), Some("on line 1")),
        (feature(SQUARE, &format!("{USUAL},\"name\":\"x\"")), Some("on line 1")),
        (feature(SQUARE, &format!("{USUAL},\"kind\":\"flight\"")), None),
        (
            feature(SQUARE, &but("claim", "")).replace(r#""type":"Feature""#, r#""id":"A","type":"Feature""#),
            Some("an id that line 1 has already"),
        ),
    ];
    for (second, expected) in cases {
        let text = format!("{}\n\n{second}\n", usual());
        match expected {
            None => assert_eq!(rows(Format::NdJson, &text, &plain()).len(), 2),
            Some(expected) => {
                let (line, told) = problem(Format::NdJson, &text, &plain());
                assert!(line == Some(3) && told.contains(expected), "{line:?} {told}");
            }
        }
    }
}

#[test]
fn the_id_of_a_feature_is_its_claim_if_it_names_none() {
    let with_id =
        |id: &str| feature(SQUARE, &but("claim", "")).replace(r#""type":"Feature""#, &format!(r#""id":{id},"type":"Feature""#));
    let found = rows(Format::NdJson, &format!("{}\n{}", with_id("7"), with_id("\"x\"")), &plain());
    assert_eq!(found.iter().map(|row| row.claim.as_str()).collect::<Vec<_>>(), ["7", "x"]);
    let (line, told) = problem(Format::NdJson, &format!("{}\n{}", with_id("7"), with_id("\"7\"")), &plain());
    assert!(line == Some(2) && told.contains("an id that line 1 has already"), "{told}");
}

#[test]
fn what_the_file_does_not_say_comes_from_the_options_and_is_told() {
    let start = Time::from_ns(1_900_000_000_000_000_000);
    let options = ReadOptions {
        party: Some("OURS".to_owned()),
        kind: Some(ClaimKind::Constraint),
        altitude_reference: Some(AltitudeReference::Amsl),
        width_m: Some(80.0),
        period: Some(TimeSpan::new(start, start.plus_ns(1_000_000_000)).expect("a span")),
        ..plain()
    };
    let text = feature(
        r#"{"type":"LineString","coordinates":[[8,46],[8.1,46]]}"#,
        r#""claim":"A","altitude_lower_m":5,"colour":"red","Party":1,"Altitude_Upper":2"#,
    );
    let (rows, summary) = read_bytes(Format::GeoJson, text.as_bytes(), &options).expect("good");
    let row = &rows[0];
    assert_eq!((row.party.as_deref(), row.kind, row.span), (Some("OURS"), ClaimKind::Constraint, options.period.expect("given")));
    let band = row.band.expect("altitudes");
    assert_eq!((band.lower().m(), band.upper().m(), band.lower().reference()), (5.0, 1e6, AltitudeReference::Amsl));
    let told: Vec<_> = summary.assumptions.iter().map(|assumption| assumption.what.as_str()).collect();
    for expected in ["OURS", "kind that was given", "reference is named", "no upper edge", "no width: 80 m", "no start", "no end"]
    {
        assert!(told.iter().any(|told| told.contains(expected)), "{expected}: {told:?}");
    }
    let ignored: Vec<_> = summary.ignored.iter().map(|one| (one.name.as_str(), one.count, one.meant)).collect();
    assert_eq!(ignored, [("colour", 1, None), ("Party", 1, Some("party")), ("Altitude_Upper", 1, Some("altitude_upper_m"))]);
}

#[test]
fn without_a_party_each_claim_is_on_its_own_and_that_is_told() {
    let (rows, summary) = read_bytes(Format::GeoJson, feature(SQUARE, &but("party", "")).as_bytes(), &plain()).expect("good");
    assert_eq!(rows[0].party, None);
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("side of its own")), "{summary:?}");
}

#[test]
fn holes_are_filled_only_if_the_user_says_so() {
    let geometry = r#"{"type":"Polygon","coordinates":[[[8,46],[9,46],[9,47],[8,46]],[[8.5,46.2],[8.6,46.2],[8.6,46.3]]]}"#;
    let options = ReadOptions { fill_holes: true, ..plain() };
    let (rows, summary) = read_bytes(Format::GeoJson, feature(geometry, USUAL).as_bytes(), &options).expect("filled");
    assert!(rows[0].footprint.area().contains(at(46.23, 8.57)));
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("holes are filled")));
}

#[test]
fn a_day_as_an_end_is_included() {
    let row = &rows(Format::GeoJson, &feature(SQUARE, &but("time_end", r#""2030-05-01""#)), &plain())[0];
    assert_eq!(row.span.end(), deconflict_plan::parse_time("2030-05-02").expect("a time"));
}

#[test]
fn blank_lines_carriage_returns_byte_order_marks_and_record_separators_do_not_matter() {
    let second = usual().replace("\"A\"", "\"B\"");
    let expected = rows(Format::NdJson, &format!("{}\n{second}\n", usual()), &plain());
    let texts = [
        format!("\u{feff}{}\n{second}", usual()),
        format!("{}\r\n\r\n  {second}  \r\n", usual()),
        format!("\u{1e}{}\n\u{1e}{second}\n", usual()),
        // RFC 8142 lets a text go over lines.
        format!("\u{1e}{}\n\u{1e}{}\n", usual().replace(',', ",\n"), second.replace(',', " ,\n\n")),
    ];
    for text in &texts {
        assert_eq!(rows(Format::NdJson, text, &plain()), expected, "{text}");
    }
    for text in [
        format!("{}\n{second}", usual()),
        format!("[{},{second}]", usual()),
        format!("\u{1e}{}\n\u{1e}{second}\n", usual()),
        collection(&[usual(), second.clone()]),
        format!("{{\"features\":[{},\n{second}],\"type\":\"FeatureCollection\"}}", usual()),
        format!("{}{}", collection(&[usual()]), collection(std::slice::from_ref(&second))),
    ] {
        assert_eq!(rows(Format::GeoJson, &text, &plain()), expected, "{text}");
    }
    let (line, _) = problem(Format::NdJson, &format!("{}\r\n\u{1e}\r\n\r\n{{}}\r\n", usual()), &plain());
    assert_eq!(line, Some(4));
    let text = format!("\u{1e}{}\n\u{1e}{{\n}}\n", usual().replace(',', ",\n"));
    assert_eq!(
        problem(Format::NdJson, &text, &plain()).0,
        Some(1 + text[..text.rfind("\u{1e}").expect("two")].matches('\n').count())
    );
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn packed_files_are_unpacked_and_broken_ones_refused() {
    let text = format!("{}\n{}\n", usual(), usual().replace("\"A\"", "\"B\""));
    let expected = rows(Format::NdJson, &text, &plain());
    let whole = packed(text.as_bytes());
    let read = |bytes: &[u8]| read_bytes(Format::NdJson, bytes, &plain());
    assert_eq!(read(&whole).expect("good").0, expected);
    // Several members, cut within a line.
    let several = [packed(&text.as_bytes()[..100]), packed(&text.as_bytes()[100..])].concat();
    assert_eq!(read(&several).expect("good").0, expected);
    for cut in [whole.len() - 1, whole.len() - 8, whole.len() / 2, 15] {
        let problems = read(&whole[..cut]).expect_err("it breaks off");
        assert!(problems.iter().any(|problem| problem.found == "compressed data that break off"), "{cut}: {problems:?}");
        let skipping = read_bytes(Format::NdJson, &whole[..cut], &ReadOptions { skip_invalid: true, ..plain() });
        assert!(skipping.is_err(), "what is missing cannot be skipped");
    }
    let many: String = (0..9_000).map(|i| usual().replace("\"A\"", &format!("\"C{i}\"")) + "\n").collect();
    let packed_many = packed(many.as_bytes());
    let problems = read(&packed_many[..packed_many.len() - 9]).expect_err("it breaks off");
    let line = problems[0].line.expect("a line");
    assert!(problems.len() == 1 && (8_000..=9_001).contains(&line), "only what breaks off is wrong, at its line: {problems:?}");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    let problems = read(&damaged).expect_err("it is damaged");
    assert!(problems.iter().any(|problem| problem.found.contains("compressed data that")), "{problems:?}");
    let in_collection = read_bytes(Format::GeoJson, &whole[..whole.len() - 8], &plain()).expect_err("it breaks off");
    assert!(in_collection.iter().any(|problem| problem.found == "compressed data that break off"), "{in_collection:?}");
}

#[test]
fn text_in_utf_16_is_named() {
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(usual().encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let problems = read_bytes(Format::GeoJson, &bytes, &plain()).expect_err("UTF-16");
    assert_eq!(problems[0].found, "text in UTF-16");
}

#[test]
fn many_blocks_and_workers_give_the_same_rows_in_the_order_of_the_file() {
    let text: String = (0..12_000).map(|i| usual().replace("\"A\"", &format!("\"C{i}\"")) + "\n").collect();
    assert!(text.len() > 3 * 1024 * 1024, "more than one block for each of three workers");
    let one = rows(Format::NdJson, &text, &ReadOptions { workers: Some(1), ..plain() });
    assert!(one.iter().enumerate().all(|(i, row)| row.claim == format!("C{i}")));
    for workers in [2, 3, 7] {
        assert_eq!(rows(Format::NdJson, &text, &ReadOptions { workers: Some(workers), ..plain() }), one);
    }
    let features: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(rows(Format::GeoJson, &collection(&features), &plain()), one);
    let mut broken = features;
    broken[11_000] = "{}".to_owned();
    assert_eq!(problem(Format::NdJson, &broken.join("\n"), &plain()).0, Some(11_001));
    assert_eq!(problem(Format::GeoJson, &collection(&broken), &plain()).0, Some(11_003));
}

#[test]
fn progress_hears_of_all_bytes_and_never_goes_back() {
    let text: String = (0..5_000).map(|i| usual().replace("\"A\"", &format!("\"C{i}\"")) + "\n").collect();
    let told = std::cell::RefCell::new(Vec::new());
    let summary = read(text.as_bytes(), "t", Format::NdJson, &plain(), &mut |_| (), &|bytes| told.borrow_mut().push(bytes));
    assert_eq!(summary.expect("good").volumes, 5_000);
    let told = told.into_inner();
    assert!(told.is_sorted() && told.last() == Some(&(text.len() as u64)), "{told:?}");
}

/// A file that is made as it is read, so that its length costs nothing.
struct Endless {
    piece: Vec<u8>,
    at: usize,
    left: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let from = self.at % self.piece.len();
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.piece.len() - from).min(buffer.len());
        buffer[..most].copy_from_slice(&self.piece[from..from + most]);
        self.at += most;
        self.left -= most as u64;
        Ok(most)
    }
}

#[test]
fn a_line_or_an_entry_without_end_is_refused_within_bounds() {
    let good = usual() + "\n";
    let endless = || Endless { piece: b" 1,".repeat(10_000), at: 0, left: 60_000_000 };
    let line = good.as_bytes().chain(endless()).chain(b"\n{}\n".as_slice());
    let found = read(line, "t", Format::NdJson, &plain(), &mut |_| (), &|_| ()).expect_err("too long");
    assert_eq!(found.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(2), Some(3)], "{found:?}");
    assert!(found[0].found.contains("a line of more than 32 MiB"), "{found:?}");
    let entry = b"{\"type\":\"FeatureCollection\",\"features\":[{\"a\":[".as_slice().chain(endless());
    let found = read(entry, "t", Format::GeoJson, &plain(), &mut |_| (), &|_| ()).expect_err("too long");
    assert!(found[0].found.contains("an entry of more than 32 MiB"), "{found:?}");
    let members = b"{\"type\":1,".as_slice().chain(Endless { piece: b"\"k\":0,\n".repeat(1000), at: 0, left: 70_000_000 });
    let found = read(members, "t", Format::GeoJson, &plain(), &mut |_| (), &|_| ()).expect_err("too long");
    assert!(found[0].found.contains("an entry of more than 32 MiB"), "{found:?}");
}

#[test]
fn brackets_without_end_are_refused() {
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(100_000);
        for (format, text) in [
            (Format::GeoJson, deep.clone()),
            (Format::NdJson, deep.clone()),
            (Format::GeoJson, format!("{{\"features\":[{deep}")),
            (Format::NdJson, feature(&format!("{{\"type\":\"Polygon\",\"coordinates\":{deep}"), USUAL)),
        ] {
            assert_eq!(problems(format, &text, &plain()).len(), 1);
        }
    }
}

#[test]
fn more_parts_than_may_be_are_refused() {
    let points = vec!["[8,46]"; 100_001].join(",");
    let text = feature(&format!(r#"{{"type":"MultiPoint","coordinates":[{points}]}}"#), &format!("{USUAL},\"radius_m\":5"));
    assert!(problem(Format::GeoJson, &text, &plain()).1.contains("100001 volumes in one entry; at most 100000"));
}

#[test]
fn a_time_at_the_very_end_is_refused_and_does_not_panic() {
    let start = Time::from_ns(0);
    let options = ReadOptions { period: Some(TimeSpan::new(start, start.plus_ns(1)).expect("a span")), ..plain() };
    let properties = but("time_start", r#""2262-04-11T23:47:16.854775807Z""#);
    let without_end = properties.replace(r#","time_end":"2030-05-01T09:30:00+02:00""#, "");
    assert_ne!(properties, without_end);
    assert!(problem(Format::GeoJson, &feature(SQUARE, &without_end), &options).1.contains("the end of what can be told"));
}

#[test]
fn too_many_vertices_are_refused() {
    let ring: Vec<String> = (0..100_001).map(|i| format!("[{},46]", f64::from(i) * 1e-5)).collect();
    let (_, told) = problem(
        Format::GeoJson,
        &feature(&format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, ring.join(",")), USUAL),
        &plain(),
    );
    assert!(told.contains("100001 positions; at most 100000 in one outline"), "{told}");
}

#[test]
fn a_shape_across_the_antimeridian_means_the_same_however_it_is_written() {
    let whole = "[[[179.5,10],[-179.5,10],[-179.5,11],[179.5,11]]]";
    let written = [
        ("Polygon", "[[[179.5,10],[180.5,10],[180.5,11],[179.5,11]]]"),
        ("Polygon", "[[[-180.5,10],[-179.5,10],[-179.5,11],[-180.5,11]]]"),
        ("MultiPolygon", "[[[[179.5,10],[180,10],[180,11],[179.5,11]]],[[[-180,10],[-179.5,10],[-179.5,11],[-180,11]]]]"),
    ];
    let areas = |kind: &str, coordinates: &str| {
        let text = feature(&format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#), USUAL);
        let parts = rows(Format::GeoJson, &text, &plain()).into_iter().map(|row| row.footprint.area());
        parts.collect::<Vec<_>>()
    };
    let reference = areas("Polygon", whole);
    let mut random = Random(5);
    for (kind, coordinates) in written {
        let found = areas(kind, coordinates);
        for _ in 0..300 {
            let (lat, lng) = (random.between(9.5, 11.5), random.between(179.0, 181.0));
            // Where the cut meets an edge, a vertex on the parallel bends it away from the shortest path.
            if (lat - 10.0).abs() < 0.002 || (lat - 11.0).abs() < 0.002 {
                continue;
            }
            let point = at(lat, if lng > 180.0 { lng - 360.0 } else { lng });
            let inside = |areas: &[deconflict_spacetime::Area]| areas.iter().any(|area| area.contains(point));
            assert_eq!(inside(&found), inside(&reference), "{kind} {point:?}");
        }
        // Nothing falls between the parts of a cut.
        assert!(found.iter().any(|area| area.contains(at(10.5, 180.0))));
    }
}

#[test]
fn a_ring_around_a_pole_may_be_cut_to_the_pole_as_maps_draw_it() {
    let cap = "[-180,80],[-135,80],[-90,80],[-45,80],[0,80],[45,80],[90,80],[135,80]";
    let written = [
        format!("{cap},[180,80],[180,90],[-180,90],[-180,80]"),
        format!("{cap},[180,80],[180,85],[180,90],[-180,90],[-180,85],[-180,80]"),
        format!("{cap},[180,80]"),
        cap.to_owned(),
        format!("[180,90],[-180,90],{cap},[180,80]"),
    ];
    for ring in written {
        let text = feature(&format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#), USUAL);
        let area = rows(Format::GeoJson, &text, &plain())[0].footprint.area();
        for (lat, lng, inside) in
            [(89.9, 33.0, true), (90.0, 0.0, true), (85.0, 180.0, true), (79.0, 180.0, false), (79.0, 30.0, false)]
        {
            assert_eq!(area.contains(at(lat, lng)), inside, "{ring} {lat} {lng}");
        }
    }
}

#[test]
fn edges_far_beside_the_straight_lines_of_a_map_are_told() {
    let text = feature(r#"{"type":"Polygon","coordinates":[[[8,60],[12,60],[12,61],[8,61]]]}"#, USUAL);
    let (_, summary) = read_bytes(Format::GeoJson, text.as_bytes(), &plain()).expect("good");
    let told = summary.assumptions.iter().find(|assumption| assumption.what.contains("shortest paths")).expect("told");
    assert_eq!((told.count, told.line), (1, 1));
    let (_, summary) = read_bytes(Format::GeoJson, usual().as_bytes(), &plain()).expect("good");
    assert!(!summary.assumptions.iter().any(|assumption| assumption.what.contains("shortest paths")));
}

const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "\r",
    "\u{1e}",
    "null",
    "true",
    "NaN",
    "1e999",
    "1e308",
    "-1e308",
    "-0.0",
    "99999999999999999999999999999999999999999",
    "91",
    "181",
    "\"type\":\"Feature\"",
    "\"claim\":",
    "\"kind\":\"site\"",
    "\"features\":[",
    "[0,0]",
    "[[",
    "]]",
    "\"time_end\":",
    "\"2030-05-01\"",
    "\"0000-00-00T00:00:00Z\"",
    "\"radius_m\":1",
    "\"width_m\":1e-9",
    "\"id\":1",
    "\u{feff}",
    "é",
];

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let line = feature(r#"{"type":"LineString","coordinates":[[8,46],[8.1,46],[8.2,46.3]]}"#, &format!("{USUAL},\"width_m\":50"));
    let circle = feature(r#"{"type":"MultiPoint","coordinates":[[8,46],[9,46.5]]}"#, &format!("{USUAL},\"radius_m\":50"));
    let good = [usual(), format!("{}\n{}\n{}\n", usual(), line, circle), format!("\u{1e}{}\n", usual())];
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    fuzz(Format::NdJson, &good, TOKENS, 4_000, 11, &plain());
    fuzz(Format::NdJson, &good, TOKENS, 1_000, 12, &ReadOptions { skip_invalid: true, ..plain() });
    let collected = collection(&[usual(), line, circle]);
    fuzz(Format::GeoJson, &[&collected, &good[0].replace(',', " ,\n ")], TOKENS, 4_000, 13, &plain());
}
