//! One geodesic edge, and true geodesic distances to it. Does not know shapes.
//!
//! - A segment may be a single point (length zero).
//! - Lower bounds come from chords in space, answers only from geodesics on the ellipsoid.

use crate::ecef::{Ecef, chord_chord, chord_fraction, point_chord};
use crate::geodesic::{Azimuth, LEAST_RADIUS_M, Line, MEAN_RADIUS_M, UNDECIDED_M, inverse};
use crate::{LatLng, destination};

/// The iteration for a foot stops when it cannot shorten the distance by more than this, metres.
const SETTLED_M: f64 = 1e-8;
/// Beyond this distance the foot need not be unique, so both ends are looked at as well, metres.
const CONVEX_REACH_M: f64 = 9e6;

/// A point with its place in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Site {
    pub at: LatLng,
    pub ecef: Ecef,
}

impl Site {
    pub fn new(at: LatLng) -> Self {
        Self { at, ecef: Ecef::of(at) }
    }
}

/// The geodesic from `a` to `b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    pub a: Site,
    pub b: Site,
    pub length_m: f64,
    /// Azimuth at `a`, forward.
    pub start: Azimuth,
    /// Azimuth at `b`, forward.
    pub end: Azimuth,
    /// No point of the geodesic is farther than this from the chord, metres.
    pub sagitta_m: f64,
}

/// The point of a segment nearest to some other point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foot {
    pub along_m: f64,
    pub distance_m: f64,
    pub at: LatLng,
    /// Azimuth of the segment at the foot.
    pub forward: Azimuth,
    /// Azimuth from the foot to the other point.
    pub toward: Azimuth,
}

/// Two points, one on each of two things, and the length of the geodesic between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contact {
    pub distance_m: f64,
    pub from: LatLng,
    pub to: LatLng,
}

impl Contact {
    pub fn flipped(self) -> Self {
        Self { distance_m: self.distance_m, from: self.to, to: self.from }
    }
}

impl Segment {
    pub fn new(a: Site, b: Site) -> Self {
        let (length_m, start, end) = inverse(a.at, b.at);
        Self::known(a, b, length_m, start, end)
    }

    fn known(a: Site, b: Site, length_m: f64, start: Azimuth, end: Azimuth) -> Self {
        // A curve of curvature 1/R strays at most L²/8R from its chord; the rest covers rounding.
        let sagitta_m = length_m * length_m / (8.0 * LEAST_RADIUS_M) + 1e-7 * length_m + 1e-6;
        Self { a, b, length_m, start, end, sagitta_m }
    }

    pub fn point(at: LatLng) -> Self {
        let (site, north) = (Site::new(at), Azimuth { sin: 0.0, cos: 1.0 });
        Self { a: site, b: site, length_m: 0.0, start: north, end: north, sagitta_m: 1e-6 }
    }

    pub fn is_point(&self) -> bool {
        self.length_m <= 0.0
    }

    /// The piece between two distances from `a`, metres.
    pub fn piece(&self, from_m: f64, to_m: f64) -> Self {
        let line = Line::new(self.a.at, self.start);
        let ((from, start), (to, end)) = (line.at(from_m), line.at(to_m));
        Self::known(Site::new(from), Site::new(to), to_m - from_m, start, end)
    }

    /// The point `along_m` metres from `a`; the ends themselves at and past the ends.
    pub fn at(&self, along_m: f64) -> (LatLng, Azimuth) {
        if along_m <= 0.0 {
            (self.a.at, self.start)
        } else if along_m >= self.length_m {
            (self.b.at, self.end)
        } else {
            Line::new(self.a.at, self.start).at(along_m)
        }
    }

    /// No geodesic from `p` to the segment is shorter than this, metres.
    pub fn least_distance_to_point(&self, p: Ecef) -> f64 {
        point_chord(p, self.a.ecef, self.b.ecef) - self.sagitta_m
    }

    /// No geodesic between the segments is shorter than this, metres.
    pub fn least_distance(&self, other: &Self) -> f64 {
        chord_chord(self.a.ecef, self.b.ecef, other.a.ecef, other.b.ecef) - self.sagitta_m - other.sagitta_m
    }

    /// The foot of `p` if it were the point at `along_m`.
    fn probe(&self, p: LatLng, along_m: f64) -> Foot {
        let (at, forward) = self.at(along_m);
        let (distance_m, toward, _) = inverse(at, p);
        Foot { along_m, distance_m, at, forward, toward }
    }

