//! How much each USS holds, counted anew whenever it is asked.

use crate::model::Model;
use deconflict_registry::{Quota, Rejection, UssId, Volume};
use std::slice;

/// Entities, and cells of their volumes.
pub type Taken = (u64, u64);

pub const NOTHING: Taken = (0, 0);

pub fn plus(a: Taken, b: Taken) -> Taken {
    (a.0 + b.0, a.1 + b.1)
}

/// What one entity with these volumes takes.
pub fn taken(volumes: &[Volume]) -> Taken {
    (1, cells(volumes))
}

fn cells(volumes: &[Volume]) -> u64 {
    volumes.iter().map(|volume| volume.cells.as_slice().len() as u64).sum()
}

impl Model {
    /// What `uss` holds of everything.
    pub fn held(&self, uss: &UssId) -> Taken {
        self.each_entity().filter(|(manager, _)| *manager == uss).map(|(_, cells)| (1, cells)).fold(NOTHING, plus)
    }

    /// The cells that all entities take.
    pub fn all_cells(&self) -> u64 {
        self.each_entity().map(|(_, cells)| cells).sum()
    }

    fn each_entity(&self) -> impl Iterator<Item = (&UssId, u64)> {
        let intents = self.intents.values().map(|it| (&it.manager, cells(it.volumes.as_slice())));
        let constraints = self.constraints.values().map(|it| (&it.manager, cells(it.volumes.as_slice())));
        let subscriptions = self.subscriptions.values().map(|it| (&it.manager, cells(slice::from_ref(&it.extent))));
        let areas = self.areas.values().map(|it| (&it.owner, it.cells.as_slice().len() as u64));
        let rid_subscriptions = self.rid_subscriptions.values().map(|it| (&it.owner, it.cells.as_slice().len() as u64));
        intents.chain(constraints).chain(subscriptions).chain(areas).chain(rid_subscriptions)
    }

    pub fn check_quotas(&self, uss: &UssId, more: Taken, less: Taken) -> Result<(), Rejection> {
        let (held, quotas) = (self.held(uss), self.options.quotas);
        for (quota, held, more, less, limit) in
            [(Quota::Entities, held.0, more.0, less.0, quotas.entities), (Quota::Cells, held.1, more.1, less.1, quotas.cells)]
        {
            if more > less && held - less + more > limit {
                return Err(Rejection::QuotaReached { quota, held, limit });
            }
        }
        Ok(())
    }
}
