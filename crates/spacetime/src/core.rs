//! The skeleton of a shape: a point, a chain of segments or a filled ring, and the nearest points of two of them.
//!
//! Does not know buffer radii. A binary tree of balls in space over consecutive segments leaves out what cannot matter.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::ecef::Ecef;
use crate::geodesic::UNDECIDED_M;
use crate::segment::{Contact, Foot, Segment, Site};

/// A foot nearer than this to an end of its edge is taken for that vertex when a side is decided, metres.
const VERTEX_M: f64 = 1e-6;

/// A ball in space that holds the geodesics below it in the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ball {
    pub center: Ecef,
    pub radius_m: f64,
}

impl Ball {
    fn around(segments: &[Segment]) -> Self {
        let center = Ecef::mean(segments.iter().flat_map(|segment| [segment.a.ecef, segment.b.ecef]));
        let reach = |s: &Segment| center.distance(s.a.ecef).max(center.distance(s.b.ecef)) + s.sagitta_m;
        Self { center, radius_m: segments.iter().map(reach).fold(0.0, f64::max) }
    }

    fn of(segment: &Segment) -> Self {
        let center = segment.a.ecef.toward(segment.b.ecef, 0.5);
        Self { center, radius_m: center.distance(segment.a.ecef) + segment.sagitta_m }
    }

    fn least_distance(&self, other: &Self) -> f64 {
        self.center.distance(other.center) - self.radius_m - other.radius_m
    }

    fn least_distance_to_point(&self, p: Ecef) -> f64 {
        self.center.distance(p) - self.radius_m
    }
}

/// An inner node: its ball and its two children. A number below the count of segments is a segment (a leaf).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    ball: Ball,
    children: [usize; 2],
}

/// Which way round the edges of a ring run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The inside is on the left of every edge.
    CounterClockwise,
    /// The inside is on the right of every edge.
    Clockwise,
}

/// Consecutive segments and the tree over them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    segments: Vec<Segment>,
    nodes: Vec<Node>,
}

impl Chain {
    pub fn new(segments: Vec<Segment>) -> Self {
        let mut nodes = Vec::with_capacity(segments.len());
        if !segments.is_empty() {
            Self::grow(&segments, 0, segments.len(), &mut nodes);
        }
        Self { segments, nodes }
    }

    /// Adds the tree over segments `low..high`, and says which number it has.
    fn grow(segments: &[Segment], low: usize, high: usize, nodes: &mut Vec<Node>) -> usize {
        if high - low == 1 {
            return low;
        }
        let at = nodes.len();
        nodes.push(Node { ball: Ball::around(&segments[low..high]), children: [0, 0] });
        let middle = low.midpoint(high);
        nodes[at].children = [Self::grow(segments, low, middle, nodes), Self::grow(segments, middle, high, nodes)];
        segments.len() + at
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The chain as a line.
    pub fn open(&self) -> Core<'_> {
        Core { segments: &self.segments, nodes: &self.nodes, filled: None }
    }

    /// The chain as a ring with its inside.
    pub fn filled(&self, turn: Turn) -> Core<'_> {
        Core { segments: &self.segments, nodes: &self.nodes, filled: Some(turn) }
    }
}

/// A point, a line or a filled ring, borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Core<'a> {
    segments: &'a [Segment],
    nodes: &'a [Node],
    filled: Option<Turn>,
}

/// A pair of tree numbers, or one and nothing, with the least distance it can have; the nearest comes out first.
#[derive(Clone, Copy)]
struct Candidate {
    least_m: f64,
    a: usize,
    b: usize,
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.least_m.total_cmp(&self.least_m).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl<'a> Core<'a> {
    /// One segment, which may be a point, as a core.
    pub fn of(segment: &'a Segment) -> Self {
        Core { segments: std::slice::from_ref(segment), nodes: &[], filled: None }
    }

    pub fn segments(&self) -> &'a [Segment] {
        self.segments
    }

    pub fn turn(&self) -> Option<Turn> {
        self.filled
    }

    fn root(&self) -> usize {
        if self.nodes.is_empty() { 0 } else { self.segments.len() }
    }

