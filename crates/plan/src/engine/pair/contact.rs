//! How close two claims come in space and time, whatever they are: volumes against volumes, a column against volumes.
//!
//! Knows minima and shapes; does not know sides, levels or words. Decisions are the conflict crate's
//! ([`conflicting_pairs`], [`Minima`]); the regions are for maps and measures only.

use deconflict_conflict::{Minima, Movement, Tagged, conflicting_pairs};
use deconflict_spacetime::{Area, LatLng, NS_PER_S, Region, Time, TimeSpan, Volume4D};

/// Ends of a stretch of road are found to within this, metres; the stretch reported is the longer one.
const ALONG_M: f64 = 1e-3;

/// Two claims, or two volumes of theirs, that violate their minima.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    /// Whether they share a point of space-time.
    pub overlap: bool,
    /// Smallest lateral gap, metres.
    pub lateral_m: f64,
    /// Smallest vertical gap, micrometres; `None` where altitude was not compared.
    pub vertical_um: Option<i64>,
    /// Smallest time gap, nanoseconds.
    pub time_ns: i64,
    /// The ground that both use; `None` where they share none with area.
    pub shared: Option<Region>,
    /// The nearest points of the two footprints (the same point twice where they touch).
    pub nearest: [LatLng; 2],
    /// From the first to the last instant of joint use, or between the two uses.
    pub window: TimeSpan,
    /// The altitudes of both, or those between them, metres; `None` where neither has any.
    pub altitude_m: Option<[f64; 2]>,
    /// Whether altitudes of different references were compared, and so nothing was decided about them.
    pub mixed_references: bool,
    /// Whether `window` is time that both use.
    window_shared: bool,
    /// Whether `altitude_m` are altitudes that both use.
    altitude_shared: bool,
}

impl Contact {
    /// A contact on the ground, without altitudes; `region` may be empty, `at` is a place of contact.
    pub(super) fn on_ground(overlap: bool, lateral_m: f64, time_ns: i64, region: Region, at: LatLng, window: TimeSpan) -> Self {
        Self {
            overlap,
            lateral_m,
            vertical_um: None,
            time_ns,
            shared: Some(region).filter(|region| !region.is_empty()),
            nearest: [at, at],
            window,
            altitude_m: None,
            mixed_references: false,
            window_shared: true,
            altitude_shared: true,
        }
    }
}

/// The contact of two sets of volumes; `None` where no two of them violate `minima`.
pub(super) fn of_volumes(a: &[Volume4D], b: &[Volume4D], minima: Minima) -> Option<Contact> {
    let tagged: Vec<Tagged> = a
        .iter()
        .map(|volume| Tagged { operation: 0, volume })
        .chain(b.iter().map(|volume| Tagged { operation: 1, volume }))
        .collect();
    let mut footprints = Footprints::default();
    let contacts = conflicting_pairs(&tagged, |_, _| Some(minima)).into_iter().map(|pair| {
        let (one, other) = (tagged[pair.a].volume, tagged[pair.b].volume);
        let (window, window_shared) = joint(one.span, other.span);
        let (altitude_m, altitude_shared) = joint_altitude(one, other);
        let (shared, nearest) = footprints.shared(&one.area, &other.area);
        let references = one.band.zip(other.band).map(|(one, other)| (one.lower().reference(), other.lower().reference()));
        Contact {
            overlap: pair.margin.overlap,
            lateral_m: pair.margin.lateral_m,
            vertical_um: pair.margin.vertical_um,
            time_ns: pair.margin.time_ns,
            shared,
            nearest,
            window,
            altitude_m,
            mixed_references: references.is_some_and(|(one, other)| one != other),
            window_shared,
            altitude_shared,
        }
    });
    merged(contacts.collect())
}

/// The contact of a column with volumes, at any altitude; `None` where it keeps `minima` to all of them.
pub(super) fn of_column(column: &Movement, volumes: &[Volume4D], minima: Minima) -> Option<Contact> {
    merged(volumes.iter().filter_map(|volume| column_and_volume(column, volume, minima)).collect())
}

