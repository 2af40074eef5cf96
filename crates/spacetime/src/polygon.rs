//! A simple polygon on the ellipsoid and the check that it is one. Does not know altitude or time.

use thiserror::Error;

use crate::core::{Chain, Core, Turn};
use crate::segment::{Segment, Site};
use crate::{LatLng, UNDECIDED_M};

/// The longest edge that the exactness proof covers, metres.
pub(crate) const EDGE_MAX_M: f64 = 1e6;
/// The farthest that a vertex may lie from the first, metres.
const EXTENT_MAX_M: f64 = 2.5e6;
/// How many pairs of crossing edges are listed before the search stops.
const CROSSINGS_LISTED: usize = 100;

/// A simple polygon with geodesic edges; the last vertex does not repeat the first; the smaller side is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    vertices: Vec<LatLng>,
    edges: Chain,
    turn: Turn,
}

/// Why vertices are not a polygon. Edge `i` runs from vertex `i` to the next; indices count from 0.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum InvalidPolygon {
    /// Fewer than three vertices.
    #[error("a polygon needs three vertices, found {0}")]
    TooFewVertices(usize),
    /// Two vertices are one point (or closer than can be told apart).
    #[error("vertices {0} and {1} are the same point")]
    DuplicateVertices(usize, usize),
    /// Two edges meet away from a shared vertex.
    #[error("edges {0} and {1} cross or touch")]
    CrossingEdges(usize, usize),
    /// An edge is longer than the exactness proof covers.
    #[error("edge {edge} is {length_km:.0} km long, over 1000 km: add a vertex on it")]
    EdgeTooLong {
        /// Index of the edge's first vertex, from 0.
        edge: usize,
        /// Its length.
        length_km: f64,
    },
    /// The polygon reaches farther than the exactness proof covers.
    #[error("vertex {vertex} is {distance_km:.0} km from the first, over 2500 km: split the polygon")]
    TooLarge {
        /// The vertex, from 0.
        vertex: usize,
        /// Its distance from vertex 0.
        distance_km: f64,
    },
}

impl Polygon {
    /// The polygon with these vertices, in either winding.
    ///
    /// # Errors
    /// See [`InvalidPolygon`]; the first problem in the order of its variants.
    ///
    /// # Example
    /// ```
    /// use deconflict_spacetime::{InvalidPolygon, LatLng, Polygon};
    /// let corner = |lat, lng| LatLng::degrees(lat, lng).unwrap();
    /// let bow_tie = [corner(0.0, 0.0), corner(1.0, 1.0), corner(1.0, 0.0), corner(0.0, 1.0)];
    /// assert_eq!(Polygon::new(bow_tie.to_vec()), Err(InvalidPolygon::CrossingEdges(0, 2)));
    /// ```
    pub fn new(vertices: Vec<LatLng>) -> Result<Self, InvalidPolygon> {
        let (problems, edges) = examine(&vertices, 1);
        if let Some(problem) = problems.first() {
            return Err(*problem);
        }
        let turn = turn(edges.segments());
        Ok(Self { vertices, edges, turn })
    }

    /// Everything that is wrong with these vertices, in the order of [`InvalidPolygon`]; empty if they are a polygon.
    ///
    /// Crossing edges are looked for only where nothing else is wrong, and at most 100 pairs of them are listed.
    pub fn problems(vertices: &[LatLng]) -> Vec<InvalidPolygon> {
        examine(vertices, CROSSINGS_LISTED).0
    }

    /// The vertices, as given.
    pub fn vertices(&self) -> &[LatLng] {
        &self.vertices
    }

    pub(crate) fn core(&self) -> Core<'_> {
        self.edges.filled(self.turn)
    }
}

