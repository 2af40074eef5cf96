//! The 2016 scenario with everything moved: its meeting in closed form, its roads against dense sampling.

use deconflict_plan::format::PlanFile;
use deconflict_plan::model::Picture;
use deconflict_plan::report::{FindingKind, Report};

use super::column::{Column, Head, share_ground};
use super::edit::{self, MINUTE_S, claim, instant, metres, minutes, speeds};
use super::line::{Line, Point, closest, dot};
use super::random::Random;
use super::tally::{Tally, seconds};
use crate::support;

const AS_OF: &str = "2016-04-28T00:00:00Z";
const HORIZON_MIN: i64 = 150 * 24 * 60;
const DAY_S: f64 = 86_400.0;
const GATE: Point = Point { lat: 34.422, lng: 39.879 };

/// A column with the pace of its head: slowest, likely, fastest, metres a second.
struct Paced {
    column: Column,
    start_s: f64,
    pace: [f64; 3],
}

/// One perturbed scenario as the oracle sees it.
pub struct Trial {
    columns: [Paced; 2],
    /// Circles on the ground: id, centre, radius, and what it is to a column that touches it.
    circles: Vec<(&'static str, Point, f64, FindingKind)>,
    tanf: (Point, f64),
    track: Line,
    track_width_m: f64,
    hazard: Line,
    hazard_width_m: f64,
}

/// The plan with waypoints, starts, paces, widths and circles moved, and the same for the oracle.
pub fn perturbed(random: &mut Random) -> (PlanFile, Trial) {
    let mut plan = support::file(support::AL_QAIM);
    plan.statements.clear();
    plan.rules.clear();
    plan.matters.clear();
    plan.barriers.clear();
    plan.plan.horizon = Some(minutes(HORIZON_MIN));
    let reach_deg = random.one_of(&[0.01, 0.05, 0.15]);
    let mut names: Vec<String> = ["C.A", "C.B", "C.F"].iter().flat_map(|id| edit::waypoint_names(&plan, id)).collect();
    names.extend(["Tikrit", "Baiji", "Mayadin", "Deir ez-Zor (city)", "Mohassan"].map(str::to_owned));
    names.sort();
    names.dedup();
    edit::move_places(&mut plan, &names, reach_deg, random);
    let columns = [column(&mut plan, "C.A", random), column(&mut plan, "C.B", random)];
    let circles = [
        ("A.PALMYRA", "Palmyra", FindingKind::Caution),
        ("A.QAIM", "Al-Qa'im (town)", FindingKind::Caution),
        ("A.ABK", "Abu Kamal", FindingKind::Caution),
        ("OP.M", "Mohassan", FindingKind::Conflict),
        ("A.TANF", "Al-Tanf crossing", FindingKind::Conflict),
    ];
    let circles = circles.map(|(id, name, kind)| {
        let radius_m = random.between(1e3, 25e3).round();
        claim(&mut plan, id).outline.as_mut().unwrap().circle.as_mut().unwrap().radius = metres(radius_m);
        (id, edit::place(&plan, name), radius_m, kind)
    });
    let (track_width_m, hazard_width_m) = (random.between(500.0, 9e3).round(), random.between(100.0, 9e3).round());
    claim(&mut plan, "C.F").width = Some(metres(track_width_m));
    claim(&mut plan, "C.S").outline.as_mut().unwrap().line.as_mut().unwrap().width = Some(metres(hazard_width_m));
    let track = Line::new(&edit::places(&plan, &edit::waypoint_names(&plan, "C.F")));
    let hazard = ["Tikrit", "Baiji", "Al-Haditha", "Al-Qa'im (town)", "Abu Kamal", "Mayadin", "Deir ez-Zor (city)"];
    let hazard = Line::new(&edit::places(&plan, &hazard.map(str::to_owned)));
    let tanf = (circles[4].1, circles[4].2);
    (plan, Trial { columns, circles: circles.to_vec(), tanf, track, track_width_m, hazard, hazard_width_m })
}

fn column(plan: &mut PlanFile, id: &'static str, random: &mut Random) -> Paced {
    let names = edit::waypoint_names(plan, id);
    let line = Line::new(&edit::places(plan, &names));
    // Narrower than in the plan: two wide columns that only just miss the rim of the place where both end take the program
    // a minute and more (20 km: 88 s), because it asks for the joint region of every pair of their 100 m pieces there.
    let width_m = random.between(500.0, 5e3).round();
    // Under way already, mostly: see the other scenario.
    let start_min = if random.often(0.9) { random.whole(-5 * 1440, -1) } else { random.whole(0, 5 * 1440) };
    let mut m_per_day = [0.0; 3].map(|_: f64| random.between(4e3, 25e3).round());
    m_per_day.sort_by(f64::total_cmp);
    let movement = claim(plan, id);
    movement.width = Some(metres(width_m));
    movement.speed = Some(speeds(m_per_day));
    movement.start = Some(instant(AS_OF, start_min));
    let (start_s, pace) = (start_min as f64 * MINUTE_S, m_per_day.map(|m| m / DAY_S));
    let head = |pace: f64| Head(vec![(start_s, 0.0), (start_s + line.length_m() / pace, line.length_m())]);
    let (fast, slow) = (head(pace[2]), head(pace[0]));
    Paced { column: Column { id, line, width_m, fast, slow, holds: false }, start_s, pace }
}

/// When two heads meet on the joined line, and where: seconds, and metres from the shared end, negative on `a`'s road.
fn meeting(a: &Paced, b: &Paced, a_pace: f64, b_pace: f64) -> (f64, f64) {
    let (a_m, b_m) = (a.column.line.length_m(), b.column.line.length_m());
    let first_s = a.start_s.min(b.start_s);
    let later_s = a.start_s.max(b.start_s);
    // Until the later start only one of the two moves.
    let first_pace = if a.start_s < b.start_s { a_pace } else { b_pace };
    let before_m = first_pace * (later_s - first_s);
    let time_s = later_s + (a_m + b_m - before_m) / (a_pace + b_pace);
    (time_s, a_pace * (time_s - a.start_s) - a_m)
}

/// Everything that the oracle has an opinion on.
pub fn compare(trial: &Trial, picture: &Picture, report: &Report, tally: &mut Tally) {
    for paced in &trial.columns {
        let column = &paced.column;
        let said = report.movements.iter().find(|movement| movement.claim == column.id).unwrap();
        tally.number(&format!("length of {}", column.id), said.length_km * 1e3, column.line.length_m(), 0.1);
        circles(trial, column, report, tally);
        let hazard = closest(column.line.whole(), trial.hazard.whole());
        let hazard = hazard.within(f64::midpoint(column.width_m, trial.hazard_width_m), 1.0);
        let found = support::about(report, FindingKind::Caution, column.id, "C.S").is_some();
        tally.decision(&format!("{} in the hazard", column.id), found, hazard);
    }
    meetings(trial, picture, report, tally);
    let [a, b] = trial.columns.each_ref().map(|paced| &paced.column);
    let found = support::about(report, FindingKind::Conflict, "C.A", "C.B").is_some();
    let end_m = f64::midpoint(a.width_m, b.width_m);
    tally.decision("columns share ground", found, share_ground(a, b, a.end(), end_m, HORIZON_MIN as f64 * MINUTE_S));
    expectations(trial, report, tally);
}

/// Sites and presences that a column's corridor touches; they are there all the time.
fn circles(trial: &Trial, column: &Column, report: &Report, tally: &mut Tally) {
    for (id, centre, radius_m, kind) in &trial.circles {
        let near = closest(column.line.whole(), dot(*centre).whole()).within(radius_m + column.width_m / 2.0, 1.0);
        let found = support::about(report, *kind, column.id, id).is_some();
        tally.decision(&format!("{} touches {id}", column.id), found, near);
    }
}

fn meetings(trial: &Trial, picture: &Picture, report: &Report, tally: &mut Tally) {
    let [a, b] = &trial.columns;
    let Some(found) = support::about(report, FindingKind::Converging, "C.A", "C.B") else {
        tally.decision("columns converge", false, Some(true));
        return;
    };
    let Some([earliest, likely, latest]) = found.measures.meeting else { panic!("no meeting") };
    let Some([likely_km, min_km, max_km]) = found.measures.place_km else { panic!("no place") };
    for (what, said, case) in [("earliest", earliest, 2), ("likely", likely, 1), ("latest", latest, 0)] {
        let (time_s, _) = meeting(a, b, a.pace[case], b.pace[case]);
        tally.number(&format!("{what} meeting"), seconds(picture.as_of, said), time_s, 10.0);
    }
    for (what, said_km, a_case, b_case) in [("likely", likely_km, 1, 1), ("least", min_km, 0, 2), ("greatest", max_km, 2, 0)] {
        let (_, place_m) = meeting(a, b, a.pace[a_case], b.pace[b_case]);
        tally.number(&format!("{what} meeting place"), said_km * 1e3, place_m, 10.0);
    }
    let first = if a.start_s < b.start_s { a } else { b };
    let before_m = first.pace[1] * (a.start_s - b.start_s).abs();
    let gap_m = a.column.line.length_m() + b.column.line.length_m() - before_m;
    tally.number("route gap", found.measures.route_gap_km.unwrap_or(f64::NAN) * 1e3, gap_m, 10.0);
}

/// The pairs expected to be clear: the first column's road up to the gate, and all of it.
fn expectations(trial: &Trial, report: &Report, tally: &mut Tally) {
    let a = &trial.columns[0].column;
    let said = |other: &str| report.expectations.iter().find(|answer| answer.claims == ["C.A", other]).unwrap();
    let before = closest(a.line.part(0.0, a.line.nearest_m(GATE)), trial.track.whole());
    tally.number("C.A to C.F before the gate", said("C.F").separation_km * 1e3, before.most_m, 5.0);
    let touch = before.within(f64::midpoint(a.width_m, trial.track_width_m), 1.0);
    tally.decision("C.A clear of C.F before the gate", said("C.F").clear, touch.map(|touch| !touch));
    let (centre, radius_m) = trial.tanf;
    let tanf = closest(a.line.whole(), dot(centre).whole());
    let edges_m = (tanf.most_m - radius_m - a.width_m / 2.0).max(0.0);
    tally.number("C.A to A.TANF", said("A.TANF").separation_km * 1e3, edges_m, 5.0);
    let touch = tanf.within(radius_m + a.width_m / 2.0, 1.0);
    tally.decision("C.A clear of A.TANF", said("A.TANF").clear, touch.map(|touch| !touch));
}
