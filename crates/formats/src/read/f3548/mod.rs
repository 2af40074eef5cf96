//! Operational intents and constraints as F3548 peers exchange them: an entity alone, in an answer or in a notification.

mod wire;

use std::sync::atomic::Ordering;

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::Footprint;

use super::altitude::{self, Edge, band};
use super::batch::{Batch, Claim, Company, Piece};
use super::geojson::json_fault;
use super::input::Input;
use super::notes::Note;
use super::options::ReadOptions;
use super::outline::{self, LngLat};
use super::problems::quoted;
use super::properties::{Head, Reporter, span};
use super::split::Entries;
use super::time;
use wire::{Altitude, Details, Entity, Message, Moment, Reference, Volume3D, Volume4D};

/// Entities are handed on in parts of about this many.
const PART: usize = 256;

/// Reads a file of entities: one, a list, or one after the other.
pub fn read(input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut entries = Entries::new(input, None);
    let mut batch = Batch::at(0);
    for number in 1.. {
        match entries.next() {
            Ok(Some(entry)) => message(&entry.bytes, entry.line, options, &mut batch),
            Ok(None) => break,
            Err(fatal) => {
                batch.fatal = Some(fatal);
                break;
            }
        }
        if number % PART == 0 {
            take(std::mem::replace(&mut batch, Batch::at(count.load(Ordering::Relaxed))));
        }
    }
    take(batch);
}

fn message(bytes: &[u8], line: usize, options: &ReadOptions, batch: &mut Batch) {
    const WORDS: &str = "an operational intent or a constraint as F3548 has them";
    let message: Message = match serde_json::from_slice(bytes) {
        Ok(message) => message,
        Err(error) => {
            batch.add_bad(None, vec![json_fault(&error, line, WORDS)]);
            return;
        }
    };
    let (entity, kind, path) = match message {
        Message { operational_intent: Some(entity), constraint: None, .. } => (entity, ClaimKind::Flight, "operational_intent."),
        Message { operational_intent: None, constraint: Some(entity), .. } => (entity, ClaimKind::Constraint, "constraint."),
        Message { operational_intent: None, constraint: None, bare } => match (bare.reference, bare.details) {
            (Some(reference), Some(details)) => {
                let kind = if reference.state.is_some() { ClaimKind::Flight } else { ClaimKind::Constraint };
                (Entity { reference, details }, kind, "")
            }
            _ => {
                batch.entry(line, "", options, |to| {
                    to.fault("", "neither `operational_intent`, `constraint` nor `reference` with `details`", WORDS);
                    (None, None)
                });
                return;
            }
        },
        Message { .. } => {
            batch.entry(line, "", options, |to| {
                to.fault("", "an operational intent and a constraint together", "one of them");
                (None, None)
            });
            return;
        }
    };
    batch.entry(line, path, options, |to| (Some(entity.reference.id.clone()), claim(entity, kind, to)));
}

fn claim(entity: Entity, kind: ClaimKind, to: &mut Reporter) -> Option<Claim> {
    let Entity { reference, details } = entity;
    let at = |path: &str, to: &Reporter| format!("{}{path}", to.prefix);
    if reference.id.trim().is_empty() {
        to.fault(at("reference.id", to), "nothing", "the id of the entity");
        return None;
    }
    let Details { volumes, off_nominal_volumes, priority } = details;
    if volumes.is_empty() && off_nominal_volumes.is_empty() {
        to.fault(at("details.volumes", to), "an empty list", "at least one volume");
        return None;
    }
    let lists = [("details.volumes", volumes), ("details.off_nominal_volumes", off_nominal_volumes)];
    let mut pieces = Some(Vec::new());
    for (list, volumes) in &lists {
        for (index, volume) in volumes.iter().enumerate() {
            let path = at(&format!("{list}[{index}]"), to);
            // All volumes are read before one that is not good decides.
            let piece = piece(volume, &reference, kind, &path, to);
            pieces = pieces.zip(piece).map(|(mut pieces, piece)| {
                pieces.push(piece);
                pieces
            });
        }
    }
    let manager = reference.manager.filter(|manager| !manager.trim().is_empty());
    if manager.is_none() {
        to.note(if to.options.party.is_some() { Note::PartyGiven } else { Note::NoParty });
    }
    let party = manager.or_else(|| to.options.party.clone());
    let head = Head { claim: reference.id, party, kind, name: None, priority: priority.unwrap_or(0) };
    Some((head, Company::NoneOfItsId, pieces?))
}

