//! The rows of the state: what is kept of claims, of what parties were told, and of what they said to each other.
//!
//! Shapes only. Times are nanoseconds since 1970 in UTC; bodies are JSON texts as they are sent.

use std::collections::BTreeMap;

use deconflict_plan::model::Level;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything of the picture but claims: the sections of a plan file, as the operator set them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Grows by one with each change.
    pub version: u64,
    /// The plan file without claims.
    pub plan: Value,
    /// How the picture is run.
    pub settings: Settings,
}

/// What the time of the picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// That of the service.
    #[default]
    Service,
    /// What the operator sets it to: for exercises and for what is long past.
    Exercise,
}

/// How the picture is run. Durations are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whose time counts.
    pub clock: Clock,
    /// Within what time a notice is to be accepted, by level: note, watch, warn, urgent, critical; 0 for never due.
    pub acknowledge_s: [i64; 5],
    /// A party that was not heard of for so long is silent.
    pub silent_after_s: i64,
    /// What a silent party planned cannot be excluded for so long past its window.
    pub grace_s: i64,
    /// An offer ends after so long, if it does not say sooner.
    pub offer_s: i64,
    /// Claims that a party may file or change in a day.
    pub budget: u64,
    /// So many findings opened by one party's filings in a day are reported to the operator as scanning.
    pub scan_alarm: u64,
    /// Protected sites of others that a party may read in a day; the operator is told of one that reads as many.
    pub site_reads: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clock: Clock::Service,
            acknowledge_s: [0, 24 * 3600, 3600, 900, 300],
            silent_after_s: 300,
            grace_s: 900,
            offer_s: 24 * 3600,
            budget: 5_000,
            scan_alarm: 200,
            site_reads: 50,
        }
    }
}

/// How much of a claim a recipient may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosed {
    /// Nothing, not even of a conflict.
    #[default]
    Sealed,
    /// That there is something, in a coarse box.
    Existence,
    /// Nothing until there is a conflict; then its box, band and window, rounded outward to the published grid.
    ConflictOnly,
    /// Everything.
    Full,
}

/// What the owner of a claim lets others know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disclosure {
    /// Towards everybody who is not named.
    pub others: Disclosed,
    /// By party.
    pub to: BTreeMap<String, Disclosed>,
}

impl Disclosure {
    /// Towards one party.
    pub fn towards(&self, party: &str) -> Disclosed {
        self.to.get(party).copied().unwrap_or(self.others)
    }
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimState {
    /// It has not begun, as far as its owner says.
    #[default]
    Planned,
    /// Its owner says that it has begun.
    UnderWay,
    /// It is not where it said it would be.
    OffPlan,
    /// It was under way when its window ended, and its owner has not ended it.
    Overdue,
}

/// A claim as it was filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// The party that files it.
    pub party: String,
    /// Its id among the claims of that party.
    pub id: String,
    /// Which claim of this state it is, counted from the first: another claim of the same id has another.
    pub serial: u64,
    /// Grows by one with each change.
    pub version: u64,
    /// The claim as a plan file has it, with the ids of the picture.
    pub piece: Value,
    /// What others may know of it.
    pub disclosure: Disclosure,
    /// What became of it.
    pub state: ClaimState,
    /// Position reports, oldest first.
    pub reports: Vec<Position>,
    /// Its last instant as filed; `None` for a possible track.
    pub ends_ns: Option<i64>,
    /// Its first instant as filed.
    pub starts_ns: Option<i64>,
    /// The coarse box that holds all its ground, for those that may know only that it exists.
    pub coarse: Option<Value>,
}

impl ClaimRow {
    /// Whether it is a protected site.
    pub fn is_site(&self) -> bool {
        self.piece["kind"] == "site"
    }

    /// Its id in the picture: `party/id`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.party, self.id)
    }
}

/// Where something was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// When, nanoseconds since 1970.
    pub at_ns: i64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Longitude, degrees.
    pub lng: f64,
}

/// A line of the access log of a protected site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// When, by the time of the picture, nanoseconds since 1970.
    pub at_ns: i64,
    /// Which party.
    pub by: String,
    /// The version of the claim.
    pub version: u64,
    /// What it was.
    pub what: Accessed,
}

/// What becomes of a protected site between its owner and another party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accessed {
    /// Its owner consents to show it whole.
    Consent,
    /// The other party read it.
    Read,
    /// Its owner no longer shows it whole.
    Withdrawal,
}

/// What a party has asked in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedInDay {
    /// The day, counted from 1970.
    pub day: i64,
    /// Claims filed or changed.
    pub filed: u64,
    /// Findings opened by them.
    pub opened: u64,
    /// Sites of others that were read.
    pub sites: u64,
}

