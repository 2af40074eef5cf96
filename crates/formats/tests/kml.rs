//! KML and KMZ: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::ClaimVolume;
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng, Time, TimeSpan};
use support::{fuzz, problem, problems, read_bytes, rows};

const RING: &str = "<outerBoundaryIs><LinearRing><coordinates>8,46,500 8.1,46,500\n 8.1,46.1,600 8,46,500</coordinates></LinearRing></outerBoundaryIs>";

const FILE: &str = include_str!("data/plans.kml");

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

/// A document of one Placemark.
fn document(placemark: &str) -> String {
    format!("<kml><Document>\n<Placemark>{placemark}</Placemark></Document></kml>")
}

/// A Placemark with an id, a time and these properties and geometry.
fn placed(properties: &[(&str, &str)], geometry: &str) -> String {
    let data: String =
        properties.iter().map(|(name, value)| format!("<Data name=\"{name}\"><value>{value}</value></Data>")).collect();
    document(&format!(
        "<ExtendedData><Data name=\"claim\"><value>A</value></Data>{data}</ExtendedData><TimeSpan><begin>2030-05-01</begin><end>2030-05-01</end></TimeSpan>{geometry}"
    ))
}

fn bands(rows: &[ClaimVolume]) -> Vec<Option<(f64, f64, AltitudeReference)>> {
    rows.iter().map(|row| row.band.map(|band| (band.lower().m(), band.upper().m(), band.lower().reference()))).collect()
}

#[test]
fn placemarks_become_volumes_with_what_they_say() {
    let rows = rows(Format::Kml, FILE, &plain());
    let claims: Vec<_> = rows.iter().map(|row| (row.claim.as_str(), row.kind)).collect();
    use ClaimKind::{Constraint, Flight, Site};
    assert_eq!(claims, [("box", Constraint), ("S1", Flight), ("S1", Flight), ("Camp", Site), ("T1", Flight), ("T1", Flight)]);
    use AltitudeReference::Amsl;
    let expected = [
        Some((-2000.0, 600.0, Amsl)),
        Some((490.0, 510.0, Amsl)),
        Some((490.0, 610.0, Amsl)),
        None,
        Some((485.0, 555.0, Amsl)),
        Some((525.0, 555.0, Amsl)),
    ];
    assert_eq!(bands(&rows), expected);
    assert_eq!(rows[0].party.as_deref(), Some("P"));
    assert_eq!(rows[0].name.as_deref(), Some("Upper box A<"));
    assert_eq!(rows[0].span, span("2030-05-01T06:00Z", "2030-05-01T08:00Z"));
    assert_eq!(rows[1].span, span("2030-05-02", "2030-05-03"));
    assert_eq!(rows[4].span, span("2030-05-01T06:00Z", "2030-05-01T06:01Z"));
    assert_eq!(rows[0].footprint, Footprint::polygon(vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1)]).expect("a triangle"));
    assert_eq!(rows[2].footprint, Footprint::corridor(vec![at(46.0, 8.1), at(46.0, 8.2)], 80.0).expect("a leg"));
    assert_eq!(rows[3].footprint, Footprint::circle(at(46.5, 8.5), 200.0).expect("a circle"));
    assert_eq!(rows[5].footprint, Footprint::circle(at(46.0, 8.01), 30.0).expect("it waits in place"));
}

#[test]
fn what_is_assumed_and_not_understood_is_told() {
    let (_, summary) = read_bytes(Format::Kml, FILE.as_bytes(), &plain()).expect("good");
    for expected in ["no party", "from the ground", "name of its entry", "a flight"] {
        assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains(expected)), "{expected}: {summary:?}");
    }
    assert!(summary.ignored.len() == 1 && summary.ignored[0].name == "colour", "{summary:?}");
}

