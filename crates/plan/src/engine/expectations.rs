//! Pairs that are expected to be clear: the answer is shown either way, a wrong expectation is a finding.
//!
//! Times are left out: what is expected to be clear is clear at any time. Undecided is not clear.

use deconflict_spacetime::{Area, Corridor, Polyline, Shape};

use super::sources::spot_name;
use crate::model::{Claim, Expectation, Level, Picture};
use crate::report::{ExpectationReport, Finding, FindingKind, Location, Measures};
use crate::words;

/// Width of the thin corridor that stands for a centreline, metres.
const THIN_M: f64 = 1e-3;
/// The place of a first contact is found to within this, metres.
const ALONG_M: f64 = 1.0;

/// The answer for every expected pair, and a finding for every pair that is not clear as expected.
pub(super) fn expectations(picture: &Picture) -> (Vec<ExpectationReport>, Vec<Finding>) {
    let (mut reports, mut findings) = (Vec::new(), Vec::new());
    for expected in &picture.expectations {
        let Some((report, apart)) = answer(picture, expected) else { continue };
        if !report.clear {
            findings.push(finding(picture, expected, &report, &apart));
        }
        reports.push(report);
    }
    (reports, findings)
}

/// The report on one pair, and the gap that decided it; `None` if a claim has ended and is not in the picture any more.
fn answer(picture: &Picture, expected: &Expectation) -> Option<(ExpectationReport, Apart)> {
    let (first, second) = (picture.claim(&expected.claims[0])?, picture.claim(&expected.claims[1])?);
    let until_m = expected.until.as_ref().zip(first.track()).map(|(until, track)| track.line.nearest(until.at).0);
    let apart = Apart::between(first, second, until_m)?;
    let required = if expected.at_least_m > 0.0 { expected.at_least_m } else { 0.0 };
    let clear = !apart.first.within(&apart.second, required);
    let until = expected.until.as_ref().map_or_else(String::new, |until| format!(" up to {}", spot_name(until)));
    let mut text = match apart.centrelines_m {
        Some(centrelines_m) => format!(
            "{}{until} keeps {} from {} between centrelines, {} between the corridors' edges.",
            first.id,
            words::length(centrelines_m),
            second.id,
            words::length(apart.edges_m)
        ),
        None => format!("{}{until} keeps {} from {}.", first.id, words::length(apart.edges_m), second.id),
    };
    if required > 0.0 {
        text.push_str(&format!(" At least {} is expected.", words::round_length(required)));
    }
    if let Some(at_m) = first_overlap_m(first, second) {
        text.push_str(&format!(" First corridor overlap {:.0} km along {}.", at_m / 1000.0, first.id));
    }
    let separation_km = apart.centrelines_m.unwrap_or(apart.edges_m) / 1000.0;
    Some((ExpectationReport { claims: expected.claims.clone(), clear, separation_km, text }, apart))
}

fn finding(picture: &Picture, expected: &Expectation, report: &ExpectationReport, apart: &Apart) -> Finding {
    let [first, second] = &expected.claims;
    let (low, high) = if first <= second { (first, second) } else { (second, first) };
    let mut finding = Finding::new(
        FindingKind::Inconsistent,
        Level::Watch,
        format!(
            "inconsistent:{low}+{high}{}",
            expected.until.as_ref().map_or_else(String::new, |until| format!(":{}", spot_name(until)))
        ),
        format!("{first} and {second} are expected to be clear of each other and are not."),
    );
    finding.claims = vec![low.clone(), high.clone()];
    finding.parties = owners(picture, &finding.claims);
    finding.place = Some(apart.place());
    finding.measures = Measures {
        overlap: Some(apart.edges_m <= 0.0),
        lateral_m: Some(apart.edges_m),
        distance_km: Some(report.separation_km),
        ..Measures::default()
    };
    finding.details.push(report.text.clone());
    finding.details.extend(expected.text.iter().map(|text| format!("It was expected because: {text}")));
    finding
}

/// Two grounds and how far they are apart.
struct Apart {
    first: Area,
    second: Area,
    /// Between the closed areas, metres.
    edges_m: f64,
    /// Between the centrelines, metres, if both claims have one.
    centrelines_m: Option<f64>,
}

