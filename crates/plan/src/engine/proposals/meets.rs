//! Whether two sets of volumes violate their minima: yes or no, with nothing measured.
//!
//! The decision is the conflict crate's ([`violates`]); what is saved is the regions, the gaps and asking twice about
//! the same two footprints, which daily windows repeat thousands of times.

use deconflict_conflict::{Minima, violates};
use deconflict_spacetime::{Area, Time, Volume4D};

/// At most this many pairs of footprints are remembered: finding one again must stay cheaper than asking anew.
const REMEMBERED: usize = 64;

/// Whether any volume of `a` and any of `b` violate `minima`. Law: the same as asking about every pair.
pub(super) fn meet(a: &[Volume4D], b: &[Volume4D], minima: Minima) -> bool {
    let of = |volumes: &'_ [Volume4D], of_a: bool| -> Vec<(Time, bool, usize)> {
        volumes.iter().enumerate().map(|(index, volume)| (volume.span.start(), of_a, index)).collect()
    };
    let mut by_start = [of(a, true), of(b, false)].concat();
    by_start.sort_unstable();
    let mut known: Vec<(&Area, &Area, bool)> = Vec::new();
    for (rank, &(_, of_a, index)) in by_start.iter().enumerate() {
        let first = if of_a { &a[index] } else { &b[index] };
        let until = first.span.end().plus_ns(minima.time_ns.max(0));
        for &(_, other_of_a, other) in by_start[rank + 1..].iter().take_while(|(start, ..)| *start <= until) {
            if of_a == other_of_a {
                continue;
            }
            let (one, two) = if of_a { (first, &b[other]) } else { (&a[other], first) };
            let gap_um = one.band.zip(two.band).map(|(one, two)| one.gap_um(two));
            if !minima.violates_time(one.span.gap_ns(two.span)) || !minima.violates_vertical(gap_um) {
                continue;
            }
            // Time and altitude are decided: what is left to say depends on the footprints alone.
            let close = known.iter().find(|(area, other, _)| **area == one.area && **other == two.area);
            let close = close.map_or_else(|| violates(one, two, minima), |(.., close)| *close);
            if close {
                return true;
            }
            if known.len() < REMEMBERED {
                known.push((&one.area, &two.area, close));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use deconflict_conflict::{Minima, violates};
    use deconflict_spacetime::{
        Altitude, AltitudeBand, AltitudeReference, Area, Circle, LatLng, Shape, Time, TimeSpan, UM_PER_M, Volume4D,
    };

    use super::meet;

    /// Volumes on a small grid of places, heights and times, so that gaps are often exactly zero or the minimum.
    fn volumes(seed: &mut u64) -> Vec<Volume4D> {
        let mut draw = |below: u64| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((*seed >> 33) % below).unwrap()
        };
        let edge = |m: i64| Altitude::from_um(m * UM_PER_M, AltitudeReference::W84);
        (0..1 + draw(4))
            .map(|_| {
                let center = LatLng::degrees(46.0, 8.0 + 0.05 * draw(6) as f64).unwrap();
                let (base, start) = (100 * draw(5), 10 * draw(8));
                let band = AltitudeBand::new(edge(base), edge(base + 100 * (1 + draw(2)))).unwrap();
                Volume4D {
                    area: Area::from(Shape::Circle(Circle::new(center, 1000.0 + 1000.0 * draw(2) as f64).unwrap())),
                    band: (draw(5) > 0).then_some(band),
                    span: TimeSpan::new(Time::from_ns(start), Time::from_ns(start + 10 * (1 + draw(2)))).unwrap(),
                }
            })
            .collect()
    }

    #[test]
    fn it_is_what_asking_about_every_pair_says() {
        let mut seed = 7;
        let (mut met, mut apart) = (0, 0);
        for round in 0..3000 {
            let minima = [(0.0, 0, 0), (500.0, 100 * UM_PER_M, 0), (2000.0, 0, 10), (0.0, 100 * UM_PER_M, 11)][round % 4];
            let minima = Minima { lateral_m: minima.0, vertical_um: minima.1, time_ns: minima.2 };
            let (a, b) = (volumes(&mut seed), volumes(&mut seed));
            let expected = a.iter().any(|one| b.iter().any(|two| violates(one, two, minima)));
            assert_eq!(meet(&a, &b, minima), expected, "round {round}: {a:?} {b:?}");
            if expected { met += 1 } else { apart += 1 }
        }
        assert!(met > 500 && apart > 500, "{met} meet, {apart} do not");
    }
}
