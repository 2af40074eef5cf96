//! Identification service areas of F3411: where and when a service provider has flights that can be asked for. Both versions
//! of the standard, F3411-19 and F3411-22a, write and see the same ones. Does not know which of them a client speaks.

use crate::codec::coded_struct;
use crate::command::{DeleteIdentificationServiceArea, Expected, PutIdentificationServiceArea};
use crate::digest::{Role, hash};
use crate::held::Holding;
use crate::id::{EntityId, UssBaseUrl, UssId};
use crate::outcome::{IdentificationServiceArea, Outcome, Rejection};
use crate::records::IdentificationServiceAreaRecord;
use crate::registry::Registry;
use crate::table::Record;
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cells, Volume};
use crate::wanted::Wanted;
use alloc::vec::Vec;
use core::slice;

coded_struct!(IdentificationServiceAreaRecord { id, owner, version, url, extent });

impl Record for IdentificationServiceAreaRecord {
    type Id = EntityId;

    fn id(&self) -> EntityId {
        self.id
    }

    fn volumes(&self) -> &[Volume] {
        slice::from_ref(&self.extent)
    }

    fn end(&self) -> Time {
        self.extent.time.end()
    }

    fn hash(&self) -> u128 {
        hash(Role::IdentificationServiceArea, self)
    }

    fn manager(&self) -> &UssId {
        &self.owner
    }

    fn shared(&mut self) -> (&mut UssId, &mut UssBaseUrl) {
        (&mut self.owner, &mut self.url)
    }
}

impl IdentificationServiceAreaRecord {
    fn view(&self) -> IdentificationServiceArea {
        IdentificationServiceArea {
            id: self.id,
            owner: self.owner.clone(),
            version: self.version,
            time: self.extent.time,
            url: self.url.clone(),
        }
    }
}

impl Registry {
    /// Rules, in order: 1. what is to be created is not there, what is to be updated is; 2. the caller is the owner; 3. the
    /// version is the current one; 4. those of [`Wanted::span`], with no longest; 5. there is a next version;
    /// 6. the caller keeps to its quotas.
    pub(crate) fn put_service_area(&mut self, now: Time, put: &PutIdentificationServiceArea) -> Result<Outcome, Rejection> {
        let old = self.service_areas.get(put.id);
        match (old, put.expected) {
            (None, Expected::Version(_)) => return Err(Rejection::UpdateOfUnknown),
            (Some(_), Expected::Nothing) => return Err(Rejection::AlreadyExists),
            (Some(old), _) if old.owner != put.caller => return Err(Rejection::NotManager),
            (Some(old), Expected::Version(version)) if version != Some(old.version) => return Err(Rejection::VersionMismatch),
            _ => {}
        }
        let wanted = Wanted { start: put.start, end: put.end };
        let time = wanted.span(now, old.map(|old| old.extent.time), None)?;
        let version = self.state.last_rid_version.next(now)?;
        let extent = Volume { cells: put.cells.clone(), altitude: AltitudeBand::ALL, time };
        let less = Holding::of_old(old);
        self.check_quotas(&put.caller, Holding::of(slice::from_ref(&extent)), less)?;

        self.state.last_rid_version = version;
        let old = self.service_areas.remove(put.id);
        let mut record =
            IdentificationServiceAreaRecord { id: put.id, owner: put.caller.clone(), version, url: put.url.clone(), extent };
        self.names.share(&mut record);
        let service_area = record.view();
        self.service_areas.insert(record);
        let places = old.iter().map(|old| &old.extent.cells).chain([&put.cells]);
        let subscribers = self.notify_of_service_area(now, places);
        Ok(Outcome::IdentificationServiceAreaPut { service_area, subscribers })
    }

    /// Rules, in order: 1. it exists; 2. the version is the current one; 3. the caller is the owner.
    pub(crate) fn delete_service_area(
        &mut self,
        now: Time,
        delete: &DeleteIdentificationServiceArea,
    ) -> Result<Outcome, Rejection> {
        let old = self.service_areas.get(delete.id).ok_or(Rejection::DeleteOfUnknown)?;
        if delete.version != old.version {
            return Err(Rejection::VersionMismatch);
        }
        if old.owner != delete.caller {
            return Err(Rejection::NotManager);
        }

        let old = self.service_areas.remove(delete.id).expect("it was there a moment ago");
        let subscribers = self.notify_of_service_area(now, [&old.extent.cells]);
        Ok(Outcome::IdentificationServiceAreaDeleted { service_area: old.view(), subscribers })
    }

    /// The area `id`, ended or not. Everybody may see it.
    pub fn identification_service_area(&self, id: EntityId) -> Option<IdentificationServiceArea> {
        self.service_areas.get(id).map(IdentificationServiceAreaRecord::view)
    }

    /// All areas that have not ended at `now` and share a cell with `cells` and an instant with `time`, ascending by id.
    /// Altitude does not count.
    pub fn identification_service_areas_in(&self, cells: &Cells, time: TimeSpan, now: Time) -> Vec<IdentificationServiceArea> {
        // What is over is not found, even by a search that reaches back.
        let Ok(time) = TimeSpan::new(time.start().max(self.now(now)), time.end()) else { return Vec::new() };
        let found = self.service_areas.in_cells([cells], time).into_iter();
        found.map(IdentificationServiceAreaRecord::view).collect()
    }
}
