//! The desk: turns a request into one command that holds everything that comes of it, or into a refusal that changes nothing.
//!
//! It works on a state of its own that is one command ahead of the log: [`Desk::prepare`] makes the change there, and the caller makes it
//! durable or takes it back ([`Desk::take_back`]). One request at a time.
//!
//! Where things are decided: what may be filed, `claims.rs`; who is told what and when again, `tell.rs`; the ladder of a notice,
//! `notices.rs`; messages and intermediaries, `talk.rs`; offers and what comes of them, `offers.rs`; matters, `matters.rs`; who reads protected sites, `sites.rs`; what is
//! overdue, `escalation.rs`; what else time brings about, `time.rs`; what other desks over the same log have prepared, `follow.rs`.

mod claims;
mod escalation;
mod follow;
mod frame;
mod matters;
mod notices;
mod offers;
mod proposals;
mod sites;
mod talk;
mod tell;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::model::{Party, Picture};
use deconflict_plan::{Edit, Live, Problem};
use serde_json::Value;
use thiserror::Error;

use crate::command::{Command, Effect};
use crate::request::{Asked, Request, Who};
use crate::rows::{Clock, Event, Settings};
use crate::state::{OPERATOR, State};

/// What a request is answered with, beside what everybody hears on their streams.
pub type Answer = Value;

/// Why a request changes nothing.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// What was sent does not make sense: field, found, expected.
    #[error("{} problems in what was sent", .0.len())]
    Bad(Vec<(String, String, String)>),
    /// Whoever asks may not.
    #[error("{0}")]
    NotAllowed(String),
    /// There is nothing of that name, or nothing that whoever asks may know of.
    #[error("{0}")]
    NotFound(String),
    /// It rests on something that has changed.
    #[error("{0}")]
    Conflict(String),
    /// Too much was asked in a day.
    #[error("{0}")]
    TooMuch(String),
}

impl Refusal {
    fn bad(field: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Bad(vec![(field.to_owned(), found.into(), expected.into())])
    }
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Bad(problems.into_iter().map(|problem| (problem.path, problem.found, problem.expected)).collect())
    }
}

/// Prepares commands. Holds the picture with everything that is found about it.
#[derive(Debug)]
pub struct Desk {
    state: State,
    live: Option<Live>,
    /// Claims that have to be read again when a claim changes.
    dependents: BTreeMap<String, BTreeSet<String>>,
    /// Claims that the frame names.
    named: BTreeSet<String>,
    draft: Draft,
}

/// What the request in hand has changed so far.
#[derive(Debug, Default)]
struct Draft {
    at_ns: i64,
    by: String,
    effects: Vec<Effect>,
    undo: Vec<Effect>,
    edits: Vec<Edit>,
    reread: Option<Reading>,
}

/// What hangs on what: `dependents` and `named` of a desk.
type Reading = (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>);

impl Desk {
    /// A desk over what the log says, and what has to be told because the engine says something else now than when it was logged
    /// (nothing, as a rule: then the command has no effects).
    ///
    /// # Errors
    /// What is filed can no longer be read: a newer program wrote it.
    pub fn open(state: State, at_ns: i64) -> Result<(Self, Option<Command>), Refusal> {
        let mut desk = Self { state, live: None, dependents: BTreeMap::new(), named: BTreeSet::new(), draft: Draft::default() };
        desk.draft = Draft { at_ns, ..Draft::default() };
        if desk.state.frame.is_some() {
            desk.read_all()?;
            let all = desk.all_findings();
            desk.tell(&all);
        }
        let command = desk.finish("start");
        let command = (!command.effects.is_empty()).then_some(command);
        if command.is_none() {
            desk.state.applied -= 1;
        }
        Ok((desk, command))
    }

