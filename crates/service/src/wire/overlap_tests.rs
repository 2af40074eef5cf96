//! No conflict is missed between a body and the registry: an intent whose exact volumes meet those of another is not accepted
//! without its OVN. `spacetime` says whether they meet; outlines, altitudes and times go the way of a request.
//!
//! `DECONFLICT_CASES=1000000 cargo test --release -p deconflict-service --lib overlap -- --nocapture` looks at a million pairs.

use super::*;
use deconflict_journal::faulty::SplitMix;
use deconflict_registry::{
    Action, Command, EntityId, Expected, IntentSubscription, Key, NewOvn, OperationalIntentState, Outcome, PutOperationalIntent,
    Registry, Rejection, UssBaseUrl, UssId,
};
use deconflict_spacetime::{Area, Circle, Polygon, Shape, destination};

/// Some hair's breadths, metres: from what counts as touching to what F3548 leaves open.
const HAIRS_M: [f64; 6] = [0.0, 1e-6, -1e-6, 5e-4, -5e-4, -1e-2];
/// 2026-05-01T00:00:00Z.
const DAY_NS: i64 = 1_777_593_600_000_000_000;

/// A seeded generator, so that a failure can be repeated.
struct Random(SplitMix);

impl Random {
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// One volume, on the wire and exactly.
struct Both {
    wire: astm::Volume4D,
    area: Area,
    /// Micrometres and nanoseconds: what the texts say exactly.
    band_um: [i64; 2],
    span_ns: [i64; 2],
}

impl Both {
    fn meets(&self, other: &Self) -> bool {
        let meet = |a: [i64; 2], b: [i64; 2]| a[0] <= b[1] && b[0] <= a[1];
        meet(self.band_um, other.band_um) && meet(self.span_ns, other.span_ns) && self.area.intersects(&other.area)
    }
}

fn both(outline: &Outline, band_um: [i64; 2], span_ns: [i64; 2]) -> Option<Both> {
    let point = |at: &LatLng| astm::LatLngPoint { lat: at.lat_deg(), lng: at.lng_deg() };
    let shape = match outline {
        Outline::Circle(center, radius_m) => Shape::Circle(Circle::new(*center, *radius_m).ok()?),
        Outline::Polygon(corners) => Shape::Polygon(Polygon::new(corners.clone()).ok()?),
    };
    let mut volume = serde_json::json!({
        "altitude_lower": { "value": band_um[0] as f64 / 1e6, "reference": "W84", "units": "M" },
        "altitude_upper": { "value": band_um[1] as f64 / 1e6, "reference": "W84", "units": "M" },
    });
    match outline {
        Outline::Circle(center, radius_m) => {
            let center = serde_json::json!({ "lat": point(center).lat, "lng": point(center).lng });
            volume["outline_circle"] = serde_json::json!({ "center": center, "radius": { "value": radius_m, "units": "M" } });
        }
        Outline::Polygon(corners) => {
            let vertices: Vec<_> =
                corners.iter().map(|at| serde_json::json!({ "lat": at.lat_deg(), "lng": at.lng_deg() })).collect();
            volume["outline_polygon"] = serde_json::json!({ "vertices": vertices });
        }
    }
    let time = |ns: i64| crate::wire::time::write(deconflict_registry::Time::from_ns(ns));
    let wire = serde_json::json!({
        "volume": volume,
        "time_start": { "value": time(span_ns[0]), "format": "RFC3339" },
        "time_end": { "value": time(span_ns[1]), "format": "RFC3339" },
    });
    Some(Both { wire: serde_json::from_value(wire).expect("a Volume4D"), area: Area::from(shape), band_um, span_ns })
}

enum Outline {
    Circle(LatLng, f64),
    Polygon(Vec<LatLng>),
}

fn outline(random: &mut Random, at: LatLng, size_m: f64) -> Outline {
    if random.below(2) == 0 {
        return Outline::Circle(at, size_m);
    }
    let (corners, turn) = (3 + random.below(6), random.range(0.0, 360.0));
    let corner = |k: usize| destination(at, turn + 360.0 * k as f64 / corners as f64, size_m * random.range(0.5, 1.0));
    Outline::Polygon((0..corners).map(corner).collect())
}

/// Anywhere; at a pole, on the antimeridian, where faces of the S2 cube meet.
fn place(random: &mut Random) -> LatLng {
    let (lat, lng) = match random.below(6) {
        0 => (random.one_of(&[90.0, -90.0, 89.999]), random.range(-180.0, 180.0)),
        1 => (random.range(-80.0, 80.0), random.one_of(&[180.0, -180.0, 179.999])),
        2 => (random.range(-35.0, 35.0), random.one_of(&[45.0, -45.0, 135.0])),
        _ => (random.range(-1.0, 1.0).asin().to_degrees(), random.range(-180.0, 180.0)),
    };
    LatLng::degrees(lat, lng).expect("it is in range")
}

/// Two spans of one unit that overlap, touch, or miss each other by a unit or by much. They do not start before zero.
fn spans(random: &mut Random, longest: i64) -> [[i64; 2]; 2] {
    let length = |random: &mut Random| 1 + (random.unit() * longest as f64) as i64;
    let (first, second) = (length(random), length(random));
    let start = random.range(0.0, longest as f64) as i64;
    let shift = match random.below(8) {
        0 => first,
        1 => first + 1,
        2 => -second,
        3 => -second - 1,
        4 => 3 * longest,
        _ => (random.range(-0.5, 0.5) * (first + second) as f64) as i64,
    };
    let base = 2 * longest;
    [[base + start, base + start + first], [base + start + shift, base + start + shift + second]]
}

/// A flight of up to three volumes, and one whose volumes lie about it: through it, at its edge by a hair, above, after.
fn pair(random: &mut Random) -> Option<[Vec<Both>; 2]> {
    let (mut one, mut two) = (Vec::new(), Vec::new());
    let mut at = place(random);
    for _ in 0..=random.below(3) {
        let size_m = 10_f64.powf(random.range(-1.0, 3.8));
        let [band_1, band_2] = spans(random, 200_000_000);
        let [span_1, span_2] = spans(random, 1_800_000_000_000).map(|span| span.map(|ns| DAY_NS + ns));
        one.push(both(&outline(random, at, size_m), band_1, span_1)?);
        let (other_m, azimuth_deg) = (size_m * random.range(0.1, 2.0), random.range(0.0, 360.0));
        let away_m = if random.below(2) == 0 {
            size_m + other_m - random.one_of(&HAIRS_M)
        } else {
            random.range(0.0, 2.0 * (size_m + other_m))
        };
        two.push(both(&outline(random, destination(at, azimuth_deg, away_m), other_m), band_2, span_2)?);
        at = destination(at, random.range(0.0, 360.0), size_m);
    }
    Some([one, two])
}

fn put(registry: &mut Registry, uss: &str, id: u128, volumes: Volumes) -> Outcome {
    let put = PutOperationalIntent {
        caller: UssId::new(uss).expect("a name"),
        id: EntityId::from_u128(id),
        expected: Expected::Nothing,
        state: OperationalIntentState::Accepted,
        volumes,
        uss_base_url: UssBaseUrl::new("https://uss.example").expect("a URL"),
        subscription: IntentSubscription::None,
        key: Key::new(Vec::new()),
        ovn: NewOvn::Issued(id),
    };
    registry
        .apply(&Command { proposed_at: deconflict_registry::Time::from_ns(DAY_NS), action: Action::PutOperationalIntent(put) })
}

fn read_volumes(both: &[Both]) -> Volumes {
    let extents: Vec<astm::Volume4D> = both.iter().map(|volume| volume.wire.clone()).collect();
    let mut problems = Problems::default();
    let read = volumes(&extents, Altitudes::Required, At::root("extents"), &mut problems);
    problems.or(read).unwrap_or_else(|problems| panic!("{problems}: {extents:?}"))
}

#[test]
fn an_exact_overlap_demands_the_ovn() {
    let cases = std::env::var("DECONFLICT_CASES").map_or(20_000, |cases| cases.parse().expect("DECONFLICT_CASES is a number"));
    let (mut meeting, mut demanded, mut accepted, mut touching) = (0_u64, 0_u64, 0_u64, 0_u64);
    for case in 0..cases {
        let mut random = Random(SplitMix(7_000_000_000 + case));
        let Some([one, two]) = pair(&mut random) else { continue };
        let meet = one.iter().any(|a| two.iter().any(|b| a.meets(b)));
        let touch = |a: [i64; 2], b: [i64; 2]| a[1] == b[0] || b[1] == a[0];
        touching +=
            u64::from(meet && one.iter().zip(&two).any(|(a, b)| touch(a.band_um, b.band_um) || touch(a.span_ns, b.span_ns)));
        let mut registry = Registry::new();
        assert!(matches!(put(&mut registry, "uss1", 1, read_volumes(&one)), Outcome::OperationalIntentPut { .. }), "case {case}");
        match put(&mut registry, "uss2", 2, read_volumes(&two)) {
            Outcome::Rejected(Rejection::MissingOvns { operational_intents, .. }) => {
                assert_eq!(operational_intents[0].id, EntityId::from_u128(1));
                demanded += 1;
            }
            Outcome::OperationalIntentPut { .. } => {
                assert!(!meet, "case {case}: accepted without the OVN of what it meets");
                accepted += 1;
            }
            outcome => panic!("case {case}: {outcome:?}"),
        }
        meeting += u64::from(meet);
    }
    println!("of {cases} pairs {meeting} meet, {touching} of them in a touch; {demanded} OVNs demanded, {accepted} accepted");
    assert!(meeting > cases / 5 && accepted > cases / 5 && touching > cases / 50, "the pairs put nothing to the test");
}
