//! `deconflict journal`: looking after a data directory without the service.

mod dump;
mod remote;

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deconflict_journal::{
    Archive, BackupError, Copied, Disk, OpenError, Position, Progress, Storage, StoreError, backup, chain, restore,
};

use crate::args::{Access, Journal, JournalCommand};
use crate::client::Client;
use crate::{Status, output, progress};
use remote::Remote;

/// Does what is asked.
pub fn run(journal: &Journal) -> Status {
    match &journal.command {
        JournalCommand::Verify { dir } => verify(dir),
        JournalCommand::Dump { dir, from, limit } => dump(dir, *from, *limit),
        JournalCommand::Backup { dir, to } => copy(dir, to, "backup", |from, to, bar| backup(from, &*to, bar)),
        JournalCommand::Fetch { to, access } => fetch(to, access),
        JournalCommand::Restore { backup, to } => copy(backup, to, "restored", |from, to, bar| restore(&from, &to, bar)),
    }
}

/// Copies what a service has into a folder beside the new one, verified on the way, and makes a data directory of that.
fn fetch(to: &Path, access: &Access) -> Status {
    let remote = match Client::one(access).and_then(Remote::open) {
        Ok(remote) => Arc::new(remote),
        Err(why) => {
            output::complain(&format!("error: {}: {why}\n", access.server));
            return Status::BadInput;
        }
    };
    let mut beside = to.as_os_str().to_owned();
    beside.push(".fetched");
    let beside = PathBuf::from(beside);
    if std::fs::read_dir(to).is_ok_and(|mut files| files.next().is_some()) {
        return failed(to, &io::Error::other("the directory must be empty"), Status::BadInput);
    }
    // What an earlier attempt has left is of no use.
    if beside.exists()
        && let Err(error) = std::fs::remove_dir_all(&beside)
    {
        return failed(&beside, &error, Status::BadInput);
    }
    let made = Disk::create(&beside).and_then(|copy| Ok((copy, Disk::create(to)?)));
    let (copy, target): (Arc<dyn Storage>, Arc<dyn Storage>) = match made {
        Ok((copy, target)) => (Arc::new(copy), Arc::new(target)),
        Err(error) => return failed(to, &error, Status::BadInput),
    };
    let fetched = with_bar("fetched", |on_progress| backup(remote, &*copy, on_progress));
    let restored = fetched.and_then(|_| with_bar("restored", |on_progress| restore(&copy, &target, on_progress)));
    let _ = std::fs::remove_dir_all(&beside);
    told("fetched", Path::new(&access.server), restored)
}

fn verify(dir: &Path) -> Status {
    let archive = match open(dir) {
        Ok(archive) => archive,
        Err(status) => return status,
    };
    let verified = match with_bar("verify", |on_progress| archive.verify(on_progress)) {
        Ok(verified) => verified,
        Err(error) => return failed(dir, &error, Status::BadInput),
    };
    let mut text = format!(
        "journal {}\nrecords {} to {}, {} of them evidence, in {} segments\ntip {}\n",
        verified.id, verified.start, verified.tip.position, verified.evidence, verified.segments, verified.tip.previous
    );
    for snapshot in &verified.snapshots {
        text.push_str(&format!("snapshot of the first {snapshot} records\n"));
    }
    for removal in &verified.removals {
        text.push_str(&format!("removed on purpose: {removal:?}\n"));
    }
    if let Some(torn) = &verified.torn {
        text.push_str(&format!("a write at the end is not finished, which is no damage: {torn:?}\n"));
    }
    let status = if verified.damage.is_empty() { Status::Clear } else { Status::Found };
    let verdict = if status == Status::Clear { "whole\n" } else { "DAMAGED\n" };
    text.push_str(verdict);
    let status = output::print_plain(&text, status);
    for damage in &verified.damage {
        output::complain(&format!("damage: {damage}\n"));
    }
    status
}

fn dump(dir: &Path, from: u64, limit: Option<u64>) -> Status {
    let archive = match open(dir) {
        Ok(archive) => archive,
        Err(status) => return status,
    };
    let mut left = limit.unwrap_or(u64::MAX);
    let mut damaged = None;
    let status = output::write(Status::Clear, |out| {
        let mut written = Ok(());
        let result = archive.dump(Position::new(from), &mut |record| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            written = serde_json::to_writer(&mut *out, &dump::line(record)).map_err(io::Error::from).and_then(|()| writeln!(out));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        damaged = result.err();
        written
    });
    match damaged {
        Some(error @ StoreError::Damaged(_)) => failed(dir, &error, Status::Found),
        Some(error) => failed(dir, &error, Status::BadInput),
        None => status,
    }
}

type OnProgress<'a> = &'a mut dyn FnMut(Progress<'_>);

fn copy(
    from: &Path,
    to: &Path,
    done: &str,
    work: impl FnOnce(Arc<dyn Storage>, Arc<dyn Storage>, OnProgress<'_>) -> Result<Copied, BackupError>,
) -> Status {
    let source: Arc<dyn Storage> = match Disk::open(from) {
        Ok(disk) => Arc::new(disk),
        Err(error) => return failed(from, &error, Status::BadInput),
    };
    let target: Arc<dyn Storage> = match Disk::create(to) {
        Ok(disk) => Arc::new(disk),
        Err(error) => return failed(to, &error, Status::BadInput),
    };
    told(done, from, with_bar(done, |on_progress| work(source, target, on_progress)))
}

fn told(done: &str, from: &Path, copied: Result<Copied, BackupError>) -> Status {
    match copied {
        Ok(Copied { id, tip, files, bytes }) => {
            let text = format!("{done}: journal {id}, {files} files, {bytes} bytes, records before {}\n", tip.position);
            output::print_plain(&text, Status::Clear)
        }
        Err(error) => {
            let is_damage = matches!(
                error,
                BackupError::Store(StoreError::Damaged(_)) | BackupError::Source(OpenError::Store(StoreError::Damaged(_)))
            );
            failed(from, &error, if is_damage { Status::Found } else { Status::BadInput })
        }
    }
}

fn open(dir: &Path) -> Result<Archive, Status> {
    let disk = Disk::open(dir).map_err(|error| failed(dir, &error, Status::BadInput))?;
    Archive::open(Arc::new(disk)).map_err(|error| {
        let is_damage = matches!(error, OpenError::Store(StoreError::Damaged(_)));
        failed(dir, &error, if is_damage { Status::Found } else { Status::BadInput })
    })
}

fn failed(dir: &Path, error: &dyn std::error::Error, status: Status) -> Status {
    output::complain(&format!("error: {}: {}\n", dir.display(), chain(error)));
    status
}

/// Does long work beside a bar.
fn with_bar<T>(what: &str, work: impl FnOnce(OnProgress<'_>) -> T) -> T {
    let mut bar = None;
    let result = work(&mut |progress: Progress<'_>| {
        let bar = bar.get_or_insert_with(|| progress::reading(what, Some(progress.bytes_total)));
        bar.set_position(progress.bytes_done);
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    result
}
