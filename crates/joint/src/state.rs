//! The state: tables of rows, and nothing that is not in the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use deconflict_evidence::{Hash, link};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::command::{Command, Effect};
use crate::rows::{Access, AskedInDay, ClaimRow, Contact, Disclosed, Event, Frame, Notice, Offer, Relay, Told};

/// The recipient of what the operator of the service is told. No party may be called so.
pub const OPERATOR: &str = "operator";

/// What a recipient was told, with the hash of each link.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The events, oldest first; the first has number 1.
    pub events: Vec<Arc<Event>>,
    /// Of each event, the hash over it and all before it.
    pub hashes: Vec<Hash>,
}

/// The joint picture at a position of the log. Cheap to clone as far as rows go: they are shared.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How many commands were applied.
    pub applied: u64,
    /// The time of the picture, nanoseconds since 1970.
    pub now_ns: i64,
    /// Everything but claims; `None` until the operator sets it.
    pub frame: Option<Arc<Frame>>,
    /// Claims by their id in the picture.
    pub claims: BTreeMap<String, Arc<ClaimRow>>,
    /// What each recipient knows, by finding of the engine.
    pub told: BTreeMap<String, BTreeMap<String, Arc<Told>>>,
    /// What each recipient was told.
    pub streams: BTreeMap<String, Stream>,
    /// What each recipient has to answer, by event.
    pub notices: BTreeMap<String, BTreeMap<u64, Arc<Notice>>>,
    /// Notices on their way.
    pub relays: BTreeMap<u64, Arc<Relay>>,
    /// Offers.
    pub offers: BTreeMap<u64, Arc<Offer>>,
    /// Agreements and matters that came up, by section and id.
    pub papers: BTreeMap<String, BTreeMap<String, Value>>,
    /// How parties are heard of.
    pub contacts: BTreeMap<String, Contact>,
    /// Keys with which parties sign.
    pub keys: BTreeMap<String, String>,
    /// What parties have asked today.
    pub asked: BTreeMap<String, AskedInDay>,
    /// Who has read a protected site, by its id in the picture, oldest first.
    pub accesses: BTreeMap<String, Vec<Access>>,
    /// The latest number of claims, relays and offers that was given.
    pub serial: u64,
}

/// Puts a row into a table or takes it away; the row that was there.
fn put<K: Ord, R>(table: &mut BTreeMap<K, R>, key: K, row: Option<R>) -> Option<R> {
    match row {
        Some(row) => table.insert(key, row),
        None => table.remove(&key),
    }
}

/// A row as an effect has it.
fn boxed<R: Clone>(row: Option<Arc<R>>) -> Option<Box<R>> {
    row.map(|row| Box::new(Arc::unwrap_or_clone(row)))
}

fn shared<R>(row: Option<Box<R>>) -> Option<Arc<R>> {
    row.map(|row| Arc::new(*row))
}

impl State {
    /// Applies a command; whether it was: one that rests on another state changes nothing.
    pub fn apply(&mut self, command: Command) -> bool {
        if command.after != self.applied {
            return false;
        }
        self.applied += 1;
        for effect in command.effects {
            self.put(effect);
        }
        true
    }

    /// Puts one row, and gives the effect that takes it back.
    pub fn put(&mut self, effect: Effect) -> Effect {
        match effect {
            Effect::Now(ns) => Effect::Now(std::mem::replace(&mut self.now_ns, ns)),
            Effect::Serial(serial) => Effect::Serial(std::mem::replace(&mut self.serial, serial)),
            Effect::Frame(frame) => Effect::Frame(boxed(std::mem::replace(&mut self.frame, shared(frame)))),
            Effect::Claim(key, row) => Effect::Claim(key.clone(), boxed(put(&mut self.claims, key, shared(row)))),
            Effect::Told(party, finding, row) => {
                let table = self.told.entry(party.clone()).or_default();
                let old = put(table, finding.clone(), shared(row));
                Effect::Told(party, finding, boxed(old))
            }
            Effect::Notice(party, event, row) => {
                let table = self.notices.entry(party.clone()).or_default();
                Effect::Notice(party, event, boxed(put(table, event, shared(row))))
            }
            Effect::Event(party, event) => {
                let stream = self.streams.entry(party.clone()).or_default();
                match event {
                    Some(event) => {
                        let previous = stream.hashes.last().copied().unwrap_or(Hash::ZERO);
                        let number = stream.events.len() as u64 + 1;
                        stream.hashes.push(link(&party, number, &previous, event.body.as_bytes()));
                        stream.events.push(Arc::new(*event));
                        Effect::Event(party, None)
                    }
                    None => {
                        stream.hashes.pop();
                        Effect::Event(party, boxed(stream.events.pop()))
                    }
                }
            }
            Effect::Relay(number, row) => Effect::Relay(number, boxed(put(&mut self.relays, number, shared(row)))),
            Effect::Offer(number, row) => Effect::Offer(number, boxed(put(&mut self.offers, number, shared(row)))),
            Effect::Paper(section, id, piece) => {
                let table = self.papers.entry(section.clone()).or_default();
                Effect::Paper(section, id.clone(), put(table, id, piece))
            }
            Effect::Contact(party, row) => Effect::Contact(party.clone(), put(&mut self.contacts, party, row)),
            Effect::Key(party, key) => Effect::Key(party.clone(), put(&mut self.keys, party, key)),
            Effect::Asked(party, row) => Effect::Asked(party.clone(), put(&mut self.asked, party, row)),
            Effect::Access(claim, line) => {
                let log = self.accesses.entry(claim.clone()).or_default();
                let taken = match line {
                    Some(line) => {
                        log.push(line);
                        None
                    }
                    None => log.pop(),
                };
                Effect::Access(claim, taken)
            }
        }
    }

