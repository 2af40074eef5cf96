//! The picture: one or several plans with every text given its meaning and every name looked up.
//!
//! A picture is what the engine works on. Its values are valid by construction; `resolve` is the only way from files to
//! here. It does not know files, spans of text or output formats. Lists keep the order of the files.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use deconflict_conflict::{Minima, Movement};
use deconflict_spacetime::{AltitudeReference, Area, Corridor, LatLng, Polyline, Shape, Time, TimeSpan, Volume4D};

pub use crate::format::{
    AreaRole, Bank, BarrierKind, Basis, ClaimKind, Compass, Function, Level, MatterState, Nature, RelationKind, RuleCheck,
    TermState,
};

/// All that is known at one instant.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Ids of the plans, joined with "+".
    pub id: String,
    /// Titles of the plans, joined with "; ".
    pub title: String,
    /// The instant that the picture describes (the latest of its plans, or `--at`).
    pub as_of: Time,
    /// From `as_of` (of the plan, before any `--at`) to the horizon; open claims end there.
    pub span: TimeSpan,
    /// What all altitudes are measured from.
    pub altitude_reference: AltitudeReference,
    /// See the format's type of the same name, as for all that follow.
    pub sources: Vec<Source>,
    /// Places.
    pub places: Vec<Place>,
    /// Named areas.
    pub areas: Vec<NamedArea>,
    /// Rivers and borders.
    pub barriers: Vec<Barrier>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Declared sides; a claim on none is on its party's own side.
    pub sides: Vec<Side>,
    /// Relations.
    pub relations: Vec<Relation>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Coordination centres.
    pub centres: Vec<Centre>,
    /// Events.
    pub events: Vec<Event>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Minima by pair of kinds, the lesser kind first; a pair that is not listed has zero minima.
    pub minima: BTreeMap<(ClaimKind, ClaimKind), Minima>,
    /// Approach thresholds, largest distance first.
    pub approach: Vec<ApproachThreshold>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Matters.
    pub matters: Vec<Matter>,
    /// Statements.
    pub statements: Vec<Statement>,
    /// Terms.
    pub terms: Vec<Term>,
    /// Pairs expected to be clear.
    pub expectations: Vec<Expectation>,
    /// Everything that nobody stated, in the order of the files.
    pub assumptions: Vec<Assumption>,
    /// All free texts with their paths, for the check of withdrawn terms.
    pub texts: Vec<(String, String)>,
    /// Where claims are by id, if it was looked up ([`Picture::index_claims`]). A hint: whoever uses it looks again.
    pub places_of_claims: Arc<HashMap<String, usize>>,
}

/// Where statements come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Short name.
    pub id: String,
    /// Who says so.
    pub publisher: String,
    /// Reliability and credibility.
    pub grade: Option<String>,
    /// The source from which this one copies.
    pub origin: Option<String>,
}

/// A place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Reference points: what each is, and where; the first is the place's own.
    pub points: Vec<(String, LatLng)>,
    /// How far the points may be off, metres.
    pub uncertainty_m: f64,
    /// Basis of the point.
    pub basis: Basis,
}

/// A point with the name it was given by, if any.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The place's name; empty for a bare point.
    pub name: String,
    /// Where it is (the place's first reference point).
    pub at: LatLng,
}

/// A named area.
#[derive(Clone, Debug)]
pub struct NamedArea {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub role: AreaRole,
    /// The ground.
    pub area: Area,
    /// Basis of the outline.
    pub basis: Basis,
}

/// A river or border.
#[derive(Clone, Debug)]
pub struct Barrier {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub kind: BarrierKind,
    /// Its course.
    pub line: Polyline,
    /// Places where it can be crossed.
    pub crossings: Vec<Spot>,
    /// Party to the left of the line, for a border.
    pub left: Option<String>,
    /// Party to the right.
    pub right: Option<String>,
}

/// An organisation.
#[derive(Clone, Debug)]
pub struct Party {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// The party it belongs to.
    pub part_of: Option<String>,
    /// Whether it is registered.
    pub registered: bool,
    /// Whether it may be told anything (false for non-participants).
    pub told: bool,
    /// False for a non-participant.
    pub participant: bool,
    /// Whether it is known to operate here (stated, or it owns a claim).
    pub operates: bool,
}

