//! Whether a bundle proves what it says: every link, every signature, and that what was signed is about these very entries.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::bundle::{Bundle, SignedBy};
use crate::hash::{Hash, link};
use crate::key::PublicKey;
use crate::ladder::{Countersigned, Rung, Said, Vouched, Word, countersigned, ladder, words};
use crate::not_proved::not_proved;
use crate::problem::{Problem, ProblemKind, shown};
use crate::statement::{Head, Statement};
use crate::strict;

/// The name under which the service signs. No party may be called so.
pub const SERVICE: &str = "service";

/// How far what holds together is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The key of everybody who signed is the trusted one.
    Proved,
    /// For the key of somebody who signed, there is no word but the bundle's own.
    KeysNotVouchedFor,
    /// Nobody signed anything: whoever made the bundle could have made all of it up.
    NothingSigned,
}

/// What a bundle proves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// How far it is proved.
    pub standing: Standing,
    /// The notice: the number of its entry.
    pub notice: u64,
    /// Whose stream it is in.
    pub stream: String,
    /// The hash of the notice's entry.
    pub hash: Hash,
    /// The notice as it was logged and sent.
    pub body: String,
    /// How many entries of the stream are here; the first is number 1.
    pub entries: u64,
    /// What became of the notice, lowest rung first.
    pub ladder: Vec<Rung>,
    /// Heads of the stream that somebody signed.
    pub countersigned: Vec<Countersigned>,
    /// Offers and answers that somebody signed.
    pub words: Vec<Word>,
    /// What this bundle does not prove, each in a sentence.
    pub not_proved: Vec<String>,
}

/// Checks a bundle, as it was exported, byte by byte. `trusted` says whose key is which, as far as the caller knows; a party may have several.
/// Without any, the keys that the bundle names are used, and the verdict says that nobody vouches for them.
///
/// # Errors
/// Every problem. If one is [`ProblemKind::Unusable`], it may be the reason for others.
pub fn verify(bytes: &[u8], trusted: &[(String, PublicKey)]) -> Result<Verdict, Vec<Problem>> {
    let bundle = Bundle::read(bytes)?;
    let (named, problems, marks, said) = (BTreeMap::new(), Vec::new(), Vec::new(), Vec::new());
    let mut check = Check { bundle: &bundle, trusted, named, problems, marks, said };
    check.keys();
    check.chain();
    let is_chain = check.problems.is_empty();
    let of_notice = bundle.notice.checked_sub(1).and_then(|at| bundle.entries.get(usize::try_from(at).ok()?));
    if of_notice.is_none() {
        let entries = bundle.entries.len();
        check.refute("notice", bundle.notice.to_string(), format!("the number of one of the {entries} entries that are here"));
    }
    for (at, signed) in bundle.signed.iter().enumerate() {
        check.signed(&format!("signed[{at}]"), signed);
    }
    check.hold_marks_against_chain(is_chain);
    let Check { problems, said, .. } = check;
    match of_notice {
        Some(entry) if problems.is_empty() => Ok(Verdict {
            standing: if said.is_empty() {
                Standing::NothingSigned
            } else if said.iter().all(|one| one.key == Vouched::Given) {
                Standing::Proved
            } else {
                Standing::KeysNotVouchedFor
            },
            notice: bundle.notice,
            stream: bundle.stream.clone(),
            hash: entry.hash,
            body: entry.body.clone(),
            entries: bundle.entries.len() as u64,
            ladder: ladder(bundle.notice, SERVICE, &said),
            countersigned: countersigned(&said),
            words: words(&said),
            not_proved: not_proved(&bundle, trusted, &said),
        }),
        _ => Err(problems),
    }
}

/// An entry that somebody signed for, by its number and hash.
struct Mark {
    path: String,
    by: String,
    seq: u64,
    hash: Hash,
}

struct Check<'a> {
    bundle: &'a Bundle,
    trusted: &'a [(String, PublicKey)],
    /// Whose key is which, as the bundle names them.
    named: BTreeMap<&'a str, PublicKey>,
    problems: Vec<Problem>,
    marks: Vec<Mark>,
    said: Vec<Said>,
}