    /// The point of the segment nearest to `p`.
    ///
    /// Newton's method on the true distance, with the sphere's formula for the step: it gains two digits a turn.
    pub fn foot(&self, p: &Site) -> Foot {
        if self.is_point() {
            return self.probe(p.at, 0.0);
        }
        let guess_m = chord_fraction(p.ecef, self.a.ecef, self.b.ecef) * self.length_m;
        let mut foot = self.probe(p.at, guess_m);
        let mut best = foot;
        for _ in 0..24 {
            let slope = foot.forward.cos_to(foot.toward);
            let (sin_r, cos_r) = (foot.distance_m / MEAN_RADIUS_M).sin_cos();
            let step_m = MEAN_RADIUS_M * (sin_r * slope).atan2(cos_r);
            let along_m = (foot.along_m + step_m).clamp(0.0, self.length_m);
            // The distance is convex along the segment, so slope times step bounds what is left to gain.
            if (slope * (along_m - foot.along_m)).abs() < SETTLED_M {
                break;
            }
            foot = self.probe(p.at, along_m);
            if foot.distance_m < best.distance_m {
                best = foot;
            }
        }
        if best.distance_m > CONVEX_REACH_M {
            for along_m in [0.0, self.length_m] {
                let end = self.probe(p.at, along_m);
                if end.distance_m < best.distance_m {
                    best = end;
                }
            }
        }
        best
    }

    /// Distance of `p` from the whole geodesic through the segment, metres to about 1 %, positive to its right.
    ///
    /// The sign is exact; good for points nearer than a quarter of the earth.
    fn side_m(&self, p: LatLng) -> f64 {
        let (distance_m, toward, _) = inverse(self.a.at, p);
        MEAN_RADIUS_M * ((distance_m / MEAN_RADIUS_M).sin() * self.start.sin_to(toward)).clamp(-1.0, 1.0).asin()
    }

    /// How far each end of `other` is to the right of this segment's line, if they are clearly on opposite sides.
    fn split(&self, other: &Self) -> Option<(f64, f64)> {
        let clear_m = 0.4 * UNDECIDED_M;
        let a_m = self.side_m(other.a.at);
        if a_m.abs() <= clear_m {
            return None;
        }
        let b_m = self.side_m(other.b.at);
        (b_m.abs() > clear_m && (a_m > 0.0) != (b_m > 0.0)).then_some((a_m, b_m))
    }

    /// Where the segments cross, if they do so away from their ends.
    fn crossing(&self, other: &Self) -> Option<LatLng> {
        other.split(self)?;
        let (mut at_low, mut at_high) = self.split(other)?;
        // Regula falsi (Illinois) on the signed distance: where they cross; that they cross is already known.
        let (mut low, mut high) = (0.0, other.length_m);
        let mut at = other.a.at;
        let mut moved_low = None;
        for _ in 0..40 {
            let along_m = low + (high - low) * (at_low / (at_low - at_high)).clamp(0.0, 1.0);
            at = other.at(along_m).0;
            let side = self.side_m(at);
            if side.abs() < 1e-6 {
                break;
            }
            let is_low = (side > 0.0) == (at_low > 0.0);
            if is_low {
                (low, at_low) = (along_m, side);
            } else {
                (high, at_high) = (along_m, side);
            }
            // An end that stays put twice loses half its weight.
            if moved_low == Some(is_low) {
                if is_low {
                    at_high *= 0.5;
                } else {
                    at_low *= 0.5;
                }
            }
            moved_low = Some(is_low);
        }
        Some(at)
    }

    /// The shortest geodesic from this segment to `other`, if it is at most `cutoff_m` long.
    ///
    /// May stop at any contact that is at most `enough_m` long.
    pub fn contact(&self, other: &Self, cutoff_m: f64, enough_m: f64) -> Option<Contact> {
        let mut best: Option<Contact> = None;
        let mut reach_m = cutoff_m;
        for (ends_of, on, flip) in [(self, other, false), (other, self, true)] {
            // A point needs one look from its side; a segment's ends tell nothing that the point does not.
            if on.is_point() && (flip || !ends_of.is_point()) {
                continue;
            }
            let ends = [&ends_of.a, &ends_of.b];
            for end in &ends[..if ends_of.is_point() { 1 } else { 2 }] {
                if on.least_distance_to_point(end.ecef) > reach_m {
                    continue;
                }
                let foot = on.foot(end);
                if foot.distance_m <= reach_m {
                    let contact = Contact { distance_m: foot.distance_m, from: end.at, to: foot.at };
                    best = Some(if flip { contact.flipped() } else { contact });
                    reach_m = foot.distance_m;
                    if reach_m <= enough_m {
                        return best;
                    }
                }
            }
        }
        if self.may_cross(other, best.map(|contact| contact.distance_m))
            && let Some(at) = self.crossing(other)
        {
            return Some(Contact { distance_m: 0.0, from: at, to: at });
        }
        best
    }

    /// Whether a crossing is still possible, given the smallest distance of an end to the other segment if it is known.
    fn may_cross(&self, other: &Self, ends_m: Option<f64>) -> bool {
        // Where two segments cross, an end is at most half a segment from the crossing.
        let half_m = 0.5 * self.length_m.min(other.length_m);
        !self.is_point() && !other.is_point() && ends_m.is_none_or(|m| m <= half_m) && self.least_distance(other) <= 0.0
    }
}

/// The point `by_m` metres from `from` toward `to`; `from` itself if there is nowhere to go.
pub(crate) fn moved(from: LatLng, to: LatLng, by_m: f64) -> LatLng {
    if by_m <= 0.0 { from } else { destination(from, inverse(from, to).1.deg(), by_m) }
}

#[cfg(test)]
#[path = "segment_tests.rs"]
mod tests;