/// A declared coalition or command.
#[derive(Clone, Debug)]
pub struct Side {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The party that leads.
    pub lead: Option<String>,
    /// Its parties.
    pub members: Vec<String>,
    /// Its supporter.
    pub supporter: Option<String>,
    /// Its claims.
    pub claims: Vec<String>,
    /// The party that keeps its claims apart.
    pub deconflicted_by: Option<String>,
    /// When it is looked at again.
    pub review: Option<Time>,
    /// Basis of the grouping.
    pub basis: Basis,
}

/// What parties are to each other.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The one.
    pub from: String,
    /// The other.
    pub to: String,
    /// What `from` is to `to`.
    pub kind: RelationKind,
    /// How sure it is.
    pub confidence: Option<String>,
    /// Where it holds.
    pub place: Option<String>,
    /// From when.
    pub valid_from: Option<Time>,
    /// Until when.
    pub valid_until: Option<Time>,
}

/// How two parties or centres reach each other, both ways.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Short name.
    pub id: String,
    /// A party or centre.
    pub from: String,
    /// A party or centre.
    pub to: String,
    /// Intermediaries in order; empty for a direct channel.
    pub via: Vec<String>,
    /// How long a message takes, nanoseconds.
    pub delay_ns: i64,
    /// Within what time a message is to be acknowledged, nanoseconds.
    pub acknowledge_within_ns: Option<i64>,
    /// What it is for.
    pub purpose: Option<String>,
    /// From when.
    pub valid_from: Option<Time>,
    /// Until when.
    pub valid_until: Option<Time>,
}

/// A coordination centre.
#[derive(Clone, Debug)]
pub struct Centre {
    /// Short name.
    pub id: String,
    /// The party.
    pub party: String,
    /// Name for people.
    pub name: String,
    /// Where it is.
    pub at: Spot,
    /// How far that may be off, metres.
    pub uncertainty_m: f64,
    /// Other places that other reports give, with their source.
    pub reported_at: Vec<(Spot, Option<String>)>,
    /// The source of `at`.
    pub source: Option<String>,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub struct Event {
    /// Short name.
    pub id: String,
    /// What happens.
    pub text: String,
    /// The earliest and the latest that it happens; `None` if it is not known.
    pub at: Option<(Time, Time)>,
}

/// A claim on space-time.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Short name.
    pub id: String,
    /// Name for people (the id if none was given).
    pub name: String,
    /// Its kind.
    pub kind: ClaimKind,
    /// The party that makes it; only a site may have none.
    pub party: Option<String>,
    /// Its operation: the claim's own id unless stated.
    pub operation: String,
    /// Its side: a declared side's id, or `party:<id>` for its party's own side, or `claim:<id>` for one without a party.
    pub side: String,
    /// Higher goes first.
    pub priority: i32,
    /// Claims that it supports.
    pub supports: Vec<String>,
    /// What it occupies.
    pub body: ClaimBody,
    /// Whether an end of its window depends on an event that is not known: findings about it cannot be excluded, not certain.
    pub window_open: bool,
    /// The movement whose arrival starts its window, if one does: where that one is changed, the start is open.
    pub bound_from: Option<String>,
    /// The movement whose arrival ends its window, if one does: where that one is changed, the end is open.
    pub bound_until: Option<String>,
    /// The river bank it keeps to.
    pub bank: Option<Bank>,
    /// Barriers to whose given side it was changed to keep ([`Change::KeepTo`]); empty in a claim as filed.
    pub keeps_to: Vec<(String, Bank)>,
    /// Basis of the claim as a whole.
    pub basis: Basis,
    /// The outline was given as a stretch of this movement: claim id, buffer in metres.
    pub stretch_of: Option<(String, f64)>,
    /// What stands for it on a map: 20 digits of MIL-STD-2525D, the standard identity neutral.
    pub symbol: Option<String>,
    /// Remarks.
    pub note: Option<String>,
}

impl Claim {
    /// The road of a column, with or without times.
    pub fn track(&self) -> Option<&Track> {
        match &self.body {
            ClaimBody::Movement(track, _) | ClaimBody::Track(track) => Some(track),
            ClaimBody::Volumes(_) | ClaimBody::Authority { .. } => None,
        }
    }

    /// The column with its times.
    pub fn movement(&self) -> Option<&Movement> {
        if let ClaimBody::Movement(_, movement) = &self.body { Some(movement) } else { None }
    }

