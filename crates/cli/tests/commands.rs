//! The commands around `check`: help, schema, init, completions.

mod common;

use common::{err, folder, out, run, status};

#[test]
fn help_has_examples_and_exit_statuses() {
    for arguments in [&["--help"][..], &["check", "--help"]] {
        let help = run(arguments);
        assert_eq!(status(&help), 0);
        for expected in ["Examples:", "deconflict check plan.toml", "Exit status:", "  0  all is clear"] {
            assert!(out(&help).contains(expected), "{expected}");
        }
    }
}

#[test]
fn bad_usage_is_status_2() {
    for arguments in [&["check"][..], &["check", "x", "--fail-on", "loud"], &["fly"], &[]] {
        assert_eq!(status(&run(arguments)), 2, "{arguments:?}");
    }
}

#[test]
fn the_schema_is_json() {
    let schema: serde_json::Value = serde_json::from_str(&out(&run(&["schema"]))).expect("JSON");
    assert!(schema["properties"]["claims"].is_object());
}

#[test]
fn the_example_can_be_checked_and_is_never_written_over_a_file() {
    let folder = folder("init");
    let path = folder.join("new.toml");
    let path = path.to_str().expect("a path");
    assert_eq!(status(&run(&["init", path])), 0);
    assert_eq!(std::fs::read_to_string(path).expect("written"), out(&run(&["init"])));
    let checked = run(&["check", path]);
    assert_ne!(status(&checked), 2, "the example is a good plan: {}", err(&checked));
    std::fs::write(path, "mine").expect("written");
    let again = run(&["init", path]);
    assert_eq!(status(&again), 2);
    assert!(err(&again).contains("exists already"));
    assert_eq!(std::fs::read_to_string(path).expect("there"), "mine");
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]);
        assert_eq!(status(&script), 0);
        assert!(out(&script).contains("fail-on"), "{shell}");
    }
}
