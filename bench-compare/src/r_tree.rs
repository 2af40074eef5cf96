//! All pairs with the R*-tree of rstar, over longitude, latitude, altitude and time.

use crate::planar::conflict;
use deconflict_bench::w::Record;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type Entry = GeomWithData<Rectangle<[f64; 4]>, u32>;

/// All pairs in conflict, by their place in `records`, in no order. The tree is loaded on one thread, as rstar does it.
///
/// On one thread the tree is joined with itself, which is rstar's own way; as that cannot be shared out, several threads ask
/// for one volume after the other. Neither was clearly faster than the other.
pub fn all_pairs(records: &[Record], threads: usize) -> Vec<(u32, u32)> {
    let entry = |(index, record): (u32, &Record)| {
        let [lower, upper] = corners(record);
        Entry::new(Rectangle::from_corners(lower, upper), index)
    };
    let tree = RTree::bulk_load((0..).zip(records).map(entry).collect());
    if threads == 1 {
        return joined(&tree, records);
    }
    let share = records.len().div_ceil(threads);
    let parts: Vec<Vec<(u32, u32)>> = std::thread::scope(|scope| {
        let firsts = (0..records.len()).step_by(share);
        let part = |first: usize| {
            let tree = &tree;
            scope.spawn(move || (first..records.len().min(first + share)).flat_map(|index| after(tree, records, index)).collect())
        };
        let threads: Vec<_> = firsts.map(part).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).collect()
    });
    parts.concat()
}

fn joined(tree: &RTree<Entry>, records: &[Record]) -> Vec<(u32, u32)> {
    let candidates = tree.intersection_candidates_with_other_tree(tree).map(|(a, b)| (a.data, b.data));
    let is_conflict = |&(a, b): &(u32, u32)| a < b && conflict(&records[a as usize], &records[b as usize]);
    candidates.filter(is_conflict).collect()
}

/// The pairs of one volume with those after it.
fn after(tree: &RTree<Entry>, records: &[Record], index: usize) -> Vec<(u32, u32)> {
    let [lower, upper] = corners(&records[index]);
    let near = tree.locate_in_envelope_intersecting(AABB::from_corners(lower, upper));
    let hit = near.filter(|entry| entry.data as usize > index && conflict(&records[index], &records[entry.data as usize]));
    let first = u32::try_from(index).expect("fewer than 2^32 volumes");
    hit.map(|entry| (first, entry.data)).collect()
}

fn corners(record: &Record) -> [[f64; 4]; 2] {
    let (lng, lat) = (record.corners.map(|corner| corner[0]), record.corners.map(|corner| corner[1]));
    let least = |values: [i32; 6]| values.into_iter().min().expect("six corners");
    let most = |values: [i32; 6]| values.into_iter().max().expect("six corners");
    let lower = [least(lng), least(lat), record.lower_cm, record.start_ms];
    [lower.map(f64::from), [most(lng), most(lat), record.upper_cm, record.end_ms].map(f64::from)]
}