    /// The volumes of a flight, constraint, site or presence.
    pub fn volumes(&self) -> Option<&[Volume4D]> {
        if let ClaimBody::Volumes(volumes) = &self.body { Some(volumes) } else { None }
    }

    /// All the ground that it ever covers; `None` only for a track whose width is no width.
    pub fn ground(&self) -> Option<Area> {
        match &self.body {
            ClaimBody::Movement(track, _) | ClaimBody::Track(track) => track.ground(),
            ClaimBody::Volumes(volumes) => {
                Area::new(volumes.iter().flat_map(|volume| volume.area.parts().to_vec()).collect()).ok()
            }
            ClaimBody::Authority { area, .. } => Some(area.clone()),
        }
    }

    /// From its first to its last instant; `None` for a track without times.
    pub fn span(&self) -> Option<TimeSpan> {
        match &self.body {
            ClaimBody::Movement(_, movement) => Some(movement.span()),
            ClaimBody::Track(_) => None,
            ClaimBody::Volumes(volumes) => {
                let start = volumes.iter().map(|volume| volume.span.start()).min()?;
                let end = volumes.iter().map(|volume| volume.span.end()).max()?;
                TimeSpan::new(start, end).ok()
            }
            ClaimBody::Authority { span, .. } => Some(*span),
        }
    }
}

impl Track {
    /// The whole corridor; `None` only if the width is no width.
    pub fn ground(&self) -> Option<Area> {
        Corridor::new(self.line.clone(), self.width_m).ok().map(|corridor| Area::from(Shape::Corridor(corridor)))
    }
}

/// What a claim occupies.
#[derive(Clone, Debug)]
pub enum ClaimBody {
    /// Volumes: flights, constraints, sites, presences. Never empty.
    Volumes(Vec<Volume4D>),
    /// A column with times.
    Movement(Track, Box<Movement>),
    /// A column without times: a possible track.
    Track(Track),
    /// Authority over an area from then on.
    Authority {
        /// What is claimed.
        function: Function,
        /// The ground.
        area: Area,
        /// When.
        span: TimeSpan,
    },
}

/// The road of a movement.
#[derive(Clone, Debug)]
pub struct Track {
    /// The centreline.
    pub line: Polyline,
    /// Total width, metres.
    pub width_m: f64,
    /// Names of the waypoints (empty for bare points), one for each of the line's.
    pub names: Vec<String>,
    /// Tasks at the waypoints.
    pub tasks: Vec<Option<String>>,
}

/// A head separation and its level.
#[derive(Clone, Debug)]
pub struct ApproachThreshold {
    /// Heads this far apart or less, metres.
    pub distance_m: f64,
    /// The level.
    pub level: Level,
    /// Only between these.
    pub claims: Option<[String; 2]>,
}

/// A machine-checked term.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Short name.
    pub id: String,
    /// What it says.
    pub text: String,
    /// What is checked.
    pub check: RuleCheck,
    /// The claims.
    pub claims: Vec<String>,
    /// The parties.
    pub parties: Vec<String>,
    /// The distance, metres.
    pub distance_m: Option<f64>,
    /// The intermediaries.
    pub via: Vec<String>,
    /// The barrier.
    pub barrier: Option<String>,
    /// The agreement it comes from.
    pub agreement: Option<String>,
    /// How loud a broken rule is.
    pub level: Level,
    /// From when it holds.
    pub valid_from: Option<Time>,
    /// Basis.
    pub basis: Basis,
}

/// What was signed.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Short name.
    pub id: String,
    /// Who signed.
    pub parties: Vec<String>,
    /// What it says.
    pub text: String,
    /// From when it is in force.
    pub valid_from: Option<Time>,
    /// Until when.
    pub valid_until: Option<Time>,
    /// Parties and centres that must acknowledge it (the owners of changed claims are added by the engine).
    pub must_acknowledge: Vec<String>,
    /// Those that have.
    pub acknowledged: Vec<String>,
    /// Changes it makes, by claim.
    pub changes: Vec<(String, Change)>,
    /// Meeting lines it sets: two movements and the point that neither head passes.
    pub meeting_lines: Vec<([String; 2], Spot)>,
    /// Movements whose border crossings it acknowledges.
    pub crossings: Vec<String>,
    /// Matters it is about.
    pub matters: Vec<String>,
}

