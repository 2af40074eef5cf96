//! Altitudes as OpenAir writes them: `SFC`, `1500ft AGL`, `FL95`, `4500 MSL`, `UNL`.

use deconflict_spacetime::{Altitude, AltitudeReference, UM_PER_FT, UM_PER_M};

use super::super::altitude::Edge;

const ALTITUDE_WORDS: &str = "an altitude such as `SFC`, `1500ft AGL`, `4500ft AMSL`, `FL95` or `UNL`";

/// An edge, and whether it names no reference: then it is above mean sea level.
///
/// # Errors
/// What was expected.
pub fn edge(text: &str) -> Result<(Edge, bool), String> {
    let tokens = tokens(text);
    let mut number: Option<f64> = None;
    let (mut um_per_unit, mut reference, mut flight_level) = (UM_PER_FT, None, false);
    let mut word_alone = None;
    for token in &tokens {
        match token.as_str() {
            "SFC" | "GND" | "GROUND" | "SURFACE" if tokens.len() == 1 => word_alone = Some(Edge::Ground),
            "UNL" | "UNLIM" | "UNLIMITED" | "UNLTD" if tokens.len() == 1 => word_alone = Some(Edge::Unlimited),
            "FT" | "F" | "FEET" | "'" => um_per_unit = UM_PER_FT,
            "M" | "MT" | "MTR" | "METERS" | "METRES" => um_per_unit = UM_PER_M,
            "FL" => flight_level = true,
            "AMSL" | "MSL" | "ALT" | "QNH" => reference = Some(AltitudeReference::Amsl),
            "AGL" | "AGND" | "ASFC" | "SFC" | "GND" => reference = Some(AltitudeReference::Agl),
            "STD" | "QNE" => reference = Some(AltitudeReference::Std),
            other => match other.parse::<f64>() {
                Ok(value) if number.is_none() && value.abs() <= 1e7 => number = Some(value),
                Ok(_) => return Err(format!("{ALTITUDE_WORDS}; one altitude of at most 1000 km")),
                Err(_) => return Err(ALTITUDE_WORDS.to_owned()),
            },
        }
    }
    if let Some(edge) = word_alone {
        return Ok((edge, false));
    }
    let number = number.ok_or_else(|| ALTITUDE_WORDS.to_owned())?;
    if flight_level {
        if reference.is_some_and(|reference| reference != AltitudeReference::Std) || number.fract().abs() > 0.0 {
            return Err(format!("{ALTITUDE_WORDS}; a flight level is over the standard pressure"));
        }
        return Ok((at(number * 100.0, UM_PER_FT, AltitudeReference::Std)?, false));
    }
    // A bare zero as a lower edge is how older files write the ground.
    if number.abs() <= 0.0 && reference.is_none() {
        return Ok((Edge::Ground, false));
    }
    Ok((at(number, um_per_unit, reference.unwrap_or(AltitudeReference::Amsl))?, reference.is_none()))
}

#[allow(clippy::cast_possible_truncation)]
fn at(number: f64, um_per_unit: i64, reference: AltitudeReference) -> Result<Edge, String> {
    // Whole micrometres hold thousandths of a foot; the product is exact for whole numbers.
    let um = (number * um_per_unit as f64).round();
    if um.abs() > 1e12 {
        return Err(format!("{ALTITUDE_WORDS}; at most 1000 km"));
    }
    Ok(Edge::At(Altitude::from_um(um as i64, reference)))
}

/// Numbers, and words in capitals, without what stands between them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars().take(200) {
        let class = match c {
            '0'..='9' | '.' | '-' => Some('0'),
            '\'' => Some('\''),
            c if c.is_whitespace() => None,
            // A slash between two altitudes is a word that nobody knows.
            _ => Some('A'),
        };
        match (class, tokens.last_mut()) {
            (Some(_), Some(last)) if class == before => last.extend(c.to_uppercase()),
            (Some(_), _) => tokens.push(c.to_uppercase().collect()),
            (None, _) => {}
        }
        before = class;
    }
    tokens
}

#[cfg(test)]
#[path = "altitude_tests.rs"]
mod tests;
