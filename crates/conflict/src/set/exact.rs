//! The answer about one pair of volumes: integers first, then a local map, then true geodesics.
//!
//! Says what [`crate::violates`] says; only faster. Does not know boxes.

use deconflict_spacetime::{Frame, LatLng, LocalOutline};

use super::classes::ClassMinima;
use super::volumes::{Ground, Volumes};
use crate::Minima;

/// Decides pairs of one set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judge<'a> {
    pub volumes: &'a Volumes,
    pub minima: &'a ClassMinima,
}

impl Judge<'_> {
    /// The minima of two volumes, if time and altitude violate them; `None` also for volumes of one operation.
    pub fn minima_in_reach(&self, a: u32, b: u32) -> Option<Minima> {
        let volumes = self.volumes;
        let minima = self.minima.between(volumes.class(a), volumes.class(b));
        let vertical = || volumes.band(a).zip(volumes.band(b)).map(|(a, b)| a.gap_um(b));
        let close = volumes.operation(a) != volumes.operation(b)
            && minima.violates_time(volumes.span(a).gap_ns(volumes.span(b)))
            && minima.violates_vertical(vertical());
        close.then_some(minima)
    }

    /// Whether two volumes of different operations violate the minima of their classes; undecided means yes.
    pub fn violates(&self, a: u32, b: u32) -> bool {
        self.minima_in_reach(a, b).is_some_and(|minima| self.ground_within(a, b, None, minima.lateral_m.max(0.0)))
    }

    /// Whether the ground under two volumes is closer than `lateral_m`; undecided means yes.
    ///
    /// Outlines on a map that they share may be handed in.
    pub fn ground_within(&self, a: u32, b: u32, on_map: Option<(&LocalOutline, &LocalOutline)>, lateral_m: f64) -> bool {
        #[allow(clippy::cast_possible_truncation)]
        let distance_m = lateral_m as f32;
        if let Some((one, two)) = on_map
            && let Some(answer) = one.within(two, distance_m)
        {
            return answer;
        }
        let (one, two) = (self.volumes.ground(a), self.volumes.ground(b));
        if let (Ground::Simple(first), Ground::Simple(second)) = (one, two)
            && let Some(frame) = Frame::around(between(first.corners[0], second.corners[0]))
            && let (Some(first), Some(second)) = (frame.outline(first), frame.outline(second))
            && let Some(answer) = first.within(&second, distance_m)
        {
            return answer;
        }
        one.area().within(&two.area(), lateral_m)
    }

    /// The outline of a volume on a map, if it is simple and near enough.
    pub fn outline(&self, frame: &Frame, number: u32) -> Option<LocalOutline> {
        match self.volumes.ground(number) {
            Ground::Simple(simple) => frame.outline(simple),
            Ground::Area(_) => None,
        }
    }
}

/// A place about half way; near a pole or far apart it may be anywhere.
fn between(p: LatLng, q: LatLng) -> LatLng {
    let lat = f64::midpoint(p.lat_deg(), q.lat_deg());
    let turn = q.lng_deg() - p.lng_deg();
    let lng = if turn.abs() > 180.0 { p.lng_deg() } else { p.lng_deg() + turn / 2.0 };
    LatLng::degrees(lat, lng).expect("half way between two places is a place")
}
