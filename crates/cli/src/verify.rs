//! `deconflict verify`: whether files of evidence hold, each for itself and against each other. Needs no service and no network.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use anstyle::Style;
use deconflict_evidence::{
    Bundle, Difference, Problem, ProblemKind, PublicKey, Signed, Standing, Verdict, compare, hold_against, verify,
};
use serde_json::{Value, json};

use crate::args::{PartyKey, Verify};
use crate::text::page::{harmless, wrap};
use crate::text::style::{CLEAR, DIM, LOUD};
use crate::{Status, input, output};

/// Longest file that is read, bytes: a stream of a million entries fits.
const LONGEST: u64 = 1 << 30;

/// What came of one file.
struct Checked {
    file: String,
    answer: Result<(Bundle, Verdict), Vec<Problem>>,
}

/// Two files that contradict each other.
struct Contradiction {
    one: String,
    other: String,
    difference: Difference,
}

/// Checks the files and prints what they prove.
pub fn run(arguments: &Verify) -> Status {
    if arguments.files.iter().filter(|path| input::is_stdin(path)).count() > 1 {
        return bad("- is standard input, which can be read only once");
    }
    let known: Vec<_> = arguments.keys.iter().map(known).collect();
    if let wrong @ [_, ..] = &*known.iter().filter_map(|known| known.as_ref().err().cloned()).collect::<Vec<_>>() {
        return bad(&wrong.join("\nerror: "));
    }
    let trusted: Vec<(String, PublicKey)> = known.into_iter().flatten().collect();
    let heads = match arguments.heads.as_deref().map(kept).transpose() {
        Ok(heads) => heads.unwrap_or_default(),
        Err(why) => return bad(&why),
    };
    let checked: Vec<Checked> = arguments.files.iter().map(|path| check(path, &trusted, &heads)).collect();
    let contradictions = contradictions(&checked);
    let status = status(&checked, &contradictions);
    if arguments.json {
        let answer = as_json(&checked, &contradictions, status);
        output::write(status, |out| writeln!(out, "{answer:#}"))
    } else {
        output::print(&as_text(&checked, &contradictions), status)
    }
}

fn bad(why: &str) -> Status {
    output::complain(&format!("error: {why}\n"));
    Status::BadInput
}

/// The key itself, or that of the file.
fn known(PartyKey { party, key }: &PartyKey) -> Result<(String, PublicKey), String> {
    if let Ok(key) = PublicKey::from_base64url(key) {
        return Ok((party.clone(), key));
    }
    let text = std::fs::read_to_string(key).map_err(|error| format!("cannot read the key of {party}, {key}: {error}"))?;
    let is_pem = text.contains("-----BEGIN ");
    let read = if is_pem { PublicKey::from_pem(&text) } else { PublicKey::from_base64url(text.trim()) };
    read.map(|key| (party.clone(), key)).map_err(|why| format!("the key of {party}, {key}: {why}"))
}

/// The heads of a file, one a line.
fn kept(path: &Path) -> Result<Vec<Signed>, String> {
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read the heads, {file}: {error}"))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let heads: Result<Vec<Signed>, String> = lines
        .map(|(at, line)| {
            let expected = "a head as the service signs it: content, key and signature";
            serde_json::from_str(line).map_err(|error| format!("{file}, line {}: {error}; expected {expected}", at + 1))
        })
        .collect();
    heads
}

fn check(path: &Path, trusted: &[(String, PublicKey)], heads: &[Signed]) -> Checked {
    let file = path.display().to_string();
    let answer = read(path).and_then(|bytes| {
        let verdict = verify(&bytes, trusted)?;
        let bundle = Bundle::read(&bytes)?;
        hold_against(&bundle, heads, trusted)?;
        Ok((bundle, verdict))
    });
    Checked { file, answer }
}

fn read(path: &Path) -> Result<Vec<u8>, Vec<Problem>> {
    let unread = |found: String| {
        let (path, expected) = (String::new(), "a file that can be read".to_owned());
        vec![Problem { kind: ProblemKind::Unusable, path, found, expected }]
    };
    let mut bytes = Vec::new();
    let read = if input::is_stdin(path) {
        std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(unread(error.to_string())),
        Ok(_) if bytes.len() as u64 > LONGEST => Err(unread(format!("more than {} MiB", LONGEST >> 20))),
        Ok(_) => Ok(bytes),
    }
}

