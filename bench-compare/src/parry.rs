//! All pairs with the bounding volume hierarchy of parry3d, over longitude, latitude and time; altitude is tested afterwards.
//!
//! The hierarchy holds `f32`: boxes are counted from the middle of the set and rounded outward, so that nothing is missed.

use crate::planar::conflict;
use deconflict_bench::w::Record;
use parry3d::bounding_volume::Aabb;
use parry3d::math::Vector;
use parry3d::partitioning::{Bvh, BvhBuildStrategy, BvhWorkspace};
use rayon::prelude::*;

/// All pairs in conflict, by their place in `records`, in no order. The hierarchy is built on one thread, as parry3d does it.
pub fn all_pairs(records: &[Record], threads: usize) -> Vec<(u32, u32)> {
    let boxes: Vec<Aabb> = records.iter().map(boxed).collect();
    let tree = Bvh::from_leaves(BvhBuildStrategy::Binned, &boxes);
    let is_conflict = |a: u32, b: u32| conflict(&records[a as usize], &records[b as usize]);
    let ordered = |a: u32, b: u32| (a.min(b), a.max(b));
    if threads == 1 {
        let mut pairs = Vec::new();
        tree.traverse_bvtt_single_tree::<false>(&mut BvhWorkspace::default(), &mut |a, b| {
            if is_conflict(a, b) {
                pairs.push(ordered(a, b));
            }
        });
        return pairs;
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let candidates = tree.traverse_bvtt_single_tree_parallel::<false>();
        let conflicts = candidates.into_par_iter().filter(|&(a, b)| is_conflict(a, b));
        conflicts.map(|(a, b)| ordered(a, b)).collect()
    })
}

fn boxed(record: &Record) -> Aabb {
    /// The middle of the set: longitude and latitude in 1e-7 degree, noon in milliseconds.
    const MIDDLE: [i32; 3] = [409_000_000, 345_000_000, 43_200_000];
    let (lng, lat) = (record.corners.map(|corner| corner[0]), record.corners.map(|corner| corner[1]));
    let least = |values: [i32; 6]| values.into_iter().min().expect("six corners");
    let most = |values: [i32; 6]| values.into_iter().max().expect("six corners");
    let [x, y, t] = [least(lng), least(lat), record.start_ms];
    let mins = Vector::new(below(x - MIDDLE[0]), below(y - MIDDLE[1]), below(t - MIDDLE[2]));
    let [x, y, t] = [most(lng), most(lat), record.end_ms];
    Aabb::new(mins, Vector::new(-below(MIDDLE[0] - x), -below(MIDDLE[1] - y), -below(MIDDLE[2] - t)))
}

/// The largest `f32` that is at most `value`, or the one below.
fn below(value: i32) -> f32 {
    let near = value as f32;
    if f64::from(near) > f64::from(value) { near.next_down() } else { near }
}
