//! The plan format: what a file may hold, as people write it. One structure, in TOML for people and in JSON for machines.
//!
//! Nothing is interpreted here: quantities are texts with units, names are not looked up. The JSON Schema is generated
//! from these types; `read` checks files against it, `resolve` gives the texts their meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A plan: parties, what they claim of space-time, what they agreed, and what was said about it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// What this plan is, and as of when.
    #[serde(default)]
    pub plan: Header,
    /// Where statements come from.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Places by name.
    #[serde(default)]
    pub places: Vec<Place>,
    /// Named areas: objectives, tight spaces, administrative areas.
    #[serde(default)]
    pub areas: Vec<NamedArea>,
    /// Rivers and borders that can divide two sides.
    #[serde(default)]
    pub barriers: Vec<Barrier>,
    /// Organisations that own claims and are told things.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// Claims under one command or one declared coalition.
    #[serde(default)]
    pub sides: Vec<Side>,
    /// What parties are to each other.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// How two parties reach each other.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Rooms from which a party coordinates.
    #[serde(default)]
    pub centres: Vec<Centre>,
    /// Things that happen at a time that may not be known yet.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Declared uses of space-time.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Gaps that two claims must keep, per pair of kinds.
    #[serde(default)]
    pub minima: Vec<MinimaRow>,
    /// Head separations at which two movements of different sides are reported, and how loudly.
    #[serde(default)]
    pub approach: Vec<ApproachThreshold>,
    /// Machine-checked terms between parties.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What parties signed.
    #[serde(default)]
    pub agreements: Vec<Agreement>,
    /// Open questions between parties.
    #[serde(default)]
    pub matters: Vec<Matter>,
    /// What sources said, checked against the map where it can be.
    #[serde(default)]
    pub statements: Vec<Statement>,
    /// Words that were adopted or withdrawn.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// Pairs that are expected to be clear; the answer is shown either way.
    #[serde(default)]
    pub expect_clear: Vec<ExpectClear>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A source or the owner said so.
    #[default]
    Stated,
    /// Computed from stated values.
    Derived,
    /// Nobody said so: listed to the user as an assumption.
    Assumed,
}

/// A value, plain or with its basis: `"10 km"` or `{ value = "10 km", basis = "assumed", note = "…" }`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Given<T> {
    /// The value with its basis.
    With(WithBasis<T>),
    /// The value alone; it has the basis of the table it stands in.
    Plain(T),
}

/// A value with its basis.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithBasis<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    #[serde(default)]
    pub basis: Basis,
    /// Why, in a few words.
    pub note: Option<String>,
    /// The source that said so.
    pub source: Option<String>,
}

macro_rules! text_with_unit {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);
    )*};
}

text_with_unit! {
    /// A length with its unit: "10 km", "600 m", "10 NM", "600 ft".
    Length,
    /// A duration with its unit: "15 min", "6 h", "45 d", "30 s".
    Duration,
    /// A speed with its unit: "12 km/d", "30 km/h", "15 m/s", "250 kt".
    Speed,
    /// An altitude with its unit, over the plan's reference or one of its own: "4500 m", "600 ft", "FL240", "4500 m W84", "1500 ft AMSL".
    AltitudeText,
    /// An instant in UTC: "2017-09-14" (its first instant), "2017-09-14T06:00Z".
    TimeText,
    /// A time of day in UTC: "06:00Z".
    TimeOfDay,
}

/// What this plan is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Short name, unique among the plans of a picture.
    pub id: Option<String>,
    /// One line for people.
    pub title: Option<String>,
    /// The instant that the plan describes.
    pub as_of: Option<Given<TimeText>>,
    /// How far the plan reaches from `as_of`; open claims end there.
    pub horizon: Option<Given<Duration>>,
    /// What altitudes without a reference of their own are measured from: "W84", "AMSL", "AGL" or "STD".
    pub altitude_reference: Option<Given<String>>,
    /// The geoid model through which AMSL altitudes may be compared with W84 ones.
    pub geoid: Option<Geoid>,
    /// Remarks.
    pub note: Option<String>,
}

