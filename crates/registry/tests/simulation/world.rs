//! Thousands of clients and one clock that is now and then wrong by two hours: commands by chance, the same for one seed.
//!
//! The world looks at the model to know what clients could know (OVNs, versions, what is relevant), and has them forget,
//! confuse and be late often enough. The cells and altitudes are few and the edges round, so that much meets and much touches.

use crate::model::Model;
use crate::random::Random;
use deconflict_registry::*;

const SECOND_NS: i64 = 1_000_000_000;
const MINUTE_NS: i64 = 60 * SECOND_NS;
const HOUR_NS: i64 = 60 * MINUTE_NS;
/// An arbitrary Friday.
const BEGIN_NS: i64 = 1_777_593_600 * SECOND_NS;
const CLIENTS: u64 = 3_000;
/// These write half of everything, so that some clients have many things.
const BUSY_CLIENTS: u64 = 12;
const CELLS: u64 = 60;
/// Mean time from one command to the next.
const PACE_NS: i64 = 12 * SECOND_NS;

/// A command, and the time it truly was when it was proposed.
pub struct Step {
    pub command: Command,
    pub true_time: Time,
}

pub struct World {
    random: Random,
    pub model: Model,
    true_ns: i64,
    clock_error_ns: i64,
    retention_ns: i64,
    old_ovns: Vec<Ovn>,
}

/// What happens in a world of `seed` within `count` commands. Ended things may go after `retention_ns`.
pub fn commands(seed: u64, count: usize, retention_ns: i64) -> Vec<Step> {
    let random = Random::new(seed);
    let (model, old_ovns) = (Model::default(), Vec::new());
    let mut world = World { random, model, true_ns: BEGIN_NS, clock_error_ns: 0, retention_ns, old_ovns };
    (0..count).map(|_| world.step()).collect()
}

impl World {
    fn step(&mut self) -> Step {
        self.true_ns += self.random.between(0, 2 * PACE_NS);
        if self.random.one_in(200) {
            self.clock_error_ns = 2 * HOUR_NS * self.random.between(-1, 1);
        }
        // The clocks of several proposers differ a little.
        let proposed_at = Time::from_ns(self.true_ns + self.clock_error_ns + self.random.between(-2, 2) * SECOND_NS);
        let now = self.model.now(proposed_at);
        let action = self.action(now);
        let command = Command { proposed_at, action };
        self.model.apply(&command);
        Step { command, true_time: Time::from_ns(self.true_ns) }
    }

    fn action(&mut self, now: Time) -> Action {
        match self.random.below(132) {
            0..32 => Action::PutOperationalIntent(self.put_intent(now, None)),
            32..60 => {
                let id = self.some_intent();
                Action::PutOperationalIntent(self.put_intent(now, id))
            }
            60..70 => self.delete_intent(),
            70..75 => Action::PutConstraint(self.put_constraint(now, None)),
            75..79 => {
                let id = self.some_constraint();
                Action::PutConstraint(self.put_constraint(now, id))
            }
            79..81 => self.delete_constraint(),
            81..86 => Action::PutSubscription(self.put_subscription(now, None)),
            86..90 => {
                let id = self.some_subscription();
                Action::PutSubscription(self.put_subscription(now, id))
            }
            90..93 => self.delete_subscription(),
            93..96 => self.set_availability(),
            96..97 => self.file_report(),
            100..107 => Action::PutIdentificationServiceArea(self.put_area(now, None)),
            107..112 => {
                let id = self.some_area();
                Action::PutIdentificationServiceArea(self.put_area(now, id))
            }
            112..115 => self.delete_area(),
            115..123 => Action::PutRidSubscription(self.put_rid_subscription(now, None)),
            123..126 => {
                let id = self.some_rid_subscription();
                Action::PutRidSubscription(self.put_rid_subscription(now, id))
            }
            126..129 => self.delete_rid_subscription(),
            129 => Action::SetOptions(self.options()),
            130 => Action::Carry(Carry { record: Box::default() }),
            _ => {
                let limit = if self.random.one_in(4) { 3 } else { 10_000 };
                Action::Expire(Expire { retention_ns: self.retention_ns as u64, limit })
            }
        }
    }

