//! What a registry should do, written down once more as plainly as possible: lists, loops over everything, no index, no
//! cache, no digest. Slow and obvious. It shares values with the registry, and no decision.
//!
//! It has no limits of size: the simulation stays far below them.

use crate::quotas::{NOTHING, plus, taken};
use crate::rid::{Numbering as _, RidInterest, ServiceArea};
use deconflict_registry::*;
use std::collections::{BTreeMap, BTreeSet};
use std::slice;

pub const SKEW_NS: i64 = 5 * 60 * 1_000_000_000;
pub const DAY_NS: i64 = 24 * 60 * 60 * 1_000_000_000;

#[derive(Clone)]
pub struct Intent {
    pub manager: UssId,
    pub version: i32,
    pub state: OperationalIntentState,
    pub ovn: Ovn,
    pub subscription: Option<SubscriptionId>,
    pub url: UssBaseUrl,
    pub volumes: Volumes,
}

#[derive(Clone)]
pub struct Restriction {
    pub manager: UssId,
    pub version: i32,
    pub ovn: Ovn,
    pub url: UssBaseUrl,
    pub volumes: Volumes,
}

#[derive(Clone)]
pub struct Interest {
    pub manager: UssId,
    pub version: OpaqueVersion,
    pub url: UssBaseUrl,
    pub for_intents: bool,
    pub for_constraints: bool,
    pub implicit: bool,
    pub extent: Volume,
    pub told: i32,
}

pub struct Report {
    pub reporter: UssId,
    pub filed_at: Time,
    pub length: usize,
}

#[derive(Default)]
pub struct Model {
    pub log_time: Option<Time>,
    pub intents: BTreeMap<EntityId, Intent>,
    pub constraints: BTreeMap<EntityId, Restriction>,
    pub subscriptions: BTreeMap<SubscriptionId, Interest>,
    pub availabilities: BTreeMap<UssId, (UssAvailability, OpaqueVersion)>,
    pub areas: BTreeMap<EntityId, ServiceArea>,
    pub rid_subscriptions: BTreeMap<SubscriptionId, RidInterest>,
    pub last_rid_version: i64,
    pub options: Options,
    pub reports: BTreeMap<ReportId, Report>,
    pub spent: BTreeSet<(OvnSuffix, EntityId)>,
}

/// Whether two things share a cell and an instant and, if `altitude`, an altitude in one volume each. Edges belong to them.
pub fn meet(a: &[Volume], b: &[Volume], altitude: bool) -> bool {
    let two = |a: &Volume, b: &Volume| {
        a.time.start() <= b.time.end()
            && b.time.start() <= a.time.end()
            && (!altitude || a.altitude.lower_cm() <= b.altitude.upper_cm() && b.altitude.lower_cm() <= a.altitude.upper_cm())
            && a.cells.as_slice().iter().any(|cell| b.cells.as_slice().contains(cell))
    };
    a.iter().any(|a| b.iter().any(|b| two(a, b)))
}

fn within(inner: &Cells, outer: &Cells) -> bool {
    inner.as_slice().iter().all(|cell| outer.as_slice().contains(cell))
}

/// One volume around all, at all altitudes.
pub fn hull(volumes: &[Volume]) -> Volume {
    let cells = volumes.iter().flat_map(|volume| volume.cells.as_slice().iter().copied()).collect();
    let start = volumes.iter().map(|volume| volume.time.start()).min().unwrap();
    let end = volumes.iter().map(|volume| volume.time.end()).max().unwrap();
    Volume { cells: Cells::new(cells).unwrap(), altitude: AltitudeBand::ALL, time: TimeSpan::new(start, end).unwrap() }
}

fn end(volumes: &Volumes) -> Time {
    volumes.as_slice().iter().map(|volume| volume.time.end()).max().unwrap()
}

impl Model {
    pub fn now(&self, proposed_at: Time) -> Time {
        self.log_time.map_or(proposed_at, |log_time| log_time.max(proposed_at))
    }

