//! `deconflict follow`: what a party is told, as it is told. Comes back by itself when the service was away, and misses nothing.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::args::Follow;
use crate::client::{Client, No};
use crate::{Status, output};

/// How long to wait before the service is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// Prints events until there is no reason to go on.
pub fn run(arguments: &Follow) -> Status {
    match follow(arguments) {
        Ok(()) => Status::Clear,
        Err(why) => {
            output::complain(&format!("error: {why}\n"));
            Status::BadInput
        }
    }
}

fn follow(arguments: &Follow) -> Result<(), No> {
    let client = Client::one(&arguments.access)?;
    // A service that is not there at all is a mistake; one that goes away comes back.
    let status = client.get("/api/v1/status")?;
    if arguments.rehearse && status["clock"] != "exercise" {
        return Err("--rehearse agrees to everything: it is for exercises, and the time of this picture is real".to_owned());
    }
    let mut after = arguments.after;
    let mut not_kept = None;
    loop {
        let followed = client.follow(after, |number, event| {
            after = number;
            if !print(arguments.json, number, &event) {
                return true;
            }
            if arguments.rehearse {
                rehearse(&client, number, &event);
            }
            // Who cannot tell that it has seen something says so with the next event.
            let beat = client.ask("POST", "/api/v1/heartbeat", Some(&json!({ "seen": number })));
            if let Some(Err(why)) = beat.ok().map(|answer| keep(arguments.heads.as_deref(), &answer["head"])) {
                not_kept = Some(why);
                return true;
            }
            arguments.until_event.is_some_and(|last| number >= last)
        });
        if let Some(why) = not_kept {
            return Err(why);
        }
        match followed {
            Ok(true) => return Ok(()),
            Ok(false) => output::complain("the stream ended; it is taken up again\n"),
            Err(why) => output::complain(&format!("{why}; it is tried again\n")),
        }
        std::thread::sleep(AGAIN);
    }
}

/// Writes a signed head to the end of a file, and it is there when this returns.
fn keep(file: Option<&Path>, head: &Value) -> Result<(), No> {
    let Some(path) = file.filter(|_| head.is_object()) else { return Ok(()) };
    let written = std::fs::OpenOptions::new().create(true).append(true).open(path);
    let written = written.and_then(|mut file| {
        file.write_all(format!("{head}\n").as_bytes())?;
        file.sync_data()
    });
    written.map_err(|error| format!("cannot keep the head in {}: {error}", path.display()))
}

/// Prints one event; false if there is nobody to read it.
fn print(as_json: bool, number: u64, event: &Value) -> bool {
    let line = if as_json { json!({ "number": number, "event": event }).to_string() } else { line(number, event) };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).is_ok()
}

/// An event in one line, for people. What comes from parties is shown without control characters.
pub fn line(number: u64, event: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).collect::<String>();
    let at = text(&event["at"]).replace('T', " ");
    let at = at.strip_suffix(":00Z").map_or_else(|| at.clone(), |minute| format!("{minute}Z"));
    let what = match event["event"].as_str().unwrap_or_default() {
        "finding" => finding(event, &text),
        "relay" => {
            let inner = if event["message"].is_object() {
                format!(": {}", line(0, &event["message"]).trim_start())
            } else {
                String::new()
            };
            format!("relay {} to {}, {}{inner}", event["relay"], text(&event["to"]), text(&event["change"]))
        }
        "message" => {
            let facts: Vec<String> = event["facts"].as_array().into_iter().flatten().map(&text).collect();
            let free = if event["text"].is_string() {
                format!(" \"{}\" (not machine-checked)", text(&event["text"]))
            } else {
                String::new()
            };
            format!("{} from {}: {}{free}", text(&event["template"]).to_uppercase(), text(&event["from"]), facts.join("; "))
        }
        "offer" => format!(
            "offer {} {} about {}: {}",
            text(&event["offer"]),
            text(&event["change"]),
            text(&event["finding"]),
            event["terms"]["changes"]
        ),
        "overdue" => format!(
            "OVERDUE, said {} times: nobody has answered notice {} ({}) {}",
            event["step"],
            event["notice"],
            text(&event["level"]),
            text(&event["what"])
        ),
        "site" => format!("site {} {}: {}", text(&event["claim"]), text(&event["change"]), text(&event["what"])),
        "unanswered" => format!("{}: {}", text(&event["finding"]), text(&event["what"])),
        "anonymous" => format!("{}: {}, box {}", text(&event["finding"]), text(&event["what"]), event["region"]),
        "contact" => format!("contact {}: {} {}", text(&event["party"]), text(&event["state"]), text(&event["what"])),
        "claim" => format!("claim {} is {}: {}", text(&event["claim"]), text(&event["state"]), text(&event["what"])),
        other => format!("{other} {event}"),
    };
    if number == 0 { what } else { format!("{number:>4}  {at}  {what}") }
}

fn finding(event: &Value, text: &impl Fn(&Value) -> String) -> String {
    let (name, change, level) = (text(&event["finding"]), text(&event["change"]), text(&event["level"]));
    if change == "closed" {
        return format!("{name} closed");
    }
    let via: Vec<String> = event["via"].as_array().into_iter().flatten().map(text).collect();
    let via = if via.is_empty() { String::new() } else { format!(" (through {})", via.join(", ")) };
    let window = match event["what"]["window"].as_array().map(Vec::as_slice) {
        Some([Value::Null, until]) => format!(" until {}", text(until)),
        Some([from, until]) => format!(" {} to {}", text(from), text(until)),
        _ => String::new(),
    };
    format!("{name} {change}, {}{via}: {}{window}", level.to_uppercase(), text(&event["what"]["text"]))
}

/// Says yes to what asks for an answer, and passes on what is held.
fn rehearse(client: &Client, number: u64, event: &Value) {
    let said = match event["event"].as_str().unwrap_or_default() {
        "finding" if event["read_back"].is_array() => {
            let body = json!({ "step": "accepted", "machine": true });
            Some(client.ask("POST", &format!("/api/v1/notices/{number}/steps"), Some(&body)))
        }
        "relay" if event["change"] == "new" => Some(client.ask("POST", &format!("/api/v1/relays/{}", event["relay"]), None)),
        "offer" if event["change"] == "new" => {
            let offer = event["offer"].as_str().unwrap_or_default();
            Some(client.ask("POST", &format!("/api/v1/offers/{offer}/decision"), Some(&json!({ "accept": true }))))
        }
        _ => None,
    };
    if let Some(Err(why)) = said {
        output::complain(&format!("{why}\n"));
    }
}
