//! Where a finding is, by the nearest named place. Does not know languages, maps or roads.

use deconflict_spacetime::LatLng;

use crate::model::Picture;
use crate::report::Location;
use crate::words;

/// Where `at` is for people: "12 km SE of Mayadin", "at Mayadin"; coordinates where the picture has no places.
pub(super) fn near(picture: &Picture, at: LatLng) -> String {
    words::near(&picture.places, at).unwrap_or_else(|| words::point(at))
}

/// A point of a location that stands for it: inside its largest polygon, or the middle point of a line.
pub(super) fn label_point(place: &Location) -> Option<LatLng> {
    match place {
        Location::Region(region) => region.label_point(),
        Location::Point(at) => Some(*at),
        Location::Line(points) => points.get(points.len() / 2).copied(),
    }
}
