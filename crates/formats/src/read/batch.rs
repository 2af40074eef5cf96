//! What comes out of a part of a file, and how the parts are put together in the file's order. Does not know formats.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use deconflict_plan::ClaimVolume;
use deconflict_spacetime::{AltitudeBand, Footprint, TimeSpan};

use super::notes::Notes;
use super::options::ReadOptions;
use super::problems::{Fatal, Fault, Problems};
use super::properties::{Head, PROPERTIES, Reporter};
use super::{Ignored, ReadSummary};

/// Most names of properties that mean nothing to us that are remembered.
const IGNORED_MAX: usize = 50;

/// Most volumes of one entry.
pub const PIECES_MAX: usize = 100_000;

/// One volume of an entry.
pub type Piece = (Footprint, Option<AltitudeBand>, TimeSpan);

/// Which other entries may belong to the same claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Any that agree with it.
    Any,
    /// None: the claim is named after the entry's own id.
    NoneOfItsId,
    /// None: the rows of a path stand together.
    NoneApart,
}

/// What an entry gives: what its volumes agree in, who else may belong to it, and the volumes.
pub type Claim = (Head, Company, Vec<Piece>);

/// One entry of a file that is good: which claim it belongs to, and how many rows.
#[derive(Clone, Copy, Debug)]
struct Found {
    line: usize,
    /// Hash of the claim's id.
    claim: u64,
    /// Hash of what all entries of a claim agree in.
    agrees: u64,
    company: Company,
    rows: usize,
}

/// What came out of a part of a file.
#[derive(Debug, Default)]
pub struct Batch {
    rows: Vec<ClaimVolume>,
    found: Vec<Found>,
    bad: Vec<(Option<String>, Vec<Fault>)>,
    /// Assumptions.
    pub notes: Notes,
    /// Names of properties that mean nothing to us, and how often they came.
    ignored: Vec<(String, u64)>,
    /// How many lines the part has, if its lines count from 1; zero if they count from the start of the file.
    pub lines: usize,
    /// Bytes of the file that had been read when this part was.
    pub bytes: u64,
    /// What makes the rest of the file unreadable.
    pub fatal: Option<Fatal>,
}

/// Each of the footprints with each of the spans.
///
/// Reports more of them than there may be.
pub fn at_all_times(layers: &[(Footprint, AltitudeBand)], spans: &[TimeSpan], to: &mut Reporter) -> Option<Vec<Piece>> {
    let count = layers.len().saturating_mul(spans.len());
    if count > PIECES_MAX {
        to.fault("", format!("{} outlines at {} times", layers.len(), spans.len()), format!("at most {PIECES_MAX} volumes"));
        return None;
    }
    let pieces =
        spans.iter().flat_map(|&span| layers.iter().map(move |(footprint, band)| (footprint.clone(), Some(*band), span)));
    Some(pieces.collect())
}

fn hash_of(value: impl Hash) -> u64 {
    // Its keys are fixed, so that the same file gives the same answer.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Batch {
    /// Nothing but what makes the rest of the file unreadable.
    pub fn failed(fatal: Fatal) -> Self {
        Self { fatal: Some(fatal), ..Self::default() }
    }

    /// Nothing yet, after so many bytes of the file.
    pub fn at(bytes: u64) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Adds a good entry.
    pub fn add(&mut self, line: usize, head: Head, company: Company, pieces: Vec<Piece>) {
        let Head { claim, party, kind, name, priority } = head;
        let found = Found {
            line,
            claim: hash_of(&claim),
            agrees: hash_of((&party, kind as u8, &name, priority)),
            company,
            rows: pieces.len(),
        };
        self.found.push(found);
        let mut head = Some((claim, party, name));
        let last = pieces.len().saturating_sub(1);
        for (index, (footprint, band, span)) in pieces.into_iter().enumerate() {
            let own = if index == last { head.take() } else { head.clone() };
            let Some((claim, party, name)) = own else { break };
            self.rows.push(ClaimVolume { claim, party, kind, name, priority, footprint, band, span });
        }
    }

    /// Adds an entry that has faults.
    pub fn add_bad(&mut self, claim: Option<String>, faults: Vec<Fault>) {
        self.bad.push((claim, faults));
    }

    /// How many entries have faults.
    pub fn bad_count(&self) -> usize {
        self.bad.len()
    }

    /// Puts `prefix` before the paths of the faults of entries from the `since`th on.
    pub fn prefix_bad_since(&mut self, since: usize, prefix: &str) {
        for fault in self.bad.iter_mut().skip(since).flat_map(|(_, faults)| faults) {
            fault.path = if fault.path.is_empty() { prefix.to_owned() } else { format!("{prefix}.{}", fault.path) };
        }
    }

    /// Reads one entry: what `read` gives is added, or its faults if there are any.
    pub fn entry(
        &mut self,
        line: usize,
        prefix: &str,
        options: &ReadOptions,
        read: impl FnOnce(&mut Reporter) -> (Option<String>, Option<Claim>),
    ) {
        let mut faults = Vec::new();
        let mut to = Reporter { options, notes: &mut self.notes, faults: &mut faults, line, prefix };
        let read = read(&mut to);
        if let (_, Some((_, _, pieces))) = &read
            && pieces.len() > PIECES_MAX
        {
            to.fault("", format!("{} volumes in one entry", pieces.len()), format!("at most {PIECES_MAX}"));
        }
        match read {
            (_, Some((head, company, pieces))) if faults.is_empty() => self.add(line, head, company, pieces),
            (claim, _) => {
                assert!(!faults.is_empty(), "an entry is refused with a reason (line {line})");
                self.add_bad(claim, faults);
            }
        }
    }

    /// Counts a property that means nothing to us.
    pub fn ignore(&mut self, name: &str) {
        ignore(&mut self.ignored, name, 1);
    }
}