impl Check<'_> {
    fn refute(&mut self, path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) {
        let (path, found, expected) = (path.into(), found.into(), expected.into());
        self.problems.push(Problem { kind: ProblemKind::Refuted, path, found, expected });
    }

    /// One key for each party, and the trusted one where the caller has one.
    fn keys(&mut self) {
        let mut owners: BTreeMap<&[u8; 32], &str> = BTreeMap::new();
        for (at, named) in self.bundle.keys.iter().enumerate() {
            if self.named.insert(&named.party, named.key).is_some() {
                let found = format!("{} for a second time", shown(&named.party));
                self.refute(format!("keys[{at}].party"), found, "one key for each party");
            }
            // Who signed stands beside the content, not in it: with one key for two, either could be named.
            let before = owners.insert(named.key.as_bytes(), &named.party);
            if let Some(before) = before.filter(|before| *before != named.party) {
                let found = format!("{}, the key of {}, too", named.key, shown(before));
                self.refute(format!("keys[{at}].key"), found, format!("a key of {} alone", shown(&named.party)));
            }
            if let Some(expected) = self.trusted_instead(&named.party, named.key) {
                self.refute(format!("keys[{at}].key"), named.key.to_string(), expected);
            }
        }
    }

    /// What is expected instead of a key, if the caller knows this party and not this key.
    fn trusted_instead(&self, party: &str, key: PublicKey) -> Option<String> {
        let known: Vec<PublicKey> = self.trusted.iter().filter(|(name, _)| name == party).map(|(_, key)| *key).collect();
        let known_as: Vec<String> = known.iter().map(ToString::to_string).collect();
        (!known.is_empty() && !known.contains(&key))
            .then(|| format!("the trusted key of {}: {}", shown(party), known_as.join(" or ")))
    }

    /// Numbers from 1 without gaps, each entry linked to the one before.
    fn chain(&mut self) {
        let (mut seq, mut previous) = (0_u64, Hash::ZERO);
        for (at, entry) in self.bundle.entries.iter().enumerate() {
            let path = |member: &str| format!("entries[{at}].{member}");
            // What is wrong with one entry is not said of the next again: each is held against what the one before says of itself.
            match seq.checked_add(1) {
                Some(next) if next == entry.seq => {}
                Some(next) => {
                    self.refute(path("seq"), entry.seq.to_string(), format!("{next}: entries are numbered without gaps"))
                }
                None => self.refute(path("seq"), entry.seq.to_string(), "no entry after the last number that there is"),
            }
            if entry.previous != previous {
                let expected = format!("{previous}, the hash of the entry before");
                self.refute(path("previous"), entry.previous.to_string(), expected);
            }
            let computed = link(&self.bundle.stream, entry.seq, &entry.previous, entry.body.as_bytes());
            if entry.hash != computed {
                self.refute(path("hash"), entry.hash.to_string(), format!("{computed}, computed from what is here"));
            }
            if let Err(why) = strict::parse(entry.body.as_bytes()) {
                self.refute(path("body"), format!("no JSON: {why}"), "one JSON value");
            }
            (seq, previous) = (entry.seq, entry.hash);
        }
    }

    /// One thing signed: by this party, with its key, and about this notice or stream.
    fn signed(&mut self, path: &str, SignedBy { by, signed }: &SignedBy) {
        let key = match signed.check() {
            Ok(key) => key,
            Err(why) => {
                return self.refute(format!("{path}.signature"), why.to_string(), format!("a signature of {}", shown(by)));
            }
        };
        let bundle = self.bundle;
        match self.named.get(&**by) {
            Some(named) if *named == key => {}
            Some(named) => {
                let expected = format!("{named}, the key of {}", shown(by));
                return self.refute(format!("{path}.key"), key.to_string(), expected);
            }
            None => {
                return self.refute(format!("{path}.by"), shown(by), "somebody whose key is among the keys");
            }
        }
        if let Some(expected) = self.trusted_instead(by, key) {
            return self.refute(format!("{path}.key"), key.to_string(), expected);
        }
        let statement = match signed.statement() {
            Ok(statement) => statement,
            Err(problems) => {
                let within = |Problem { kind, path: inner, found, expected }: Problem| {
                    let dot = if inner.is_empty() { "" } else { "." };
                    Problem { kind, path: format!("{path}.content{dot}{inner}"), found, expected }
                };
                return self.problems.extend(problems.into_iter().map(within));
            }
        };
        let is_about = match &statement {
            Statement::Step(step) => {
                let is_theirs = self.is_by(path, by, &bundle.stream);
                if step.notice != bundle.notice {
                    let expected = format!("{}, the notice that this is about", bundle.notice);
                    return self.refute(format!("{path}.content.notice"), step.notice.to_string(), expected);
                }
                let path = format!("{path}.content.hash");
                self.marks.push(Mark { path, by: by.clone(), seq: step.notice, hash: step.hash });
                is_theirs
            }
            Statement::Heartbeat(head) => self.is_by(path, by, &bundle.stream) && self.head(path, "heartbeat", by, head),
            Statement::Head(head) => self.is_by(path, by, SERVICE) && self.head(path, "head", by, head),
            Statement::Offer { .. } | Statement::Acceptance { .. } => true,
        };
        if is_about {
            let key = if self.trusted.iter().any(|(party, _)| party == by) { Vouched::Given } else { Vouched::BundleAlone };
            self.said.push(Said { by: by.clone(), key, statement });
        }
    }

    fn is_by(&mut self, path: &str, by: &str, expected: &str) -> bool {
        if by != expected {
            self.refute(format!("{path}.by"), shown(by), format!("{}, who alone can say this", shown(expected)));
        }
        by == expected
    }

    fn head(&mut self, path: &str, member: &str, by: &str, head: &Head) -> bool {
        let path = |inner: &str| format!("{path}.content.{member}.{inner}");
        let entries = self.bundle.entries.len() as u64;
        if head.stream != self.bundle.stream {
            let expected = format!("{}, whose stream this is", shown(&self.bundle.stream));
            self.refute(path("stream"), shown(&head.stream), expected);
            return false;
        }
        if head.seq > entries {
            let expected = format!("at most {entries}, the last entry here: those after it are missing");
            self.refute(path("seq"), head.seq.to_string(), expected);
            return false;
        }
        self.marks.push(Mark { path: path("hash"), by: by.to_owned(), seq: head.seq, hash: head.hash });
        true
    }

    /// Every entry that was signed for is the one that is here; else there are two histories. A link stands for all before it: what
    /// agrees at one entry agrees up to there.
    fn hold_marks_against_chain(&mut self, is_chain: bool) {
        let here = |seq: u64| match seq.checked_sub(1) {
            None => Some(Hash::ZERO),
            Some(at) => self.bundle.entries.get(usize::try_from(at).ok()?).map(|entry| entry.hash),
        };
        let (same, other): (Vec<&Mark>, Vec<&Mark>) = self.marks.iter().partition(|mark| here(mark.seq) == Some(mark.hash));
        let first_other = other.iter().map(|mark| mark.seq).min().unwrap_or_default();
        let last_same = same.iter().map(|mark| mark.seq).filter(|seq| *seq < first_other).max().unwrap_or_default();
        let problem = |mark: &&Mark| {
            let here = here(mark.seq)?;
            let mut expected = format!("{here}, which entry {} has here", mark.seq);
            if is_chain && mark.seq > 0 {
                expected += &format!(
                    ": two histories of this stream, which part after entry {last_same} and no later than at entry {first_other}"
                );
            }
            let found = format!("{}, for which {} signed", mark.hash, shown(&mark.by));
            let kind = if is_chain { ProblemKind::Split } else { ProblemKind::Refuted };
            Some(Problem { kind, path: mark.path.clone(), found, expected })
        };
        let problems: Vec<Problem> = other.iter().filter_map(problem).collect();
        self.problems.extend(problems);
    }
}
