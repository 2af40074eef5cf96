//! The port of W gives the bits of the original.

use super::{Fingerprint, Record, Spread, Workload};
use crate::known;

#[track_caller]
fn check(known: &known::Known) {
    let mut fingerprint = Fingerprint::default();
    known.workload.for_each_block(2, |records| fingerprint.add(records));
    assert_eq!(fingerprint.hex(), known.sha256, "{}", known.workload.name());
}

#[test]
fn the_bits_are_those_of_the_original() {
    known::ALL.iter().for_each(check);
}

#[test]
fn threads_and_pieces_do_not_matter() {
    let workload = Workload { spread: Spread::Clustered, seed: 7, operations: 101 };
    let whole = workload.records(1);
    assert_eq!(whole.len(), 808);
    for threads in [2, 3, 64, 1000] {
        assert_eq!(workload.records(threads), whole, "{threads} threads");
    }
    let pieces: Vec<Record> = [0..1, 1..50, 50..50, 50..101].into_iter().flat_map(|part| workload.records_of(part, 2)).collect();
    assert_eq!(pieces, whole);
    assert_eq!(Workload { operations: 40, ..workload }.records(2), whole[..320]);
}
