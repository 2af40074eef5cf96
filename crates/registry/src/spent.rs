//! OVN suffixes that were asked for and may not be asked for again: an old OVN must not prove knowledge of a new version.
//!
//! A suffix says when it was made and is only accepted near that time, so it can be forgotten as soon as that time is over.
//! That holds across the deletion of the intent, too.

use crate::digest::{Role, Sum, hash};
use crate::id::EntityId;
use crate::ovn::OvnSuffix;
use crate::time::Time;
use alloc::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub(crate) struct SpentSuffixes {
    /// Ascending by the time in the suffix.
    suffixes: BTreeSet<(OvnSuffix, EntityId)>,
    digest: Sum,
}

impl SpentSuffixes {
    pub fn contains(&self, entity: EntityId, suffix: OvnSuffix) -> bool {
        self.suffixes.contains(&(suffix, entity))
    }

    pub fn insert(&mut self, entity: EntityId, suffix: OvnSuffix) {
        if self.suffixes.insert((suffix, entity)) {
            self.digest.add(hash(Role::SpentSuffix, &(suffix, entity)));
        }
    }

    /// The suffix that was made first.
    pub fn first(&self) -> Option<OvnSuffix> {
        self.suffixes.first().map(|(suffix, _)| *suffix)
    }

    /// Forgets the first suffix, if its time is over.
    pub fn forget_one(&mut self, now: Time) -> bool {
        let Some(&(suffix, entity)) = self.suffixes.first() else { return false };
        if !suffix.is_over(now) {
            return false;
        }
        self.suffixes.pop_first();
        self.digest.subtract(hash(Role::SpentSuffix, &(suffix, entity)));
        true
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &(OvnSuffix, EntityId)> {
        self.suffixes.iter()
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }
}
