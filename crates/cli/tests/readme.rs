//! The README's way from nothing to the first refusal works as it is written.

use deconflict_testbed::{Answer, Connection};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const README: &str = include_str!("../../../README.md");
const BINARY: &str = env!("CARGO_BIN_EXE_deconflict");

/// The lines of the README's commands for the service.
fn commands() -> Vec<&'static str> {
    let section = README.split("## Run the service").nth(1).expect("the section is there");
    let block = section.split("```sh").nth(1).and_then(|block| block.split("```").next()).expect("it has commands");
    block.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The words of a command; text in double quotes is one.
fn words(line: &str) -> Vec<String> {
    let quoted = |(index, piece): (usize, &str)| match index % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect(),
        _ => vec![piece.to_owned()],
    };
    line.split('"').enumerate().flat_map(quoted).collect()
}

/// Runs a command of ours as it is written, but for the place of the binary.
fn deconflict(folder: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).current_dir(folder);
    command
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn fresh_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// What curl would send: the method, path and body of the line.
fn send<'a>(connection: &'a mut Connection, line: &str) -> Answer<'a> {
    let words = words(line);
    let after = |flag: &str| &words[words.iter().position(|word| word == flag).expect("the flag is there") + 1];
    assert_eq!(after("-H"), "Authorization: Bearer $TOKEN");
    let file = after("-d").strip_prefix('@').expect("the body is a file");
    let body =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).expect("the file is there");
    let url = words.last().expect("a command has words");
    let path = url.strip_prefix("http://localhost:8082").expect("the service's default port");
    connection.send(after("-X"), path, &body).expect("the service answers")
}

#[test]
fn five_commands_lead_to_the_missing_intent() {
    let lines = commands();
    let [keygen, serve, token, first, second] = lines[..] else { panic!("five commands were promised: {lines:?}") };
    let folder = fresh_folder();

    let made = deconflict(&folder, &words(keygen)[1..]).output().expect("keygen runs");
    assert!(made.status.success(), "{made:?}");

    let serve = serve.strip_suffix('&').expect("it goes to the background");
    let mut process = deconflict(&folder, &words(serve)[1..])
        .args(["--listen", "127.0.0.1:0"]) // the default port may be taken on this machine
        .stdout(Stdio::piped())
        .spawn()
        .map(Ended)
        .expect("serve runs");
    let mut ready = String::new();
    BufReader::new(process.0.stdout.take().expect("it is piped")).read_line(&mut ready).expect("it says that it is ready");
    let address = ready.trim().strip_prefix("deconflict listens on http://").expect("the address").parse().expect("an address");

    let inner = token.strip_prefix("TOKEN=$(").and_then(|rest| rest.strip_suffix(')')).expect("the token is kept in TOKEN");
    let printed = deconflict(&folder, &words(inner)[1..]).output().expect("token runs");
    assert!(printed.status.success(), "{printed:?}");
    let token = String::from_utf8(printed.stdout).expect("a token is text");

    let mut connection = Connection::open(address, token.trim()).expect("it listens");
    assert_eq!(send(&mut connection, first).status, 201);
    let refused = send(&mut connection, second);
    assert_eq!(refused.status, 409);
    let intent = first.rsplit('/').next().expect("the path ends with the id");
    assert_eq!(refused.text("missing_operational_intents", "id"), Some(intent));
    std::fs::remove_dir_all(&folder).expect("the folder can go");
}
