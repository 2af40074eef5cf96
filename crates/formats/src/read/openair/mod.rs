//! OpenAir airspace files: blocks of lines that start with `AC`, each a constraint. Does not know other formats.
//!
//! Written from the format's description by WinPilot (version 1.0, 1998) and SeeYou's extensions (version 2.1, 2025).

mod altitude;
mod arcs;
mod position;

use std::sync::atomic::Ordering;

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{Footprint, TimeSpan};

use super::altitude::{Edge, band};
use super::batch::{Batch, Claim, Company, at_all_times};
use super::csv::utf8_or_latin1;
use super::input::Input;
use super::names::Names;
use super::notes::Note;
use super::options::ReadOptions;
use super::outline::{self, LngLat, VERTICES_MAX};
use super::problems::{Fault, quoted};
use super::properties::{Head, Reporter, number, span};
use super::time;
use arcs::Side;

/// No line is longer, bytes.
const LINE_MAX: usize = 64 * 1024;
/// Airspaces are handed on in parts of about this many.
const PART: usize = 256;
/// Metres in a nautical mile.
const M_PER_NM: f64 = 1852.0;

/// One airspace as far as it was read.
#[derive(Default)]
struct Airspace {
    line: usize,
    class: String,
    kind: Option<String>,
    id: Option<String>,
    name: Option<String>,
    lower: Option<Edge>,
    upper: Option<Edge>,
    /// Whether an edge had no reference.
    bare_altitude: bool,
    activations: Vec<Activation>,
    sides: Vec<Side>,
    center: Option<LngLat>,
    counter_clockwise: bool,
    faults: Vec<Fault>,
}

/// One `AA` line: from when until when, as far as that is known.
#[derive(Clone, Copy)]
struct Activation {
    start: Option<deconflict_spacetime::Time>,
    end: Option<deconflict_spacetime::Time>,
}

/// Reads a file of airspaces.
pub fn read(mut input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut batch = Batch::at(0);
    let mut names = Names::default();
    let mut open: Option<Airspace> = None;
    let mut bytes = Vec::new();
    let (mut line, mut read) = (0, 0);
    loop {
        line += 1;
        match input.line(&mut bytes, line, LINE_MAX) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fatal) => {
                batch.fatal = Some(fatal);
                break;
            }
        }
        let text = utf8_or_latin1(bytes.trim_ascii(), line, &mut batch.notes).into_owned();
        let text = if text.starts_with("AN") { text.as_str() } else { text.split('*').next().unwrap_or_default() };
        let (command, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        let rest = rest.trim();
        match command.to_ascii_uppercase().as_str() {
            "" => {}
            "AC" => {
                if let Some(open) = open.replace(Airspace { line, class: rest.to_owned(), ..Airspace::default() }) {
                    open.finish(&mut names, options, &mut batch);
                    read += 1;
                }
                if read == PART {
                    read = 0;
                    take(std::mem::replace(&mut batch, Batch::at(count.load(Ordering::Relaxed))));
                }
            }
            // Terrain is no airspace: its lines are read past.
            "TO" | "TC" => {
                if let Some(open) = open.take() {
                    open.finish(&mut names, options, &mut batch);
                }
                batch.ignore("TO, TC (terrain)");
            }
            command => match &mut open {
                Some(open) => open.line(command, rest, line, &mut batch),
                None => batch.ignore(command),
            },
        }
    }
    if let Some(open) = open
        && batch.fatal.is_none()
    {
        open.finish(&mut names, options, &mut batch);
    }
    take(batch);
}

impl Airspace {
    fn bad(&mut self, line: usize, command: &str, found: impl Into<String>, expected: impl Into<String>) {
        if self.faults.len() < 20 {
            self.faults.push(Fault::new(line, command, found, expected));
        }
    }

    fn line(&mut self, command: &str, rest: &str, line: usize, batch: &mut Batch) {
        match command {
            "AN" => self.name = Some(rest.to_owned()).filter(|name| !name.is_empty()),
            "AI" => self.id = Some(rest.to_owned()).filter(|id| !id.is_empty()),
            "AY" => self.kind = Some(rest.to_owned()),
            "AL" | "AH" => self.edge(command, rest, line),
            "AA" => self.activation(rest, line),
            // Frequencies, stations, transponder codes and labels say nothing about space or time.
            "AF" | "AG" | "AX" | "AT" | "TP" => {}
            "V" => self.variable(rest, line),
            "DP" => {
                if let Some(at) = self.position(command, rest, line) {
                    self.add(Side::Point(at), line);
                }
            }
            "DC" => self.circle(rest, line),
            "DA" => self.arc_by_angles(rest, line),
            "DB" => self.arc_by_ends(rest, line),
            "DY" => self.bad(line, command, "an airway segment", "a polygon, arcs or a circle: airways are not read"),
            _ if command.starts_with('D') => {
                self.bad(line, command, quoted(command), "one of `DP`, `DA`, `DB`, `DC`");
            }
            _ => batch.ignore(command),
        }
    }

