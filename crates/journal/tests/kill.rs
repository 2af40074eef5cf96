//! A real process that is killed at random moments while it appends: what it said is there, and nothing is half there.
//!
//! The test starts its own program again, as the child that appends. SIGKILL ends a process, not the machine: what the kernel
//! has is kept. That unsynced bytes may be lost is the business of `crash.rs`.

use deconflict_journal::faulty::SplitMix;
use deconflict_journal::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const KILLS: u32 = 60;
const FOLDER: &str = "DECONFLICT_JOURNAL_KILL_TEST";
const OPTIONS: Options = Options { segment_bytes: 100_000 };

/// What the record at a position holds: anybody can tell whether it is right, and batches are as long as their first says.
fn content(position: u64) -> Vec<u8> {
    let mut random = SplitMix(position);
    let length = random.below(3000);
    (0..length).map(|_| random.next_u64() as u8).collect()
}

fn batch_length(position: u64) -> u64 {
    1 + SplitMix(!position).below(20) as u64
}

/// The child: appends for ever, says each end that was acknowledged, and takes snapshots and removes segments on the way.
#[test]
fn child_process() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let (journal, _) = Journal::open(Arc::new(Disk::open(PathBuf::from(folder)).unwrap()), OPTIONS).unwrap();
    let mut output = std::io::stdout().lock();
    for round in 0.. {
        let end = journal.tip().position;
        let contents: Vec<_> = (0..batch_length(end.get())).map(|index| content(end.get() + index)).collect();
        let entries: Vec<_> = contents.iter().map(|content| Entry { content, evidence: false }).collect();
        let batch = Batch::new(1, Nonce([0; 16]), &entries).unwrap();
        let Outcome::Appended { end } = journal.append(end, &batch).unwrap() else { panic!("nobody else appends") };
        writeln!(output, "acknowledged {end}").unwrap();
        if round % 7 == 6 {
            journal.write_snapshot(end, &mut |sink| sink.write_all(&content(end.get()))).unwrap();
            writeln!(output, "snapshot {end}").unwrap();
            journal.remove_dispensable(&mut |_| false).unwrap();
        }
    }
}

/// What the child says, as numbers: what is acknowledged, and where a snapshot is.
fn listen(child: &mut Child) -> Receiver<(bool, u64)> {
    let (sender, receiver) = channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            // The test harness of the child says things too.
            let said = line.rsplit_once(' ').and_then(|(what, number)| Some((what.to_owned(), number.parse().ok()?)));
            match said {
                Some((what, number)) if what.ends_with("acknowledged") => drop(sender.send((true, number))),
                Some((what, number)) if what.ends_with("snapshot") => drop(sender.send((false, number))),
                _ => {}
            }
        }
    });
    receiver
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("journal-kill-{}", std::process::id()));
    drop(Journal::create(Arc::new(Disk::create(&folder).unwrap()), JournalId([3; 16]), OPTIONS).unwrap());
    let mut random = SplitMix(42);
    let (mut acknowledged, mut snapshot, mut torn) = (0, 0, 0);
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_process", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = listen(&mut child);
        let mut hear = |(is_acknowledged, number): (bool, u64)| {
            let known: &mut u64 = if is_acknowledged { &mut acknowledged } else { &mut snapshot };
            *known = number.max(*known);
        };
        // It lives until it has appended something, and then for a random time.
        hear(said.recv_timeout(Duration::from_secs(60)).expect("the child appends"));
        let end = Instant::now() + Duration::from_micros(random.below(50_000) as u64);
        loop {
            match said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(news) if Instant::now() < end => hear(news),
                Ok(news) => break hear(news),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself"),
            }
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        said.iter().for_each(&mut hear);
        torn += u32::from(check(&folder, acknowledged, snapshot, kill));
    }
    println!("{KILLS} kills, {acknowledged} records acknowledged, {torn} batches torn");
    std::fs::remove_dir_all(folder).unwrap();
}

/// Opens the journal as the next process would; says whether a batch was torn.
fn check(folder: &Path, acknowledged: u64, snapshot: u64, kill: u32) -> bool {
    let (journal, recovery) = Journal::open(Arc::new(Disk::open(folder).unwrap()), OPTIONS).unwrap();
    let end = recovery.end.get();
    assert!(end >= acknowledged, "kill {kill}: {acknowledged} were acknowledged, the log ends at {end}");
    assert!(end <= acknowledged + batch_length(acknowledged), "kill {kill}: more than one batch is new");
    let newest = journal.newest_snapshot().unwrap();
    assert!(newest.damaged.is_empty());
    let found = newest.snapshot.map_or(0, |mut snapshot| {
        let mut bytes = Vec::new();
        snapshot.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, content(snapshot.position().get()), "kill {kill}: the snapshot");
        snapshot.position().get()
    });
    assert!(found >= snapshot, "kill {kill}: a snapshot at {snapshot} was acknowledged, the newest is at {found}");
    let mut left_in_batch = 0;
    for record in journal.reader(journal.first()).unwrap() {
        let record = record.unwrap();
        let position = record.position.get();
        assert_eq!(record.content, content(position), "kill {kill}: record {position}");
        if left_in_batch == 0 {
            left_in_batch = batch_length(position);
        }
        left_in_batch -= 1;
    }
    assert_eq!(left_in_batch, 0, "kill {kill}: half a batch");
    recovery.torn.is_some()
}
