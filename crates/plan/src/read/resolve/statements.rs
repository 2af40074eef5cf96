//! What sources said, and words that were adopted or withdrawn.

use super::Resolver;
use super::quantities::Bound;
use crate::format::{self, Position};
use crate::model::{self, Spot, StatementCheck};
use crate::read::gather::Entry;
use crate::read::problems::expected_one_of;
use crate::read::tree::{At, quoted};

/// A stated position is that of a place if it is this close and nothing else was said, metres.
const POSITION_WITHIN_M: f64 = 1000.0;

impl Resolver<'_> {
    /// All statements.
    pub fn statements(&mut self) -> Vec<model::Statement> {
        let plan = self.plan;
        plan.statements.iter().filter_map(|entry| self.statement(entry)).collect()
    }

    fn statement(&mut self, entry: &Entry<format::Statement>) -> Option<model::Statement> {
        let (at, statement) = (&entry.at, &entry.value);
        // Checked, though nothing computes with it: a time that cannot be read is a slip.
        self.given_time(&at.field("at"), statement.at.as_ref());
        let source = self.source(at, statement.source.as_ref());
        for (index, name) in statement.about.iter().enumerate() {
            if !self.names.anything_known(name) {
                let plan = self.plan;
                let claims = plan.claims.iter().map(|entry| entry.value.id.as_str());
                let parties = plan.parties.iter().map(|entry| entry.value.id.as_str());
                let areas = plan.areas.iter().map(|entry| entry.value.id.as_str());
                let matters = plan.matters.iter().map(|entry| entry.value.id.as_str());
                let known: Vec<&str> = claims.chain(parties).chain(areas).chain(matters).collect();
                let near = crate::read::problems::nearest(name, known);
                let expected = "the name of a claim, party, area or matter";
                let expected = near.map_or_else(|| expected.to_owned(), |near| expected_one_of(expected, name, &[near]));
                self.problems.add(&at.field("about").element(index), quoted(name), expected);
            }
        }
        let check = self.check(at, statement)?;
        Some(model::Statement {
            id: statement.id.clone(),
            text: statement.text.clone(),
            source,
            nature: statement.nature,
            check,
            missing: statement.missing.clone(),
            quantity: statement.quantity.clone(),
            about: statement.about.clone(),
            rows: statement.rows.clone(),
            note: statement.note.clone(),
        })
    }

    fn check(&mut self, at: &At, statement: &format::Statement) -> Option<StatementCheck> {
        let given = [
            ("distance", statement.distance.is_some()),
            ("direction", statement.direction.is_some()),
            ("adjacent", statement.adjacent.is_some()),
            ("position", statement.position.is_some()),
            ("road", statement.road.is_some()),
            ("contradicts", statement.contradicts.is_some()),
        ];
        let given: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        if given.len() > 1 {
            self.problems.add(at, format!("{} together", given.join(" and ")), "at most one of them; make two statements of it");
            return None;
        }
        match statement {
            format::Statement { distance: Some(distance), .. } => self.distance(&at.field("distance"), distance),
            format::Statement { direction: Some(direction), .. } => {
                let (from, to) = self.two_places(&at.field("direction"), &direction.from, &direction.to)?;
                Some(StatementCheck::Direction { from, to, value: direction.value })
            }
            format::Statement { adjacent: Some(adjacent), .. } => {
                let (from, to) = self.two_places(&at.field("adjacent"), &adjacent.from, &adjacent.to)?;
                Some(StatementCheck::Adjacent { from, to, value: adjacent.value })
            }
            format::Statement { position: Some(position), .. } => self.stated_position(&at.field("position"), position),
            format::Statement { road: Some(road), .. } => self.road(&at.field("road"), road),
            format::Statement { contradicts: Some(other), .. } => {
                let at = at.field("contradicts");
                let source = self.source(&at, other.source.as_ref());
                let statement = self.look_up_some(|names| &names.statements, &at.field("statement"), other.statement.as_ref());
                Some(StatementCheck::Contradiction { source, statement, text: other.text.clone() })
            }
            _ => Some(StatementCheck::None),
        }
    }

    fn stated_position(&mut self, at: &At, stated: &format::PositionStatement) -> Option<StatementCheck> {
        let (point, of) = (self.position(&at.field("at"), &stated.at), self.position(&at.field("of"), &stated.of));
        let within_m = match &stated.within {
            Some(within) => self.length_m(&at.field("within"), within, Bound::Positive)?,
            None => POSITION_WITHIN_M,
        };
        Some(StatementCheck::Position { at: point?, of: of?, within_m })
    }

    fn two_places(&mut self, at: &At, from: &Position, to: &Position) -> Option<(Spot, Spot)> {
        let from = self.position(&at.field("from"), from);
        let to = self.position(&at.field("to"), to);
        let (from, to) = (from?, to?);
        if from.at == to.at {
            self.problems.add(at, "the same place twice", "two different places");
            return None;
        }
        Some((from, to))
    }

    fn distance(&mut self, at: &At, distance: &format::DistanceStatement) -> Option<StatementCheck> {
        let from = self.ends(at, ("from", &distance.from), ("or_from", &distance.or_from));
        let to = self.ends(at, ("to", &distance.to), ("or_to", &distance.or_to));
        let value_m = self.length_m(&at.field("value"), &distance.value, Bound::Positive);
        let along = distance.along.as_ref().map(|id| self.movement(&at.field("along"), id));
        let along = match along {
            Some(id) => Some(id?),
            None => None,
        };
        Some(StatementCheck::Distance { from: from?, to: to?, value_m: value_m?, along, empty: distance.empty })
    }

    /// All points that an end of a stated distance may mean: every reference point of every place that is named.
    fn ends(&mut self, at: &At, own: (&'static str, &Position), others: (&'static str, &[Position])) -> Option<Vec<Spot>> {
        let first = self.position(&at.field(own.0), own.1);
        let rest = self.positions(&at.field(others.0), others.1);
        let spots: Vec<Spot> = [first?].into_iter().chain(rest?).collect();
        let all_points = |spot: Spot| match self.places.get(&spot.name) {
            Some(place) => place.points.iter().map(|(_, at)| Spot { name: spot.name.clone(), at: *at }).collect(),
            None => vec![spot],
        };
        Some(spots.into_iter().flat_map(all_points).collect())
    }

    fn road(&mut self, at: &At, road: &format::RoadStatement) -> Option<StatementCheck> {
        let places = self.positions(&at.field("places"), &road.places);
        let candidates_at = at.field("candidates");
        if road.candidates.is_empty() {
            self.problems.add(&candidates_at, "an empty list", "at least one line that the name may mean");
            return None;
        }
        let mut candidates = Vec::new();
        for (index, candidate) in road.candidates.iter().enumerate() {
            let at = candidates_at.element(index).field("through");
            let spots = self.positions(&at, &candidate.through);
            let line = spots.and_then(|spots| self.line(&at, &spots));
            candidates.push(line.map(|line| (candidate.name.clone(), line)));
        }
        let candidates = candidates.into_iter().collect::<Option<Vec<_>>>()?;
        Some(StatementCheck::Road { name: road.name.clone(), candidates, places: places? })
    }

    /// All adopted and withdrawn words.
    pub fn terms(&mut self) -> Vec<model::Term> {
        let plan = self.plan;
        let mut terms = Vec::new();
        for entry in &plan.terms {
            let (at, term) = (&entry.at, &entry.value);
            if term.term.trim().is_empty() {
                self.problems.add(&at.field("term"), quoted(&term.term), "a word");
            }
            terms.push(model::Term {
                term: term.term.clone(),
                state: term.state,
                agreement: self.look_up_some(|names| &names.agreements, &at.field("agreement"), term.agreement.as_ref()),
                instead: term.instead.clone(),
                from: term.from.as_ref().and_then(|text| self.time(&at.field("from"), text)),
            });
        }
        terms
    }
}
