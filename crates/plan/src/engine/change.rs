//! Changes to claims: what agreements make and proposals offer. A change makes a new picture; nothing is altered in place.
//!
//! A change only ever takes away: edges and windows are clamped, never widened. Two exceptions move a claim as a whole:
//! a delay and a line moved sideways. Does not know who has to accept a change, nor whether it is of any use.

use deconflict_conflict::{Anchor, Case, Movement, Schedule};
use deconflict_spacetime::{Altitude, AltitudeBand, LatLng, Polyline, Time, TimeSpan, Volume4D, azimuth_deg, destination};
use thiserror::Error;

use super::divide;
use crate::model::{Change, Claim, ClaimBody, Picture, Track};
use crate::words;

/// A change that cannot be made.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{claim}: {reason}")]
pub struct ImpossibleChange {
    /// The claim.
    pub claim: String,
    /// Why not.
    pub reason: String,
}

/// A waypoint that a movement stops this close to keeps its name, metres.
const SAME_WAYPOINT_M: f64 = 1.0;

/// The picture with `changes` made, in order.
///
/// Edges and windows are clamped: a volume that has no time left is dropped, one that would have no height left makes
/// the change impossible. A movement that is to start later is delayed as a whole and keeps its end.
///
/// # Errors
/// A claim is unknown, or would be left with nothing (a band without height, a window without time, a line without
/// length), or has nothing that the change speaks of (a delay of a track without times, an altitude of a column).
pub fn changed(picture: &Picture, changes: &[(String, Change)]) -> Result<Picture, ImpossibleChange> {
    let mut changed = picture.clone();
    for (id, change) in changes {
        let impossible = |reason: String| ImpossibleChange { claim: id.clone(), reason };
        let index = changed
            .claims
            .iter()
            .position(|claim| claim.id == *id)
            .ok_or_else(|| impossible("there is no such claim".to_owned()))?;
        changed.claims[index] = claim_with(picture, &changed.claims[index], change).map_err(impossible)?;
        open_what_hangs_on(&mut changed, id, change);
    }
    Ok(changed)
}

/// Opens the windows that hang on the arrival of a movement to which `change` was made: it may arrive at another time.
///
/// A movement that sets out when another one arrives takes those along that hang on it.
pub(super) fn open_what_hangs_on(picture: &mut Picture, movement: &str, change: &Change) {
    if !changes_arrival(change) {
        return;
    }
    let (as_of, end) = (picture.as_of, picture.span.end());
    let (mut waiting, mut done) = (vec![movement.to_owned()], Vec::new());
    while let Some(id) = waiting.pop() {
        for claim in &mut picture.claims {
            if open_if_bound(claim, &id, as_of, end) && claim.bound_from.as_ref() == Some(&id) && !done.contains(&claim.id) {
                waiting.push(claim.id.clone());
            }
        }
        done.push(id);
    }
}

/// Whether a change may make a movement arrive at another time, or never.
pub(super) const fn changes_arrival(change: &Change) -> bool {
    !matches!(change, Change::Upper(_) | Change::Lower(_) | Change::KeepTo(..))
}

/// Opens the ends of a claim's window that hang on `movement`: its start to `as_of`, its end to `end`; whether any does.
pub(super) fn open_if_bound(claim: &mut Claim, movement: &str, as_of: Time, end: Time) -> bool {
    let bound = |by: &Option<String>| by.as_deref() == Some(movement);
    let (from, until) = (bound(&claim.bound_from), bound(&claim.bound_until));
    if !from && !until {
        return false;
    }
    claim.window_open = true;
    let opened = |span: TimeSpan| {
        let start = if from { span.start().min(as_of) } else { span.start() };
        TimeSpan::new(start, if until { span.end().max(end) } else { span.end() }).unwrap_or(span)
    };
    match &mut claim.body {
        ClaimBody::Volumes(volumes) => volumes.iter_mut().for_each(|volume| volume.span = opened(volume.span)),
        ClaimBody::Authority { span, .. } => *span = opened(*span),
        ClaimBody::Movement(_, movement) => {
            let span = opened(movement.span());
            let [earliest, likely, latest] = heads(movement);
            let early_ns = span.start().since_ns(movement.span().start());
            let earliest = if early_ns < 0 { movement.delayed_ns(early_ns).head(Case::Earliest).clone() } else { earliest };
            let holds = movement.holds() || from;
            let line = movement.line().clone();
            let (width_m, pass_m) = (movement.width_m(), movement.pass_length_m());
            // From its earliest arrival on it may be anywhere it goes.
            if let Ok(opened) = Movement::new(line, width_m, [earliest, likely, latest], pass_m, holds, span.end()) {
                **movement = if movement.paces_beyond_end() { opened.with_pace_beyond_end() } else { opened };
            }
        }
        ClaimBody::Track(_) => {}
    }
    true
}