/// A named geoid model over the plan's small space: one undulation and its error.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geoid {
    /// Name of the model, such as "EGM96".
    pub model: String,
    /// Height of the geoid above the ellipsoid here.
    pub undulation: Length,
    /// Largest error of that value over the plan's space; bands are widened by it.
    pub error: Length,
}

/// Where statements come from.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name.
    pub id: String,
    /// Who says so.
    pub publisher: String,
    /// Reliability and credibility, such as "C3".
    pub grade: Option<String>,
    /// The source from which this one copies: both count as one.
    pub origin: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A point on WGS84, in degrees.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Geodetic latitude, degrees, positive north, -90 to 90.
    pub lat: f64,
    /// Longitude, degrees, positive east, -180 to 180.
    pub lng: f64,
}

/// A point, or the name of a place.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Position {
    /// A place of the plan, by name or alias.
    Place(String),
    /// A point.
    Point(Point),
}

/// A place with one or several reference points.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name.
    pub name: String,
    /// Other spellings of the same place.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Geodetic latitude of the first reference point, degrees.
    pub lat: f64,
    /// Longitude of the first reference point, degrees.
    pub lng: f64,
    /// How far the point may be off.
    pub uncertainty: Option<Length>,
    /// Other published points of the same place.
    #[serde(default)]
    pub also: Vec<ReferencePoint>,
    /// Where the point comes from.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Basis of the point.
    pub basis: Option<Basis>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Another published point of a place.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferencePoint {
    /// What this point is, such as "town".
    pub name: String,
    /// Geodetic latitude, degrees.
    pub lat: f64,
    /// Longitude, degrees.
    pub lng: f64,
    /// Where the point comes from.
    pub source: Option<String>,
}

/// An outline on the ground; give exactly one of `circle`, `polygon`, `line`, `stretch`, `areas`, `parts`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// A circle.
    pub circle: Option<CircleText>,
    /// Vertices of a polygon with geodesic edges, either winding; the last does not repeat the first.
    pub polygon: Option<Vec<Position>>,
    /// A line with a width.
    pub line: Option<LineText>,
    /// A stretch of a movement's corridor with a buffer.
    pub stretch: Option<StretchText>,
    /// Named areas, all together.
    pub areas: Option<Vec<String>>,
    /// Several outlines, all together.
    pub parts: Option<Vec<Outline>>,
}

/// A circle.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CircleText {
    /// The centre.
    pub at: Position,
    /// Geodesic radius.
    pub radius: Given<Length>,
}

/// A line with a width.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineText {
    /// The waypoints.
    pub through: Vec<Position>,
    /// Total width; give this or `buffer`.
    pub width: Option<Given<Length>>,
    /// Distance to either side; give this or `width`.
    pub buffer: Option<Given<Length>>,
}

/// A stretch of a movement's corridor with a buffer on either side of its centreline.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StretchText {
    /// The movement.
    pub of: String,
    /// The waypoint where the stretch starts (default: the first).
    pub from: Option<String>,
    /// The waypoint where it ends (default: the last).
    pub to: Option<String>,
    /// Distance to either side of the centreline.
    pub buffer: Given<Length>,
}

/// A named area.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedArea {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: Option<String>,
    /// What the area is.
    #[serde(default)]
    pub role: AreaRole,
    /// The outline.
    pub outline: Outline,
    /// Basis of the outline.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// What a named area is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AreaRole {
    /// Somebody's destination.
    Objective,
    /// Space in which many have to operate.
    TightSpace,
    /// A governorate, a district.
    Administrative,
    /// Claimed by more than one.
    Contested,
    /// None of these.
    #[default]
    Other,
}

