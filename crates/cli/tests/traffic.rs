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

/// The flight of that name with its band over another reference.
fn over(reference: &str, lower_m: i32, upper_m: i32, claim: &str) -> String {
    let (lower, upper) = (format!("\"altitude_lower_m\":{lower_m}"), format!("\"altitude_upper_m\":{upper_m}"));
    flight(claim, 7.0, 6)
        .replace("\"altitude_lower_m\":1200", &lower)
        .replace("\"altitude_upper_m\":1300", &upper)
        .replace("\"W84\"", &format!("{reference:?}"))
}

#[test]
fn altitudes_above_sea_level_are_converted_only_with_a_named_model() {
    let scene = Scene::new("geoid");
    // Mean sea level (EGM96) is 53 m above the ellipsoid here: A is at 1253 to 1353 m W84.
    for (name, lower_m, upper_m, expected) in [
        // Without a model, whatever is over another reference may meet it.
        ("above", 1370, 1500, [1, 0, 0]),
        ("below", 1100, 1240, [1, 0, 0]),
        ("just-below", 1100, 1248, [1, 0, 1]),
        ("within", 1320, 1340, [1, 1, 1]),
    ] {
        let file = format!("{name}.ndjson");
        scene.write(&file, &(over("AMSL", 1200, 1300, "A") + &over("W84", lower_m, upper_m, "B")));
        for (model, status) in ["none", "egm96", "unnamed"].into_iter().zip(expected) {
            let answer = scene.run(&["check", &file, "--minima", "none", "--geoid", model]);
            assert_eq!(answer.status, status, "{name} {model}: {answer:?}");
            let said = answer.stdout.replace("\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            let error = match model {
                "egm96" => "with EGM96, good to 0.2 m: 1 volume;",
                "unnamed" => "with EGM96 for a mean sea level without a model, good to 8 m: 1 volume;",
                _ => "",
            };
            assert!(said.contains(error), "{model}: {said}");
            assert_eq!(said.contains("brought above the ellipsoid"), model != "none", "{model}: {said}");
            assert_eq!(said.contains("cannot be excluded"), model == "none", "{model}: {said}");
        }
    }
}

#[test]
fn what_hangs_on_ground_or_air_is_left_as_it_is_and_the_reason_given() {
    let scene = Scene::new("geoid-refused");
    for (reference, reason) in [("AGL", "needs the height of the terrain"), ("STD", "is a pressure, not a height")] {
        scene.write("day.ndjson", &(over(reference, 100, 200, "A") + &over("W84", 5000, 5100, "B")));
        let answer = scene.run(&["check", "day.ndjson", "--geoid", "egm96"]);
        let said = answer.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(answer.status, 1, "{reference}: {answer:?}");
        assert!(said.contains("1 volume not brought above the ellipsoid") && said.contains(reason), "{said}");
        assert!(said.contains("cannot be excluded"), "{said}");
    }
}

#[test]
fn a_plan_over_sea_level_is_not_torn_from_the_files_beside_it() {
    let scene = Scene::new("geoid-plan");
    scene.write("plan.toml", &format!("{PARTIES}{RED}").replace("W84", "AMSL"));
    scene.write("day.ndjson", &over("AMSL", 2500, 2600, "A"));
    let refused = scene.run(&["check", "plan.toml", "day.ndjson", "--geoid", "egm96"]);
    assert_eq!(refused.status, 2, "{refused:?}");
    assert!(refused.stderr.contains("--geoid") && refused.stderr.contains("over AMSL"), "{}", refused.stderr);
    let compared = scene.run(&["check", "plan.toml", "day.ndjson", "--minima", "none"]);
    assert!(!compared.stdout.contains("conflict:A+R.1"), "{compared:?}");
    scene.write("plan.toml", &format!("{PARTIES}{RED}"));
    let converted = scene.run(&["check", "plan.toml", "day.ndjson", "--minima", "none", "--geoid", "egm96"]);
    assert!(converted.status != 2 && !converted.stdout.contains("conflict:A+R.1"), "{converted:?}");
}
