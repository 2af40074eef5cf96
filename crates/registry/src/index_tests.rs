//! The index against brute force, and how much it looks at in a busy cell.

use super::{Index, Slot};
use crate::table::Altitude;
use crate::time::{Time, TimeSpan};
use crate::volume::{AltitudeBand, Cell, Cells, Volume};
use crate::windows::Window;
use alloc::vec;
use alloc::vec::Vec;

fn cells(indices: &[u32]) -> Cells {
    Cells::new(indices.iter().map(|&index| Cell::from_index(index).unwrap()).collect()).unwrap()
}

fn span(start: i64, end: i64) -> TimeSpan {
    TimeSpan::new(Time::from_ns(start), Time::from_ns(end)).unwrap()
}

fn band(lower_cm: i32, upper_cm: i32) -> AltitudeBand {
    AltitudeBand::new(lower_cm, upper_cm).unwrap()
}

fn meet(index: &Index, query: &Volume) -> Vec<Slot> {
    meet_any(index, core::slice::from_ref(query))
}

fn meet_any(index: &Index, query: &[Volume]) -> Vec<Slot> {
    let mut slots = index.meet(query, Altitude::Counts);
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// A random source that is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn volume(&mut self) -> Volume {
        let cells = cells(&[self.below(4) as u32, self.below(4) as u32]);
        let lower = self.below(20) as i32;
        let start = self.below(300) as i64;
        let longest = [0, 3, 20, 250][self.below(4) as usize];
        Volume {
            cells,
            altitude: band(lower, lower + self.below(5) as i32),
            time: span(start, start + self.below(longest + 1) as i64),
        }
    }
}

#[test]
fn the_index_finds_what_brute_force_finds() {
    let mut random = Random(1);
    let mut index = Index::default();
    let mut records: Vec<Option<Vec<Volume>>> = vec![None; 200];
    for _ in 0..4000 {
        let slot = random.below(200);
        let record = &mut records[slot as usize];
        match record.take() {
            Some(volumes) => index.remove(slot as Slot, &volumes),
            None => {
                let volumes: Vec<Volume> = (0..=random.below(3)).map(|_| random.volume()).collect();
                index.insert(slot as Slot, &volumes);
                *record = Some(volumes);
            }
        }

        let query: Vec<Volume> = (0..=random.below(5)).map(|_| random.volume()).collect();
        let meets = |volume: &Volume| {
            query.iter().any(|query| {
                volume.cells.as_slice().iter().any(|cell| query.cells.as_slice().contains(cell))
                    && volume.altitude.intersects(query.altitude)
                    && volume.time.intersects(query.time)
            })
        };
        let occupied = records.iter().enumerate().filter_map(|(slot, record)| Some((slot as Slot, record.as_ref()?)));
        let expected: Vec<Slot> = occupied.filter(|(_, volumes)| volumes.iter().any(meets)).map(|(slot, _)| slot).collect();
        assert_eq!(meet_any(&index, &query), expected, "{query:?}");
    }
}

#[test]
fn an_emptied_index_is_empty() {
    let mut random = Random(2);
    let records: Vec<Vec<Volume>> = (0..50).map(|_| vec![random.volume(), random.volume()]).collect();
    let mut index = Index::default();
    for (slot, volumes) in records.iter().enumerate() {
        index.insert(slot as Slot, volumes);
    }
    for (slot, volumes) in records.iter().enumerate() {
        index.remove(slot as Slot, volumes);
    }
    assert!(index.0.is_empty());
}

#[test]
fn spans_at_the_ends_of_time_are_found() {
    let mut index = Index::default();
    let volume = |time| Volume { cells: cells(&[1]), altitude: AltitudeBand::ALL, time };
    index.insert(0, &[volume(TimeSpan::ALL)]);
    index.insert(1, &[volume(span(i64::MIN, i64::MIN))]);
    index.insert(2, &[volume(span(i64::MAX, i64::MAX))]);
    assert_eq!(meet(&index, &volume(span(0, 0))), [0]);
    assert_eq!(meet(&index, &volume(span(i64::MIN, i64::MIN))), [0, 1]);
    assert_eq!(meet(&index, &volume(span(i64::MAX, i64::MAX))), [0, 2]);
    assert_eq!(meet(&index, &volume(TimeSpan::ALL)), [0, 1, 2]);
}

#[test]
fn a_busy_cell_costs_what_it_yields() {
    // 5,000 windows of five seconds, one every two seconds, and three that last all day, in one cell.
    const S: i64 = 1_000_000_000;
    let mut index = Index::default();
    let volume =
        |start_s: i64, end_s: i64| Volume { cells: cells(&[1]), altitude: band(0, 2000), time: span(start_s * S, end_s * S) };
    for slot in 0..5000 {
        index.insert(slot, &[volume(2 * i64::from(slot), 2 * i64::from(slot) + 5)]);
    }
    for slot in 5000..5003 {
        index.insert(slot, &[volume(0, 86_400)]);
    }

    let query = volume(5_000, 5_005);
    let mut looked_at = 0;
    let wanted = [(Cell::from_index(1).unwrap(), Window { time: query.time, altitude: query.altitude })];
    index.each_candidate(&wanted, |_, _| looked_at += 1);
    let found = meet(&index, &query).len();
    assert_eq!(found, 5 + 3);
    assert!(looked_at <= 2 * found, "{looked_at} volumes looked at for {found}");
}

#[test]
fn many_volumes_in_a_cell_ask_each_of_many_others_once() {
    // Three intents of 1,000 volumes each in one cell at one time, and one more that asks with as many: three million pairs.
    let slice = |lower_cm: i32| Volume { cells: cells(&[1]), altitude: band(lower_cm, lower_cm), time: span(0, 1_000) };
    let intent = |first_cm: i32| -> Vec<Volume> { (0..1_000).map(|number| slice(first_cm + 4 * number)).collect() };
    let mut index = Index::default();
    for slot in 0..3 {
        index.insert(slot, &intent(slot as i32));
    }
    let found = index.meet(&intent(0), Altitude::Counts);
    assert_eq!(found.len(), 1_000, "each volume of the first intent once, none of the others");
    assert!(found.iter().all(|slot| *slot == 0));
    assert_eq!(index.meet(&intent(0), Altitude::Ignored).len(), 3_000);

    let wanted: Vec<(Cell, Window)> = intent(0)
        .iter()
        .map(|volume| (Cell::from_index(1).unwrap(), Window { time: volume.time, altitude: volume.altitude }))
        .collect();
    let mut looked_at = 0;
    index.each_candidate(&wanted, |_, _| looked_at += 1);
    assert_eq!(looked_at, 3_000);
}