    fn add(&mut self, side: Side, line: usize) {
        if self.sides.len() < VERTICES_MAX {
            self.sides.push(side);
        } else {
            self.bad(line, "DP", format!("more than {VERTICES_MAX} points"), "smaller airspaces");
        }
    }

    fn edge(&mut self, command: &str, text: &str, line: usize) {
        match altitude::edge(text) {
            Ok((edge, bare)) => {
                self.bare_altitude |= bare;
                let edges = if command == "AL" { &mut self.lower } else { &mut self.upper };
                if edges.replace(edge).is_some() {
                    self.bad(line, command, "a second one", format!("one `{command}` in an airspace"));
                }
            }
            Err(expected) => self.bad(line, command, quoted(text), expected),
        }
    }

    fn activation(&mut self, text: &str, line: usize) {
        const ACTIVATION_WORDS: &str = "`NONE`, or a start and an end with a `/` between: 2030-05-01T06:00Z/2030-05-01T09:00Z";
        let text = text.split(';').next().unwrap_or_default().trim();
        let side = |text: &str| {
            if text.eq_ignore_ascii_case("NONE") {
                return Ok(None);
            }
            time::instant(text).map(|instant| Some(instant.time))
        };
        let found = match text.split_once('/') {
            None if text.eq_ignore_ascii_case("NONE") => Ok(Activation { start: None, end: None }),
            None => Err(ACTIVATION_WORDS.to_owned()),
            Some((start, end)) => match (side(start.trim()), side(end.trim())) {
                (Ok(start), Ok(end)) => Ok(Activation { start, end }),
                (Err(expected), _) | (_, Err(expected)) => Err(expected),
            },
        };
        match found {
            Ok(activation) if self.activations.len() < 10_000 => self.activations.push(activation),
            Ok(_) => self.bad(line, "AA", "more than 10000 activations", "fewer"),
            Err(expected) => self.bad(line, "AA", quoted(text), expected),
        }
    }

    fn variable(&mut self, text: &str, line: usize) {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        match name.trim().to_ascii_uppercase().as_str() {
            "X" => self.center = self.position("V X", value, line),
            "D" => match value.trim() {
                "+" => self.counter_clockwise = false,
                "-" => self.counter_clockwise = true,
                other => self.bad(line, "V D", quoted(other), "`+` (clockwise) or `-`"),
            },
            // The zoom, and the width of airways, whose segments are refused.
            "Z" | "W" | "T" => {}
            _ => self.bad(line, "V", quoted(text), "`X=` (a centre) or `D=` (a direction)"),
        }
    }

    fn position(&mut self, command: &str, text: &str, line: usize) -> Option<LngLat> {
        match position::one(text) {
            Ok(at) => Some(at),
            Err(expected) => {
                self.bad(line, command, quoted(text), expected);
                None
            }
        }
    }

    /// The centre that was set before.
    fn center(&mut self, command: &str, line: usize) -> Option<LngLat> {
        if self.center.is_none() {
            self.bad(line, command, "no centre", "`V X=` before it, in the same airspace");
        }
        self.center
    }

    fn radius_m(&mut self, command: &str, text: &str, line: usize) -> Option<f64> {
        let radius_m = number(text).map(|nm| nm * M_PER_NM).filter(|m| *m > 0.0 && *m <= 1e6);
        if radius_m.is_none() {
            self.bad(line, command, quoted(text), "a radius in nautical miles, above 0 and at most 539");
        }
        radius_m
    }

    fn circle(&mut self, text: &str, line: usize) {
        let (center, radius_m) = (self.center("DC", line), self.radius_m("DC", text, line));
        if let (Some(center), Some(radius_m)) = (center, radius_m) {
            self.add(Side::Circle { center, radius_m }, line);
        }
    }

