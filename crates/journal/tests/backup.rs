//! Backup and restore: from a journal in use, across crashes at every call, and never a part for the whole.

mod common;

use common::{ID, OPTIONS, append, contents, item, work};
use deconflict_journal::faulty::{Fault, Faulty, Survives};
use deconflict_journal::*;
use std::sync::Arc;

fn shared(storage: &Faulty) -> Arc<dyn Storage> {
    Arc::new(storage.clone())
}

/// A journal with holes, evidence and snapshots.
fn journal() -> Faulty {
    let storage = Faulty::new();
    let told = work(&storage, 60, 4);
    assert!(told.acknowledged.len() > 60);
    storage
}

fn tip(storage: &Faulty) -> Place {
    Journal::open(shared(storage), OPTIONS).unwrap().0.tip()
}

#[test]
fn a_restored_journal_is_the_same_and_goes_on() {
    let source = journal();
    let (backup, target) = (Faulty::new(), Faulty::new());
    let mut seen = Vec::new();
    let copied = deconflict_journal::backup(shared(&source), &backup, &mut |progress| {
        assert!(progress.bytes_done <= progress.bytes_total);
        seen.push(progress.file.to_owned());
    })
    .unwrap();
    assert_eq!(copied.tip, tip(&source));
    assert!(copied.files > 4 && seen.len() >= copied.files - 1, "{copied:?} {seen:?}");
    let restored = restore(&shared(&backup), &shared(&target), &mut |_| {}).unwrap();
    assert_eq!(restored, copied);
    for name in source.list().unwrap() {
        assert_eq!(source.bytes(&name), target.bytes(&name), "{name}");
    }
    let (journal, recovery) = Journal::open(shared(&target), OPTIONS).unwrap();
    assert_eq!((recovery.torn, recovery.removed_files.len(), recovery.end), (None, 0, copied.tip.position));
    append(&journal, &[item(b"after")]);
}

#[test]
fn a_backup_is_a_list_that_sha256sum_checks() {
    let backup = Faulty::new();
    deconflict_journal::backup(shared(&journal()), &backup, &mut |_| {}).unwrap();
    let sums = String::from_utf8(backup.bytes("SHA256SUMS")).unwrap();
    let mut names: Vec<_> = backup.list().unwrap();
    names.retain(|name| name != "SHA256SUMS");
    let mut listed = Vec::new();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, Hash::of(&backup.bytes(name)).to_string());
        listed.push(name.to_owned());
    }
    listed.sort();
    assert_eq!(listed, names);
}

#[test]
fn a_journal_in_use_is_copied_up_to_a_batch() {
    let source = Faulty::new();
    let journal = Journal::create(shared(&source), ID, OPTIONS).unwrap();
    append(&journal, &[item(b"before")]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..300_u32).for_each(|number| {
                append(&journal, &[item(&number.to_le_bytes()), item(b"pair")]);
            });
        });
        for round in 0..20 {
            let (backup, target) = (Faulty::new(), Faulty::new());
            let copied = match round % 2 {
                0 => journal.backup(&backup, &mut |_| {}),
                _ => deconflict_journal::backup(shared(&source), &backup, &mut |_| {}),
            };
            let copied = copied.unwrap();
            restore(&shared(&backup), &shared(&target), &mut |_| {}).unwrap();
            let (restored, recovery) = Journal::open(shared(&target), OPTIONS).unwrap();
            assert_eq!((restored.tip(), recovery.torn), (copied.tip, None));
            assert_eq!(contents(&restored).len() % 2, 1, "half a batch was copied");
        }
    });
}

#[test]
fn a_backup_that_did_not_end_is_never_restored() {
    let source = journal();
    let whole = Faulty::new();
    deconflict_journal::backup(shared(&source), &whole, &mut |_| {}).unwrap();
    for call in 0..whole.calls() {
        let backup = Faulty::new();
        backup.plan(call, Fault::Crash);
        assert!(deconflict_journal::backup(shared(&source), &backup, &mut |_| {}).is_err());
        for survives in [Survives::Nothing, Survives::Everything, Survives::Some(call), Survives::Beginning(call)] {
            let target = Faulty::new();
            match restore(&shared(&backup.crash(survives)), &shared(&target), &mut |_| {}) {
                Err(_) => assert!(Journal::open(shared(&target), OPTIONS).is_err(), "call {call}"),
                // The last call only makes durable what is complete.
                Ok(copied) => assert_eq!(copied.tip, tip(&source), "call {call}, {survives:?}"),
            }
        }
    }
}

