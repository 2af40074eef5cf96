//! What can be asked of the joint picture.

use serde::Deserialize;
use serde_json::Value;

use crate::rows::{ClaimState, Disclosure, Foreign, Message, Position, Settings};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs the service for all.
    Operator,
    /// A party, by its id in the picture.
    Party(String),
    /// The service itself.
    Service,
}

/// A request with what is known of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub who: Who,
    /// The time of the service, nanoseconds since 1970.
    pub at_ns: i64,
    /// What is asked for.
    pub request: Request,
}

/// A claim that a party files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimFiled {
    /// The claim as a plan file has it; `party` may be left out.
    pub claim: Value,
    /// What others may know; what was set before stays, and a new claim is sealed.
    #[serde(default)]
    pub disclosure: Option<Disclosure>,
    /// The version that it replaces; 0 for one that must be new. Without it, whatever is there is replaced.
    #[serde(default)]
    pub replaces: Option<u64>,
}

/// What became of a notice, as its recipient says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// "displayed", "read-back", "accepted" or "unable".
    pub step: String,
    /// In which role.
    #[serde(default)]
    pub role: Option<String>,
    /// Whether no person has seen it.
    #[serde(default)]
    pub machine: bool,
    /// For a read-back: the key fields, typed again.
    #[serde(default)]
    pub fields: std::collections::BTreeMap<String, String>,
    /// What was signed of it, in the form of `docs/evidence.md`.
    #[serde(default)]
    pub signed: Option<Value>,
}

/// What is offered about a finding.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct OfferTerms {
    /// The finding, as whoever offers knows it: "F-3".
    pub finding: String,
    /// Changes as an agreement has them; `claim` is a claim of one's own, or "counterpart".
    pub changes: Vec<Value>,
    /// What it says, for people.
    #[serde(default)]
    pub text: String,
    /// Until when the agreement holds, if it ends.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// When it is looked at again.
    #[serde(default)]
    pub review: Option<String>,
    /// Whether nobody may draw anything from it for another case.
    #[serde(default)]
    pub without_prejudice: bool,
    /// When the offer ends, if sooner than the picture says.
    #[serde(default)]
    pub expires: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Request {
    /// Time passes: what is due happens.
    Elapse,
    /// Service: what users of F3548 have where a claim is; `None` where the claim is too large to tell.
    Join {
        /// The claim, by its id in the picture.
        claim: String,
        /// What is there.
        references: Option<Vec<Foreign>>,
    },
    /// Operator: everything but claims, and how the picture is run.
    SetFrame {
        /// A plan file without claims.
        plan: Value,
        /// How it is run.
        settings: Settings,
    },
    /// Operator, in an exercise: the time of the picture.
    SetClock {
        /// Nanoseconds since 1970.
        now_ns: i64,
    },
    /// Party: claims, all or none.
    File(Vec<ClaimFiled>),
    /// Party: one of its claims goes.
    Read {
        /// Its id: one of the party's own, or `party/id`.
        id: String,
    },
    /// Party: a claim of it ends.
    Withdraw {
        /// Its id among the party's claims.
        id: String,
    },
    /// Party: what others may know of a claim.
    Disclose {
        /// Its id among the party's claims.
        id: String,
        /// What others may know.
        disclosure: Disclosure,
    },
    /// Party: what became of a claim.
    SetState {
        /// Its id among the party's claims.
        id: String,
        /// What became of it.
        state: ClaimState,
    },
    /// Party: where a movement or flight was.
    Report {
        /// Its id among the party's claims.
        id: String,
        /// Where, and when.
        position: Position,
    },
    /// Party: it is there, and has seen its events up to this one.
    Heartbeat {
        /// The highest event that it has seen.
        seen: u64,
        /// The head of its stream as it signs it.
        signed: Option<Value>,
    },
    /// Party: what became of a notice.
    Answer {
        /// The event.
        notice: u64,
        /// What became of it.
        step: Step,
    },
    /// Intermediary: it passes a notice on.
    Pass {
        /// The event by which it got it.
        relay: u64,
    },
    /// Party: a message.
    Send(Message),
    /// Party: an offer about a finding.
    Offer {
        /// The terms.
        terms: OfferTerms,
        /// The offer that it answers, if it is a counter-offer.
        counters: Option<String>,
        /// The terms as signed.
        signed: Option<Value>,
    },
    /// Party: an answer to an offer.
    Decide {
        /// The offer, as whoever decides knows it: "O-2".
        offer: String,
        /// Yes or no.
        accept: bool,
        /// The terms as signed.
        signed: Option<Value>,
    },
    /// Party: an agreement that it signed ends now.
    EndAgreement {
        /// The offer that it came of, as whoever ends it knows it.
        id: String,
    },
    /// Party: a matter, as a plan file has it.
    Raise(Value),
    /// Party: what it knows, as a statement of a plan file.
    State {
        /// The statement.
        statement: Value,
        /// Whether it counts: before that it is only checked.
        confirmed: bool,
    },
    /// Party: its word that a matter is closed; it closes when all of its parties have given it.
    Close {
        /// The matter.
        id: String,
    },
    /// Party: the key with which it signs.
    SetKey {
        /// 32 bytes in base64url.
        key: String,
    },
}
