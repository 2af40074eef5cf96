//! UAS geographical zones in both forms: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::ClaimVolume;
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng, Time, TimeSpan};
use support::{fuzz, problem, problems, read_bytes, rows};

const ED269: &str = include_str!("data/ed269.json");
const ED318: &str = include_str!("data/ed318.json");

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a place on the earth")
}

fn time(text: &str) -> Time {
    deconflict_plan::parse_time(text).expect("a time")
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan::new(time(start), time(end)).expect("a span")
}

fn bands(rows: &[ClaimVolume]) -> Vec<(i64, i64, AltitudeReference)> {
    rows.iter().filter_map(|row| row.band).map(|b| (b.lower().um(), b.upper().um(), b.upper().reference())).collect()
}

#[test]
fn zones_of_ed_269_become_constraints_with_all_their_volumes_and_times() {
    let rows = rows(Format::Ed269, ED269, &plain());
    let claims: Vec<_> = rows.iter().map(|row| row.claim.as_str()).collect();
    assert_eq!(claims, ["LSZ0001", "LSZ0001", "LSZ0001", "LSZ0001", "LSZ0001", "LSZ0001", "LSZ0002"]);
    assert!(rows.iter().all(|row| row.kind == ClaimKind::Constraint));
    assert_eq!(rows[0].name.as_deref(), Some("Upper field"));
    assert_eq!(rows[0].footprint, Footprint::circle(at(46.5, 8.5), 1500.0).expect("a circle"));
    assert_eq!(rows[1].footprint, Footprint::polygon(vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1)]).expect("a triangle"));
    let days: Vec<_> = rows.iter().step_by(2).map(|row| row.span).collect();
    assert_eq!(days[0], span("2030-05-01T08:00Z", "2030-05-01T16:00Z"));
    assert_eq!(days[2], span("2030-05-03T08:00Z", "2030-05-03T16:00Z"));
    assert_eq!(rows[6].span, span("1970-01-01", "2170-01-01"));
    use AltitudeReference::{Agl, Amsl};
    let bands = bands(&rows);
    assert_eq!(bands[0], (0, 120_000_000, Agl));
    assert_eq!(bands[1], (-2_000_000_000, 1_524_000_000, Amsl));
    assert_eq!(bands[6], (100_000_000, 900_000_000, Amsl));
}

#[test]
fn zones_of_ed_318_become_constraints_with_all_their_layers_and_times() {
    let rows = rows(Format::Ed318, ED318, &plain());
    assert_eq!(rows.iter().map(|row| row.claim.as_str()).collect::<Vec<_>>(), ["NFZ0001", "NFZ0002", "NFZ0002"]);
    assert_eq!(rows[0].name.as_deref(), Some("Oberes Feld"));
    assert_eq!(rows[0].footprint, Footprint::circle(at(46.5, 8.5), 1500.0).expect("a circle"));
    assert_eq!(rows[1].span, span("2030-05-02T16:00Z", "2030-05-02T17:00Z"));
    use AltitudeReference::{Agl, W84};
    assert_eq!(bands(&rows), [(50_000_000, 150_000_000, Agl), (30_480_000, 152_400_000, W84), (0, 50_000_000, Agl)]);
}

#[test]
fn what_is_left_out_and_assumed_is_told() {
    let (_, summary) = read_bytes(Format::Ed269, ED269.as_bytes(), &plain()).expect("good");
    for expected in ["without restriction", "no party", "always", "from the ground"] {
        assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains(expected)), "{expected}: {summary:?}");
    }
    assert_eq!((summary.entries, summary.claims, summary.volumes), (2, 2, 7));
}

#[test]
fn a_zone_that_does_not_hold_in_the_period_has_no_volumes() {
    let options = ReadOptions { period: Some(span("2031-01-01", "2031-01-02")), ..plain() };
    let (rows, summary) = read_bytes(Format::Ed269, ED269.as_bytes(), &options).expect("good");
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("do not reach into the period")));
    assert_eq!(
        rows.iter().map(|row| (row.claim.as_str(), row.span)).collect::<Vec<_>>(),
        [("LSZ0002", span("2031-01-01", "2031-01-02"))]
    );
}