#[test]
fn a_restore_that_did_not_end_leaves_no_journal_that_opens() {
    // One journal with holes, which needs its list of them, and one that is only a row of segments.
    let row = Faulty::new();
    let journal_of_row = Journal::create(shared(&row), ID, Options { segment_bytes: 0 }).unwrap();
    (0..6).for_each(|number| assert!(matches!(append(&journal_of_row, &[item(&[number])]), Outcome::Appended { .. })));
    drop(journal_of_row);
    for source in [journal(), row] {
        let backup = Faulty::new();
        let copied = deconflict_journal::backup(shared(&source), &backup, &mut |_| {}).unwrap();
        let whole = Faulty::new();
        restore(&shared(&backup), &shared(&whole), &mut |_| {}).unwrap();
        let mut refused = 0;
        for call in 0..whole.calls() {
            let target = Faulty::new();
            target.plan(call, Fault::Crash);
            assert!(restore(&shared(&backup), &shared(&target), &mut |_| {}).is_err());
            for survives in [Survives::Nothing, Survives::Everything, Survives::Some(call), Survives::Beginning(call)] {
                match Journal::open(shared(&target.crash(survives)), OPTIONS) {
                    Ok((journal, _)) => assert_eq!(journal.tip(), copied.tip, "call {call}, {survives:?}"),
                    Err(error) => {
                        let text = chain(&error);
                        let is_clear = ["no journal", "missing", "no segment"].iter().any(|reason| text.contains(reason));
                        assert!(is_clear, "{text}");
                        refused += 1;
                    }
                }
            }
        }
        assert!(refused > 80, "{refused}");
    }
}

#[test]
fn a_restore_that_was_interrupted_can_be_repeated() {
    let backup = Faulty::new();
    deconflict_journal::backup(shared(&journal()), &backup, &mut |_| {}).unwrap();
    let target = Faulty::new();
    target.plan(12, Fault::Io);
    assert!(restore(&shared(&backup), &shared(&target), &mut |_| {}).is_err());
    restore(&shared(&backup), &shared(&target), &mut |_| {}).unwrap();
    assert_eq!(tip(&target), Archive::open(shared(&backup)).unwrap().verify(&mut |_| {}).unwrap().tip);
}

#[test]
fn nothing_is_overwritten() {
    let source = journal();
    let error = deconflict_journal::backup(shared(&source), &source, &mut |_| {}).unwrap_err();
    assert!(error.to_string().ends_with("it must be empty"), "{error}");
    let backup = Faulty::new();
    deconflict_journal::backup(shared(&source), &backup, &mut |_| {}).unwrap();
    let error = restore(&shared(&backup), &shared(&source), &mut |_| {}).unwrap_err();
    assert!(error.to_string().ends_with("it must be empty"), "{error}");
}

#[test]
fn nobody_works_in_a_backup() {
    let backup = Faulty::new();
    deconflict_journal::backup(shared(&journal()), &backup, &mut |_| {}).unwrap();
    let error = Journal::open(shared(&backup), OPTIONS).map(drop).unwrap_err();
    assert!(error.to_string().contains("restore it into an empty directory"), "{error}");
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let whole = Faulty::new();
    deconflict_journal::backup(shared(&journal()), &whole, &mut |_| {}).unwrap();
    for name in whole.list().unwrap() {
        let backup = whole.crash(Survives::Everything);
        let mut bytes = backup.bytes(&name);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        backup.put(&name, &bytes);
        let target = Faulty::new();
        assert!(restore(&shared(&backup), &shared(&target), &mut |_| {}).is_err(), "{name}");
        assert!(matches!(Journal::open(shared(&target), OPTIONS), Err(OpenError::Missing)), "{name}");
    }
}

#[test]
fn a_backup_with_a_file_of_an_earlier_one_is_not_restored() {
    // Each file is whole and the chain is too; only the sums know that something is missing.
    let source = Faulty::new();
    let journal = Journal::create(shared(&source), ID, OPTIONS).unwrap();
    let (earlier, later) = (Faulty::new(), Faulty::new());
    append(&journal, &[item(b"one")]);
    journal.backup(&earlier, &mut |_| {}).unwrap();
    append(&journal, &[item(b"two")]);
    journal.backup(&later, &mut |_| {}).unwrap();
    let name = "00000000000000000000.segment";
    later.put(name, &earlier.bytes(name));
    let error = restore(&shared(&later), &shared(&Faulty::new()), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("as `SHA256SUMS` says"), "{error}");
}

#[test]
fn a_damaged_journal_gives_no_backup() {
    let source = journal();
    let name = source.list().unwrap().into_iter().rfind(|name| name.ends_with(".segment")).unwrap();
    let mut bytes = source.bytes(&name);
    bytes[140] ^= 1;
    source.put(&name, &bytes);
    let backup = Faulty::new();
    assert!(deconflict_journal::backup(shared(&source), &backup, &mut |_| {}).is_err());
    let error = restore(&shared(&backup), &shared(&Faulty::new()), &mut |_| {}).unwrap_err();
    assert!(matches!(error, BackupError::Incomplete), "{error}");
}