    /// The whole state as one command: what a snapshot holds.
    pub fn snapshot(&self) -> Command {
        let mut effects = vec![Effect::Now(self.now_ns), Effect::Serial(self.serial)];
        effects.extend(self.frame.iter().map(|frame| Effect::Frame(Some(Box::new((**frame).clone())))));
        effects.extend(self.claims.iter().map(|(key, row)| Effect::Claim(key.clone(), Some(Box::new((**row).clone())))));
        for (party, rows) in &self.told {
            effects.extend(rows.iter().map(|(id, row)| Effect::Told(party.clone(), id.clone(), Some(Box::new((**row).clone())))));
        }
        for (party, stream) in &self.streams {
            effects.extend(stream.events.iter().map(|event| Effect::Event(party.clone(), Some(Box::new((**event).clone())))));
        }
        for (party, rows) in &self.notices {
            effects.extend(rows.iter().map(|(at, row)| Effect::Notice(party.clone(), *at, Some(Box::new((**row).clone())))));
        }
        effects.extend(self.relays.iter().map(|(at, row)| Effect::Relay(*at, Some(Box::new((**row).clone())))));
        effects.extend(self.offers.iter().map(|(at, row)| Effect::Offer(*at, Some(Box::new((**row).clone())))));
        for (section, papers) in &self.papers {
            effects.extend(papers.iter().map(|(id, piece)| Effect::Paper(section.clone(), id.clone(), Some(piece.clone()))));
        }
        effects.extend(self.contacts.iter().map(|(party, row)| Effect::Contact(party.clone(), Some(row.clone()))));
        effects.extend(self.keys.iter().map(|(party, key)| Effect::Key(party.clone(), Some(key.clone()))));
        effects.extend(self.asked.iter().map(|(party, row)| Effect::Asked(party.clone(), Some(*row))));
        for (claim, log) in &self.accesses {
            effects.extend(log.iter().map(|line| Effect::Access(claim.clone(), Some(line.clone()))));
        }
        Command { after: self.applied, at_ns: self.now_ns, by: String::new(), asked: "snapshot".to_owned(), effects }
    }

    /// The state of a snapshot.
    pub fn of_snapshot(snapshot: Command) -> Self {
        let mut state = Self { applied: snapshot.after, ..Self::default() };
        for effect in snapshot.effects {
            state.put(effect);
        }
        state
    }

    /// A digest of all rows: nodes that applied the same commands have the same.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.snapshot().encode()).into()
    }

    /// A digest that is cheap enough for every batch: of how many rows there are, and of what everybody was told, link by link. Nodes that
    /// differ in it have told somebody something else; 0 as long as there is no joint picture.
    pub fn fingerprint(&self) -> u128 {
        if self.applied == 0 {
            return 0;
        }
        let mut hasher = Sha256::new();
        let rows = [self.claims.len(), self.relays.len(), self.offers.len(), self.contacts.len(), self.keys.len()];
        for number in [self.applied, self.serial].into_iter().chain(rows.map(|rows| rows as u64)) {
            hasher.update(number.to_be_bytes());
        }
        hasher.update(self.now_ns.to_be_bytes());
        for (recipient, stream) in &self.streams {
            hasher.update(recipient.as_bytes());
            hasher.update((stream.events.len() as u64).to_be_bytes());
            hasher.update(stream.hashes.last().unwrap_or(&Hash::ZERO).as_bytes());
        }
        let digest: [u8; 32] = hasher.finalize().into();
        u128::from_be_bytes(*digest.first_chunk().expect("a digest is longer"))
    }

    /// What a recipient may know of a claim of somebody.
    pub fn disclosed(&self, claim: &str, to: &str) -> Disclosed {
        self.claims.get(claim).map_or(Disclosed::Sealed, |row| row.disclosure.towards(to))
    }

    /// The number of a recipient's latest event; 0 before the first.
    pub fn latest(&self, recipient: &str) -> u64 {
        self.streams.get(recipient).map_or(0, |stream| stream.events.len() as u64)
    }

    /// The finding that a recipient knows by a number.
    pub fn finding_numbered(&self, recipient: &str, number: u64) -> Option<(&String, &Arc<Told>)> {
        self.told.get(recipient)?.iter().find(|(_, told)| told.number == number)
    }
}
