//! What the tests of all formats share: reading a text whole, a seeded random, and damage to files.

#![allow(dead_code)]

use std::cell::RefCell;

use deconflict_formats::read::{Format, ReadOptions, ReadSummary, read};
use deconflict_plan::{ClaimVolume, Problem};

/// What came of a file.
pub type Outcome = Result<(Vec<ClaimVolume>, ReadSummary), Vec<Problem>>;

/// Reads bytes as a file of this format.
pub fn read_bytes(format: Format, bytes: &[u8], options: &ReadOptions) -> Outcome {
    let rows = RefCell::new(Vec::new());
    let summary = read(bytes, "test", format, options, &mut |row| rows.borrow_mut().push(row), &|_| ());
    summary.map(|summary| (rows.into_inner(), summary))
}

/// The rows of a good text.
pub fn rows(format: Format, text: &str, options: &ReadOptions) -> Vec<ClaimVolume> {
    match read_bytes(format, text.as_bytes(), options) {
        Ok((rows, _)) => rows,
        Err(problems) => panic!("expected rows, found {problems:?}\nin {text}"),
    }
}

/// The problems of a bad text.
pub fn problems(format: Format, text: &str, options: &ReadOptions) -> Vec<Problem> {
    match read_bytes(format, text.as_bytes(), options) {
        Ok((rows, _)) => panic!("expected problems, found {rows:?}\nin {text}"),
        Err(problems) => problems,
    }
}

/// The only problem of a bad text: its line, and "path: found; expected".
pub fn problem(format: Format, text: &str, options: &ReadOptions) -> (Option<usize>, String) {
    let problems = problems(format, text, options);
    assert_eq!(problems.len(), 1, "{problems:?}\nin {text}");
    let Problem { line, path, found, expected, .. } = &problems[0];
    (*line, format!("{path}: {found}; {expected}"))
}

/// SplitMix64: small, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; zero if that is zero.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * (high - low)
    }
}

/// Damages `runs` copies of good files and reads them, and noise: the reader never panics, never refuses without a
/// reason, names the file and a line, and what it accepts it accepts again alike.
///
/// Deterministic: the same seeds on every run. `FORMATS_FUZZ_SEED` and `FORMATS_FUZZ_TIMES` look further.
pub fn fuzz(format: Format, good: &[&str], tokens: &[&str], runs: usize, seed: u64, options: &ReadOptions) {
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let mut random = Random(seed.wrapping_add(variable("FORMATS_FUZZ_SEED").unwrap_or(0)));
    let runs = runs * usize::try_from(variable("FORMATS_FUZZ_TIMES").unwrap_or(1)).unwrap_or(1);
    let before: Vec<Outcome> = good.iter().map(|text| read_bytes(format, text.as_bytes(), options)).collect();
    let mut accepted = 0;
    for run in 0..runs {
        let bytes = if run % 8 == 0 { noise(&mut random, tokens) } else { damaged(&mut random, good, tokens) };
        match read_bytes(format, &bytes, options) {
            Ok((rows, summary)) => {
                accepted += 1;
                assert_eq!(rows.len() as u64, summary.volumes);
                assert!(options.skip_invalid || summary.skipped_count == 0);
            }
            Err(problems) => {
                assert!(!problems.is_empty(), "refused without a reason: {}", String::from_utf8_lossy(&bytes));
                for problem in &problems {
                    assert_eq!(problem.file, "test");
                    assert!(!problem.found.is_empty() && !problem.expected.is_empty(), "{problem:?}");
                    assert!(problem.line != Some(0), "{problem:?}");
                }
            }
        }
    }
    assert!(accepted > 0, "no damage was harmless: the damage is too rough to reach far");
    for (text, before) in good.iter().zip(before) {
        assert!(before.is_ok(), "{before:?}");
        assert_eq!(read_bytes(format, text.as_bytes(), options), before);
    }
}

fn noise(random: &mut Random, tokens: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(60) {
        if random.below(4) == 0 || tokens.is_empty() {
            bytes.push((random.next() % 256) as u8);
        } else {
            bytes.extend_from_slice(tokens[random.below(tokens.len())].as_bytes());
        }
    }
    bytes
}

fn damaged(random: &mut Random, good: &[&str], tokens: &[&str]) -> Vec<u8> {
    let mut bytes = good[random.below(good.len())].as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(7) {
            0 => bytes[at] = (random.next() % 256) as u8,
            1 => {
                bytes.remove(at);
            }
            2 => bytes.truncate(at.max(1)),
            3 | 4 => {
                let token = tokens[random.below(tokens.len())];
                bytes.splice(at..at, token.bytes());
            }
            5 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                // A piece of the file once more, elsewhere.
                let end = (at + random.below(60)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
        if bytes.is_empty() {
            bytes.push(b' ');
        }
    }
    bytes
}