impl Apart {
    /// The first claim's ground, up to `until_m` along its line if that is given, against all of the second's.
    fn between(first: &Claim, second: &Claim, until_m: Option<f64>) -> Option<Self> {
        let part = |line: &Polyline| until_m.map_or_else(|| Some(line.clone()), |until_m| line.part(0.0, until_m.max(ALONG_M)));
        let ground = match first.track() {
            Some(track) => corridor(&part(&track.line)?, track.width_m)?,
            None => first.ground()?,
        };
        let other = second.ground()?;
        let centrelines_m = match (first.track(), second.track()) {
            (Some(one), Some(two)) => Some(corridor(&part(&one.line)?, THIN_M)?.gap(&corridor(&two.line, THIN_M)?).lateral_m),
            _ => None,
        };
        let edges_m = ground.gap(&other).lateral_m;
        Some(Self { first: ground, second: other, edges_m, centrelines_m })
    }

    /// The shared ground, else the shortest way from the one to the other.
    fn place(&self) -> Location {
        let shared = if self.edges_m > 0.0 { None } else { self.first.overlap(&self.second) };
        shared.map_or_else(
            || {
                let gap = self.first.gap(&self.second);
                Location::Line(vec![gap.from, gap.to])
            },
            Location::Region,
        )
    }
}

/// How far along its line the first claim's corridor first touches the second's ground, metres.
fn first_overlap_m(first: &Claim, second: &Claim) -> Option<f64> {
    let track = first.track()?;
    first_contact_m(&track.line, track.width_m, &second.ground()?)
}

/// How far along `line` a corridor of this width, walked from the start, first touches `area`, metres; `None` if never.
pub(super) fn first_contact_m(line: &Polyline, width_m: f64, area: &Area) -> Option<f64> {
    // A longer corridor holds a shorter one, so the first contact can be found by halving.
    let touches = |until_m: f64| Some(corridor(&line.part(0.0, until_m)?, width_m)?.intersects(area));
    let (mut before_m, mut after_m) = (ALONG_M, line.length_m());
    if !touches(after_m)? {
        return None;
    }
    if touches(before_m) != Some(false) {
        return Some(0.0);
    }
    while after_m - before_m > ALONG_M {
        let middle_m = before_m.midpoint(after_m);
        if touches(middle_m) == Some(false) { before_m = middle_m } else { after_m = middle_m }
    }
    Some(after_m)
}

/// The ground within half of `width_m` of `line`.
fn corridor(line: &Polyline, width_m: f64) -> Option<Area> {
    Corridor::new(line.clone(), width_m).ok().map(|corridor| Area::from(Shape::Corridor(corridor)))
}

/// A line as ground: for questions about touching it.
pub(super) fn thin(line: &Polyline) -> Option<Area> {
    corridor(line, THIN_M)
}

/// The parties that own these claims, sorted.
pub(super) fn owners(picture: &Picture, claims: &[String]) -> Vec<String> {
    let mut owners: Vec<String> = claims.iter().filter_map(|id| picture.claim(id)?.party.clone()).collect();
    owners.sort();
    owners.dedup();
    owners
}

#[cfg(test)]
mod tests {
    use super::expectations;
    use crate::engine::test_pictures::{desert, point};
    use crate::model::{Expectation, Level, Spot};

    fn expected(first: &str, second: &str, until: bool, at_least_m: f64) -> Expectation {
        let gate = Spot { name: "the gate".to_owned(), at: point(34.422, 39.879) };
        Expectation {
            claims: [first.to_owned(), second.to_owned()],
            until: until.then_some(gate),
            at_least_m,
            text: Some("they are far apart".to_owned()),
        }
    }

    #[test]
    fn a_pair_is_clear_up_to_a_point_and_not_beyond() {
        let mut picture = desert();
        picture.expectations = vec![expected("C.A", "C.F", true, 0.0), expected("C.A", "C.F", false, 0.0)];
        let (reports, findings) = expectations(&picture);
        // 29.8 km between the lines; 10 km and 4 km wide corridors leave 22.8 km.
        assert!(reports[0].clear && (reports[0].separation_km - 29.8).abs() < 0.1, "{:?}", reports[0]);
        assert!(reports[0].text.contains("22.8 km between the corridors' edges"), "{}", reports[0].text);
        assert!(reports[0].text.contains("First corridor overlap 167 km along C.A"), "{}", reports[0].text);
        assert!(!reports[1].clear);

        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].id.as_str(), findings[0].level), ("inconsistent:C.A+C.F", Level::Watch));
        assert_eq!(findings[0].measures.overlap, Some(true));
    }

    #[test]
    fn the_required_gap_is_between_edges() {
        for (at_least_m, clear) in [(22_700.0, true), (22_900.0, false)] {
            let mut picture = desert();
            picture.expectations = vec![expected("C.A", "C.F", true, at_least_m)];
            let (reports, findings) = expectations(&picture);
            assert_eq!(reports[0].clear, clear, "{at_least_m}");
            assert_eq!(findings.is_empty(), clear);
        }
    }
}