/// A river or border that can divide two sides.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Barrier {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: Option<String>,
    /// What it is.
    pub kind: BarrierKind,
    /// Its course; for a river from source to mouth, so that left and right are its banks.
    pub line: Vec<Position>,
    /// Places where it can be crossed.
    #[serde(default)]
    pub crossings: Vec<Position>,
    /// For a border: the party whose side lies to the left of the line, and the one to the right.
    pub left: Option<String>,
    /// See `left`.
    pub right: Option<String>,
    /// Basis of the course.
    pub basis: Option<Basis>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// What a barrier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BarrierKind {
    /// A river: its left and right bank as seen downstream.
    River,
    /// A border between two parties' countries.
    Border,
    /// Any other agreed line.
    Line,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Other names of the same party.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The party that this one belongs to.
    pub part_of: Option<String>,
    /// Whether it is known to this picture's neutral and files its claims (default true).
    #[serde(default = "yes")]
    pub registered: bool,
    /// Whether it is told anything (default true; a non-participant never is).
    #[serde(default = "yes")]
    pub told: bool,
    /// False for a non-participant: it owns hazards to keep out of, and nothing else is done with it.
    #[serde(default = "yes")]
    pub participant: bool,
    /// Whether it is known to operate in this space (default: it owns a claim); one without any claim is reported as unchecked.
    pub operates: Option<bool>,
    /// Remarks; what a source says of strength stays text.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

fn yes() -> bool {
    true
}

/// Claims under one command or one declared coalition.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Short name; parties may be told by it.
    pub id: String,
    /// Name for people.
    pub name: Option<String>,
    /// The party that leads: notices for the side go to it; the members acknowledge.
    pub lead: Option<String>,
    /// The parties of the coalition.
    #[serde(default)]
    pub members: Vec<String>,
    /// The party that supports the side; its own claims belong only if they are listed.
    pub supporter: Option<String>,
    /// The claims of the side.
    pub claims: Vec<String>,
    /// The party that declares that it keeps the claims of this side apart from each other.
    pub deconflicted_by: Option<Given<String>>,
    /// When the coalition is looked at again.
    pub review: Option<Given<TimeText>>,
    /// Basis of the grouping.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// What parties are to each other.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The one.
    pub from: String,
    /// The other.
    pub to: String,
    /// What `from` is to `to`.
    pub kind: RelationKind,
    /// How sure it is, in the source's word.
    pub confidence: Option<String>,
    /// Where it holds.
    pub place: Option<String>,
    /// From when.
    pub valid_from: Option<TimeText>,
    /// Until when.
    pub valid_until: Option<TimeText>,
    /// Basis.
    pub basis: Option<Basis>,
    /// The source that said so.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Kinds of relation. None of them puts anybody on a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// Gives support to.
    Supports,
    /// Is allied with.
    Ally,
    /// Endorses politically.
    Endorses,
    /// Is no threat to.
    NoThreat,
    /// Operates jointly with.
    JointOperation,
    /// Shares an interest with.
    SharedInterest,
}

/// How two parties (or two centres) reach each other, both ways.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Short name.
    pub id: String,
    /// A party or centre.
    pub from: String,
    /// A party or centre.
    pub to: String,
    /// Intermediaries in order from `from` to `to`; empty for a direct channel.
    #[serde(default)]
    pub via: Vec<String>,
    /// How long a message takes.
    pub delay: Option<Given<Duration>>,
    /// Within what time a message is to be acknowledged.
    pub acknowledge_within: Option<Given<Duration>>,
    /// What it is for.
    pub purpose: Option<String>,
    /// From when it can be used.
    pub valid_from: Option<Given<TimeText>>,
    /// Until when it can be used.
    pub valid_until: Option<Given<TimeText>>,
    /// The source that said so.
    pub source: Option<String>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A room from which a party coordinates.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// Short name.
    pub id: String,
    /// The party.
    pub party: String,
    /// Name for people.
    pub name: Option<String>,
    /// Where it is.
    pub at: Position,
    /// How far that may be off.
    pub uncertainty: Option<Length>,
    /// Other places that other reports give.
    #[serde(default)]
    pub reported_at: Vec<ReportedPlace>,
    /// The source that said so.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Another place that another report gives.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedPlace {
    /// The place.
    pub at: Position,
    /// The source that said so.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
}

