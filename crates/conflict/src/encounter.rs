//! Two aircraft that keep their velocities: how close they come, and from when to when separation is lost. Closed forms.
//!
//! The pair is looked at from straight above, on the plane that touches the ellipsoid halfway between the two: there both
//! move on straight lines, but for an error that `docs/exactness.md` bounds. Inside that bound separation counts as lost.
//! Does not know more than two aircraft.

use deconflict_spacetime::{AltitudeReference, UM_PER_M, UNDECIDED_M};

use crate::aircraft::{AircraftState, Lookahead, ProtectedZone};
use crate::bounds::LEAST_RADIUS_M;
use crate::box_tree::Bounds;
use crate::vector::{Vector, along, dot, minus, plus, scaled};

/// Equatorial radius of WGS84, metres.
const EQUATORIAL_M: f64 = 6_378_137.0;
/// First eccentricity of WGS84, squared.
const E2: f64 = 0.006_694_379_990_141_317;
/// The largest curvature of the ellipsoid in any direction, rounded up, 1/m.
const CURVATURE: f64 = 1.0 / LEAST_RADIUS_M;
/// More than rounding can add to a vertical gap on its way, micrometres; altitudes are whole micrometres.
const VERTICAL_ROUNDING_UM: f64 = 1.0;
/// Below this square of a relative speed, (m/s)², two aircraft do not move 1 nm against each other in any look-ahead.
const STILL: f64 = 1e-26;
/// How often the time of a loss is narrowed: a shorter time has a smaller error, a smaller error a shorter time.
const NARROWINGS: usize = 2;
/// Farther up or down than any aircraft can come, metres.
const EVERY_ALTITUDE_M: (f64, f64) = (-1e7, 1e7);

/// The closest point of approach: when two aircraft are horizontally closest within the look-ahead, and how close.
///
/// Where the horizontal distance does not change, the time of the smallest vertical distance is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cpa {
    /// Seconds from the instant of the states.
    pub time_s: f64,
    /// Horizontal distance then, metres.
    pub horizontal_m: f64,
    /// Vertical distance then, metres; `None` where the altitudes cannot be compared.
    pub vertical_m: Option<f64>,
}

/// Two aircraft have, or will have, less than the minima between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossOfSeparation {
    /// Time to loss of separation, seconds from the instant of the states; zero if it is lost already. Never too late.
    pub entry_s: f64,
    /// When separation is regained, or the end of the look-ahead if that comes first, seconds. Never too early.
    pub exit_s: f64,
    /// The closest point of approach within the look-ahead; by altitude, it may lie outside the time of the loss.
    pub cpa: Cpa,
    /// The true horizontal distance differs from `cpa.horizontal_m` by at most this, at that time and at the closest, metres.
    pub error_m: f64,
}

/// Whether and when `intruder` is in the protected zone of `ownship` within the look-ahead; undecided means that it is.
///
/// Horizontal distances are geodesic; the vertical minimum is decided to a micrometre, and at the instant of the states exactly.
/// Altitudes that are not known, are above different references or above the ground count as equal.
///
/// Laws: symmetric; a larger zone or look-ahead never loses a loss.
///
/// # Example
/// ```
/// use deconflict_conflict::{AircraftState, Lookahead, ProtectedZone, Velocity, loss_of_separation};
/// use deconflict_spacetime::{Altitude, AltitudeReference, LatLng};
///
/// let at = |lng_deg: f64, east_m_s: f64| {
///     let altitude = Some(Altitude::metres(500.0, AltitudeReference::W84));
///     let velocity = Velocity { east_m_s, ..Velocity::default() };
///     AircraftState::new(LatLng::degrees(0.0, lng_deg).unwrap(), altitude, velocity).unwrap()
/// };
/// // Head-on, 11,132 m apart on the equator, 100 m/s together: within 250 m after 108.8 s.
/// let (ownship, intruder) = (at(0.0, 50.0), at(0.1, -50.0));
/// let (zone, lookahead) = (ProtectedZone::new(250.0, 60.0)?, Lookahead::seconds(180.0)?);
/// let loss = loss_of_separation(&ownship, &intruder, zone, lookahead).unwrap();
/// assert!((loss.entry_s - 108.82).abs() < 0.01 && (loss.cpa.time_s - 111.32).abs() < 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loss_of_separation(
    ownship: &AircraftState,
    intruder: &AircraftState,
    zone: ProtectedZone,
    lookahead: Lookahead,
) -> Option<LossOfSeparation> {
    let (ownship, intruder) = (Course::new(ownship), Course::new(intruder));
    // The index looks no farther, so that both give the same answer.
    let near = ownship.bounds(zone, lookahead, None).meets(&intruder.bounds(zone, lookahead, None));
    if near { ownship.loss(&intruder, zone, lookahead) } else { None }
}