/// The claim with one change made; the error is the reason why it cannot be.
pub(super) fn claim_with(picture: &Picture, claim: &Claim, change: &Change) -> Result<Claim, String> {
    let mut changed = claim.clone();
    changed.body = match *change {
        Change::Upper(um) => with_bands(claim, |band| band_within(band, band.lower().um(), um.min(band.upper().um())))?,
        Change::Lower(um) => with_bands(claim, |band| band_within(band, um.max(band.lower().um()), band.upper().um()))?,
        Change::Delay(ns) => delayed(claim, ns)?,
        Change::Start(time) => starting_at(claim, time)?,
        Change::End(time) => ending_at(claim, time)?,
        Change::StopAt(along_m) => stopping_at(claim, along_m)?,
        Change::Offset(metres) => offset(claim, metres)?,
        Change::KeepTo(ref barrier, bank) => {
            divide::can_keep_to(picture, claim, barrier, bank)?;
            changed.keeps_to.retain(|(other, _)| other != barrier);
            changed.keeps_to.push((barrier.clone(), bank));
            claim.body.clone()
        }
    };
    Ok(changed)
}

/// The claim with every band changed; surface volumes stay as they are.
fn with_bands(claim: &Claim, clamp: impl Fn(AltitudeBand) -> Result<AltitudeBand, String>) -> Result<ClaimBody, String> {
    let ClaimBody::Volumes(volumes) = &claim.body else { return Err("it has no altitudes".to_owned()) };
    if volumes.iter().all(|volume| volume.band.is_none()) {
        return Err("it has no altitudes".to_owned());
    }
    let clamped = volumes.iter().map(|volume| Ok(Volume4D { band: volume.band.map(&clamp).transpose()?, ..volume.clone() }));
    Ok(ClaimBody::Volumes(clamped.collect::<Result<_, String>>()?))
}

fn band_within(band: AltitudeBand, lower_um: i64, upper_um: i64) -> Result<AltitudeBand, String> {
    let edge = |um| Altitude::from_um(um, band.lower().reference());
    let (lower, upper) = (edge(lower_um), edge(upper_um));
    AltitudeBand::new(lower, upper).map_err(|_| format!("no height is left between {} m and {} m", lower.m(), upper.m()))
}

fn delayed(claim: &Claim, ns: i64) -> Result<ClaimBody, String> {
    let span = claim.span().ok_or("it has no times")?;
    // Times stop at the ends of the range: a window pressed against them would not be the same window later.
    if span.start().plus_ns(ns).since_ns(span.start()) != ns || span.end().plus_ns(ns).since_ns(span.end()) != ns {
        return Err(format!("a delay of {} leaves the calendar", words::duration_s(ns / deconflict_spacetime::NS_PER_S)));
    }
    Ok(match &claim.body {
        ClaimBody::Volumes(volumes) => ClaimBody::Volumes(
            volumes.iter().map(|volume| Volume4D { span: volume.span.shifted_ns(ns), ..volume.clone() }).collect(),
        ),
        ClaimBody::Movement(track, movement) => ClaimBody::Movement(track.clone(), Box::new(movement.delayed_ns(ns))),
        ClaimBody::Authority { function, area, span } => {
            ClaimBody::Authority { function: *function, area: area.clone(), span: span.shifted_ns(ns) }
        }
        ClaimBody::Track(_) => return Err("it has no times".to_owned()),
    })
}