    fn arc_by_angles(&mut self, text: &str, line: usize) {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let &[radius, from, until] = &parts[..] else {
            self.bad(line, "DA", quoted(text), "a radius in nautical miles and two angles in degrees: 10, 270, 290");
            return;
        };
        let (center, radius_m) = (self.center("DA", line), self.radius_m("DA", radius, line));
        let angle = |text| number(text).filter(|angle| angle.abs() <= 720.0);
        let (Some(from_deg), Some(until_deg)) = (angle(from), angle(until)) else {
            self.bad(line, "DA", quoted(text), "angles in degrees, clockwise from north");
            return;
        };
        if let (Some(center), Some(radius_m)) = (center, radius_m) {
            self.add(Side::between_angles(center, radius_m, from_deg, until_deg, self.counter_clockwise), line);
        }
    }

    fn arc_by_ends(&mut self, text: &str, line: usize) {
        let center = self.center("DB", line);
        let ends = match position::two(text) {
            Ok(ends) => ends,
            Err(expected) => {
                self.bad(line, "DB", quoted(text), expected);
                return;
            }
        };
        let Some(center) = center else { return };
        match Side::between_ends(center, ends, self.counter_clockwise) {
            Ok(side) => self.add(side, line),
            Err((found, expected)) => self.bad(line, "DB", found, expected),
        }
    }

    /// Adds the airspace to what was read, or what is wrong with it.
    fn finish(self, names: &mut Names, options: &ReadOptions, batch: &mut Batch) {
        let wanted = |name: &str| options.airspace_classes.iter().any(|class| class.eq_ignore_ascii_case(name.trim()));
        if !options.airspace_classes.is_empty() && !wanted(&self.class) && !self.kind.as_deref().is_some_and(wanted) {
            batch.notes.add(Note::ClassLeftOut, self.line);
            return;
        }
        if !self.faults.is_empty() {
            batch.add_bad(self.id.or(self.name), self.faults);
            return;
        }
        batch.entry(self.line, "", options, |to| {
            let claim = self.id.clone().or_else(|| self.name.clone());
            (claim, self.constraint(names, to))
        });
    }

    fn constraint(self, names: &mut Names, to: &mut Reporter) -> Option<Claim> {
        if self.bare_altitude {
            to.note(Note::ReferenceOfFormat);
        }
        let band = band(self.lower, self.upper, to.options.refuse_mixed_references, to.line, to.notes);
        let band = band.map_err(|(found, expected)| to.fault("AH", found, expected)).ok();
        let footprints = footprints(&self.sides, to);
        let spans = spans(&self.activations, to);
        let (band, footprints, spans) = (band?, footprints?, spans?);
        let party = to.options.party.clone();
        to.note(if party.is_some() { Note::PartyGiven } else { Note::NoParty });
        if self.id.is_none() {
            to.note(Note::NamedAfterEntry);
        }
        let own = self.id.or_else(|| self.name.clone()).unwrap_or_else(|| format!("airspace on line {}", self.line));
        let claim = names.unique(own, to);
        let head = Head { claim, party, kind: ClaimKind::Constraint, name: self.name, priority: 0 };
        let layers: Vec<_> = footprints.into_iter().map(|footprint| (footprint, band)).collect();
        Some((head, Company::Any, at_all_times(&layers, &spans, to)?))
    }
}

/// The outlines of an airspace: circles, or one ring.
fn footprints(sides: &[Side], to: &mut Reporter) -> Option<Vec<Footprint>> {
    let circles: Vec<(LngLat, f64)> = sides.iter().filter_map(Side::as_circle).collect();
    if !circles.is_empty() && circles.len() == sides.len() {
        let circle = |(center, radius_m): (LngLat, f64)| outline::circle(center, radius_m, &|| "DC".to_owned(), to);
        return circles.into_iter().map(circle).collect();
    }
    if !circles.is_empty() {
        to.fault("DC", "a circle beside other sides", "a circle alone, or a polygon with arcs");
        return None;
    }
    if sides.is_empty() {
        to.fault("", "no outline", "a polygon (`DP`), arcs (`DA`, `DB`) or a circle (`DC`)");
        return None;
    }
    let (ring, error_m) = arcs::ring(sides);
    if error_m > 0.0 {
        to.notes.measure(Note::ArcDrawn, to.line, error_m);
    }
    outline::ring(&ring, &|| "outline".to_owned(), to).map(|footprint| vec![footprint])
}

fn spans(activations: &[Activation], to: &mut Reporter) -> Option<Vec<TimeSpan>> {
    // Without an activation that is known, it may be active at any time.
    if activations.is_empty() || activations.iter().any(|given| given.start.is_none() && given.end.is_none()) {
        if !activations.is_empty() {
            to.note(Note::ActivationOpen);
        }
        return span(None, None, Some(ClaimKind::Constraint), to).map(|span| vec![span]);
    }
    activations.iter().map(|given| span(given.start, given.end, Some(ClaimKind::Constraint), to)).collect()
}
