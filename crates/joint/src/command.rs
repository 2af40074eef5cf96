//! What stands in the log: who asked for what, and the rows that come of it.
//!
//! A row replaces the one of the same key, so applying needs no rules, and what replaces a row backwards undoes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::rows::{Access, AskedInDay, ClaimRow, Contact, Event, Frame, Notice, Offer, Relay, Told};

/// The first bytes of a command of the joint picture, and the version of its form.
const MARK: &[u8] = b"J2";

/// One change of the joint picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// How many commands were applied before it: it rests on that state, and on no other.
    pub after: u64,
    /// When it was prepared, by the clock of the service, nanoseconds since 1970.
    pub at_ns: i64,
    /// Whose request it is; empty for the service's own.
    pub by: String,
    /// What was asked for, in one word.
    pub asked: String,
    /// The rows.
    pub effects: Vec<Effect>,
}

/// A row, by the key that it has; `None` for one that is taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The time of the picture, nanoseconds since 1970.
    Now(i64),
    /// Everything but claims.
    Frame(Option<Box<Frame>>),
    /// A claim, by its id in the picture.
    Claim(String, Option<Box<ClaimRow>>),
    /// What a recipient knows of a finding.
    Told(String, String, Option<Box<Told>>),
    /// The next event of a recipient; `None` takes the last one back.
    Event(String, Option<Box<Event>>),
    /// A notice of a recipient, by its event.
    Notice(String, u64, Option<Box<Notice>>),
    /// A notice on its way, by number.
    Relay(u64, Option<Box<Relay>>),
    /// An offer, by number.
    Offer(u64, Option<Box<Offer>>),
    /// An agreement or matter that came up in the picture: section, id, the entry of the plan file.
    Paper(String, String, Option<Value>),
    /// How a party is heard of.
    Contact(String, Option<Contact>),
    /// The key with which a party signs, in base64url.
    Key(String, Option<String>),
    /// What a party has asked in a day.
    Asked(String, Option<AskedInDay>),
    /// The next line of the access log of a claim; `None` takes the last one back.
    Access(String, Option<Access>),
    /// The latest number of claims, relays and offers that was given.
    Serial(u64),
}

/// A record that is no command of the joint picture, or that a newer program wrote.
#[derive(Debug, Error)]
pub enum CommandError {
    /// It begins with something else.
    #[error("it does not begin with J2")]
    Mark,
    /// What follows is not understood.
    #[error("it cannot be understood")]
    Content(#[from] serde_json::Error),
}

impl Command {
    /// Whether a record is one of the joint picture.
    pub fn is_in(record: &[u8]) -> bool {
        record.first() == MARK.first()
    }

    /// The record.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        serde_json::to_writer(&mut bytes, self).expect("rows have texts for keys");
        bytes
    }

    /// The command of a record.
    ///
    /// # Errors
    /// It is none, or one of a newer program.
    pub fn decode(record: &[u8]) -> Result<Self, CommandError> {
        let content = record.strip_prefix(MARK).ok_or(CommandError::Mark)?;
        Ok(serde_json::from_slice(content)?)
    }
}
