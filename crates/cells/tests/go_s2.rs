//! The cells against those that Go S2 gives as InterUSS asks it, for which `s2rst` stands.
//!
//! Nothing that Go S2 gives is missing, and what there is besides is near the outline's edge.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{Rng, cases};

#[test]
fn every_cell_of_go_s2_is_there() {
    let (mut go_total, mut total) = (0, 0);
    for case in 0..cases(3_000) {
        let mut rng = Rng(case);
        let (place, size_m) = (rng.place(), rng.size_m());
        let outline = rng.outline(place, size_m);
        let cells = outline.cells().unwrap_or_else(|error| panic!("case {case}: {error}: {outline:?}"));
        let go = outline.go_cells();
        assert!(!go.is_empty());
        let missing: Vec<_> = go.iter().filter(|id| cells.binary_search(id).is_err()).collect();
        assert!(missing.is_empty(), "case {case}: {missing:x?} of {} missing of {outline:?}", go.len());
        (go_total, total) = (go_total + go.len(), total + cells.len());
    }
    println!("{go_total} cells of Go S2, {total} of ours");
}