fn starting_at(claim: &Claim, start: Time) -> Result<ClaimBody, String> {
    if let ClaimBody::Movement(track, movement) = &claim.body {
        let late_ns = start.since_ns(movement.span().start()).max(0);
        let later = ending(&movement.delayed_ns(late_ns), movement.end()).ok_or_else(|| no_time_left(start, movement.end()))?;
        return Ok(ClaimBody::Movement(track.clone(), Box::new(later)));
    }
    with_spans(claim, |span| TimeSpan::new(span.start().max(start), span.end()).ok())
        .ok_or_else(|| format!("no time is left after {}", words::time(start)))
}

fn ending_at(claim: &Claim, end: Time) -> Result<ClaimBody, String> {
    if let ClaimBody::Movement(track, movement) = &claim.body {
        let end = end.min(movement.end());
        let shorter = ending(movement, end).ok_or_else(|| no_time_left(movement.span().start(), end))?;
        return Ok(ClaimBody::Movement(track.clone(), Box::new(shorter)));
    }
    with_spans(claim, |span| TimeSpan::new(span.start(), span.end().min(end)).ok())
        .ok_or_else(|| format!("no time is left before {}", words::time(end)))
}

fn no_time_left(start: Time, end: Time) -> String {
    format!("no time is left between {} and {}", words::time(start), words::time(end))
}

/// The claim with every window changed; windows that are gone are left out. `None` if none is left, or it has none.
fn with_spans(claim: &Claim, clamp: impl Fn(TimeSpan) -> Option<TimeSpan>) -> Option<ClaimBody> {
    match &claim.body {
        ClaimBody::Volumes(volumes) => {
            let left = |volume: &Volume4D| Some(Volume4D { span: clamp(volume.span)?, ..volume.clone() });
            let volumes: Vec<Volume4D> = volumes.iter().filter_map(left).collect();
            (!volumes.is_empty()).then_some(ClaimBody::Volumes(volumes))
        }
        ClaimBody::Authority { function, area, span } => {
            Some(ClaimBody::Authority { function: *function, area: area.clone(), span: clamp(*span)? })
        }
        ClaimBody::Movement(..) | ClaimBody::Track(_) => None,
    }
}

/// The same movement with another end; `None` if it would end before it starts.
fn ending(movement: &Movement, end: Time) -> Option<Movement> {
    let heads = heads(movement);
    rebuilt(movement, movement.line().clone(), heads, end)
}

fn stopping_at(claim: &Claim, along_m: f64) -> Result<ClaimBody, String> {
    let nothing = || format!("no line is left before {}", words::length(along_m));
    let cut = |track: &Track| {
        if along_m >= track.line.length_m() { Some(track.clone()) } else { cut_track(track, along_m) }
    };
    match &claim.body {
        ClaimBody::Movement(track, movement) => {
            let stopping = movement.stopping_at(along_m).ok_or_else(nothing)?;
            Ok(ClaimBody::Movement(cut(track).ok_or_else(nothing)?, Box::new(stopping)))
        }
        ClaimBody::Track(track) => Ok(ClaimBody::Track(cut(track).ok_or_else(nothing)?)),
        ClaimBody::Volumes(_) | ClaimBody::Authority { .. } => Err("it is no movement".to_owned()),
    }
}

