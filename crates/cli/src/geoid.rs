//! `--geoid`: altitudes of other formats brought above the ellipsoid, and what is said of it. Without it nothing is converted.
//!
//! Bands only become larger, so that a false alarm is possible and a missed conflict is not. What cannot be converted is left
//! as it is: over another reference than the rest, it meets them at any altitude.

use deconflict_plan::{ClaimVolume, Traffic};
use deconflict_spacetime::{AltitudeReference, Geoid, band_to_w84};

/// Converts the rows of one file, and counts.
#[derive(Debug)]
pub struct ToW84 {
    geoid: Option<Geoid>,
    converted: u64,
    /// The most that a band has grown at each edge, micrometres.
    widest_um: i64,
    /// Why others were left as they are, in order of appearance, with how many.
    left: Vec<(String, u64)>,
}

impl ToW84 {
    /// Converts with this model, or nothing without one.
    pub const fn new(geoid: Option<Geoid>) -> Self {
        Self { geoid, converted: 0, widest_um: 0, left: Vec::new() }
    }

    /// Converts the band of a row, where it has one that is not above the ellipsoid already.
    pub fn convert(&mut self, row: &mut ClaimVolume) {
        let (Some(geoid), Some(band)) = (self.geoid, row.band) else { return };
        if band.lower().reference() == AltitudeReference::W84 {
            return;
        }
        match band_to_w84(band, row.footprint.bounds(), geoid, None) {
            Ok(w84) => {
                let height_um = |lower: i64, upper: i64| upper.saturating_sub(lower);
                let grown_um = height_um(w84.lower().um(), w84.upper().um()) - height_um(band.lower().um(), band.upper().um());
                self.widest_um = self.widest_um.max(grown_um / 2);
                self.converted += 1;
                row.band = Some(w84);
            }
            Err(why) => {
                let why = why.to_string();
                match self.left.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, count)) => *count += 1,
                    None => self.left.push((why, 1)),
                }
            }
        }
    }

    /// Lists what was done among the assumptions of `item`.
    pub fn note(self, traffic: &mut Traffic, item: &str) {
        let Some(geoid) = self.geoid else { return };
        let volumes = |count: u64| if count == 1 { "1 volume".to_owned() } else { format!("{count} volumes") };
        if self.converted > 0 {
            // Rounded up: nothing has grown by more than is said.
            let widest_m = (self.widest_um + 99_999).div_euclid(100_000) as f64 / 10.0;
            let (count, name, error_m) = (volumes(self.converted), geoid.name(), geoid.error_m());
            let said = format!(
                "altitudes above mean sea level brought above the ellipsoid (W84) with {name}, good to {error_m} m: {count}; \
                 edges moved outward by up to {widest_m} m, for the model's error and what the geoid changes over the area"
            );
            traffic.assume(item.to_owned(), said);
        }
        for (why, count) in self.left {
            traffic.assume(item.to_owned(), format!("{} not brought above the ellipsoid: {why}", volumes(count)));
        }
    }
}
