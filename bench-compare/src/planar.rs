//! Whether two volumes of W are in conflict if edges are straight in longitude and latitude: one test for all foreign engines.
//!
//! Corners are whole numbers below 2³¹ and neighbours lie within some degrees, so that every product and sum is a whole number
//! below 2⁵³: the test in `f64` is exact, and touching counts.

use deconflict_bench::w::Record;

/// Whether the closed volumes of different operations share a point.
pub fn conflict(a: &Record, b: &Record) -> bool {
    a.operation != b.operation
        && a.start_ms <= b.end_ms
        && b.start_ms <= a.end_ms
        && a.lower_cm <= b.upper_cm
        && b.lower_cm <= a.upper_cm
        && !is_apart(a, b)
        && !is_apart(b, a)
}

/// Whether an edge of `a` has all of `b` strictly on its outer side (corners are counter-clockwise).
fn is_apart(a: &Record, b: &Record) -> bool {
    let at = |record: &Record, corner: usize| record.corners[corner % 6].map(f64::from);
    (0..6).any(|edge| {
        let ([px, py], [qx, qy]) = (at(a, edge), at(a, edge + 1));
        let (dx, dy) = (qx - px, qy - py);
        (0..6).all(|corner| {
            let [x, y] = at(b, corner);
            dx * (y - py) - dy * (x - px) < 0.0
        })
    })
}

#[cfg(test)]
mod tests {
    use super::conflict;
    use deconflict_bench::w::Record;

    const HEXAGON: [[i32; 2]; 6] = [[-20, 0], [-10, -10], [10, -10], [20, 0], [10, 10], [-10, 10]];

    fn volume(operation: i32, east: i32, north: i32) -> Record {
        let corners = HEXAGON.map(|[x, y]| [400_000_000 + x + east, 300_000_000 + y + north]);
        Record { operation, segment: 0, start_ms: 0, end_ms: 10, lower_cm: 0, upper_cm: 10, corners }
    }

    #[test]
    fn hexagons_that_touch_are_in_conflict() {
        let check = |east, north, expected| {
            assert_eq!(conflict(&volume(0, 0, 0), &volume(1, east, north)), expected, "{east} {north}");
            assert_eq!(conflict(&volume(1, east, north), &volume(0, 0, 0)), expected, "{east} {north} the other way");
        };
        check(0, 0, true);
        check(40, 0, true);
        check(41, 0, false);
        check(0, 20, true);
        check(0, 21, false);
        check(30, 10, true);
        check(31, 10, false);
        check(30, 11, false);
    }

    #[test]
    fn time_height_and_operation_count() {
        let a = volume(0, 0, 0);
        assert!(!conflict(&a, &volume(0, 0, 0)));
        assert!(conflict(&a, &Record { start_ms: 10, end_ms: 20, ..volume(1, 0, 0) }));
        assert!(!conflict(&a, &Record { start_ms: 11, end_ms: 20, ..volume(1, 0, 0) }));
        assert!(conflict(&a, &Record { lower_cm: 10, upper_cm: 20, ..volume(1, 0, 0) }));
        assert!(!conflict(&a, &Record { lower_cm: 11, upper_cm: 20, ..volume(1, 0, 0) }));
    }
}
