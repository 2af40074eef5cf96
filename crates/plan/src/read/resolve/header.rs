//! The headers of all files together: ids, titles, from when to when the picture reaches, what altitudes are over.

use std::collections::BTreeMap;

use deconflict_spacetime::{AltitudeReference, NS_PER_S, Time, TimeSpan, Undulation};

use super::plain;
use crate::format::{self, Basis};
use crate::model::Assumption;
use crate::read::gather::Gathered;
use crate::read::problems::Problems;
use crate::read::tree::{At, quoted};
use crate::read::units;
use crate::words;

/// How far a plan reaches that does not say so.
const DEFAULT_HORIZON: &str = "30 d";
const DEFAULT_HORIZON_NS: i64 = 30 * 86_400 * NS_PER_S;

/// What the headers say together.
#[derive(Debug)]
pub struct Header {
    /// Ids, joined with "+".
    pub id: String,
    /// Titles, joined with "; ".
    pub title: String,
    /// The instant of the picture.
    pub as_of: Time,
    /// From the earliest instant of a plan to the last horizon, or to the last time that a claim gives.
    pub span: TimeSpan,
    /// The instant of each file's plan: where its open claims start.
    starts: Vec<Time>,
    /// Where the open claims of each file end: at its plan's horizon (the picture's where it has none of its own), or
    /// where the last of its claims that gives a time ends, if that is later.
    ends: Vec<Time>,
    /// Whether some file says how far it reaches.
    has_horizon: bool,
    /// What the altitudes of each file are over, unless they say so themselves.
    references: Vec<Option<AltitudeReference>>,
    /// What all altitudes are converted to.
    pub reference: Option<AltitudeReference>,
    /// The undulation of the geoid model, by file.
    geoids: Vec<Option<Undulation>>,
}

impl Header {
    /// What the headers of `plan` say, as of `as_of` if it is given.
    pub fn resolve(plan: &Gathered, problems: &mut Problems<'_>, as_of: Option<Time>) -> Self {
        let mut moments = Vec::new();
        let (mut references, mut geoids) = (Vec::new(), Vec::new());
        for (file, header) in plan.headers.iter().enumerate() {
            let at = At::file(file).field("plan");
            let header = header.clone().unwrap_or_default();
            moments.push(moment(&header, &at, problems));
            references.push(reference(&header, &at, problems));
            geoids.push(header.geoid.as_ref().and_then(|geoid| undulation(geoid, &at.field("geoid"), problems)));
        }
        let (span, latest, known) = span(&moments, plan, problems, as_of);
        let filed = latest_filed(plan);
        // Nothing that is filed may lie after the time in which open claims are held.
        let reaching = |file: usize, end: Time| filed.get(&file).map_or(end, |&filed| end.max(filed));
        let last = filed.values().max().map_or(span.end(), |&filed| span.end().max(filed));
        let joined = |pick: fn(&format::Header) -> Option<&String>, between: &str| {
            plan.headers.iter().flatten().filter_map(pick).cloned().collect::<Vec<_>>().join(between)
        };
        let mut header = Self {
            id: joined(|header| header.id.as_ref(), "+"),
            title: joined(|header| header.title.as_ref(), "; "),
            as_of: as_of.unwrap_or(latest),
            span: TimeSpan::new(span.start(), last).unwrap_or(span),
            starts: moments.iter().map(|moment| moment.as_of.filter(|_| known).unwrap_or(span.start())).collect(),
            ends: moments
                .iter()
                .map(|moment| moment.end(span.start()).filter(|_| known).unwrap_or(span.end()))
                .enumerate()
                .map(|(file, end)| reaching(file, end))
                .collect(),
            has_horizon: moments.iter().any(|moment| moment.horizon_ns.is_some()),
            references,
            reference: None,
            geoids,
        };
        header.agree_on_reference(problems);
        header
    }

    /// Where an open claim of this file starts.
    pub fn start(&self, file: usize) -> Time {
        self.starts.get(file).copied().unwrap_or(self.span.start())
    }

    /// Where an open claim of this file ends.
    pub fn end(&self, file: usize) -> Time {
        self.ends.get(file).copied().unwrap_or(self.span.end())
    }

    /// What the picture's altitudes are over.
    pub fn reference(&self) -> AltitudeReference {
        self.reference.unwrap_or(AltitudeReference::W84)
    }

    /// What the altitudes of this file are over, unless they say so themselves.
    pub fn reference_of(&self, file: usize) -> Option<AltitudeReference> {
        self.references.get(file).copied().flatten()
    }

    /// The undulation of the geoid model of this file, or else of the picture.
    pub fn undulation(&self, file: usize) -> Option<Undulation> {
        self.geoids.get(file).copied().flatten().or_else(|| self.geoids.iter().copied().flatten().next())
    }

    /// The assumption that no file says how far it reaches, if that is so.
    pub fn default_horizon(&self) -> Option<Assumption> {
        (!self.has_horizon).then(|| Assumption {
            path: "plan.horizon".to_owned(),
            value: DEFAULT_HORIZON.to_owned(),
            basis: Basis::Assumed,
            note: Some("no horizon is given; open claims end there".to_owned()),
        })
    }

    /// One reference for the picture; files with different ones agree only through a geoid model.
    fn agree_on_reference(&mut self, problems: &mut Problems<'_>) {
        let stated: Vec<(usize, AltitudeReference)> =
            self.references.iter().enumerate().filter_map(|(file, reference)| Some((file, (*reference)?))).collect();
        self.reference = stated.first().map(|(_, reference)| *reference);
        for (file, reference) in &stated {
            let Some(agreed) = self.reference.filter(|agreed| agreed != reference) else { continue };
            if convertible(agreed, *reference) && self.undulation(*file).is_some() {
                self.reference = Some(AltitudeReference::W84);
            } else {
                let found = format!("{} where another file has {}", reference.name(), agreed.name());
                problems.add(&At::file(*file).field("plan").field("altitude_reference"), found, MIXED);
            }
        }
    }
}

