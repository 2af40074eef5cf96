//! A tree of boxes that answers which of them meet. Does not know what is in a box.
//!
//! The boxes are halved at the median of the dimension in which they are spread most, counted in box sizes, until at most
//! [`LEAF`] are left together: nothing depends on a cell size, so that crowds, heaps at one place and a few large boxes
//! among small ones cost what they hold. Boxes only exclude; whoever asks decides about the pairs that are left.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Three dimensions of space and the altitude.
pub(crate) const DIMENSIONS: usize = 4;
/// Boxes that are compared at once: four vector registers of the smallest machine. Measured: 8 is 10 % slower.
const LEAF: usize = 16;
/// Below this many boxes a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 1024;
/// Parts of the work for each thread, so that none waits long for another.
const PARTS_PER_THREAD: usize = 64;

/// A closed box with coordinates below 10⁹ in size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    lower: [f32; DIMENSIONS],
    upper: [f32; DIMENSIONS],
}

/// A box by its number, and its centre.
#[derive(Clone, Copy, Debug)]
struct Key {
    /// In mean sizes of a box.
    center: [f32; DIMENSIONS],
    number: u32,
}

/// The boxes of up to [`LEAF`] entries, by dimension. Places that are not used hold a box that meets none.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    lower: [[f32; LEAF]; DIMENSIONS],
    upper: [[f32; LEAF]; DIMENSIONS],
    /// The place of the first in [`BoxTree::order`].
    first: usize,
    count: usize,
}

/// See the top of the file.
pub(crate) struct BoxTree {
    order: Vec<u32>,
    /// In preorder: the left child of a node follows it, the right child follows all below the left.
    nodes: Vec<Bounds>,
    leaves: Vec<Leaf>,
}

/// A node: its place in `nodes`, and the leaves below it.
#[derive(Clone, Copy)]
struct Node {
    number: usize,
    first_leaf: usize,
    leaves: usize,
}

/// A part of the question which boxes meet.
#[derive(Clone, Copy)]
enum Part {
    Within(Node),
    Between(Node, Node),
}

impl Bounds {
    /// A box of single precision that holds the one from the first to the second value in each dimension.
    pub fn around(spans: [(f64, f64); DIMENSIONS]) -> Self {
        Self { lower: spans.map(|(lower, _)| single(lower).next_down()), upper: spans.map(|(_, upper)| single(upper).next_up()) }
    }

    /// Holds nothing and meets nothing.
    const NONE: Self = Self { lower: [f32::MAX; DIMENSIONS], upper: [f32::MIN; DIMENSIONS] };

    fn hull(&self, other: &Self) -> Self {
        let mut hull = *self;
        for i in 0..DIMENSIONS {
            hull.lower[i] = hull.lower[i].min(other.lower[i]);
            hull.upper[i] = hull.upper[i].max(other.upper[i]);
        }
        hull
    }

    /// Whether the two closed boxes share a point.
    pub fn meets(&self, other: &Self) -> bool {
        (0..DIMENSIONS).all(|i| self.lower[i] <= other.upper[i] && other.lower[i] <= self.upper[i])
    }
}

impl BoxTree {
    /// A tree of these boxes, numbered from zero, built on up to `threads` threads.
    ///
    /// # Panics
    /// More than 2³² boxes.
    pub fn new(boxes: &[Bounds], threads: usize) -> Self {
        let count = boxes.len().div_ceil(LEAF);
        let mut leaves = vec![Leaf::EMPTY; count];
        let mut nodes = vec![Bounds::NONE; (2 * count).saturating_sub(1)];
        let mut keys = keys(boxes);
        if count > 0 {
            build(boxes, &mut keys, &mut leaves, &mut nodes, threads);
        }
        for (i, leaf) in leaves.iter_mut().enumerate() {
            leaf.first = i * LEAF;
        }
        Self { order: keys.iter().map(|key| key.number).collect(), nodes, leaves }
    }