/// A state prepared for comparison: vectors in the earth-centred frame, metres and metres a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    /// The point of the ellipsoid below the aircraft.
    foot: Vector,
    /// The foot's velocity, along the ellipsoid.
    velocity: Vector,
    ground_speed_m_s: f64,
    /// Whole micrometres, exact; zero where altitudes cannot be compared.
    altitude_um: f64,
    up_m_s: f64,
    reference: Option<AltitudeReference>,
}

/// A closed span of seconds from the instant of the states.
#[derive(Clone, Copy, Debug)]
struct Window {
    entry_s: f64,
    exit_s: f64,
}

impl Course {
    pub fn new(state: &AircraftState) -> Self {
        let (sin_lat, cos_lat) = state.position().lat_deg().to_radians().sin_cos();
        let (sin_lng, cos_lng) = state.position().lng_deg().to_radians().sin_cos();
        let normal = [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat];
        let radius_m = EQUATORIAL_M / (1.0 - E2 * sin_lat * sin_lat).sqrt();
        let (east, north) = ([-sin_lng, cos_lng, 0.0], [-sin_lat * cos_lng, -sin_lat * sin_lng, cos_lat]);
        let velocity = state.velocity();
        let reference = state.comparable_reference();
        Self {
            foot: [radius_m * normal[0], radius_m * normal[1], radius_m * (1.0 - E2) * normal[2]],
            velocity: plus(scaled(east, velocity.east_m_s), scaled(north, velocity.north_m_s)),
            ground_speed_m_s: velocity.ground_speed_m_s(),
            altitude_um: state.altitude().filter(|_| reference.is_some()).map_or(0.0, |altitude| altitude.um() as f64),
            up_m_s: velocity.up_m_s,
            reference,
        }
    }

    /// A box that holds the true path of the aircraft, grown by half the zone: if separation is lost, two of them meet.
    ///
    /// The first three dimensions are those of the earth-centred frame. The fourth is the altitude over `common`; a height
    /// above another reference, which counts as equal to any of those, reaches everywhere.
    pub fn bounds(&self, zone: ProtectedZone, lookahead: Lookahead, common: Option<AltitudeReference>) -> Bounds {
        let travel_m = self.ground_speed_m_s * lookahead.s();
        // A geodesic leaves its tangent by no more than this.
        let bend_m = travel_m * travel_m * CURVATURE / 2.0;
        let grown_m = zone.horizontal_m() / 2.0 + bend_m + UNDECIDED_M;
        let end = along(self.foot, self.velocity, lookahead.s());
        let span = |i: usize| (self.foot[i].min(end[i]) - grown_m, self.foot[i].max(end[i]) + grown_m);
        let altitude = if common.is_some() && self.reference == common {
            let (start_m, end_m) = (self.altitude_um / 1e6, self.altitude_um / 1e6 + self.up_m_s * lookahead.s());
            let grown_m = zone.vertical_um() as f64 / 2e6 + UNDECIDED_M;
            (start_m.min(end_m) - grown_m, start_m.max(end_m) + grown_m)
        } else {
            EVERY_ALTITUDE_M
        };
        Bounds::around([span(0), span(1), span(2), altitude])
    }

