//! OpenAir airspace: what is read, what is refused and with which words, and damage of all kinds.

mod support;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, Footprint, LatLng, TimeSpan};
use support::{fuzz, problems, read_bytes, rows};

const FILE: &str = "\
* A made-up valley
AC R
AN LSR99 UPPER VALLEY
AL 3500ft AMSL
AH FL130
DP 46:00:00 N 008:00:00 E
DP 46:00:00 N 008:06:00 E   * the bridge
DP 46:06:00 N 008:06:00 E
DP 46:06:00 N 008:00:00 E
DP 46:00:00 N 008:00:00 E

AC Q
AY PARA
AI para-7
AN PARA UPPER FIELD
AL SFC
AH 2500 ft AGL
AA 2030-05-01T06:00Z/2030-05-01T08:00Z
AA 2030-05-02T00:00Z/2030-05-02T24:00Z
V X=46:30:00 N 008:30:00 E
DC 1.5

AC D
AN CTR LOWER VALLEY
AL GND
AH 4500 MSL
V D=-
V X=46:00:00 N 009:00:00 E
DP 46:00:00 N 009:00:00 E
DA 5,180,90
V D=+
AC D
AN CTR LOWER VALLEY
AL 1000ft AGL
AH UNL
V X=46:00:00 N 009:00:00 E
DP 46:00:00 N 009:00:00 E
DB 46:10:00 N 009:00:00 E, 46:00:00 N 009:14:22 E
";

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::degrees(lat, lng).expect("a place on the earth")
}

fn time(text: &str) -> deconflict_spacetime::Time {
    deconflict_plan::parse_time(text).expect("a time")
}

#[test]
fn an_airspace_becomes_a_constraint_with_its_outline_band_and_times() {
    let rows = rows(Format::OpenAir, FILE, &plain());
    let claims: Vec<_> = rows.iter().map(|row| row.claim.as_str()).collect();
    assert_eq!(claims, ["LSR99 UPPER VALLEY", "para-7", "para-7", "CTR LOWER VALLEY", "CTR LOWER VALLEY #2"]);
    assert!(rows.iter().all(|row| row.kind == ClaimKind::Constraint && row.party.is_none()));
    let square = vec![at(46.0, 8.0), at(46.0, 8.1), at(46.1, 8.1), at(46.1, 8.0)];
    assert_eq!(rows[0].footprint, Footprint::polygon(square).expect("a square"));
    let band = rows[0].band.expect("altitudes");
    assert_eq!((band.lower().m(), band.upper().um()), (-2000.0, 13_000 * 304_800), "over two references: widened");
    assert_eq!(band.upper().reference(), AltitudeReference::Std);
    assert_eq!(rows[1].footprint, Footprint::circle(at(46.5, 8.5), 2778.0).expect("a circle"));
    let band = rows[1].band.expect("altitudes");
    assert_eq!((band.lower().um(), band.upper().um()), (0, 2500 * 304_800));
    assert_eq!(rows[1].span, TimeSpan::new(time("2030-05-01T06:00Z"), time("2030-05-01T08:00Z")).expect("a span"));
    assert_eq!(rows[2].span, TimeSpan::new(time("2030-05-02"), time("2030-05-03")).expect("a span"));
    assert_eq!(rows[2].name.as_deref(), Some("PARA UPPER FIELD"));
    assert_eq!(rows[0].span, TimeSpan::new(time("1970-01-01"), time("2170-01-01")).expect("a span"));
}

#[test]
fn arcs_hold_what_they_stand_for() {
    let rows = rows(Format::OpenAir, FILE, &plain());
    let sector = rows[3].footprint.area();
    // Counter-clockwise from south to east: the south-east quarter.
    assert!(sector.contains(at(45.95, 9.05)) && !sector.contains(at(46.05, 9.05)) && !sector.contains(at(45.95, 8.95)));
    let quarter = rows[4].footprint.area();
    assert!(quarter.contains(at(46.1, 9.1)) && !quarter.contains(at(45.9, 9.1)) && !quarter.contains(at(46.15, 9.2)));
}