fn column_and_volume(column: &Movement, volume: &Volume4D, minima: Minima) -> Option<Contact> {
    let (from_m, to_m) = stretch_in_time(column, volume.span, |gap_ns| minima.violates_time(gap_ns))?;
    let reach_m = minima.lateral_m.max(0.0);
    if !column.ground(from_m, to_m).within(&volume.area, reach_m) {
        return None;
    }
    // Longer pieces reach at least as far, so the first and the last place of contact can be found by halving.
    let reaches = |from_m: f64, to_m: f64| column.ground(from_m, to_m).within(&volume.area, reach_m);
    let last_m = if reaches(to_m, to_m) { to_m } else { halved(to_m, from_m, |at_m| !reaches(at_m, to_m)).1 };
    let first_m = if reaches(from_m, from_m) { from_m } else { halved(from_m, to_m, |at_m| !reaches(from_m, at_m)).1 };
    let (first_m, last_m) = (first_m.min(last_m), first_m.max(last_m));
    let enters = column.occupied(first_m, first_m)?;
    let leaves = column.occupied(last_m, last_m).unwrap_or(enters);
    let used = TimeSpan::new(enters.start(), leaves.end().max(enters.end())).ok()?;
    let (window, window_shared) = joint(used, volume.span);

    let together = stretch_in_time(column, volume.span, |gap_ns| gap_ns == 0).map(|(from_m, to_m)| column.ground(from_m, to_m));
    let overlap = together.as_ref().is_some_and(|ground| ground.intersects(&volume.area));
    let ground = together.filter(|_| overlap).unwrap_or_else(|| column.ground(first_m, last_m));
    let gap = ground.gap(&volume.area);
    Some(Contact {
        overlap,
        lateral_m: gap.lateral_m,
        vertical_um: None,
        time_ns: if overlap { 0 } else { used.gap_ns(volume.span) },
        shared: ground.overlap(&volume.area),
        nearest: [gap.from, gap.to],
        window,
        altitude_m: volume.band.map(|band| [band.lower().m(), band.upper().m()]),
        mixed_references: false,
        window_shared,
        altitude_shared: false,
    })
}

/// The stretch of the road (from, to: metres along it) whose use is too close in time to `span`.
///
/// Both the first and the last use of a place come later the farther it is along the road, so the stretch is one piece.
fn stretch_in_time(column: &Movement, span: TimeSpan, too_close: impl Fn(i64) -> bool) -> Option<(f64, f64)> {
    let (start_m, end_m) = column.travelled_m();
    let too_late = |at_m: f64| {
        column.occupied(at_m, at_m).is_none_or(|used| used.start() > span.end() && !too_close(used.start().since_ns(span.end())))
    };
    let too_early = |at_m: f64| {
        column.occupied(at_m, at_m).is_some_and(|used| used.end() < span.start() && !too_close(span.start().since_ns(used.end())))
    };
    if too_late(start_m) || too_early(end_m) {
        return None;
    }
    let to_m = if too_late(end_m) { halved(end_m, start_m, too_late).0 } else { end_m };
    let from_m = if too_early(start_m) { halved(start_m, end_m, too_early).0 } else { start_m };
    (from_m <= to_m).then_some((from_m, to_m))
}

/// Two places at most [`ALONG_M`] apart: the last that is `out`, coming from `out_m`, and the first that is not.
fn halved(out_m: f64, in_m: f64, out: impl Fn(f64) -> bool) -> (f64, f64) {
    let (mut out_m, mut in_m) = (out_m, in_m);
    while (out_m - in_m).abs() > ALONG_M {
        let middle_m = out_m.midpoint(in_m);
        if out(middle_m) { out_m = middle_m } else { in_m = middle_m }
    }
    (out_m, in_m)
}

/// The time that two spans share, and true; or the time between them, and false. An instant is given as a second.
fn joint(one: TimeSpan, other: TimeSpan) -> (TimeSpan, bool) {
    let (from, until) = (one.start().max(other.start()), one.end().min(other.end()));
    (lasting(from.min(until), from.max(until)), from <= until)
}

