//! Volumes that are written as GeoJSON, as tables and as KML are read back the same, to the last bit of every number.

mod support;

use std::fmt::Write;

use deconflict_formats::read::{Format, ReadOptions};
use deconflict_plan::ClaimVolume;
use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{Altitude, AltitudeBand, AltitudeReference, Footprint, LatLng, Shape, Time, TimeSpan, destination};
use proptest::prelude::*;
use support::rows;

/// A name with characters that formats have to escape.
const NAME: &str = "A \"b\" <c> & d;e, ü";

fn outline() -> impl Strategy<Value = Footprint> {
    let place = (-80.0..80.0_f64, -180.0..180.0_f64);
    (place, 0..3, 3..14_usize, any::<u64>()).prop_map(|((lat, lng), kind, corners, seed)| {
        let center = LatLng::degrees(lat, lng).expect("a place");
        let mut random = support::Random(seed);
        // A star around the centre never crosses itself.
        let ring: Vec<LatLng> = (0..corners)
            .map(|i| destination(center, 360.0 * i as f64 / corners as f64, random.between(500.0, 30_000.0)))
            .collect();
        match kind {
            0 => Footprint::circle(center, random.between(0.5, 90_000.0)).expect("a circle"),
            1 => Footprint::corridor(ring, random.between(0.5, 9_000.0)).expect("a corridor"),
            _ => Footprint::polygon(ring).expect("a star"),
        }
    })
}

fn band() -> impl Strategy<Value = AltitudeBand> {
    use AltitudeReference::{Agl, Amsl, Std, W84};
    let references = prop::sample::select(vec![W84, Amsl, Agl, Std]);
    (references, -2_000_000_000..900_000_000_000_i64, 1..90_000_000_000_i64).prop_map(|(reference, lower, height)| {
        let edge = |um| Altitude::from_um(um, reference);
        AltitudeBand::new(edge(lower), edge(lower + height)).expect("ascending")
    })
}

fn volume() -> impl Strategy<Value = ClaimVolume> {
    let span = (-4_000_000_000_000_000_000..8_000_000_000_000_000_000_i64, 1..1_000_000_000_000_000_000_i64);
    let kinds = prop::sample::select(vec![ClaimKind::Flight, ClaimKind::Constraint, ClaimKind::Site, ClaimKind::Presence]);
    let head = (kinds, any::<bool>(), any::<i32>(), "[a-zA-Z0-9é:]{1,12}");
    (outline(), prop::option::of(band()), span, head).prop_map(|(footprint, band, (start, length), head)| {
        let (kind, named, priority, claim) = head;
        ClaimVolume {
            claim,
            party: named.then(|| "P & Q".to_owned()),
            kind: if band.is_none() && kind == ClaimKind::Flight { ClaimKind::Presence } else { kind },
            name: named.then(|| NAME.to_owned()),
            priority,
            footprint,
            band,
            span: TimeSpan::new(Time::from_ns(start), Time::from_ns(start + length)).expect("ascending"),
        }
    })
}

fn kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Flight => "flight",
        ClaimKind::Constraint => "constraint",
        ClaimKind::Site => "site",
        _ => "presence",
    }
}

fn time(time: Time) -> String {
    jiff::Timestamp::from_nanosecond(time.ns().into()).expect("in range").to_string()
}

/// The properties of a volume as texts.
fn properties(row: &ClaimVolume) -> Vec<(&'static str, String)> {
    let mut found = vec![
        ("claim", row.claim.clone()),
        ("kind", kind(row.kind).to_owned()),
        ("priority", row.priority.to_string()),
        ("time_start", time(row.span.start())),
        ("time_end", time(row.span.end())),
    ];
    found.extend(row.party.clone().map(|party| ("party", party)));
    found.extend(row.name.clone().map(|name| ("name", name)));
    if let Some(band) = row.band {
        let reference = match band.lower().reference() {
            AltitudeReference::W84 => "W84",
            AltitudeReference::Amsl => "AMSL",
            AltitudeReference::Agl => "AGL",
            AltitudeReference::Std => "STD",
        };
        found.push(("altitude_reference", reference.to_owned()));
        found.push(("altitude_lower_m", band.lower().m().to_string()));
        found.push(("altitude_upper_m", band.upper().m().to_string()));
    }
    match row.footprint.area().parts() {
        [Shape::Circle(circle)] => found.push(("radius_m", circle.radius_m().to_string())),
        [Shape::Corridor(corridor)] => found.push(("width_m", corridor.width_m().to_string())),
        _ => {}
    }
    found
}

