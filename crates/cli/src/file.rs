//! `deconflict file`: a plan, filed with a service: by the operator everything but claims, by each party its own.

use std::collections::BTreeMap;

use deconflict_joint::{Disclosed, OPERATOR, Split, split};
use deconflict_plan::{Problem, SourceText};
use serde_json::{Value, json};

use crate::args::FilePlan;
use crate::client::{Client, No};
use crate::{Status, output};

/// Files as much as the tokens allow, and says what.
pub fn run(arguments: &FilePlan) -> Status {
    match filed(arguments) {
        Ok(said) => output::print_plain(&said, Status::Clear),
        Err(why) => {
            output::complain(&format!("{why}\n"));
            Status::BadInput
        }
    }
}

fn filed(arguments: &FilePlan) -> Result<String, No> {
    let file = arguments.plan.display();
    let bytes = std::fs::read(&arguments.plan).map_err(|error| format!("cannot read {file}: {error}"))?;
    let parts = split_text(&file.to_string(), bytes)?;
    let mut clients = BTreeMap::new();
    for client in Client::all(&arguments.access)? {
        let you = client.get("/api/v1/status")?["you"].as_str().unwrap_or_default().to_owned();
        clients.insert(you, client);
    }
    let mut said = String::new();
    if let Some(operator) = clients.get(OPERATOR) {
        let answer = set_frame(operator, &parts, arguments.exercise)?;
        said.push_str(&format!("{OPERATOR}: everything but claims is set, version {}\n", answer["version"]));
    }
    let mut left = Vec::new();
    for (party, claims) in &parts.claims {
        match clients.get(party) {
            Some(client) => {
                file_claims(client, claims, arguments.disclose.into())?;
                said.push_str(&format!("{party}: {} claims are filed\n", claims.len()));
                let sites = claims.iter().filter(|claim| is_site_of_a_party(claim)).count();
                if sites > 0 && Disclosed::from(arguments.disclose) == Disclosed::Full {
                    said.push_str(&format!(
                        "{party}: {sites} protected sites among them are told of in conflicts only; name who may see each whole\n"
                    ));
                }
            }
            None => left.push(format!("{party} ({})", claims.len())),
        }
    }
    if !left.is_empty() {
        said.push_str(&format!("not filed, for want of a token: {}\n", left.join(", ")));
    }
    Ok(said)
}

/// What a plan becomes when it is filed.
pub fn split_text(name: &str, bytes: Vec<u8>) -> Result<Split, No> {
    let source = SourceText { name: name.to_owned(), bytes };
    let problems = |problems: Vec<Problem>| crate::problems::text(&problems, std::slice::from_ref(&source)).trim_end().to_owned();
    let plan = deconflict_plan::value(&source).map_err(problems)?;
    split(&plan).map_err(problems)
}

/// Sets everything but claims.
pub fn set_frame(operator: &Client, parts: &Split, exercise: bool) -> Result<Value, No> {
    let mut body = json!({ "plan": parts.frame });
    if exercise {
        body["settings"] = json!({ "clock": "exercise" });
    }
    operator.ask("PUT", "/api/v1/frame", Some(&body))
}

/// Files claims of whoever the client speaks for. A protected site of a party is shown whole to nobody who is not named.
pub fn file_claims(client: &Client, claims: &[Value], others: Disclosed) -> Result<Value, No> {
    let filed: Vec<Value> =
        claims.iter().map(|claim| json!({ "claim": claim, "disclosure": { "others": towards_all(claim, others) } })).collect();
    client.ask("POST", "/api/v1/claims", Some(&json!({ "claims": filed })))
}

fn towards_all(claim: &Value, others: Disclosed) -> Disclosed {
    if is_site_of_a_party(claim) { others.min(Disclosed::ConflictOnly) } else { others }
}

fn is_site_of_a_party(claim: &Value) -> bool {
    claim["kind"] == "site" && claim["party"].is_string()
}
