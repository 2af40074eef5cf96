//! What is written of the two scenarios, byte by byte: a change of a format, or of a finding, shows here.
//!
//! The tables hold every finding; of the globes' files only the two loudest findings are kept, to stay small.
//! `DECONFLICT_GOLDEN=write cargo test -p deconflict-formats --test golden` writes the files anew; read what changed.

use std::io::{self, Write};
use std::path::Path;

use deconflict_formats::write;
use deconflict_plan::model::Picture;
use deconflict_plan::report::Report;
use deconflict_plan::{Options, SourceText};

const SCENARIOS: [(&str, &str); 2] = [
    ("al-qaim-2016", include_str!("../../../scenarios/al-qaim-2016.toml")),
    ("euphrates-2017", include_str!("../../../scenarios/euphrates-2017.toml")),
];

/// How many findings a file of all but the tables holds.
const LOUDEST: usize = 2;

fn scenario(name: &str, text: &str) -> (Picture, Report) {
    let files = [SourceText { name: name.to_owned(), bytes: text.as_bytes().to_vec() }];
    let picture = deconflict_plan::read(&files, None).expect("a plan");
    let report = deconflict_plan::check(&picture, Options::default());
    (picture, report)
}

fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Compares with the file, or writes it where that is asked for.
fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("DECONFLICT_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, found).expect("it can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (index, (expected, found)) in expected.lines().zip(found.lines()).enumerate() {
        assert_eq!(found, expected, "{name}, line {}", index + 1);
    }
    assert_eq!(found.len(), expected.len(), "{name}: one of the two goes on");
}

#[test]
fn both_scenarios_are_written_as_they_were() {
    for (name, text) in SCENARIOS {
        let (picture, mut report) = scenario(name, text);
        compare(&format!("{name}.csv"), &written(|out| write::csv(out, &picture, &report)));
        report.findings.truncate(LOUDEST);
        compare(&format!("{name}.ndjson"), &written(|out| write::ndjson(out, &report)));
        compare(&format!("{name}.geojson"), &written(|out| write::geojson(out, &report)));
        compare(&format!("{name}.kml"), &written(|out| write::kml(out, &picture, &report)));
        compare(&format!("{name}.czml"), &written(|out| write::czml(out, &picture, &report)));
    }
}

#[test]
fn every_finding_is_in_every_format_that_has_a_place_for_it() {
    for (name, text) in SCENARIOS {
        let (picture, report) = scenario(name, text);
        let count = report.findings.len();
        let placed = report.findings.iter().filter(|finding| finding.place.is_some()).count();
        assert!(placed > 0, "{name} has findings on the map");
        assert_eq!(written(|out| write::ndjson(out, &report)).lines().count(), count);
        assert_eq!(written(|out| write::csv(out, &picture, &report)).lines().count(), count + 1);
        assert_eq!(written(|out| write::kml(out, &picture, &report)).matches("<Placemark>").count(), count);
        assert_eq!(written(|out| write::geojson(out, &report)).matches("\"type\": \"Feature\"").count(), placed);
        let packets: Vec<serde_json::Value> =
            serde_json::from_str(&written(|out| write::czml(out, &picture, &report))).expect("a list of packets");
        let whole = packets.iter().filter(|packet| packet.get("parent").is_none()).count();
        assert_eq!(whole, count + 1, "{name}: the document and one for each finding");
    }
}
