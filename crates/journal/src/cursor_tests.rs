//! The decoder against segments that were changed at random.

use super::*;
use crate::faulty::{Faulty, SplitMix};
use crate::log::{Batch, Entry};
use crate::record::{encode_batch, put};
use crate::storage::Storage;
use crate::values::Nonce;

const START: Place = Place { position: Position::new(5), previous: Hash([1; 32]), epoch: 0 };

/// The bytes of some batches, and their records' contents.
fn batches(random: &mut SplitMix) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut bytes = Vec::new();
    let mut contents = Vec::new();
    let mut place = START;
    for number in 0..1 + random.below(6) as u64 {
        let new: Vec<Vec<u8>> = (0..1 + random.below(4)).map(|_| vec![random.below(256) as u8; random.below(300)]).collect();
        let entries: Vec<Entry<'_>> = new.iter().map(|content| Entry { content, evidence: false }).collect();
        let batch = Batch::new(number, Nonce([0; 16]), &entries).unwrap();
        place.previous = encode_batch(&batch, place.position, place.previous, &mut bytes);
        place.position = place.position.plus(batch.count());
        contents.extend(new);
    }
    (bytes, contents)
}

/// Reads as much as it can; gives the contents, and whether it came to the end.
fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let storage = Faulty::new();
    storage.put("s", bytes);
    let mut cursor = Cursor::new(storage.open("s").unwrap(), "s", 0, bytes.len() as u64, START);
    let (mut records, mut contents) = (Vec::new(), Vec::new());
    loop {
        let result = cursor.next_batch(&mut records);
        assert!(cursor.buffer.capacity() <= bytes.len(), "more memory than the file has bytes");
        match result {
            Ok(()) => contents.extend(records.iter().map(|found| cursor.content(found).to_vec())),
            Err(Stop::End) => return (contents, true),
            Err(Stop::Broken(_)) => return (contents, false),
            Err(Stop::Failed(error)) => panic!("{error}"),
        }
    }
}

fn change(bytes: &mut Vec<u8>, random: &mut SplitMix) {
    let len = bytes.len();
    let (a, b) = (random.below(len), random.below(len));
    let (from, to) = (a.min(b), a.max(b));
    match random.below(8) {
        0 => bytes[a] ^= 1 << random.below(8),
        1 => bytes[a] = random.below(256) as u8,
        2 => bytes[from..to].fill(0),
        3 => bytes.truncate(a),
        4 => drop(bytes.drain(from..to)),
        5 => {
            let piece = bytes[from..to].to_vec();
            bytes.splice(b..b, piece);
        }
        6 => bytes.extend((0..random.below(300)).map(|_| random.below(256) as u8)),
        // A length or a count, with extreme values.
        _ => {
            let field = from / 8 * 8 + [8, 12, 16, 20, 24, 32][random.below(6)];
            let value = [0, 1, u32::MAX, u32::MAX / 2, len as u32][random.below(5)];
            if field + 4 <= len {
                put(bytes, field, &value.to_le_bytes());
            }
        }
    }
}

/// Makes the checksums of all headers good again, so that more than the checksum is tried.
fn repair_checksums(bytes: &mut [u8], headers: &[u64]) {
    for at in headers.iter().map(|at| usize::try_from(*at).unwrap()) {
        if at + HEADER_BYTES <= bytes.len() {
            let checksum = crc32c::crc32c(&bytes[at + 4..at + HEADER_BYTES]);
            put(bytes, at, &checksum.to_le_bytes());
        }
    }
}

#[test]
fn a_changed_segment_is_read_as_far_as_it_is_unchanged_and_no_further() {
    let mut random = SplitMix(2024);
    let mut ended_early = 0;
    for round in 0..20_000 {
        let (whole, contents) = batches(&mut random);
        let mut bytes = whole.clone();
        (0..=random.below(3)).for_each(|_| {
            if !bytes.is_empty() {
                change(&mut bytes, &mut random);
            }
        });
        let (read, is_end) = read(&bytes);
        assert!(contents.starts_with(&read), "round {round}: a record that was never written");
        if !whole.starts_with(&bytes) {
            assert!(!is_end, "round {round}: a change was not noticed");
            ended_early += 1;
        }
    }
    assert!(ended_early > 15_000, "{ended_early}");
}

#[test]
fn a_forged_checksum_does_not_pass_the_chain() {
    let mut random = SplitMix(7);
    for round in 0..10_000 {
        let (whole, contents) = batches(&mut random);
        let mut headers = Vec::new();
        let storage = Faulty::new();
        storage.put("s", &whole);
        let mut cursor = Cursor::new(storage.open("s").unwrap(), "s", 0, whole.len() as u64, START);
        let mut records = Vec::new();
        while cursor.next_batch(&mut records).is_ok() {
            headers.extend(records.iter().map(|found| found.offset));
        }
        let mut bytes = whole.clone();
        change(&mut bytes, &mut random);
        if bytes.len() != whole.len() || bytes == whole {
            continue;
        }
        repair_checksums(&mut bytes, &headers);
        let (read, _) = read(&bytes);
        // Who changes a header and its checksum can go unnoticed in the last record only, for nothing follows it.
        let changed = (0..whole.len()).filter(|at| bytes[*at] != whole[*at]).min().unwrap_or(whole.len());
        let last = usize::try_from(*headers.last().unwrap()).unwrap();
        assert!(contents.starts_with(&read) || changed >= last, "round {round}");
    }
}

#[test]
fn a_batch_that_claims_to_be_long_is_not_believed() {
    let (whole, _) = batches(&mut SplitMix(3));
    let mut bytes = whole;
    put(&mut bytes, 20, &(60_u32 << 20).to_le_bytes());
    repair_checksums(&mut bytes, &[0]);
    assert_eq!(read(&bytes), (Vec::new(), false));
}