/// Something that happens at a time that may not be known yet.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Short name.
    pub id: String,
    /// What happens.
    pub text: String,
    /// When, if it is known.
    pub at: Option<Given<TimeText>>,
    /// Or: when the head of this movement reaches `place`.
    pub movement: Option<String>,
    /// The waypoint or point that `movement` reaches.
    pub place: Option<Position>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Kinds of claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimKind {
    /// An air operation.
    Flight,
    /// A column along a corridor.
    Movement,
    /// An area others must not enter.
    Constraint,
    /// A protected place, always on.
    Site,
    /// Who controls or leads an area, or must be notified.
    Authority,
    /// Somebody is there.
    Presence,
}

/// What an authority claim claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// Controls the area.
    Control,
    /// Leads operations there.
    Lead,
    /// Must be notified of what happens there.
    Notify,
}

/// A party's declared use of space-time.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Short name, unique in the picture.
    pub id: String,
    /// What kind of claim it is.
    pub kind: ClaimKind,
    /// The party that makes it; a side's id stands for the side's lead. A site may have none.
    pub party: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// The operation it is part of (default: the claim is its own); volumes of one operation never conflict.
    pub operation: Option<String>,
    /// Higher goes first where two claims cannot both stand (default 0).
    pub priority: Option<i32>,
    /// The claim (a movement) that it supports, or the claims.
    #[serde(default)]
    pub supports: Vec<String>,
    /// For `authority`: what is claimed.
    pub function: Option<Function>,
    /// What stands for it on a map: the 20 digits of a symbol of MIL-STD-2525D (APP-6D) with the standard identity neutral.
    pub symbol: Option<String>,
    /// The area; not for movements.
    pub outline: Option<Outline>,
    /// Lower edge of its altitude band.
    pub lower: Option<Given<AltitudeText>>,
    /// Upper edge of its altitude band; for a ground claim its ceiling.
    pub upper: Option<Given<AltitudeText>>,
    /// From when (default: `as_of`).
    pub start: Option<Given<TimeText>>,
    /// Until when (default: the plan's horizon).
    pub end: Option<Given<TimeText>>,
    /// Window bounded by events.
    pub when: Option<When>,
    /// Only at these times of each day of its window.
    pub daily: Option<Daily>,
    /// Several volumes instead of one outline, band and window.
    #[serde(default)]
    pub volumes: Vec<VolumeText>,
    /// For `movement`: the corridor's waypoints.
    #[serde(default)]
    pub waypoints: Vec<Waypoint>,
    /// For `movement`: total width of the corridor.
    pub width: Option<Given<Length>>,
    /// For `movement` without ETAs: its speed range.
    pub speed: Option<SpeedRange>,
    /// For `movement`: length of the column on the road (default 0).
    pub pass_length: Option<Given<Length>>,
    /// For `movement`: it keeps what it has passed until its end.
    #[serde(default)]
    pub holds: bool,
    /// For `movement`: the bank of a river barrier it keeps to.
    pub bank: Option<Given<Bank>>,
    /// Basis of everything in this table that has none of its own.
    pub basis: Option<Basis>,
    /// The source that said so.
    pub source: Option<String>,
    /// Remarks; what a source says of aims and stakes stays text.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A window bounded by events; an event that is not known yet leaves that end open.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The event that opens the window.
    pub from: Option<String>,
    /// The event that closes it.
    pub until: Option<String>,
}

/// A daily window; one that ends before it starts runs over midnight.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Daily {
    /// From this time of day.
    pub from: TimeOfDay,
    /// Until this time of day.
    pub until: TimeOfDay,
}

/// One volume of a claim.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeText {
    /// The area.
    pub outline: Outline,
    /// Lower edge of its altitude band.
    pub lower: Option<Given<AltitudeText>>,
    /// Upper edge of its altitude band.
    pub upper: Option<Given<AltitudeText>>,
    /// From when.
    pub start: Option<Given<TimeText>>,
    /// Until when.
    pub end: Option<Given<TimeText>>,
}

