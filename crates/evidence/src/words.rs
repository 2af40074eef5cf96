//! A verdict in words, for somebody who has been up all night: the outcome first, then each rung, then what is not proved.

use std::fmt;

use serde_json::Value;

use crate::ladder::{Proof, Rung, Vouched, Word};
use crate::not_proved::called;
use crate::verify::Verdict;

impl Verdict {
    /// What became of the notice, in one sentence.
    pub fn outcome(&self) -> String {
        let Self { notice, stream, ladder, .. } = self;
        let taken = |step: &str| ladder.iter().rev().find(|rung| rung.step == step && rung.proof == Proof::Signature);
        let said = |what: &str, rung: &Rung| format!("Notice {notice} to {stream} was {what} by {}{}.", who(rung), when(rung));
        match (taken("accepted"), taken("unable")) {
            (Some(accepted), None) => said("accepted", accepted),
            (None, Some(unable)) => said("answered \"unable\"", unable),
            (Some(accepted), Some(unable)) => format!(
                "Notice {notice} to {stream} was both accepted, by {}{}, and answered \"unable\", by {}{}.",
                who(accepted),
                when(accepted),
                who(unable),
                when(unable)
            ),
            (None, None) => {
                let highest = ["read-back", "displayed"].into_iter().find_map(taken);
                match (highest, taken("delivered")) {
                    (Some(rung), _) => {
                        said(if rung.step == "displayed" { "displayed" } else { "read back" }, rung) + " No answer is here."
                    }
                    (None, Some(rung)) => {
                        format!("Notice {notice} reached {stream}{}: it countersigned its stream. No answer is here.", when(rung))
                    }
                    (None, None) => format!("Notice {notice} to {stream} is logged here. Nothing shows that it arrived."),
                }
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.outcome())?;
        for rung in &self.ladder {
            writeln!(f, "  {:<10} {}", rung.step.replace('-', " "), self.rung(rung))?;
            for (field, typed) in &rung.fields {
                // In quotes: what was typed could begin a line of its own.
                writeln!(f, "  {:<10}   {field:?}: {typed:?}", "")?;
            }
        }
        for word in &self.words {
            writeln!(f, "  {:<10} {}", if word.accept.is_some() { "answer" } else { "offer" }, self.word(word))?;
        }
        writeln!(f, "\nWhat it said (entry {}, {}):", self.notice, self.hash)?;
        let body = serde_json::from_str::<Value>(&self.body).map_or_else(|_| self.body.clone(), |body| format!("{body:#}"));
        for line in body.lines() {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "\nNot proved:")?;
        self.not_proved.iter().try_for_each(|open| writeln!(f, "  - {open}"))
    }
}

impl Verdict {
    fn rung(&self, rung: &Rung) -> String {
        match (rung.step, rung.proof) {
            ("sent", _) => format!("it is entry {} of {} of the stream of {}", self.notice, self.entries, self.stream),
            ("logged", Proof::None) => "the service did not sign for it".to_owned(),
            (_, Proof::None) => "nobody signed for it".to_owned(),
            ("logged" | "delivered", _) => {
                format!("{} signed for entry {}{}", who(rung), rung.seq.unwrap_or(self.notice), when(rung))
            }
            _ => format!("by {}{}", who(rung), when(rung)),
        }
    }

    fn word(&self, word: &Word) -> String {
        let Word { by, offer, accept, terms, at, key } = word;
        let what = match accept {
            None => "offers",
            Some(true) => "accepts",
            Some(false) => "refuses",
        };
        let others: Vec<&str> =
            self.words.iter().filter(|other| other.by != *by && other.terms == *terms).map(|other| &*other.by).collect();
        let same = if others.is_empty() { String::new() } else { format!("; {} signed the same terms", others.join(", ")) };
        format!("{by} {what} {offer}, {}{}{same}", at.replacen('T', " ", 1), vouched(*key))
    }
}

/// Who took a step.
fn who(rung: &Rung) -> String {
    let by = rung.by.as_deref().map_or("nobody", called);
    match (rung.machine, &rung.role) {
        (Some(true), Some(role)) => format!("{by}, a machine as {role}"),
        (Some(true), None) => format!("{by}, a machine"),
        (Some(false), Some(role)) => format!("{by}, a person as {role}"),
        (Some(false), None) => format!("{by}, a person in no stated role"),
        (None, _) => by.to_owned(),
    }
}

/// When, with what has to be said about the key.
fn when(rung: &Rung) -> String {
    let at = rung.at.as_ref().map_or_else(String::new, |at| format!(", {}", at.replacen('T', " ", 1)));
    at + rung.key.map_or("", vouched)
}

fn vouched(key: Vouched) -> &'static str {
    match key {
        Vouched::Given => "",
        Vouched::BundleAlone => " (key not vouched for)",
    }
}