#[test]
fn altitudes_are_understood_by_their_mode_or_given_as_properties() {
    use AltitudeReference::{Agl, Amsl};
    let polygon = |mode: &str| format!("<Polygon>{mode}{RING}</Polygon>");
    let absolute = "<altitudeMode>absolute</altitudeMode>";
    let relative = "<altitudeMode>relativeToGround</altitudeMode>";
    let agl: &[(&str, &str)] = &[("altitude_lower_m", "0"), ("altitude_upper_m", "120"), ("altitude_reference", "AGL")];
    let cases: [(&[(&str, &str)], String, _); 6] = [
        (&[("kind", "presence")], polygon(""), None),
        (&[("kind", "presence")], polygon("<altitudeMode>clampToGround</altitudeMode>"), None),
        (&[], polygon(&format!("<extrude>true</extrude>{absolute}")), Some((-2000.0, 600.0, Amsl))),
        (&[("height_m", "50")], polygon(absolute), Some((475.0, 625.0, Amsl))),
        (agl, polygon(relative), Some((0.0, 120.0, Agl))),
        (agl, polygon(""), Some((0.0, 120.0, Agl))),
    ];
    for (properties, geometry, expected) in cases {
        assert_eq!(bands(&rows(Format::Kml, &placed(properties, &geometry), &plain())), [expected], "{geometry}");
    }
    let options = ReadOptions { height_m: Some(40.0), ..plain() };
    let given = rows(Format::Kml, &placed(&[], &polygon(absolute)), &options);
    assert_eq!(bands(&given), [Some((480.0, 620.0, Amsl))]);
}

#[test]
fn times_come_from_the_placemark_or_what_is_around_it() {
    let at = |times: &str| {
        document(&format!(
            "<ExtendedData><Data name=\"claim\"><value>A</value></Data><Data name=\"kind\"><value>presence</value></Data></ExtendedData>{times}<Polygon>{RING}</Polygon>"
        ))
    };
    let cases = [
        (at("<TimeStamp><when>2030-05</when></TimeStamp>"), span("2030-05-01", "2030-06-01")),
        (
            at("<TimeSpan><begin>2030</begin><end>2030-05-01T06:00:00+02:00</end></TimeSpan>"),
            span("2030-01-01", "2030-05-01T04:00Z"),
        ),
        (at("").replace("<Placemark>", "<TimeStamp><when>2030</when></TimeStamp><Placemark>"), span("2030-01-01", "2031-01-01")),
        (
            at("<TimeStamp><when>2029</when></TimeStamp>")
                .replace("<Placemark>", "<TimeStamp><when>2030</when></TimeStamp><Placemark>"),
            span("2029-01-01", "2030-01-01"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(rows(Format::Kml, &text, &plain())[0].span, expected, "{text}");
    }
}

#[test]
fn several_geometries_are_volumes_of_one_claim() {
    let text = placed(
        &[("kind", "presence"), ("radius_m", "5"), ("width_m", "5")],
        &format!(
            "<MultiGeometry><Polygon>{RING}</Polygon><MultiGeometry><Point><coordinates>8,46</coordinates></Point></MultiGeometry><LineString><coordinates>8,46 8.1,46</coordinates></LineString></MultiGeometry>"
        ),
    );
    let rows = rows(Format::Kml, &text, &plain());
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.claim == "A"));
}

