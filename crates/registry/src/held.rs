//! How much each USS holds, so that none can take all the room there is. It follows from the records: it is not in the digest, and
//! not in snapshots.

use crate::id::UssId;
use crate::outcome::Rejection;
use crate::records::Quota;
use crate::registry::Registry;
use crate::table::Record;
use crate::volume::Volume;
use alloc::collections::BTreeMap;

/// What one USS holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Intents, constraints, subscriptions and areas, those that have ended and are still kept included.
    pub entities: u64,
    /// The cells of all their volumes.
    pub cells: u64,
}

impl Holding {
    /// One entity with these volumes.
    pub(crate) fn of(volumes: &[Volume]) -> Self {
        Self { entities: 1, cells: volumes.iter().map(|volume| volume.cells.as_slice().len() as u64).sum() }
    }

    /// What a record takes that a write takes the place of; nothing if there is none.
    pub(crate) fn of_old(old: Option<&impl Record>) -> Self {
        old.map_or_else(Self::default, |old| Self::of(old.volumes()))
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { entities: self.entities + other.entities, cells: self.cells + other.cells }
    }
}

/// What each USS holds of one kind of record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    by_uss: BTreeMap<UssId, Holding>,
    /// Of all of them.
    cells: u64,
}

impl Held {
    pub fn of(&self, uss: &UssId) -> Holding {
        self.by_uss.get(uss).copied().unwrap_or_default()
    }

    /// The cells that all hold.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    pub fn add(&mut self, uss: &UssId, volumes: &[Volume]) {
        let more = Holding::of(volumes);
        self.cells += more.cells;
        match self.by_uss.get_mut(uss) {
            Some(holding) => *holding = holding.plus(more),
            None => drop(self.by_uss.insert(uss.clone(), more)),
        }
    }

    pub fn subtract(&mut self, uss: &UssId, volumes: &[Volume]) {
        let less = Holding::of(volumes);
        self.cells -= less.cells;
        let holding = self.by_uss.get_mut(uss).expect("bug: a record was counted for nobody");
        holding.entities -= less.entities;
        holding.cells -= less.cells;
        if holding.entities == 0 {
            self.by_uss.remove(uss);
        }
    }
}

impl Registry {
    /// What a USS holds now.
    pub fn holding(&self, uss: &UssId) -> Holding {
        let tables = [
            self.operational_intents.held(uss),
            self.constraints.held(uss),
            self.subscriptions.held(uss),
            self.service_areas.held(uss),
            self.rid_subscriptions.held(uss),
        ];
        tables.into_iter().fold(Holding::default(), Holding::plus)
    }

    /// The cells of everything that is there.
    pub(crate) fn all_cells(&self) -> u64 {
        self.operational_intents.cells()
            + self.constraints.cells()
            + self.subscriptions.cells()
            + self.service_areas.cells()
            + self.rid_subscriptions.cells()
    }

    /// Whether `uss` may hold `more` instead of `less` of what it holds. Who would hold no more than before always may.
    pub(crate) fn check_quotas(&self, uss: &UssId, more: Holding, less: Holding) -> Result<(), Rejection> {
        let (holding, quotas) = (self.holding(uss), self.state.options.quotas);
        check(Quota::Entities, holding.entities, more.entities, less.entities, quotas.entities)?;
        check(Quota::Cells, holding.cells, more.cells, less.cells, quotas.cells)
    }

    /// Whether a report of so many bytes may be filed by `uss`.
    pub(crate) fn check_quota_of_reports(&self, uss: &UssId, bytes: u64) -> Result<(), Rejection> {
        check(Quota::ReportBytes, self.reports.held(uss), bytes, 0, self.state.options.quotas.report_bytes)
    }
}

fn check(quota: Quota, held: u64, more: u64, less: u64, limit: u64) -> Result<(), Rejection> {
    let would_hold = (held - less).saturating_add(more);
    if more > less && would_hold > limit { Err(Rejection::QuotaReached { quota, held, limit }) } else { Ok(()) }
}
