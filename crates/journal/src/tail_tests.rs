//! Torn or damaged: the cases side by side, each a change to the same segment of three batches.

use super::*;
use crate::cursor::{Cursor, Stop};
use crate::faulty::Faulty;
use crate::header::FILE_HEADER_BYTES;
use crate::log::{Batch, Entry};
use crate::record::encode_batch;
use crate::storage::Storage;
use crate::values::{Hash, JournalId, Nonce, Place};

const GENESIS: Hash = Hash([9; 32]);

/// Three batches behind a header: one record, one record, and two of 600 and 700 bytes. Gives where each begins, and the end.
fn segment() -> (Vec<u8>, [usize; 4]) {
    let contents = [vec![1; 100], vec![2; 30], vec![3; 600], vec![4; 700]];
    let entries = contents.each_ref().map(|content| Entry { content, evidence: false });
    let mut bytes = vec![0x11; FILE_HEADER_BYTES];
    let mut starts = [FILE_HEADER_BYTES; 4];
    let mut previous = GENESIS;
    for (index, range) in [0..1, 1..2, 2..4].into_iter().enumerate() {
        let start = Position::new(range.start as u64);
        let batch = Batch::new(0, Nonce([index as u8; 16]), &entries[range]).unwrap();
        previous = encode_batch(&batch, start, previous, &mut bytes);
        starts[index + 1] = bytes.len();
    }
    (bytes, starts)
}

/// Reads until something is broken, and says where and whether it is torn; `None` if nothing is broken.
fn judge(bytes: &[u8]) -> Option<(usize, bool)> {
    let storage = Faulty::new();
    storage.put("s", bytes);
    let file = storage.open("s").unwrap();
    let place = Place { position: Position::START, previous: GENESIS, epoch: 0 };
    let len = bytes.len() as u64;
    let mut cursor = Cursor::new(file.clone(), "s", FILE_HEADER_BYTES as u64, len, place);
    let mut records = Vec::new();
    loop {
        match cursor.next_batch(&mut records) {
            Ok(()) => {}
            Err(Stop::End) => return None,
            Err(Stop::Failed(error)) => panic!("{error}"),
            Err(Stop::Broken(broken)) => {
                let torn = is_torn(&*file, len, &broken).unwrap();
                return Some((usize::try_from(broken.batch_offset).unwrap(), torn));
            }
        }
    }
}

#[track_caller]
fn check(change: impl FnOnce(&mut Vec<u8>, [usize; 4]), batch: usize, is_torn: bool) {
    let (mut bytes, starts) = segment();
    change(&mut bytes, starts);
    assert_eq!(judge(&bytes), Some((starts[batch], is_torn)));
}

#[test]
fn whole_batches_are_neither() {
    assert_eq!(judge(&segment().0), None);
}

#[test]
fn a_file_that_ends_inside_its_last_batch_is_torn() {
    let (bytes, [.., last, end]) = segment();
    for len in last + 1..end {
        assert_eq!(judge(&bytes[..len]), Some((last, true)), "{len} bytes");
    }
}

#[test]
fn an_empty_sector_of_the_last_batch_is_torn() {
    let (whole, [.., last, end]) = segment();
    for sector in (last - last % 512..end).step_by(512) {
        let mut bytes = whole.clone();
        bytes[sector.max(last)..(sector + 512).min(end)].fill(0);
        assert_eq!(judge(&bytes), Some((last, true)), "sector at {sector}");
    }
}

#[test]
fn a_last_batch_of_which_nothing_was_written_is_torn() {
    check(|bytes, [.., last, end]| bytes[last..end].fill(0), 2, true);
}

#[test]
fn a_flipped_bit_in_the_last_batch_is_damage() {
    let (whole, [.., last, end]) = segment();
    for at in last..end {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert_eq!(judge(&bytes), Some((last, false)), "byte {at}");
    }
}

#[test]
fn whatever_happens_to_an_earlier_batch_is_damage() {
    for batch in 0..2 {
        check(|bytes, starts| bytes[starts[batch] + 3] ^= 1, batch, false);
        check(|bytes, starts| bytes[starts[batch] + 130] ^= 1, batch, false);
        check(|bytes, starts| bytes[starts[batch]..starts[batch + 1]].fill(0), batch, false);
        check(|bytes, starts| drop(bytes.drain(starts[batch]..starts[batch + 1])), batch, false);
    }
}

#[test]
fn a_whole_batch_that_does_not_follow_is_damage() {
    let other = JournalId([0; 16]).genesis();
    check(
        |bytes, [.., last, _]| {
            bytes.truncate(last);
            let entries = [Entry { content: b"x", evidence: false }];
            encode_batch(&Batch::new(0, Nonce([0; 16]), &entries).unwrap(), Position::new(2), other, bytes);
        },
        2,
        false,
    );
}

#[test]
fn bytes_behind_a_broken_batch_prove_that_it_was_synced() {
    check(
        |bytes, [.., last, _]| {
            bytes[last + 200] ^= 1;
            bytes.extend([0; 8]);
        },
        2,
        false,
    );
}

#[test]
fn zeros_behind_the_last_batch_are_a_write_of_which_only_the_length_came_through() {
    let (mut bytes, [.., end]) = segment();
    bytes.resize(end + 5000, 0);
    assert_eq!(judge(&bytes), Some((end, true)));
}

#[test]
fn a_later_batch_is_found_far_behind_an_empty_one() {
    let (whole, [_, second, last, end]) = segment();
    // The second batch and more than two search chunks behind it read as zeros; the last batch stands at the end.
    let mut bytes = whole[..second].to_vec();
    bytes.resize(second + 2 * (1 << 20) + 64, 0);
    let rest = whole[last..end].to_vec();
    bytes.extend(&rest);
    assert_eq!(judge(&bytes), Some((second, false)));
}