    /// Quotas that are reached now and then, and none most of the time.
    fn options(&mut self) -> Options {
        let time_based_notification_index = self.random.one_in(5);
        let quotas = match self.random.one_in(6) {
            false => Quotas::default(),
            true => Quotas { entities: 10 + self.random.below(20), cells: 50 + self.random.below(200), report_bytes: 8192 },
        };
        Options { time_based_notification_index, quotas, retention_ns: self.random.below(1_000) }
    }

    fn put_intent(&mut self, now: Time, old: Option<EntityId>) -> PutOperationalIntent {
        use OperationalIntentState::{Accepted, Activated, Contingent, Nonconforming};
        let id = old.unwrap_or_else(|| EntityId::from_u128(self.random.wide()));
        let known = self.model.intents.get(&id).cloned();
        let caller = self.mostly(known.as_ref().map(|known| known.manager.clone()));
        let expected = match &known {
            Some(known) => self.expected(known.ovn),
            None if old.is_some() => Expected::Version(self.old_ovns.last().copied()),
            None => Expected::Nothing,
        };
        let state = match &known {
            _ if self.random.one_in(25) => *self.random.one_of(&[Accepted, Activated, Nonconforming, Contingent]),
            None => Accepted,
            Some(known) if self.random.one_in(2) => known.state,
            Some(_) if self.random.one_in(8) => *self.random.one_of(&[Nonconforming, Contingent]),
            Some(_) => Activated,
        };
        let volumes = match &known {
            Some(known) if self.random.one_in(2) => known.volumes.clone(),
            _ => self.volumes(now, false),
        };
        let subscription = self.subscription(&caller, known.and_then(|known| known.subscription));
        PutOperationalIntent {
            key: self.key(id, &volumes),
            id,
            expected,
            state,
            volumes,
            uss_base_url: url(&caller),
            subscription,
            ovn: self.new_ovn(id, now),
            caller,
        }
    }

    fn new_ovn(&mut self, id: EntityId, now: Time) -> NewOvn {
        if !self.random.one_in(3) {
            return NewOvn::Issued(self.random.wide());
        }
        let spent = self.model.spent.iter().rev().find(|(_, entity)| *entity == id).map(|(suffix, _)| *suffix);
        if let Some(suffix) = spent
            && self.random.one_in(3)
        {
            return NewOvn::Requested(suffix);
        }
        let off_s = if self.random.one_in(10) { 400 } else { 300 };
        let made_ms = (now.ns() + self.random.between(-off_s, off_s) * SECOND_NS) / 1_000_000;
        let rest = self.random.wide() & ((1 << 62) - 1);
        let suffix = OvnSuffix::from_u128((made_ms as u128) << 80 | 7 << 76 | 0b10 << 62 | rest);
        NewOvn::Requested(suffix.expect("it says version 7"))
    }

    /// Mostly all that is relevant; sometimes without one, with an old OVN in place of one, or with more than needed.
    fn key(&mut self, id: EntityId, volumes: &Volumes) -> Key {
        let intents = self.model.relevant_intents(volumes, id).into_iter().map(|id| self.model.intents[&id].ovn);
        let constraints = self.model.relevant_constraints(volumes).into_iter().map(|id| self.model.constraints[&id].ovn);
        let mut ovns: Vec<Ovn> = intents.chain(constraints).collect();
        let old = self.old_ovns.last().copied();
        match (self.random.below(10), ovns.len()) {
            (0, 1..) => drop(ovns.swap_remove(self.random.index(ovns.len()))),
            (1, 1..) => {
                let place = self.random.index(ovns.len());
                self.old_ovns.push(ovns[place]);
                ovns.splice(place..=place, old);
            }
            (2, _) => ovns.extend(old),
            (3, _) => ovns.truncate(1),
            _ => {}
        }
        Key::new(ovns)
    }