fn ignore(ignored: &mut Vec<(String, u64)>, name: &str, count: u64) {
    if let Some((_, times)) = ignored.iter_mut().find(|(known, _)| known == name) {
        *times += count;
    } else if ignored.len() < IGNORED_MAX {
        ignored.push((name.to_owned(), count));
    }
}

/// What is told of a property that means nothing to us.
fn told((name, count): (String, u64)) -> Ignored {
    let closeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), known);
    // The comparison is quadratic, and longer names are no slips of the finger.
    let known = PROPERTIES.iter().map(|(_, known)| *known).filter(|_| name.len() <= 60);
    let near = known.map(|known| (closeness(known), known)).filter(|(closeness, _)| *closeness > 0.9);
    let meant = near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known);
    Ignored { name, count, meant }
}

/// A claim that was met: where first, and what its entries agree in.
#[derive(Clone, Copy, Debug)]
struct Known {
    line: usize,
    agrees: u64,
    company: Company,
}

/// Puts the parts together and hands the rows on.
pub struct Collector<'s> {
    sink: &'s mut dyn FnMut(ClaimVolume),
    problems: Problems,
    claims: HashMap<u64, Known>,
    /// The claim of the entry before, which the next one mostly belongs to as well.
    last: Option<(u64, Known)>,
    notes: Notes,
    ignored: Vec<(String, u64)>,
    lines: usize,
    rows: u64,
    entries: u64,
    fatal: Option<Fatal>,
}

impl<'s> Collector<'s> {
    /// Nothing yet of `file`.
    pub fn new(file: &str, options: &ReadOptions, sink: &'s mut dyn FnMut(ClaimVolume)) -> Self {
        Self {
            sink,
            problems: Problems::new(file, options.skip_invalid),
            claims: HashMap::new(),
            last: None,
            notes: Notes::default(),
            ignored: Vec::new(),
            lines: 0,
            rows: 0,
            entries: 0,
            fatal: None,
        }
    }

    /// Adds the next part of the file.
    pub fn add(&mut self, batch: Batch) {
        let base = self.lines;
        self.notes.append(&batch.notes, base);
        for (name, count) in &batch.ignored {
            ignore(&mut self.ignored, name, *count);
        }
        self.entries += (batch.found.len() + batch.bad.len()) as u64;
        let mut rows = batch.rows.into_iter();
        for mut found in batch.found {
            found.line += base;
            let own = rows.by_ref().take(found.rows);
            match self.clash(found) {
                None if self.problems.refused() => own.for_each(drop),
                None => {
                    self.rows += found.rows as u64;
                    own.for_each(&mut *self.sink);
                }
                Some(fault) => {
                    let claim = own.map(|row| row.claim).last();
                    self.problems.add(claim, vec![fault]);
                }
            }
        }
        for (claim, mut faults) in batch.bad {
            faults.iter_mut().for_each(|fault| fault.line += base);
            self.problems.add(claim, faults);
        }
        if let Some(mut fatal) = batch.fatal {
            fatal.line += base;
            self.fatal.get_or_insert(fatal);
        }
        self.lines += batch.lines;
    }

    /// What is wrong with an entry beside those before it.
    fn clash(&mut self, found: Found) -> Option<Fault> {
        let new = Known { line: found.line, agrees: found.agrees, company: found.company };
        let known = match self.last {
            Some((claim, known)) if claim == found.claim => Some(known),
            _ => self.claims.get(&found.claim).copied(),
        };
        let Some(known) = known else {
            self.claims.insert(found.claim, new);
            self.last = Some((found.claim, new));
            return None;
        };
        self.last = Some((found.claim, known));
        let line = known.line;
        let apart = |company| known.company == company || found.company == company;
        if apart(Company::NoneOfItsId) {
            let was = format!("an id that line {line} has already");
            return Some(Fault::new(
                found.line,
                "id",
                was,
                "an id of its own, or the property `claim` where several are one claim",
            ));
        }
        if apart(Company::NoneApart) {
            let was = format!("rows of a claim that has others from line {line} on");
            return Some(Fault::new(found.line, "claim", was, "all rows of a claim together: sort them by claim and time"));
        }
        (known.agrees != found.agrees).then(|| {
            let was = format!("another party, kind, name or priority than the same claim has on line {}", known.line);
            Fault::new(found.line, "claim", was, "all volumes of a claim agreeing, or different ids")
        })
    }

    /// What came out of the whole file.
    ///
    /// # Errors
    /// All problems, where something is wrong and must not be skipped.
    pub fn finish(self, words: impl Fn(super::notes::Note, f64) -> String) -> Result<ReadSummary, Vec<deconflict_plan::Problem>> {
        if self.fatal.is_some() || self.problems.refused() {
            return Err(self.problems.into_list(self.fatal));
        }
        let (skipped, skipped_count) = self.problems.into_skipped();
        Ok(ReadSummary {
            entries: self.entries,
            claims: self.claims.len() as u64,
            volumes: self.rows,
            skipped,
            skipped_count,
            assumptions: self.notes.into_list(words),
            ignored: self.ignored.into_iter().map(told).collect(),
        })
    }
}