/// A change to one claim: what agreements make and proposals offer.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// New upper edge of its bands, micrometres.
    Upper(i64),
    /// New lower edge of its bands, micrometres.
    Lower(i64),
    /// Everything later, nanoseconds.
    Delay(i64),
    /// New start.
    Start(Time),
    /// New end.
    End(Time),
    /// A movement stops this far along its line, metres.
    StopAt(f64),
    /// A movement gives up the ground on the other side of a barrier: barrier id, its own bank.
    KeepTo(String, Bank),
    /// A movement's line moves sideways by this many metres, positive to the right of its direction.
    Offset(f64),
}

/// An open question.
#[derive(Clone, Debug)]
pub struct Matter {
    /// Short name.
    pub id: String,
    /// The question.
    pub text: String,
    /// Whether it is open.
    pub state: MatterState,
    /// Claims.
    pub claims: Vec<String>,
    /// Areas that it needs somebody for.
    pub areas: Vec<String>,
    /// The function that somebody has to claim there.
    pub function: Option<Function>,
    /// The parties it is between.
    pub parties: Vec<String>,
    /// What is at stake (source text).
    pub stake: Option<String>,
    /// What is feared (source text).
    pub risk: Option<String>,
    /// The party that has to see to it.
    pub owner: Option<String>,
    /// When it is to be settled.
    pub due: Option<Time>,
    /// Movements whose approach makes it more urgent.
    pub escalates_with: Vec<String>,
    /// The source.
    pub source: Option<String>,
}

/// What a source said.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Short name.
    pub id: String,
    /// What was said.
    pub text: String,
    /// The source.
    pub source: Option<String>,
    /// What kind of thing it is.
    pub nature: Nature,
    /// What can be checked.
    pub check: StatementCheck,
    /// A map or figure that the text refers to and does not contain.
    pub missing: Option<String>,
    /// A number that a source gives, as text.
    pub quantity: Option<String>,
    /// What it is about.
    pub about: Vec<String>,
    /// Rows of the source study.
    pub rows: Vec<u32>,
    /// Remarks.
    pub note: Option<String>,
}

/// What can be checked of a statement.
#[derive(Clone, Debug)]
pub enum StatementCheck {
    /// Nothing.
    None,
    /// A distance: from any of these, to any of these, metres, the movement whose route counts, nothing on the way.
    Distance {
        /// Where it may start: the named place's points and the alternatives'.
        from: Vec<Spot>,
        /// Where it may end.
        to: Vec<Spot>,
        /// The stated distance, metres.
        value_m: f64,
        /// The movement whose route counts besides the straight line.
        along: Option<String>,
        /// Whether nothing is said to lie on the way.
        empty: bool,
    },
    /// A direction.
    Direction {
        /// From here.
        from: Spot,
        /// To here.
        to: Spot,
        /// The stated direction.
        value: Compass,
    },
    /// A neighbourhood.
    Adjacent {
        /// From here.
        from: Spot,
        /// To here.
        to: Spot,
        /// The stated direction.
        value: Option<Compass>,
    },
    /// A position, in numbers, and what it is said to be the position of.
    Position {
        /// The numbers.
        at: Spot,
        /// The place that is named with them.
        of: Spot,
        /// How far from the place it may be, metres.
        within_m: f64,
    },
    /// A named road.
    Road {
        /// The name.
        name: String,
        /// The lines it may mean.
        candidates: Vec<(String, Polyline)>,
        /// Places said to be on it.
        places: Vec<Spot>,
    },
    /// Other reports say otherwise.
    Contradiction {
        /// Who says otherwise.
        source: Option<String>,
        /// The statement that is contradicted.
        statement: Option<String>,
        /// What they say.
        text: String,
    },
}

/// A word that was adopted or withdrawn.
#[derive(Clone, Debug)]
pub struct Term {
    /// The word.
    pub term: String,
    /// Whether it is to be used.
    pub state: TermState,
    /// The agreement that says so.
    pub agreement: Option<String>,
    /// The word to use instead.
    pub instead: Option<String>,
    /// From when.
    pub from: Option<Time>,
}

/// A pair that is expected to be clear.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The two claims.
    pub claims: [String; 2],
    /// Up to here along the first claim's corridor.
    pub until: Option<Spot>,
    /// At least this far apart, metres.
    pub at_least_m: f64,
    /// What it rests on.
    pub text: Option<String>,
}

/// Something that nobody stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Where in the plan: "claims.RU-1.lower".
    pub path: String,
    /// The value, as written.
    pub value: String,
    /// Derived or assumed.
    pub basis: Basis,
    /// Why.
    pub note: Option<String>,
}