    /// The numbers of the boxes, neighbours near each other.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// What `report` says about every two boxes that meet, given by their places in the order; in no particular order.
    pub fn meeting<T: Send>(&self, threads: usize, report: impl Fn(usize, usize) -> Option<T> + Sync) -> Vec<T> {
        if self.leaves.is_empty() {
            return Vec::new();
        }
        let root = Part::Within(Node { number: 0, first_leaf: 0, leaves: self.leaves.len() });
        if threads < 2 || self.leaves.len() * LEAF < WORTH_A_THREAD {
            let mut found = Vec::new();
            self.answer(root, &mut |a, b| found.extend(report(a, b)));
            return found;
        }
        let parts = self.parts(root, threads * PARTS_PER_THREAD);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            while let Some(&part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.answer(part, &mut |a, b| found.extend(report(a, b)));
            }
            found
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                found.append(&mut other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            found
        })
    }

    /// The question in at least `wanted` parts, if it has so many.
    fn parts(&self, whole: Part, wanted: usize) -> Vec<Part> {
        let mut parts = vec![whole];
        loop {
            let mut smaller = Vec::new();
            for &part in &parts {
                self.split(part, |part| smaller.push(part));
            }
            if smaller.len() >= wanted || smaller.len() == parts.len() {
                return smaller;
            }
            parts = smaller;
        }
    }

    fn answer(&self, part: Part, meet: &mut impl FnMut(usize, usize)) {
        match part {
            Part::Within(Node { first_leaf, leaves: 1, .. }) => {
                let leaf = &self.leaves[first_leaf];
                for i in 0..leaf.count {
                    leaf.meeting(leaf, i, i + 1, meet);
                }
            }
            Part::Between(a @ Node { leaves: 1, .. }, b @ Node { leaves: 1, .. }) => {
                let (leaf, other, bounds) = (&self.leaves[a.first_leaf], &self.leaves[b.first_leaf], &self.nodes[b.number]);
                for i in 0..leaf.count {
                    if leaf.bounds(i).meets(bounds) {
                        leaf.meeting(other, i, 0, meet);
                    }
                }
            }
            _ => self.split(part, |part| self.answer(part, meet)),
        }
    }

    /// Calls `give` with smaller parts that together are `part`; with `part` itself if it has none.
    fn split(&self, part: Part, mut give: impl FnMut(Part)) {
        match part {
            Part::Within(node) if node.leaves > 1 => {
                let (left, right) = node.children();
                give(Part::Within(left));
                give(Part::Within(right));
                self.between(left, right, give);
            }
            Part::Between(a, b) if a.leaves > 1 || b.leaves > 1 => {
                let (large, small) = if a.leaves < b.leaves { (b, a) } else { (a, b) };
                let (left, right) = large.children();
                self.between(left, small, &mut give);
                self.between(right, small, &mut give);
            }
            _ => give(part),
        }
    }

    fn between(&self, a: Node, b: Node, mut give: impl FnMut(Part)) {
        if self.nodes[a.number].meets(&self.nodes[b.number]) {
            give(Part::Between(a, b));
        }
    }
}

impl Node {
    fn children(self) -> (Self, Self) {
        let left = self.leaves / 2;
        (
            Self { number: self.number + 1, first_leaf: self.first_leaf, leaves: left },
            Self { number: self.number + 2 * left, first_leaf: self.first_leaf + left, leaves: self.leaves - left },
        )
    }
}

impl Leaf {
    const EMPTY: Self = Self { lower: [[f32::MAX; LEAF]; DIMENSIONS], upper: [[f32::MIN; LEAF]; DIMENSIONS], first: 0, count: 0 };

    fn of(boxes: &[Bounds], keys: &[Key]) -> Self {
        let mut leaf = Self { count: keys.len(), ..Self::EMPTY };
        for (i, key) in keys.iter().enumerate() {
            let bounds = &boxes[key.number as usize];
            for d in 0..DIMENSIONS {
                leaf.lower[d][i] = bounds.lower[d];
                leaf.upper[d][i] = bounds.upper[d];
            }
        }
        leaf
    }

    fn bounds(&self, i: usize) -> Bounds {
        Bounds { lower: std::array::from_fn(|d| self.lower[d][i]), upper: std::array::from_fn(|d| self.upper[d][i]) }
    }

