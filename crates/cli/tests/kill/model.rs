//! What the service must know of one USS: the rules of the DSS for what this test writes, in the plainest way.

use crate::place::Place;
use std::collections::{BTreeMap, BTreeSet};

/// An operational intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    pub place: Place,
    pub version: i64,
    pub state: &'static str,
    pub ovn: String,
    /// `None` without one.
    pub subscription: Option<String>,
}

/// A subscription at the USS's own place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub version: String,
    pub is_implicit: bool,
    pub for_constraints: bool,
    pub index: i64,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    pub version: i64,
    pub ovn: String,
}

/// The subscription that a write of an intent asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    None,
    Existing(String),
    Implicit,
}

/// A write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    CreateIntent { id: String, place: Place, subscription: Asked, ovn_suffix: Option<String> },
    UpdateIntent { id: String, state: &'static str, subscription: Asked, ovn_suffix: Option<String> },
    DeleteIntent { id: String },
    PutSubscription { id: String, for_constraints: bool },
    DeleteSubscription { id: String },
    PutConstraint { id: String },
    DeleteConstraint { id: String },
    SetAvailability { state: &'static str },
}

/// What only the service can say of a write: from its answer, or from what is there afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// OVN of an intent or a constraint.
    pub ovn: String,
    /// Subscription of an intent.
    pub subscription: Option<String>,
    /// Version of a subscription or an availability.
    pub version: String,
}

/// What the service must know of one USS.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub intents: BTreeMap<String, Intent>,
    pub subscriptions: BTreeMap<String, Subscription>,
    pub constraints: BTreeMap<String, Constraint>,
    /// State and version; `None` if it was never set.
    pub availability: Option<(&'static str, String)>,
    /// Writes at the shared place that were carried out.
    pub shared_writes: u64,
}

impl Model {
    /// Carries out a write; the subscriptions of the own place that are told of it, with their new indices.
    pub fn apply(&mut self, write: &Write, learned: Learned) -> BTreeMap<String, i64> {
        match write {
            Write::CreateIntent { id, place, .. } => {
                self.begin_implicit(write, &learned);
                let Learned { ovn, subscription, .. } = learned;
                let intent = Intent { place: *place, version: 1, state: "Accepted", ovn, subscription };
                self.intents.insert(id.clone(), intent);
                self.notify(*place)
            }
            Write::UpdateIntent { id, state, .. } => {
                self.begin_implicit(write, &learned);
                let intent = self.intents.get_mut(id).expect("it is there");
                let (place, before) = (intent.place, intent.subscription.take());
                let Learned { ovn, subscription, .. } = learned;
                *intent = Intent { place, version: intent.version + 1, state, ovn, subscription };
                // An implicit one that nobody needs any more is not told of this.
                self.end_unneeded(before);
                self.notify(place)
            }
            Write::DeleteIntent { id } => {
                let intent = self.intents.remove(id).expect("it is there");
                // An implicit one that goes with the intent is told of its end.
                let told = self.notify(intent.place);
                self.end_unneeded(intent.subscription);
                told
            }
            Write::PutSubscription { id, for_constraints } => {
                let index = self.subscriptions.get(id).map_or(0, |subscription| subscription.index);
                let version = learned.version;
                let put = Subscription { version, is_implicit: false, for_constraints: *for_constraints, index };
                self.subscriptions.insert(id.clone(), put);
                BTreeMap::new()
            }
            Write::DeleteSubscription { id } => {
                self.subscriptions.remove(id).expect("it is there");
                BTreeMap::new()
            }
            Write::PutConstraint { id } => {
                let version = self.constraints.get(id).map_or(1, |constraint| constraint.version + 1);
                self.constraints.insert(id.clone(), Constraint { version, ovn: learned.ovn });
                self.notify_of_constraint()
            }
            Write::DeleteConstraint { id } => {
                self.constraints.remove(id).expect("it is there");
                self.notify_of_constraint()
            }
            Write::SetAvailability { state } => {
                self.availability = Some((state, learned.version));
                BTreeMap::new()
            }
        }
    }

    /// The intents that depend on a subscription.
    pub fn dependents(&self, subscription: &str) -> BTreeSet<&str> {
        let depends = |intent: &Intent| intent.subscription.as_deref() == Some(subscription);
        self.intents.iter().filter(|(_, intent)| depends(intent)).map(|(id, _)| &**id).collect()
    }

    /// The OVNs that a key needs at a place, each in quotes, with commas between them.
    pub fn key(&self, place: Place) -> String {
        let intents = self.intents.values().filter(|intent| intent.place == place).map(|intent| &intent.ovn);
        let constraints = self.constraints.values().filter(|_| place == Place::Own).map(|constraint| &constraint.ovn);
        intents.chain(constraints).map(|ovn| format!("\"{ovn}\"")).collect::<Vec<_>>().join(",")
    }

    fn begin_implicit(&mut self, write: &Write, learned: &Learned) {
        let (Write::CreateIntent { subscription, .. } | Write::UpdateIntent { subscription, .. }) = write else { return };
        if *subscription == Asked::Implicit {
            let id = learned.subscription.clone().expect("an implicit subscription was asked for, so there is one");
            // Its version is told by nobody before it is looked at; see `check.rs`.
            let new = Subscription { version: String::new(), is_implicit: true, for_constraints: false, index: 0 };
            assert_eq!(self.subscriptions.insert(id, new), None, "the id of an implicit subscription is new");
        }
    }

    fn end_unneeded(&mut self, subscription: Option<String>) {
        let Some(id) = subscription else { return };
        if self.subscriptions.get(&id).is_some_and(|found| found.is_implicit) && self.dependents(&id).is_empty() {
            self.subscriptions.remove(&id);
        }
    }

    fn notify(&mut self, place: Place) -> BTreeMap<String, i64> {
        match place {
            Place::Own => count(self.subscriptions.iter_mut()),
            Place::Shared => {
                self.shared_writes += 1;
                BTreeMap::new()
            }
        }
    }

    fn notify_of_constraint(&mut self) -> BTreeMap<String, i64> {
        count(self.subscriptions.iter_mut().filter(|(_, subscription)| subscription.for_constraints))
    }
}

fn count<'a>(subscriptions: impl Iterator<Item = (&'a String, &'a mut Subscription)>) -> BTreeMap<String, i64> {
    let next = |(id, subscription): (&String, &mut Subscription)| {
        subscription.index += 1;
        (id.clone(), subscription.index)
    };
    subscriptions.map(next).collect()
}
