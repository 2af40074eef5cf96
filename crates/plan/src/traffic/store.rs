//! The store: claims by number, their volumes in one flat set, and what was passed over on the way in.

use std::collections::HashMap;

use deconflict_conflict::Volumes;
use deconflict_spacetime::{AltitudeBand, AltitudeReference, Time, TimeSpan, Volume4D};

use super::ClaimVolume;
use crate::Problem;
use crate::engine::candidates::{class, has_altitude};
use crate::model::{Assumption, Basis, Claim, ClaimBody, ClaimKind};

const REFERENCES: [AltitudeReference; 4] =
    [AltitudeReference::W84, AltitudeReference::Amsl, AltitudeReference::Agl, AltitudeReference::Std];

/// What is known of a claim besides its volumes.
#[derive(Clone, Debug)]
struct Head {
    id: Box<str>,
    name: Option<Box<str>>,
    party: Option<u32>,
    kind: ClaimKind,
    priority: i32,
    /// The file that declares it.
    file: u32,
}

/// An entry of a file that could not be read and was passed over: nothing is known of what it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The claim, if its name could be read.
    pub claim: Option<String>,
    /// What is wrong; never empty.
    pub problems: Vec<Problem>,
}

/// Claims that consist of volumes alone.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    heads: Vec<Head>,
    by_id: HashMap<Box<str>, u32>,
    parties: Vec<String>,
    party_numbers: HashMap<String, u32>,
    files: Vec<String>,
    /// Ids that a second file declares: claim, second file.
    twice: Vec<(u32, u32)>,
    /// The claim of the last row: rows of a claim mostly follow each other.
    last: Option<u32>,
    volumes: Volumes,
    /// Bands of volumes that are compared at any altitude and still declare one: a ceiling makes a conflict of a caution.
    ceilings: HashMap<u32, AltitudeBand>,
    /// How many bands are over W84, AMSL, AGL, STD.
    references: [u64; 4],
    span: Option<TimeSpan>,
    /// Entries that were passed over.
    pub passed: Vec<Passed>,
    /// How many were passed over but are not listed.
    pub passed_more: u64,
    /// What the files did not say.
    pub assumptions: Vec<Assumption>,
}

impl Traffic {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows that follow come from this file.
    pub fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
        self.last = None;
    }

    /// Adds a volume of a claim. Rows of one claim in one file agree in all but the volume; who reads the file sees to it.
    ///
    /// # Panics
    /// There would be 2³² claims or volumes, or no file was begun.
    pub fn add(&mut self, row: ClaimVolume) {
        let file = u32::try_from(self.files.len().checked_sub(1).expect("a file was begun")).expect("fewer than 2^32 files");
        let claim = match self.last.filter(|&last| *self.heads[last as usize].id == *row.claim) {
            Some(last) => last,
            None => self.number(&row, file),
        };
        self.last = Some(claim);
        self.span = Some(self.span.map_or(row.span, |span| span.hull(row.span)));
        // Sites and presences meet others at any altitude: see `has_altitude`.
        let compared = row.band.filter(|_| has_altitude(row.kind));
        let volume = self.volumes.push(claim, class(row.kind), &row.footprint, compared, row.span);
        if let Some(band) = row.band {
            self.references[REFERENCES.iter().position(|known| *known == band.lower().reference()).expect("all are listed")] += 1;
            if compared.is_none() {
                self.ceilings.insert(volume, band);
            }
        }
    }

    fn number(&mut self, row: &ClaimVolume, file: u32) -> u32 {
        if let Some(&known) = self.by_id.get(row.claim.as_str()) {
            if self.heads[known as usize].file != file && self.twice.last() != Some(&(known, file)) {
                self.twice.push((known, file));
            }
            return known;
        }
        let party = row.party.as_ref().map(|party| {
            let next = u32::try_from(self.parties.len()).expect("fewer than 2^32 parties");
            *self.party_numbers.entry(party.clone()).or_insert_with(|| {
                self.parties.push(party.clone());
                next
            })
        });
        let number = u32::try_from(self.heads.len()).expect("fewer than 2^32 claims");
        let id: Box<str> = row.claim.as_str().into();
        let name = row.name.as_deref().map(Box::from);
        self.heads.push(Head { id: id.clone(), name, party, kind: row.kind, priority: row.priority, file });
        self.by_id.insert(id, number);
        number
    }

    /// A problem for every claim that two files declare.
    pub fn problems(&self) -> Vec<Problem> {
        let problem = |&(claim, second): &(u32, u32)| {
            let head = &self.heads[claim as usize];
            Problem {
                file: self.files[second as usize].clone(),
                line: None,
                path: String::new(),
                found: format!("claim {:?}, which {} has as well", head.id, self.files[head.file as usize]),
                expected: "each claim in one file".to_owned(),
            }
        };
        self.twice.iter().map(problem).collect()
    }

    /// Notes something that a file did not say.
    pub fn assume(&mut self, path: String, value: String) {
        self.assumptions.push(Assumption { path, value, basis: Basis::Assumed, note: None });
    }

    /// How many claims.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is no claim.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// All volumes; the operation of each is the number of its claim.
    pub fn volumes(&self) -> &Volumes {
        &self.volumes
    }

    /// A volume as a value of its own, with its band as filed.
    pub(super) fn volume(&self, number: u32) -> Volume4D {
        let volume = self.volumes.volume(number);
        Volume4D { band: volume.band.or_else(|| self.ceilings.get(&number).copied()), ..volume }
    }

    /// What most altitudes are measured from.
    pub fn altitude_reference(&self) -> AltitudeReference {
        let most = self.references.iter().max().expect("there are four");
        let at = self.references.iter().position(|count| count == most).expect("it is one of them");
        REFERENCES[at]
    }

    /// From the first start to the last end.
    pub fn span(&self) -> Option<TimeSpan> {
        self.span
    }

    /// The first start.
    pub fn first(&self) -> Option<Time> {
        self.span.map(TimeSpan::start)
    }

    /// Id of a claim by its number.
    pub fn id(&self, number: u32) -> &str {
        &self.heads[number as usize].id
    }

    /// The claim with this id.
    pub fn number_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// Names of the parties, as the files have them.
    pub fn parties(&self) -> &[String] {
        &self.parties
    }

    pub(super) fn kind(&self, number: u32) -> ClaimKind {
        self.heads[number as usize].kind
    }

    pub(super) fn party(&self, number: u32) -> Option<&str> {
        self.heads[number as usize].party.map(|party| self.parties[party as usize].as_str())
    }

    /// A claim without its volumes, owned by `party`.
    pub(super) fn claim(&self, number: u32, party: Option<String>) -> Claim {
        let head = &self.heads[number as usize];
        let id = head.id.to_string();
        Claim {
            name: head.name.as_deref().unwrap_or(&head.id).to_owned(),
            kind: head.kind,
            operation: id.clone(),
            side: party.as_ref().map_or_else(|| format!("claim:{id}"), |party| format!("party:{party}")),
            party,
            priority: head.priority,
            supports: Vec::new(),
            body: ClaimBody::Volumes(Vec::new()),
            window_open: false,
            bound_from: None,
            bound_until: None,
            bank: None,
            keeps_to: Vec::new(),
            basis: Basis::Stated,
            stretch_of: None,
            symbol: None,
            note: None,
            id,
        }
    }
}
