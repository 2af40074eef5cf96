//! The answer: findings with who, where, when, how close and what would fix it. The JSON is documented in `docs/report.md`.
//!
//! Shapes and words only: nothing is decided here.

use deconflict_spacetime::{LatLng, Region, Time, TimeSpan, azimuth_deg, destination, distance_m};

use crate::model::{Assumption, Change, Level};
use crate::words;

/// Everything that the engine says about a picture.
#[derive(Clone, Debug)]
pub struct Report {
    /// Id of the picture.
    pub id: String,
    /// Title of the picture.
    pub title: String,
    /// The instant it describes.
    pub as_of: Time,
    /// Findings by level (loudest first), start, id.
    pub findings: Vec<Finding>,
    /// Movements with their lengths and arrivals.
    pub movements: Vec<MovementReport>,
    /// Statements and what became of them.
    pub statements: Vec<StatementReport>,
    /// Pairs that were expected to be clear, and whether they are.
    pub expectations: Vec<ExpectationReport>,
    /// Everything that nobody stated.
    pub assumptions: Vec<Assumption>,
}

/// Kinds of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Two claims violate their minima.
    Conflict,
    /// Two movements of different sides end at one place.
    Converging,
    /// Two heads come close.
    Approach,
    /// Different sides claim the same function over overlapping areas and times, or nobody claims what a matter needs.
    Contested,
    /// A flight over another side's ground claim; a movement or presence that touches a site; whatever enters a hazard.
    Caution,
    /// A rule is broken or due.
    Rule,
    /// Stated against computed, sources against each other, a withdrawn term in use.
    Inconsistent,
    /// An open matter.
    Open,
    /// A party that filed nothing, an item that was skipped.
    Unchecked,
    /// A conflict within one side.
    Internal,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It is so, if the claims are as filed.
    Certain,
    /// It cannot be excluded.
    CannotExclude,
}

/// What agreements have done to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Unagreed,
    /// This agreement would remove it, but is not in force; why.
    AgreedNotInForce {
        /// The agreement.
        agreement: String,
        /// Why it is not in force: "P.RUS has not acknowledged", "in force from …".
        because: String,
    },
}

/// One thing that somebody has to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable: kind, sorted claim ids, place: "conflict:RU-2+US-2".
    pub id: String,
    /// Its kind.
    pub kind: FindingKind,
    /// How loud it is.
    pub level: Level,
    /// How sure it is.
    pub certainty: Certainty,
    /// What agreements have done to it.
    pub standing: Standing,
    /// Whether it leaves the exit status alone (an internal pair that a named party deconflicts).
    pub excused: bool,
    /// Claims that it rests on, sorted.
    pub claims: Vec<String>,
    /// Parties concerned, sorted.
    pub parties: Vec<String>,
    /// When.
    pub window: Option<TimeSpan>,
    /// Where.
    pub place: Option<Location>,
    /// Altitudes, metres over the picture's reference.
    pub altitude_m: Option<[f64; 2]>,
    /// How close, and what else was measured.
    pub measures: Measures,
    /// Who is told, and how.
    pub notify: Vec<Notice>,
    /// Parties that cannot be told, with the reason.
    pub cannot_tell: Vec<(String, String)>,
    /// One sentence of who and what, without times and places.
    pub headline: String,
    /// Further sentences: how close, why it matters, what is uncertain.
    pub details: Vec<String>,
    /// Smallest changes that remove it, best first.
    pub proposals: Vec<Proposal>,
}

impl Finding {
    /// A certain finding about nobody in particular yet: the other fields are empty and to be filled.
    pub(crate) fn new(kind: FindingKind, level: Level, id: String, headline: String) -> Self {
        Self {
            id,
            kind,
            level,
            certainty: Certainty::Certain,
            standing: Standing::Unagreed,
            excused: false,
            claims: Vec::new(),
            parties: Vec::new(),
            window: None,
            place: None,
            altitude_m: None,
            measures: Measures::default(),
            notify: Vec::new(),
            cannot_tell: Vec::new(),
            headline,
            details: Vec::new(),
            proposals: Vec::new(),
        }
    }

    /// The headline and the details as one text.
    pub fn text(&self) -> String {
        words::sentences(std::iter::once(&self.headline).chain(&self.details).map(String::as_str))
    }
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq)]
pub enum Location {
    /// Polygons.
    Region(Region),
    /// A point.
    Point(LatLng),
    /// A line.
    Line(Vec<LatLng>),
}

