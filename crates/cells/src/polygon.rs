//! Polygons: the ring that InterUSS takes them for, and the true one where its edges stray from that.

use deconflict_spacetime::{LatLng, azimuth_deg, destination, distance_m};

use crate::check::check;
use crate::cover::{Edges, Ring, cells};
use crate::direction::Direction;
use crate::{CellsError, Limits};

/// Edges with a longer chord than this are drawn in pieces, radians: 51 km.
const PIECE_MAX: f64 = 0.008;

/// The cells of the polygon with these vertices, in either winding: ids of S2 cells of level 13, ascending.
///
/// Edges are geodesics; the last vertex does not repeat the first; the smaller side is inside. A polygon without
/// area, which is a line, is legal.
///
/// # Errors
/// See [`CellsError`].
///
/// # Example
/// ```
/// use deconflict_cells::{AREA_MAX_KM2, Limits, polygon_cells};
/// use deconflict_spacetime::LatLng;
/// let limits = Limits { area_km2: AREA_MAX_KM2, cells: 32_768 };
/// let corner = |lat, lng| LatLng::degrees(lat, lng).unwrap();
/// let square = [corner(34.45, 40.92), corner(34.45, 40.94), corner(34.47, 40.94), corner(34.47, 40.92)];
/// assert_eq!(polygon_cells(&square, &limits)?.len(), 10);
/// let bow_tie = [square[0], square[2], square[1], square[3]];
/// let refusal = polygon_cells(&bow_tie, &limits).unwrap_err();
/// assert_eq!(refusal.to_string(), "edges 0 and 2 cross, expected a polygon that does not cross itself");
/// # Ok::<(), deconflict_cells::CellsError>(())
/// ```
pub fn polygon_cells(vertices: &[LatLng], limits: &Limits) -> Result<Vec<u64>, CellsError> {
    let places: Vec<Direction> = vertices.iter().map(|&at| Direction::of(at)).collect();
    let longest = check(&places, limits)?;
    if longest <= PIECE_MAX {
        return cells(&[Ring { places, edges: Edges::Geodesics }], limits.cells);
    }
    let pieces = Ring { places: in_pieces(vertices, &places), edges: Edges::Geodesics };
    cells(&[Ring { places, edges: Edges::GreatCircles }, pieces], limits.cells)
}

/// The corners, and between them places on the geodesic edges, at most about [`PIECE_MAX`] apart.
fn in_pieces(vertices: &[LatLng], places: &[Direction]) -> Vec<Direction> {
    let mut drawn = Vec::with_capacity(2 * vertices.len());
    for (i, (&from, &from_place)) in vertices.iter().zip(places).enumerate() {
        drawn.push(from_place);
        let next = (i + 1) % vertices.len();
        let pieces = (from_place.chord2(places[next]).sqrt() / PIECE_MAX).ceil();
        if pieces > 1.0 {
            let (azimuth_deg, length_m) = (azimuth_deg(from, vertices[next]), distance_m(from, vertices[next]));
            let mut k = 1.0;
            while k < pieces {
                drawn.push(Direction::of(destination(from, azimuth_deg, length_m * k / pieces)));
                k += 1.0;
            }
        }
    }
    drawn
}
