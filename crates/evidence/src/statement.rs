//! What a signed content says: a step of a notice, a countersigned head, an offer, an acceptance.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::hash::Hash;
use crate::problem::Problem;
use crate::reader::{Members, Reader};
use crate::strict;

/// What a recipient says became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// A page that rendered it says so.
    Displayed,
    /// Its key fields were typed again.
    ReadBack,
    /// It is accepted.
    Accepted,
    /// Its recipient cannot do what it asks.
    Unable,
}

/// A step of a notice, as its recipient signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The notice: the number of its entry.
    pub notice: u64,
    /// The hash of that entry.
    pub hash: Hash,
    /// What became of it.
    pub step: StepKind,
    /// In which role it is said.
    pub role: Option<String>,
    /// Whether no person has seen it.
    pub machine: bool,
    /// For a read-back: the key fields as typed.
    pub fields: BTreeMap<String, String>,
    /// When, as the signer states it.
    pub at: String,
}

/// The end of a stream at some time, as somebody signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The recipient whose stream it is.
    pub stream: String,
    /// The number of its latest entry; 0 before the first.
    pub seq: u64,
    /// The hash of that entry; zeros before the first.
    pub hash: Hash,
    /// When, as the signer states it.
    pub at: String,
}

/// A signed content, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// A recipient: what became of a notice.
    Step(Step),
    /// A recipient: it has seen its stream up to here.
    Heartbeat(Head),
    /// The service: it has logged this stream up to here.
    Head(Head),
    /// A party offers these terms.
    Offer {
        /// What the offer is called.
        offer: String,
        /// The terms.
        terms: Map<String, Value>,
        /// When, as the signer states it.
        at: String,
    },
    /// A party says yes or no to these terms.
    Acceptance {
        /// What the offer is called.
        offer: String,
        /// Yes or no.
        accept: bool,
        /// The terms.
        terms: Map<String, Value>,
        /// When, as the signer states it.
        at: String,
    },
}

impl StepKind {
    /// Every kind, up the ladder.
    pub const ALL: [Self; 4] = [Self::Displayed, Self::ReadBack, Self::Accepted, Self::Unable];

    /// The kind that has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name in a signed content.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Displayed => "displayed",
            Self::ReadBack => "read-back",
            Self::Accepted => "accepted",
            Self::Unable => "unable",
        }
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Statement {
    /// Reads a content. Strict: a member that is not of the format, or that comes twice, is a problem.
    ///
    /// # Errors
    /// Every problem, with its path within the content.
    pub fn read(content: &str) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::default();
        let value = match strict::parse(content.as_bytes()) {
            Ok(value) => value,
            Err(why) => {
                reader.problem("", format!("no JSON: {why}"), "one JSON object");
                return reader.finish(None);
            }
        };
        let has = |name: &str| value.get(name).is_some();
        let statement = if has("heartbeat") {
            head(&mut reader, &value, "heartbeat").map(Self::Heartbeat)
        } else if has("head") {
            head(&mut reader, &value, "head").map(Self::Head)
        } else if has("offer") {
            terms(&mut reader, &value)
        } else if has("notice") {
            step(&mut reader, &value).map(Self::Step)
        } else {
            let expected = "an object with a member \"notice\", \"heartbeat\", \"head\" or \"offer\"";
            reader.problem("", crate::problem::shown(content), expected);
            None
        };
        reader.finish(statement)
    }

    /// The content to sign for it, in the form of `docs/evidence.md`.
    pub fn content(&self) -> String {
        let head = |name: &str, Head { stream, seq, hash, at }: &Head| json!({ name: { "stream": stream, "seq": seq, "hash": hash }, "at": at });
        let value = match self {
            Self::Step(Step { notice, hash, step, role, machine, fields, at }) => {
                let mut value = json!({ "notice": notice, "hash": hash, "step": step });
                if let Some(role) = role {
                    value["role"] = json!(role);
                }
                value["machine"] = json!(machine);
                value["fields"] = json!(fields);
                value["at"] = json!(at);
                value
            }
            Self::Heartbeat(of) => head("heartbeat", of),
            Self::Head(of) => head("head", of),
            Self::Offer { offer, terms, at } => json!({ "offer": offer, "terms": terms, "at": at }),
            Self::Acceptance { offer, accept, terms, at } => {
                json!({ "offer": offer, "accept": accept, "terms": terms, "at": at })
            }
        };
        value.to_string()
    }
}

fn step(reader: &mut Reader, value: &Value) -> Option<Step> {
    let members = reader.members("", value, &["notice", "hash", "step", "role", "machine", "fields", "at"])?;
    let expected = "\"displayed\", \"read-back\", \"accepted\" or \"unable\"";
    let notice = reader.number(&members, "notice");
    let hash = reader.hash(&members, "hash");
    let step = reader.read(&members, "step", expected, |value| value.as_str().and_then(StepKind::named));
    let role = if members.has("role") { reader.name(&members, "role").map(Some) } else { Some(None) };
    let machine = reader.truth(&members, "machine");
    let fields = if members.has("fields") { fields(reader, &members) } else { Some(BTreeMap::new()) };
    let at = reader.instant(&members, "at");
    Some(Step { notice: notice?, hash: hash?, step: step?, role: role?, machine: machine?, fields: fields?, at: at? })
}

fn fields(reader: &mut Reader, members: &Members<'_>) -> Option<BTreeMap<String, String>> {
    reader.read(members, "fields", "an object whose members are texts", |value| {
        let texts = value.as_object()?.iter().map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        texts.collect()
    })
}

fn head(reader: &mut Reader, value: &Value, name: &str) -> Option<Head> {
    let members = reader.members("", value, &[name, "at"])?;
    let at = reader.instant(&members, "at");
    let inner = reader.member(&members, name, "an object")?;
    let inner = reader.members(name, inner, &["stream", "seq", "hash"])?;
    let (stream, seq, hash) = (reader.name(&inner, "stream"), reader.number(&inner, "seq"), reader.hash(&inner, "hash"));
    Some(Head { stream: stream?, seq: seq?, hash: hash?, at: at? })
}

fn terms(reader: &mut Reader, value: &Value) -> Option<Statement> {
    let members = reader.members("", value, &["offer", "accept", "terms", "at"])?;
    let offer = reader.name(&members, "offer");
    let accept = if members.has("accept") { reader.truth(&members, "accept").map(Some) } else { Some(None) };
    let (terms, at) = (reader.object(&members, "terms"), reader.instant(&members, "at"));
    let (offer, terms, at) = (offer?, terms?, at?);
    Some(match accept? {
        Some(accept) => Statement::Acceptance { offer, accept, terms, at },
        None => Statement::Offer { offer, terms, at },
    })
}