/// What to do about altitudes over different references.
pub const MIXED: &str = "one altitude reference in the whole picture (W84 and AMSL can be compared through a [plan.geoid])";

/// Whether a geoid model leads from one reference to the other.
pub const fn convertible(a: AltitudeReference, b: AltitudeReference) -> bool {
    matches!((a, b), (AltitudeReference::W84, AltitudeReference::Amsl) | (AltitudeReference::Amsl, AltitudeReference::W84))
}

/// When a plan is, and how far it reaches.
struct Moment {
    as_of: Option<Time>,
    horizon_ns: Option<i64>,
}

impl Moment {
    /// The plan's own horizon; `start` stands in for an instant that it does not give.
    fn end(&self, start: Time) -> Option<Time> {
        Some(self.as_of.unwrap_or(start).plus_ns(self.horizon_ns?))
    }
}

fn moment(header: &format::Header, at: &At, problems: &mut Problems<'_>) -> Moment {
    let as_of = header.as_of.as_ref().and_then(|given| {
        let (at, text) = plain(&at.field("as_of"), given);
        units::time(&text.0).map_err(|expected| problems.add(&at, quoted(&text.0), expected)).ok()
    });
    let horizon_ns = header.horizon.as_ref().and_then(|given| {
        let (at, text) = plain(&at.field("horizon"), given);
        let good =
            units::duration_ns(&text.0).and_then(|ns| if ns > 0 { Ok(ns) } else { Err("a duration above zero".to_owned()) });
        good.map_err(|expected| problems.add(&at, quoted(&text.0), expected)).ok()
    });
    Moment { as_of, horizon_ns }
}

/// The span of the picture, the latest instant of its plans, and whether both are known.
fn span(moments: &[Moment], plan: &Gathered, problems: &mut Problems<'_>, as_of: Option<Time>) -> (TimeSpan, Time, bool) {
    let stated = moments.iter().filter_map(|moment| moment.as_of);
    let start = stated.clone().min().or(as_of);
    let latest = stated.max().or(as_of);
    let has_horizon = moments.iter().any(|moment| moment.horizon_ns.is_some());
    let ends = moments.iter().filter_map(|moment| {
        let horizon_ns = if has_horizon { moment.horizon_ns? } else { DEFAULT_HORIZON_NS };
        Some(moment.as_of.or(start)?.plus_ns(horizon_ns))
    });
    let known = start.zip(ends.max()).and_then(|(start, end)| TimeSpan::new(start, end).ok()).zip(latest);
    if let Some((span, latest)) = known {
        return (span, latest, true);
    }
    // Nothing to report where an instant was given but could not be read.
    let given = plan.headers.iter().flatten().any(|header| header.as_of.is_some());
    if !given && !plan.broken_header {
        problems.add(
            &At::file(0).field("plan").field("as_of"),
            "nothing",
            "the instant that the plan describes, such as \"2017-09-14\"",
        );
    }
    // So wide that no claim is told that it is outside.
    let wide = TimeSpan::new(Time::from_ns(i64::MIN / 2), Time::from_ns(i64::MAX)).expect("ascending constants");
    (wide, wide.start(), false)
}

/// The latest time that a claim of each file gives; what cannot be read is reported where the claim is.
fn latest_filed(plan: &Gathered) -> BTreeMap<usize, Time> {
    let mut latest: BTreeMap<usize, Time> = BTreeMap::new();
    for entry in &plan.claims {
        let claim = &entry.value;
        let of_volumes = claim.volumes.iter().map(|volume| &volume.end);
        let of_waypoints = claim.waypoints.iter().flat_map(|w| [&w.eta_earliest, &w.eta, &w.eta_latest, &w.dwell_until]);
        let given = [&claim.end].into_iter().chain(of_volumes).chain(of_waypoints).flatten();
        let times = given.filter_map(|given| units::time(&plain(&entry.at, given).1.0).ok());
        if let Some(last) = times.max() {
            latest.entry(entry.at.file).and_modify(|known| *known = last.max(*known)).or_insert(last);
        }
    }
    latest
}

fn reference(header: &format::Header, at: &At, problems: &mut Problems<'_>) -> Option<AltitudeReference> {
    let (at, text) = plain(&at.field("altitude_reference"), header.altitude_reference.as_ref()?);
    units::altitude_reference(text).map_err(|expected| problems.add(&at, quoted(text), expected)).ok()
}

fn undulation(geoid: &format::Geoid, at: &At, problems: &mut Problems<'_>) -> Option<Undulation> {
    let mut length_um = |field: &'static str, text: &format::Length, range: std::ops::RangeInclusive<i64>, expected: &str| {
        let good = units::length_um(&text.0).and_then(|um| if range.contains(&um) { Ok(um) } else { Err(expected.to_owned()) });
        good.map_err(|expected| problems.add(&at.field(field), quoted(&text.0), expected)).ok()
    };
    const UM_200_M: i64 = 200_000_000;
    let undulation = length_um("undulation", &geoid.undulation, -UM_200_M..=UM_200_M, "an undulation between -200 m and 200 m");
    let error = length_um("error", &geoid.error, 0..=UM_200_M, "an error between 0 m and 200 m");
    undulation.zip(error).map(|(um, error_um)| Undulation::from_um(um, error_um))
}

/// Until when the plan of this file reaches, for a message.
pub fn end_in_words(header: &Header, file: usize) -> String {
    words::time(header.end(file))
}