    /// Whether and when separation is lost, if the bounds of the two meet.
    pub fn loss(&self, intruder: &Self, zone: ProtectedZone, lookahead: Lookahead) -> Option<LossOfSeparation> {
        let vertical = self.vertical_window(intruder, zone)?;
        let lookahead_s = lookahead.s();
        let mut window = vertical.overlap(Window { entry_s: 0.0, exit_s: lookahead_s })?;
        if !self.may_come_near(intruder, zone, window) {
            return None;
        }
        let relative = Relative::new(self, intruder);
        for _ in 0..=NARROWINGS {
            let reach_m = zone.horizontal_m() + relative.frame_error_m(window.exit_s) + UNDECIDED_M;
            window = relative.within(reach_m)?.overlap(window)?;
        }
        let (cpa, error_m) = relative.closest(self, intruder, lookahead_s);
        Some(LossOfSeparation { entry_s: window.entry_s, exit_s: window.exit_s, cpa, error_m })
    }

    /// Unit normal of the ellipsoid at the foot.
    fn normal(&self) -> Vector {
        let [x, y, z] = self.foot;
        let outward = [x, y, z / (1.0 - E2)];
        scaled(outward, 1.0 / dot(outward, outward).sqrt())
    }

    /// A cheap look at the tangents in space, which are no farther apart than the aircraft and what their paths bend.
    fn may_come_near(&self, other: &Self, zone: ProtectedZone, window: Window) -> bool {
        let (offset, velocity) = (minus(other.foot, self.foot), minus(other.velocity, self.velocity));
        let (travel_m, other_travel_m) = (self.ground_speed_m_s * window.exit_s, other.ground_speed_m_s * window.exit_s);
        let bends_m = (travel_m * travel_m + other_travel_m * other_travel_m) * CURVATURE / 2.0;
        let near_m = zone.horizontal_m() + bends_m + UNDECIDED_M;
        let closest_s = (-dot(offset, velocity) / dot(velocity, velocity).max(STILL)).clamp(window.entry_s, window.exit_s);
        let at = along(offset, velocity, closest_s);
        dot(at, at) <= near_m * near_m
    }

    /// Altitude of `other` above `self` now, micrometres, and how fast it grows, micrometres a second, both with the right
    /// sign; `None` if the altitudes cannot be compared.
    fn above(&self, other: &Self) -> Option<(f64, f64)> {
        let comparable = self.reference.is_some() && self.reference == other.reference;
        comparable.then_some((other.altitude_um - self.altitude_um, (other.up_m_s - self.up_m_s) * UM_PER_M as f64))
    }

    /// When the vertical distance is too small, from now on. A distance that is no smaller than the minimum now and does not
    /// shrink never is, exactly; what lies ahead is decided to a micrometre.
    fn vertical_window(&self, other: &Self, zone: ProtectedZone) -> Option<Window> {
        let Some((above_um, rate)) = self.above(other) else { return Some(Window { entry_s: 0.0, exit_s: f64::INFINITY }) };
        let (gap_um, opening) = (above_um.abs(), if above_um < 0.0 { -rate } else { rate });
        let minimum_um = zone.vertical_um() as f64;
        let reach_um = minimum_um + VERTICAL_ROUNDING_UM;
        let lost_now = gap_um < minimum_um || gap_um <= 0.0;
        if opening < 0.0 {
            let entry_s = if lost_now { 0.0 } else { ((gap_um - reach_um) / -opening).max(0.0) };
            // Through the other's level and out again.
            return Some(Window { entry_s, exit_s: (gap_um + reach_um) / -opening });
        }
        let exit_s = if opening > 0.0 { (reach_um - gap_um) / opening } else { f64::INFINITY };
        lost_now.then_some(Window { entry_s: 0.0, exit_s })
    }
}

/// The motion of one aircraft against another on the plane that touches the ellipsoid between their starts.
struct Relative {
    /// Offset at the start, in the plane, metres.
    offset: Vector,
    /// In the plane, metres a second.
    velocity: Vector,
    /// The square of its length.
    speed_squared: f64,
    /// When the straight lines are closest, before or after now; zero if the two do not move against each other.
    closest_s: f64,
    /// Upper bound of the geodesic between the starts, metres.
    apart_m: f64,
    ground_speeds_m_s: [f64; 2],
}

