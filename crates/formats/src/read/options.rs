//! What the reader is told beside the file: what holds where the file says nothing, and how much it puts up with.

use deconflict_plan::model::ClaimKind;
use deconflict_spacetime::{AltitudeReference, TimeSpan};

/// What holds where a file says nothing. Nothing is assumed that is not given here, but for what `docs/formats.md` lists.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Go on past what is wrong: it is counted and listed in the summary, and nothing of it is delivered.
    pub skip_invalid: bool,
    /// The kind of claims whose file does not say it. Not for formats that only hold one kind.
    pub kind: Option<ClaimKind>,
    /// The party of claims whose file does not name one. Without it, each claim is on a side of its own.
    pub party: Option<String>,
    /// What altitudes are measured from where the file does not say it.
    pub altitude_reference: Option<AltitudeReference>,
    /// The total width of lines that have none, metres.
    pub width_m: Option<f64>,
    /// The total height around a path that has none, metres.
    pub height_m: Option<f64>,
    /// The span that is looked at: claims without times hold throughout, daily hours are written out within it.
    pub period: Option<TimeSpan>,
    /// Take holes in polygons as part of them, instead of refusing them.
    pub fill_holes: bool,
    /// Refuse a lower and an upper edge over different references, instead of widening the band downward.
    pub refuse_mixed_references: bool,
    /// Only airspace of these classes or types (OpenAir `AC` and `AY`); all if it is empty.
    pub airspace_classes: Vec<String>,
    /// How many threads parse; as many as there are cores, four at most, if it is not given.
    pub workers: Option<usize>,
}
