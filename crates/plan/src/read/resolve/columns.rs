//! Movements, their roads, and the events that they bring about; windows that wait for events.

use deconflict_conflict::{Case, InvalidMovement, Movement};
use deconflict_spacetime::Time;

use super::quantities::Bound;
use super::{Resolver, plain};
use crate::format::{self, Claim, ClaimKind};
use crate::model::{self, Spot, Track};
use crate::read::gather::Entry;
use crate::read::tree::{At, quoted};
use crate::words;

/// A movement that was resolved.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its road.
    pub track: Track,
    /// Its times, if it has any.
    pub movement: Option<Movement>,
    /// Whether its window depends on an event that is not known.
    pub open: bool,
}

impl Resolver<'_> {
    /// Resolves all movements and all events; each waits for those that it depends on.
    pub fn columns_and_events(&mut self) {
        let plan = self.plan;
        let mut columns: Vec<&Entry<Claim>> =
            plan.claims.iter().filter(|entry| entry.value.kind == ClaimKind::Movement).collect();
        let mut events: Vec<&Entry<format::Event>> = plan.events.iter().collect();
        loop {
            let before = columns.len() + events.len();
            events.retain(|entry| {
                let waits = entry.value.movement.as_ref().is_some_and(|id| columns.iter().any(|column| column.value.id == *id));
                if !waits {
                    let event = self.event(entry);
                    self.events.insert(entry.value.id.clone(), event);
                }
                waits
            });
            columns.retain(|entry| {
                let mut bounds = entry.value.when.iter().flat_map(|when| [&when.from, &when.until]).flatten();
                let waits = bounds.any(|id| events.iter().any(|event| event.value.id == *id));
                if !waits {
                    let column = self.column(entry);
                    self.columns.insert(entry.value.id.clone(), column);
                }
                waits
            });
            if columns.len() + events.len() == before {
                break;
            }
        }
        for entry in columns {
            self.problems.add(
                &entry.at.field("when"),
                "an event that waits for this movement itself",
                "events that do not wait for each other",
            );
            self.columns.insert(entry.value.id.clone(), None);
        }
    }

    /// When an event happens: outer `None` if it is not good, inner if it is not known.
    fn event(&mut self, entry: &Entry<format::Event>) -> Option<Option<(Time, Time)>> {
        let (at, event) = (&entry.at, &entry.value);
        match (&event.at, &event.movement, &event.place) {
            (None, None, None) => Some(None),
            (Some(given), None, None) => self.given_time(&at.field("at"), Some(given)).map(|time| Some((time, time))),
            (None, Some(movement), Some(place)) => self.arrival(at, movement, place).map(Some),
            (None, ..) => {
                self.problems.add(at, "only one of `movement` and `place`", "the movement and the place that its head reaches");
                None
            }
            (Some(_), ..) => {
                self.problems.add(at, "`at` and a movement together", "either `at`, or `movement` and `place`");
                None
            }
        }
    }

    /// The earliest and the latest time at which the head of a movement reaches a place.
    fn arrival(&mut self, at: &At, movement: &str, place: &format::Position) -> Option<(Time, Time)> {
        let id = self.movement(&at.field("movement"), movement)?;
        let place_at = at.field("place");
        let spot = self.position(&place_at, place)?;
        let column = self.columns.get(&id)?.clone()?;
        let Some(movement) = &column.movement else {
            self.problems.add(&at.field("movement"), format!("{}, which has no times", quoted(&id)), "a movement with times");
            return None;
        };
        let along_m = self.along_m(&place_at, &column.track, &spot)?;
        let [earliest, _, latest] = Case::ALL.map(|case| {
            let head = movement.head(case);
            // Where the head stops short of rounding it stops there.
            head.arrival(along_m.clamp(head.first().along_m, head.last().along_m))
        });
        earliest.zip(latest)
    }

    /// How far along a movement's road a place is, metres: a waypoint of this name, or else the nearest point, which
    /// the corridor has to cover.
    pub fn along_m(&mut self, at: &At, track: &Track, spot: &Spot) -> Option<f64> {
        let named = track.names.iter().position(|name| !name.is_empty() && *name == spot.name);
        if let Some(index) = named {
            return track.line.waypoints_along_m().get(index).copied();
        }
        let (along_m, away_m) = track.line.nearest(spot.at);
        if away_m > track.width_m / 2.0 {
            let found = format!("a place {} off the road", words::length(away_m));
            self.problems.add(at, found, "a waypoint of the movement, or a point in its corridor");
            return None;
        }
        Some(along_m)
    }

    /// The id of a claim that is a movement.
    pub fn movement(&mut self, at: &At, id: &str) -> Option<String> {
        let id = self.look_up(|names| &names.claims, at, id)?;
        let kind = self.plan.claims.iter().find(|entry| entry.value.id == id)?.value.kind;
        if kind != ClaimKind::Movement {
            self.problems.add(at, format!("{}, which is a {}", quoted(&id), words::claim_kind(kind)), "a movement");
            return None;
        }
        Some(id)
    }

    fn column(&mut self, entry: &Entry<Claim>) -> Option<Column> {
        let (at, claim) = (&entry.at, &entry.value);
        let points_at = at.field("waypoints");
        let with_index = claim.waypoints.iter().enumerate();
        let spots: Vec<Option<Spot>> =
            with_index.map(|(index, waypoint)| self.position(&points_at.element(index).field("at"), &waypoint.at)).collect();
        let spots: Option<Vec<Spot>> = spots.into_iter().collect();
        let line = spots.as_ref().and_then(|spots| self.line(&points_at, spots));
        let width_m = self.width_m(at, claim);
        let pass_at = at.field("pass_length");
        let pass_length_m = match &claim.pass_length {
            Some(given) => self.given_length_m(&pass_at, given, Bound::NotNegative),
            None => Some(0.0),
        };
        let schedule = self.schedule(at, claim, line.as_ref());
        let (spots, line, width_m, pass_length_m) = (spots?, line?, width_m?, pass_length_m?);
        let track = Track {
            line,
            width_m,
            names: spots.into_iter().map(|spot| spot.name).collect(),
            tasks: claim.waypoints.iter().map(|waypoint| waypoint.task.clone()).collect(),
        };
        let (movement, open) = match schedule? {
            None => (None, false),
            Some((heads, window)) => {
                // Nobody knows when it sets out: from its earliest arrival on it may be anywhere it goes.
                let holds = claim.holds || window.start_open;
                let movement = Movement::new(track.line.clone(), width_m, heads, pass_length_m, holds, window.span.end());
                let movement = movement.map_err(|error| self.report_movement(at, error)).ok()?;
                (Some(if claim.speed.is_some() { movement.with_pace_beyond_end() } else { movement }), window.open)
            }
        };
        Some(Column { track, movement, open })
    }

    fn width_m(&mut self, at: &At, claim: &Claim) -> Option<f64> {
        let at = at.field("width");
        let Some(given) = &claim.width else {
            self.problems.add(&at, "nothing", "the total width of the corridor, such as \"4 km\"");
            return None;
        };
        let (at, text) = plain(&at, given);
        let width_m = self.length_m(&at, text, Bound::Positive)?;
        if width_m > 1e6 {
            self.problems.add(&at, quoted(&text.0), "a width of at most 1000 km");
            return None;
        }
        Some(width_m)
    }

    fn report_movement(&mut self, at: &At, error: InvalidMovement) {
        let (found, expected) = match error {
            InvalidMovement::EndsBeforeStart => ("an end before the start".to_owned(), "an end after the start"),
            _ => (error.to_string(), "a movement that a column can make"),
        };
        self.problems.add(at, found, expected);
    }

    /// All events, as the picture holds them.
    pub fn event_list(&mut self) -> Vec<model::Event> {
        let plan = self.plan;
        let known = |entry: &Entry<format::Event>| self.events.get(&entry.value.id).copied().flatten().flatten();
        plan.events
            .iter()
            .map(|entry| model::Event { id: entry.value.id.clone(), text: entry.value.text.clone(), at: known(entry) })
            .collect()
    }
}