    /// Calls `meet` for entry `i` and every entry of `other` from `first` on whose box meets its box.
    fn meeting(&self, other: &Self, i: usize, first: usize, meet: &mut impl FnMut(usize, usize)) {
        // The largest gap in any dimension, for all entries at once: this becomes vector instructions.
        let mut gaps = [f32::MIN; LEAF];
        for d in 0..DIMENSIONS {
            let (lower, upper) = (self.lower[d][i], self.upper[d][i]);
            for (j, gap) in gaps.iter_mut().enumerate() {
                *gap = larger(*gap, larger(other.lower[d][j] - upper, lower - other.upper[d][j]));
            }
        }
        for (j, gap) in gaps.iter().enumerate().take(other.count).skip(first) {
            if *gap <= 0.0 {
                meet(self.first + i, other.first + j);
            }
        }
    }
}

/// `f32::max` without its care for what is not a number: one instruction.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The nearest of single precision.
#[allow(clippy::cast_possible_truncation)]
fn single(x: f64) -> f32 {
    x as f32
}

/// The boxes by number, with their centres in mean sizes of a box.
fn keys(boxes: &[Bounds]) -> Vec<Key> {
    let per_size: [f32; DIMENSIONS] = std::array::from_fn(|d| {
        let sum: f64 = boxes.iter().map(|bounds| f64::from(bounds.upper[d] - bounds.lower[d])).sum();
        single(boxes.len() as f64 / sum.max(f64::MIN_POSITIVE))
    });
    let center = |bounds: &Bounds| std::array::from_fn(|d| (bounds.lower[d] + bounds.upper[d]) * 0.5 * per_size[d]);
    let number = |i| u32::try_from(i).unwrap_or_else(|_| panic!("{} boxes are more than can be numbered", boxes.len()));
    boxes.iter().enumerate().map(|(i, bounds)| Key { center: center(bounds), number: number(i) }).collect()
}

/// Fills `leaves` and `nodes` with a tree of the boxes that `keys` names; gives back its bounds.
fn build(boxes: &[Bounds], keys: &mut [Key], leaves: &mut [Leaf], nodes: &mut [Bounds], threads: usize) -> Bounds {
    if let [leaf] = leaves {
        *leaf = Leaf::of(boxes, keys);
        nodes[0] = keys.iter().fold(Bounds::NONE, |hull, key| hull.hull(&boxes[key.number as usize]));
        return nodes[0];
    }
    let left = leaves.len() / 2;
    let widest = widest(keys);
    keys.select_nth_unstable_by(left * LEAF, |a, b| a.center[widest].total_cmp(&b.center[widest]));
    let (keys, right_keys) = keys.split_at_mut(left * LEAF);
    let (leaves, right_leaves) = leaves.split_at_mut(left);
    let (node, below) = nodes.split_first_mut().expect("a tree has a node");
    let (nodes, right_nodes) = below.split_at_mut(2 * left - 1);
    *node = if threads > 1 && keys.len() >= WORTH_A_THREAD {
        thread::scope(|scope| {
            let one = scope.spawn(|| build(boxes, keys, leaves, nodes, threads / 2));
            let other = build(boxes, right_keys, right_leaves, right_nodes, threads - threads / 2);
            one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).hull(&other)
        })
    } else {
        let one = build(boxes, keys, leaves, nodes, 1);
        one.hull(&build(boxes, right_keys, right_leaves, right_nodes, 1))
    };
    *node
}

/// The dimension in which the centres are spread most.
fn widest(keys: &[Key]) -> usize {
    let (mut least, mut most) = ([f32::MAX; DIMENSIONS], [f32::MIN; DIMENSIONS]);
    for Key { center, .. } in keys {
        for d in 0..DIMENSIONS {
            least[d] = if center[d] < least[d] { center[d] } else { least[d] };
            most[d] = larger(most[d], center[d]);
        }
    }
    let spread = |d: usize| most[d] - least[d];
    (1..DIMENSIONS).fold(0, |widest, d| if spread(d) > spread(widest) { d } else { widest })
}

#[cfg(test)]
#[path = "box_tree_tests.rs"]
mod tests;
