//! How a position may have been meant that is not where it should be: the two numbers swapped, a sign lost, minutes taken for decimals, a
//! degree slipped, or another datum than WGS 84.
//!
//! Shifts of datums are the three-parameter ones of NIMA TR8350.2 (2000), good to 10 to 30 metres. Nothing is corrected here: whoever
//! sent the position is asked. Does not know which reading is right, and no datum of a region that is not in the table.

use deconflict_spacetime::{LatLng, distance_m};

/// Datums shift positions by less than this, metres: what is farther away is another slip.
const DATUM_SHIFT_MOST_M: f64 = 1500.0;
/// A reading explains a distance if it leaves no more than this share of it.
const EXPLAINS: f64 = 0.25;
/// Closer than this, metres, there is nothing to explain.
const CLOSE_M: f64 = 50.0;

/// An ellipsoid and where it is used: metres, the inverse of the flattening, the shift of its centre to WGS 84 in metres, and a box of
/// latitudes and longitudes in degrees.
struct Datum {
    name: &'static str,
    semi_major_m: f64,
    inverse_flattening: f64,
    shift_m: [f64; 3],
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

#[rustfmt::skip]
const DATUMS: [Datum; 11] = [
    datum("ED50", INTERNATIONAL, [-87.0, -98.0, -121.0], [34.0, 72.0, -10.0, 32.0]),
    datum("ED50 as used from the Mediterranean to the Gulf", INTERNATIONAL, [-103.0, -106.0, -141.0], [15.0, 38.0, 32.0, 57.0]),
    datum("Pulkovo 1942", (6_378_245.0, 298.3), [28.0, -130.0, -95.0], [35.0, 82.0, 19.0, 180.0]),
    datum("Nahrwan", CLARKE_1880, [-249.0, -156.0, 381.0], [15.0, 38.0, 38.0, 60.0]),
    datum("Adindan", CLARKE_1880, [-166.0, -15.0, 204.0], [-5.0, 28.0, -18.0, 48.0]),
    datum("Arc 1950", CLARKE_1880, [-143.0, -90.0, -294.0], [-36.0, 6.0, 10.0, 42.0]),
    datum("Arc 1960", CLARKE_1880, [-160.0, -6.0, -302.0], [-12.0, 6.0, 28.0, 43.0]),
    datum("Tokyo", (6_377_397.155, 299.152_812_8), [-148.0, 507.0, 685.0], [20.0, 53.0, 119.0, 156.0]),
    datum("NAD27", (6_378_206.4, 294.978_698_2), [-8.0, 160.0, 176.0], [14.0, 72.0, -170.0, -50.0]),
    datum("OSGB36", (6_377_563.396, 299.324_964_6), [375.0, -111.0, 431.0], [49.0, 61.5, -9.0, 3.0]),
    datum("South American 1969", (6_378_160.0, 298.25), [-57.0, 1.0, -41.0], [-57.0, 13.0, -92.0, -34.0]),
];

/// Semi-major axis in metres, inverse flattening.
const INTERNATIONAL: (f64, f64) = (6_378_388.0, 297.0);
const CLARKE_1880: (f64, f64) = (6_378_249.145, 293.465);
const WGS84: (f64, f64) = (6_378_137.0, 298.257_223_563);

const fn datum(name: &'static str, ellipsoid: (f64, f64), shift_m: [f64; 3], bounds: [f64; 4]) -> Datum {
    let ((semi_major_m, inverse_flattening), [south, north, west, east]) = (ellipsoid, bounds);
    Datum { name, semi_major_m, inverse_flattening, shift_m, south, north, west, east }
}

/// How a position may have been meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// In words that go on from "it would be … away": "with latitude and longitude swapped".
    pub how: String,
    /// Where it would be then.
    pub at: LatLng,
    /// How far from where it should be, metres.
    pub away_m: f64,
}

/// The reading that explains best why a position is not where it should be; `None` if none does.
///
/// `away_m` says how far a point is from where it should be, metres.
pub fn misread(given: LatLng, away_m: impl Fn(LatLng) -> f64) -> Option<Misread> {
    let given_m = away_m(given);
    if given_m <= CLOSE_M {
        return None;
    }
    let slips = slips(given).into_iter().filter(|_| given_m > DATUM_SHIFT_MOST_M);
    let datums = DATUMS.iter().filter(|datum| given_m <= DATUM_SHIFT_MOST_M && datum.holds(given));
    let datums = datums.map(|datum| (format!("read in {} instead of WGS 84", datum.name), datum.to_wgs84(given)));
    let read = slips.chain(datums.filter_map(|(how, at)| Some((how, at?))));
    let read = read.map(|(how, at)| Misread { how, at, away_m: away_m(at) });
    let explains = read.filter(|read| read.away_m <= given_m * EXPLAINS && distance_m(given, read.at) > CLOSE_M);
    explains.min_by(|one, other| one.away_m.total_cmp(&other.away_m))
}