/// The track up to `along_m`, with the names and tasks of what is left.
fn cut_track(track: &Track, along_m: f64) -> Option<Track> {
    let line = track.line.part(0.0, along_m)?;
    let last = line.waypoints().len() - 1;
    let at = |index: usize| track.line.waypoints_along_m().get(index).copied().unwrap_or(f64::INFINITY);
    // The part keeps the waypoints before its end, so its last one is either the next waypoint or between two.
    let ends_at_waypoint = (at(last) - along_m).abs() <= SAME_WAYPOINT_M;
    let mut names: Vec<String> = track.names.iter().take(last).cloned().collect();
    let mut tasks: Vec<Option<String>> = track.tasks.iter().take(last).cloned().collect();
    names.push(if ends_at_waypoint { track.names.get(last).cloned().unwrap_or_default() } else { String::new() });
    tasks.push(if ends_at_waypoint { track.tasks.get(last).cloned().flatten() } else { None });
    Some(Track { line, width_m: track.width_m, names, tasks })
}

fn offset(claim: &Claim, metres: f64) -> Result<ClaimBody, String> {
    let sideways = |track: &Track| {
        let line = offset_line(&track.line, metres).ok_or("its line cannot be moved sideways that far")?;
        Ok::<Track, String>(Track { line, ..track.clone() })
    };
    match &claim.body {
        ClaimBody::Movement(track, movement) => {
            let track = sideways(track)?;
            let line = offset_line(movement.line(), metres).ok_or("its line cannot be moved sideways that far")?;
            let heads = heads_on(movement, &line).ok_or("its times do not fit the moved line")?;
            let moved = rebuilt(movement, line, heads, movement.end()).ok_or("its times do not fit the moved line")?;
            Ok(ClaimBody::Movement(track, Box::new(moved)))
        }
        ClaimBody::Track(track) => Ok(ClaimBody::Track(sideways(track)?)),
        ClaimBody::Volumes(_) | ClaimBody::Authority { .. } => Err("it is no movement".to_owned()),
    }
}

/// Every waypoint moved by `metres` to the right of the line's direction there (the middle of the two legs' directions).
fn offset_line(line: &Polyline, metres: f64) -> Option<Polyline> {
    let waypoints = line.waypoints();
    let moved = waypoints.iter().enumerate().map(|(index, &at)| {
        let before = index.checked_sub(1).map(|before| azimuth_deg(at, waypoints[before]) + 180.0);
        let after = waypoints.get(index + 1).map(|&next| azimuth_deg(at, next));
        let direction_deg = match (before, after) {
            // The shorter way round from the one to the other, halved.
            (Some(before), Some(after)) => before + ((after - before + 540.0).rem_euclid(360.0) - 180.0) / 2.0,
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => 0.0,
        };
        destination(at, (direction_deg + 90.0).rem_euclid(360.0), metres)
    });
    Polyline::new(moved.collect::<Vec<LatLng>>()).ok()
}

/// The schedules of `movement` on a line with as many waypoints: each leg takes the time that it took.
fn heads_on(movement: &Movement, line: &Polyline) -> Option<[Schedule; 3]> {
    let (old, new) = (movement.line().waypoints_along_m(), line.waypoints_along_m());
    let moved_m = |along_m: f64| {
        let leg = old.partition_point(|&start_m| start_m <= along_m).saturating_sub(1).min(old.len() - 2);
        let share = ((along_m - old[leg]) / (old[leg + 1] - old[leg])).clamp(0.0, 1.0);
        new[leg] + share * (new[leg + 1] - new[leg])
    };
    let on_line = |case| {
        let anchors = movement.head(case).anchors().iter();
        Schedule::new(anchors.map(|anchor| Anchor { along_m: moved_m(anchor.along_m), time: anchor.time }).collect()).ok()
    };
    Some([on_line(Case::Earliest)?, on_line(Case::Likely)?, on_line(Case::Latest)?])
}

fn heads(movement: &Movement) -> [Schedule; 3] {
    Case::ALL.map(|case| movement.head(case).clone())
}

/// A movement like `movement` in everything but line, schedules and end.
pub(crate) fn rebuilt(movement: &Movement, line: Polyline, heads: [Schedule; 3], end: Time) -> Option<Movement> {
    let rebuilt = Movement::new(line, movement.width_m(), heads, movement.pass_length_m(), movement.holds(), end).ok()?;
    Some(if movement.paces_beyond_end() { rebuilt.with_pace_beyond_end() } else { rebuilt })
}
