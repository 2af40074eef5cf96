//! Where things are: each USS has a place of its own, and all share one, in layers above each other.
//!
//! At a place everything has the same outline and the same hour, so that everything there meets in space and time, but for the
//! layers. So a subscription at a place is told of every write there, whatever its altitude, and a key needs only what its own
//! USS has there.

use deconflict_testbed::{Corner, Extent, Millis};

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where only one USS writes.
    Own,
    /// Where all write.
    Shared,
}

/// What the USS `number` has at a place, in the hour that begins at `start`.
pub fn extent(place: Place, number: usize, start: Millis) -> Extent {
    const SIDE_DEG: f64 = 0.001;
    let number = number as f64;
    let (lat, lower_m) = match place {
        Place::Own => (45.0 + 0.1 * number, 0.0),
        Place::Shared => (50.0, 100.0 * number),
    };
    let corner = |north, east| Corner { lat: lat + north * SIDE_DEG, lng: 7.0 + east * SIDE_DEG };
    let corners = vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)];
    Extent { corners, lower_m, upper_m: lower_m + 50.0, start, end: start.plus_s(3_600) }
}
