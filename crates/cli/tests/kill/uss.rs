//! A USS that writes whatever comes to its mind, one write at a time, and remembers what the service must know of it.

use crate::model::{Asked, Model, Write};
use crate::place::Place;
use crate::request::{Writer, learned, path, subscription_path};
use deconflict_testbed::{Authority, Connection, Random, now};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;

const SCOPES: &str = "utm.strategic_coordination utm.constraint_management utm.availability_arbitration";
/// How many of each kind a USS has at most.
const MOST: usize = 8;

/// What all USSs have in common.
#[derive(Default)]
pub struct Shared {
    /// Their subscriptions at the shared place.
    pub subscriptions: Vec<String>,
    /// Indices that were given to them in answers.
    pub indices: Mutex<BTreeMap<String, BTreeSet<i64>>>,
}

/// One USS.
pub struct Uss {
    pub writer: Writer,
    pub model: Model,
    /// Paths of what was deleted, or never came to be, since the last check.
    pub gone: Vec<String>,
    /// The subscription at the shared place.
    pub shared_subscription: String,
    /// Writes that were acknowledged.
    pub acknowledged: u64,
    /// Writes that were not when a kill came.
    pub doubted: u64,
    /// Of these, writes that turned out to be carried out.
    pub carried_out: u64,
    token: String,
    connection: Option<Connection>,
    random: Random,
    in_doubt: Option<Write>,
}

impl Uss {
    pub fn new(number: usize, seed: u64, authority: &Authority) -> Self {
        const HOURS_AHEAD: i64 = 12;
        let writer = Writer { number, start: now().plus_s(HOURS_AHEAD * 3_600) };
        Self {
            token: authority.token(&writer.name(), SCOPES).expect("a token"),
            writer,
            model: Model::default(),
            gone: Vec::new(),
            shared_subscription: String::new(),
            acknowledged: 0,
            doubted: 0,
            carried_out: 0,
            connection: None,
            random: Random::of(seed, number as u64 + 1),
            in_doubt: None,
        }
    }

    pub fn connect(&mut self, address: SocketAddr) {
        self.connection = Some(Connection::open(address, &self.token).expect("it listens"));
    }