    pub fn apply(&mut self, command: &Command) -> Outcome {
        let now = self.now(command.proposed_at);
        let result = match &command.action {
            Action::PutOperationalIntent(put) => self.put_intent(now, put),
            Action::DeleteOperationalIntent(delete) => self.delete_intent(now, delete),
            Action::PutConstraint(put) => self.put_constraint(now, put),
            Action::DeleteConstraint(delete) => self.delete_constraint(now, delete),
            Action::PutSubscription(put) => self.put_subscription(now, put),
            Action::DeleteSubscription(delete) => self.delete_subscription(now, delete),
            Action::SetUssAvailability(set) => self.set_availability(set),
            Action::FileReport(file) => self.file_report(now, file),
            Action::Expire(expire) => Ok(self.expire(now, expire)),
            Action::PutIdentificationServiceArea(put) => self.put_area(now, put),
            Action::DeleteIdentificationServiceArea(delete) => self.delete_area(now, delete),
            Action::PutRidSubscription(put) => self.put_rid_subscription(now, put),
            Action::DeleteRidSubscription(delete) => self.delete_rid_subscription(now, delete),
            Action::SetOptions(options) => {
                self.options = *options;
                Ok(Outcome::OptionsSet(*options))
            }
            Action::Carry(_) => Ok(Outcome::Carried),
        };
        if result.is_ok() {
            self.log_time = Some(now);
        }
        result.unwrap_or_else(Outcome::Rejected)
    }

    fn put_intent(&mut self, now: Time, put: &PutOperationalIntent) -> Result<Outcome, Rejection> {
        use OperationalIntentState::{Accepted, Activated, Contingent, Nonconforming};
        if end(&put.volumes) < now {
            return Err(Rejection::EndInPast);
        }
        if put.expected == Expected::Nothing && put.state != Accepted {
            return Err(Rejection::FirstStateNotAccepted);
        }
        if let NewOvn::Requested(suffix) = put.ovn {
            let made_ns = i64::try_from((suffix.as_u128() >> 80) * 1_000_000).unwrap();
            if (made_ns - now.ns()).abs() > SKEW_NS {
                return Err(Rejection::OvnSuffixNotCurrent);
            }
        }
        if put.state != Accepted && put.subscription == IntentSubscription::None {
            return Err(Rejection::SubscriptionRequired);
        }
        let old = self.intents.get(&put.id).cloned();
        if old.as_ref().is_some_and(|old| old.manager != put.caller) {
            return Err(Rejection::NotManager);
        }
        if old.is_none() && put.expected != Expected::Nothing {
            return Err(Rejection::UpdateOfUnknown);
        }
        let is_nominal = put.state == Accepted || put.state == Activated;
        if is_nominal && self.is_down(&put.caller) {
            return Err(Rejection::UssDown);
        }
        if let Some(old) = &old {
            if put.expected == Expected::Nothing {
                return Err(Rejection::AlreadyExists);
            }
            if put.expected != Expected::Version(Some(old.ovn)) {
                return Err(Rejection::OvnMismatch);
            }
            let ways: &[OperationalIntentState] = match old.state {
                Accepted => &[Accepted, Activated, Nonconforming, Contingent],
                Activated | Nonconforming => &[Activated, Nonconforming, Contingent],
                Contingent => &[Contingent],
            };
            if !ways.contains(&put.state) {
                return Err(Rejection::TransitionNotAllowed { from: old.state, to: put.state });
            }
        }
        if let NewOvn::Requested(suffix) = put.ovn
            && self.spent.contains(&(suffix, put.id))
        {
            return Err(Rejection::OvnSuffixSpent);
        }
        let subscription = self.subscription_of(put)?;
        if is_nominal {
            self.check_key(put, subscription.as_ref().is_some_and(|(_, interest)| interest.for_constraints))?;
        }
        let of_intent = (taken(put.volumes.as_slice()), old.as_ref().map_or(NOTHING, |old| taken(old.volumes.as_slice())));
        let written =
            subscription.as_ref().filter(|(id, new)| self.subscriptions.get(id).is_none_or(|old| old.extent != new.extent));
        let of_subscription = written.map_or((NOTHING, NOTHING), |(id, new)| {
            (
                taken(slice::from_ref(&new.extent)),
                self.subscriptions.get(id).map_or(NOTHING, |old| taken(slice::from_ref(&old.extent))),
            )
        });
        self.check_quotas(&put.caller, plus(of_intent.0, of_subscription.0), plus(of_intent.1, of_subscription.1))?;

        let attached = subscription.as_ref().map(|(id, _)| *id);
        self.subscriptions.extend(subscription);
        let intent = Intent {
            manager: put.caller.clone(),
            version: old.as_ref().map_or(1, |old| old.version + 1),
            state: put.state,
            ovn: put.ovn.of(put.id),
            subscription: attached,
            url: put.uss_base_url.clone(),
            volumes: put.volumes.clone(),
        };
        self.intents.insert(put.id, intent);
        if let NewOvn::Requested(suffix) = put.ovn {
            self.spent.insert((suffix, put.id));
        }
        self.remove_unneeded();
        let mut volumes = put.volumes.as_slice().to_vec();
        volumes.extend(old.iter().flat_map(|old| old.volumes.as_slice()).cloned());
        let subscribers = self.tell(now, &volumes, |interest| interest.for_intents);
        Ok(Outcome::OperationalIntentPut { reference: self.intent_seen_by(put.id, &put.caller), subscribers })
    }

