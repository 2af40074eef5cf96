//! Tables of volumes and of trajectories: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng};
use support::{fuzz, problem, problems, read_bytes, rows};

const VOLUMES: &str = "\
claim,party,kind,altitude_lower_m,altitude_upper_m,altitude_reference,time_start,time_end,wkt,lat,lng,radius_m,width_m
A,P,flight,100,200,W84,2030-05-01T06:00:00Z,2030-05-01T07:00:00Z,\"POLYGON ((8 46, 8.1 46, 8.1 46.1, 8 46))\",,,,
B,,constraint,0,50,AMSL,2030-05-01T06:00:00Z,2030-05-01T07:00:00Z,,46.5,8.5,500,
C,Q,,0,50,AGL,2030-05-01T06:00:00Z,2030-05-01T07:00:00Z,\"LINESTRING (8 46, 8.1 46)\",,,,80
";

const PATHS: &str = "\
claim,time,lat,lng,altitude_m,width_m,height_m,altitude_reference,party
A,2030-05-01T06:00:00Z,46,8,100,60,20,W84,P
A,2030-05-01T06:01:00Z,46,8.01,140,40,20,,
A,2030-05-01T06:02:00Z,46,8.01,140,40,30,W84,P
B,2030-05-01T06:00:00Z,46.2,8,500,60,20,AMSL,
B,2030-05-01T06:00:30.5Z,46.21,8,500,60,20,AMSL,
";

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a place on the earth")
}

#[test]
fn a_row_of_volumes_becomes_a_volume() {
    let rows = rows(Format::Csv, VOLUMES, &plain());
    assert_eq!(rows.iter().map(|row| row.claim.as_str()).collect::<Vec<_>>(), ["A", "B", "C"]);
    assert_eq!(
        rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [ClaimKind::Flight, ClaimKind::Constraint, ClaimKind::Flight]
    );
    assert_eq!(rows[0].footprint, Footprint::polygon(vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1)]).expect("a triangle"));
    assert_eq!(rows[1].footprint, Footprint::circle(at(46.5, 8.5), 500.0).expect("a circle"));
    assert_eq!(rows[1].party, None);
    assert_eq!(rows[2].footprint, Footprint::corridor(vec![at(46.0, 8.0), at(46.0, 8.1)], 80.0).expect("a corridor"));
    assert_eq!(rows[2].band.expect("altitudes").lower().reference(), AltitudeReference::Agl);
}

#[test]
fn consecutive_rows_of_a_claim_become_legs_that_hold_both_ends() {
    let rows = rows(Format::Csv, PATHS, &plain());
    assert_eq!(rows.iter().map(|row| row.claim.as_str()).collect::<Vec<_>>(), ["A", "A", "B"]);
    assert_eq!(rows[0].footprint, Footprint::corridor(vec![at(46.0, 8.0), at(46.0, 8.01)], 60.0).expect("a corridor"));
    assert_eq!(rows[1].footprint, Footprint::circle(at(46.0, 8.01), 20.0).expect("it waits in place"));
    let bands: Vec<_> = rows.iter().filter_map(|row| row.band).map(|band| (band.lower().m(), band.upper().m())).collect();
    assert_eq!(bands, [(90.0, 150.0), (125.0, 155.0), (490.0, 510.0)]);
    assert_eq!(rows[0].span.end(), rows[1].span.start());
    assert!(rows.iter().all(|row| row.kind == ClaimKind::Flight));
    assert_eq!(rows[1].party.as_deref(), Some("P"));
}

#[test]
fn delimiters_line_ends_quotes_blank_lines_and_marks_do_not_matter() {
    let expected = rows(Format::Csv, VOLUMES, &plain());
    let wkt_quoted = VOLUMES.replace(" ((8 46, 8.1 46, 8.1 46.1, 8 46))", "((8 46,8.1 46 0,8.1 46.1,8 46))");
    let texts = [
        format!("\u{feff}{VOLUMES}"),
        VOLUMES.replace('\n', "\r\n"),
        VOLUMES.replace('\n', "\r\n\r\n") + ",,,,,,,,,,,,\n",
        VOLUMES.trim_end().to_owned(),
        wkt_quoted,
        VOLUMES.replace("claim,party", "Claim , PARTY"),
        VOLUMES.replace(",lat,lng,", ",Latitude,LON,").replace("wkt", "geom"),
    ];
    for text in &texts {
        assert_eq!(rows(Format::Csv, text, &plain()), expected, "{text}");
    }
    for mark in [";", "\t"] {
        let text = PATHS.replace(',', mark);
        assert_eq!(rows(Format::Csv, &text, &plain()), rows(Format::Csv, PATHS, &plain()));
    }
}