/// What is wrong with a ring, and its edges.
fn examine(vertices: &[LatLng], crossings_max: usize) -> (Vec<InvalidPolygon>, Chain) {
    let sites: Vec<Site> = vertices.iter().map(|&at| Site::new(at)).collect();
    let count = sites.len();
    let edges: Vec<Segment> = (0..count).map(|i| Segment::new(sites[i], sites[(i + 1) % count])).collect();
    let mut problems = Vec::new();
    if count < 3 {
        problems.push(InvalidPolygon::TooFewVertices(count));
    }
    problems.extend(duplicates(&sites).into_iter().map(|(i, j)| InvalidPolygon::DuplicateVertices(i, j)));
    for (edge, segment) in edges.iter().enumerate().filter(|(_, segment)| segment.length_m > EDGE_MAX_M) {
        problems.push(InvalidPolygon::EdgeTooLong { edge, length_km: segment.length_m / 1e3 });
    }
    for (vertex, site) in sites.iter().enumerate().skip(1) {
        // A chord is never longer than its geodesic, and at this size at most 2 % shorter.
        if site.ecef.distance(sites[0].ecef) > 0.9 * EXTENT_MAX_M {
            let distance_m = crate::distance_m(sites[0].at, site.at);
            if distance_m > EXTENT_MAX_M {
                problems.push(InvalidPolygon::TooLarge { vertex, distance_km: distance_m / 1e3 });
            }
        }
    }
    let edges = Chain::new(edges);
    if problems.is_empty() {
        problems = crossings(&edges, crossings_max);
    }
    (problems, edges)
}

/// All pairs of vertices (lower index first) that cannot be told apart.
fn duplicates(sites: &[Site]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by(|&i, &j| sites[i].ecef.x().total_cmp(&sites[j].ecef.x()));
    let mut found = Vec::new();
    for (rank, &i) in order.iter().enumerate() {
        let near = order[rank + 1..].iter().take_while(|&&j| sites[j].ecef.x() - sites[i].ecef.x() <= UNDECIDED_M);
        found.extend(near.filter(|&&j| sites[i].ecef.distance(sites[j].ecef) <= UNDECIDED_M).map(|&j| (i.min(j), i.max(j))));
    }
    found.sort_unstable();
    found
}

/// Pairs of edges that meet away from a shared vertex, at most `max` of them.
fn crossings(edges: &Chain, max: usize) -> Vec<InvalidPolygon> {
    let segments = edges.segments();
    let last = segments.len() - 1;
    let mut found = Vec::new();
    edges.open().near_pairs(UNDECIDED_M, |i, j| {
        let (one, two) = (&segments[i], &segments[j]);
        let meet = if j == i + 1 {
            folds_back(one, two)
        } else if i == 0 && j == last {
            folds_back(two, one)
        } else {
            one.contact(two, UNDECIDED_M, UNDECIDED_M).is_some()
        };
        if meet {
            found.push((i, j));
        }
        found.len() < max
    });
    found.sort_unstable();
    found.into_iter().map(|(i, j)| InvalidPolygon::CrossingEdges(i, j)).collect()
}

/// Whether the end of one of two consecutive edges lies on the other.
fn folds_back(first: &Segment, second: &Segment) -> bool {
    // Geodesics from one point do not meet again at this length, so only the far ends can touch.
    let touches = |segment: &Segment, p: &Site| {
        segment.least_distance_to_point(p.ecef) <= UNDECIDED_M && segment.foot(p).distance_m <= UNDECIDED_M
    };
    touches(first, &second.b) || touches(second, &first.a)
}

/// Which way a simple ring runs round its smaller side.
///
/// # Source
/// Gauss and Bonnet: the turns at the vertices sum to 2π less the curvature inside, under 0.5 within the permitted extent.
fn turn(edges: &[Segment]) -> Turn {
    let before = edges.iter().cycle().skip(edges.len() - 1);
    let turned_right: f64 = before.zip(edges).map(|(incoming, outgoing)| incoming.end.angle_to(outgoing.start)).sum();
    if turned_right > 0.0 { Turn::Clockwise } else { Turn::CounterClockwise }
}
