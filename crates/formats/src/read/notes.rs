//! What was assumed while reading: each kind of assumption with how often and where first. Does not know the values.

/// A kind of assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// No party was named.
    NoParty,
    /// The party that the user gave for claims without one.
    PartyGiven,
    /// No kind was named, but altitudes were: a flight.
    KindFlight,
    /// The kind that the user gave for claims without one.
    KindGiven,
    /// The reference that the user gave for altitudes without one.
    ReferenceGiven,
    /// The format says what altitudes without a reference are measured from.
    ReferenceOfFormat,
    /// No lower edge.
    LowerMissing,
    /// No upper edge.
    UpperMissing,
    /// The lower edge is the ground, and the upper edge is not measured from it.
    FromGround,
    /// The edges are over different references.
    MixedReferences,
    /// The width that the user gave.
    WidthGiven,
    /// The height that the user gave.
    HeightGiven,
    /// The start of the period instead of a start.
    PeriodStart,
    /// The end of the period instead of an end.
    PeriodEnd,
    /// No time at all, and no period: always.
    Always,
    /// A hole was filled.
    HoleFilled,
    /// Edges stray from straight lines on a map.
    EdgesStray,
    /// Arcs became vertices.
    ArcDrawn,
    /// The claim has the name of its entry.
    NamedAfterEntry,
    /// A name that several entries have got a number.
    NameNumbered,
    /// Bytes that are not UTF-8 were taken for Latin-1.
    Latin1,
    /// What restricts nobody was left out.
    NoRestriction,
    /// What the user did not ask for was left out.
    ClassLeftOut,
    /// Hours that hang on daylight became whole days.
    Daylight,
    /// Hours that do not reach into the period.
    NotInPeriod,
    /// Activation that is not known yet.
    ActivationOpen,
}

const NOTES: usize = Note::ActivationOpen as usize + 1;

/// How often and where something was assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    count: u64,
    line: usize,
    /// The greatest measure that goes with it; what it measures depends on the kind.
    greatest: f64,
}

/// All assumptions so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Notes {
    tallies: [Tally; NOTES],
}

/// Something that the file did not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// What was assumed, in words.
    pub what: String,
    /// In how many entries.
    pub count: u64,
    /// The line of the first of them.
    pub line: usize,
}

impl Default for Notes {
    fn default() -> Self {
        Self { tallies: [Tally::default(); NOTES] }
    }
}

impl Notes {
    /// Notes one case.
    pub fn add(&mut self, note: Note, line: usize) {
        self.measure(note, line, 0.0);
    }

    /// Notes one case with a measure, of which the greatest is kept.
    pub fn measure(&mut self, note: Note, line: usize, measure: f64) {
        let tally = &mut self.tallies[note as usize];
        if tally.count == 0 {
            tally.line = line;
        }
        tally.count += 1;
        tally.greatest = tally.greatest.max(measure);
    }

    /// Adds the notes of a later part of the file that starts after `lines` lines.
    pub fn append(&mut self, later: &Self, lines: usize) {
        for (tally, later) in self.tallies.iter_mut().zip(&later.tallies) {
            if tally.count == 0 && later.count > 0 {
                tally.line = later.line + lines;
            }
            tally.count += later.count;
            tally.greatest = tally.greatest.max(later.greatest);
        }
    }

    /// All of them in words; `words` gives those of a kind, with the greatest measure.
    pub fn into_list(self, words: impl Fn(Note, f64) -> String) -> Vec<Assumption> {
        let kinds = ALL.iter().zip(&self.tallies).filter(|(_, tally)| tally.count > 0);
        kinds.map(|(note, t)| Assumption { what: words(*note, t.greatest), count: t.count, line: t.line }).collect()
    }
}

/// Every kind, in order.
const ALL: [Note; NOTES] = [
    Note::NoParty,
    Note::PartyGiven,
    Note::KindFlight,
    Note::KindGiven,
    Note::ReferenceGiven,
    Note::ReferenceOfFormat,
    Note::LowerMissing,
    Note::UpperMissing,
    Note::FromGround,
    Note::MixedReferences,
    Note::WidthGiven,
    Note::HeightGiven,
    Note::PeriodStart,
    Note::PeriodEnd,
    Note::Always,
    Note::HoleFilled,
    Note::EdgesStray,
    Note::ArcDrawn,
    Note::NamedAfterEntry,
    Note::NameNumbered,
    Note::Latin1,
    Note::NoRestriction,
    Note::ClassLeftOut,
    Note::Daylight,
    Note::NotInPeriod,
    Note::ActivationOpen,
];