/// A waypoint of a movement.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waypoint {
    /// Where it is.
    pub at: Position,
    /// When the head is expected there.
    pub eta: Option<Given<TimeText>>,
    /// The earliest that it can be there (default: `eta`).
    pub eta_earliest: Option<Given<TimeText>>,
    /// The latest that it can be there (default: `eta`).
    pub eta_latest: Option<Given<TimeText>>,
    /// How long it halts there; give this or `dwell_until`.
    pub dwell: Option<Given<Duration>>,
    /// Until when it halts there.
    pub dwell_until: Option<Given<TimeText>>,
    /// What it does there, in words.
    pub task: Option<String>,
    /// Basis of everything in this table that has none of its own.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A speed range.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeedRange {
    /// As slow as it can be.
    pub min: Speed,
    /// As expected.
    pub likely: Speed,
    /// As fast as it can be.
    pub max: Speed,
    /// Basis.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
}

/// A bank of a river, as seen downstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bank {
    /// Left of somebody who looks downstream.
    Left,
    /// Right of somebody who looks downstream.
    Right,
}

/// Gaps that two claims of these kinds must keep; violated when all three gaps are below their minimum.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimaRow {
    /// The two kinds, in any order.
    pub kinds: [ClaimKind; 2],
    /// Lateral minimum (default 0).
    pub lateral: Option<Given<Length>>,
    /// Vertical minimum (default 0).
    pub vertical: Option<Given<Length>>,
    /// Time minimum (default 0).
    pub time: Option<Given<Duration>>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// How loud a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// For the record.
    Note,
    /// Keep an eye on it.
    Watch,
    /// Act in time.
    Warn,
    /// Act now.
    Urgent,
    /// Lives are at stake now.
    Critical,
}

impl Level {
    /// One level louder; the loudest stays.
    #[must_use]
    pub const fn louder(self) -> Self {
        match self {
            Self::Note => Self::Watch,
            Self::Watch => Self::Warn,
            Self::Warn => Self::Urgent,
            Self::Urgent | Self::Critical => Self::Critical,
        }
    }

    /// One level quieter; the quietest stays.
    #[must_use]
    pub const fn quieter(self) -> Self {
        match self {
            Self::Note | Self::Watch => Self::Note,
            Self::Warn => Self::Watch,
            Self::Urgent => Self::Warn,
            Self::Critical => Self::Urgent,
        }
    }
}

/// A head separation and how loudly it is reported.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproachThreshold {
    /// Heads this far apart or less.
    pub distance: Given<Length>,
    /// The level.
    pub level: Level,
    /// Only between these claims (default: all movements of different sides).
    pub claims: Option<[String; 2]>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A machine-checked term between parties.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Short name.
    pub id: String,
    /// What it says, for people.
    pub text: String,
    /// What is checked.
    pub check: RuleCheck,
    /// The claims it speaks of; empty for all that it can be about.
    #[serde(default)]
    pub claims: Vec<String>,
    /// The parties it speaks of.
    #[serde(default)]
    pub parties: Vec<String>,
    /// For `stays-within` and `meeting-line`: the distance.
    pub distance: Option<Given<Length>>,
    /// For `relay-only`: the intermediaries, one of which every message goes through.
    #[serde(default)]
    pub via: Vec<String>,
    /// For `border-acknowledged`: the barrier.
    pub barrier: Option<String>,
    /// The agreement it comes from.
    pub agreement: Option<String>,
    /// How loud a broken rule is (default: warn).
    pub level: Option<Level>,
    /// From when it holds.
    pub valid_from: Option<Given<TimeText>>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// What a rule checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleCheck {
    /// The corridors of `claims` stay separate, at any time.
    Separate,
    /// A meeting line is agreed before the heads of `claims` are `distance` apart.
    MeetingLine,
    /// Each flight of `claims` stays within `distance` of the movement that it supports.
    StaysWithin,
    /// A corridor of `claims` that crosses `barrier` has that side's acknowledgement.
    BorderAcknowledged,
    /// All messages between `parties` go through one of `via`.
    RelayOnly,
    /// Nothing between `parties` is changed but by its owner: every change is a proposal that the owner accepts or refuses.
    OwnerDecides,
}