impl Relative {
    fn new(a: &Course, b: &Course) -> Self {
        let (chord, velocity) = (minus(b.foot, a.foot), minus(b.velocity, a.velocity));
        let sum = plus(a.normal(), b.normal());
        let up = scaled(sum, 1.0 / dot(sum, sum).sqrt());
        let offset = along(chord, up, -dot(chord, up));
        let velocity = along(velocity, up, -dot(velocity, up));
        let speed_squared = dot(velocity, velocity);
        let closest_s = if speed_squared < STILL { 0.0 } else { -dot(offset, velocity) / speed_squared };
        // asin x ≤ x (1 + x²/4) up to x = 1/2.
        let chord_m = dot(chord, chord).sqrt();
        let half = chord_m * CURVATURE / 2.0;
        let apart_m = chord_m * (1.0 + half * half / 4.0);
        let ground_speeds_m_s = [a.ground_speed_m_s, b.ground_speed_m_s];
        Self { offset, velocity, speed_squared, closest_s, apart_m, ground_speeds_m_s }
    }

    /// How far the true offset may be from the straight line until `until_s`, metres.
    ///
    /// # Source
    /// Derived in `docs/exactness.md`, "Aircraft in motion".
    fn frame_error_m(&self, until_s: f64) -> f64 {
        let of = |speed: f64| {
            let travel_m = speed * until_s;
            travel_m * travel_m * (self.apart_m / 4.0 + travel_m / 6.0)
        };
        CURVATURE * CURVATURE * (of(self.ground_speeds_m_s[0]) + of(self.ground_speeds_m_s[1]))
    }

    fn offset_m(&self, time_s: f64) -> f64 {
        let at = along(self.offset, self.velocity, time_s);
        dot(at, at).sqrt()
    }

    /// When the straight lines are at most `reach_m` apart.
    fn within(&self, reach_m: f64) -> Option<Window> {
        let least_m = self.offset_m(self.closest_s);
        if least_m > reach_m {
            return None;
        }
        if self.speed_squared < STILL {
            return Some(Window { entry_s: 0.0, exit_s: f64::INFINITY });
        }
        let half_s = ((reach_m - least_m) * (reach_m + least_m) / self.speed_squared).sqrt();
        Some(Window { entry_s: self.closest_s - half_s, exit_s: self.closest_s + half_s })
    }

    /// The closest point of approach, and how far its horizontal distance may be off, metres.
    fn closest(&self, a: &Course, b: &Course, lookahead_s: f64) -> (Cpa, f64) {
        let above = a.above(b);
        let time_s = match above {
            Some((above_um, rate)) if self.speed_squared < STILL && rate != 0.0 => -above_um / rate,
            _ => self.closest_s,
        };
        let time_s = time_s.clamp(0.0, lookahead_s);
        let horizontal_m = self.offset_m(time_s);
        let vertical_m = above.map(|(above_um, rate)| (above_um + rate * time_s).abs() / UM_PER_M as f64);
        let straight_m = self.frame_error_m(lookahead_s) + UNDECIDED_M;
        let longest_m = horizontal_m + straight_m;
        // A distance seen from above is shorter than the geodesic, by the slopes of the ground against the plane.
        let travel_m = (self.ground_speeds_m_s[0] + self.ground_speeds_m_s[1]) * lookahead_s;
        let slope = CURVATURE * ((self.apart_m + travel_m) / 2.0 + longest_m);
        (Cpa { time_s, horizontal_m, vertical_m }, straight_m + 2.0 * slope * slope * longest_m)
    }
}

impl Window {
    fn overlap(self, other: Self) -> Option<Self> {
        let (entry_s, exit_s) = (self.entry_s.max(other.entry_s), self.exit_s.min(other.exit_s));
        (entry_s <= exit_s).then_some(Self { entry_s, exit_s })
    }
}

#[cfg(test)]
#[path = "encounter_tests.rs"]
mod tests;