/// What a recipient knows of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Which finding of this recipient it is, from 1, in the order in which it heard of them.
    pub number: u64,
    /// Serials of the claims that it rests on: other claims make another finding.
    pub serials: Vec<u64>,
    /// Versions of the claims that it rests on.
    pub versions: Vec<u64>,
    /// Whether it stands.
    pub open: bool,
    /// When it closed last; 0 before it ever did.
    pub closed_ns: i64,
    /// How loud.
    pub level: Level,
    /// The body, without the level.
    pub content: String,
    /// The levels at which a notice of this content went out.
    pub noticed: Vec<Level>,
    /// The event of the latest notice; `None` while none went out, or an intermediary has it.
    pub notice: Option<u64>,
}

/// One line of what a recipient was told, numbered from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it was logged.
    pub at_ns: i64,
    /// The JSON text.
    pub body: String,
}

/// Something that a recipient has to answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The finding that it is about, by its id in the engine.
    pub finding: String,
    /// Its number for this recipient.
    pub number: u64,
    /// How loud.
    pub level: Level,
    /// Versions of the claims that it rests on, as told.
    pub versions: Vec<u64>,
    /// What has to be typed again when it is read back, by field.
    pub key_fields: BTreeMap<String, String>,
    /// When it is overdue; 0 for never.
    pub due_ns: i64,
    /// How often that was told: the ladder of escalation goes on while nobody answers.
    pub escalated: u8,
    /// Whether it no longer holds: the finding closed or changed.
    pub void: bool,
    /// What became of it, oldest first.
    pub ladder: Vec<Value>,
}

/// A notice on its way through intermediaries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relay {
    /// Whom it is for.
    pub to: String,
    /// The finding, by its id in the engine.
    pub finding: String,
    /// The intermediaries, in order.
    pub via: Vec<String>,
    /// Which of them has it.
    pub at: usize,
    /// The event by which whoever has it got it: by its number it is passed on.
    pub event: u64,
    /// What is to be passed on.
    pub body: String,
    /// Whether it asks for an answer.
    pub asks: bool,
    /// When it is overdue; 0 for never.
    pub due_ns: i64,
    /// Whether that was told.
    pub escalated: bool,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferState {
    /// It waits for answers.
    Open,
    /// All have accepted, and it is an agreement.
    Agreed,
    /// Somebody refused.
    Refused,
    /// Somebody offered something else.
    Countered,
    /// Nobody answered in time.
    Expired,
    /// It was agreed, and one of the parties has ended it.
    Ended,
}

/// What one party offers to others about a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Who offers it.
    pub by: String,
    /// Who has to answer.
    pub to: Vec<String>,
    /// The finding, by its id in the engine.
    pub finding: String,
    /// Versions of its claims when it was made.
    pub versions: Vec<u64>,
    /// The terms, as all of them sign them: claims are "of-offerer" and "of-other", so that nobody's ids stand in them.
    pub terms: Value,
    /// The changes, with the ids of the picture, as an agreement has them.
    pub changes: Vec<Value>,
    /// When it ends.
    pub expires_ns: i64,
    /// Who has accepted.
    pub accepted: Vec<String>,
    /// Where it stands.
    pub state: OfferState,
    /// What was signed: who, content, key, signature.
    pub signed: Vec<Value>,
}

/// How a party is heard of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// When it was heard of last.
    pub heard_ns: i64,
    /// The highest event that it has seen.
    pub seen: u64,
    /// Whether it is silent.
    pub silent: bool,
}

/// What a user of F3548 has where a native claim is, as far as the DSS knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Foreign {
    /// "operational intent" or "constraint".
    pub kind: String,
    /// Its id in the DSS.
    pub id: String,
    /// Who manages it, and has its details.
    pub manager: String,
    /// From when, in RFC 3339.
    pub from: String,
    /// Until when.
    pub until: String,
}

/// A message from one party to another, or to everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Whom it is for; `None` for all that can be reached: only `stop` and `resume` need no addressee.
    #[serde(default)]
    pub to: Option<String>,
    /// What kind of message it is.
    pub template: String,
    /// The finding that it is about, as the sender knows it ("F-3").
    #[serde(default)]
    pub finding: Option<String>,
    /// At most three facts.
    #[serde(default)]
    pub facts: Vec<String>,
    /// Free text: not machine-checked.
    #[serde(default)]
    pub text: Option<String>,
    /// In which role it is said.
    #[serde(default)]
    pub role: Option<String>,
}