/// What two or more parties signed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Short name.
    pub id: String,
    /// Who signed; at least two parties.
    pub parties: Vec<String>,
    /// What it says, for people.
    pub text: String,
    /// From when it is in force (default: once all have acknowledged).
    pub valid_from: Option<Given<TimeText>>,
    /// Until when.
    pub valid_until: Option<Given<TimeText>>,
    /// Parties and centres that must acknowledge it before it binds them; the owners of changed claims always must.
    #[serde(default)]
    pub must_acknowledge: Vec<String>,
    /// Those that have acknowledged it.
    #[serde(default)]
    pub acknowledged: Vec<String>,
    /// Changes to claims that it makes.
    #[serde(default)]
    pub changes: Vec<ChangeText>,
    /// A meeting line that it sets between two movements.
    #[serde(default)]
    pub meeting_lines: Vec<MeetingLineText>,
    /// Border crossings that it acknowledges: movements by id.
    #[serde(default)]
    pub crossings: Vec<String>,
    /// Matters that it settles, by id; they still close only by its parties' word in the matter itself.
    #[serde(default)]
    pub matters: Vec<String>,
    /// The source that said so.
    pub source: Option<String>,
    /// Basis.
    pub basis: Option<Basis>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// A change to one claim.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeText {
    /// The claim.
    pub claim: String,
    /// New lower edge of its band.
    pub lower: Option<AltitudeText>,
    /// New upper edge of its band.
    pub upper: Option<AltitudeText>,
    /// Everything later by this much.
    pub delay: Option<Duration>,
    /// New start.
    pub start: Option<TimeText>,
    /// New end.
    pub end: Option<TimeText>,
    /// For a movement: it stops at this waypoint or point.
    pub stop_at: Option<Position>,
    /// For a movement: it keeps to its own side of this barrier, by the given bank.
    pub keep_to: Option<KeepTo>,
}

/// Keep to one side of a barrier.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepTo {
    /// The barrier.
    pub barrier: String,
    /// The side.
    pub bank: Bank,
}

/// A meeting line between two movements.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingLineText {
    /// The two movements.
    pub claims: [String; 2],
    /// Where the line is: neither head goes past it.
    pub at: Position,
}

/// An open question between parties. It never closes by itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Short name.
    pub id: String,
    /// The question.
    pub text: String,
    /// Whether it is open (default) or was closed by its parties.
    #[serde(default)]
    pub state: MatterState,
    /// Claims that it is about.
    #[serde(default)]
    pub claims: Vec<String>,
    /// Areas that it needs somebody for.
    #[serde(default)]
    pub areas: Vec<String>,
    /// For `areas`: the function that somebody has to claim.
    pub function: Option<Function>,
    /// The parties that it is between (default: the owners of `claims`).
    #[serde(default)]
    pub parties: Vec<String>,
    /// What is at stake, in the source's sense; text only.
    pub stake: Option<String>,
    /// What is feared if it stays open, in the source's sense; text only.
    pub risk: Option<String>,
    /// The party that has to see to it.
    pub owner: Option<String>,
    /// When it is to be settled; open past that, it is louder.
    pub due: Option<Given<TimeText>>,
    /// Movements whose approach makes it more urgent.
    #[serde(default)]
    pub escalates_with: Vec<String>,
    /// The source that said so.
    pub source: Option<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Whether a matter is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MatterState {
    /// Nobody has answered it.
    #[default]
    Open,
    /// Its parties closed it.
    Closed,
}

