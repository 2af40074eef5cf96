//! A finding in the words of a duty officer: who, where, when, how close, who is told, what would fix it.
//!
//! The same facts in the same words wherever a finding is shown to people. Does not know how a page or a map looks.

use deconflict_spacetime::{AltitudeReference, LatLng, NS_PER_S, Time, TimeSpan};

use crate::model::Picture;
use crate::report::{Certainty, Finding, FindingKind, Location, Notice, Standing};
use crate::words;

/// The most proposals that are shown; the JSON has them all.
const MOST_PROPOSALS: usize = 3;

/// One thing that is to be said of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it answers: "who", "where", "how close".
    pub label: &'static str,
    /// The answer.
    pub text: String,
}

/// What is to be said of a finding beside its headline, in the order in which it is read; `as_of` is the report's.
pub fn facts(picture: &Picture, as_of: Time, finding: &Finding) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |label, text: String| facts.push(Fact { label, text });
    if !finding.parties.is_empty() {
        add("who", who_words(picture, finding));
    }
    if finding.certainty == Certainty::CannotExclude {
        add("not certain", "cannot be excluded, with what is known".to_owned());
    }
    if let Some(place) = where_words(picture, finding) {
        add("where", place);
    }
    if let Some(window) = finding.window {
        add("when", when_words(window, as_of));
    }
    if !finding.details.is_empty() {
        add(details_label(finding.kind), words::sentences(finding.details.iter().map(String::as_str)));
    }
    if !finding.notify.is_empty() {
        add("tell", finding.notify.iter().map(notice_words).collect::<Vec<_>>().join("; "));
    }
    if !finding.cannot_tell.is_empty() {
        add("cannot be told", cannot_tell_words(finding));
    }
    let verified = finding.proposals.iter().filter(|proposal| proposal.verified);
    for (index, proposal) in verified.take(MOST_PROPOSALS).enumerate() {
        add(if index == 0 { "would fix it" } else { "or" }, proposal.text.clone());
    }
    if let Standing::AgreedNotInForce { agreement, because } = &finding.standing {
        add("agreed", format!("in {agreement}, not in force: {because}"));
    }
    facts
}

/// What the details of a finding answer.
const fn details_label(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Conflict
        | FindingKind::Internal
        | FindingKind::Converging
        | FindingKind::Approach
        | FindingKind::Caution => "how close",
        FindingKind::Contested | FindingKind::Rule | FindingKind::Inconsistent | FindingKind::Open | FindingKind::Unchecked => {
            "why"
        }
    }
}

/// "P.SYR Syrian Arab Army; P.SDF Syrian Democratic Forces".
fn who_words(picture: &Picture, finding: &Finding) -> String {
    let parties = finding.parties.iter().map(|id| match picture.party(id) {
        Some(party) if party.name != *id => format!("{id} {}", party.name),
        _ => id.clone(),
    });
    parties.collect::<Vec<_>>().join("; ")
}

fn where_words(picture: &Picture, finding: &Finding) -> Option<String> {
    let mut parts = Vec::new();
    let near = |at: LatLng| match words::near(&picture.places, at) {
        Some(name) => format!("{name}, {}", words::point(at)),
        None => words::point(at),
    };
    let end = |at: LatLng| near(at).trim_start_matches("at ").to_owned();
    match &finding.place {
        Some(Location::Point(at)) => parts.push(near(*at)),
        Some(Location::Region(region)) => parts.extend(region.label_point().map(near)),
        Some(Location::Line(points)) => {
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                parts.push(format!("between {} and {}", end(*first), end(*last)));
            }
        }
        None => {}
    }
    if let Some([lower, upper]) = finding.altitude_m {
        let reference = match picture.altitude_reference {
            AltitudeReference::W84 => "above the ellipsoid (W84)",
            AltitudeReference::Amsl => "above mean sea level",
            AltitudeReference::Agl => "above the ground",
            AltitudeReference::Std => "pressure altitude",
        };
        let band = if upper > lower { format!("{lower:.0} to {upper:.0} m") } else { format!("{lower:.0} m") };
        parts.push(format!("{band} {reference}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// "2017-10-03 06:00Z to 2017-10-05 00:00Z (1 d 18 h), in 19 d".
fn when_words(window: TimeSpan, as_of: Time) -> String {
    let shown = to_minutes(window);
    let lasts = coarse_duration(shown.end().since_ns(shown.start()) / NS_PER_S);
    let until = window.start().since_ns(as_of) / NS_PER_S;
    let when = if window.contains(as_of) {
        "under way".to_owned()
    } else if until > 0 {
        format!("in {}", coarse_duration(until))
    } else {
        "over".to_owned()
    };
    format!("{} ({lasts}), {when}", words::span(shown))
}

/// A window in whole minutes, rounded outwards.
fn to_minutes(window: TimeSpan) -> TimeSpan {
    const MINUTE_NS: i64 = 60 * NS_PER_S;
    let start = window.start().ns().div_euclid(MINUTE_NS).saturating_mul(MINUTE_NS);
    let rest = window.end().ns().rem_euclid(MINUTE_NS);
    let end = if rest == 0 { window.end() } else { window.end().plus_ns(MINUTE_NS - rest) };
    TimeSpan::new(Time::from_ns(start), end).unwrap_or(window)
}

/// A duration in its two largest units: "19 d 6 h".
fn coarse_duration(seconds: i64) -> String {
    let unit = match seconds {
        86_400.. => 3600,
        3600.. => 60,
        _ => 1,
    };
    words::duration_s(seconds / unit * unit)
}

/// "P.SYR through P.IRN, 6 h, and on to P.SYRSF"; "P.RUS directly".
fn notice_words(notice: &Notice) -> String {
    let way = match &notice.via {
        Some(via) => format!("through {}", via.join(" and then ")),
        None => "directly".to_owned(),
    };
    let delay = if notice.delay_s > 0 { format!(", {}", words::duration_s(notice.delay_s)) } else { String::new() };
    let centres =
        if notice.centres.is_empty() { String::new() } else { format!(" ({} must acknowledge)", notice.centres.join(" and ")) };
    let members = match notice.members.as_slice() {
        [] => String::new(),
        [one] => format!(" and on to {one}"),
        several => format!(" and on to {}", several.join(", ")),
    };
    format!("{} {way}{delay}{centres}{members}", notice.party)
}

fn cannot_tell_words(finding: &Finding) -> String {
    let words = finding.cannot_tell.iter().map(|(party, because)| match because.as_str() {
        "" => party.clone(),
        because => format!("{party}: {because}"),
    });
    words.collect::<Vec<_>>().join("; ")
}