/// Every two files that hold are held against each other.
fn contradictions(checked: &[Checked]) -> Vec<Contradiction> {
    let sound: Vec<(&str, &Bundle)> =
        checked.iter().filter_map(|checked| Some((&*checked.file, &checked.answer.as_ref().ok()?.0))).collect();
    let mut contradictions = Vec::new();
    for (at, (one, first)) in sound.iter().enumerate() {
        for (other, second) in &sound[at + 1..] {
            let between = |difference| Contradiction { one: (*one).to_owned(), other: (*other).to_owned(), difference };
            contradictions.extend(compare(first, second).into_iter().map(between));
        }
    }
    contradictions
}

/// What is refuted is louder than what cannot be read.
fn status(checked: &[Checked], contradictions: &[Contradiction]) -> Status {
    let problems = || checked.iter().filter_map(|checked| checked.answer.as_ref().err()).flatten();
    if !contradictions.is_empty() || problems().any(|problem| problem.kind != ProblemKind::Unusable) {
        Status::Found
    } else if problems().next().is_some() {
        Status::BadInput
    } else {
        Status::Clear
    }
}

fn as_json(checked: &[Checked], contradictions: &[Contradiction], status: Status) -> Value {
    let file = |checked: &Checked| match &checked.answer {
        Ok((_, verdict)) => json!({ "file": checked.file, "holds": true, "verdict": verdict }),
        Err(problems) => json!({ "file": checked.file, "holds": false, "problems": problems }),
    };
    let contradiction = |it: &Contradiction| json!({ "files": [it.one, it.other], "difference": it.difference });
    json!({
        "status": status as u8,
        "files": checked.iter().map(file).collect::<Vec<_>>(),
        "contradictions": contradictions.iter().map(contradiction).collect::<Vec<_>>(),
    })
}

fn as_text(checked: &[Checked], contradictions: &[Contradiction]) -> String {
    let mut text = String::new();
    for (at, Checked { file, answer }) in checked.iter().enumerate() {
        let gap = if at == 0 { "" } else { "\n" };
        let mut head = |style: Style, word: &str| {
            let _ = writeln!(text, "{gap}{style}{word}{style:#}  {DIM}{}{DIM:#}", harmless(file));
        };
        match answer {
            Ok((_, verdict)) => {
                match verdict.standing {
                    Standing::Proved => head(CLEAR, "PROVED"),
                    Standing::KeysNotVouchedFor => head(LOUD, "HOLDS TOGETHER, BUT NOT EVERY KEY IS VOUCHED FOR"),
                    Standing::NothingSigned => head(LOUD, "HOLDS TOGETHER, BUT NOBODY SIGNED"),
                }
                text += &filled(&verdict.to_string());
            }
            Err(problems) => {
                let is_refuted = problems.iter().any(|problem| problem.kind != ProblemKind::Unusable);
                head(LOUD, if is_refuted { "REFUTED" } else { "CANNOT BE USED" });
                for problem in problems {
                    text += &filled(&format!("  - {problem}\n"));
                }
            }
        }
    }
    for Contradiction { one, other, difference } in contradictions {
        let _ = writeln!(text, "\n{LOUD}CONTRADICTION{LOUD:#}  {DIM}{} and {}{DIM:#}", harmless(one), harmless(other));
        text += &filled(&format!("  {difference}\n"));
    }
    text
}

/// Lines no wider than the terminal; what goes on stands below what it goes on from. Nothing in them commands a terminal.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    for line in harmless(text).lines() {
        let indent = line.len() - line.trim_start().len();
        let hanging = if line.trim_start().starts_with("- ") { indent + 2 } else { indent };
        // A line that fits keeps its columns.
        if line.chars().count() <= output::width() {
            let _ = writeln!(filled, "{line}");
            continue;
        }
        for (at, piece) in wrap(line, output::width().saturating_sub(hanging)).iter().enumerate() {
            let _ = writeln!(filled, "{:1$}{piece}", "", if at == 0 { indent } else { hanging });
        }
    }
    filled
}
