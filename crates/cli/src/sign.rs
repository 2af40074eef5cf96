//! `deconflict sign`: a content as a party signs it, for scripts and clients of one's own.

use std::io::Read;

use deconflict_evidence::{SecretKey, Statement};
use serde_json::json;

use crate::args::Sign;
use crate::text::page::harmless;
use crate::{Status, output};

/// Signs the content and prints what the service takes.
pub fn run(arguments: &Sign) -> Status {
    match sign(arguments) {
        Ok(signed) => output::print_plain(&format!("{signed}\n"), Status::Clear),
        Err(why) => {
            output::complain(&format!("error: {}\n", harmless(&why)));
            Status::BadInput
        }
    }
}

fn sign(Sign { key, content }: &Sign) -> Result<serde_json::Value, String> {
    let file = key.display();
    let pem = std::fs::read_to_string(key).map_err(|error| format!("cannot read {file}: {error}"))?;
    let key = SecretKey::from_pem(&pem).map_err(|why| format!("{file}: {why}"))?;
    let content = match content.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?,
        None if content == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| format!("cannot read standard input: {error}"))?;
            text
        }
        None => content.clone(),
    };
    Statement::read(&content).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("content: {problem}")).collect();
        lines.join("\nerror: ")
    })?;
    Ok(json!(key.sign(content)))
}