    /// The state as the desk sees it: with the command in hand.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The picture with what is found about it; `None` until there is a frame.
    pub fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// The command for a request and its answer. The command counts from now on, unless it is taken back. One without effects need not
    /// be logged: it changed nothing, and was taken back already.
    ///
    /// # Errors
    /// It changes nothing, for a reason that is told.
    pub fn prepare(&mut self, asked: Asked) -> Result<(Option<Command>, Answer), Refusal> {
        let by = match &asked.who {
            Who::Operator => OPERATOR.to_owned(),
            Who::Party(id) => id.clone(),
            Who::Service => String::new(),
        };
        self.draft = Draft { at_ns: asked.at_ns, by, ..Draft::default() };
        let name = asked.request.name();
        match self.answer(&asked) {
            Ok(answer) if self.changes_nothing(&asked.request) => {
                self.roll_back();
                Ok((None, answer))
            }
            Ok(answer) => Ok((Some(self.finish(name)), answer)),
            Err(refusal) => {
                self.roll_back();
                Err(refusal)
            }
        }
    }

    /// Takes the latest command back: it could not be made durable.
    pub fn take_back(&mut self) {
        self.roll_back();
        self.state.applied -= 1;
    }

    /// That time has passed is not worth a record: it has passed with the next command, too. That somebody sets the time is.
    fn changes_nothing(&self, request: &Request) -> bool {
        let is_set = matches!(request, Request::SetClock { .. });
        self.draft.effects.iter().all(|effect| matches!(effect, Effect::Now(_)) && !is_set)
    }

    fn finish(&mut self, asked: &str) -> Command {
        let after = self.state.applied;
        self.state.applied += 1;
        let effects = std::mem::take(&mut self.draft.effects);
        Command { after, at_ns: self.draft.at_ns, by: self.draft.by.clone(), asked: asked.to_owned(), effects }
    }

    fn roll_back(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        for effect in draft.undo.into_iter().rev() {
            self.state.put(effect);
        }
        for edit in draft.edits.into_iter().rev() {
            if let Some(live) = &mut self.live {
                live.apply(edit);
            }
        }
        if let Some((dependents, named)) = draft.reread {
            (self.dependents, self.named) = (dependents, named);
            if self.state.frame.is_none() {
                self.live = None;
            }
        }
    }

    fn answer(&mut self, asked: &Asked) -> Result<Answer, Refusal> {
        if self.settings().clock == Clock::Service {
            self.move_clock(asked.at_ns);
        }
        match (&asked.who, &asked.request) {
            (_, Request::Elapse) => Ok(self.elapse()),
            (Who::Service, Request::Join { claim, references }) => Ok(self.join(claim, references.as_deref())),
            (Who::Operator, Request::SetFrame { plan, settings }) => self.set_frame(plan, settings),
            (Who::Operator, Request::SetClock { now_ns }) => self.set_clock(*now_ns),
            (Who::Operator, Request::File(claims)) => self.file_for_others(claims),
            (Who::Party(id), request) => {
                self.participant(id)?;
                self.heard_of(id);
                self.answer_party(&id.clone(), request)
            }
            (Who::Operator, _) => Err(Refusal::NotAllowed("that is for parties, not for the operator of the service".to_owned())),
            (Who::Service, _) => Err(Refusal::NotAllowed("the service asks for nothing but that time passes".to_owned())),
        }
    }

    fn answer_party(&mut self, party: &str, request: &Request) -> Result<Answer, Refusal> {
        match request {
            Request::File(claims) => self.file(party, claims),
            Request::Read { id } => self.read_claim(party, id),
            Request::Withdraw { id } => self.withdraw(party, id),
            Request::Disclose { id, disclosure } => self.disclose(party, id, disclosure),
            Request::SetState { id, state } => self.set_state(party, id, *state),
            Request::Report { id, position } => self.report(party, id, position),
            Request::Heartbeat { seen, signed } => self.heartbeat(party, *seen, signed.as_ref()),
            Request::Answer { notice, step } => self.answer_notice(party, *notice, step),
            Request::Pass { relay } => self.pass(party, *relay),
            Request::Send(message) => self.send(party, message),
            Request::Offer { terms, counters, signed } => self.offer(party, terms, counters.as_deref(), signed.as_ref()),
            Request::Decide { offer, accept, signed } => self.decide(party, offer, *accept, signed.as_ref()),
            Request::EndAgreement { id } => self.end_agreement(party, id),
            Request::Raise(matter) => self.raise(party, matter),
            Request::State { statement, confirmed } => self.hear_statement(party, statement, *confirmed),
            Request::Close { id } => self.close(party, id),
            Request::SetKey { key } => self.set_key(party, key),
            Request::SetFrame { .. } | Request::SetClock { .. } | Request::Join { .. } => {
                Err(Refusal::NotAllowed("only the operator of the service may do that".to_owned()))
            }
            Request::Elapse => Ok(Value::Null),
        }
    }