#[test]
fn columns_that_mean_nothing_are_told() {
    let text = PATHS.replace("party", "colour").replace(",P\n", ",red\n");
    let (_, summary) = read_bytes(Format::Csv, text.as_bytes(), &plain()).expect("good");
    assert!(summary.ignored.len() == 1 && summary.ignored[0].name == "colour", "{summary:?}");
}

#[test]
fn text_that_is_not_utf_8_is_taken_for_latin_1_and_that_is_told() {
    let bytes: Vec<u8> = PATHS.replace(",P\n", ",Z~rich\n").bytes().map(|byte| if byte == b'~' { 0xfc } else { byte }).collect();
    let (rows, summary) = read_bytes(Format::Csv, &bytes, &plain()).expect("good");
    assert_eq!(rows[0].party.as_deref(), Some("Zürich"));
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("Latin-1")));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    let volumes = |from: &str, to: &str| VOLUMES.replacen(from, to, 1);
    let paths = |from: &str, to: &str| PATHS.replacen(from, to, 1);
    let cases: [(String, usize, &str); 27] = [
        (String::new(), 1, "an empty file"),
        ("claim,lat\nA,1\n".to_owned(), 1, "`lng`"),
        ("a,b\n1,2\n".to_owned(), 1, "the columns \"a\", \"b\"; a column `claim`"),
        ("claim,claim,wkt\n".to_owned(), 1, "claim: a second column \"claim\""),
        ("claim,name\n1,2\n".to_owned(), 1, "a column `wkt` or `lat`"),
        ("claim,time,time_end,lat,lng\n".to_owned(), 1, "`time` and `time_end` together"),
        (volumes("A,P,flight", "A,flight"), 2, "12 fields; 13 as in the first line"),
        (volumes("A,P", ",P"), 2, "claim: nothing"),
        (volumes("500", "-500"), 3, "radius_m: -500; a length"),
        (volumes("500", ""), 3, "radius_m: nothing"),
        (volumes("46.5", "96.5"), 3, "lat: latitude 96.5; a latitude in degrees, -90 to 90; are lat and lng swapped?"),
        (volumes("46.5", "NaN"), 3, "lat: \"NaN\"; a number of degrees"),
        (volumes("46.5", "1e308"), 3, "lat: latitude 1"),
        (volumes("46.5,8.5", ",8.5"), 3, "only one of `lat` and `lng`; both"),
        (volumes("46.5,8.5", ","), 3, "no place; a geometry"),
        (volumes(",46.5", ",POINT (8 46),46.5").replace(",,POINT", ",POINT"), 3, "wkt: both a geometry and a place"),
        (volumes("8.1 46.1", "8.1 46,1"), 2, "wkt: \""),
        (volumes("LINESTRING", "LINE"), 4, "wkt: \"LINE (8 46"),
        (paths("06:01:00", "05:01:00"), 3, "time: a time that is not after that of line 2"),
        (paths("2030-05-01T06:01:00Z", "2030-05-01"), 3, "time: \"2030-05-01\"; a time of the day as well"),
        (paths("140", ""), 3, "altitude_m: an altitude at one end of a leg only"),
        (paths("140,40,20", "140,,20"), 3, "width_m: nothing; the total width"),
        (paths("140,40,20", "140,40,"), 3, "height_m: nothing; the total height"),
        (paths("20,AMSL,", "20,AGL,"), 6, "altitude_reference: another reference than on line 5"),
        (paths("30,W84,P", "30,W84,Q"), 4, "party: another party than on line 2"),
        (
            PATHS.replace("B,", "A,").replace("A,2030-05-01T06:00:00Z,46.2", "B,2030-05-01T06:00:00Z,46.2"),
            5,
            "a path of one point",
        ),
        (paths("A,2030-05-01T06:02:00Z", ",2030-05-01T06:02:00Z"), 4, "claim: nothing"),
    ];
    for (text, line, expected) in cases {
        let found = problems(Format::Csv, &text, &plain());
        let told = format!("{}: {}; {}", found[0].path, found[0].found, found[0].expected);
        assert!(found[0].line == Some(line) && told.contains(expected), "expected {line} {expected}\nfound {found:?}\nin {text}");
    }
}

