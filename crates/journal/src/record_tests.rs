//! Record headers: round trips, and what is refused.

use super::*;
use crate::faulty::SplitMix;
use crate::log::Entry;

fn header() -> Header {
    Header {
        evidence: true,
        content_bytes: 5,
        batch_count: 3,
        batch_index: 1,
        batch_bytes: 400,
        position: Position::new(41),
        epoch: 7,
        nonce: Nonce([1; 16]),
        content: Hash([2; 32]),
        previous: Hash([3; 32]),
    }
}

#[test]
fn a_header_comes_back_as_it_was() {
    let header = header();
    assert_eq!(Header::decode(&header.encode()), Ok(header));
    assert_eq!(header.batch_start(), Position::new(40));
}

#[test]
fn every_flipped_bit_of_a_header_is_noticed() {
    let encoded = header().encode();
    for bit in 0..HEADER_BYTES * 8 {
        let mut bytes = encoded;
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(Header::decode(&bytes), Err(HeaderFault::Checksum { .. })), "bit {bit}");
    }
}

#[test]
fn a_good_checksum_does_not_excuse_nonsense() {
    // The field's offset, and bytes that are never written there.
    let cases: [(usize, &[u8], &str); 7] = [
        (4, &[2, 0, 0, 0], "unknown flags"),
        (8, &[0xFF; 4], "a content of"),
        (16, &[3, 0, 0, 0], "record 3 of a batch of 3"),
        (12, &[0xFF; 4], "of a batch of"),
        (20, &[0x87, 0, 0, 0], "a batch of 135 bytes"),
        (24, &[0; 8], "record 1 of a batch at position 0"),
        (40, &[1], "bytes 40 to 48"),
    ];
    for (offset, field, expected) in cases {
        let mut bytes = header().encode();
        put(&mut bytes, offset, field);
        let checksum = crc32c::crc32c(&bytes[4..]);
        put(&mut bytes, 0, &checksum.to_le_bytes());
        match Header::decode(&bytes) {
            Err(HeaderFault::Nonsense(found)) => assert!(found.contains(expected), "{found}"),
            other => panic!("offset {offset}: {other:?}"),
        }
    }
}

#[test]
fn random_bytes_are_no_header() {
    let mut random = SplitMix(1);
    for _ in 0..100_000 {
        let bytes: [u8; HEADER_BYTES] = std::array::from_fn(|_| random.below(256) as u8);
        assert!(Header::decode(&bytes).is_err());
    }
    assert!(Header::decode(&[0; HEADER_BYTES]).is_err());
    assert!(Header::decode(&[0xFF; HEADER_BYTES]).is_err());
}

#[test]
fn every_record_ends_in_padding() {
    for length in 0..40 {
        let content = vec![0; length];
        let entries = [Entry { content: &content, evidence: false }];
        let batch = Batch::new(0, Nonce([0; 16]), &entries).unwrap();
        let mut bytes = Vec::new();
        encode_batch(&batch, Position::START, Hash([0; 32]), &mut bytes);
        assert_eq!(bytes.len(), stored_bytes(length));
        assert_eq!(bytes.len() % ALIGNMENT, 0);
        assert!(bytes[HEADER_BYTES + length..].iter().all(|byte| *byte == PADDING));
        assert_eq!(bytes.last(), Some(&PADDING));
    }
}
