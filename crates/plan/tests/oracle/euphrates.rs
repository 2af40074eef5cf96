//! The 2017 scenario with everything moved: its flights and columns against dense sampling.

use deconflict_plan::format::{ClaimKind, Given, Length, Outline, PlanFile};
use deconflict_plan::model::Picture;
use deconflict_plan::report::{Finding, FindingKind, Report};

use super::column::{Column, Head, far, share_ground, shared_km2};
use super::edit::{self, MINUTE_S, altitude, claim, instant, metres, minutes, minutes_after};
use super::line::{Line, Point, closest, distance_m, dot};
use super::random::Random;
use super::tally::{Tally, seconds};
use crate::support;

const AS_OF: &str = "2017-09-14T00:00:00Z";
const HORIZON_MIN: i64 = 60 * 24 * 60;
/// Heads are looked at this often, seconds.
const STEP_S: f64 = 600.0;

/// An air cell of the oracle.
struct Cell {
    id: String,
    /// Index of its column, and metres along it.
    column: usize,
    from_m: f64,
    to_m: f64,
    buffer_m: f64,
    band_m: [i64; 2],
    window_min: [i64; 2],
}

/// One perturbed scenario as the oracle sees it.
pub struct Trial {
    columns: [Column; 2],
    cells: Vec<Cell>,
    lateral_m: f64,
    vertical_m: i64,
    time_min: i64,
    /// Objective id, centre, radius in metres.
    objectives: Vec<(&'static str, Point, f64)>,
}

/// The plan with waypoints, times, bands, widths, buffers and minima moved, and the same for the oracle.
pub fn perturbed(random: &mut Random) -> (PlanFile, Trial) {
    let mut plan = support::file(support::EUPHRATES);
    strip(&mut plan);
    plan.plan.horizon = Some(minutes(HORIZON_MIN));
    let reach_deg = random.one_of(&[0.01, 0.05, 0.12]);
    let mut names: Vec<String> = ["C2.A", "C2.B"].iter().flat_map(|id| edit::waypoint_names(&plan, id)).collect();
    names.sort();
    names.dedup();
    edit::move_places(&mut plan, &names, reach_deg, random);
    let (a, b) = (column(&mut plan, "C2.A", random), column(&mut plan, "C2.B", random));
    let columns = [a, b];
    let cells = cells(&mut plan, &columns, random);
    let (lateral_m, vertical_m, time_min) =
        (random.one_of(&[0.0, 3e3, 1e4, 2e4]), random.one_of(&[0, 300, 600, 1500]), random.one_of(&[0, 15, 360, 2880]));
    let row = &mut plan.minima[0];
    row.lateral = Some(metres(lateral_m));
    row.vertical = Some(Given::Plain(Length(format!("{vertical_m} m"))));
    row.time = Some(minutes(time_min));
    let objectives = [("A.ABK", "Abu Kamal"), ("A.MAY", "Mayadin")].map(|(id, name)| {
        let radius_m = random.between(5e3, 12e3).round();
        let area = plan.areas.iter_mut().find(|area| area.id == id).unwrap();
        area.outline.circle.as_mut().unwrap().radius = metres(radius_m);
        (id, edit::place(&plan, name), radius_m)
    });
    (plan, Trial { columns, cells, lateral_m, vertical_m, time_min, objectives: objectives.to_vec() })
}

/// The ground under both columns of the plan as it is, outside 8 km of Abu Kamal, km².
pub fn unmoved_shared_km2() -> f64 {
    let plan = support::file(support::EUPHRATES);
    let [a, b] = ["C2.A", "C2.B"].map(|id| {
        let line = Line::new(&edit::places(&plan, &edit::waypoint_names(&plan, id)));
        Column { id, line, width_m: 4e3, fast: Head(Vec::new()), slow: Head(Vec::new()), holds: true }
    });
    shared_km2(&a, &b, a.end(), 8e3)
}

/// Leaves what the oracle has no opinion on out, to save time.
fn strip(plan: &mut PlanFile) {
    plan.statements.clear();
    plan.matters.clear();
    plan.rules.clear();
    plan.agreements.clear();
    plan.terms.clear();
    plan.barriers.clear();
    plan.claims.retain(|claim| matches!(claim.kind, ClaimKind::Flight | ClaimKind::Movement));
    let kept: Vec<String> = plan.claims.iter().map(|claim| claim.id.clone()).collect();
    plan.sides.iter_mut().for_each(|side| side.claims.retain(|id| kept.contains(id)));
}

/// Moves the arrivals and the width of a column.
fn column(plan: &mut PlanFile, id: &'static str, random: &mut Random) -> Column {
    let names = edit::waypoint_names(plan, id);
    let line = Line::new(&edit::places(plan, &names));
    let width_m = random.between(500.0, 6e3).round();
    let holds = random.often(0.95);
    let movement = claim(plan, id);
    movement.width = Some(metres(width_m));
    movement.holds = holds;
    // Mostly under way already: a column that has begun is not asked to wait, and the search for how long it would have to
    // is what takes the time of a trial.
    let mut at_min = if random.often(0.95) { random.whole(-3 * 1440, -1) } else { random.whole(0, 4 * 1440) };
    let mut last_min = 0;
    let mut anchors = Vec::new();
    let scaled = |from: i64, to: i64, random: &mut Random| ((to - from) as f64 * random.between(0.4, 1.25)).round() as i64;
    for (waypoint, along_m) in movement.waypoints.iter_mut().zip(&line.waypoints_m) {
        let eta_min = minutes_after(AS_OF, waypoint.eta.as_ref().unwrap());
        at_min += scaled(last_min, eta_min, random);
        last_min = eta_min;
        waypoint.eta = Some(instant(AS_OF, at_min));
        anchors.push((at_min as f64 * MINUTE_S, *along_m));
        if let Some(dwell) = &mut waypoint.dwell_until {
            let until_min = minutes_after(AS_OF, dwell);
            at_min += scaled(last_min, until_min, random);
            last_min = until_min;
            *dwell = instant(AS_OF, at_min);
            anchors.push((at_min as f64 * MINUTE_S, *along_m));
        }
    }
    let head = Head(anchors);
    Column { id, line, width_m, fast: head.clone(), slow: head, holds }
}

/// Moves the buffers, bands and windows of the air cells.
fn cells(plan: &mut PlanFile, columns: &[Column; 2], random: &mut Random) -> Vec<Cell> {
    let names = [edit::waypoint_names(plan, "C2.A"), edit::waypoint_names(plan, "C2.B")];
    let flights = plan.claims.iter_mut().filter(|claim| claim.kind == ClaimKind::Flight);
    flights
        .map(|flight| {
            let Some(Outline { stretch: Some(stretch), .. }) = &mut flight.outline else { panic!("{} is no stretch", flight.id) };
            let column = usize::from(stretch.of == "C2.B");
            let along_m = |name: &Option<String>| {
                let index = names[column].iter().position(|other| Some(other) == name.as_ref()).unwrap();
                columns[column].line.waypoints_m[index]
            };
            let (from_m, to_m) = (along_m(&stretch.from), along_m(&stretch.to));
            let buffer_m = random.between(2e3, 22e3).round();
            stretch.buffer = metres(buffer_m);
            // A grid of 100 m, so that some gaps equal a minimum.
            let lower_m = 100 * random.whole(0, 50);
            let band_m = [lower_m, lower_m + 100 * random.whole(5, 40)];
            let planned = [&flight.start, &flight.end].map(|time| minutes_after(AS_OF, time.as_ref().unwrap()));
            let start_min = (planned[0] + random.whole(-3 * 1440, 3 * 1440)).max(0);
            let window_min = [start_min, start_min + random.whole(600, 14 * 1440)];
            (flight.lower, flight.upper) = (Some(altitude(band_m[0])), Some(altitude(band_m[1])));
            (flight.start, flight.end) = (Some(instant(AS_OF, window_min[0])), Some(instant(AS_OF, window_min[1])));
            Cell { id: flight.id.clone(), column, from_m, to_m, buffer_m, band_m, window_min }
        })
        .collect()
}

/// Everything that the oracle has an opinion on.
pub fn compare(trial: &Trial, picture: &Picture, report: &Report, tally: &mut Tally) {
    flights(trial, report, tally);
    cautions(trial, report, tally);
    let [a, b] = &trial.columns;
    for column in [a, b] {
        let said = report.movements.iter().find(|movement| movement.claim == column.id).unwrap();
        tally.number(&format!("length of {}", column.id), said.length_km * 1e3, column.line.length_m(), 0.1);
    }
    let find = |kind| support::about(report, kind, "C2.A", "C2.B");
    let until_s = HORIZON_MIN as f64 * MINUTE_S;
    let (_, centre, radius_m) = trial.objectives[0];
    tally.decision(
        "columns share ground",
        find(FindingKind::Conflict).is_some(),
        columns_share_ground(a, b, centre, radius_m, until_s),
    );
    let converging = find(FindingKind::Converging);
    tally.decision("columns converge", converging.is_some(), Some(true));
    if let Some(converging) = converging {
        let arrival_s = [a, b].map(|column| column.fast.0.last().unwrap().0);
        let likely_s = converging.measures.meeting.map_or(f64::NAN, |[_, likely, _]| seconds(picture.as_of, likely));
        // Who arrives first waits for the other.
        tally.number("meeting", likely_s, arrival_s[0].max(arrival_s[1]), 1.0);
        both_inside(trial, picture, converging, until_s, tally);
    }
    approach(trial, picture, find(FindingKind::Approach), tally);
}

/// Whether a gap violates its minimum; touching violates a minimum of zero.
fn violates(gap: i64, minimum: i64) -> bool {
    if minimum == 0 { gap == 0 } else { gap < minimum }
}

/// The gap between two closed spans of whole numbers.
fn span_gap(a: [i64; 2], b: [i64; 2]) -> i64 {
    (b[0] - a[1]).max(a[0] - b[1]).max(0)
}

fn flights(trial: &Trial, report: &Report, tally: &mut Tally) {
    for (index, a) in trial.cells.iter().enumerate() {
        for b in trial.cells[index + 1..].iter().filter(|b| b.column != a.column) {
            let (vertical_m, time_min) = (span_gap(a.band_m, b.band_m), span_gap(a.window_min, b.window_min));
            let part = |cell: &Cell| trial.columns[cell.column].line.part(cell.from_m, cell.to_m);
            let lines = closest(part(a), part(b));
            let lateral_limit_m = a.buffer_m + b.buffer_m + trial.lateral_m;
            let decided = if !violates(vertical_m, trial.vertical_m) || !violates(time_min, trial.time_min) {
                Some(false)
            } else {
                lines.within(lateral_limit_m, 1.0)
            };
            let what = format!("conflict {} x {}", a.id, b.id);
            let found = support::about(report, FindingKind::Conflict, &a.id, &b.id);
            tally.decision(&what, found.is_some(), decided);
            if let Some(found) = found {
                let apart_m = (lines.most_m - a.buffer_m - b.buffer_m).max(0.0);
                let lateral_m = found.measures.lateral_m.unwrap_or(f64::NAN);
                tally.number(&format!("{what}: lateral gap"), lateral_m, apart_m, 5.0);
                tally.number(
                    &format!("{what}: vertical gap"),
                    found.measures.vertical_m.unwrap_or(f64::NAN),
                    vertical_m as f64,
                    1e-6,
                );
                tally.number(
                    &format!("{what}: time gap"),
                    found.measures.time_s.unwrap_or(f64::NAN),
                    time_min as f64 * MINUTE_S,
                    1e-3,
                );
                let touch = lines.within(a.buffer_m + b.buffer_m, 1.0);
                let overlap = if vertical_m > 0 || time_min > 0 { Some(false) } else { touch };
                tally.decision(&format!("{what}: overlap"), found.measures.overlap == Some(true), overlap);
            }
        }
    }
}

/// A cell over the other side's column: the part of the road that somebody may be on while the cell is open.
fn cautions(trial: &Trial, report: &Report, tally: &mut Tally) {
    for cell in &trial.cells {
        let below = &trial.columns[1 - cell.column];
        let part = trial.columns[cell.column].line.part(cell.from_m, cell.to_m);
        let [opens_s, closes_s] = cell.window_min.map(|minute| minute as f64 * MINUTE_S);
        let decided = if closes_s < below.fast.start_s() {
            Some(false)
        } else {
            let from_m = if below.holds { 0.0 } else { below.fast.at(opens_s) };
            closest(part, below.line.part(from_m, below.fast.at(closes_s))).within(cell.buffer_m + below.width_m / 2.0, 1.0)
        };
        let found = support::about(report, FindingKind::Caution, &cell.id, below.id).is_some();
        tally.decision(&format!("caution {} over {}", cell.id, below.id), found, decided);
    }
}

/// Two moving columns that hold nothing share ground only where their heads are near each other.
fn columns_share_ground(a: &Column, b: &Column, centre: Point, radius_m: f64, until_s: f64) -> Option<bool> {
    let decided = share_ground(a, b, centre, radius_m, until_s);
    if decided.is_some() || a.holds || b.holds {
        return decided;
    }
    let reach_m = f64::midpoint(a.width_m, b.width_m);
    let heads = heads(a, b);
    // Between two looks each head goes a few hundred metres at most.
    let near = heads.iter().any(|(_, at, other)| !far(*at, *other, reach_m + 2e3) && distance_m(*at, *other) < reach_m + 1e3);
    if near { None } else { Some(false) }
}

/// Both heads from the later start to the later arrival: seconds, and where they are.
fn heads(a: &Column, b: &Column) -> Vec<(f64, Point, Point)> {
    let from_s = a.fast.start_s().max(b.fast.start_s());
    let until_s = a.fast.0.last().unwrap().0.max(b.fast.0.last().unwrap().0);
    let steps = ((until_s - from_s) / STEP_S).ceil().max(1.0) as usize;
    let at = |step: usize| {
        let time_s = (from_s + step as f64 * STEP_S).min(until_s);
        (time_s, a.line.at(a.fast.at(time_s)), b.line.at(b.fast.at(time_s)))
    };
    (0..=steps).map(at).collect()
}

/// First time within each threshold: true when it is said to be, and not before.
fn approach(trial: &Trial, picture: &Picture, found: Option<&Finding>, tally: &mut Tally) {
    let [a, b] = &trial.columns;
    let sampled: Vec<(f64, f64)> = heads(a, b).into_iter().map(|(time_s, at, other)| (time_s, distance_m(at, other))).collect();
    for threshold in &picture.approach {
        let km = threshold.distance_m / 1e3;
        let what = format!("heads within {km} km");
        let said = found.and_then(|found| found.measures.thresholds.iter().find(|(said_km, ..)| (said_km - km).abs() < 1e-9));
        let first = sampled.iter().find(|(_, apart_m)| *apart_m < threshold.distance_m);
        let Some((_, _, time)) = said else {
            tally.decision(&what, false, Some(first.is_some()));
            continue;
        };
        let time_s = seconds(picture.as_of, *time);
        let apart_m = distance_m(a.line.at(a.fast.at(time_s)), b.line.at(b.fast.at(time_s)));
        // The fastest head goes about a metre a second; the time is found to a second.
        tally.decision(&format!("{what} when said"), true, Some(apart_m <= threshold.distance_m + 5.0));
        tally.decision(&format!("{what} not before"), true, Some(first.is_none_or(|(first_s, _)| time_s <= first_s + 2.0)));
    }
}

/// The interval in which both heads are inside an objective, from the first entry to the last exit of each.
fn both_inside(trial: &Trial, picture: &Picture, found: &Finding, until_s: f64, tally: &mut Tally) {
    for (id, centre, radius_m) in &trial.objectives {
        let [one, other] = trial.columns.each_ref().map(|column| inside(column, *centre, *radius_m, until_s));
        let said = found.measures.both_inside.iter().find(|(said, _)| said == id);
        let what = format!("both inside {id}");
        let both = match (one, other) {
            (Some(one), Some(other)) => (one.0.max(other.0), one.1.min(other.1)),
            _ => (1.0, 0.0),
        };
        let grazes = trial.columns.iter().any(|column| {
            let near = closest(column.line.whole(), dot(*centre).whole());
            near.within(*radius_m, 50.0).is_none()
        });
        let decided = if grazes || (both.1 - both.0).abs() < 1200.0 { None } else { Some(both.0 <= both.1) };
        tally.decision(&what, said.is_some(), decided);
        if let (Some((_, span)), Some(true)) = (said, decided) {
            tally.number(&format!("{what}: from"), seconds(picture.as_of, span.start()), both.0, 60.0);
            tally.number(&format!("{what}: until"), seconds(picture.as_of, span.end()), both.1, 60.0);
        }
    }
}

/// From the first entry of a head into a circle to its last exit; who stops inside stays.
fn inside(column: &Column, centre: Point, radius_m: f64, until_s: f64) -> Option<(f64, f64)> {
    let is_in = |time_s: f64| distance_m(column.line.at(column.fast.at(time_s)), centre) <= radius_m;
    let (start_s, arrival_s) = (column.fast.start_s(), column.fast.0.last().unwrap().0);
    let steps = ((arrival_s - start_s) / STEP_S).ceil() as usize;
    let times: Vec<f64> = (0..=steps).map(|step| (start_s + step as f64 * STEP_S).min(arrival_s)).collect();
    let first = times.iter().position(|time_s| is_in(*time_s))?;
    let last = times.iter().rposition(|time_s| is_in(*time_s))?;
    let edge = |mut out_s: f64, mut in_s: f64| {
        while (out_s - in_s).abs() > 1.0 {
            let middle_s = out_s.midpoint(in_s);
            if is_in(middle_s) { in_s = middle_s } else { out_s = middle_s }
        }
        in_s
    };
    let enters_s = if first == 0 { start_s } else { edge(times[first - 1], times[first]) };
    let leaves_s = if last + 1 == times.len() { until_s } else { edge(times[last + 1], times[last]) };
    Some((enters_s, leaves_s))
}