#[test]
fn rows_of_a_path_stand_together() {
    let text = format!("{PATHS}A,2030-05-01T06:05:00Z,46,8,100,60,20,W84,P\nA,2030-05-01T06:06:00Z,46,8.01,140,40,20,W84,P\n");
    let (line, told) = problem(Format::Csv, &text, &plain());
    assert!(line == Some(7) && told.contains("rows of a claim that has others from line 2 on"), "{line:?} {told}");
}

#[test]
fn a_path_with_a_broken_row_is_skipped_whole() {
    let text = PATHS.replacen("A,2030-05-01T06:01:00Z,46", "A,2030-05-01T06:01:00Z,96", 1);
    let options = ReadOptions { skip_invalid: true, ..plain() };
    let (rows, summary) = read_bytes(Format::Csv, text.as_bytes(), &options).expect("skipped");
    assert!(rows.iter().all(|row| row.claim == "B") && rows.len() == 1, "{rows:?}");
    assert_eq!((summary.skipped_count, summary.skipped[0].claim.as_deref()), (1, Some("A")));
    let text = PATHS.replacen("A,2030-05-01T06:01:00Z,46,", "A,2030-05-01T06:01:00Z,", 1);
    let (rows, _) = read_bytes(Format::Csv, text.as_bytes(), &options).expect("skipped");
    assert_eq!(rows.len(), 1, "a row with too few fields may be a point of the path before it");
}

#[test]
fn widths_heights_and_references_come_from_the_options_if_the_table_has_none() {
    let text = "claim,time,lat,lng,altitude_m\nA,2030-05-01T06:00:00Z,46,8,100\nA,2030-05-01T06:01:00Z,46,8.01,140\n";
    let options =
        ReadOptions { width_m: Some(50.0), height_m: Some(10.0), altitude_reference: Some(AltitudeReference::Amsl), ..plain() };
    let (rows, summary) = read_bytes(Format::Csv, text.as_bytes(), &options).expect("good");
    assert_eq!(rows[0].band.map(|band| (band.lower().m(), band.upper().m())), Some((95.0, 145.0)));
    for expected in ["no width: 50 m", "no height: 10 m", "reference is named", "flight"] {
        assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains(expected)), "{expected}: {summary:?}");
    }
    let (_, told) = problem(Format::Csv, text, &ReadOptions { altitude_reference: None, ..options });
    assert!(told.contains("altitude_reference: nothing"), "{told}");
}

#[test]
fn a_quote_without_end_is_refused_within_bounds() {
    let text = format!("{PATHS}\"{}", "x,\n".repeat(12_000_000));
    let found = problems(Format::Csv, &text, &plain());
    assert!(found.last().is_some_and(|problem| problem.found.contains("is a quote missing?")), "{found:?}");
}

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let tokens = [
        ",",
        ";",
        "\t",
        "\"",
        "\n",
        "\r",
        "\u{feff}",
        "claim",
        "time",
        "wkt",
        "NaN",
        "inf",
        "1e999",
        "-1",
        "91",
        "POLYGON ((",
        "))",
        "EMPTY",
        "2030-05-01T06:00:00Z",
        "2030-05-01",
        "W84",
        "FL",
        "constraint",
        "movement",
        "é",
    ];
    fuzz(Format::Csv, &[VOLUMES, PATHS], &tokens, 6_000, 21, &plain());
    fuzz(Format::Csv, &[VOLUMES, PATHS], &tokens, 1_500, 22, &ReadOptions { skip_invalid: true, ..plain() });
}
