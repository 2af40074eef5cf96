//! The format on the disk, pinned: `golden/` holds a journal as version 1 writes it, and `docs/journal-format.md` describes it.
//!
//! If a test fails here, existing journals can no longer be read, or new ones not by older programs. A change of the format
//! needs a new version, not new golden files. They were made by running the first test with `UPDATE_GOLDEN=1`.

mod common;

use common::{ID, Item, entries, nonce};
use deconflict_journal::faulty::Faulty;
use deconflict_journal::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What the records hold: what is kept of them, a batch a line. The last is evidence.
const BATCHES: [&[&[u8]]; 5] = [&[b"first"], &[b"", b"third"], &[&[0; 600]], &[b"fifth", b"sixth"], &[b"seventh"]];

fn golden() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The files of the golden journal.
fn files() -> BTreeMap<String, Vec<u8>> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())
    };
    std::fs::read_dir(golden()).unwrap().map(entry).collect()
}

/// Makes the golden journal: a segment for each batch, two snapshots, and a hole.
fn make() -> BTreeMap<String, Vec<u8>> {
    let storage = Faulty::new();
    let journal = Journal::create(Arc::new(storage.clone()), ID, Options { segment_bytes: 700 }).unwrap();
    for (number, contents) in BATCHES.iter().enumerate() {
        let items: Vec<Item> =
            contents.iter().map(|content| Item { content: content.to_vec(), evidence: *content == b"seventh" }).collect();
        let number = number as u64;
        let entries = entries(&items);
        let batch = Batch::new(1 + number / 3, nonce(number), &entries).unwrap();
        journal.append(journal.tip().position, &batch).unwrap();
        if number >= 3 {
            journal.write_snapshot(journal.tip().position, &mut |sink| sink.write_all(b"a state")).unwrap();
        }
    }
    assert_eq!(journal.remove_dispensable(&mut |range| range.start == Position::START).unwrap().len(), 1);
    storage.list().unwrap().into_iter().map(|name| (name.clone(), storage.bytes(&name))).collect()
}

#[test]
fn a_journal_is_written_byte_for_byte_as_in_version_1() {
    let made = make();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(golden()).unwrap();
        made.iter().for_each(|(name, bytes)| std::fs::write(golden().join(name), bytes).unwrap());
    }
    let files = files();
    assert_eq!(made.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        let differs = bytes.iter().zip(&files[name]).position(|(made, golden)| made != golden);
        assert!(*bytes == files[name], "`{name}` differs from the golden file at byte {differs:?} of {}", bytes.len());
    }
}

#[test]
fn a_journal_of_version_1_is_read() {
    let storage = Faulty::new();
    files().iter().for_each(|(name, bytes)| storage.put(name, bytes));
    let verified = Archive::open(Arc::new(storage.clone())).unwrap().verify(&mut |_| {}).unwrap();
    assert_eq!((verified.damage.len(), verified.torn, verified.removals.len()), (0, None, 1));
    let (journal, recovery) = Journal::open(Arc::new(storage), Options::default()).unwrap();
    assert_eq!((recovery.start.get(), recovery.end.get()), (0, 7));
    let hole = verified.removals[0];
    let read: Vec<_> = [0..hole.before.position.get(), hole.after.position.get()..7]
        .into_iter()
        .flatten()
        .map(|position| journal.read(Position::new(position), 0).unwrap()[0].content.clone())
        .collect();
    let expected: Vec<_> = BATCHES.iter().flat_map(|batch| batch.iter().map(|content| content.to_vec())).collect();
    assert_eq!(read[..3], expected[..3]);
    assert_eq!(read[3..], expected[4..]);
    assert!(journal.read(Position::new(6), 0).unwrap()[0].evidence);
}

/// Numbers as `docs/journal-format.md` gives them.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Follows the chain of a segment from the description alone, and gives the hash of its last record and its position.
fn follow(segment: &[u8]) -> ([u8; 32], u64) {
    assert_eq!(segment[..8], *b"DCFLJSEG");
    assert_eq!(u32_at(segment, 8), 1);
    let mut blank = segment[..128].to_vec();
    blank[12..16].fill(0);
    assert_eq!(u32_at(segment, 12), crc32c::crc32c(&blank));
    assert_eq!(segment[16..32], ID.0);
    let mut position = u64_at(segment, 32);
    let mut previous: [u8; 32] = segment[64..96].try_into().unwrap();
    let mut at = 128;
    while at < segment.len() {
        let header = &segment[at..at + 128];
        assert_eq!(u32_at(header, 0), crc32c::crc32c(&header[4..]));
        let content_bytes = u32_at(header, 8) as usize;
        let content = &segment[at + 128..at + 128 + content_bytes];
        assert_eq!(u64_at(header, 24), position);
        assert_eq!(header[64..96], *Sha256::digest(content));
        assert_eq!(header[96..128], previous);
        let end = at + 128 + (content_bytes / 8 + 1) * 8;
        assert!(segment[at + 128 + content_bytes..end].iter().all(|byte| *byte == 0xFF));
        previous = Sha256::digest(header).into();
        position += 1;
        at = end;
    }
    (previous, position)
}

#[test]
fn the_description_is_enough_to_follow_the_chain() {
    let files = files();
    let removals = &files["removals"];
    assert_eq!(removals[..8], *b"DCFLJRMV");
    assert_eq!(removals[96..128], *Sha256::digest(&removals[128..]));
    let mut end = (Sha256::digest([&b"deconflict journal\n"[..], &ID.0].concat()).into(), 0);
    for (_, segment) in files.iter().filter(|(name, _)| name.ends_with(".segment")) {
        if u64_at(segment, 32) != end.1 {
            // The entry of the hole has the hashes of both sides.
            assert_eq!((u64_at(removals, 128), removals[144..176].try_into().unwrap()), (end.1, end.0));
            end = (removals[192..224].try_into().unwrap(), u64_at(removals, 176));
        }
        assert_eq!((u64_at(segment, 32), segment[64..96].try_into().unwrap()), (end.1, end.0));
        end = follow(segment);
    }
    assert_eq!(end.1, 7);
    let (name, snapshot) = files.iter().rfind(|(name, _)| name.ends_with(".snapshot")).unwrap();
    assert_eq!(name, "00000000000000000007.snapshot");
    assert_eq!((snapshot[..8].to_vec(), u64_at(snapshot, 32)), (b"DCFLJSNP".to_vec(), 7));
    assert_eq!((u64_at(snapshot, 40), &snapshot[128..]), (7, &b"a state"[..]));
    assert_eq!((snapshot[64..96].to_vec(), snapshot[96..128].to_vec()), (end.0.to_vec(), Sha256::digest(b"a state").to_vec()));
}