#[test]
fn placemarks_of_one_name_are_different_claims_and_of_one_id_an_error() {
    let one = format!(
        "<Placemark><name>N</name><ExtendedData><Data name=\"kind\"><value>site</value></Data></ExtendedData><Polygon>{RING}</Polygon></Placemark>"
    );
    let found = rows(Format::Kml, &format!("<kml>{one}{one}{one}</kml>"), &plain());
    assert_eq!(found.iter().map(|row| row.claim.as_str()).collect::<Vec<_>>(), ["N", "N #2", "N #3"]);
    let same = one.replace("<Placemark>", "<Placemark id=\"x\">");
    let (line, told) = problem(Format::Kml, &format!("<kml>{same}\n{same}</kml>"), &plain());
    assert!(line == Some(3) && told.contains("an id that line 1 has already"), "{line:?} {told}");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    let polygon = format!("<Polygon>{RING}</Polygon>");
    let absolute = |shape: &str, inner: &str| format!("<{shape}><altitudeMode>absolute</altitudeMode>{inner}</{shape}>");
    let site: &[(&str, &str)] = &[("kind", "site")];
    let track = |inner: &str| placed(&[("width_m", "5"), ("height_m", "5")], &absolute("Track", inner));
    let cases: Vec<(String, &str)> = vec![
        (placed(&[], &polygon), "ExtendedData.kind: neither a kind nor altitudes"),
        (placed(&[("kind", "flight")], &polygon), "a flight without altitudes"),
        (placed(&[("kind", "site"), ("kind", "site")], &polygon), "ExtendedData.kind: the property twice"),
        (placed(&[], &absolute("Polygon", RING)), "Polygon: altitudes without thickness; `extrude`"),
        (
            placed(&[("height_m", "5")], &absolute("Polygon", &RING.replace("8,46,500", "8,46"))),
            "absolute altitudes that are missing",
        ),
        (placed(&[("height_m", "5")], &absolute("Polygon", &RING.replace(",600", ",1e9"))), "altitudes of at most 1000 km"),
        (
            placed(&[], &polygon.replace("<Polygon>", "<Polygon><altitudeMode>relativeToGround</altitudeMode>")),
            "\"relativeToGround\", which needs the terrain under it; `absolute`",
        ),
        (
            placed(&[], &polygon.replace("<Polygon>", "<Polygon><altitudeMode>high</altitudeMode>")),
            "Polygon.altitudeMode: \"high\"; `absolute` or `clampToGround`",
        ),
        (
            placed(site, &polygon.replace("8.1,46,500", "8.1, 46, 500")),
            "Polygon.coordinates: \"8.1,\"; longitude, latitude and altitude with commas and no spaces",
        ),
        (placed(site, &polygon.replace("8.1,46,500", "46,98")), "are lat and lng swapped?"),
        (placed(site, &polygon.replace("8.1,46,500", "8.1,NaN")), "\"8.1,NaN\""),
        (placed(site, "<Polygon/>"), "Polygon.outerBoundaryIs: nothing"),
        (placed(site, &format!("<Polygon>{RING}<innerBoundaryIs/></Polygon>")), "Polygon.innerBoundaryIs: a hole"),
        (placed(site, "<Point><coordinates>8,46</coordinates></Point>"), "ExtendedData.radius_m: nothing"),
        (
            placed(&[("kind", "site"), ("radius_m", "5")], "<Point><coordinates>8,46 9,46</coordinates></Point>"),
            "Point.coordinates: 2 positions; one",
        ),
        (placed(site, "<LineString><coordinates>8,46 9,46</coordinates></LineString>"), "ExtendedData.width_m: nothing"),
        (placed(site, "<LinearRing/>"), "LinearRing: a ring without a polygon"),
        (placed(site, "<Model/>"), "Model: a model"),
        (placed(site, ""), "no geometry"),
        (
            document(&format!("<ExtendedData><Data name=\"kind\"><value>site</value></Data></ExtendedData>{polygon}")),
            "ExtendedData.claim: nothing",
        ),
        (
            placed(site, &polygon).replace("2030-05-01</begin>", "2030-05-02T00:00:00</begin>"),
            "TimeSpan.begin: \"2030-05-02T00:00:00\"; a time with its zone",
        ),
        (placed(site, &polygon).replace("2030-05-01</end>", "2029</end>"), "an end that is not after the start"),
        (placed(site, &format!("<TimeStamp/>{polygon}")).replace("TimeSpan>", "Old>"), "TimeStamp.when: \"\""),
        (
            placed(site, &format!("<TimeStamp><when>2030-05-01T06:00:00Z</when></TimeStamp>{polygon}"))
                .replace("TimeSpan>", "Old>"),
            "an instant, which does not last; a `TimeSpan`",
        ),
        (track("<when>2030-05-01T06:00:00Z</when>"), "gx:Track: 1 times and 0 positions"),
        (track("<when>2030-05-01T06:00:00Z</when><coord>8 46 500</coord>"), "a path of one point"),
        (track("<when>now</when><coord>8 46 500</coord>"), "gx:Track.when: \"now\""),
        (track("<when>2030-05-01T06:00:00Z</when><coord>8,46,500</coord>"), "gx:Track.coord: \"8,46,500\""),
        (track("<when>2030-05-01T06:00:00Z</when><coord>8 46</coord>"), "an absolute altitude that is missing"),
        (placed(site, "<MultiTrack><interpolate>1</interpolate></MultiTrack>"), "tracks that are to be joined"),
        (
            "<kml><Document>\n<NetworkLink><Link><href>a.kml</href></Link></NetworkLink></Document></kml>".to_owned(),
            "NetworkLink: a link to another document",
        ),
        ("<kml>\n<Placemark></kml>".to_owned(), "XML that is broken"),
        ("<kml>\n<Placemark>".to_owned(), "the end of the file"),
        ("<gpx>\n</gpx>".to_owned(), "the element \"gpx\"; `kml`"),
        ("\n".to_owned(), "a file without elements"),
        ("<kml>\n<Placemark>&bomb;</Placemark></kml>".to_owned(), "the entity \"&bomb;\""),
        ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<kml/>".to_owned(), "the encoding \"ISO-8859-1\"; UTF-8"),
    ];
    for (text, expected) in cases {
        let found = problems(Format::Kml, &text, &plain());
        let told = format!("{}: {}; {}", found[0].path, found[0].found, found[0].expected);
        assert!(told.contains(expected), "expected {expected}\nfound    {told}\nin {text}");
        assert!(found[0].line.is_some_and(|line| (1..=3).contains(&line)), "{found:?}");
    }
}