    /// Status and body of an answer.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<(u16, Value)> {
        let answer = self.connection.as_mut().expect("it is connected").send(method, path, body)?;
        let body = serde_json::from_slice(answer.body);
        Ok((answer.status, body.unwrap_or_else(|error| panic!("{method} {path} was answered with no JSON: {error}"))))
    }

    /// The subscription at the shared place, made before anything else is written there.
    pub fn subscribe_to_shared_place(&mut self) -> String {
        let id = self.random.uuid_v4().to_string();
        let body = self.writer.subscription_body(Place::Shared, false);
        let (status, body) = self.send("PUT", &subscription_path(&id), &body).expect("an answer");
        assert_eq!(status, 200, "{body}");
        self.shared_subscription.clone_from(&id);
        id
    }

    /// One write, and what its answer says.
    ///
    /// # Errors
    /// The service is gone; it is in doubt whether the write was carried out.
    pub fn write(&mut self, shared: &Shared) -> io::Result<()> {
        let write = self.choose();
        let request = self.writer.request(&write, &self.model);
        self.in_doubt = Some(write.clone());
        let (status, body) = self.send(request.method, &request.path, &request.body)?;
        self.in_doubt = None;
        assert_eq!(status, request.status, "{write:?} was answered with {body}");
        self.acknowledged += 1;
        let is_shared = self.is_shared(&write);
        let told = self.apply(&write, &body);
        let subscribers = subscribers(&body);
        if is_shared {
            let ids: BTreeSet<&String> = subscribers.keys().collect();
            assert_eq!(ids, shared.subscriptions.iter().collect(), "all that have a subscription there are told of {write:?}");
            let mut indices = shared.indices.lock().expect("nobody panicked");
            for (id, index) in subscribers {
                assert!(indices.entry(id).or_default().insert(index), "an index was given twice");
            }
        } else {
            assert_eq!(subscribers, told, "whoever has to be told of {write:?}, with the index");
        }
        Ok(())
    }

    /// Finds out whether the write that a kill cut off was carried out.
    pub fn resolve_doubt(&mut self) {
        let Some(write) = self.in_doubt.take() else { return };
        self.doubted += 1;
        let path = path(&write, &self.writer);
        let (status, body) = self.send("GET", &path, "").expect("an answer");
        if self.was_carried_out(&write, status, &body) {
            self.carried_out += 1;
            self.apply(&write, &body);
        } else if status == 404 {
            self.gone.push(path);
        }
    }

    fn was_carried_out(&self, write: &Write, status: u16, body: &Value) -> bool {
        match write {
            Write::CreateIntent { .. } => status == 200,
            Write::DeleteIntent { .. } | Write::DeleteSubscription { .. } | Write::DeleteConstraint { .. } => status == 404,
            Write::UpdateIntent { id, .. } => learned(body).ovn != self.model.intents[id].ovn,
            Write::PutSubscription { id, .. } => {
                let before = self.model.subscriptions.get(id).map(|subscription| &subscription.version);
                status == 200 && before != Some(&learned(body).version)
            }
            Write::PutConstraint { id } => {
                let before = self.model.constraints.get(id).map(|constraint| &constraint.ovn);
                status == 200 && before != Some(&learned(body).ovn)
            }
            Write::SetAvailability { .. } => {
                learned(body).version != self.model.availability.as_ref().map_or("", |(_, version)| version)
            }
        }
    }

    fn apply(&mut self, write: &Write, body: &Value) -> BTreeMap<String, i64> {
        if matches!(write, Write::DeleteIntent { .. } | Write::DeleteSubscription { .. } | Write::DeleteConstraint { .. }) {
            self.gone.push(path(write, &self.writer));
        }
        let learned = learned(body);
        if let Write::CreateIntent { id, ovn_suffix: Some(suffix), .. }
        | Write::UpdateIntent { id, ovn_suffix: Some(suffix), .. } = write
        {
            assert_eq!(learned.ovn, format!("{id}_{suffix}"), "the OVN that was asked for");
        }
        let before: BTreeSet<String> = self.model.subscriptions.keys().cloned().collect();
        let told = self.model.apply(write, learned);
        // Implicit subscriptions that went with this.
        let gone = before.iter().filter(|id| !self.model.subscriptions.contains_key(*id)).map(|id| subscription_path(id));
        self.gone.extend(gone);
        told
    }

    fn is_shared(&self, write: &Write) -> bool {
        match write {
            Write::CreateIntent { place, .. } => *place == Place::Shared,
            Write::UpdateIntent { id, .. } | Write::DeleteIntent { id } => self.model.intents[id].place == Place::Shared,
            _ => false,
        }
    }

    /// Any write that the service must accept.
    fn choose(&mut self) -> Write {
        let is_full = self.model.intents.len() >= MOST;
        match self.random.below(20) {
            0..6 if !is_full => self.create_intent(),
            0..12 if !self.model.intents.is_empty() => self.update_intent(),
            0..15 if !self.model.intents.is_empty() => {
                Write::DeleteIntent { id: any(&mut self.random, self.model.intents.keys()).expect("there is one").clone() }
            }
            0..17 => self.write_subscription(),
            17..19 => self.write_constraint(),
            _ => Write::SetAvailability { state: ["Normal", "Unknown"][self.random.below(2) as usize] },
        }
    }

    fn create_intent(&mut self) -> Write {
        let place = if self.random.below(2) == 0 { Place::Own } else { Place::Shared };
        let subscription = match (place, self.random.below(3)) {
            (_, 0) => Asked::None,
            (Place::Shared, _) => Asked::Existing(self.shared_subscription.clone()),
            (Place::Own, 1) => self.explicit().map_or(Asked::Implicit, Asked::Existing),
            (Place::Own, _) => Asked::Implicit,
        };
        Write::CreateIntent { id: self.random.uuid_v4().to_string(), place, subscription, ovn_suffix: self.ovn_suffix() }
    }

    fn update_intent(&mut self) -> Write {
        let (id, intent) = any(&mut self.random, self.model.intents.iter()).expect("there is one");
        let (id, place, state, current) = (id.clone(), intent.place, intent.state, intent.subscription.clone());
        let is_activation = self.random.below(2) == 0;
        let state = if is_activation { "Activated" } else { state };
        let subscription = match (place, self.random.below(4), current) {
            (_, 0, _) if state == "Accepted" => Asked::None,
            (Place::Shared, ..) => Asked::Existing(self.shared_subscription.clone()),
            (Place::Own, 1, _) => self.explicit().map_or(Asked::Implicit, Asked::Existing),
            (Place::Own, 2, Some(current)) => Asked::Existing(current),
            (Place::Own, ..) => Asked::Implicit,
        };
        Write::UpdateIntent { id, state, subscription, ovn_suffix: self.ovn_suffix() }
    }

    /// A new subscription, a new version of one, or the end of one.
    fn write_subscription(&mut self) -> Write {
        let for_constraints = self.random.below(2) == 0;
        let count = self.model.subscriptions.values().filter(|subscription| !subscription.is_implicit).count();
        match self.explicit() {
            Some(id) if count >= MOST || self.random.below(2) == 0 => {
                if self.model.dependents(&id).is_empty() && self.random.below(2) == 0 {
                    Write::DeleteSubscription { id }
                } else {
                    Write::PutSubscription { id, for_constraints }
                }
            }
            _ => Write::PutSubscription { id: self.random.uuid_v4().to_string(), for_constraints },
        }
    }

    /// A new constraint, a new version of one, or the end of one.
    fn write_constraint(&mut self) -> Write {
        match (any(&mut self.random, self.model.constraints.keys()).cloned(), self.random.below(3)) {
            (Some(id), 0) => Write::DeleteConstraint { id },
            (Some(id), 1) => Write::PutConstraint { id },
            _ if self.model.constraints.len() < MOST => Write::PutConstraint { id: self.random.uuid_v4().to_string() },
            (Some(id), _) => Write::DeleteConstraint { id },
            (None, _) => unreachable!("there are fewer than {MOST}"),
        }
    }

    /// An explicit subscription at the own place.
    fn explicit(&mut self) -> Option<String> {
        let explicit = self.model.subscriptions.iter().filter(|(_, subscription)| !subscription.is_implicit);
        any(&mut self.random, explicit.map(|(id, _)| id)).cloned()
    }

    fn ovn_suffix(&mut self) -> Option<String> {
        (self.random.below(2) == 0).then(|| self.random.uuid_v7(now()).to_string())
    }
}

fn any<T>(random: &mut Random, from: impl Iterator<Item = T>) -> Option<T> {
    let mut all: Vec<T> = from.collect();
    if all.is_empty() { None } else { Some(all.swap_remove(random.below(all.len() as u64) as usize)) }
}

/// The subscriptions that an answer names, with their indices.
fn subscribers(body: &Value) -> BTreeMap<String, i64> {
    let array = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let states = array(body, "subscribers").into_iter().flat_map(|subscriber| array(&subscriber, "subscriptions"));
    let state = |state: Value| {
        let index = state["notification_index"].as_i64().expect("an index");
        (state["subscription_id"].as_str().expect("an id").to_owned(), index)
    };
    states.map(state).collect()
}
