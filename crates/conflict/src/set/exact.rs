//! The answer about one pair of volumes: integers first, then a local map, then true geodesics.
//!
//! Says what [`crate::violates`] says; only faster. Does not know boxes.

use deconflict_spacetime::{AltitudeBand, Area, Frame, LatLng, LocalOutline, Simple, TimeSpan};
use std::borrow::Cow;

use super::classes::ClassMinima;
use super::volumes::Volumes;
use crate::Minima;

/// More than distances and radii can be off together, metres.
const DOUBT_M: f64 = 0.01;

/// The ground under a volume.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ground<'a> {
    Simple(Simple<'a>),
    Area(&'a Area),
}

impl Ground<'_> {
    pub fn area(&self) -> Cow<'_, Area> {
        match self {
            Self::Simple(simple) => Cow::Owned(simple.area()),
            Self::Area(area) => Cow::Borrowed(area),
        }
    }

    /// Latitudes of the first and the last corner of a simple outline, added up: a reason to look at its corners.
    pub fn first_lat_deg(&self) -> f64 {
        match self {
            Self::Simple(simple) => simple.corners[0].lat_deg() + simple.corners[simple.corners.len() - 1].lat_deg(),
            Self::Area(_) => 0.0,
        }
    }
}

/// All that is known of a volume.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub operation: u32,
    pub class: u8,
    pub ground: Ground<'a>,
    pub band: Option<AltitudeBand>,
    pub span: TimeSpan,
}

impl View<'_> {
    /// The minima of two volumes, if time and altitude violate them; `None` also for volumes of one operation.
    pub fn minima_in_reach(&self, other: &Self, minima: &ClassMinima) -> Option<Minima> {
        let minima = minima.between(self.class, other.class);
        let vertical = || self.band.zip(other.band).map(|(a, b)| a.gap_um(b));
        let close = self.operation != other.operation
            && minima.violates_time(self.span.gap_ns(other.span))
            && minima.violates_vertical(vertical());
        close.then_some(minima)
    }

    /// Whether two volumes of different operations violate the minima of their classes; undecided means yes.
    pub fn violates(&self, other: &Self, minima: &ClassMinima) -> bool {
        let minima = self.minima_in_reach(other, minima);
        minima.is_some_and(|minima| ground_within(self.ground, other.ground, minima.lateral_m.max(0.0)))
    }
}

/// Whether the ground under two volumes is closer than `lateral_m`; undecided means yes.
fn ground_within(one: Ground, two: Ground, lateral_m: f64) -> bool {
    if let (Ground::Simple(first), Ground::Simple(second)) = (one, two)
        && let Some(frame) = Frame::around(between(first.corners[0], second.corners[0]))
        && let (Some(first), Some(second)) = (frame.outline(first), frame.outline(second))
        && let Some(answer) = first.within(&second, single(lateral_m))
    {
        return answer;
    }
    // A large outline is mostly clear of a small one's disc, and then the small one need not be made.
    if let (Ground::Simple(small), Ground::Area(large)) | (Ground::Area(large), Ground::Simple(small)) = (one, two) {
        let (center, radius_m) = small.disc();
        if large.clearance_m(center) > radius_m + lateral_m + DOUBT_M {
            return false;
        }
    }
    one.area().within(&two.area(), lateral_m)
}

/// Decides pairs of one set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judge<'a> {
    pub volumes: &'a Volumes,
    pub minima: &'a ClassMinima,
}

impl Judge<'_> {
    /// See [`View::minima_in_reach`].
    pub fn minima_in_reach(&self, a: u32, b: u32) -> Option<Minima> {
        self.volumes.view(a).minima_in_reach(&self.volumes.view(b), self.minima)
    }

    /// See [`View::violates`].
    pub fn violates(&self, a: u32, b: u32) -> bool {
        self.volumes.view(a).violates(&self.volumes.view(b), self.minima)
    }

    /// Whether the ground under two volumes is closer than `lateral_m`; undecided means yes.
    ///
    /// Outlines on a map that they share may be handed in.
    pub fn ground_within(&self, a: u32, b: u32, on_map: Option<(&LocalOutline, &LocalOutline)>, lateral_m: f64) -> bool {
        let quick = on_map.and_then(|(one, two)| one.within(two, single(lateral_m)));
        quick.unwrap_or_else(|| ground_within(self.volumes.ground(a), self.volumes.ground(b), lateral_m))
    }
}

/// A distance as the map takes it; the map's doubt is wider than what is lost.
#[allow(clippy::cast_possible_truncation)]
fn single(distance_m: f64) -> f32 {
    distance_m as f32
}

/// A place about half way; near a pole or far apart it may be anywhere.
fn between(p: LatLng, q: LatLng) -> LatLng {
    let lat = f64::midpoint(p.lat_deg(), q.lat_deg());
    let turn = q.lng_deg() - p.lng_deg();
    let lng = if turn.abs() > 180.0 { p.lng_deg() } else { p.lng_deg() + turn / 2.0 };
    LatLng::degrees(lat, lng).expect("half way between two places is a place")
}
