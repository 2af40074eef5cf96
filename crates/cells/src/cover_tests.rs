//! The bound on how far geodesics stray from great circles, and the crossings that say what is inside.

use super::*;
use deconflict_spacetime::{LatLng, destination};

#[test]
fn normals_along_a_geodesic_stray_as_little_as_is_proved() {
    let mut largest = 0.0_f64;
    for lat in (-90..=90).step_by(5) {
        for azimuth in (0..360).step_by(15) {
            for length_m in [5e2, 5e3, 5.2e4, 5e5] {
                let from = LatLng::degrees(f64::from(lat), 20.0).unwrap();
                let at = |part: f64| Direction::of(destination(from, f64::from(azimuth), part * length_m));
                let (a, b) = (at(0.0), at(1.0));
                let normal = a.cross(b).normalized();
                let strays = (1..8).map(|k| at(f64::from(k) / 8.0).dot(normal).abs()).fold(0.0, f64::max);
                // What a nanometre of rounding does to the shortest does not count.
                assert!(strays < 0.0013 * a.chord2(b) + 1e-15, "{lat} {azimuth} {length_m}: {strays}");
                largest = largest.max(strays / (a.chord2(b) + 1e-9));
            }
        }
    }
    println!("at most {largest:.6} of the square of the angle");
    assert!(largest > 0.0004, "the bound is not put to the test");
}

/// Columns and rows of a cover that are in the answer of a ring on the first face, given as spots in (column, row).
fn covered(corners: &[(i16, i16)]) -> Vec<(i16, i16)> {
    let place = |&(column, row): &(i16, i16)| Direction([1.0, middle(column), middle(row)]).normalized();
    let ring = Ring { places: corners.iter().map(place).collect(), edges: Edges::GreatCircles };
    let cells = runs(&[ring]).into_iter().flat_map(|run| (run.low..=run.high).map(move |row| (run.column, row)));
    let mut cells: Vec<_> = cells.collect();
    cells.sort_unstable();
    cells
}

#[test]
fn what_a_ring_encloses_is_filled_and_what_it_goes_round_is_not() {
    let square = [(100, 100), (140, 100), (140, 140), (100, 140)];
    assert_eq!(covered(&square).len(), 41 * 41);
    let horseshoe = [(10, 10), (30, 10), (30, 30), (25, 30), (25, 15), (15, 15), (15, 30), (10, 30)];
    let turned = [horseshoe, horseshoe.map(|(column, row)| (row, column)), horseshoe.map(|(column, row)| (-column + 40, row))];
    for mut ring in turned {
        let forth = covered(&ring);
        assert_eq!(forth.len(), 21 * 21 - 9 * 15, "{ring:?}");
        ring.reverse();
        assert_eq!(covered(&ring), forth);
    }
}

#[test]
fn what_a_ring_encloses_is_filled_across_faces() {
    // Around the corner of three faces: the same number of cells on each, by symmetry, up to the rows at the border.
    let far = 1.0 / middle(SIDE - 40);
    let places = vec![
        Direction([far, 1.0, 1.0]).normalized(),
        Direction([1.0, far, 1.0]).normalized(),
        Direction([1.0, 1.0, far]).normalized(),
    ];
    let ring = Ring { places, edges: Edges::GreatCircles };
    let mut count = [0; 6];
    for run in runs(&[ring]) {
        count[run.face] += i32::from(run.high - run.low + 1);
    }
    assert!(count[0] > 400 && count[3..] == [0, 0, 0], "{count:?}");
    assert!((count[0] - count[1]).abs() < 60 && (count[1] - count[2]).abs() < 60, "{count:?}");
}