    /// The subscription that an intent will have, as it will be.
    fn subscription_of(&self, put: &PutOperationalIntent) -> Result<Option<(SubscriptionId, Interest)>, Rejection> {
        let volumes = put.volumes.as_slice();
        match &put.subscription {
            IntentSubscription::None => Ok(None),
            IntentSubscription::Existing { id, version } => {
                let mut interest = self.subscriptions.get(id).cloned().ok_or(Rejection::UnknownSubscription)?;
                if interest.manager != put.caller {
                    return Err(Rejection::NotManagerOfSubscription);
                }
                if !interest.for_intents {
                    return Err(Rejection::SubscriptionNotForOperationalIntents);
                }
                let (all, extent) = (hull(volumes), interest.extent.clone());
                let covers = extent.time.start() <= all.time.start()
                    && all.time.end() <= extent.time.end()
                    && within(&all.cells, &extent.cells);
                if !covers && !interest.implicit {
                    return Err(Rejection::SubscriptionDoesNotCover);
                }
                if !covers {
                    interest.extent = hull(&[extent, all]);
                    interest.version = *version;
                }
                Ok(Some((*id, interest)))
            }
            IntentSubscription::Implicit { fresh, uss_base_url, notify_for_constraints } => {
                if self.subscriptions.contains_key(&fresh.id) {
                    return Err(Rejection::FreshIdTaken);
                }
                let interest = Interest {
                    manager: put.caller.clone(),
                    version: fresh.version,
                    url: uss_base_url.clone(),
                    for_intents: true,
                    for_constraints: *notify_for_constraints,
                    implicit: true,
                    extent: hull(volumes),
                    told: 0,
                };
                Ok(Some((fresh.id, interest)))
            }
        }
    }

    /// The intents, other than `except`, whose OVNs a key for `volumes` must hold.
    pub fn relevant_intents(&self, volumes: &Volumes, except: EntityId) -> Vec<EntityId> {
        let relevant = |(id, intent): &(&EntityId, &Intent)| {
            **id != except
                && meet(volumes.as_slice(), intent.volumes.as_slice(), true)
                && !(intent.state == OperationalIntentState::Accepted && self.is_down(&intent.manager))
        };
        self.intents.iter().filter(relevant).map(|(id, _)| *id).collect()
    }

    /// The constraints whose OVNs a key for `volumes` must hold if the subscription is about constraints.
    pub fn relevant_constraints(&self, volumes: &Volumes) -> Vec<EntityId> {
        let all = self.constraints.iter();
        all.filter(|(_, other)| meet(volumes.as_slice(), other.volumes.as_slice(), true)).map(|(id, _)| *id).collect()
    }

    fn check_key(&self, put: &PutOperationalIntent, with_constraints: bool) -> Result<(), Rejection> {
        let mut intents = self.relevant_intents(&put.volumes, put.id);
        intents.retain(|id| !put.key.as_slice().contains(&self.intents[id].ovn));
        let mut constraints = if with_constraints { self.relevant_constraints(&put.volumes) } else { Vec::new() };
        constraints.retain(|id| !put.key.as_slice().contains(&self.constraints[id].ovn));
        if intents.is_empty() && constraints.is_empty() {
            return Ok(());
        }
        Err(Rejection::MissingOvns {
            operational_intents: intents.into_iter().map(|id| self.intent_seen_by(id, &put.caller)).collect(),
            constraints: constraints.into_iter().map(|id| self.constraint_seen_by(id, &put.caller)).collect(),
        })
    }

