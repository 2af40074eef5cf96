//! Where native claims and references of F3548 share cells, bands and times.
//!
//! The DSS knows cells and no outlines (DSS0010), so nothing is certain: the owner of the claim hears that it cannot be excluded, and who manages
//! what is there. Users of F3548 see no native claims: the owner is told that, too.

use deconflict_cells::{AREA_MAX_KM2, Limits, circle_cells, polygon_cells};
use deconflict_joint::{Foreign, time_text};
use deconflict_plan::model::{Claim, ClaimBody, ClaimKind};
use deconflict_registry::{AltitudeBand, Cell, Cells, MAX_CELLS, Registry, Time, TimeSpan, UssId, Volume};
use deconflict_spacetime::{AltitudeReference, Area, LatLng, Shape, distance_m};

const LIMITS: Limits = Limits { area_km2: AREA_MAX_KM2, cells: MAX_CELLS };
/// A road is covered by circles this far apart, metres.
const STEP_M: f64 = 2_000.0;
/// At most so many circles cover one road: 4,000 km.
const CIRCLES_MOST: usize = 2_000;
/// Micrometres in a centimetre.
const UM_PER_CM: i64 = 10_000;

/// The intents and constraints that share a cell, a band and a time with a claim, ascending; `None` if the claim is too large to tell.
pub fn references(registry: &Registry, claim: &Claim) -> Option<Vec<Foreign>> {
    let nobody = UssId::new("deconflict").ok()?;
    let mut found = Vec::new();
    for volume in volumes(claim)? {
        let intents = registry.operational_intents_in(&volume, &nobody).into_iter();
        found.extend(intents.map(|intent| foreign("operational intent", &intent.id.to_string(), &intent.manager, intent.time)));
        let constraints = registry.constraints_in(&volume, &nobody).into_iter();
        found.extend(
            constraints.map(|constraint| foreign("constraint", &constraint.id.to_string(), &constraint.manager, constraint.time)),
        );
    }
    found.sort();
    found.dedup();
    Some(found)
}

fn foreign(kind: &str, id: &str, manager: &UssId, time: TimeSpan) -> Foreign {
    Foreign {
        kind: kind.to_owned(),
        id: id.to_owned(),
        manager: manager.as_str().to_owned(),
        from: time_text(time.start().ns()),
        until: time_text(time.end().ns()),
    }
}

/// What a claim occupies, in the DSS's terms; nothing for sites and authority, which are no flights.
fn volumes(claim: &Claim) -> Option<Vec<Volume>> {
    let volume = |area: &Area, altitude, span: deconflict_spacetime::TimeSpan| {
        let time = TimeSpan::new(Time::from_ns(span.start().ns()), Time::from_ns(span.end().ns())).ok()?;
        Some(Volume { cells: cells(area)?, altitude, time })
    };
    match &claim.body {
        ClaimBody::Volumes(_) if claim.kind == ClaimKind::Site => Some(Vec::new()),
        ClaimBody::Volumes(list) => list.iter().map(|one| volume(&one.area, band(one.band), one.span)).collect(),
        ClaimBody::Movement(track, movement) => Some(vec![volume(&track.ground()?, AltitudeBand::ALL, movement.span())?]),
        ClaimBody::Track(_) | ClaimBody::Authority { .. } => Some(Vec::new()),
    }
}

/// A band above the ellipsoid, rounded outward; all altitudes where it is measured from something else.
fn band(band: Option<deconflict_spacetime::AltitudeBand>) -> AltitudeBand {
    let above_ellipsoid = band.filter(|band| band.lower().reference() == AltitudeReference::W84);
    let edges = above_ellipsoid.and_then(|band| {
        let lower = i32::try_from(band.lower().um().div_euclid(UM_PER_CM)).ok()?;
        let upper = i32::try_from(-(-band.upper().um()).div_euclid(UM_PER_CM)).ok()?;
        AltitudeBand::new(lower, upper).ok()
    });
    edges.unwrap_or(AltitudeBand::ALL)
}

/// The cells of an area; `None` if there are more than the DSS would take.
fn cells(area: &Area) -> Option<Cells> {
    let mut all = Vec::new();
    for part in area.parts() {
        match part {
            Shape::Circle(circle) => all.extend(circle_cells(circle.center(), circle.radius_m(), &LIMITS).ok()?),
            Shape::Polygon(polygon) => all.extend(polygon_cells(polygon.vertices(), &LIMITS).ok()?),
            Shape::Corridor(corridor) => {
                let line = corridor.line();
                let steps = (line.length_m() / STEP_M).ceil().max(1.0);
                if steps > CIRCLES_MOST as f64 {
                    return None;
                }
                // Between two centres no point of the road is farther from the nearer one than half a step, and half a width beside it.
                let radius_m = STEP_M / 2.0 + corridor.width_m() / 2.0 + 1.0;
                let mut along_m = 0.0;
                let mut centres: Vec<LatLng> = Vec::new();
                while along_m < line.length_m() {
                    centres.push(line.point_at(along_m));
                    along_m += STEP_M;
                }
                centres.extend(
                    line.waypoints().last().filter(|end| centres.last().is_none_or(|last| distance_m(*last, **end) > 0.0)),
                );
                for centre in centres {
                    all.extend(circle_cells(centre, radius_m, &LIMITS).ok()?);
                }
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    let cells: Vec<Cell> = all.into_iter().map(Cell::from_s2).collect::<Result<_, _>>().ok()?;
    Cells::new(cells).ok()
}
