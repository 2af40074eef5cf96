//! Gives the entries of all files their meaning: quantities become numbers, names become ids, windows become spans.
//!
//! Nothing stops at the first problem: what cannot be understood is reported and left out, and what refers to it is
//! left out silently. A picture comes out only if nothing was reported.

mod claims;
mod columns;
mod ground;
mod header;
mod names;
mod papers;
mod parties;
mod quantities;
mod schedules;
mod statements;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use deconflict_spacetime::{Area, Time};

use super::gather::Gathered;
use super::leaves;
use super::problems::{ParsedFile, Problems};
use super::{Problem, tree::At};
use crate::format::Given;
use crate::model::{self, Picture};
use columns::Column;
use header::Header;
use names::{AllNames, Lookup, Names};

/// Everything that is known while entries are resolved.
struct Resolver<'a> {
    plan: &'a Gathered,
    problems: Problems<'a>,
    names: AllNames,
    header: Header,
    places: BTreeMap<String, model::Place>,
    /// Movements that were resolved; `None` where one could not be.
    columns: BTreeMap<String, Option<Column>>,
    /// Events that were resolved; `None` where one could not be, inside it `None` where its time is not known.
    events: BTreeMap<String, Option<Option<(Time, Time)>>>,
    /// Named areas that were resolved; `None` where one could not be.
    areas: BTreeMap<String, Option<Area>>,
    /// Areas that are being resolved.
    open_areas: BTreeSet<String>,
    /// Files whose missing altitude reference was reported.
    without_reference: BTreeSet<usize>,
    /// Whether some window ends where the plan does.
    reaches_horizon: bool,
}

/// Resolves what was gathered from `files` into one picture, as of `as_of` if it is given.
///
/// # Errors
/// All problems, those that were found before included.
pub fn resolve(
    files: &[ParsedFile],
    gathered: Gathered,
    mut problems: Problems<'_>,
    as_of: Option<Time>,
) -> Result<Picture, Vec<Problem>> {
    let mut plan = gathered;
    let names = AllNames::collect(&mut plan, &mut problems);
    let header = Header::resolve(&plan, &mut problems, as_of);
    let mut resolver = Resolver {
        plan: &plan,
        problems,
        names,
        header,
        places: BTreeMap::new(),
        columns: BTreeMap::new(),
        events: BTreeMap::new(),
        areas: BTreeMap::new(),
        open_areas: BTreeSet::new(),
        without_reference: BTreeSet::new(),
        reaches_horizon: false,
    };
    let mut picture = resolver.picture();
    resolver.check_sources_of_values(files);
    if !resolver.problems.is_empty() {
        return Err(resolver.problems.into_list());
    }
    picture.assumptions = leaves::assumptions(files);
    if resolver.reaches_horizon {
        picture.assumptions.extend(resolver.header.default_horizon());
    }
    picture.texts = leaves::texts(files);
    if let Some(as_of) = as_of {
        claims::drop_what_ended_before(&mut picture, as_of);
    }
    Ok(picture)
}

impl<'a> Resolver<'a> {
    /// The picture of everything that can be resolved, without its assumptions and texts.
    fn picture(&mut self) -> Picture {
        // Later steps look things up that earlier ones resolve.
        let places = self.places();
        let mut parties = self.parties();
        let barriers = self.barriers();
        self.columns_and_events();
        let areas = self.areas();
        let mut claims = self.claims();
        let sides = self.sides(&mut claims);
        for party in &mut parties {
            party.operates |= claims.iter().any(|claim| claim.party.as_ref() == Some(&party.id));
        }
        Picture {
            id: self.header.id.clone(),
            title: self.header.title.clone(),
            as_of: self.header.as_of,
            span: self.header.span,
            altitude_reference: self.header.reference(),
            sources: self.sources(),
            places,
            areas,
            barriers,
            parties,
            sides,
            relations: self.relations(),
            channels: self.channels(),
            centres: self.centres(),
            events: self.event_list(),
            minima: self.minima(),
            approach: self.approach(),
            rules: self.rules(),
            agreements: self.agreements(),
            matters: self.matters(&claims),
            statements: self.statements(),
            terms: self.terms(),
            expectations: self.expectations(),
            claims,
            assumptions: Vec::new(),
            texts: Vec::new(),
            places_of_claims: Default::default(),
        }
    }

    /// The id that `name` stands for among the names that `among` picks; reports a name that nobody declares.
    fn look_up(&mut self, among: fn(&AllNames) -> &Names, at: &At, name: &str) -> Option<String> {
        match among(&self.names).look_up(name) {
            Lookup::Id(id) => Some(id),
            Lookup::Broken => None,
            Lookup::Unknown(expected) => {
                self.problems.add(at, super::tree::quoted(name), expected);
                None
            }
        }
    }

    /// [`Resolver::look_up`] for a list; what is not known is left out.
    fn look_up_all(&mut self, among: fn(&AllNames) -> &Names, at: &At, names: &[String]) -> Vec<String> {
        let with_index = names.iter().enumerate();
        with_index.filter_map(|(index, name)| self.look_up(among, &at.element(index), name)).collect()
    }

    /// [`Resolver::look_up`] for a field that may be absent.
    fn look_up_some(&mut self, among: fn(&AllNames) -> &Names, at: &At, name: Option<&String>) -> Option<String> {
        name.and_then(|name| self.look_up(among, at, name))
    }

    fn source(&mut self, at: &At, source: Option<&String>) -> Option<String> {
        self.look_up_some(|names| &names.sources, &at.field("source"), source)
    }

    fn sources(&mut self) -> Vec<model::Source> {
        let plan = self.plan;
        let mut sources = Vec::new();
        for entry in &plan.sources {
            let source = &entry.value;
            let at = entry.at.field("origin");
            let origin = self.look_up_some(|names| &names.sources, &at, source.origin.as_ref());
            if origin.as_ref() == Some(&source.id) {
                self.problems.add(&at, "the source itself", "another source, or nothing");
            }
            sources.push(model::Source {
                id: source.id.clone(),
                publisher: source.publisher.clone(),
                grade: source.grade.clone(),
                origin,
            });
        }
        for (index, entry) in plan.sources.iter().enumerate() {
            if let Some(way) = circle(&sources, index) {
                self.problems.add(&entry.at.field("origin"), way, "an origin that copies from none of those that copy from it");
            }
        }
        sources
    }

    /// Values that name their own source must name a known one.
    fn check_sources_of_values(&mut self, files: &[ParsedFile]) {
        for (at, source) in leaves::sources_of_values(files) {
            self.look_up(|names| &names.sources, &at, &source);
        }
    }
}

/// The way from a source by origins back to itself, if it is the first of such a circle of several.
fn circle(sources: &[model::Source], start: usize) -> Option<String> {
    let index_of = |id: &String| sources.iter().position(|source| source.id == *id);
    let mut way = vec![start];
    loop {
        let next = index_of(sources[*way.last()?].origin.as_ref()?)?;
        if next == start {
            break;
        }
        // Into a circle that it is no part of, or of which another one is the first.
        if next < start || way.contains(&next) {
            return None;
        }
        way.push(next);
    }
    let ids: Vec<&str> = way.iter().chain([&start]).map(|index| &sources[*index].id[..]).collect();
    (way.len() > 1).then(|| format!("a circle: {}", ids.join(" copies from ")))
}

/// The value of a field that may carry its basis, and its place.
fn plain<'g, T>(at: &At, given: &'g Given<T>) -> (At, &'g T) {
    match given {
        Given::With(with) => (at.field("value"), &with.value),
        Given::Plain(value) => (at.clone(), value),
    }
}