#[test]
fn what_is_assumed_is_told() {
    let (_, summary) = read_bytes(Format::OpenAir, FILE.as_bytes(), &plain()).expect("good");
    for expected in ["no party", "always", "different references", "arcs are drawn", "came before", "from the ground"] {
        assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains(expected)), "{expected}: {summary:?}");
    }
    assert_eq!((summary.entries, summary.claims, summary.volumes), (4, 4, 5));
}

#[test]
fn only_the_classes_that_were_asked_for_are_read() {
    let options = ReadOptions { airspace_classes: vec!["r".to_owned(), "PARA".to_owned()], ..plain() };
    let (rows, summary) = read_bytes(Format::OpenAir, FILE.as_bytes(), &options).expect("good");
    assert_eq!(rows.len(), 3);
    let told = summary.assumptions.iter().find(|assumption| assumption.what.contains("left out")).expect("told");
    assert_eq!((told.count, told.line), (2, 23));
}

#[test]
fn airspace_activated_by_notice_is_taken_as_active() {
    let start = time("2030-05-01");
    let options = ReadOptions { period: Some(TimeSpan::new(start, start.plus_ns(1)).expect("a span")), ..plain() };
    let text = FILE.replace("AA 2030-05-01T06:00Z/2030-05-01T08:00Z", "AA NONE");
    let rows = rows(Format::OpenAir, &text, &options);
    assert_eq!(rows.iter().filter(|row| row.claim == "para-7" && Some(row.span) == options.period).count(), 1);
    let text = FILE.replace("AA 2030-05-01T06:00Z/2030-05-01T08:00Z", "AA 2030-04-01T06:00Z/NONE");
    let found = support::rows(Format::OpenAir, &text, &options);
    assert_eq!(found[1].span.start(), time("2030-04-01T06:00Z"));
}

#[test]
fn line_ends_marks_and_older_encodings_do_not_matter() {
    let expected = rows(Format::OpenAir, FILE, &plain());
    for text in [format!("\u{feff}{FILE}"), FILE.replace('\n', "\r\n"), FILE.trim_end().to_owned(), FILE.replace("DP ", "dp   ")]
    {
        assert_eq!(rows(Format::OpenAir, &text, &plain()), expected);
    }
    let bytes: Vec<u8> =
        FILE.replace("UPPER VALLEY", "OBERT~L").bytes().map(|byte| if byte == b'~' { 0xc4 } else { byte }).collect();
    let (found, summary) = read_bytes(Format::OpenAir, &bytes, &plain()).expect("good");
    assert_eq!(found[0].claim, "LSR99 OBERTÄL");
    assert!(summary.assumptions.iter().any(|assumption| assumption.what.contains("Latin-1")));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    let cases = [
        ("AL 3500ft AMSL", "AL Ask on 122.8", 4, "AL: \"Ask on 122.8\"; an altitude such as"),
        ("AH FL130", "AH SFC", 2, "AH: an upper edge on the ground"),
        ("AH FL130", "AH FL130\nAH FL140", 6, "AH: a second one; one `AH`"),
        ("DP 46:00:00 N 008:06:00 E", "DP 46:00:00 N", 7, "DP: \"46:00:00 N\"; a position such as"),
        ("DP 46:00:00 N 008:06:00 E", "DX 1", 7, "DX: \"DX\"; one of `DP`"),
        ("DP 46:00:00 N 008:06:00 E", "DY 46:00:00 N 008:06:00 E", 7, "an airway segment"),
        ("DP 46:06:00 N 008:06:00 E", "DP 46:03:00 N 007:54:00 E", 2, "outline: edge 1 crosses or touches edge 3"),
        ("DC 1.5", "DC", 21, "DC: \"\"; a radius in nautical miles"),
        ("DC 1.5", "DC 0", 21, "a radius in nautical miles"),
        ("DC 1.5", "DC 1.5\nDP 46:00:00 N 008:06:00 E", 12, "DC: a circle beside other sides"),
        ("V X=46:30:00 N 008:30:00 E\n", "", 20, "DC: no centre; `V X=` before it"),
        ("V X=46:30:00 N 008:30:00 E\nDC 1.5", "", 12, "no outline"),
        ("V X=46:30:00 N 008:30:00 E", "V Q=1", 20, "V: \"Q=1\""),
        ("V D=-", "V D=left", 27, "V D: \"left\"; `+` (clockwise)"),
        ("DA 5,180,90", "DA 5,180", 30, "DA: \"5,180\"; a radius in nautical miles and two angles"),
        ("DA 5,180,90", "DA 5,180,NaN", 30, "angles in degrees"),
        ("DB 46:10:00 N 009:00:00 E", "DB 46:40:00 N 009:00:00 E", 38, "m from the centre; two points about as far"),
        ("AA 2030-05-01T06:00Z/2030-05-01T08:00Z", "AA daily", 18, "AA: \"daily\"; `NONE`, or a start and an end"),
        ("AA 2030-05-01T06:00Z/2030-05-01T08:00Z", "AA 2030-05-01T06:00/2030-05-01T08:00Z", 18, "a time with its zone"),
        (
            "AA 2030-05-01T06:00Z/2030-05-01T08:00Z",
            "AA 2030-05-01T08:00Z/2030-05-01T06:00Z",
            12,
            "an end that is not after the start",
        ),
    ];
    for (from, to, line, expected) in cases {
        let text = FILE.replacen(from, to, 1);
        assert_ne!(text, FILE);
        let found = problems(Format::OpenAir, &text, &plain());
        let told = format!("{}: {}; {}", found[0].path, found[0].found, found[0].expected);
        assert!(found[0].line == Some(line) && told.contains(expected), "expected {line} {expected}\nfound {found:?}");
    }
}

