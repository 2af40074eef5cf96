//! Constraint references: create, update, delete. No key is asked for, and a USS that is down may write them (REQ-054).

use crate::codec::coded_struct;
use crate::command::{DeleteConstraint, Expected, PutConstraint};
use crate::digest::{Role, hash};
use crate::held::Holding;
use crate::id::{EntityId, UssBaseUrl, UssId};
use crate::notify::Changed;
use crate::outcome::{Outcome, Rejection};
use crate::ovn::Ovn;
use crate::records::ConstraintRecord;
use crate::registry::Registry;
use crate::table::Record;
use crate::time::Time;
use crate::volume::Volume;

coded_struct!(ConstraintRecord { id, manager, version, ovn, uss_base_url, volumes });

impl Record for ConstraintRecord {
    type Id = EntityId;

    fn id(&self) -> EntityId {
        self.id
    }

    fn volumes(&self) -> &[Volume] {
        self.volumes.as_slice()
    }

    fn end(&self) -> Time {
        self.volumes.time().end()
    }

    fn hash(&self) -> u128 {
        hash(Role::Constraint, self)
    }

    fn manager(&self) -> &UssId {
        &self.manager
    }

    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl) {
        (&mut self.manager, &mut self.uss_base_url)
    }
}

impl Registry {
    /// Rules, in order: 1. the end is not in the past; 2. the caller is the manager; 3. what is to be updated exists; 4. the
    /// expected version is there; 5. there is a next version; 6. the caller keeps to its quotas.
    pub(crate) fn put_constraint(&mut self, now: Time, put: &PutConstraint) -> Result<Outcome, Rejection> {
        if put.volumes.time().end() < now {
            return Err(Rejection::EndInPast);
        }
        let old = self.constraints.get(put.id);
        let version = match (old, put.expected) {
            (Some(old), _) if old.manager != put.caller => return Err(Rejection::NotManager),
            (None, Expected::Version(_)) => return Err(Rejection::ConstraintUpdateOfUnknown),
            (Some(_), Expected::Nothing) => return Err(Rejection::AlreadyExists),
            (Some(old), Expected::Version(ovn)) if ovn != Some(old.ovn) => return Err(Rejection::OvnMismatch),
            (Some(old), Expected::Version(_)) => old.version.checked_add(1).ok_or(Rejection::VersionsExhausted)?,
            (None, Expected::Nothing) => 1,
        };
        let less = Holding::of_old(old);
        self.check_quotas(&put.caller, Holding::of(put.volumes.as_slice()), less)?;

        let old = self.constraints.remove(put.id);
        let record = ConstraintRecord {
            id: put.id,
            manager: self.names.uss(&put.caller),
            version,
            ovn: Ovn::Issued(put.ovn),
            uss_base_url: self.names.url(&put.uss_base_url),
            volumes: put.volumes.clone(),
        };
        let reference = self.constraint_reference(&record, &put.caller);
        self.constraints.insert(record);
        let old_volumes = old.as_ref().map_or(&[][..], |old| old.volumes.as_slice());
        let subscribers = self.notify(now, Changed::Constraint, &[old_volumes, put.volumes.as_slice()]);
        Ok(Outcome::ConstraintPut { reference, subscribers })
    }

    /// Rules, in order: 1. it exists; 2. the caller is the manager; 3. the OVN is the current one.
    pub(crate) fn delete_constraint(&mut self, now: Time, delete: &DeleteConstraint) -> Result<Outcome, Rejection> {
        let old = self.constraints.get(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if old.manager != delete.caller {
            return Err(Rejection::NotManager);
        }
        if delete.ovn != Some(old.ovn) {
            return Err(Rejection::OvnMismatch);
        }

        let reference = self.constraint_reference(old, &delete.caller);
        let old = self.constraints.remove(delete.id).expect("it was there a moment ago");
        let subscribers = self.notify(now, Changed::Constraint, &[old.volumes.as_slice()]);
        Ok(Outcome::ConstraintDeleted { reference, subscribers })
    }
}