    fn delete_intent(&mut self, now: Time, delete: &DeleteOperationalIntent) -> Result<Outcome, Rejection> {
        let old = self.intents.get(&delete.id).cloned().ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        if self.is_down(&delete.caller) {
            return Err(Rejection::UssDown);
        }
        if delete.ovn != Some(old.ovn) {
            return Err(Rejection::OvnMismatch);
        }
        let reference = self.intent_seen_by(delete.id, &delete.caller);
        let subscribers = self.tell(now, old.volumes.as_slice(), |interest| interest.for_intents);
        self.intents.remove(&delete.id);
        self.remove_unneeded();
        Ok(Outcome::OperationalIntentDeleted { reference, subscribers })
    }

    fn put_constraint(&mut self, now: Time, put: &PutConstraint) -> Result<Outcome, Rejection> {
        if end(&put.volumes) < now {
            return Err(Rejection::EndInPast);
        }
        let old = self.constraints.get(&put.id).cloned();
        match &old {
            Some(old) if old.manager != put.caller => return Err(Rejection::NotManager),
            Some(_) if put.expected == Expected::Nothing => return Err(Rejection::AlreadyExists),
            Some(old) if put.expected != Expected::Version(Some(old.ovn)) => return Err(Rejection::OvnMismatch),
            None if put.expected != Expected::Nothing => return Err(Rejection::ConstraintUpdateOfUnknown),
            _ => {}
        }
        let less = old.as_ref().map_or(NOTHING, |old| taken(old.volumes.as_slice()));
        self.check_quotas(&put.caller, taken(put.volumes.as_slice()), less)?;
        let constraint = Restriction {
            manager: put.caller.clone(),
            version: old.as_ref().map_or(1, |old| old.version + 1),
            ovn: Ovn::Issued(put.ovn),
            url: put.uss_base_url.clone(),
            volumes: put.volumes.clone(),
        };
        self.constraints.insert(put.id, constraint);
        let mut volumes = put.volumes.as_slice().to_vec();
        volumes.extend(old.iter().flat_map(|old| old.volumes.as_slice()).cloned());
        let subscribers = self.tell(now, &volumes, |interest| interest.for_constraints);
        Ok(Outcome::ConstraintPut { reference: self.constraint_seen_by(put.id, &put.caller), subscribers })
    }

    fn delete_constraint(&mut self, now: Time, delete: &DeleteConstraint) -> Result<Outcome, Rejection> {
        let old = self.constraints.get(&delete.id).cloned().ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        if delete.ovn != Some(old.ovn) {
            return Err(Rejection::OvnMismatch);
        }
        let reference = self.constraint_seen_by(delete.id, &delete.caller);
        let subscribers = self.tell(now, old.volumes.as_slice(), |interest| interest.for_constraints);
        self.constraints.remove(&delete.id);
        Ok(Outcome::ConstraintDeleted { reference, subscribers })
    }

