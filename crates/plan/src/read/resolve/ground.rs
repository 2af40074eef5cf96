//! Places, points, lines and outlines on the ground.

use deconflict_spacetime::{
    Area, Circle, Corridor, InvalidCorridor, InvalidLatLng, InvalidPolygon, InvalidPolyline, LatLng, Polygon, Polyline, Shape,
};

use super::quantities::Bound;
use super::{Resolver, plain};
use crate::format::{self, Basis, Outline, Position};
use crate::model::{self, BarrierKind, Spot};
use crate::read::tree::{At, quoted};

/// The ground of an outline, and the movement and buffer in metres if it is a stretch of one.
pub type Ground = (Area, Option<(String, f64)>);

/// So many shapes one outline may have: areas that list areas twice would double with each.
const MOST_SHAPES: usize = 2_000;

impl Resolver<'_> {
    /// All places; those that are good can be looked up afterwards.
    pub fn places(&mut self) -> Vec<model::Place> {
        let plan = self.plan;
        let mut places = Vec::new();
        for entry in &plan.places {
            let place = &entry.value;
            let own = self.point(&entry.at, place.lat, place.lng);
            let mut points: Vec<(String, LatLng)> = own.into_iter().map(|at| (place.name.clone(), at)).collect();
            for (index, other) in place.also.iter().enumerate() {
                let at = self.point(&entry.at.field("also").element(index), other.lat, other.lng);
                points.extend(at.map(|at| (other.name.clone(), at)));
            }
            let uncertainty = place.uncertainty.as_ref();
            let uncertainty_m =
                uncertainty.and_then(|text| self.length_m(&entry.at.field("uncertainty"), text, Bound::NotNegative));
            let place = model::Place {
                name: place.name.clone(),
                aliases: place.aliases.clone(),
                points,
                uncertainty_m: uncertainty_m.unwrap_or(0.0),
                basis: place.basis.unwrap_or(Basis::Stated),
            };
            if own.is_some() {
                self.places.insert(place.name.clone(), place.clone());
            }
            places.push(place);
        }
        places
    }

    fn point(&mut self, at: &At, lat: f64, lng: f64) -> Option<LatLng> {
        let (field, found, expected) = match LatLng::degrees(lat, lng) {
            Ok(point) => return Some(point),
            Err(InvalidLatLng::Latitude(_)) => ("lat", lat, "a latitude in degrees, -90 to 90"),
            Err(InvalidLatLng::Longitude(_)) => ("lng", lng, "a longitude in degrees, -180 to 180"),
        };
        self.problems.add(&at.field(field), found.to_string(), expected);
        None
    }

    /// A point, or a place by name.
    pub fn position(&mut self, at: &At, position: &Position) -> Option<Spot> {
        match position {
            Position::Point(point) => Some(Spot { name: String::new(), at: self.point(at, point.lat, point.lng)? }),
            Position::Place(name) => {
                let name = self.look_up(|names| &names.places, at, name)?;
                let (_, point) = self.places.get(&name)?.points.first()?;
                Some(Spot { at: *point, name })
            }
        }
    }

    /// Several points; `None` if one of them is not good.
    pub fn positions(&mut self, at: &At, positions: &[Position]) -> Option<Vec<Spot>> {
        // All of them are resolved before one that is not good decides.
        let spots: Vec<Option<Spot>> =
            positions.iter().enumerate().map(|(index, p)| self.position(&at.element(index), p)).collect();
        spots.into_iter().collect()
    }

    /// A line through points; `at` is the list that holds them.
    pub fn line(&mut self, at: &At, spots: &[Spot]) -> Option<Polyline> {
        let line = Polyline::new(spots.iter().map(|spot| spot.at).collect());
        line.map_err(|error| self.report_line(at, spots, error)).ok()
    }

    fn report_line(&mut self, at: &At, spots: &[Spot], error: InvalidPolyline) {
        match error {
            InvalidPolyline::TooFewWaypoints(count) => {
                let found = if count == 1 { "one point".to_owned() } else { format!("{count} points") };
                self.problems.add(at, found, "a line of at least two points");
            }
            InvalidPolyline::RepeatedWaypoint(index) => {
                let name = spots.get(index).map(|spot| spot.name.clone()).filter(|name| !name.is_empty());
                let found =
                    format!("{}, where the line already is", name.map_or_else(|| "a point".to_owned(), |name| quoted(&name)));
                self.problems.add(&at.element(index), found, "another point than the one before it");
            }
            InvalidPolyline::LegTooLong { leg, length_km } => {
                let found = format!("{length_km:.0} km from the point before");
                self.problems.add(&at.element(leg + 1), found, "at most 1000 km between two points: add a point on the way");
            }
        }
    }

    /// The ground of an outline.
    pub fn outline(&mut self, at: &At, outline: &Outline) -> Option<Ground> {
        let given = [
            ("circle", outline.circle.is_some()),
            ("polygon", outline.polygon.is_some()),
            ("line", outline.line.is_some()),
            ("stretch", outline.stretch.is_some()),
            ("areas", outline.areas.is_some()),
            ("parts", outline.parts.is_some()),
        ];
        let given: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        let [field] = given[..] else {
            let found =
                if given.is_empty() { "an outline of nothing".to_owned() } else { format!("{} together", given.join(" and ")) };
            self.problems.add(at, found, "exactly one of `circle`, `polygon`, `line`, `stretch`, `areas`, `parts`");
            return None;
        };
        let at = at.field(field);
        let alone = |shape: Shape| (Area::from(shape), None);
        match outline {
            Outline { circle: Some(circle), .. } => self.circle(&at, circle).map(alone),
            Outline { polygon: Some(vertices), .. } => self.polygon(&at, vertices).map(alone),
            Outline { line: Some(line), .. } => self.corridor(&at, line).map(alone),
            Outline { stretch: Some(stretch), .. } => self.stretch(&at, stretch),
            Outline { areas: Some(areas), .. } => {
                let area = |own: &mut Self, index: usize| own.named_area(&at.element(index), &areas[index]);
                self.together(&at, areas.len(), area).map(|area| (area, None))
            }
            Outline { parts, .. } => {
                let parts = parts.as_deref().unwrap_or_default();
                let part = |own: &mut Self, index: usize| own.outline(&at.element(index), &parts[index]).map(|(area, _)| area);
                self.together(&at, parts.len(), part).map(|area| (area, None))
            }
        }
    }

    /// So many grounds as one. All are looked at, so that everything that is wrong is told; what would be too much is not kept.
    fn together(&mut self, at: &At, count: usize, mut ground: impl FnMut(&mut Self, usize) -> Option<Area>) -> Option<Area> {
        if count == 0 {
            self.problems.add(at, "an empty list", "at least one");
        }
        let (mut shapes, mut is_good) = (Vec::new(), true);
        for index in 0..count {
            match ground(self, index) {
                Some(area) if shapes.len() + area.parts().len() <= MOST_SHAPES => shapes.extend_from_slice(area.parts()),
                Some(_) => {
                    let expected = format!(
                        "at most {MOST_SHAPES} circles, polygons and lines in one outline, those of named areas counted each time"
                    );
                    self.problems.add(at, "more", expected);
                    return None;
                }
                None => is_good = false,
            }
        }
        if is_good { Area::new(shapes).ok() } else { None }
    }

    fn circle(&mut self, at: &At, circle: &format::CircleText) -> Option<Shape> {
        let center = self.position(&at.field("at"), &circle.at);
        let (radius_at, text) = plain(&at.field("radius"), &circle.radius);
        let radius_m = self.length_m(&radius_at, text, Bound::Positive);
        let (center, radius_m) = (center?, radius_m?);
        let circle = Circle::new(center.at, radius_m)
            .map_err(|_| self.problems.add(&radius_at, quoted(&text.0), "a radius of at most 1000 km"));
        circle.ok().map(Shape::Circle)
    }

    fn polygon(&mut self, at: &At, vertices: &[Position]) -> Option<Shape> {
        let spots = self.positions(at, vertices)?;
        let points: Vec<LatLng> = spots.iter().map(|spot| spot.at).collect();
        let problems = Polygon::problems(&points);
        let count = points.len();
        // A ring that comes back to its start is how other formats write it: one clear problem instead of two.
        let closed = count > 3 && points.first() == points.last();
        for problem in &problems {
            let (at, found, expected) = match *problem {
                InvalidPolygon::TooFewVertices(count) => {
                    (at.clone(), format!("{count} vertices"), "a polygon of at least three vertices")
                }
                InvalidPolygon::DuplicateVertices(0, j) if closed && j + 1 == count => {
                    (at.element(j), "the first vertex again".to_owned(), "each vertex once: the last does not repeat the first")
                }
                InvalidPolygon::DuplicateVertices(i, j) => {
                    (at.element(j), format!("the same point as vertex {i}"), "each vertex once")
                }
                InvalidPolygon::CrossingEdges(i, j) => (
                    at.clone(),
                    format!(
                        "edge {i} (vertex {i} to {}) crosses or touches edge {j} (vertex {j} to {})",
                        (i + 1) % count,
                        (j + 1) % count
                    ),
                    "a polygon whose edges do not cross; vertices count from 0",
                ),
                InvalidPolygon::EdgeTooLong { edge, length_km } => (
                    at.element(edge),
                    format!("an edge of {length_km:.0} km to vertex {}", (edge + 1) % count),
                    "edges of at most 1000 km: add a vertex on it",
                ),
                InvalidPolygon::TooLarge { vertex, distance_km } => (
                    at.element(vertex),
                    format!("{distance_km:.0} km from vertex 0"),
                    "at most 2500 km: split the polygon into parts",
                ),
            };
            self.problems.add(&at, found, expected);
        }
        if !problems.is_empty() {
            return None;
        }
        Polygon::new(points).ok().map(Shape::Polygon)
    }

    fn corridor(&mut self, at: &At, line: &format::LineText) -> Option<Shape> {
        let through = at.field("through");
        let spots = self.positions(&through, &line.through);
        let polyline = spots.and_then(|spots| self.line(&through, &spots));
        let ((width_at, text), per_width) = match (&line.width, &line.buffer) {
            (Some(width), None) => (plain(&at.field("width"), width), 1.0),
            (None, Some(buffer)) => (plain(&at.field("buffer"), buffer), 2.0),
            (Some(_), Some(_)) => {
                self.problems.add(at, "both `width` and `buffer`", "the total `width`, or the `buffer` to either side");
                return None;
            }
            (None, None) => {
                self.problems.add(at, "neither `width` nor `buffer`", "the total `width`, or the `buffer` to either side");
                return None;
            }
        };
        let width_m = self.length_m(&width_at, text, Bound::Positive)? * per_width;
        self.widened(&width_at, text, polyline?, width_m)
    }

    /// The corridor of this width around a line; `text` at `at` is what gave the width.
    fn widened(&mut self, at: &At, text: &format::Length, line: Polyline, width_m: f64) -> Option<Shape> {
        match Corridor::new(line, width_m) {
            Ok(corridor) => Some(Shape::Corridor(corridor)),
            Err(InvalidCorridor::Width(_) | InvalidCorridor::Line(_)) => {
                self.problems.add(at, quoted(&text.0), "a corridor of at most 1000 km width");
                None
            }
        }
    }

    fn stretch(&mut self, at: &At, stretch: &format::StretchText) -> Option<Ground> {
        let (buffer_at, text) = plain(&at.field("buffer"), &stretch.buffer);
        let buffer_m = self.length_m(&buffer_at, text, Bound::Positive);
        let id = self.movement(&at.field("of"), &stretch.of)?;
        let track = self.columns.get(&id)?.as_ref()?.track.clone();
        let from = self.waypoint(&at.field("from"), stretch.from.as_deref(), &track, 0, 0)?;
        let to = self.waypoint(&at.field("to"), stretch.to.as_deref(), &track, track.names.len() - 1, from)?;
        let along_m = track.line.waypoints_along_m();
        let part = track.line.part(along_m[from.min(to)], along_m[from.max(to)]);
        let (Some(part), Some(buffer_m)) = (part, buffer_m) else {
            if from == to {
                self.problems.add(at, "a stretch from a waypoint to itself", "a stretch between two waypoints");
            }
            return None;
        };
        let shape = self.widened(&buffer_at, text, part, 2.0 * buffer_m)?;
        Some((Area::from(shape), Some((id, buffer_m))))
    }

    /// The index of a waypoint by its place's name: the first from `after` on, else the last before; `default` if none is named.
    fn waypoint(&mut self, at: &At, name: Option<&str>, track: &model::Track, default: usize, after: usize) -> Option<usize> {
        let Some(name) = name else { return Some(default) };
        let place = self.look_up(|names| &names.places, at, name)?;
        let found = track.names[after..].iter().position(|known| *known == place).map(|index| after + index);
        let found = found.or_else(|| track.names[..after].iter().rposition(|known| *known == place));
        if found.is_none() {
            let known: Vec<&str> = track.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
            let expected = crate::read::problems::expected_one_of("a waypoint of the movement", name, &known);
            self.problems.add(at, format!("{}, which is no waypoint", quoted(name)), expected);
        }
        found
    }

    /// Resolves a named area once; areas that refer to each other in a circle are reported.
    fn named_area(&mut self, at: &At, id: &str) -> Option<Area> {
        let id = self.look_up(|names| &names.areas, at, id)?;
        if let Some(known) = self.areas.get(&id) {
            return known.clone();
        }
        let plan = self.plan;
        let entry = plan.areas.iter().find(|entry| entry.value.id == id)?;
        // While it is being resolved it is not known; coming back to it is a circle.
        if !self.open_areas.insert(id.clone()) {
            self.problems.add(
                at,
                format!("{}, which is made of itself", quoted(&id)),
                "areas that do not contain each other in a circle",
            );
            return None;
        }
        let area = self.outline(&entry.at.field("outline"), &entry.value.outline).map(|(area, _)| area);
        self.open_areas.remove(&id);
        self.areas.insert(id, area.clone());
        area
    }

    /// All named areas.
    pub fn areas(&mut self) -> Vec<model::NamedArea> {
        let plan = self.plan;
        let mut areas = Vec::new();
        for entry in &plan.areas {
            let named = &entry.value;
            let Some(area) = self.named_area(&entry.at, &named.id) else { continue };
            areas.push(model::NamedArea {
                id: named.id.clone(),
                name: named.name.clone().unwrap_or_else(|| named.id.clone()),
                role: named.role,
                area,
                basis: named.basis.unwrap_or_default(),
            });
        }
        areas
    }

    /// All barriers.
    pub fn barriers(&mut self) -> Vec<model::Barrier> {
        let plan = self.plan;
        let mut barriers = Vec::new();
        for entry in &plan.barriers {
            let (at, barrier) = (&entry.at, &entry.value);
            let line_at = at.field("line");
            let spots = self.positions(&line_at, &barrier.line);
            let line = spots.and_then(|spots| self.line(&line_at, &spots));
            let crossings = self.positions(&at.field("crossings"), &barrier.crossings);
            let mut party = |field: &'static str, name: &Option<String>| {
                if barrier.kind == BarrierKind::River && name.is_some() {
                    self.problems.add(&at.field(field), "a party beside a river", "`left` and `right` only for a border");
                }
                self.look_up_some(|names| &names.parties, &at.field(field), name.as_ref())
            };
            let (left, right) = (party("left", &barrier.left), party("right", &barrier.right));
            let (Some(line), Some(crossings)) = (line, crossings) else { continue };
            let name = barrier.name.clone().unwrap_or_else(|| barrier.id.clone());
            barriers.push(model::Barrier { id: barrier.id.clone(), name, kind: barrier.kind, line, crossings, left, right });
        }
        barriers
    }
}
