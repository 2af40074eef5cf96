//! `deconflict check`: what it reads, its exit statuses, its formats.

mod common;

use common::{BLUE, BLUE_ELSEWHERE, PARTIES, RED, command, err, file, folder, out, run, run_with_input, status};
use serde_json::Value;

fn conflict() -> String {
    [PARTIES, RED, BLUE].concat()
}

fn clear() -> String {
    [PARTIES, RED, BLUE_ELSEWHERE].concat()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn the_exit_status_says_whether_all_is_clear() {
    let clear = run_with_input(&["check", "-"], &clear());
    assert_eq!(status(&clear), 0, "{}{}", out(&clear), err(&clear));
    assert!(out(&clear).starts_with("CLEAR: 2 claims keep their minima"), "{}", out(&clear));
    let found = run_with_input(&["check", "-"], &conflict());
    assert_eq!(status(&found), 1, "{}", err(&found));
    assert!(out(&found).starts_with("NOT CLEAR: 1 finding: 1 urgent"), "{}", out(&found));
    assert!(out(&found).contains("conflict:B.1+R.1"));
    let bad = run_with_input(&["check", "-"], "[plan]\nidd = 1\n");
    assert_eq!(status(&bad), 2);
    assert!(out(&bad).is_empty() && err(&bad).contains("-:2:"), "{}", err(&bad));
}

#[test]
fn quieter_findings_than_asked_for_leave_the_status_alone() {
    for (level, expected) in [("note", 1), ("urgent", 1), ("critical", 0)] {
        let found = run_with_input(&["check", "-", "--fail-on", level], &conflict());
        assert_eq!(status(&found), expected, "{level}");
        assert!(!out(&found).starts_with("CLEAR"), "found is never clear");
    }
}

#[test]
fn several_files_form_one_picture() {
    let folder = folder("several");
    let (parties, red, blue) =
        (file(&folder, "parties.toml", PARTIES), file(&folder, "red.toml", RED), file(&folder, "blue.toml", BLUE));
    assert_ne!(status(&run(&["check", &parties, &red])), 2);
    assert!(!out(&run(&["check", &parties, &red])).contains("conflict:"));
    assert_eq!(status(&run(&["check", &parties, &red, &blue])), 1);
    assert_eq!(status(&run_with_input(&["check", &parties, "-", &blue], RED)), 1);
}

#[test]
fn standard_input_is_read_only_once() {
    let twice = run_with_input(&["check", "-", "-"], &clear());
    assert_eq!(status(&twice), 2);
    assert!(err(&twice).contains("only once"));
}

#[test]
fn every_file_that_cannot_be_read_is_named() {
    let missing = run(&["check", "no-such-1.toml", "no-such-2.toml"]);
    assert_eq!(status(&missing), 2);
    for expected in ["no-such-1.toml: found No such file", "no-such-2.toml: found No such file", "2 problems in 2 files"] {
        assert!(err(&missing).contains(expected), "{}", err(&missing));
    }
}

#[test]
fn problems_are_json_where_json_is_asked_for() {
    let bad = run_with_input(&["check", "-", "--format", "json"], "[plan]\nidd = 1\n");
    assert_eq!(status(&bad), 2);
    let problem = &json(&out(&bad))["problems"][0];
    assert_eq!(
        problem.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>()).unwrap_or_default(),
        ["file", "line", "path", "found", "expected"]
    );
    assert_eq!((&problem["file"], &problem["line"]), (&"-".into(), &2.into()));
}

#[test]
fn a_problem_shows_its_line() {
    let bad = run_with_input(&["check", "-"], "[plan]\nidd = 1\n");
    assert!(err(&bad).contains("    | idd = 1\n"), "{}", err(&bad));
    assert!(err(&bad).contains("nothing was checked"));
}

#[test]
fn json_has_the_documented_members() {
    let found = run_with_input(&["check", "-", "--format", "json"], &conflict());
    assert_eq!(status(&found), 1);
    let report = json(&out(&found));
    for member in ["plan", "summary", "findings", "movements", "assumptions", "statements", "expectations"] {
        assert!(!report[member].is_null(), "{member}");
    }
    assert_eq!(report["plan"]["id"], "valley");
    assert_eq!(report["summary"]["conflict"], 1);
    let finding = &report["findings"][0];
    assert_eq!((&finding["id"], &finding["level"]), (&"conflict:B.1+R.1".into(), &"urgent".into()));
    assert_eq!(finding["window"]["start"], "2026-03-01T07:00:00Z");
    assert_eq!(finding["where"]["type"], "Polygon");
    assert_eq!(finding["altitude_m"].to_string(), "[1500.0,2000.0]");
    assert_eq!(finding["measures"]["overlap"], true);
    assert!(finding["proposals"].is_array() && finding["notify"].is_array());
    let paths: Vec<&str> =
        report["assumptions"].as_array().expect("a list").iter().filter_map(|assumed| assumed["path"].as_str()).collect();
    assert!(paths.contains(&"claims.R.1.upper"), "{paths:?}");
}

