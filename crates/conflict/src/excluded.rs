//! Which joint ground of two pieces counts: what lies wholly inside the excluded area does not.
//!
//! The excluded area is where both columns end, so that they are expected to meet there.

use deconflict_spacetime::{Area, Circle, LatLng, Polyline, Shape, azimuth_deg, destination, distance_m};

use crate::bounds::{Disc, LEAST_RADIUS_M};

/// Discs whose radii add up to more than this, in radii of the earth, are too large for the plane.
const GREATEST_SIZE: f64 = 0.1;

/// The excluded area, prepared for questions about discs.
pub(crate) struct Excluded<'a> {
    area: Option<&'a Area>,
    /// Outlines of the polygons among its parts, in their order.
    outlines: Vec<Option<Polyline>>,
}

/// Where a disc lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Wholly inside the excluded area.
    Inside,
    /// Wholly outside it.
    Outside,
    /// Neither is certain.
    Unknown,
}

impl<'a> Excluded<'a> {
    pub fn new(area: Option<&'a Area>) -> Self {
        let parts = area.map_or(&[][..], Area::parts);
        Self { area, outlines: parts.iter().map(outline).collect() }
    }

    pub fn area(&self) -> Option<&'a Area> {
        self.area
    }

    /// Where all ground that may be shared by two discs lies, each grown by half of `apart_m`.
    pub fn side(&self, a: &Disc, b: &Disc, apart_m: f64) -> Side {
        let Some(area) = self.area else { return Side::Outside };
        let (center, radius_m) = lens(a, b, apart_m);
        let is_inside = area.parts().iter().zip(&self.outlines).any(|(part, outline)| match (part, outline) {
            (Shape::Circle(circle), _) => holds_circle(circle, center, radius_m),
            (Shape::Corridor(corridor), _) => corridor.line().nearest(center).1 + radius_m <= corridor.width_m() / 2.0,
            (Shape::Polygon(_), Some(outline)) => {
                outline.nearest(center).1 > radius_m && Area::from(part.clone()).contains(center)
            }
            (Shape::Polygon(_), None) => false,
        });
        if is_inside {
            Side::Inside
        } else if area.distance_m(center) > radius_m {
            Side::Outside
        } else {
            Side::Unknown
        }
    }
}

fn holds_circle(circle: &Circle, center: LatLng, radius_m: f64) -> bool {
    distance_m(circle.center(), center) + radius_m <= circle.radius_m()
}

fn outline(part: &Shape) -> Option<Polyline> {
    let Shape::Polygon(polygon) = part else { return None };
    let vertices = polygon.vertices();
    Polyline::new(vertices.iter().chain(vertices.first()).copied().collect()).ok()
}

/// A disc that holds everything that two discs share, each grown by half of `apart_m`.
///
/// Where the discs are small, the plane's lens between them, with both radii grown by more than the plane is wrong.
fn lens(a: &Disc, b: &Disc, apart_m: f64) -> (LatLng, f64) {
    let (a_m, b_m) = (a.radius_m + apart_m / 2.0, b.radius_m + apart_m / 2.0);
    let smaller = if a_m <= b_m { (a.center, a_m) } else { (b.center, b_m) };
    let size = (a_m + b_m) / LEAST_RADIUS_M;
    if size > GREATEST_SIZE {
        return smaller;
    }
    let between_m = distance_m(a.center, b.center);
    let growth = 1.0 + size * size;
    let (grown_a_m, grown_b_m) = (growth * a_m, growth * b_m);
    // From the centre of the first to the chord through the points where both rims cross.
    let to_chord_m = (between_m * between_m + grown_a_m * grown_a_m - grown_b_m * grown_b_m) / (2.0 * between_m);
    if !(0.0..=between_m).contains(&to_chord_m) {
        return smaller;
    }
    let half_chord_m = growth * (grown_a_m * grown_a_m - to_chord_m * to_chord_m).max(0.0).sqrt();
    if half_chord_m >= smaller.1 {
        return smaller;
    }
    (destination(a.center, azimuth_deg(a.center, b.center), to_chord_m), half_chord_m)
}

#[cfg(test)]
#[path = "excluded_tests.rs"]
mod tests;