    fn leaf(&self, number: usize) -> Option<&'a Segment> {
        self.segments.get(number)
    }

    fn ball(&self, number: usize) -> Ball {
        self.leaf(number).map_or_else(|| self.nodes[number - self.segments.len()].ball, Ball::of)
    }

    fn children(&self, number: usize) -> [usize; 2] {
        self.nodes[number - self.segments.len()].children
    }

    /// A ball in space that holds the edges, and with them a filled inside.
    pub fn bounds(&self) -> Ball {
        self.ball(self.root())
    }

    fn least_distance(&self, number: usize, other: &Core, of_other: usize) -> f64 {
        match (self.leaf(number), other.leaf(of_other)) {
            (Some(a), Some(b)) => a.least_distance(b),
            _ => self.ball(number).least_distance(&other.ball(of_other)),
        }
    }

    /// The shortest geodesic between the edges of two cores, insides left out, if it is at most `cutoff_m` long.
    ///
    /// May stop at any contact that is at most `enough_m` long.
    pub fn edge_contact(&self, other: &Core, cutoff_m: f64, enough_m: f64) -> Option<Contact> {
        let (mut best, mut reach_m): (Option<Contact>, f64) = (None, cutoff_m);
        let mut open = BinaryHeap::new();
        let (a, b) = (self.root(), other.root());
        open.push(Candidate { least_m: self.least_distance(a, other, b), a, b });
        while let Some(Candidate { least_m, a, b }) = open.pop() {
            if least_m > reach_m {
                break;
            }
            if let (Some(one), Some(two)) = (self.leaf(a), other.leaf(b)) {
                if let Some(contact) = one.contact(two, reach_m, enough_m) {
                    best = Some(contact);
                    reach_m = contact.distance_m;
                    if reach_m <= enough_m {
                        break;
                    }
                }
                continue;
            }
            // Split the larger ball: the pairs below are then alike in size.
            let split_a = other.leaf(b).is_some() || (self.leaf(a).is_none() && self.ball(a).radius_m >= other.ball(b).radius_m);
            let pairs =
                if split_a { self.children(a).map(|child| (child, b)) } else { other.children(b).map(|child| (a, child)) };
            for (a, b) in pairs {
                let least_m = self.least_distance(a, other, b);
                if least_m <= reach_m {
                    open.push(Candidate { least_m, a, b });
                }
            }
        }
        best
    }

    /// The point of the edges nearest to `p`: the index of its segment and the foot; `None` if none is within `cutoff_m`.
    pub fn nearest_edge(&self, p: &Site, cutoff_m: f64) -> Option<(usize, Foot)> {
        let least = |number: usize| {
            let to_ball = |number| self.ball(number).least_distance_to_point(p.ecef);
            self.leaf(number).map_or_else(|| to_ball(number), |segment| segment.least_distance_to_point(p.ecef))
        };
        let (mut best, mut reach_m): (Option<(usize, Foot)>, f64) = (None, cutoff_m);
        let mut open = BinaryHeap::new();
        open.push(Candidate { least_m: least(self.root()), a: self.root(), b: 0 });
        while let Some(Candidate { least_m, a, .. }) = open.pop() {
            if least_m > reach_m {
                break;
            }
            if let Some(segment) = self.leaf(a) {
                let foot = segment.foot(p);
                if foot.distance_m <= reach_m {
                    reach_m = foot.distance_m;
                    best = Some((a, foot));
                }
                continue;
            }
            for child in self.children(a) {
                let least_m = least(child);
                if least_m <= reach_m {
                    open.push(Candidate { least_m, a: child, b: 0 });
                }
            }
        }
        best
    }

    /// Whether some segment is within `reach_m` of both points.
    pub fn one_segment_near_both(&self, p: &Site, q: &Site, reach_m: f64) -> bool {
        let mut open = vec![self.root()];
        while let Some(number) = open.pop() {
            if let Some(segment) = self.leaf(number) {
                let near = |p: &Site| segment.least_distance_to_point(p.ecef) <= reach_m && segment.foot(p).distance_m <= reach_m;
                if near(p) && near(q) {
                    return true;
                }
            } else if [p, q].into_iter().all(|p| self.ball(number).least_distance_to_point(p.ecef) <= reach_m) {
                open.extend(self.children(number));
            }
        }
        false
    }

    /// Distance from `p` to the core, metres; inside a filled ring minus the distance to its edges.
    pub fn signed_distance_m(&self, p: &Site) -> f64 {
        let Some((edge, foot)) = self.nearest_edge(p, f64::INFINITY) else { return f64::INFINITY };
        match self.filled {
            Some(turn) if self.is_inside(turn, p, edge, &foot) => -foot.distance_m,
            _ => foot.distance_m,
        }
    }

    /// Whether `p` lies in a filled ring; within [`UNDECIDED_M`] of an edge it does.
    pub fn encloses(&self, p: &Site) -> bool {
        let Some(turn) = self.filled else { return false };
        if self.bounds().least_distance_to_point(p.ecef) > 0.0 {
            return false;
        }
        self.nearest_edge(p, f64::INFINITY)
            .is_some_and(|(edge, foot)| foot.distance_m <= UNDECIDED_M || self.is_inside(turn, p, edge, &foot))
    }

    /// Whether `p` is inside, from its nearest edge point: the geodesic between them meets no other edge.
    fn is_inside(&self, turn: Turn, p: &Site, edge: usize, foot: &Foot) -> bool {
        let count = self.segments.len();
        let segment = &self.segments[edge];
        let incoming_to = if foot.along_m < VERTEX_M {
            edge
        } else if segment.length_m - foot.along_m < VERTEX_M {
            (edge + 1) % count
        } else {
            let right = foot.forward.sin_to(foot.toward) > 0.0;
            return right == (turn == Turn::Clockwise);
        };
        let (incoming, outgoing) = (&self.segments[(incoming_to + count - 1) % count], &self.segments[incoming_to]);
        let toward = Segment::new(outgoing.a, *p).start;
        // Angles clockwise from the outgoing edge; the right-hand side ends at the reversed incoming edge.
        let clockwise = |to| outgoing.start.angle_to(to).rem_euclid(std::f64::consts::TAU);
        let right = clockwise(toward) < clockwise(incoming.end.reversed());
        right == (turn == Turn::Clockwise)
    }

    /// The shortest geodesic between two cores, if it is at most `cutoff_m` long.
    ///
    /// May stop at any contact that is at most `enough_m` long. Zero where a ring encloses the other or edges cross.
    pub fn contact(&self, other: &Core, cutoff_m: f64, enough_m: f64) -> Option<Contact> {
        if self.bounds().least_distance(&other.bounds()) > cutoff_m {
            return None;
        }
        let edges = self.edge_contact(other, cutoff_m, enough_m);
        if edges.is_some_and(|contact| contact.distance_m <= enough_m) {
            return edges;
        }
        // Edges that do not meet leave all of one core on one side of the other.
        let shared = if self.encloses(&other.segments[0].a) {
            Some(other.segments[0].a.at)
        } else if other.encloses(&self.segments[0].a) {
            Some(self.segments[0].a.at)
        } else {
            None
        };
        shared.map(|at| Contact { distance_m: 0.0, from: at, to: at }).or(edges)
    }

    /// Calls `meet` for every pair of segments (lower index first) that may be within `reach_m` of each other, until it says stop.
    pub fn near_pairs(&self, reach_m: f64, mut meet: impl FnMut(usize, usize) -> bool) {
        let mut open = vec![(self.root(), self.root())];
        while let Some((a, b)) = open.pop() {
            match (self.leaf(a), self.leaf(b)) {
                (Some(_), Some(_)) if a == b => {}
                (Some(one), Some(two)) => {
                    if one.least_distance(two) <= reach_m && !meet(a.min(b), a.max(b)) {
                        return;
                    }
                }
                _ if a == b => {
                    let [left, right] = self.children(a);
                    open.extend([(right, right), (left, right), (left, left)]);
                }
                (one, two) => {
                    if self.ball(a).least_distance(&self.ball(b)) > reach_m {
                        continue;
                    }
                    let split_a = two.is_some() || (one.is_none() && self.ball(a).radius_m >= self.ball(b).radius_m);
                    if split_a {
                        open.extend(self.children(a).map(|child| (child, b)));
                    } else {
                        open.extend(self.children(b).map(|child| (a, child)));
                    }
                }
            }
        }
    }
}