#[test]
fn geojson_is_a_collection_of_closed_rings() {
    let found = run_with_input(&["check", "-", "--format", "geojson"], &conflict());
    let collection = json(&out(&found));
    assert_eq!(collection["type"], "FeatureCollection");
    let ring = collection["features"][0]["geometry"]["coordinates"][0].as_array().expect("a ring").clone();
    assert!(ring.len() >= 4 && ring.first() == ring.last());
    assert!((ring[0][0].as_f64().expect("a number") - 7.0).abs() < 0.1, "longitude first");
}

/// The finding is in every format, the status is the same, and standard error is empty.
#[test]
fn every_format_has_the_finding() {
    for (format, start, end, part) in [
        ("ndjson", "{\"id\":\"conflict:B.1+R.1\"", "}\n", "\"level\":\"urgent\""),
        ("csv", "id,kind,level,", "\r\n", "conflict:B.1+R.1,conflict,urgent,certain,false,B.1; R.1"),
        ("kml", "<?xml version=\"1.0\"", "</kml>\n", "<name>conflict:B.1+R.1</name>"),
        ("czml", "[\n{\"id\":\"document\"", "]\n", "\"availability\":\"2026-03-01T07:00:00Z/2026-03-01T08:00:00Z\""),
        ("geojson", "{\n  \"", "}\n", "\"conflict:B.1+R.1\""),
    ] {
        let found = run_with_input(&["check", "-", "--format", format], &conflict());
        let text = out(&found);
        assert_eq!((status(&found), err(&found).as_str()), (1, ""), "{format}");
        assert!(text.starts_with(start) && text.ends_with(end), "{format}: {text}");
        // Ids with a semicolon between them stand in quotes.
        assert!(text.replace("\"B.1; R.1\"", "B.1; R.1").contains(part), "{format}: {text}");
    }
}

#[test]
fn a_party_is_told_its_part_in_every_format() {
    for format in ["ndjson", "csv", "kml", "czml", "geojson"] {
        let told = run_with_input(&["check", "-", "--format", format, "--for", "HAZ"], &conflict());
        assert_eq!(status(&told), 1, "{format}: silence is no clearance");
        assert!(!out(&told).contains("conflict:B.1+R.1"), "{format}: {}", out(&told));
    }
}