/// The positions of a volume with these marks between the numbers of one and between positions, and its kind of shape.
fn positions(row: &ClaimVolume, [open, comma, close, between]: [&str; 4]) -> (usize, String) {
    let area = row.footprint.area();
    let (kind, points) = match &area.parts()[0] {
        Shape::Circle(circle) => (0, vec![circle.center()]),
        Shape::Corridor(corridor) => (1, corridor.line().waypoints().to_vec()),
        Shape::Polygon(polygon) => (2, polygon.vertices().to_vec()),
    };
    let mut points: Vec<String> =
        points.iter().map(|at| format!("{open}{}{comma}{}{close}", at.lng_deg(), at.lat_deg())).collect();
    if kind == 2 {
        points.push(points[0].clone());
    }
    (kind, points.join(between))
}

fn geojson(row: &ClaimVolume) -> String {
    let (kind, points) = positions(row, ["[", ",", "]", ","]);
    let geometry = [
        format!("{{\"type\":\"Point\",\"coordinates\":{points}}}"),
        format!("{{\"type\":\"LineString\",\"coordinates\":[{points}]}}"),
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[{points}]]}}"),
    ];
    let number = |name: &str| name.ends_with("_m") || name == "priority";
    let mut text = String::new();
    for (name, value) in properties(row) {
        let value = if number(name) { value } else { serde_json::to_string(&value).expect("a text") };
        write!(text, ",\"{name}\":{value}").expect("a string grows");
    }
    format!("{{\"type\":\"Feature\",\"properties\":{{{}}},\"geometry\":{}}}", &text[1..], geometry[kind])
}

fn table(row: &ClaimVolume) -> String {
    let (kind, points) = positions(row, ["", " ", "", ", "]);
    let wkt = [format!("POINT ({points})"), format!("LINESTRING ({points})"), format!("POLYGON (({points}))")][kind].clone();
    let cells: Vec<(&str, String)> = properties(row).into_iter().chain([("wkt", wkt)]).collect();
    let header: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = cells.iter().map(|(_, value)| format!("\"{}\"", value.replace('"', "\"\""))).collect();
    format!("{}\n{}\n", header.join(","), values.join(","))
}

fn kml(row: &ClaimVolume) -> String {
    let (kind, points) = positions(row, ["", ",", "", " "]);
    let geometry = [
        format!("<Point><coordinates>{points}</coordinates></Point>"),
        format!("<LineString><coordinates>{points}</coordinates></LineString>"),
        format!(
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        ),
    ];
    let mut data = String::new();
    for (name, value) in properties(row) {
        let value = value.replace('&', "&amp;").replace('<', "&lt;");
        write!(data, "<Data name=\"{name}\"><value>{value}</value></Data>").expect("a string grows");
    }
    format!("<kml><Placemark><ExtendedData>{data}</ExtendedData>{}</Placemark></kml>", geometry[kind])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(row in volume()) {
        let plain = ReadOptions::default();
        let written = [
            (Format::GeoJson, geojson(&row)),
            (Format::NdJson, geojson(&row)),
            (Format::Csv, table(&row)),
            (Format::Kml, kml(&row)),
        ];
        for (format, text) in written {
            let back = rows(format, &text, &plain);
            prop_assert_eq!(&back[..], std::slice::from_ref(&row), "{:?} {}", format, text);
        }
    }
}
