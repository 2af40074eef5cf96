//! The model's part for remote identification: areas and subscriptions of F3411, as plainly as the rest.

use crate::model::{DAY_NS, Model, SKEW_NS};
use crate::quotas::NOTHING;
use deconflict_registry::*;
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct ServiceArea {
    pub owner: UssId,
    pub version: RidVersion,
    pub url: UssBaseUrl,
    pub cells: Cells,
    pub time: TimeSpan,
}

#[derive(Clone)]
pub struct RidInterest {
    pub owner: UssId,
    pub version: RidVersion,
    pub url: UssBaseUrl,
    pub cells: Cells,
    pub time: TimeSpan,
    pub told: i32,
}

fn touch(a: &Cells, b: &Cells) -> bool {
    a.as_slice().iter().any(|cell| b.as_slice().contains(cell))
}

impl Model {
    pub fn put_area(&mut self, now: Time, put: &PutIdentificationServiceArea) -> Result<Outcome, Rejection> {
        let old = self.areas.get(&put.id).cloned();
        match &old {
            None if put.expected != Expected::Nothing => return Err(Rejection::UpdateOfUnknown),
            Some(_) if put.expected == Expected::Nothing => return Err(Rejection::AlreadyExists),
            Some(old) if old.owner != put.caller => return Err(Rejection::NotManager),
            Some(old) if put.expected != Expected::Version(Some(old.version)) => return Err(Rejection::VersionMismatch),
            _ => {}
        }
        if put.start.is_some_and(|start| start < now.plus_ns(-SKEW_NS)) {
            return Err(Rejection::StartInPast);
        }
        let start = put.start.unwrap_or_else(|| old.as_ref().map_or(now, |old| old.time.start()));
        let end = put.end.or(old.as_ref().map(|old| old.time.end())).ok_or(Rejection::EndRequired)?;
        if end <= start {
            return Err(Rejection::SpanNotAscending);
        }
        if end < now {
            return Err(Rejection::EndInPast);
        }
        let less = old.as_ref().map_or(NOTHING, |old| (1, old.cells.as_slice().len() as u64));
        self.check_quotas(&put.caller, (1, put.cells.as_slice().len() as u64), less)?;
        let area = ServiceArea {
            owner: put.caller.clone(),
            version: self.next_rid_version(now),
            url: put.url.clone(),
            cells: put.cells.clone(),
            time: TimeSpan::new(start, end).unwrap(),
        };
        self.areas.insert(put.id, area);
        let mut places = vec![put.cells.clone()];
        places.extend(old.map(|old| old.cells));
        let subscribers = self.tell_of_area(now, &places);
        Ok(Outcome::IdentificationServiceAreaPut { service_area: self.area(put.id).unwrap(), subscribers })
    }