#[test]
fn problems_stand_where_a_format_has_a_place_for_them() {
    for (format, expected) in [("ndjson", 1), ("csv", 0), ("kml", 0), ("czml", 0)] {
        let bad = run_with_input(&["check", "-", "--format", format], "[plan]\nidd = 1\n");
        assert_eq!((status(&bad), out(&bad).lines().count()), (2, expected), "{format}: {}", out(&bad));
        assert!(err(&bad).contains("nothing was checked"), "{format}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = run_with_input(&["check", "-", "--format", "json"], &conflict());
    assert_eq!(once.stdout, run_with_input(&["check", "-", "--format", "json"], &conflict()).stdout);
}

#[test]
fn another_time_drops_what_ended_before() {
    let later = run_with_input(&["check", "-", "--at", "2026-03-01T08:30Z"], &conflict());
    assert_ne!(status(&later), 2, "{}", err(&later));
    assert!(out(&later).contains("as of 2026-03-01 08:30Z") && !out(&later).contains("conflict:"), "{}", out(&later));
    let nonsense = run_with_input(&["check", "-", "--at", "yesterday"], &conflict());
    assert_eq!(status(&nonsense), 2);
    assert!(err(&nonsense).contains("expected"), "{}", err(&nonsense));
}

#[test]
fn a_party_hears_only_what_is_for_it() {
    let plan = conflict();
    for name in ["RED", "Reds", "Red Fire"] {
        let told = run_with_input(&["check", "-", "--for", name], &plan);
        assert_eq!(status(&told), 1, "{}", err(&told));
        assert!(out(&told).starts_with("FOR RED: 1 finding"), "{}", out(&told));
        assert!(!out(&told).contains("claims.B.1") && !out(&told).contains("tell           BLUE"), "{}", out(&told));
    }
    let report = json(&out(&run_with_input(&["check", "-", "--for", "RED", "--format", "json"], &plan)));
    assert_eq!(report["plan"]["title"], "as told to RED");
    assert!(
        report["assumptions"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|assumed| assumed["path"].as_str().unwrap_or_default().starts_with("claims.R.1"))
    );
    let notified: Vec<&Value> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|f| f["notify"].as_array())
        .flatten()
        .map(|n| &n["party"])
        .collect();
    assert_eq!(notified, ["RED"]);
}

#[test]
fn a_non_participant_hears_nothing_and_an_unknown_party_is_an_error() {
    let silent = run_with_input(&["check", "-", "--for", "HAZ"], &conflict());
    assert_eq!(status(&silent), 1, "nothing is ever called clear to it");
    assert!(out(&silent).starts_with("HAZ IS TOLD NOTHING") && !out(&silent).contains("R.1"), "{}", out(&silent));
    let unknown = run_with_input(&["check", "-", "--for", "BLEU"], &conflict());
    assert_eq!(status(&unknown), 2);
    assert!(err(&unknown).contains("such as \"BLUE\""), "{}", err(&unknown));
}

#[test]
fn no_colours_go_into_a_pipe() {
    for plan in [conflict(), "[plan]\nidd = 1\n".to_owned()] {
        let piped = run_with_input(&["check", "-"], &plan);
        assert!(!out(&piped).contains('\u{1b}') && !err(&piped).contains('\u{1b}'));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder("pipe");
    let plan = file(&folder, "plan.toml", &conflict());
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = command(&["check", &plan, "--format", "json"]).stdout(writer).output().expect("it runs");
    assert_eq!((status(&output), err(&output).as_str()), (1, ""));
}

#[test]
fn silence_is_not_clearance() {
    let no_channel = conflict().split("[[channels]]").next().expect("a part").to_owned() + RED + BLUE;
    let unregistered = conflict().replace("name = \"Blue Rescue\"", "name = \"Blue Rescue\"\nregistered = false");
    for (plan, party) in [(no_channel, "RED"), (unregistered, "BLUE"), (clear(), "RED")] {
        let told = run_with_input(&["check", "-", "--for", party], &plan);
        assert_eq!(status(&told), 1, "{}{}", out(&told), err(&told));
        assert!(out(&told).starts_with("NOTHING TO TELL"), "{}", out(&told));
        assert!(out(&told).split_whitespace().collect::<Vec<_>>().join(" ").contains("does not mean that all is clear"));
    }
}

#[test]
fn a_clear_answer_names_who_filed_nothing() {
    let alone = run_with_input(&["check", "-"], &[PARTIES, RED].concat());
    assert_eq!(status(&alone), 0, "{}", out(&alone));
    assert!(out(&alone).contains("every party that is known to operate here has filed"), "{}", out(&alone));
    assert!(out(&alone).contains("filed nothing, and not known to operate: Blue Rescue, Hazard"), "{}", out(&alone));
    assert!(out(&alone).contains("1 value that nobody stated"), "{}", out(&alone));
}

#[test]
fn a_folder_is_no_plan() {
    let folder = folder("directory");
    let answer = run(&["check", folder.to_str().expect("a path")]);
    assert_eq!(status(&answer), 2);
    assert!(err(&answer).contains("found a directory, not a file"), "{}", err(&answer));
}

/// The scene that a page holds.
fn scene(page: &str) -> Value {
    let (_, after) = page.split_once("<script id=\"scene\" type=\"application/json\">").expect("a place for data");
    json(after.split_once("</script>").expect("an end").0)
}

#[test]
fn the_page_of_a_report_holds_every_finding_and_one_partys_page_no_more_than_it_may_know() {
    let folder = folder("html");
    let page = folder.join("report.html");
    let path = page.to_str().expect("a path");
    let found = run_with_input(&["check", "-", "--format", "json", "--html", path], &conflict());
    assert_eq!(status(&found), 1, "{}", err(&found));
    let ids = |value: &Value| {
        value["findings"].as_array().expect("findings").iter().map(|found| found["id"].clone()).collect::<Vec<_>>()
    };
    let written = scene(&std::fs::read_to_string(&page).expect("written"));
    assert_eq!(ids(&written), ids(&json(&out(&found))));
    assert_eq!(written["claims"].as_array().map(Vec::len), Some(2));

    let told = run_with_input(&["check", "-", "--for", "RED", "--html", path], &conflict());
    assert_eq!(status(&told), 1, "{}", err(&told));
    let told = scene(&std::fs::read_to_string(&page).expect("written"));
    let claims = told["claims"].as_array().expect("claims");
    assert!(claims.iter().all(|claim| claim["party"] == "RED") && claims.len() == 1, "{claims:?}");

    let nowhere = folder.join("no").join("report.html");
    let refused = run_with_input(&["check", "-", "--html", nowhere.to_str().expect("a path")], &conflict());
    assert_eq!((status(&refused), out(&refused)), (2, String::new()));
    assert!(err(&refused).contains("report.html"), "{}", err(&refused));
}
