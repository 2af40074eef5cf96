//! How fast a journal appends and is read again, beside what the disk itself can do in the same minute.
//!
//! `cargo run --release -p deconflict-journal --example append -- DIRECTORY [RECORDS]`
//!
//! For batches of 1 to 1000 records of 1 KB: append by append, each beside a plain write of as many bytes with one fdatasync.
//! Disks of virtual machines differ tenfold from one minute to the next; only the ratio means something. Then a journal of
//! RECORDS records (1 million if not given) is written, opened and read through. DIRECTORY is made and must not exist.

use deconflict_journal::{Batch, Disk, Entry, Journal, JournalId, Log, Nonce, Options, Position};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const RECORD_BYTES: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("give a directory that is not there yet")?;
    let records: u64 = arguments.next().map_or(Ok(1_000_000), |records| records.parse())?;
    let directory = Path::new(&directory);
    std::fs::create_dir(directory)?;

    println!("batch   appends/s   records/s    MB/s   p50 ms   p99 ms   plain/s   p50 ms   p99 ms   ratio");
    for batch in [1, 10, 100, 1000] {
        appends(directory, batch)?;
    }
    replay(directory, records)?;
    std::fs::remove_dir_all(directory)?;
    Ok(())
}

fn new_journal(directory: &Path) -> Result<Journal, Box<dyn std::error::Error>> {
    Ok(Journal::create(Arc::new(Disk::create(directory)?), JournalId([0; 16]), Options::default())?)
}

/// Appends batches, each beside a plain write of the same size, and prints a line.
fn appends(directory: &Path, batch: usize) -> Result<(), Box<dyn std::error::Error>> {
    let journal = new_journal(&directory.join(batch.to_string()))?;
    let mut plain = File::create(directory.join("plain"))?;
    let rounds = if batch < 1000 { 400 } else { 100 };
    let bytes = vec![7; batch * RECORD_BYTES];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes second may have to wait for the disk to finish with the first; so they take turns.
        for is_ours in if round % 2 == 0 { [true, false] } else { [false, true] } {
            let start = Instant::now();
            if is_ours {
                append(&journal, batch, round)?;
                ours.push(start.elapsed());
            } else {
                plain.write_all(&bytes)?;
                plain.sync_data()?;
                theirs.push(start.elapsed());
            }
        }
    }
    let rate = |times: &[Duration]| times.len() as f64 / times.iter().sum::<Duration>().as_secs_f64();
    let (our_rate, their_rate) = (rate(&ours), rate(&theirs));
    let ms = |times: &mut Vec<Duration>, hundredth: usize| {
        times.sort();
        times[times.len() * hundredth / 100].as_secs_f64() * 1e3
    };
    println!(
        "{batch:5} {our_rate:11.0} {:11.0} {:7.1} {:8.2} {:8.2} {their_rate:9.0} {:8.2} {:8.2} {:7.2}",
        our_rate * batch as f64,
        our_rate * (batch * RECORD_BYTES) as f64 / 1e6,
        ms(&mut ours, 50),
        ms(&mut ours, 99),
        ms(&mut theirs, 50),
        ms(&mut theirs, 99),
        our_rate / their_rate,
    );
    Ok(())
}

fn append(journal: &Journal, batch: usize, round: u64) -> Result<(), Box<dyn std::error::Error>> {
    let contents: Vec<_> = (0..batch).map(|index| vec![(round as usize + index) as u8; RECORD_BYTES]).collect();
    let entries: Vec<_> = contents.iter().map(|content| Entry { content, evidence: false }).collect();
    let batch = Batch::new(0, Nonce(u128::from(round).to_le_bytes()), &entries)?;
    journal.append(journal.tip().position, &batch)?;
    Ok(())
}

/// Writes a journal, opens it and reads it through.
fn replay(directory: &Path, records: u64) -> Result<(), Box<dyn std::error::Error>> {
    let directory = directory.join("replay");
    let journal = new_journal(&directory)?;
    let start = Instant::now();
    for round in 0..records.div_ceil(1000) {
        append(&journal, 1000, round)?;
    }
    say("written in batches of 1000", records, start.elapsed());
    drop(journal);

    let start = Instant::now();
    let (journal, recovery) = Journal::open(Arc::new(Disk::open(directory)?), Options::default())?;
    println!("opened: {:.0} ms, {} records", start.elapsed().as_secs_f64() * 1e3, recovery.end);
    for round in ["first", "second"] {
        let start = Instant::now();
        let mut count = 0;
        for record in journal.reader(Position::START)? {
            count += u64::from(!record?.content.is_empty());
        }
        say(&format!("read and verified, {round} time"), count, start.elapsed());
    }
    Ok(())
}

fn say(what: &str, records: u64, took: Duration) {
    let seconds = took.as_secs_f64();
    let rate = records as f64 / seconds;
    println!("{what}: {records} records in {seconds:.2} s, {rate:.0} records/s, {:.0} MB/s", rate * RECORD_BYTES as f64 / 1e6);
}
