//! What a bundle that holds together leaves open, in sentences: as important as what it proves.

use std::collections::BTreeSet;

use crate::bundle::{Bundle, PartyKey};
use crate::key::PublicKey;
use crate::ladder::Said;
use crate::statement::Statement;
use crate::verify::SERVICE;

/// A signer in a sentence.
pub fn called(party: &str) -> &str {
    if party == SERVICE { "the service" } else { party }
}

/// What a sound bundle leaves open.
pub fn not_proved(bundle: &Bundle, trusted: &[(String, PublicKey)], said: &[Said]) -> Vec<String> {
    let mut open = Vec::new();
    let is_trusted = |party: &str| trusted.iter().any(|(name, _)| name == party);
    let signers: BTreeSet<&str> = said.iter().map(|one| &*one.by).collect();
    let named: BTreeSet<&str> = bundle.keys.iter().map(|named| &*named.party).collect();
    for PartyKey { party, .. } in &bundle.keys {
        let who = called(party);
        if !signers.contains(&**party) {
            open.push(format!("Anything of {who}: a key is here, and nothing that was signed with it."));
        } else if !is_trusted(party) {
            let text = format!("Whose key it is that signed as {who}: only this file says so.");
            open.push(text + " To have it checked, give the key that was had from its owner.");
        }
    }
    for (party, _) in trusted.iter().filter(|(party, _)| !named.contains(&**party)) {
        open.push(format!("Anything of {}: a key was given, and this file does not name it.", called(party)));
    }
    let entries = bundle.entries.len() as u64;
    let marks = said.iter().map(|one| match &one.statement {
        Statement::Step(step) => step.notice,
        Statement::Heartbeat(head) | Statement::Head(head) => head.seq,
        Statement::Offer { .. } | Statement::Acceptance { .. } => 0,
    });
    match marks.max().unwrap_or_default() {
        0 => open.push("That this stream is what anybody was told: nobody signed for any of its entries.".to_owned()),
        last if last == entries => {}
        last => {
            open.push(format!("Entries after {last}: nobody signed for them, whoever made this file could have written them."))
        }
    }
    open.push("The times: each is what its signer says.".to_owned());
    open.push("That a step was not taken: what is missing here may have been left out.".to_owned());
    open
}