impl Location {
    /// A point for a label: inside the largest polygon, half way along a line by its points; `None` where nothing is drawn.
    pub fn label_point(&self) -> Option<LatLng> {
        match self {
            Self::Region(region) => region.label_point(),
            Self::Point(at) => Some(*at),
            Self::Line(points) => {
                let (before, after) = (*points.get(points.len().checked_sub(1)? / 2)?, *points.get(points.len() / 2)?);
                let half_m = distance_m(before, after) / 2.0;
                Some(if half_m > 0.0 { destination(before, azimuth_deg(before, after), half_m) } else { before })
            }
        }
    }
}

/// What was measured; empty fields were not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Whether the claims share a point of space-time (not only come closer than the minima).
    pub overlap: Option<bool>,
    /// Shared ground, km²; for two columns outside the place where both end.
    pub overlap_km2: Option<f64>,
    /// For two columns: shared ground including the place where both end, km².
    pub overlap_with_end_km2: Option<f64>,
    /// Lateral gap, metres.
    pub lateral_m: Option<f64>,
    /// Vertical gap, metres.
    pub vertical_m: Option<f64>,
    /// Time gap, seconds.
    pub time_s: Option<f64>,
    /// Meeting: earliest, likely, latest.
    pub meeting: Option<[Time; 3]>,
    /// Place of the meeting along the joined line, km from the shared end: likely, min, max.
    pub place_km: Option<[f64; 3]>,
    /// Distance along the joined line between the two heads, km.
    pub route_gap_km: Option<f64>,
    /// Distance between two heads, or between two places, km.
    pub distance_km: Option<f64>,
    /// Per shared objective: its id or name, and when both heads are inside.
    pub both_inside: Vec<(String, TimeSpan)>,
    /// Times at which thresholds are reached: km, level, time.
    pub thresholds: Vec<(f64, Level, Time)>,
    /// Stated and computed values of an inconsistency.
    pub stated: Option<String>,
    /// See `stated`.
    pub computed: Option<String>,
}

/// Who is told, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The party.
    pub party: String,
    /// Intermediaries, or the supporter, through whom; `None` for a direct notice.
    pub via: Option<Vec<String>>,
    /// How long that takes, seconds.
    pub delay_s: i64,
    /// Centres of the party that must acknowledge.
    pub centres: Vec<String>,
    /// Members of the side that the party leads, who hear through it and acknowledge.
    pub members: Vec<String>,
}

impl Notice {
    /// A notice that needs nobody in between.
    pub fn direct(party: &str) -> Self {
        Self { party: party.to_owned(), via: None, delay_s: 0, centres: Vec::new(), members: Vec::new() }
    }
}

/// A smallest change that removes a finding; never applied by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What it is: "altitude", "delay", "line", "meeting-line", "route".
    pub kind: &'static str,
    /// The changes, by claim.
    pub changes: Vec<(String, Change)>,
    /// Parties that must accept.
    pub accept: Vec<String>,
    /// For people.
    pub text: String,
    /// Whether the engine found the finding gone with the changes made.
    pub verified: bool,
}

/// A movement's length and arrivals.
#[derive(Clone, Debug, PartialEq)]
pub struct MovementReport {
    /// The claim.
    pub claim: String,
    /// Length of its line, km.
    pub length_km: f64,
    /// Waypoint names with earliest, likely, latest; empty for a track without times.
    pub arrivals: Vec<(String, [Time; 3])>,
}

/// What became of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementReport {
    /// The statement.
    pub id: String,
    /// Rows of the source study.
    pub rows: Vec<u32>,
    /// "consistent", "inconsistent", "ambiguous", "contradicted", "recorded", "opinion", "not a fact", "ignored".
    pub verdict: &'static str,
    /// What was said.
    pub text: String,
    /// What was computed, for people.
    pub computed: Option<String>,
    /// Every way of measuring it: name, km (or degrees), deviation in percent (or degrees).
    pub measured: Vec<(String, f64, f64)>,
    /// Remarks, such as places on a road that is said to be empty.
    pub remarks: Vec<String>,
}

/// Whether a pair is clear as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationReport {
    /// The two claims.
    pub claims: [String; 2],
    /// Whether it is clear.
    pub clear: bool,
    /// Smallest separation, km.
    pub separation_km: f64,
    /// For people.
    pub text: String,
}
