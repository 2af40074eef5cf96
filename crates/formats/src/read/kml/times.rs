//! Times as KML writes them: instants, days, months and years. Does not know spans.

use deconflict_spacetime::{NS_PER_S, Time};

use super::super::time::{self, NS_PER_DAY, days_from_civil};

/// The first and the last instant of what a text names.
///
/// # Errors
/// What was expected.
pub fn first_and_last(text: &str) -> Result<(Time, Time), String> {
    let text = text.trim();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let midnight = |year, month| Time::from_ns(days_from_civil(year, month, 1) * 86_400 * NS_PER_S);
    // Years whose nanoseconds fit.
    let year = text.get(..4).and_then(digits).filter(|year| (1700..2200).contains(year));
    match (year, text.len()) {
        (Some(year), 4) => return Ok((midnight(year, 1), midnight(year + 1, 1))),
        (Some(year), 7) if text.as_bytes()[4] == b'-' => {
            if let Some(month @ 1..=12) = text.get(5..).and_then(digits) {
                let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                return Ok((midnight(year, month), midnight(next_year, next_month)));
            }
        }
        _ => {}
    }
    let instant = time::instant(text)?;
    let last = if instant.whole_day { instant.time.plus_ns(NS_PER_DAY) } else { instant.time };
    Ok((instant.time, last))
}

#[cfg(test)]
mod tests {
    use super::first_and_last;

    #[test]
    fn a_text_names_all_that_is_in_it() {
        let cases = [
            ("2030", "2030-01-01", "2031-01-01"),
            ("2030-12", "2030-12-01", "2031-01-01"),
            ("2028-02", "2028-02-01", "2028-03-01"),
            ("2030-05-01", "2030-05-01", "2030-05-02"),
            ("2030-05-01T06:00:00Z", "2030-05-01T06:00Z", "2030-05-01T06:00Z"),
        ];
        for (text, first, last) in cases {
            let time = |text| deconflict_plan::parse_time(text).expect("a time");
            assert_eq!(first_and_last(text), Ok((time(first), time(last))), "{text}");
        }
        for text in ["", "203", "2030-13", "9999", "2030-5", "2030-05-01T06:00:00", "éé"] {
            assert!(first_and_last(text).is_err(), "{text}");
        }
    }
}