    fn put_subscription(&mut self, now: Time, put: &PutSubscription) -> Result<Outcome, Rejection> {
        if !put.notify_for_operational_intents && !put.notify_for_constraints {
            return Err(Rejection::NothingToNotify);
        }
        let old = self.subscriptions.get(&put.id).cloned();
        match &old {
            None if put.expected != Expected::Nothing => return Err(Rejection::UpdateOfUnknown),
            Some(_) if put.expected == Expected::Nothing => return Err(Rejection::AlreadyExists),
            Some(old) if put.expected != Expected::Version(Some(old.version)) => return Err(Rejection::VersionMismatch),
            Some(old) if old.manager != put.caller => return Err(Rejection::NotManager),
            _ => {}
        }
        let new = Interest {
            manager: put.caller.clone(),
            version: put.version,
            url: put.uss_base_url.clone(),
            for_intents: put.notify_for_operational_intents,
            for_constraints: put.notify_for_constraints,
            implicit: false,
            extent: Volume {
                cells: put.cells.clone(),
                altitude: AltitudeBand::ALL,
                time: Self::span(now, put, old.as_ref().map(|old| old.extent.time))?,
            },
            told: old.as_ref().map_or(0, |old| old.told),
        };
        for id in self.dependents(put.id) {
            let matters = |volume: &&Volume| volume.time.end() >= now;
            let covered = |volume: &Volume| {
                new.extent.time.start() <= volume.time.start().max(now.plus_ns(SKEW_NS))
                    && volume.time.end() <= new.extent.time.end()
                    && within(&volume.cells, &new.extent.cells)
            };
            if !new.for_intents || !self.intents[&id].volumes.as_slice().iter().filter(matters).all(covered) {
                return Err(Rejection::DependentsNotCovered { operational_intent: id });
            }
        }
        let less = old.as_ref().map_or(NOTHING, |old| taken(slice::from_ref(&old.extent)));
        self.check_quotas(&put.caller, taken(slice::from_ref(&new.extent)), less)?;
        let (extent, for_intents, for_constraints) = (new.extent.clone(), new.for_intents, new.for_constraints);
        self.subscriptions.insert(put.id, new);
        Ok(Outcome::SubscriptionPut {
            subscription: self.subscription(put.id, now).unwrap(),
            operational_intents: if for_intents { self.intents_in(&extent, false, &put.caller) } else { Vec::new() },
            constraints: if for_constraints { self.constraints_in(&extent, &put.caller) } else { Vec::new() },
        })
    }

    fn span(now: Time, put: &PutSubscription, old: Option<TimeSpan>) -> Result<TimeSpan, Rejection> {
        if put.start.is_some_and(|start| start < now.plus_ns(-SKEW_NS)) {
            return Err(Rejection::StartInPast);
        }
        let start = put.start.or(old.map(TimeSpan::start)).unwrap_or(now);
        let end = put.end.or(old.map(TimeSpan::end)).unwrap_or(start.plus_ns(DAY_NS));
        match end {
            end if end <= start => Err(Rejection::SpanNotAscending),
            end if end > start.plus_ns(DAY_NS) => Err(Rejection::SubscriptionTooLong),
            end if end < now => Err(Rejection::EndInPast),
            end => Ok(TimeSpan::new(start, end).unwrap()),
        }
    }

