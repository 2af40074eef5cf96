//! Why an outline has no cells, in words for those who drew it.

use thiserror::Error;

/// Why an outline is refused. Edge `i` runs from vertex `i` to the next; indices count from 0.
///
/// The checks run in the order of the variants. One exception: a polygon that reaches too far and is too large as well is too large.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum CellsError {
    /// The radius is not a length.
    #[error("the radius is {0} m, expected a number above 0")]
    Radius(f64),
    /// Fewer than three vertices.
    #[error("the polygon has {0} vertices, expected at least three")]
    TooFewVertices(usize),
    /// A vertex lies so far from the first that the polygon has no map.
    #[error("vertex {vertex} is about {distance_km:.0} km from the first, expected at most {limit_km:.0} km: split the polygon")]
    ReachesTooFar {
        /// The vertex.
        vertex: usize,
        /// Its distance from vertex 0 on a sphere.
        distance_km: f64,
        /// The largest distance.
        limit_km: f64,
    },
    /// So many edges lie over one another that nobody can say in time whether two of them cross.
    #[error("more than {limit} pairs of edges lie close together, expected a plainer outline: leave out vertices")]
    TooIntricate {
        /// Most pairs of edges that are looked at.
        limit: usize,
    },
    /// Two vertices are one point.
    #[error("vertices {0} and {1} are the same point, expected each vertex once (the last does not repeat the first)")]
    DuplicateVertices(usize, usize),
    /// Two edges cross.
    #[error("edges {0} and {1} cross, expected a polygon that does not cross itself")]
    CrossingEdges(usize, usize),
    /// The edges together are too long.
    #[error("the edges of the polygon are about {length_km:.0} km long together, expected at most {limit_km:.0} km")]
    OutlineTooLong {
        /// Their length on a sphere.
        length_km: f64,
        /// The greatest length.
        limit_km: f64,
    },
    /// The outline covers too much ground.
    #[error("the area is {found_km2:.1} km², expected at most {limit_km2} km²")]
    AreaTooLarge {
        /// The area on a sphere.
        found_km2: f64,
        /// The limit that was given.
        limit_km2: f64,
    },
    /// The outline touches too many cells.
    #[error("the outline touches {found} cells of S2 level 13, expected at most {limit}: split it, or make it shorter")]
    TooManyCells {
        /// At least as many.
        found: usize,
        /// The limit that was given.
        limit: usize,
    },
}