impl Picture {
    /// The claim with this id.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        let hinted = self.places_of_claims.get(id).and_then(|&at| self.claims.get(at)).filter(|claim| claim.id == id);
        hinted.or_else(|| self.claims.iter().find(|claim| claim.id == id))
    }

    /// The same picture with other claims.
    #[must_use]
    pub fn with_claims(&self, claims: Vec<Claim>) -> Self {
        let Self { id, title, as_of, span, altitude_reference, .. } = self;
        Self {
            id: id.clone(),
            title: title.clone(),
            as_of: *as_of,
            span: *span,
            altitude_reference: *altitude_reference,
            sources: self.sources.clone(),
            places: self.places.clone(),
            areas: self.areas.clone(),
            barriers: self.barriers.clone(),
            parties: self.parties.clone(),
            sides: self.sides.clone(),
            relations: self.relations.clone(),
            channels: self.channels.clone(),
            centres: self.centres.clone(),
            events: self.events.clone(),
            claims,
            minima: self.minima.clone(),
            approach: self.approach.clone(),
            rules: self.rules.clone(),
            agreements: self.agreements.clone(),
            matters: self.matters.clone(),
            statements: self.statements.clone(),
            terms: self.terms.clone(),
            expectations: self.expectations.clone(),
            assumptions: self.assumptions.clone(),
            texts: self.texts.clone(),
            places_of_claims: Arc::default(),
        }
    }

    /// Makes [`Picture::claim`] quick in a picture of many claims.
    pub fn index_claims(&mut self) {
        // The first of an id counts, as in a search from the front.
        let places = self.claims.iter().enumerate().rev().map(|(at, claim)| (claim.id.clone(), at));
        self.places_of_claims = Arc::new(places.collect());
    }

    /// The party with this id.
    pub fn party(&self, id: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == id)
    }

    /// The name of the party with this id, or the id where there is none.
    pub fn party_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.party(id).map_or(id, |party| &party.name)
    }

    /// A party and all that it is part of, nearest first.
    pub fn lineage<'a>(&'a self, party: &'a str) -> Vec<&'a str> {
        let mut line = vec![party];
        while let Some(next) = self.party(line[line.len() - 1]).and_then(|party| party.part_of.as_deref()) {
            // Reading refuses a ring of parties; a picture built by hand may have one.
            if line.contains(&next) {
                break;
            }
            line.push(next);
        }
        line
    }

    /// Whether the claim belongs to a non-participant.
    pub fn is_hazard(&self, claim: &Claim) -> bool {
        claim.party.as_deref().and_then(|id| self.party(id)).is_some_and(|party| !party.participant)
    }

    /// Whether the lead of a declared side has filed for its members, this party among them.
    pub fn lead_files_for(&self, party: &Party) -> bool {
        let sides = self.sides.iter().filter(|side| side.members.contains(&party.id));
        sides.filter_map(|side| side.lead.as_deref().map(|lead| (side, lead))).any(|(side, lead)| {
            let files = |id: &String| self.claim(id).is_some_and(|claim| claim.party.as_deref() == Some(lead));
            side.claims.iter().any(files)
        })
    }

    /// The barrier with this id.
    pub fn barrier(&self, id: &str) -> Option<&Barrier> {
        self.barriers.iter().find(|barrier| barrier.id == id)
    }

    /// The agreement with this id.
    pub fn agreement(&self, id: &str) -> Option<&Agreement> {
        self.agreements.iter().find(|agreement| agreement.id == id)
    }

    /// From its instant to its end; `None` if no time is left.
    pub fn rest(&self) -> Option<TimeSpan> {
        TimeSpan::new(self.as_of, self.span.end()).ok()
    }

    /// The place with this name or alias.
    pub fn place(&self, name: &str) -> Option<&Place> {
        let named = |place: &&Place| place.name == name;
        let also_named = |place: &&Place| place.aliases.iter().any(|alias| alias == name);
        self.places.iter().find(named).or_else(|| self.places.iter().find(also_named))
    }

    /// The declared side with this id.
    pub fn side(&self, id: &str) -> Option<&Side> {
        self.sides.iter().find(|side| side.id == id)
    }

    /// The minima between two kinds of claim, in any order.
    pub fn minima(&self, a: ClaimKind, b: ClaimKind) -> Minima {
        self.minima.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }
}
