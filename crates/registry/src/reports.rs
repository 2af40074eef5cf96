//! Reports that USSs filed (F3548: `makeDssReport`): who and when. The report itself stays in the log, where the command is.

use crate::command::FileReport;
use crate::digest::{Role, Sum, hash};
use crate::id::{ReportId, UssId};
use crate::outcome::{Outcome, Rejection};
use crate::records::ReportRecord;
use crate::registry::Registry;
use crate::time::Time;
use alloc::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(crate) struct Reports {
    by_id: BTreeMap<ReportId, ReportRecord>,
    by_time: BTreeSet<(Time, ReportId)>,
    /// Bytes by reporter; follows from the rest.
    held: BTreeMap<UssId, u64>,
    digest: Sum,
}

impl Reports {
    pub fn contains(&self, id: ReportId) -> bool {
        self.by_id.contains_key(&id)
    }

    pub fn insert(&mut self, report: ReportRecord) {
        self.digest.add(hash(Role::Report, &report));
        self.by_time.insert((report.filed_at, report.id));
        *self.held.entry(report.reporter.clone()).or_default() += counted(report.body_bytes);
        self.by_id.insert(report.id, report);
    }

    /// When the first report was filed.
    pub fn first_filed(&self) -> Option<Time> {
        self.by_time.first().map(|(filed_at, _)| *filed_at)
    }

    /// Lets the first report go, if it was filed before `cutoff`.
    pub fn remove_first(&mut self, cutoff: Time) -> Option<ReportId> {
        let &(filed_at, id) = self.by_time.first()?;
        if filed_at >= cutoff {
            return None;
        }
        self.by_time.pop_first();
        let report = self.by_id.remove(&id).expect("bug: a report is listed that is not there");
        self.digest.subtract(hash(Role::Report, &report));
        let held = self.held.get_mut(&report.reporter).expect("bug: a report was counted for nobody");
        *held -= counted(report.body_bytes);
        if *held == 0 {
            self.held.remove(&report.reporter);
        }
        Some(id)
    }

    /// The bytes of the reports that `uss` filed and that are still listed.
    pub fn held(&self, uss: &UssId) -> u64 {
        self.held.get(uss).copied().unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &ReportRecord> {
        self.by_id.values()
    }

    pub fn digest(&self) -> Sum {
        self.digest
    }
}

/// What a report of so many bytes counts as: it takes some room however short it is.
fn counted(body_bytes: u32) -> u64 {
    u64::from(body_bytes.max(4096))
}

impl Registry {
    /// Rules, in order: 1. the id that was drawn is new; 2. the reporter keeps to its quota.
    pub(crate) fn file_report(&mut self, now: Time, file: &FileReport) -> Result<Outcome, Rejection> {
        if self.reports.contains(file.id) {
            return Err(Rejection::FreshIdTaken);
        }
        let body_bytes = u32::try_from(file.body.len()).unwrap_or(u32::MAX);
        self.check_quota_of_reports(&file.reporter, counted(body_bytes))?;
        let reporter = self.names.uss(&file.reporter);
        self.reports.insert(ReportRecord { id: file.id, reporter, filed_at: now, body_bytes });
        Ok(Outcome::ReportFiled { id: file.id })
    }
}