#[test]
fn zones_of_one_identifier_are_different_claims() {
    let rows = rows(Format::Ed269, &ED269.replace("LSZ0002", "LSZ0001"), &plain());
    assert_eq!(rows.last().map(|row| row.claim.as_str()), Some("LSZ0001 #2"));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    let cases = [
        (
            Format::Ed269,
            "\"lowerLimit\": 100",
            "\"lowerLimit\": 1000",
            16,
            "features[1].geometry[0]: from 1000 m AMSL to 900 m AMSL; a lower edge below",
        ),
        (
            Format::Ed269,
            "\"upperLimit\": 120, \"upperVerticalReference\": \"AGL\"",
            "\"upperLimit\": 120",
            4,
            "features[0].geometry[0].upper: the reference \"\"; `AGL`",
        ),
        (
            Format::Ed269,
            "\"upperLimit\": 120",
            "\"upperLimit\": 1e9",
            4,
            "features[0].geometry[0].upper: 1000000000 m; an altitude of at most 1000 km",
        ),
        (
            Format::Ed269,
            "\"uomDimensions\": \"FT\"",
            "\"uomDimensions\": \"KM\"",
            4,
            "features[0].geometry[1].lower: the unit \"KM\"; `M` or `FT`",
        ),
        (Format::Ed269, "\"radius\": 1500", "\"radius\": 0", 4, "horizontalProjection: a radius of 0 m"),
        (Format::Ed269, ", \"radius\": 1500", "", 4, "horizontalProjection.radius: nothing"),
        (Format::Ed269, "[8.5, 46.5]", "[46.5, 98.5]", 4, "are lat and lng swapped?"),
        (Format::Ed269, "[8.5, 46.5]", "[]", 4, "0 numbers as a centre"),
        (Format::Ed269, "\"type\": \"Circle\"", "\"type\": \"Ellipse\"", 4, "horizontalProjection.coordinates: nothing"),
        (
            Format::Ed269,
            "\"coordinates\": [[[9.0, 46.0], [9.1, 46.0], [9.1, 46.1]]]",
            "\"coordinates\": [[9.0, 46.0]]",
            16,
            "lists of another depth",
        ),
        (Format::Ed269, "\"coordinates\": [[[9.0, 46.0]", "\"coordinates\": [[[9.0]", 16, "a position without a latitude"),
        (Format::Ed269, "16:00:00.00Z", "16 h", 4, "applicability[0].schedule[0].endTime: \"16 h\"; a time of day"),
        (Format::Ed269, "2030-05-04T00:00:00.00Z", "2030-05-04T00:00:00", 4, "applicability[0].endDateTime"),
        (Format::Ed269, "\"identifier\": \"LSZ0002\", ", "", 16, "identifier: nothing; the identifier of the zone"),
        (
            Format::Ed269,
            "\"geometry\": [\n        { \"uomDimensions\": \"M\", \"lowerLimit\": 100",
            "\"geometry\": [], \"x\": [\n        { \"lowerLimit\": 100",
            16,
            "features[1].geometry: an empty list",
        ),
        (Format::Ed269, "\"lowerLimit\": 100", "\"lowerLimit\": \"low\"", 20, "JSON that is broken"),
        (
            Format::Ed318,
            "\"extent\": { \"subType\": \"Circle\", \"radius\": 1500 },",
            "",
            5,
            "features[0].geometry.extent: nothing",
        ),
        (Format::Ed318, "\"subType\": \"Circle\"", "\"subType\": \"Ring\"", 5, "geometry.extent.subType: \"Ring\"; `Circle`"),
        (
            Format::Ed318,
            "\"layer\": { \"upper\": 500",
            "\"level\": { \"upper\": 500",
            17,
            "features[1].geometry.geometries[0].layer: nothing",
        ),
        (Format::Ed318, "\"uom\": \"ft\"", "\"uom\": \"FL\"", 17, "the unit \"FL\"; `M` or `FT`"),
        (
            Format::Ed318,
            "\"type\": \"Point\"",
            "\"type\": \"LineString\"",
            5,
            "geometry.type: \"LineString\"; a polygon or a circle",
        ),
        (Format::Ed318, "[\"THU\"]", "[\"THURSDAY\"]", 17, "limited"),
    ];
    for (format, from, to, line, expected) in cases {
        let good = if format == Format::Ed269 { ED269 } else { ED318 };
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let found = problems(format, &text, &plain());
        let told = format!("{}: {}; {}", found[0].path, found[0].found, found[0].expected);
        let expected = if expected == "limited" { "`MON` to `SUN`, or `ANY`" } else { expected };
        assert!(found[0].line == Some(line) && told.contains(expected), "expected {line} {expected}\nfound {found:?}");
    }
}

#[test]
fn what_should_be_in_a_list_may_be_by_itself() {
    let bare = ED269.replace("\"applicability\": [{ \"permanent\": \"YES\" }]", "\"applicability\": { \"permanent\": \"YES\" }");
    assert_ne!(bare, ED269);
    assert_eq!(rows(Format::Ed269, &bare, &plain()), rows(Format::Ed269, ED269, &plain()));
}

#[test]
fn a_broken_zone_is_skipped_if_the_user_says_so() {
    let text = ED269.replace("[9.1, 46.0]", "[9.1, 146.0]");
    let (_, told) = problem(Format::Ed269, &text, &plain());
    assert!(told.contains("latitude 146"), "{told}");
    let (rows, summary) =
        read_bytes(Format::Ed269, text.as_bytes(), &ReadOptions { skip_invalid: true, ..plain() }).expect("skipped");
    assert_eq!((rows.len(), summary.skipped_count, summary.skipped[0].claim.as_deref()), (6, 1, Some("LSZ0002")));
}

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let tokens = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "1e308",
        "-1",
        "\"AGL\"",
        "\"FT\"",
        "\"ANY\"",
        "\"schedule\":",
        "\"permanent\":true,",
        "\"24:00Z\"",
        "\"2030-05-01T00:00:00Z\"",
        "\"Circle\"",
        "\"geometry\":",
        "é",
    ];
    fuzz(Format::Ed269, &[ED269], &tokens, 3_000, 51, &plain());
    fuzz(Format::Ed318, &[ED318], &tokens, 3_000, 52, &plain());
    fuzz(Format::Ed318, &[ED318], &tokens, 500, 53, &ReadOptions { skip_invalid: true, ..plain() });
}
