//! The grid of S2 cells of level 13: 8,192 columns and rows on each face, and the number of a cell. Does not know shapes.
//!
//! # Source
//! S2's quadratic projection and its Hilbert curve; the tests compare both with `s2rst`.

/// Level of the cells.
const LEVEL: u32 = 13;
/// Columns, and rows, of a face.
pub(crate) const SIDE: i16 = 1 << LEVEL;

/// The lower bound of a column or row, as S2's u or v. `SIDE` gives the upper bound of the last.
pub(crate) fn lower_bound(index: i16) -> f64 {
    bound(f64::from(index) / f64::from(SIDE))
}

/// Some place clearly inside a column or row.
pub(crate) fn middle(index: i16) -> f64 {
    bound((f64::from(index) + 0.5) / f64::from(SIDE))
}

fn bound(s: f64) -> f64 {
    if s >= 0.5 { (4.0 * s * s - 1.0) / 3.0 } else { (1.0 - 4.0 * (1.0 - s) * (1.0 - s)) / 3.0 }
}

/// The column or row of a u or v: −1 before the first, `SIDE` past the last.
#[allow(clippy::cast_possible_truncation, reason = "between -1 and SIDE")]
pub(crate) fn index(u: f64) -> i16 {
    let root = 0.5 * (1.0 + 3.0 * u.abs()).sqrt();
    let s = if u >= 0.0 { root } else { 1.0 - root };
    (s * f64::from(SIDE)).floor().clamp(-1.0, f64::from(SIDE)) as i16
}

/// For each orientation of the curve, where in it the quarter comes that lies at (column bit, row bit).
const POSITION: [[u8; 4]; 4] = [[0, 1, 3, 2], [0, 3, 1, 2], [2, 3, 1, 0], [2, 1, 3, 0]];
/// What the orientation changes by in the quarter at each position: bit 0 swaps the axes, bit 1 turns both round.
const TURN: [u8; 4] = [1, 0, 0, 3];

/// The S2 cell id of a cell.
pub(crate) fn cell_id(face: usize, column: i16, row: i16) -> u64 {
    let mut orientation = face & 1;
    let mut position = 0;
    for bit in (0..LEVEL).rev() {
        let quarter = usize::from(column >> bit & 1 == 1) * 2 + usize::from(row >> bit & 1 == 1);
        let next = POSITION[orientation][quarter];
        position = position << 2 | u64::from(next);
        orientation ^= usize::from(TURN[usize::from(next)]);
    }
    // Three bits of the face, two of each level, then a one.
    (face as u64) << 61 | position << (61 - 2 * LEVEL) | 1 << (60 - 2 * LEVEL)
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
