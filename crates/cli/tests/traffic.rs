//! `deconflict check` on files of other formats, alone and beside a plan.

mod common;

use std::fmt::Write as _;

use common::{PARTIES, RED};

/// A folder of one test, in which the binary runs.
struct Scene(std::path::PathBuf);

/// How a run ended and what it said.
#[derive(Debug)]
struct Answer {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Scene {
    fn new(test: &str) -> Self {
        Self(common::folder(&format!("traffic-{test}")))
    }

    fn write(&self, name: &str, text: &str) {
        common::file(&self.0, name, text);
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("it was written")
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        let output = common::command(arguments).current_dir(&self.0).output().expect("it runs");
        Answer { status: common::status(&output), stdout: common::out(&output), stderr: common::err(&output) }
    }
}

/// A square flight as a line of NDJSON.
fn flight(claim: &str, lng: f64, hour: u32) -> String {
    let (west, east) = (lng, lng + 0.01);
    format!(
        r#"{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[[[{west},46.0],[{east},46.0],[{east},46.01],[{west},46.01],[{west},46.0]]]}},"properties":{{"claim":"{claim}","kind":"flight","altitude_lower_m":1200,"altitude_upper_m":1300,"altitude_reference":"W84","time_start":"2026-03-01T{hour:02}:00:00Z","time_end":"2026-03-01T{hour:02}:30:00Z"}}}}"#
    ) + "\n"
}

#[test]
fn flights_of_a_file_are_checked_against_each_other() {
    let scene = Scene::new("flights");
    scene.write("day.ndjson", &(flight("A", 7.0, 6) + &flight("B", 7.005, 6) + &flight("C", 7.005, 9)));
    let answer = scene.run(&["check", "day.ndjson"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.stdout.contains("conflict:A+B") && !answer.stdout.contains("A+C"), "{}", answer.stdout);
    scene.write("apart.ndjson", &(flight("A", 7.0, 6) + &flight("B", 7.5, 6)));
    let answer = scene.run(&["check", "apart.ndjson"]);
    assert_eq!(answer.status, 0, "{answer:?}");
    assert!(answer.stdout.starts_with("CLEAR: 2 claims keep their minima"), "{}", answer.stdout);
    assert!(answer.stdout.contains("no party is named"), "what was assumed is said: {}", answer.stdout);
}

#[test]
fn a_file_beside_a_plan_is_checked_against_the_plan() {
    let scene = Scene::new("beside");
    scene.write("plan.toml", &format!("{PARTIES}{RED}"));
    scene.write("day.ndjson", &flight("A", 7.0, 6));
    let answer = scene.run(&["check", "plan.toml", "day.ndjson"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.stdout.contains("conflict:A+R.1"), "{}", answer.stdout);
}

#[test]
fn pairs_are_listed_whole_and_nothing_else_is() {
    let scene = Scene::new("pairs");
    scene.write("day.ndjson", &(flight("A,1", 7.0, 6) + &flight("B", 7.005, 6) + &flight("C", 7.005, 9)));
    let answer = scene.run(&["check", "day.ndjson", "--pairs", "pairs.csv"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert_eq!(answer.stdout, "NOT CLEAR: 1 pair of 3 claims come too close, listed in pairs.csv\n");
    assert_eq!(scene.read("pairs.csv"), "claim_a,claim_b\n\"A,1\",B\n");
    let answer = scene.run(&["check", "day.ndjson", "--pairs", "no/such/folder.csv"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("cannot write no/such/folder.csv"), "{}", answer.stderr);
}

#[test]
fn a_broken_entry_fails_the_run_or_leaves_it_unclear() {
    let scene = Scene::new("broken");
    let broken = flight("B", 7.5, 6).replace("46.01", "146.01");
    scene.write("day.ndjson", &(flight("A", 7.0, 6) + &broken + &flight("C", 7.8, 6)));
    let answer = scene.run(&["check", "day.ndjson"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("day.ndjson:2"), "{}", answer.stderr);
    let answer = scene.run(&["check", "day.ndjson", "--skip-invalid"]);
    assert_eq!(answer.status, 1, "never clear: {answer:?}");
    assert!(
        answer.stdout.contains("NOT IN THIS PICTURE") && answer.stdout.contains("\"B\" in day.ndjson:2"),
        "{}",
        answer.stdout
    );
    let answer = scene.run(&["check", "day.ndjson", "--skip-invalid", "--pairs", "pairs.csv"]);
    assert_eq!(answer.status, 1, "never clear: {answer:?}");
    assert!(answer.stdout.contains("1 entries could not be read"), "{}", answer.stdout);
}

#[test]
fn a_long_answer_says_how_much_of_it_is_not_shown() {
    let scene = Scene::new("long");
    let mut day = String::new();
    for number in 0..40 {
        let _ = write!(day, "{}", flight(&format!("F{number}"), 7.0, 6));
    }
    scene.write("day.ndjson", &day);
    let answer = scene.run(&["check", "day.ndjson"]);
    assert!(answer.stdout.starts_with("NOT CLEAR: 780 findings"), "{}", &answer.stdout[..100]);
    assert!(answer.stdout.contains("280 more findings, none louder than these, are not shown here"), "said at the end");
}

#[test]
fn an_empty_file_and_a_claim_in_two_files_are_refused() {
    let scene = Scene::new("refused");
    scene.write("empty.ndjson", "\n");
    let answer = scene.run(&["check", "empty.ndjson"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    scene.write("a.ndjson", &flight("A", 7.0, 6));
    scene.write("b.ndjson", &flight("A", 7.5, 6));
    let answer = scene.run(&["check", "a.ndjson", "b.ndjson"]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(answer.stderr.contains("claim \"A\", which a.ndjson has as well"), "{}", answer.stderr);
}