    fn subscription(&mut self, caller: &UssId, before: Option<SubscriptionId>) -> IntentSubscription {
        let version = OpaqueVersion::from_u128(self.random.wide());
        let own: Vec<SubscriptionId> =
            self.model.subscriptions.iter().filter(|(_, it)| it.manager == *caller).map(|(id, _)| *id).collect();
        match (self.random.below(10), before) {
            (0..5, Some(id)) => IntentSubscription::Existing { id, version },
            (5..7, _) if !own.is_empty() => IntentSubscription::Existing { id: *self.random.one_of(&own), version },
            (7, _) => {
                let id = self.some_subscription().unwrap_or(SubscriptionId::from_u128(1));
                IntentSubscription::Existing { id, version }
            }
            (8, _) => IntentSubscription::None,
            _ => IntentSubscription::Implicit {
                fresh: Fresh { id: SubscriptionId::from_u128(self.random.wide()), version },
                uss_base_url: url(caller),
                notify_for_constraints: self.random.one_in(2),
            },
        }
    }

    fn delete_intent(&mut self) -> Action {
        let id = self.some_intent().unwrap_or(EntityId::from_u128(1));
        let known = self.model.intents.get(&id).map(|known| (known.manager.clone(), known.ovn));
        let ovn = self.version(known.as_ref().map(|(_, ovn)| *ovn));
        self.old_ovns.extend(ovn);
        Action::DeleteOperationalIntent(DeleteOperationalIntent { caller: self.mostly(known.map(|(who, _)| who)), id, ovn })
    }

    fn put_constraint(&mut self, now: Time, old: Option<EntityId>) -> PutConstraint {
        let id = old.unwrap_or_else(|| EntityId::from_u128(self.random.wide()));
        let known = self.model.constraints.get(&id).map(|known| (known.manager.clone(), known.ovn));
        let expected = match &known {
            Some((_, ovn)) => self.expected(*ovn),
            None if old.is_some() || self.random.one_in(30) => Expected::Version(None),
            None => Expected::Nothing,
        };
        let caller = self.mostly(known.map(|(who, _)| who));
        let (uss_base_url, ovn) = (url(&caller), self.random.wide());
        PutConstraint { caller, id, expected, volumes: self.volumes(now, true), uss_base_url, ovn }
    }

    fn delete_constraint(&mut self) -> Action {
        let id = self.some_constraint().unwrap_or(EntityId::from_u128(1));
        let known = self.model.constraints.get(&id).map(|known| (known.manager.clone(), known.ovn));
        let ovn = self.version(known.as_ref().map(|(_, ovn)| *ovn));
        Action::DeleteConstraint(DeleteConstraint { caller: self.mostly(known.map(|(who, _)| who)), id, ovn })
    }

    fn put_subscription(&mut self, now: Time, old: Option<SubscriptionId>) -> PutSubscription {
        let id = old.unwrap_or_else(|| SubscriptionId::from_u128(self.random.wide()));
        let known = self.model.subscriptions.get(&id).cloned();
        let expected = match &known {
            Some(known) => self.expected(known.version),
            None if old.is_some() || self.random.one_in(30) => Expected::Version(None),
            None => Expected::Nothing,
        };
        let caller = self.mostly(known.as_ref().map(|known| known.manager.clone()));
        let cells = match &known {
            Some(known) if !self.random.one_in(3) => known.extent.cells.clone(),
            _ => self.cells(30),
        };
        let start = self.start(now);
        let lasts = |random: &mut Random| start.unwrap_or(now).plus_ns(random.between(-1, 26) * HOUR_NS);
        PutSubscription {
            id,
            expected,
            cells,
            end: if self.random.one_in(2) { None } else { Some(lasts(&mut self.random)) },
            start,
            uss_base_url: url(&caller),
            notify_for_operational_intents: !self.random.one_in(6),
            notify_for_constraints: self.random.one_in(2),
            version: OpaqueVersion::from_u128(self.random.wide()),
            caller,
        }
    }