/// Slips of writing, each with what it would mean.
fn slips(given: LatLng) -> Vec<(String, LatLng)> {
    let (lat, lng) = (given.lat_deg(), given.lng_deg());
    let mut read = vec![
        ("with latitude and longitude swapped".to_owned(), (lng, lat)),
        ("with the other sign of the latitude".to_owned(), (-lat, lng)),
        ("with the other sign of the longitude".to_owned(), (lat, -lng)),
        ("with its decimals read as minutes".to_owned(), (from_minutes(lat), from_minutes(lng))),
    ];
    for (what, by) in [("one degree more", 1.0), ("one degree less", -1.0)] {
        read.push((format!("with {what} of latitude"), (lat + by, lng)));
        read.push((format!("with {what} of longitude"), (lat, lng + by)));
    }
    read.into_iter().filter_map(|(how, (lat, lng))| Some((how, LatLng::degrees(lat, lng).ok()?))).collect()
}

/// 34.3015, written for 34° 30.15′.
fn from_minutes(degrees: f64) -> f64 {
    let whole = degrees.trunc();
    whole + (degrees - whole) * 100.0 / 60.0
}

impl Datum {
    fn holds(&self, at: LatLng) -> bool {
        (self.south..=self.north).contains(&at.lat_deg()) && (self.west..=self.east).contains(&at.lng_deg())
    }

    /// The point of WGS 84 that has these numbers in this datum, on its ellipsoid.
    fn to_wgs84(&self, at: LatLng) -> Option<LatLng> {
        let centred = geocentric(at, (self.semi_major_m, self.inverse_flattening));
        let [dx, dy, dz] = self.shift_m;
        geodetic([centred[0] + dx, centred[1] + dy, centred[2] + dz], WGS84)
    }
}

fn squared_eccentricity(inverse_flattening: f64) -> f64 {
    let flattening = 1.0 / inverse_flattening;
    flattening * (2.0 - flattening)
}

/// Metres from the centre of an ellipsoid, of a point on it.
fn geocentric(at: LatLng, (semi_major_m, inverse_flattening): (f64, f64)) -> [f64; 3] {
    let e2 = squared_eccentricity(inverse_flattening);
    let ((sin_lat, cos_lat), (sin_lng, cos_lng)) = (at.lat_deg().to_radians().sin_cos(), at.lng_deg().to_radians().sin_cos());
    let normal_m = semi_major_m / (1.0 - e2 * sin_lat * sin_lat).sqrt();
    [normal_m * cos_lat * cos_lng, normal_m * cos_lat * sin_lng, normal_m * (1.0 - e2) * sin_lat]
}

/// Latitude and longitude of a point near an ellipsoid.
fn geodetic([x, y, z]: [f64; 3], (semi_major_m, inverse_flattening): (f64, f64)) -> Option<LatLng> {
    let e2 = squared_eccentricity(inverse_flattening);
    let across_m = x.hypot(y);
    let mut lat = z.atan2(across_m * (1.0 - e2));
    // Within a few hundred metres of the ellipsoid each round gains four digits.
    for _ in 0..5 {
        let sin_lat = lat.sin();
        let normal_m = semi_major_m / (1.0 - e2 * sin_lat * sin_lat).sqrt();
        lat = (z + e2 * normal_m * sin_lat).atan2(across_m);
    }
    LatLng::degrees(lat.to_degrees(), y.atan2(x).to_degrees()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat: f64, lng: f64) -> LatLng {
        LatLng::degrees(lat, lng).unwrap()
    }

    fn read(given: LatLng, place: LatLng) -> Option<(String, f64)> {
        misread(given, |at| distance_m(at, place)).map(|read| (read.how, read.away_m))
    }

    #[test]
    fn slips_of_writing_are_named() {
        let place = point(34.5025, 41.2040);
        for (given, how) in [
            ((41.2040, 34.5025), "with latitude and longitude swapped"),
            ((-34.5025, 41.2040), "with the other sign of the latitude"),
            ((34.5025, -41.2040), "with the other sign of the longitude"),
            ((34.3015, 41.1224), "with its decimals read as minutes"),
            ((33.5025, 41.2040), "with one degree more of latitude"),
            ((34.5025, 42.2040), "with one degree less of longitude"),
        ] {
            let (said, away_m) = read(point(given.0, given.1), place).unwrap_or_else(|| panic!("{how}"));
            assert_eq!(said, how);
            assert!(away_m < 20.0, "{how}: {away_m} m");
        }
        assert_eq!(read(point(35.9, 43.1), place), None);
    }

    #[test]
    fn a_position_in_another_datum_is_recognised() {
        // By Molodensky's formula, computed apart.
        for (given, is, datum) in [
            ((48.0, 11.0), (47.999_150_1, 10.998_933_4), "ED50"),
            ((34.4, 41.0), (34.398_934_3, 40.999_864_9), "ED50 as used from the Mediterranean to the Gulf"),
            ((35.68, 139.77), (35.683_267_1, 139.766_779_7), "Tokyo"),
        ] {
            let (given, is) = (point(given.0, given.1), point(is.0, is.1));
            let (how, away_m) = read(given, is).unwrap();
            assert_eq!(how, format!("read in {datum} instead of WGS 84"));
            assert!(away_m < 1.0, "{datum}: {away_m} m");
            // The other way round it explains nothing.
            assert_eq!(read(is, given), None);
        }
    }

    #[test]
    fn what_is_where_it_should_be_is_not_explained() {
        let place = point(48.0, 11.0);
        assert_eq!(read(point(48.0003, 11.0), place), None);
    }
}
