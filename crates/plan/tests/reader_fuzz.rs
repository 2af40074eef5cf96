//! The reader never panics and never refuses without a reason: seeded damage to good plans, and plain noise.
//!
//! Deterministic: the same seeds on every run, in a few seconds. `READER_FUZZ_SEED` and `READER_FUZZ_RUNS` look further.

use std::time::Instant;

use deconflict_plan::{EXAMPLE, SourceText, read};

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; zero if that is zero.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Pieces that plans are made of, and some that they are not.
const TOKENS: &[&str] = &[
    "[[claims]]",
    "[plan]",
    "[[places]]",
    "{",
    "}",
    "[",
    "]",
    "=",
    ",",
    "\"",
    "'",
    "'''",
    "\n",
    "#",
    "nan",
    "-inf",
    "true",
    "null",
    "1e999",
    "99999999999999999999999999999999999999999",
    "-0.0",
    "0",
    "91",
    "\"0 km\"",
    "\"-5 km\"",
    "\"9999999999999 km\"",
    "\"FL999\"",
    "\"1 ft AGL\"",
    "\"2030-05-01\"",
    "\"9999-12-31T23:59Z\"",
    "\"1677-09-22\"",
    "2030-05-01T00:00:00Z",
    "07:32:00",
    "\"300000 d\"",
    "\"0.000000001 s\"",
    "\"1000000000 km/h\"",
    "\"0.000000001 km/d\"",
    "kind",
    "id",
    "at",
    "basis",
    "value",
    "width",
    "parts",
    "areas",
    "waypoints",
    "when",
    "part_of",
    "volumes",
    "daily = { from = '22:00Z', until = '04:00Z' }",
    "stretch = { of = 'C2.A', buffer = '15 km' }",
    "\u{0}",
    "\u{feff}",
    "é",
    "\u{1f6a8}",
    "\"\\uD800\"",
    "\\",
];

/// Good plans to damage: the example, what ships, and their JSON.
fn seeds() -> Vec<String> {
    let mut seeds = vec![EXAMPLE.to_owned()];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        seeds.push(std::fs::read_to_string(path).unwrap());
    }
    let json = |toml: &String| serde_json::to_string_pretty(&toml::from_str::<toml::Value>(toml).unwrap()).unwrap();
    let in_json: Vec<String> = seeds.iter().map(json).collect();
    seeds.extend(in_json);
    seeds
}

/// One kind of damage, chosen by chance.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let (at, other) = (random.below(bytes.len()), random.below(bytes.len()));
    match random.below(9) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        1 => bytes.truncate(at),
        2 => {
            let token = random.pick(TOKENS).as_bytes();
            bytes.splice(at..at, token.iter().copied());
        }
        3 => swap_lines(bytes, random),
        4 => {
            let line = random_line(bytes, random);
            let copy = bytes[line.clone()].to_vec();
            bytes.splice(line.start..line.start, copy);
        }
        5 => {
            let line = random_line(bytes, random);
            bytes.drain(line);
        }
        6 => {
            let (start, end) = (at.min(other), at.max(other).min(at.min(other) + 200));
            bytes.drain(start..end);
        }
        7 => replace_value(bytes, random),
        _ => {
            let deep = random.pick(&["[", "{a=", "{\"a\":", "parts=[{"]).repeat(random.below(300));
            bytes.splice(at..at, deep.into_bytes());
        }
    }
}

fn random_line(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let at = random.below(bytes.len());
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |index| index + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |index| at + index + 1);
    start..end
}

fn swap_lines(bytes: &mut Vec<u8>, random: &mut Random) {
    let from = random_line(bytes, random);
    let line: Vec<u8> = bytes.drain(from).collect();
    let to = random_line(bytes, random).start;
    bytes.splice(to..to, line);
}

/// Puts a token in the place of what follows an equals sign or a colon: damage that mostly still parses.
fn replace_value(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    let Some(start) = bytes[at..].iter().position(|byte| matches!(byte, b'=' | b':')).map(|index| at + index + 1) else { return };
    let end = bytes[start..]
        .iter()
        .position(|byte| matches!(byte, b',' | b'\n' | b'}' | b']'))
        .map_or(bytes.len(), |index| start + index);
    bytes.splice(start..end, random.pick(TOKENS).bytes());
}

/// Reads it; a refusal says why, with a file and something found and expected.
fn read_any(bytes: Vec<u8>, what: &str) {
    let started = Instant::now();
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    if let Err(problems) = read(&[SourceText { name: "fuzz".to_owned(), bytes }], None) {
        assert!(!problems.is_empty() && problems.len() <= 101, "{what}: {} problems\n{shown}", problems.len());
        for problem in &problems {
            let good =
                problem.file == "fuzz" && !problem.found.is_empty() && !problem.expected.is_empty() && problem.line != Some(0);
            assert!(good, "{what}: {problem:?}\n{shown}");
            assert!(problem.found.len() < 2000 && problem.expected.len() < 4000, "{what}: {problem:?}");
        }
    }
    assert!(started.elapsed().as_secs() < 20, "{what} took {:?}", started.elapsed());
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn damaged_plans_are_refused_with_a_reason() {
    let (seed, runs) = (setting("READER_FUZZ_SEED", 1), setting("READER_FUZZ_RUNS", 1500));
    let seeds = seeds();
    for run in 0..runs {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(run));
        let mut bytes = seeds[random.below(seeds.len())].clone().into_bytes();
        for _ in 0..=random.below(4) {
            damage(&mut bytes, &mut random);
        }
        read_any(bytes, &format!("seed {seed} run {run}"));
    }
}

#[test]
fn noise_is_refused_with_a_reason() {
    let (seed, runs) = (setting("READER_FUZZ_SEED", 1), setting("READER_FUZZ_RUNS", 1500));
    for run in 0..runs {
        let mut random = Random(seed.wrapping_mul(7_000_003).wrapping_add(run));
        let length = random.below(400);
        let bytes: Vec<u8> = if run % 2 == 0 {
            (0..length).map(|_| u8::try_from(random.below(256)).unwrap_or(0)).collect()
        } else {
            (0..length / 8).flat_map(|_| random.pick(TOKENS).bytes().chain(*b" ")).collect()
        };
        read_any(bytes, &format!("seed {seed} run {run}"));
    }
}

#[test]
fn large_garbage_is_refused_soon() {
    for piece in [
        "= ",
        "a\n",
        "a = 1\n",
        "[a]\n",
        "\"",
        "'''",
        "a.",
        "\u{0}",
        "[[claims]]\n",
        "x = [1,\n",
        "\n",
        "[[places]]\nname = 'x'\nlat = 91\nlng = 181\n",
    ] {
        read_any(piece.repeat((2 << 20) / piece.len()).into_bytes(), piece);
    }
}