    fn put_area(&mut self, now: Time, old: Option<EntityId>) -> PutIdentificationServiceArea {
        let id = old.unwrap_or_else(|| EntityId::from_u128(self.random.wide()));
        let known = self.model.areas.get(&id).map(|known| (known.owner.clone(), known.version));
        let expected = match &known {
            Some((_, version)) => self.expected(*version),
            None if old.is_some() || self.random.one_in(30) => Expected::Version(RidVersion::from_number(5)),
            None => Expected::Nothing,
        };
        let (caller, start) = (self.mostly(known.map(|(who, _)| who)), self.start(now));
        let end = start.unwrap_or(now).plus_ns(self.random.between(-5, 90) * MINUTE_NS);
        let end = (!self.random.one_in(8)).then_some(end);
        PutIdentificationServiceArea { id, expected, cells: self.cells(6), start, end, url: url(&caller), caller }
    }

    fn delete_area(&mut self) -> Action {
        let id = self.some_area().unwrap_or(EntityId::from_u128(1));
        let known = self.model.areas.get(&id).map(|known| (known.owner.clone(), known.version));
        let version = self.rid_version(known.as_ref().map(|(_, version)| *version));
        let caller = self.mostly(known.map(|(who, _)| who));
        Action::DeleteIdentificationServiceArea(DeleteIdentificationServiceArea { caller, id, version })
    }

    fn put_rid_subscription(&mut self, now: Time, old: Option<SubscriptionId>) -> PutRidSubscription {
        let id = old.unwrap_or_else(|| SubscriptionId::from_u128(self.random.wide()));
        let known = self.model.rid_subscriptions.get(&id).map(|known| (known.owner.clone(), known.version));
        let expected = match &known {
            Some((_, version)) => self.expected(*version),
            None if old.is_some() || self.random.one_in(30) => Expected::Version(None),
            None => Expected::Nothing,
        };
        // One client has so many that it meets the limit.
        let caller = match self.mostly(known.map(|(who, _)| who)) {
            _ if old.is_none() && self.random.one_in(4) => UssId::new("uss0").unwrap(),
            caller => caller,
        };
        let start = self.start(now);
        let end = start.unwrap_or(now).plus_ns(self.random.between(-1, 26) * HOUR_NS);
        let end = self.random.one_in(2).then_some(end);
        PutRidSubscription { id, expected, cells: self.cells(30), start, end, url: url(&caller), caller }
    }

    fn delete_rid_subscription(&mut self) -> Action {
        let id = self.some_rid_subscription().unwrap_or(SubscriptionId::from_u128(1));
        let known = self.model.rid_subscriptions.get(&id).map(|known| (known.owner.clone(), known.version));
        let version = self.rid_version(known.as_ref().map(|(_, version)| *version));
        let caller = self.mostly(known.map(|(who, _)| who));
        Action::DeleteRidSubscription(DeleteRidSubscription { caller, id, version })
    }

    fn rid_version(&mut self, current: Option<RidVersion>) -> RidVersion {
        self.version(current).unwrap_or(RidVersion::from_number(5).expect("5 is not negative"))
    }

    /// When a subscription or area is to begin.
    fn start(&mut self, now: Time) -> Option<Time> {
        match self.random.below(10) {
            0..5 => None,
            5 => Some(now.plus_ns(self.random.between(-7, 0) * MINUTE_NS)),
            _ => Some(now.plus_ns(self.random.between(0, 20) * MINUTE_NS)),
        }
    }

    fn delete_subscription(&mut self) -> Action {
        let id = self.some_subscription().unwrap_or(SubscriptionId::from_u128(1));
        let known = self.model.subscriptions.get(&id).map(|known| (known.manager.clone(), known.version));
        let version = self.version(known.as_ref().map(|(_, version)| *version));
        Action::DeleteSubscription(DeleteSubscription { caller: self.mostly(known.map(|(who, _)| who)), id, version })
    }

    fn set_availability(&mut self) -> Action {
        let uss = self.client();
        let expected = match self.model.availabilities.get(&uss) {
            Some(&(_, version)) => self.expected(version),
            None if self.random.one_in(9) => Expected::Version(None),
            None => Expected::Nothing,
        };
        let states = [UssAvailability::Unknown, UssAvailability::Normal, UssAvailability::Normal, UssAvailability::Down];
        let availability = *self.random.one_of(&states);
        let version = OpaqueVersion::from_u128(self.random.wide());
        Action::SetUssAvailability(SetUssAvailability { uss, expected, availability, version })
    }

