//! Tests of `altitude`: bands can only be made too large, never too small.

use deconflict_spacetime::{Altitude, AltitudeReference};

use super::{Edge, band, reference};
use crate::read::notes::Notes;

fn at(m: f64, reference: AltitudeReference) -> Option<Edge> {
    Some(Edge::At(Altitude::metres(m, reference)))
}

#[test]
fn edges_become_the_band_that_holds_them() {
    use AltitudeReference::{Agl, Amsl, Std, W84};
    let cases = [
        (at(10.0, Amsl), at(20.0, Amsl), Some((10.0, 20.0, Amsl))),
        (at(-50.0, W84), at(20.0, W84), Some((-50.0, 20.0, W84))),
        (Some(Edge::Ground), at(120.0, Agl), Some((0.0, 120.0, Agl))),
        (Some(Edge::Ground), at(1000.0, Amsl), Some((-2000.0, 1000.0, Amsl))),
        (at(0.0, Agl), at(1000.0, Amsl), Some((-2000.0, 1000.0, Amsl))),
        (at(300.0, Agl), at(1000.0, Amsl), Some((-2000.0, 1000.0, Amsl))),
        (at(1500.0, Amsl), at(6500.0, Std), Some((-2000.0, 6500.0, Std))),
        (at(1500.0, Amsl), Some(Edge::Unlimited), Some((1500.0, 1e6, Amsl))),
        (None, None, Some((-2000.0, 1e6, W84))),
        (None, at(300.0, Std), Some((-2000.0, 300.0, Std))),
        (at(300.0, Agl), None, Some((300.0, 1e6, Agl))),
        (at(20.0, Amsl), at(10.0, Amsl), None),
        (at(10.0, Amsl), at(10.0, Amsl), None),
        (Some(Edge::Ground), at(0.0, Agl), None),
        (Some(Edge::Ground), Some(Edge::Ground), None),
        (Some(Edge::Unlimited), Some(Edge::Unlimited), None),
        (Some(Edge::Ground), at(-3000.0, Amsl), None),
    ];
    for (lower, upper, expected) in cases {
        let found = band(lower, upper, false, 1, &mut Notes::default());
        let found = found.ok().map(|band| (band.lower().m(), band.upper().m(), band.lower().reference()));
        assert_eq!(found, expected, "{lower:?} {upper:?}");
    }
}

#[test]
fn mixed_references_are_refused_if_the_user_says_so_but_the_ground_is_none() {
    use AltitudeReference::{Agl, Amsl};
    assert!(band(at(300.0, Agl), at(1000.0, Amsl), true, 1, &mut Notes::default()).is_err());
    assert!(band(at(0.0, Agl), at(1000.0, Amsl), true, 1, &mut Notes::default()).is_ok());
}

#[test]
fn references_go_by_their_usual_names() {
    assert_eq!(reference(" msl "), Some(AltitudeReference::Amsl));
    assert_eq!(reference("WGS84"), Some(AltitudeReference::W84));
    assert_eq!(reference("QNH"), None);
}