    fn delete_subscription(&mut self, now: Time, delete: &DeleteSubscription) -> Result<Outcome, Rejection> {
        let old = self.subscriptions.get(&delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        if delete.version != Some(old.version) {
            return Err(Rejection::VersionMismatch);
        }
        let subscription = self.subscription(delete.id, now).unwrap();
        if !subscription.dependents.is_empty() {
            return Err(Rejection::HasDependents);
        }
        self.subscriptions.remove(&delete.id);
        Ok(Outcome::SubscriptionDeleted { subscription })
    }

    fn set_availability(&mut self, set: &SetUssAvailability) -> Result<Outcome, Rejection> {
        let current = match self.availabilities.get(&set.uss) {
            Some((_, version)) => Expected::Version(Some(*version)),
            None => Expected::Nothing,
        };
        if set.expected != current {
            return Err(Rejection::VersionMismatch);
        }
        self.availabilities.insert(set.uss.clone(), (set.availability, set.version));
        Ok(Outcome::UssAvailabilitySet(self.availability(&set.uss)))
    }

    fn file_report(&mut self, now: Time, file: &FileReport) -> Result<Outcome, Rejection> {
        if self.reports.contains_key(&file.id) {
            return Err(Rejection::FreshIdTaken);
        }
        let bytes = |length: usize| (length as u64).max(4096);
        let held =
            self.reports.values().filter(|report| report.reporter == file.reporter).map(|report| bytes(report.length)).sum();
        let limit = self.options.quotas.report_bytes;
        if held + bytes(file.body.len()) > limit {
            return Err(Rejection::QuotaReached { quota: Quota::ReportBytes, held, limit });
        }
        let report = Report { reporter: file.reporter.clone(), filed_at: now, length: file.body.len() };
        self.reports.insert(file.id, report);
        Ok(Outcome::ReportFiled { id: file.id })
    }

    fn expire(&mut self, now: Time, expire: &Expire) -> Outcome {
        let cutoff = now.plus_ns(-i64::try_from(expire.retention_ns).unwrap());
        let mut expired = Expired::default();
        let mut room = i64::from(expire.limit);
        loop {
            let first = |ends: &mut dyn Iterator<Item = (Time, u128)>| ends.filter(|(end, _)| *end < cutoff).min();
            let intent = first(&mut self.intents.iter().map(|(id, intent)| (end(&intent.volumes), id.as_u128())));
            let constraint = first(&mut self.constraints.iter().map(|(id, other)| (end(&other.volumes), id.as_u128())));
            let subscription = first(&mut self.subscriptions.iter().map(|(id, it)| (it.extent.time.end(), id.as_u128())));
            let area = first(&mut self.areas.iter().map(|(id, area)| (area.time.end(), id.as_u128())));
            let rid_subscription = first(&mut self.rid_subscriptions.iter().map(|(id, it)| (it.time.end(), id.as_u128())));
            let report = first(&mut self.reports.iter().map(|(id, report)| (report.filed_at, id.as_u128())));
            let made_ns = |suffix: OvnSuffix| i64::try_from((suffix.as_u128() >> 80) * 1_000_000).unwrap();
            let suffix = self.spent.first().copied().filter(|(suffix, _)| made_ns(*suffix) < now.ns() - SKEW_NS);
            let ended = [intent, constraint, subscription, area, rid_subscription, report];
            if ended.iter().all(Option::is_none) && suffix.is_none() {
                return Outcome::Expired(expired);
            }
            if room <= 0 {
                expired.more = true;
                return Outcome::Expired(expired);
            }
            let before = self.all_cells();
            if let Some((_, id)) = intent {
                self.intents.remove(&EntityId::from_u128(id));
                expired.operational_intents.push(EntityId::from_u128(id));
                expired.subscriptions.extend(self.remove_unneeded());
            } else if let Some((_, id)) = constraint {
                self.constraints.remove(&EntityId::from_u128(id));
                expired.constraints.push(EntityId::from_u128(id));
            } else if let Some((_, id)) = subscription {
                self.subscriptions.remove(&SubscriptionId::from_u128(id));
                expired.subscriptions.push(SubscriptionId::from_u128(id));
            } else if let Some((_, id)) = area {
                self.areas.remove(&EntityId::from_u128(id));
                expired.identification_service_areas.push(EntityId::from_u128(id));
            } else if let Some((_, id)) = rid_subscription {
                self.rid_subscriptions.remove(&SubscriptionId::from_u128(id));
                expired.rid_subscriptions.push(SubscriptionId::from_u128(id));
            } else if let Some((_, id)) = report {
                self.reports.remove(&ReportId::from_u128(id));
                expired.reports.push(ReportId::from_u128(id));
            } else if let Some(suffix) = suffix {
                self.spent.remove(&suffix);
            }
            room -= i64::try_from((before - self.all_cells()).max(1)).unwrap();
        }
    }

    /// Implicit subscriptions that no intent names go.
    fn remove_unneeded(&mut self) -> Vec<SubscriptionId> {
        let needed: BTreeSet<SubscriptionId> = self.intents.values().filter_map(|intent| intent.subscription).collect();
        let gone = |(id, it): (&SubscriptionId, &Interest)| (it.implicit && !needed.contains(id)).then_some(*id);
        let gone: Vec<SubscriptionId> = self.subscriptions.iter().filter_map(gone).collect();
        gone.iter().for_each(|id| drop(self.subscriptions.remove(id)));
        gone
    }

    /// Counts one notification for every live subscription that shares a cell and an instant with `volumes`.
    fn tell(&mut self, now: Time, volumes: &[Volume], is_about: impl Fn(&Interest) -> bool) -> Vec<Subscriber> {
        let mut by_url: BTreeMap<UssBaseUrl, Vec<(SubscriptionId, i32)>> = BTreeMap::new();
        for (id, interest) in &mut self.subscriptions {
            let is_live = interest.extent.time.end() >= now;
            if is_live && is_about(interest) && meet(std::slice::from_ref(&interest.extent), volumes, false) {
                let number = self.options.number(&mut interest.told, now);
                by_url.entry(interest.url.clone()).or_default().push((*id, number));
            }
        }
        by_url.into_iter().map(|(uss_base_url, subscriptions)| Subscriber { uss_base_url, subscriptions }).collect()
    }
}