#[test]
fn terrain_is_read_past() {
    let text = format!("TO a ridge\nSP 0,1,0,0,255\nDP 46:00:00 N 008:00:00 E\n{FILE}TC a lake\nDP 46:00:00 N 008:00:00 E\n");
    let (rows, summary) = read_bytes(Format::OpenAir, text.as_bytes(), &plain()).expect("good");
    assert_eq!(rows.len(), 5);
    assert!(summary.ignored.iter().any(|one| one.name.contains("terrain") && one.count == 2), "{summary:?}");
}

#[test]
fn many_airspaces_come_in_the_order_of_the_file() {
    let one = "AC P\nAN N\nAL SFC\nAH FL100\nV X=46:30:00 N 008:30:00 E\nDC 1\n";
    let rows = rows(Format::OpenAir, &one.repeat(2_000), &plain());
    assert_eq!(rows.len(), 2_000);
    assert!(rows.iter().enumerate().skip(1).all(|(i, row)| row.claim == format!("N #{}", i + 1)));
}

#[test]
fn a_line_without_end_is_refused() {
    let text = format!("{FILE}AN {}", "x".repeat(100_000));
    assert!(problems(Format::OpenAir, &text, &plain())[0].expected.contains("lines of at most"));
}

#[test]
fn damage_never_panics_and_is_never_refused_without_a_reason() {
    let tokens = [
        "AC R\n",
        "AN x\n",
        "AL ",
        "AH ",
        "FL",
        "UNL",
        "AGL",
        "DP ",
        "DA ",
        "DB ",
        "DC ",
        "V X=",
        "V D=-\n",
        "AA NONE\n",
        "NaN",
        "1e308",
        "-1",
        "999",
        "90:00:00 N",
        "180:00:00 W",
        ":",
        ",",
        "\n",
        "\r",
        "*",
        "é",
        "ß'",
        "360",
    ];
    fuzz(Format::OpenAir, &[FILE], &tokens, 5_000, 31, &plain());
    fuzz(Format::OpenAir, &[FILE], &tokens, 1_000, 32, &ReadOptions { skip_invalid: true, ..plain() });
}