/// What a source said; give at most one of `distance`, `direction`, `adjacent`, `position`, `road`, `contradicts`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Short name.
    pub id: String,
    /// What was said, in our own words.
    pub text: String,
    /// The source.
    pub source: Option<String>,
    /// When it was said to hold.
    pub at: Option<Given<TimeText>>,
    /// What kind of thing it is.
    #[serde(default)]
    pub nature: Nature,
    /// A stated distance.
    pub distance: Option<DistanceStatement>,
    /// A stated direction.
    pub direction: Option<DirectionStatement>,
    /// A stated neighbourhood.
    pub adjacent: Option<AdjacentStatement>,
    /// A stated position of a named place.
    pub position: Option<PositionStatement>,
    /// A named road that may be more than one.
    pub road: Option<RoadStatement>,
    /// Other reports say otherwise.
    pub contradicts: Option<Contradiction>,
    /// What the text refers to and does not contain (a map).
    pub missing: Option<String>,
    /// A number that a source gives; kept as text, never computed with.
    pub quantity: Option<String>,
    /// Claims, parties, areas or matters that it is about.
    #[serde(default)]
    pub about: Vec<String>,
    /// Remarks.
    pub note: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// What kind of thing a statement is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// Said as a fact.
    #[default]
    Fact,
    /// Said as an estimate.
    Estimate,
    /// Somebody's opinion: no check, no alert.
    Opinion,
    /// The author's own inference: no fact.
    Inference,
    /// Something that will hold if something else does: text only.
    Forecast,
    /// A leftover of the text itself (heading, agency code, repeated paragraph): ignored, and said so.
    Artefact,
}

/// A stated distance between two places.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistanceStatement {
    /// From here.
    pub from: Position,
    /// To here.
    pub to: Position,
    /// Other places that the source may have meant by `to`.
    #[serde(default)]
    pub or_to: Vec<Position>,
    /// Other places that the source may have meant by `from`.
    #[serde(default)]
    pub or_from: Vec<Position>,
    /// The distance.
    pub value: Length,
    /// The movement whose route counts besides the straight line.
    pub along: Option<String>,
    /// Whether the source says that nothing lies on the way.
    #[serde(default)]
    pub empty: bool,
}

/// A stated direction from one place to another.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectionStatement {
    /// From here.
    pub from: Position,
    /// To here.
    pub to: Position,
    /// The direction.
    pub value: Compass,
}

/// A stated neighbourhood: within 10 km, and in the stated direction.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjacentStatement {
    /// From here.
    pub from: Position,
    /// To here.
    pub to: Position,
    /// The direction, if one was stated.
    pub value: Option<Compass>,
}

/// A position in numbers, and the place that is named with it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionStatement {
    /// The position.
    pub at: Position,
    /// The place.
    pub of: Position,
    /// How far from the place it may be (default: 1 km).
    pub within: Option<Length>,
}

/// A point of the compass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compass {
    /// 0°.
    North,
    /// 45°.
    Northeast,
    /// 90°.
    East,
    /// 135°.
    Southeast,
    /// 180°.
    South,
    /// 225°.
    Southwest,
    /// 270°.
    West,
    /// 315°.
    Northwest,
}

/// A named road that may be more than one.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadStatement {
    /// The name.
    pub name: String,
    /// The lines that it may mean.
    pub candidates: Vec<RoadCandidate>,
    /// Places that the source puts on it.
    pub places: Vec<Position>,
}

/// A line that a named road may mean.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadCandidate {
    /// Its name.
    pub name: String,
    /// Its course.
    pub through: Vec<Position>,
}

/// What other reports say.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// The source that says otherwise.
    pub source: Option<String>,
    /// The statement that it contradicts (default: this one).
    pub statement: Option<String>,
    /// What it says.
    pub text: String,
}

/// A word that was adopted or withdrawn.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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
    pub from: Option<TimeText>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}

/// Whether a word is to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TermState {
    /// To be used.
    Adopted,
    /// Not to be used any more; old uses keep their history.
    Withdrawn,
}

/// A pair that is expected to be clear.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectClear {
    /// The two claims; a movement without times may be one of them.
    pub claims: [String; 2],
    /// Up to this point of the first claim's corridor.
    pub until: Option<Position>,
    /// Name of that point for people.
    pub until_name: Option<String>,
    /// At least this far apart (default: not touching).
    pub at_least: Option<Given<Length>>,
    /// What it rests on.
    pub text: Option<String>,
    /// Rows of the source study that this entry carries.
    #[serde(default)]
    pub rows: Vec<u32>,
}
