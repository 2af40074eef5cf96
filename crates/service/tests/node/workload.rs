//! What clients ask for: by chance, the same for one seed, and mostly sensible, because clients remember their answers.

use crate::support::{BEGIN, HOUR, MINUTE};
use deconflict_journal::faulty::SplitMix;
use deconflict_registry::*;
use std::collections::BTreeMap;
use std::time::Duration;

/// One client or several: what they know, and their next wish.
pub struct Clients {
    random: SplitMix,
    /// The ids of these clients have these bits on top, so that they meet no other's.
    salt: u64,
    intents: BTreeMap<EntityId, (UssId, Ovn)>,
    subscriptions: BTreeMap<SubscriptionId, (UssId, OpaqueVersion)>,
    areas: BTreeMap<EntityId, (UssId, RidVersion)>,
    rid_subscriptions: BTreeMap<SubscriptionId, (UssId, RidVersion)>,
}

impl Clients {
    pub fn new(seed: u64) -> Self {
        Self {
            random: SplitMix(seed),
            salt: seed,
            intents: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            areas: BTreeMap::new(),
            rid_subscriptions: BTreeMap::new(),
        }
    }

    /// The next wish.
    pub fn action(&mut self, now: Time) -> Action {
        let known = self.known_intent();
        match (self.random.below(24), known) {
            (20..24, _) => self.rid_action(now),
            (0..8, _) | (_, None) => self.put_intent(now, None),
            (8..11, known) => self.put_intent(now, known),
            (11..14, Some((id, caller, ovn))) => {
                Action::DeleteOperationalIntent(DeleteOperationalIntent { caller, id, ovn: Some(ovn) })
            }
            (14..16, _) => self.put_subscription(),
            (16, _) => Action::PutConstraint(PutConstraint {
                caller: self.uss(),
                id: EntityId::from_u128(self.fresh()),
                expected: Expected::Nothing,
                volumes: self.volumes(now),
                uss_base_url: url(),
                ovn: self.fresh(),
            }),
            (17, _) => {
                let body = vec![7; self.random.below(300)].into_boxed_slice();
                Action::FileReport(FileReport { reporter: self.uss(), id: ReportId::from_u128(self.fresh()), body })
            }
            (18, _) => Action::SetUssAvailability(SetUssAvailability {
                uss: self.uss(),
                expected: Expected::Nothing,
                availability: UssAvailability::Normal,
                version: OpaqueVersion::from_u128(self.fresh()),
            }),
            // Somebody who is mistaken.
            (_, Some((id, _, _))) => {
                let ovn = Some(Ovn::Issued(self.fresh()));
                Action::DeleteOperationalIntent(DeleteOperationalIntent { caller: self.uss(), id, ovn })
            }
        }
    }

