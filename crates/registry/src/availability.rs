//! Availability of USSs, as an arbiter declares it (F3548: `setUssAvailability`). Does not know who may declare it.

use crate::command::{Expected, SetUssAvailability};
use crate::digest::{Role, Sum, hash};
use crate::id::UssId;
use crate::outcome::{Outcome, Rejection, UssAvailabilityStatus};
use crate::records::{AvailabilityRecord, UssAvailability};
use crate::registry::Registry;
use alloc::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Availabilities {
    by_uss: BTreeMap<UssId, AvailabilityRecord>,
    digest: Sum,
}

impl Availabilities {
    pub fn get(&self, uss: &UssId) -> Option<&AvailabilityRecord> {
        self.by_uss.get(uss)
    }

    /// What was declared of `uss`; `Unknown` if nothing was.
    pub fn state(&self, uss: &UssId) -> UssAvailability {
        self.get(uss).map(|record| record.state).unwrap_or_default()
    }

    pub fn set(&mut self, uss: UssId, record: AvailabilityRecord) {
        self.digest.add(hash(Role::Availability, &(&uss, record)));
        if let Some(before) = self.by_uss.insert(uss.clone(), record) {
            self.digest.subtract(hash(Role::Availability, &(&uss, before)));
        }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&UssId, &AvailabilityRecord)> {
        self.by_uss.iter()
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }
}

impl Registry {
    /// Rules, in order: the version is the current one (REQ-071).
    pub(crate) fn set_uss_availability(&mut self, set: &SetUssAvailability) -> Result<Outcome, Rejection> {
        let current = self.availabilities.get(&set.uss).map(|record| record.version);
        let is_expected = match set.expected {
            Expected::Nothing => current.is_none(),
            Expected::Version(version) => version.is_some() && version == current,
        };
        if !is_expected {
            return Err(Rejection::VersionMismatch);
        }
        let uss = self.names.uss(&set.uss);
        self.availabilities.set(uss.clone(), AvailabilityRecord { state: set.availability, version: set.version });
        Ok(Outcome::UssAvailabilitySet(UssAvailabilityStatus { uss, availability: set.availability, version: Some(set.version) }))
    }
}