    pub fn delete_area(&mut self, now: Time, delete: &DeleteIdentificationServiceArea) -> Result<Outcome, Rejection> {
        let service_area = self.area(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if delete.version != service_area.version {
            return Err(Rejection::VersionMismatch);
        }
        if delete.caller != service_area.owner {
            return Err(Rejection::NotManager);
        }
        let old = self.areas.remove(&delete.id).unwrap();
        let subscribers = self.tell_of_area(now, &[old.cells]);
        Ok(Outcome::IdentificationServiceAreaDeleted { service_area, subscribers })
    }

    pub fn put_rid_subscription(&mut self, now: Time, put: &PutRidSubscription) -> Result<Outcome, Rejection> {
        let old = self.rid_subscriptions.get(&put.id).cloned();
        match &old {
            None if put.expected != Expected::Nothing => return Err(Rejection::UpdateOfUnknown),
            Some(_) if put.expected == Expected::Nothing => return Err(Rejection::AlreadyExists),
            Some(old) if put.expected != Expected::Version(Some(old.version)) => return Err(Rejection::VersionMismatch),
            Some(old) if old.owner != put.caller => return Err(Rejection::NotManager),
            _ => {}
        }
        if put.start.is_some_and(|start| start < now.plus_ns(-SKEW_NS)) {
            return Err(Rejection::StartInPast);
        }
        let start = put.start.unwrap_or_else(|| old.as_ref().map_or(now, |old| old.time.start()));
        let end = put.end.unwrap_or_else(|| old.as_ref().map_or(start.plus_ns(DAY_NS), |old| old.time.end()));
        if end <= start {
            return Err(Rejection::SpanNotAscending);
        }
        if end > start.plus_ns(DAY_NS) {
            return Err(Rejection::SubscriptionTooLong);
        }
        if end < now {
            return Err(Rejection::EndInPast);
        }
        let live = self.rid_subscriptions.values().filter(|it| it.owner == put.caller && it.time.end() >= now);
        let live: Vec<&RidInterest> = live.collect();
        for cell in put.cells.as_slice() {
            if live.iter().filter(|it| it.cells.as_slice().contains(cell)).count() >= 10 {
                return Err(Rejection::TooManySubscriptions);
            }
        }
        let less = old.as_ref().map_or(NOTHING, |old| (1, old.cells.as_slice().len() as u64));
        self.check_quotas(&put.caller, (1, put.cells.as_slice().len() as u64), less)?;
        let interest = RidInterest {
            owner: put.caller.clone(),
            version: self.next_rid_version(now),
            url: put.url.clone(),
            cells: put.cells.clone(),
            time: TimeSpan::new(start, end).unwrap(),
            told: 0,
        };
        self.rid_subscriptions.insert(put.id, interest);
        Ok(Outcome::RidSubscriptionPut {
            subscription: self.rid_subscription(put.id, now).unwrap(),
            service_areas: self.areas_in(&put.cells, TimeSpan::ALL, now),
        })
    }

    pub fn delete_rid_subscription(&mut self, now: Time, delete: &DeleteRidSubscription) -> Result<Outcome, Rejection> {
        let subscription = self.rid_subscription(delete.id, now).ok_or(Rejection::DeleteOfUnknown)?;
        if delete.version != subscription.version {
            return Err(Rejection::VersionMismatch);
        }
        if delete.caller != subscription.owner {
            return Err(Rejection::NotManager);
        }
        self.rid_subscriptions.remove(&delete.id);
        Ok(Outcome::RidSubscriptionDeleted { subscription })
    }

    fn next_rid_version(&mut self, now: Time) -> RidVersion {
        self.last_rid_version = now.ns().max(self.last_rid_version + 1);
        RidVersion::from_number(self.last_rid_version).unwrap()
    }

    fn tell_of_area(&mut self, now: Time, places: &[Cells]) -> Vec<Subscriber> {
        let mut by_url: BTreeMap<UssBaseUrl, Vec<(SubscriptionId, i32)>> = BTreeMap::new();
        for (id, interest) in &mut self.rid_subscriptions {
            if interest.time.end() >= now && places.iter().any(|cells| touch(cells, &interest.cells)) {
                let number = self.options.number(&mut interest.told, now);
                by_url.entry(interest.url.clone()).or_default().push((*id, number));
            }
        }
        by_url.into_iter().map(|(uss_base_url, subscriptions)| Subscriber { uss_base_url, subscriptions }).collect()
    }

    pub fn area(&self, id: EntityId) -> Option<IdentificationServiceArea> {
        let ServiceArea { owner, version, url, time, .. } = self.areas.get(&id)?.clone();
        Some(IdentificationServiceArea { id, owner, version, time, url })
    }

    pub fn areas_in(&self, cells: &Cells, time: TimeSpan, now: Time) -> Vec<IdentificationServiceArea> {
        let now = self.now(now);
        let seen = |area: &ServiceArea| {
            touch(&area.cells, cells)
                && area.time.end() >= now
                && area.time.end() >= time.start()
                && area.time.start() <= time.end()
                && time.end() >= now
        };
        self.areas.iter().filter(|(_, area)| seen(area)).map(|(id, _)| self.area(*id).unwrap()).collect()
    }

    pub fn rid_subscription(&self, id: SubscriptionId, at: Time) -> Option<RidSubscription> {
        let RidInterest { owner, version, url, time, told, .. } = self.rid_subscriptions.get(&id)?.clone();
        Some(RidSubscription { id, owner, version, notification_index: self.options.shown(told, at), time, url })
    }

    pub fn rid_subscriptions_in(&self, cells: &Cells, owner: &UssId, now: Time) -> Vec<RidSubscription> {
        let (now, at) = (self.now(now), self.log_time.unwrap());
        let seen = |it: &RidInterest| it.owner == *owner && it.time.end() >= now && touch(&it.cells, cells);
        let ids = self.rid_subscriptions.iter().filter(|(_, it)| seen(it)).map(|(id, _)| *id);
        ids.map(|id| self.rid_subscription(id, at).unwrap()).collect()
    }
}

/// How notifications are numbered.
pub trait Numbering {
    /// The number of the next notification of a subscription that counts in `told`.
    fn number(&self, told: &mut i32, now: Time) -> i32;
    /// The number that is shown of it.
    fn shown(&self, told: i32, at: Time) -> i32;
}

impl Numbering for Options {
    fn number(&self, told: &mut i32, now: Time) -> i32 {
        if !self.time_based_notification_index {
            *told += 1;
        }
        self.shown(*told, now)
    }

    fn shown(&self, told: i32, at: Time) -> i32 {
        let of_day_ns = at.ns().rem_euclid(DAY_NS);
        if self.time_based_notification_index { i32::try_from(of_day_ns / 1_000_000).unwrap() } else { told }
    }
}