    fn set_key(&mut self, party: &str, key: &str) -> Result<Answer, Refusal> {
        if self.state.keys.get(party).is_some_and(|known| known != key) {
            let why = "a key is there already; another one would let somebody else sign for what this one signed";
            return Err(Refusal::Conflict(why.to_owned()));
        }
        self.put(Effect::Key(party.to_owned(), Some(key.to_owned())));
        Ok(serde_json::json!({ "key": key }))
    }

    /// The smallest changes that would settle a finding, as far as they follow from what a party may know; best first.
    ///
    /// # Errors
    /// It has no such finding.
    pub fn proposals(&self, party: &str, finding: &str) -> Result<Answer, Refusal> {
        let (id, _) = self.finding_known_as(party, finding)?;
        Ok(proposals::proposals(&self.state, self.live.as_ref(), party, &id))
    }

    fn settings(&self) -> Settings {
        self.state.frame.as_ref().map_or_else(Settings::default, |frame| frame.settings.clone())
    }

    /// The picture; an error where nobody has set one yet.
    fn picture(&self) -> Result<&Picture, Refusal> {
        self.live
            .as_ref()
            .map(Live::picture)
            .ok_or_else(|| Refusal::NotFound("there is no picture yet: the operator has to set one".to_owned()))
    }

    /// The party of the picture with this id, if it takes part.
    fn participant(&self, id: &str) -> Result<&Party, Refusal> {
        let party = self.picture()?.party(id).filter(|party| party.participant && id != OPERATOR);
        party.ok_or_else(|| Refusal::NotAllowed(format!("{id:?} is no party of this picture")))
    }

    fn put(&mut self, effect: Effect) {
        self.draft.effects.push(effect.clone());
        let undo = self.state.put(effect);
        self.draft.undo.push(undo);
    }

    fn next_serial(&mut self) -> u64 {
        let serial = self.state.serial + 1;
        self.put(Effect::Serial(serial));
        serial
    }

    /// Tells a recipient something; the number of the event.
    fn event(&mut self, recipient: &str, body: &Value) -> u64 {
        let mut body = body.clone();
        body["at"] = serde_json::json!(crate::pieces::text(self.state.now_ns));
        let body = body.to_string();
        self.put(Effect::Event(recipient.to_owned(), Some(Box::new(Event { at_ns: self.draft.at_ns, body }))));
        self.state.latest(recipient)
    }
}

impl Request {
    /// What is asked for, in a word.
    fn name(&self) -> &'static str {
        match self {
            Self::Elapse => "elapse",
            Self::Join { .. } => "join",
            Self::SetFrame { .. } => "set-frame",
            Self::SetClock { .. } => "set-clock",
            Self::File(_) => "file",
            Self::Read { .. } => "read",
            Self::Withdraw { .. } => "withdraw",
            Self::Disclose { .. } => "disclose",
            Self::SetState { .. } => "set-state",
            Self::Report { .. } => "report",
            Self::Heartbeat { .. } => "heartbeat",
            Self::Answer { .. } => "answer-notice",
            Self::Pass { .. } => "pass",
            Self::Send(_) => "send",
            Self::Offer { .. } => "offer",
            Self::Decide { .. } => "decide",
            Self::EndAgreement { .. } => "end-agreement",
            Self::Raise(_) => "raise",
            Self::State { .. } => "state",
            Self::Close { .. } => "close",
            Self::SetKey { .. } => "set-key",
        }
    }
}