fn piece(volume: &Volume4D, reference: &Reference, kind: ClaimKind, path: &str, to: &mut Reporter) -> Option<Piece> {
    let start = moment(volume.time_start.as_ref().or(reference.time_start.as_ref()), &format!("{path}.time_start"), to);
    let end = moment(volume.time_end.as_ref().or(reference.time_end.as_ref()), &format!("{path}.time_end"), to);
    let volume_path = format!("{path}.volume");
    let footprint = footprint(&volume.volume, &volume_path, to);
    let lower = edge(volume.volume.altitude_lower.as_ref(), &format!("{volume_path}.altitude_lower"), to);
    let upper = edge(volume.volume.altitude_upper.as_ref(), &format!("{volume_path}.altitude_upper"), to);
    let band = band(lower?, upper?, to.options.refuse_mixed_references, to.line, to.notes);
    let band = band.map_err(|(found, expected)| to.fault(format!("{volume_path}.altitude_upper"), found, expected)).ok();
    let span = span(start?.map(|start| start.time), end?.map(time::Instant::as_end), Some(kind), to);
    Some((footprint?, Some(band?), span?))
}

/// An instant; inner `None` if there is none, outer if it is no instant.
fn moment(moment: Option<&Moment>, path: &str, to: &mut Reporter) -> Option<Option<time::Instant>> {
    let Some(Moment { value }) = moment else { return Some(None) };
    time::instant(value).map_err(|expected| to.fault(path, quoted(value), expected)).ok().map(Some)
}

/// An edge; inner `None` if there is none, outer if something is wrong with it.
fn edge(altitude: Option<&Altitude>, path: &str, to: &mut Reporter) -> Option<Option<Edge>> {
    let Some(Altitude { value, reference, units }) = altitude else { return Some(None) };
    let (known, metres) = (altitude::reference(reference), units.eq_ignore_ascii_case("M"));
    let Some(known) = known.filter(|_| metres) else {
        let found = format!("the reference {} and the unit {}", quoted(reference), quoted(units));
        to.fault(path, found, "the reference `W84` and the unit `M`");
        return None;
    };
    let height = altitude::height(*value, known);
    height.map_err(|expected| to.fault(path, format!("{value} m"), expected)).ok().map(|at| Some(Edge::At(at)))
}

fn footprint(volume: &Volume3D, path: &str, to: &mut Reporter) -> Option<Footprint> {
    match (&volume.outline_circle, &volume.outline_polygon) {
        (Some(circle), None) => {
            let path = format!("{path}.outline_circle");
            if !circle.radius.units.eq_ignore_ascii_case("M") {
                to.fault(format!("{path}.radius.units"), quoted(&circle.radius.units), "`M`");
                return None;
            }
            outline::circle([circle.center.lng, circle.center.lat], circle.radius.value, &|| path.clone(), to)
        }
        (None, Some(polygon)) => {
            let ring: Vec<LngLat> = polygon.vertices.iter().map(|vertex| [vertex.lng, vertex.lat]).collect();
            outline::ring(&ring, &|| format!("{path}.outline_polygon.vertices"), to)
        }
        (circle, _) => {
            let found = if circle.is_some() { "a circle and a polygon together" } else { "no outline" };
            to.fault(path, found, "one of `outline_circle` and `outline_polygon`");
            None
        }
    }
}
