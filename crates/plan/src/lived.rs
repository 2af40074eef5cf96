//! What becomes of a claim in real life: nobody hears of its owner, it lasts longer than it should, it is seen somewhere.
//!
//! Each gives another claim and leaves the filed one alone. None makes a claim occupy less than what cannot be excluded.

use deconflict_conflict::{Anchor, Case, Schedule};
use deconflict_spacetime::{LatLng, Time, TimeSpan, Volume4D};

use crate::engine::rebuilt;
use crate::model::{Claim, ClaimBody};

/// The claim of somebody who is silent: it cannot be excluded, for its windows and `grace_ns` nanoseconds more.
pub fn unsure(claim: &Claim, grace_ns: i64) -> Claim {
    let longer = |span: TimeSpan| TimeSpan::new(span.start(), span.end().plus_ns(grace_ns)).unwrap_or(span);
    Claim { window_open: true, ..with_ends(claim, longer) }
}

/// The claim of something that is under way past its end: what it held last it holds until `end`, and that cannot be excluded.
pub fn lasting(claim: &Claim, end: Time) -> Claim {
    let Some(last) = claim.span().map(TimeSpan::end) else { return claim.clone() };
    let until = |span: TimeSpan| {
        let end = if span.end() == last { span.end().max(end) } else { span.end() };
        TimeSpan::new(span.start(), end).unwrap_or(span)
    };
    Claim { window_open: true, ..with_ends(claim, until) }
}

/// The claim with other ends of its windows, none earlier than before.
fn with_ends(claim: &Claim, other: impl Fn(TimeSpan) -> TimeSpan) -> Claim {
    let body = match &claim.body {
        ClaimBody::Volumes(volumes) => {
            ClaimBody::Volumes(volumes.iter().map(|volume| Volume4D { span: other(volume.span), ..volume.clone() }).collect())
        }
        ClaimBody::Movement(track, movement) => {
            let heads = Case::ALL.map(|case| movement.head(case).clone());
            let longer = rebuilt(movement, movement.line().clone(), heads, other(movement.span()).end());
            ClaimBody::Movement(track.clone(), longer.map_or_else(|| movement.clone(), Box::new))
        }
        ClaimBody::Authority { function, area, span } => {
            ClaimBody::Authority { function: *function, area: area.clone(), span: other(*span) }
        }
        ClaimBody::Track(track) => ClaimBody::Track(track.clone()),
    };
    Claim { body, ..claim.clone() }
}

/// What a position report says beside where its claim is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported {
    /// How far from its line it is, metres.
    pub away_m: f64,
    /// Where along the line that is, metres.
    pub along_m: f64,
    /// How much later than likely, nanoseconds; negative if it is early.
    pub late_ns: i64,
}

/// A movement whose head was seen `at` a place at a `time`: from there it goes on as it would have gone.
///
/// The earliest and the latest head are where it was seen, too: what was uncertain before is known now, and grows again from there.
///
/// # Errors
/// It is no movement with times, or it would end before it goes on.
pub fn reported(claim: &Claim, at: LatLng, time: Time) -> Result<(Claim, Reported), String> {
    let ClaimBody::Movement(track, movement) = &claim.body else { return Err("it is no movement with times".to_owned()) };
    let (along_m, away_m) = movement.line().nearest(at);
    let likely = movement.head(Case::Likely);
    let planned = likely.arrival(along_m.min(likely.last().along_m)).unwrap_or(time);
    let late_ns = time.since_ns(planned);
    let heads = Case::ALL.map(|case| from_here(movement.head(case), along_m, time));
    let [Some(earliest), Some(likely), Some(latest)] = heads else { return Err("nothing is left of its way".to_owned()) };
    let end = movement.end().max(latest.last().time).max(time.plus_ns(1));
    let seen = rebuilt(movement, movement.line().clone(), [earliest, likely, latest], end).ok_or("its times no longer fit")?;
    let body = ClaimBody::Movement(track.clone(), Box::new(seen));
    Ok((Claim { body, ..claim.clone() }, Reported { away_m, along_m, late_ns }))
}

/// The schedule with the head at `along_m` at `time`: what is before keeps its times as far as they are before, what is after takes as long
/// as it would have taken.
fn from_here(head: &Schedule, along_m: f64, time: Time) -> Option<Schedule> {
    const SAME_M: f64 = 0.001;
    let last = head.last();
    let along_m = along_m.min(last.along_m);
    let leaves = head.departure(along_m).or_else(|| head.arrival(along_m))?;
    let mut anchors: Vec<Anchor> = Vec::new();
    for anchor in head.anchors().iter().filter(|anchor| anchor.along_m < along_m - SAME_M && anchor.time < time) {
        anchors.push(*anchor);
    }
    if anchors.is_empty() && along_m > SAME_M {
        // It was seen on its way before it was to set out: it cannot have set out later than it was seen.
        let set_out = head.first().time.min(time.plus_ns(-1));
        anchors.push(Anchor { along_m: head.first().along_m, time: set_out });
    }
    anchors.push(Anchor { along_m, time });
    for anchor in head.anchors().iter().filter(|anchor| anchor.along_m > along_m + SAME_M) {
        anchors.push(Anchor { along_m: anchor.along_m, time: time.plus_ns(anchor.time.since_ns(leaves).max(1)) });
    }
    if anchors.len() == 1 {
        anchors.insert(0, Anchor { along_m, time: time.plus_ns(-1) });
    }
    Schedule::new(anchors).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceText, read};
    use deconflict_spacetime::NS_PER_S;

    fn claim(id: &str) -> Claim {
        let bytes = include_bytes!("../../../scenarios/euphrates-2017.toml").to_vec();
        read(&[SourceText { name: "plan".to_owned(), bytes }], None).unwrap().claim(id).unwrap().clone()
    }

    #[test]
    fn a_head_that_was_seen_is_there_in_every_case_and_goes_on_as_planned() {
        let column = claim("C2.A");
        let movement = column.movement().unwrap();
        let half_m = movement.line().length_m() / 2.0;
        let planned = movement.head(Case::Likely).arrival(half_m).unwrap();
        let six_hours_late = planned.plus_ns(6 * 3600 * NS_PER_S);
        let (seen, said) = reported(&column, movement.line().point_at(half_m), six_hours_late).unwrap();
        assert!(said.away_m < 1.0 && (said.along_m - half_m).abs() < 1.0);
        assert!((said.late_ns - 6 * 3600 * NS_PER_S).abs() < NS_PER_S);
        let now = seen.movement().unwrap();
        assert!((now.width_m() - movement.width_m()).abs() < 1e-9);
        for case in Case::ALL {
            assert!((now.head(case).head_at(six_hours_late) - half_m).abs() < 1.0, "{case:?}");
        }
        let (before, after) = (movement.head(Case::Likely).last().time, now.head(Case::Likely).last().time);
        assert!((after.since_ns(before) - 6 * 3600 * NS_PER_S).abs() < NS_PER_S);
        assert!(now.head(Case::Earliest).last().time <= after && after <= now.head(Case::Latest).last().time);
    }

    #[test]
    fn nothing_gets_shorter() {
        for id in ["C2.A", "RU-1", "CL1a"] {
            let claim = claim(id);
            let span = claim.span().unwrap();
            let later = span.end().plus_ns(NS_PER_S);
            for other in [unsure(&claim, NS_PER_S), lasting(&claim, later)] {
                assert!(other.window_open);
                assert_eq!((other.span().unwrap().start(), other.span().unwrap().end()), (span.start(), later), "{id}");
            }
            assert_eq!(lasting(&claim, span.start()).span(), Some(span), "{id}");
        }
    }
}