    /// Learns from an answer.
    pub fn learn(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::OperationalIntentPut { reference, .. } => {
                let ovn = reference.ovn.expect("its manager is told the OVN");
                self.intents.insert(reference.id, (reference.manager.clone(), ovn));
            }
            Outcome::OperationalIntentDeleted { reference, .. } => drop(self.intents.remove(&reference.id)),
            Outcome::SubscriptionPut { subscription, .. } => {
                let known = (subscription.manager.clone(), subscription.version);
                self.subscriptions.insert(subscription.id, known);
            }
            Outcome::IdentificationServiceAreaPut { service_area, .. } => {
                self.areas.insert(service_area.id, (service_area.owner.clone(), service_area.version));
            }
            Outcome::IdentificationServiceAreaDeleted { service_area, .. } => drop(self.areas.remove(&service_area.id)),
            Outcome::RidSubscriptionPut { subscription, .. } => {
                self.rid_subscriptions.insert(subscription.id, (subscription.owner.clone(), subscription.version));
            }
            Outcome::RidSubscriptionDeleted { subscription } => drop(self.rid_subscriptions.remove(&subscription.id)),
            _ => {}
        }
    }

    /// A wish of remote identification: mostly an area, new or known, at times its end, or a subscription.
    fn rid_action(&mut self, now: Time) -> Action {
        let area = self.areas.first_key_value().map(|(id, (owner, version))| (*id, owner.clone(), *version));
        let subscription = self.rid_subscriptions.first_key_value().map(|(id, (owner, version))| (*id, owner.clone(), *version));
        match (self.random.below(6), area, subscription) {
            (0, Some((id, caller, version)), _) => {
                Action::DeleteIdentificationServiceArea(DeleteIdentificationServiceArea { caller, id, version })
            }
            (1, _, Some((id, caller, version))) => Action::DeleteRidSubscription(DeleteRidSubscription { caller, id, version }),
            (1 | 2, ..) => Action::PutRidSubscription(PutRidSubscription {
                caller: self.uss(),
                id: SubscriptionId::from_u128(self.fresh()),
                expected: Expected::Nothing,
                cells: cells(0..40),
                start: None,
                end: None,
                url: url(),
            }),
            (which, area, _) => {
                let known = area.filter(|_| which == 3);
                let (id, caller, expected) = match known {
                    Some((id, caller, version)) => (id, caller, Expected::Version(Some(version))),
                    None => (EntityId::from_u128(self.fresh()), self.uss(), Expected::Nothing),
                };
                let first = self.random.below(30) as u64;
                let end = Some(now.plus_ns(HOUR.as_nanos() as i64));
                let cells = cells(first..first + 4);
                Action::PutIdentificationServiceArea(PutIdentificationServiceArea {
                    caller,
                    id,
                    expected,
                    cells,
                    start: None,
                    end,
                    url: url(),
                })
            }
        }
    }

    fn put_intent(&mut self, now: Time, known: Option<(EntityId, UssId, Ovn)>) -> Action {
        let (id, caller, expected) = match known {
            Some((id, caller, ovn)) => (id, caller, Expected::Version(Some(ovn))),
            None => (EntityId::from_u128(self.fresh()), self.uss(), Expected::Nothing),
        };
        let own = self.subscriptions.iter().find(|(_, (manager, _))| *manager == caller).map(|(id, _)| *id);
        let version = OpaqueVersion::from_u128(self.fresh());
        let subscription = match (self.random.below(3), own) {
            (0, Some(id)) => IntentSubscription::Existing { id, version },
            (1, _) => IntentSubscription::None,
            _ => IntentSubscription::Implicit {
                fresh: Fresh { id: SubscriptionId::from_u128(self.fresh()), version },
                uss_base_url: url(),
                notify_for_constraints: false,
            },
        };
        Action::PutOperationalIntent(PutOperationalIntent {
            caller,
            id,
            expected,
            state: OperationalIntentState::Accepted,
            volumes: self.volumes(now),
            uss_base_url: url(),
            subscription,
            // All that these clients know of; what others did is missing now and then.
            key: Key::new(self.intents.values().map(|(_, ovn)| *ovn).collect()),
            ovn: NewOvn::Issued(self.fresh()),
        })
    }

    fn put_subscription(&mut self) -> Action {
        Action::PutSubscription(PutSubscription {
            caller: self.uss(),
            id: SubscriptionId::from_u128(self.fresh()),
            expected: Expected::Nothing,
            cells: cells(0..40),
            start: None,
            end: None,
            uss_base_url: url(),
            notify_for_operational_intents: true,
            notify_for_constraints: self.random.below(2) == 0,
            version: OpaqueVersion::from_u128(self.fresh()),
        })
    }

    fn known_intent(&mut self) -> Option<(EntityId, UssId, Ovn)> {
        let index = self.random.below(self.intents.len());
        self.intents.iter().nth(index).map(|(id, (manager, ovn))| (*id, manager.clone(), *ovn))
    }

    fn volumes(&mut self, now: Time) -> Volumes {
        let first = self.random.below(30) as u64;
        let start = now.plus_ns((MINUTE * self.random.below(60) as u32).as_nanos() as i64);
        volumes(cells(first..first + 4), start, 5 * MINUTE)
    }

    fn uss(&mut self) -> UssId {
        uss(self.random.below(4))
    }

    fn fresh(&mut self) -> u128 {
        u128::from(self.salt) << 96 | u128::from(self.random.next_u64())
    }
}

pub fn uss(number: usize) -> UssId {
    UssId::new(&format!("uss{number}")).unwrap()
}

pub fn url() -> UssBaseUrl {
    UssBaseUrl::new("https://uss.example/uss").unwrap()
}

pub fn cells(range: std::ops::Range<u64>) -> Cells {
    Cells::new(range.map(|index| Cell::from_s2(index << 35 | 1 << 34).unwrap()).collect()).unwrap()
}

pub fn volumes(cells: Cells, start: Time, lasts: Duration) -> Volumes {
    let time = TimeSpan::new(start, start.plus_ns(lasts.as_nanos() as i64)).unwrap();
    Volumes::new(vec![Volume { cells, altitude: AltitudeBand::new(0, 10_000).unwrap(), time }]).unwrap()
}

/// An intent that meets no other, from `start` for an hour.
pub fn lone_intent(number: u64, start: Time) -> PutOperationalIntent {
    PutOperationalIntent {
        caller: uss(0),
        id: EntityId::from_u128(u128::from(number)),
        expected: Expected::Nothing,
        state: OperationalIntentState::Accepted,
        volumes: volumes(cells(1000 + number..1001 + number), start, HOUR),
        uss_base_url: url(),
        subscription: IntentSubscription::None,
        key: Key::default(),
        ovn: NewOvn::Issued(u128::from(number)),
    }
}

/// An intent that begins when the tests begin, as an action.
pub fn put_lone_intent(number: u64) -> Action {
    Action::PutOperationalIntent(lone_intent(number, BEGIN))
}