#[test]
fn the_line_of_a_placemark_is_told() {
    let text = FILE.replace("8.5,46.5<", "8.5,146.5<");
    let (line, told) = problem(Format::Kml, &text, &plain());
    assert_eq!(
        (line, told.as_str()),
        (Some(20), "Point.coordinates: latitude 146.5; a latitude in degrees, -90 to 90; are lat and lng swapped?")
    );
}

#[test]
fn elements_without_end_or_bottom_are_refused_within_bounds() {
    let deep = "<Folder>".repeat(100_000);
    assert!(problem(Format::Kml, &format!("<kml>{deep}"), &plain()).1.contains("over 100 deep"));
    let long = format!("<kml><Placemark><name>{}", "x".repeat(40_000_000));
    assert!(problem(Format::Kml, &long, &plain()).1.contains("32 MiB"));
    let wide = format!("<kml><Placemark>{}", "<a/>".repeat(300_000));
    assert!(problem(Format::Kml, &wide, &plain()).1.contains("32 MiB"));
}

#[test]
fn a_ring_across_the_antimeridian_is_one() {
    let ring = RING.replace("8.1,", "-179.9,").replace("8,46,", "179.9,46,");
    let row = &rows(Format::Kml, &placed(&[("kind", "presence")], &format!("<Polygon>{ring}</Polygon>")), &plain())[0];
    let area = row.footprint.area();
    assert!(area.contains(at(46.02, 179.97)) && area.contains(at(46.02, -179.97)) && !area.contains(at(46.02, 0.0)));
}

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let tokens = [
        "<Placemark>",
        "</Placemark>",
        "<Folder>",
        "<Polygon>",
        "</Polygon>",
        "<a>",
        "</a>",
        "<a/>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&#0;",
        "&#x110000;",
        "&x;",
        "<",
        ">",
        "\"",
        "=",
        "NaN,",
        "1e308,",
        ",,",
        "clampToGround",
        "relativeToGround",
        "2030",
        "<when>",
        "é",
        "<?xml?>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    ];
    fuzz(Format::Kml, &[FILE], &tokens, 4_000, 41, &plain());
    fuzz(Format::Kml, &[FILE], &tokens, 1_000, 42, &ReadOptions { skip_invalid: true, ..plain() });
}

#[test]
fn a_packed_document_is_the_same() {
    let expected = rows(Format::Kml, FILE, &plain());
    let archive = include_bytes!("data/plans.kmz");
    assert_eq!(read_bytes(Format::Kml, archive, &plain()).expect("good").0, expected);
    for cut in [10, archive.len() / 2, archive.len() - 1] {
        let problems = read_bytes(Format::Kml, &archive[..cut], &plain()).expect_err("it breaks off");
        assert!(!problems.is_empty());
    }
}
