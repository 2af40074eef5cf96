//! Positions as OpenAir writes them: `45:12:30 N 007:01:05.5 E`, `45:12.508N 007:01.092E`. Latitude comes first.

use super::super::outline::LngLat;

const POSITION_WORDS: &str = "a position such as `45:12:30 N 007:01:05 E`";

/// One position, and nothing after it.
///
/// # Errors
/// What was expected.
pub fn one(text: &str) -> Result<LngLat, String> {
    match position(text) {
        Some((at, "")) => Ok(at),
        _ => Err(POSITION_WORDS.to_owned()),
    }
}

/// Two positions with a comma between.
///
/// # Errors
/// What was expected.
pub fn two(text: &str) -> Result<[LngLat; 2], String> {
    let words = || format!("two positions with a comma between; {POSITION_WORDS}");
    let (first, rest) = position(text).ok_or_else(words)?;
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    match position(rest) {
        Some((second, "")) => Ok([first, second]),
        _ => Err(words()),
    }
}

/// The position at the start, and what follows it.
fn position(text: &str) -> Option<(LngLat, &str)> {
    let (lat, rest) = angle(text, ['N', 'S'], 90.0)?;
    let (lng, rest) = angle(rest.strip_prefix(',').unwrap_or(rest), ['E', 'W'], 180.0)?;
    Some(([lng, lat], rest))
}

/// Degrees, minutes and seconds as far as they are given, with the letter of the hemisphere.
fn angle(text: &str, letters: [char; 2], limit: f64) -> Option<(f64, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'))?;
    let (digits, rest) = text.split_at(end);
    let parts: Vec<&str> = digits.split(':').collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || part.len() > 20) {
        return None;
    }
    let mut degrees = 0.0;
    for (index, part) in parts.iter().enumerate() {
        let number: f64 = part.parse().ok()?;
        // Sixty seconds come of rounding; only the last part may have a fraction.
        let good = number.is_finite() && (index == 0 || number <= 60.0) && (index + 1 == parts.len() || !part.contains('.'));
        if !good {
            return None;
        }
        degrees += number / 60_f64.powi(i32::try_from(index).ok()?);
    }
    let rest = rest.trim_start();
    let letter = rest.chars().next()?.to_ascii_uppercase();
    if !letters.contains(&letter) || degrees > limit {
        return None;
    }
    let sign = if letter == letters[0] { 1.0 } else { -1.0 };
    Some((sign * degrees, rest[1..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::{one, two};

    fn near(found: Result<[f64; 2], String>, lng: f64, lat: f64) -> bool {
        found.is_ok_and(|at| (at[0] - lng).abs() < 1e-9 && (at[1] - lat).abs() < 1e-9)
    }

    #[test]
    fn positions_are_read_in_the_forms_that_occur() {
        for text in [
            "45:12:30 N 007:01:30 E",
            "45:12:30N007:01:30E",
            "45:12.5 N 7:1.5 E",
            "45:12:30n, 007:01:30e",
            "45.2083333333333 N 7.025 E",
        ] {
            assert!(near(one(text), 7.025, 45.208_333_333_333_3), "{text}: {:?}", one(text));
        }
        assert!(near(one("00:30:00 S 179:59:60 W"), -180.0, -0.5));
    }

    #[test]
    fn pairs_are_read_with_one_comma_or_with_more() {
        for text in ["44:16:44 N 000:28:29 E,44:02:56 N 000:39:07 E", "44:16:44N 000:28:29E, 44:02:56N, 000:39:07E"] {
            let [first, second] = two(text).expect(text);
            assert!(first[1] > 44.2 && second[1] < 44.1 && first[0] < 0.5 && second[0] > 0.6, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let texts = [
            "",
            "45:12:30 N",
            "45:12:30 E 007:01:30 N",
            "45:61:00 N 007:00:00 E",
            "91:00:00 N 0:0:0 E",
            "45:12.5:30 N 7:0:0 E",
            "45:: N 7:0 E",
            "45:12:30 N 007:01:30 E x",
            "1:2:3:4 N 5:6:7 E",
            "é",
            "45:12:30 é",
        ];
        for text in texts {
            assert!(one(text).is_err(), "{text}");
        }
        assert!(two("44:16:44 N 000:28:29 E").is_err());
    }
}