    fn file_report(&mut self) -> Action {
        let (reporter, id) = (self.client(), ReportId::from_u128(self.random.wide()));
        Action::FileReport(FileReport { reporter, id, body: [1, 2, 3].into() })
    }

    /// The current version, mostly.
    fn expected<V>(&mut self, current: V) -> Expected<V> {
        match self.random.below(30) {
            0 => Expected::Nothing,
            1 => Expected::Version(None),
            _ => Expected::Version(Some(current)),
        }
    }

    fn version<V>(&mut self, current: Option<V>) -> Option<V> {
        current.filter(|_| !self.random.one_in(12))
    }

    fn client(&mut self) -> UssId {
        let all = if self.random.one_in(2) { BUSY_CLIENTS } else { CLIENTS };
        UssId::new(&format!("uss{}", self.random.below(all))).unwrap()
    }

    /// The owner, mostly.
    fn mostly(&mut self, owner: Option<UssId>) -> UssId {
        let anybody = self.client();
        owner.filter(|_| !self.random.one_in(20)).unwrap_or(anybody)
    }

    fn some_intent(&mut self) -> Option<EntityId> {
        self.random.key_near_end(&self.model.intents, |intent| intent.volumes.time().end())
    }

    fn some_constraint(&mut self) -> Option<EntityId> {
        self.random.key_near_end(&self.model.constraints, |constraint| constraint.volumes.time().end())
    }

    fn some_subscription(&mut self) -> Option<SubscriptionId> {
        self.random.key_near_end(&self.model.subscriptions, |subscription| subscription.extent.time.end())
    }

    fn some_area(&mut self) -> Option<EntityId> {
        self.random.key_near_end(&self.model.areas, |area| area.time.end())
    }

    fn some_rid_subscription(&mut self) -> Option<SubscriptionId> {
        self.random.key_near_end(&self.model.rid_subscriptions, |subscription| subscription.time.end())
    }

    fn cells(&mut self, most: i64) -> Cells {
        let first = self.random.below(CELLS);
        let last = first + self.random.between(0, most - 1) as u64;
        let cell = |index: u64| Cell::from_s2((index % CELLS) << 35 | 1 << 34).unwrap();
        Cells::new((first..=last).map(cell).collect()).unwrap()
    }

    fn volumes(&mut self, now: Time, may_be_open: bool) -> Volumes {
        let count = if self.random.one_in(2) { 1 } else { self.random.between(2, 3) };
        Volumes::new((0..count).map(|_| self.volume(now, may_be_open)).collect()).unwrap()
    }

    fn volume(&mut self, now: Time, may_be_open: bool) -> Volume {
        let is_open = |random: &mut Random, one_in: u64| may_be_open && random.one_in(one_in);
        let lower_cm = self.random.between(0, 10) as i32 * 1000;
        let upper_cm = lower_cm + self.random.between(0, 4) as i32 * 1000;
        let lower_cm = if is_open(&mut self.random, 4) { i32::MIN } else { lower_cm };
        let upper_cm = if is_open(&mut self.random, 4) { i32::MAX } else { upper_cm };
        let minute = now.ns() / MINUTE_NS;
        let first = minute + self.random.between(-20, 60);
        let last = first + if self.random.one_in(20) { 600 } else { self.random.between(1, 30) };
        let start = if is_open(&mut self.random, 40) { Time::MIN } else { Time::from_ns(first * MINUTE_NS) };
        let end = if is_open(&mut self.random, 40) { Time::MAX } else { Time::from_ns(last * MINUTE_NS) };
        Volume {
            cells: self.cells(4),
            altitude: AltitudeBand::new(lower_cm, upper_cm).unwrap(),
            time: TimeSpan::new(start, end).unwrap(),
        }
    }
}

fn url(uss: &UssId) -> UssBaseUrl {
    UssBaseUrl::new(&format!("https://{uss}.example/uss")).unwrap()
}
