//! From a set to what the engine takes: this is the parsed input that memory is compared with. Never timed.

use crate::engine::{ClassMinima, Footprint, Volumes};
use crate::mixed::{self, Class, Declared, Outline};
use crate::w::{Fingerprint, Record, Workload};
use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, LatLng, Time, TimeSpan, Volume4D};

const UM_PER_CM: i64 = 10_000;
const NS_PER_MS: i64 = 1_000_000;
/// The only class of a set whose operations are all alike.
const ONE_CLASS: u8 = 0;

/// One volume, ready for the engine.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Number of the operation.
    pub operation: u32,
    /// Number of the class, for the minima.
    pub class: u8,
    /// The outline.
    pub footprint: Footprint,
    /// The altitudes; `None` for a claim on the surface.
    pub band: Option<AltitudeBand>,
    /// The times.
    pub span: TimeSpan,
}

impl Parsed {
    /// As a value of its own, for the exact predicate.
    pub fn volume(&self) -> Volume4D {
        Volume4D { area: self.footprint.area(), band: self.band, span: self.span }
    }

    /// Adds it to a set.
    pub fn push_to(&self, volumes: &mut Volumes) {
        volumes.push(self.operation, self.class, &self.footprint, self.band, self.span);
    }
}

impl From<&Record> for Parsed {
    fn from(record: &Record) -> Self {
        let corner =
            |[lng, lat]: [i32; 2]| LatLng::degrees(f64::from(lat) / 1e7, f64::from(lng) / 1e7).expect("W lies on the earth");
        Self {
            operation: record.operation.unsigned_abs(),
            class: ONE_CLASS,
            footprint: Footprint::polygon(record.corners.map(corner).to_vec()).expect("W's hexagons are simple"),
            band: Some(band([record.lower_cm, record.upper_cm])),
            span: span([record.start_ms.into(), record.end_ms.into()]),
        }
    }
}

impl From<Declared> for Parsed {
    fn from(declared: Declared) -> Self {
        let promise = "every outline of the mixed set is valid";
        let footprint = match declared.outline {
            Outline::Polygon(vertices) => Footprint::polygon(vertices).expect(promise),
            Outline::Circle { center, radius_m } => Footprint::circle(center, radius_m).expect(promise),
            Outline::Corridor { waypoints, width_m } => Footprint::corridor(waypoints, width_m).expect(promise),
        };
        Self {
            operation: declared.operation,
            class: declared.class as u8,
            footprint,
            band: declared.band_cm.map(band),
            span: span(declared.span_ms),
        }
    }
}

fn band(edges_cm: [i32; 2]) -> AltitudeBand {
    let [lower, upper] = edges_cm.map(|cm| Altitude::from_um(i64::from(cm) * UM_PER_CM, AltitudeReference::W84));
    AltitudeBand::new(lower, upper).expect("a band of a set ascends")
}

fn span(ends_ms: [i64; 2]) -> TimeSpan {
    let [start, end] = ends_ms.map(|ms| Time::from_ns(ms * NS_PER_MS));
    TimeSpan::new(start, end).expect("a span of a set lasts")
}

/// A set of W, parsed, and the SHA-256 of what was parsed. The unparsed set is never held whole.
pub fn workload(workload: Workload, threads: usize) -> (Volumes, String) {
    let mut volumes = Volumes::with_capacity(workload.volumes() as usize);
    let mut fingerprint = Fingerprint::default();
    workload.for_each_block(threads, |records| {
        fingerprint.add(records);
        for record in records {
            Parsed::from(record).push_to(&mut volumes);
        }
    });
    (volumes, fingerprint.hex())
}

/// The mixed set of so many operations, parsed.
pub fn mixed(operations: u32) -> Volumes {
    let mut volumes = Volumes::default();
    for declared in mixed::operations(operations) {
        Parsed::from(declared).push_to(&mut volumes);
    }
    volumes
}

/// The minima between the classes of the mixed set.
pub fn mixed_minima() -> ClassMinima {
    let class = |number: u8| Class::ALL[usize::from(number)];
    ClassMinima::new(Class::ALL.len() as u8, |a, b| mixed::minima(class(a), class(b)))
}
