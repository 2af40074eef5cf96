//! A journal on a real file system: the lock, files of other people, a backup while it is written.

mod common;

use common::{ID, OPTIONS, append, contents, item};
use deconflict_journal::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A folder that is not there yet, in the build's folder for temporary files; removed when the test was successful.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("journal-{name}-{}", std::process::id()));
        assert!(!path.exists(), "{}", path.display());
        Self(path)
    }

    fn disk(&self, name: &str) -> Arc<Disk> {
        Arc::new(Disk::create(self.0.join(name)).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }
}

#[test]
fn what_is_appended_is_there_after_opening_again() {
    let folder = Folder::new("again");
    let disk = folder.disk("deep/in/new/folders");
    let journal = Journal::create(disk.clone(), ID, OPTIONS).unwrap();
    let mut expected = Vec::new();
    for number in 0..50_u32 {
        expected.push(number.to_string().into_bytes().repeat(100));
        append(&journal, &[item(expected.last().unwrap())]);
    }
    drop(journal);
    let (journal, recovery) = Journal::open(disk, OPTIONS).unwrap();
    assert_eq!((recovery.start.get(), recovery.end.get(), recovery.torn), (0, 50, None));
    assert_eq!(contents(&journal), expected);
}

#[test]
fn the_lock_says_who_has_it() {
    let folder = Folder::new("lock");
    let disk = folder.disk("data");
    let journal = Journal::create(disk.clone(), ID, OPTIONS).unwrap();
    let error = Journal::open(disk.clone(), OPTIONS).map(drop).unwrap_err();
    let by = format!("process {}", std::process::id());
    assert!(matches!(&error, OpenError::Locked { by: holder } if *holder == by), "{error}");
    drop(journal);
    Journal::open(disk, OPTIONS).unwrap();
}

/// That a sync reaches the disk cannot be seen from here; that the kernel is asked can: it refuses what cannot be synced.
#[test]
#[cfg(target_os = "linux")]
fn syncs_are_asked_of_the_kernel() {
    let devices = Disk::open("/dev").unwrap();
    let error = devices.open("null").unwrap().sync_data().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
    let error = Disk::open("/proc").unwrap().sync_directory().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = Folder::new("others");
    let disk = folder.disk("data");
    drop(Journal::create(disk.clone(), ID, OPTIONS).unwrap());
    let others = ["README", "1.segment", "00000000000000000000.segment.tmp.txt", "x.snapshot"];
    others.iter().for_each(|name| std::fs::write(disk.path().join(name), "not ours").unwrap());
    std::fs::create_dir(disk.path().join("lost+found")).unwrap();
    std::fs::write(disk.path().join("00000000000000000009.snapshot.tmp"), "never finished").unwrap();
    let (_, recovery) = Journal::open(disk.clone(), OPTIONS).unwrap();
    assert_eq!(recovery.removed_files, ["00000000000000000009.snapshot.tmp"]);
    others.iter().for_each(|name| assert!(disk.path().join(name).exists(), "{name}"));
}

#[test]
fn a_torn_batch_is_cut_away_and_reported() {
    let folder = Folder::new("torn");
    let disk = folder.disk("data");
    let journal = Journal::create(disk.clone(), ID, OPTIONS).unwrap();
    append(&journal, &[item(b"whole")]);
    append(&journal, &[item(b"torn")]);
    drop(journal);
    let path = disk.path().join("00000000000000000000.segment");
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(128 + 136 + 100).unwrap();
    let (journal, recovery) = Journal::open(disk, OPTIONS).unwrap();
    let torn = recovery.torn.unwrap();
    assert_eq!(
        (torn.bytes, torn.at.to_string()),
        (
            100,
            "damaged journal: `00000000000000000000.segment`, byte 264, record 1: found the end of the file after 100 bytes; \
             expected 128 bytes of a record header"
                .to_owned()
        )
    );
    assert_eq!(contents(&journal), [b"whole"]);
    assert_eq!(std::fs::metadata(path).unwrap().len(), 128 + 136);
}

#[test]
fn a_backup_of_a_journal_that_another_process_writes_is_whole() {
    let folder = Folder::new("live");
    let disk = folder.disk("data");
    let journal = Journal::create(disk.clone(), ID, Options { segment_bytes: 200_000 }).unwrap();
    append(&journal, &[item(b"first")]);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0_u32;
            while !is_over.load(Ordering::Relaxed) {
                number += 1;
                append(&journal, &[item(&number.to_le_bytes().repeat(5000)), item(b"pair")]);
            }
        });
        let mut last = 0;
        for round in 0..8 {
            let (backup, target) = (folder.disk(&format!("backup-{round}")), folder.disk(&format!("target-{round}")));
            let copied = deconflict_journal::backup(disk.clone(), &*backup, &mut |_| {}).unwrap();
            let (backup, restored): (Arc<dyn Storage>, Arc<dyn Storage>) = (backup, target.clone());
            restore(&backup, &restored, &mut |_| {}).unwrap();
            let (journal, recovery) = Journal::open(target, OPTIONS).unwrap();
            assert_eq!((journal.tip(), recovery.torn), (copied.tip, None));
            assert_eq!(copied.tip.position.get() % 2, 1, "half a batch was copied");
            assert!(copied.tip.position.get() >= last);
            last = copied.tip.position.get();
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_dump_shows_where_everything_is() {
    let folder = Folder::new("dump");
    let disk = folder.disk("data");
    let journal = Journal::create(disk.clone(), ID, OPTIONS).unwrap();
    append(&journal, &[item(b"one"), item(b"two")]);
    append(&journal, &[item(b"three")]);
    let mut lines = Vec::new();
    let archive = Archive::open(disk.clone()).unwrap();
    let mut show = |dumped: &Dumped<'_>| {
        // The content lies where the dump says.
        let file = std::fs::read(disk.path().join(dumped.file)).unwrap();
        let start = usize::try_from(dumped.offset).unwrap() + 128;
        assert_eq!(file[start..start + dumped.content.len()], *dumped.content);
        assert_eq!(Hash::of(&file[start - 128..start]), dumped.hash);
        assert_eq!(Hash::of(dumped.content), dumped.content_hash);
        lines.push((dumped.position.get(), dumped.offset, dumped.content.len()));
        std::ops::ControlFlow::Continue(())
    };
    archive.dump(Position::new(1), &mut show).unwrap();
    assert_eq!(lines, [(1, 264, 3), (2, 400, 5)]);
    let mut count = 0;
    let mut break_off = |_: &Dumped<'_>| {
        count += 1;
        std::ops::ControlFlow::Break(())
    };
    archive.dump(Position::START, &mut break_off).unwrap();
    assert_eq!(count, 1);
}