/// The closed span from `start` to `end`; an instant is given as one second, because a span lasts.
pub(super) fn lasting(start: Time, end: Time) -> TimeSpan {
    TimeSpan::new(start, end)
        .or_else(|_| TimeSpan::new(start, start.plus_ns(NS_PER_S)))
        .or_else(|_| TimeSpan::new(start.plus_ns(-NS_PER_S), start))
        .expect("one second before or after an instant is a span")
}

/// The altitudes that two volumes share, and true; or those between them, and false; metres.
fn joint_altitude(one: &Volume4D, other: &Volume4D) -> (Option<[f64; 2]>, bool) {
    match (one.band, other.band) {
        (Some(a), Some(b)) if a.lower().reference() == b.lower().reference() => {
            let (base_m, top_m) = (a.lower().m().max(b.lower().m()), a.upper().m().min(b.upper().m()));
            (Some([base_m.min(top_m), base_m.max(top_m)]), base_m <= top_m)
        }
        (Some(band), _) | (None, Some(band)) => (Some([band.lower().m(), band.upper().m()]), true),
        (None, None) => (None, true),
    }
}

/// Footprints that were already compared: daily windows repeat theirs.
#[derive(Default)]
struct Footprints<'a> {
    known: Vec<(&'a Area, &'a Area, Option<Region>, [LatLng; 2])>,
}

impl<'a> Footprints<'a> {
    fn shared(&mut self, one: &'a Area, other: &'a Area) -> (Option<Region>, [LatLng; 2]) {
        let known = self.known.iter().find(|(a, b, ..)| *a == one && *b == other);
        if let Some((_, _, shared, nearest)) = known {
            return (shared.clone(), *nearest);
        }
        let gap = one.gap(other);
        let found = (one.overlap(other), [gap.from, gap.to]);
        self.known.push((one, other, found.0.clone(), found.1));
        found
    }
}

/// Several contacts of two claims as one: what is shared counts before what is only close.
fn merged(contacts: Vec<Contact>) -> Option<Contact> {
    let overlap = contacts.iter().any(|contact| contact.overlap);
    let mut regions: Vec<Region> = Vec::new();
    for region in contacts.iter().filter(|contact| contact.overlap || !overlap).filter_map(|contact| contact.shared.clone()) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    let shared = if regions.len() > 1 { Some(Region::union(&regions)) } else { regions.pop() };
    let mut merged = contacts.into_iter().reduce(|one, other| {
        let nearest = if other.lateral_m < one.lateral_m { other.nearest } else { one.nearest };
        Contact {
            overlap,
            lateral_m: one.lateral_m.min(other.lateral_m),
            vertical_um: one.vertical_um.zip(other.vertical_um).map(|(one, other)| one.min(other)),
            time_ns: one.time_ns.min(other.time_ns),
            shared: None,
            nearest,
            window: preferred((one.window, one.window_shared), (other.window, other.window_shared), TimeSpan::hull),
            altitude_m: preferred(
                (one.altitude_m, one.altitude_shared),
                (other.altitude_m, other.altitude_shared),
                |one, other| match (one, other) {
                    (Some(one), Some(other)) => Some([one[0].min(other[0]), one[1].max(other[1])]),
                    (one, other) => one.or(other),
                },
            ),
            mixed_references: one.mixed_references || other.mixed_references,
            window_shared: one.window_shared || other.window_shared,
            altitude_shared: one.altitude_shared || other.altitude_shared,
        }
    })?;
    merged.shared = shared;
    Some(merged)
}

/// The one that is shared, or both together if both are or neither is.
fn preferred<T>(one: (T, bool), other: (T, bool), together: impl Fn(T, T) -> T) -> T {
    match (one.1, other.1) {
        (true, false) => one.0,
        (false, true) => other.0,
        _ => together(one.0, other.0),
    }
}

#[cfg(test)]
#[path = "contact_tests.rs"]
mod tests;
