//! What a reader is told of a bad file: each case is a file with a mark on the line that is wrong, and what is said of it.
//!
//! Regression data in front of one `check`; the mark is the comment `#!`.

use std::fmt::Write;

use deconflict_plan::{Problem, SourceText, read};

/// A good plan that the cases add to.
const BASE: &str = r#"[plan]
id = "base"
as_of = "2030-05-01"
horizon = "10 d"
altitude_reference = "W84"

[[places]]
name = "Alpha"
lat = 46.5
lng = 8.0

[[places]]
name = "Bravo"
aliases = ["Bravo Town"]
lat = 46.5
lng = 8.5

[[places]]
name = "Charlie"
lat = 46.9
lng = 8.5

[[parties]]
id = "P1"
name = "First Party"

[[parties]]
id = "P2"
name = "Second Party"

[[claims]]
id = "M1"
kind = "movement"
party = "P1"
width = "2 km"
waypoints = [{ at = "Alpha", eta = "2030-05-02" }, { at = "Bravo", eta = "2030-05-04" }]

[[claims]]
id = "F1"
kind = "flight"
party = "P2"
outline = { circle = { at = "Charlie", radius = "5 km" } }
lower = "1000 m"
upper = "2000 m"
"#;

/// A case: its name, what is added to the base (or a whole file), then path, found and expected of its one problem.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn problems_of(text: &str) -> Vec<Problem> {
    problems_of_files(&[("plan.toml", text)])
}

fn problems_of_files(files: &[(&str, &str)]) -> Vec<Problem> {
    let files: Vec<SourceText> =
        files.iter().map(|(name, text)| SourceText { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() }).collect();
    read(&files, None).err().unwrap_or_default()
}

fn told(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |mut text, problem| {
        let _ = writeln!(
            text,
            "  {}:{:?} [{}] found {} | expected {}",
            problem.file, problem.line, problem.path, problem.found, problem.expected
        );
        text
    })
}

/// The line with the mark, if there is one.
fn marked_line(text: &str) -> Option<usize> {
    text.lines().position(|line| line.contains("#!")).map(|index| index + 1)
}

/// Checks that each case has one problem, on the marked line, with this path and these words.
fn check(cases: &[Case], base: &str) {
    let mut failures = String::new();
    for (name, added, path, found, expected) in cases {
        let text = format!("{base}{added}");
        let problems = problems_of(&text);
        let good = match &problems[..] {
            [problem] => {
                problem.file == "plan.toml"
                    && problem.line == marked_line(&text)
                    && problem.path == *path
                    && problem.found.contains(found)
                    && problem.expected.contains(expected)
            }
            _ => false,
        };
        if !good {
            let _ = writeln!(
                failures,
                "{name}: wanted line {:?} [{path}] {found} | {expected}\n{}",
                marked_line(&text),
                told(&problems)
            );
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn the_base_is_good() {
    assert_eq!(told(&problems_of(BASE)), "");
}

#[test]
fn areas_that_double_are_refused_before_they_fill_the_memory() {
    let mut text = format!("{BASE}[[areas]]\nid = 'A0'\noutline = {{ circle = {{ at = 'Alpha', radius = '1 km' }} }}\n");
    for number in 1..60 {
        let before = number - 1;
        let _ = writeln!(text, "[[areas]]\nid = 'A{number}'\noutline = {{ areas = ['A{before}', 'A{before}'] }}");
    }
    let problems = problems_of(&text);
    let [problem] = &problems[..] else { panic!("{}", told(&problems)) };
    assert_eq!(problem.path, "areas[11].outline.areas", "two to the eleventh is too many");
    assert!(problem.expected.contains("at most 2000"), "{}", told(&problems));
}

#[test]
fn sources_that_copy_from_each_other() {
    check(
        &[(
            "a circle of three, told once, and one that leads into it",
            "[[sources]]\nid = 'X'\npublisher = 'x'\norigin = 'B'\n[[sources]]\nid = 'A'\npublisher = 'a'\norigin = 'B' #!\n\
             [[sources]]\nid = 'B'\npublisher = 'b'\norigin = 'C'\n[[sources]]\nid = 'C'\npublisher = 'c'\norigin = 'A'\n",
            "sources[1].origin",
            "a circle: A copies from B copies from C copies from A",
            "an origin that copies from none of those",
        )],
        BASE,
    );
}

#[test]
fn symbols_that_take_sides() {
    let claim = "[[claims]]\nid = 'S'\nkind = 'site'\noutline = { circle = { at = 'Alpha', radius = '1 km' } }\n";
    for (name, code) in [
        ("hostile", "10061000001211000000"),
        ("friend", "10031000001211000000"),
        ("too short", "1004100000121100000"),
        ("an unknown context", "10941000001211000000"),
        ("letters of an older edition", "SNGPUCI---------**--"),
    ] {
        let text = format!("{BASE}{claim}symbol = '{code}' #!\n");
        let problems = problems_of(&text);
        let [problem] = &problems[..] else { panic!("{name}: {}", told(&problems)) };
        assert_eq!((problem.line, &problem.path[..]), (marked_line(&text), "claims[2].symbol"), "{name}");
        assert!(problem.found.contains(code) && problem.expected.contains("neutral"), "{name}: {}", told(&problems));
    }
    assert_eq!(told(&problems_of(&format!("{BASE}{claim}symbol = '10041000001211000000'\n"))), "");
}

#[test]
fn names_that_nobody_declares() {
    check(
        &[
            (
                "unknown place",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = 'Alfa', radius = '5 km' } } #!",
                "areas[0].outline.circle.at",
                "\"Alfa\"",
                "a known place; did you mean `Alpha`?",
            ),
            (
                "unknown place, nothing near",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = 'Xyzzy', radius = '5 km' } } #!",
                "areas[0].outline.circle.at",
                "\"Xyzzy\"",
                "one of `Alpha`, `Bravo`, `Charlie`",
            ),
            (
                "unknown party",
                "[[claims]]\nid = 'S'\nkind = 'presence'\nparty = 'Frst Party' #!\noutline = { circle = { at = 'Alpha', radius = '5 km' } }",
                "claims[2].party",
                "\"Frst Party\"",
                "did you mean `First Party`?",
            ),
            (
                "unknown claim",
                "[[rules]]\nid = 'R'\ntext = 'apart'\ncheck = 'separate'\nclaims = [\n'M1',\n'F9', #!\n]",
                "rules[0].claims[1]",
                "\"F9\"",
                "a known claim",
            ),
            (
                "unknown source",
                "[[statements]]\nid = 'T'\ntext = 'so'\nsource = 'SRC' #!",
                "statements[0].source",
                "\"SRC\"",
                "a known source; there is none",
            ),
            (
                "unknown source of a value",
                "[[approach]]\nlevel = 'warn'\ndistance = { value = '5 km', source = 'SRC' } #!",
                "approach[0].distance.source",
                "\"SRC\"",
                "a known source",
            ),
            (
                "unknown area",
                "[[areas]]\nid = 'A'\noutline = { areas = ['B'] } #!",
                "areas[0].outline.areas[0]",
                "\"B\"",
                "a known area, one of `A`",
            ),
            (
                "unknown event",
                "[[claims]]\nid = 'S'\nkind = 'presence'\nparty = 'P1'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }\nwhen = { until = 'E' } #!",
                "claims[2].when.until",
                "\"E\"",
                "a known event",
            ),
            (
                "unknown end of a channel",
                "[[channels]]\nid = 'C'\nfrom = 'P1'\nto = 'P3' #!",
                "channels[0].to",
                "\"P3\"",
                "a known party",
            ),
            (
                "unknown member of a side",
                "[[sides]]\nid = 'S'\nclaims = ['F1']\nmembers = ['P1', 'P7'] #!",
                "sides[0].members[1]",
                "\"P7\"",
                "a known party",
            ),
            (
                "a statement about nothing",
                "[[statements]]\nid = 'T'\ntext = 'so'\nabout = ['M11'] #!",
                "statements[0].about[0]",
                "\"M11\"",
                "did you mean `M1`?",
            ),
            (
                "a stretch of an unknown movement",
                "[[areas]]\nid = 'A'\noutline = { stretch = { of = 'M2', buffer = '5 km' } } #!",
                "areas[0].outline.stretch.of",
                "\"M2\"",
                "a known claim, one of `M1`, `F1`",
            ),
            (
                "a stretch of a flight",
                "[[areas]]\nid = 'A'\noutline = { stretch = { of = 'F1', buffer = '5 km' } } #!",
                "areas[0].outline.stretch.of",
                "\"F1\", which is a flight",
                "a movement",
            ),
            (
                "a stretch to a place off the road",
                "[[areas]]\nid = 'A'\noutline = { stretch = { of = 'M1', to = 'Charlie', buffer = '5 km' } } #!",
                "areas[0].outline.stretch.to",
                "\"Charlie\", which is no waypoint",
                "a waypoint of the movement, one of `Alpha`, `Bravo`",
            ),
        ],
        BASE,
    );
}

#[test]
fn names_that_are_not_one_thing() {
    check(
        &[
            (
                "an id twice",
                "[[claims]] #!\nid = 'F1'\nkind = 'site'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }",
                "claims[2]",
                "the claim \"F1\" again, after plan.toml line 38",
                "each id once",
            ),
            (
                "an alias of two parties",
                "[[parties]]\nid = 'P3'\nname = 'Third Party'\naliases = ['Second Party'] #!",
                "parties[2].aliases[0]",
                "\"Second Party\", which is already a name of \"P2\" in plan.toml line 29",
                "a name of one party only",
            ),
            (
                "an alias of two places",
                "[[places]]\nname = 'Delta'\naliases = [\n'Bravo Town', #!\n]\nlat = 1\nlng = 2",
                "places[3].aliases[0]",
                "already a name of \"Bravo\"",
                "a name of one place only",
            ),
            (
                "a cycle of part_of",
                "[[parties]]\nid = 'X'\nname = 'x'\npart_of = 'Y' #!\n[[parties]]\nid = 'Y'\nname = 'y'\npart_of = 'Z'\n[[parties]]\nid = 'Z'\nname = 'z'\npart_of = 'X'",
                "parties[2].part_of",
                "a cycle: X part of Y part of Z part of X",
                "no part of itself",
            ),
            (
                "a party that is part of itself",
                "[[parties]]\nid = 'X'\nname = 'x'\npart_of = 'X' #!",
                "parties[2].part_of",
                "a cycle: X part of X",
                "no part of itself",
            ),
            (
                "a claim on two sides",
                "[[sides]]\nid = 'S1'\nclaims = ['F1']\n[[sides]]\nid = 'S2'\nclaims = ['F1'] #!",
                "sides[1].claims[0]",
                "\"F1\", which is on the side \"S1\" already",
                "one side only",
            ),
            (
                "areas in a circle",
                "[[areas]]\nid = 'A'\noutline = { areas = ['B'] }\n[[areas]]\nid = 'B'\noutline = { areas = ['A'] } #!",
                "areas[1].outline.areas[0]",
                "\"A\", which is made of itself",
                "in a circle",
            ),
            (
                "a channel through itself",
                "[[channels]]\nid = 'C'\nfrom = 'P1'\nto = 'P2'\nvia = ['P1'] #!",
                "channels[0].via[0]",
                "an end of the channel itself",
                "between the two ends",
            ),
            (
                "a channel to itself",
                "[[channels]]\nid = 'C'\nfrom = 'P1'\nto = 'First Party' #!",
                "channels[0].to",
                "\"First Party\"",
                "another end",
            ),
            (
                "a movement that waits for itself",
                "[[events]]\nid = 'E'\ntext = 'there'\nmovement = 'M3'\nplace = 'Bravo'\n[[claims]]\nid = 'M3'\nkind = 'movement'\nparty = 'P1'\nwidth = '1 km'\nspeed = { min = '1 km/h', likely = '2 km/h', max = '3 km/h' }\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]\nwhen = { from = 'E' } #!",
                "claims[2].when",
                "an event that waits for this movement itself",
                "wait for each other",
            ),
        ],
        BASE,
    );
}

#[test]
fn shapes_that_are_none() {
    check(
        &[
            (
                "a crossing polygon",
                "[[areas]]\nid = 'A'\n[areas.outline]\npolygon = [ #!\n{ lat = 0, lng = 0 }, { lat = 1, lng = 1 }, { lat = 1, lng = 0 }, { lat = 0, lng = 1 }]",
                "areas[0].outline.polygon",
                "edge 0 (vertex 0 to 1) crosses or touches edge 2 (vertex 2 to 3)",
                "edges do not cross",
            ),
            (
                "a closed ring",
                "[[areas]]\nid = 'A'\n[areas.outline]\npolygon = [\n{ lat = 0, lng = 0 }, { lat = 1, lng = 1 }, { lat = 1, lng = 0 },\n{ lat = 0, lng = 0 }] #!",
                "areas[0].outline.polygon[3]",
                "the first vertex again",
                "the last does not repeat the first",
            ),
            (
                "two vertices",
                "[[areas]]\nid = 'A'\noutline = { polygon = ['Alpha', 'Bravo'] } #!",
                "areas[0].outline.polygon",
                "2 vertices",
                "at least three",
            ),
            (
                "latitude 91",
                "[[places]]\nname = 'North of the pole'\nlat = 91 #!\nlng = 8.0",
                "places[3].lat",
                "91",
                "a latitude in degrees, -90 to 90",
            ),
            (
                "longitude 181 in a polygon",
                "[[areas]]\nid = 'A'\noutline = { polygon = ['Alpha', 'Bravo', { lat = 1, lng = 181 }] } #!",
                "areas[0].outline.polygon[2].lng",
                "181",
                "a longitude in degrees",
            ),
            ("NaN", "[[places]]\nname = 'Nowhere'\nlat = nan #!\nlng = 8.0", "places[3].lat", "nan", "a finite number"),
            (
                "a corridor of one point",
                "[[areas]]\nid = 'A'\noutline = { line = { through = ['Alpha'], width = '2 km' } } #!",
                "areas[0].outline.line.through",
                "one point",
                "at least two points",
            ),
            (
                "a point twice in a line",
                "[[areas]]\nid = 'A'\noutline = { line = { through = ['Alpha', 'Bravo', 'Bravo Town'], width = '2 km' } } #!",
                "areas[0].outline.line.through[2]",
                "\"Bravo\", where the line already is",
                "another point",
            ),
            (
                "width 0",
                "[[areas]]\nid = 'A'\noutline = { line = { through = ['Alpha', 'Bravo'], width = '0 km' } } #!",
                "areas[0].outline.line.width",
                "\"0 km\"",
                "a length above zero",
            ),
            (
                "a negative radius",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = 'Alpha', radius = '-5 km' } } #!",
                "areas[0].outline.circle.radius",
                "\"-5 km\"",
                "a length above zero",
            ),
            (
                "a radius of half the earth",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = 'Alpha', radius = '9000 km' } } #!",
                "areas[0].outline.circle.radius",
                "\"9000 km\"",
                "at most 1000 km",
            ),
            (
                "width and buffer",
                "[[areas]]\nid = 'A'\noutline = { line = { through = ['Alpha', 'Bravo'], width = '2 km', buffer = '1 km' } } #!",
                "areas[0].outline.line",
                "both `width` and `buffer`",
                "or the `buffer`",
            ),
            (
                "two outlines in one",
                "[[areas]]\nid = 'A'\n[areas.outline] #!\ncircle = { at = 'Alpha', radius = '1 km' }\npolygon = ['Alpha', 'Bravo', 'Charlie']",
                "areas[0].outline",
                "circle and polygon together",
                "exactly one of",
            ),
            (
                "an empty outline",
                "[[areas]]\nid = 'A'\noutline = {} #!",
                "areas[0].outline",
                "an outline of nothing",
                "exactly one of",
            ),
        ],
        BASE,
    );
}

#[test]
fn quantities_that_are_none() {
    check(
        &[
            (
                "a number without a unit",
                "[[approach]]\nlevel = 'warn'\ndistance = 10 #!",
                "approach[0].distance",
                "10",
                "a length with its unit, such as \"10 km\"",
            ),
            (
                "a text without a unit",
                "[[approach]]\nlevel = 'warn'\ndistance = '10' #!",
                "approach[0].distance",
                "\"10\"",
                "units are `m`, `km`, `NM`, `nmi`, `ft`, `mi`",
            ),
            (
                "a unit in the wrong case",
                "[[approach]]\nlevel = 'warn'\ndistance = { value = '10 KM', basis = 'assumed' } #!",
                "approach[0].distance.value",
                "\"10 KM\"",
                "did you mean `km`?",
            ),
            (
                "a duration for a length",
                "[[approach]]\nlevel = 'warn'\ndistance = '10 min' #!",
                "approach[0].distance",
                "\"10 min\"",
                "a length with its unit",
            ),
            (
                "a negative delay",
                "[[channels]]\nid = 'C'\nfrom = 'P1'\nto = 'P2'\ndelay = '-5 min' #!",
                "channels[0].delay",
                "\"-5 min\"",
                "zero or more",
            ),
            (
                "a time without a zone",
                "[[events]]\nid = 'E'\ntext = 'x'\nat = '2030-05-01T06:00' #!",
                "events[0].at",
                "\"2030-05-01T06:00\"",
                "a time with its zone",
            ),
            (
                "a TOML time without a zone",
                "[[events]]\nid = 'E'\ntext = 'x'\nat = 2030-05-01T06:00:00 #!",
                "events[0].at",
                "\"2030-05-01T06:00:00\"",
                "a time with its zone",
            ),
            (
                "a day that is none",
                "[[events]]\nid = 'E'\ntext = 'x'\nat = '2030-02-30' #!",
                "events[0].at",
                "\"2030-02-30\"",
                "no such day",
            ),
            (
                "a year that no integer holds",
                "[[events]]\nid = 'E'\ntext = 'x'\nat = '2600-01-01' #!",
                "events[0].at",
                "\"2600-01-01\"",
                "between the years",
            ),
            (
                "minima below zero",
                "[[minima]]\nkinds = ['flight', 'flight']\nlateral = '-1 km' #!",
                "minima[0].lateral",
                "\"-1 km\"",
                "zero or more",
            ),
            (
                "the same minima twice",
                "[[minima]]\nkinds = ['flight', 'site']\nlateral = '1 km'\n[[minima]]\nkinds = ['site', 'flight'] #!\nlateral = '2 km'",
                "minima[1].kinds",
                "the same two kinds as in plan.toml line",
                "once in a file",
            ),
        ],
        BASE,
    );
}

const FLIGHT: &str =
    "[[claims]]\nid = 'F2'\nkind = 'flight'\nparty = 'P1'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }\n";

#[test]
fn bands_and_windows_that_are_none() {
    let base = format!("{BASE}{FLIGHT}");
    check(
        &[
            (
                "lower above upper",
                "lower = '2000 m' #!\nupper = '1000 m'",
                "claims[2].lower",
                "\"2000 m\"",
                "a lower edge below the upper one, \"1000 m\"",
            ),
            (
                "lower equal to upper",
                "lower = '1000 m' #!\nupper = '1 km'",
                "claims[2].lower",
                "\"1000 m\"",
                "below the upper one",
            ),
            (
                "another reference than the plan's",
                "lower = '1000 m AMSL' #!\nupper = '2000 m'",
                "claims[2].lower",
                "\"1000 m AMSL\" over AMSL",
                "an altitude over W84, as the plan says: one altitude reference in the whole picture",
            ),
            (
                "a flight level over W84",
                "lower = 'FL100' #!\nupper = '9000 m'",
                "claims[2].lower",
                "\"FL100\" over STD",
                "an altitude over W84",
            ),
            (
                "a flight level over something",
                "lower = '0 m'\nupper = 'FL100 AMSL' #!",
                "claims[2].upper",
                "\"FL100 AMSL\"",
                "it is over STD",
            ),
            ("an altitude as a number", "lower = '0 m'\nupper = 1000 #!", "claims[2].upper", "1000", "an altitude with its unit"),
            (
                "an end before the start",
                "lower = '1 m'\nupper = '2 m'\nstart = '2030-05-03'\nend = '2030-05-02' #!",
                "claims[2].end",
                "2030-05-02 00:00Z",
                "an end after the start, 2030-05-03 00:00Z",
            ),
            (
                "a start after the horizon",
                "lower = '1 m'\nupper = '2 m'\nstart = '2030-06-03' #!",
                "claims[2].start",
                "2030-06-03 00:00Z",
                "a start before the plan ends (2030-05-11 00:00Z), or an `end`",
            ),
            (
                "daily hours of no length",
                "lower = '1 m'\nupper = '2 m'\ndaily = { from = '06:00Z', until = '06:00Z' } #!",
                "claims[2].daily",
                "06:00Z to 06:00Z",
                "hours that last",
            ),
            (
                "daily hours without a zone",
                "lower = '1 m'\nupper = '2 m'\ndaily = { from = '06:00', until = '09:00Z' } #!",
                "claims[2].daily.from",
                "\"06:00\"",
                "a time of day in UTC",
            ),
            (
                "waypoints of a flight",
                "lower = '1 m'\nupper = '2 m'\nwaypoints = [{ at = 'Alpha' }] #!",
                "claims[2].waypoints",
                "`waypoints` in a claim of kind flight",
                "only in a claim of kind movement",
            ),
        ],
        &base,
    );
}

const MOVEMENT: &str = "[[claims]]\nid = 'M2'\nkind = 'movement'\nparty = 'P1'\n";

#[test]
fn movements_that_cannot_be() {
    let base = format!("{BASE}{MOVEMENT}");
    check(
        &[
            ("no waypoints", "width = '1 km'\nwaypoints = [] #!", "claims[2].waypoints", "0 points", "at least two points"),
            (
                "one waypoint",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha' }] #!",
                "claims[2].waypoints",
                "one point",
                "at least two points",
            ),
            (
                "width 0",
                "width = '0 m' #!\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]",
                "claims[2].width",
                "\"0 m\"",
                "above zero",
            ),
            (
                "times out of order",
                "width = '1 km'\nwaypoints = [\n{ at = 'Alpha', eta = '2030-05-03' },\n{ at = 'Bravo', eta = '2030-05-02' }, #!\n]",
                "claims[2].waypoints[1].eta",
                "2030-05-02 00:00Z",
                "after it has left waypoint 0, 2030-05-03 00:00Z",
            ),
            (
                "a halt that lasts too long",
                "width = '1 km'\nwaypoints = [\n{ at = 'Alpha', eta = '2030-05-02', dwell = '2 d' },\n{ at = 'Bravo', eta = '2030-05-03' }, #!\n]",
                "claims[2].waypoints[1].eta",
                "2030-05-03 00:00Z",
                "after it has left waypoint 0, 2030-05-04 00:00Z",
            ),
            (
                "an earliest after the likely",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha', eta = '2030-05-02' },\n{ at = 'Bravo', eta = '2030-05-04', eta_earliest = '2030-05-05' }] #!",
                "claims[2].waypoints[1].eta_earliest",
                "2030-05-05 00:00Z",
                "not after the `eta`, 2030-05-04 00:00Z",
            ),
            (
                "no time at the last waypoint",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha', eta = '2030-05-02' },\n{ at = 'Bravo' }] #!",
                "claims[2].waypoints[1].eta",
                "nothing",
                "the first and the last waypoint have one",
            ),
            (
                "speeds out of order",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]\nspeed = { min = '9 km/d', likely = '5 km/d', max = '7 km/d' } #!",
                "claims[2].speed",
                "\"9 km/d\" to \"7 km/d\", likely \"5 km/d\"",
                "in this order of size",
            ),
            (
                "speed and times",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha', eta = '2030-05-02' }, { at = 'Bravo', eta = '2030-05-03' }]\nspeed = { min = '1 km/d', likely = '5 km/d', max = '7 km/d' } #!",
                "claims[2].speed",
                "a speed range and times of arrival",
                "one of the two",
            ),
            (
                "speed zero",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]\nspeed = { min = '0 km/d', likely = '5 km/d', max = '7 km/d' } #!",
                "claims[2].speed.min",
                "\"0 km/d\"",
                "a speed above zero",
            ),
            (
                "two kinds of halt",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha', eta = '2030-05-02', dwell = '1 h', dwell_until = '2030-05-03' }, #!\n{ at = 'Bravo', eta = '2030-05-04' }]",
                "claims[2].waypoints[0]",
                "both `dwell` and `dwell_until`",
                "one of the two",
            ),
            (
                "an end before it arrives",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha', eta = '2030-05-02' }, { at = 'Bravo', eta = '2030-05-04' }]\nend = '2030-05-01' #!",
                "claims[2].end",
                "2030-05-01 00:00Z",
                "an end after the start, 2030-05-02 00:00Z",
            ),
            (
                "an outline",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]\noutline = { circle = { at = 'Alpha', radius = '5 km' } } #!",
                "claims[2].outline",
                "`outline` in a claim of kind movement",
                "only in a claim of kind flight",
            ),
            (
                "an end without times",
                "width = '1 km'\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]\nend = '2030-05-05' #!",
                "claims[2].end",
                "no times of arrival",
                "a `speed` range or an `eta`",
            ),
        ],
        &base,
    );
}

#[test]
fn papers_that_bind_nobody() {
    check(
        &[
            (
                "an agreement that names nobody",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = [] #!",
                "agreements[0].parties",
                "an agreement that names nobody",
                "at least two",
            ),
            (
                "an agreement of one party with itself",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = ['P1', 'First Party'] #!",
                "agreements[0].parties",
                "one party, \"P1\"",
                "at least two",
            ),
            (
                "a change of nothing",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = ['P1', 'P2']\nchanges = [{ claim = 'F1' }] #!",
                "agreements[0].changes[0]",
                "a change of nothing",
                "`lower`, `upper`",
            ),
            (
                "a flight that stops at a place",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = ['P1', 'P2']\nchanges = [{ claim = 'F1', stop_at = 'Alpha' }] #!",
                "agreements[0].changes[0].stop_at",
                "\"F1\", which is a flight",
                "a movement",
            ),
            (
                "a stop off the road",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = ['P1', 'P2']\nchanges = [{ claim = 'M1', stop_at = 'Charlie' }] #!",
                "agreements[0].changes[0].stop_at",
                "off the road",
                "a waypoint of the movement",
            ),
            (
                "an agreement that ends first",
                "[[agreements]]\nid = 'AG'\ntext = 'apart'\nparties = ['P1', 'P2']\nvalid_from = '2030-05-05'\nvalid_until = '2030-05-04' #!",
                "agreements[0].valid_until",
                "2030-05-04 00:00Z",
                "after valid_from, 2030-05-05 00:00Z",
            ),
            (
                "a rule without its distance",
                "[[rules]] #!\nid = 'R'\ntext = 'near'\ncheck = 'stays-within'",
                "rules[0].distance",
                "nothing",
                "a distance",
            ),
            (
                "a flight without a ceiling",
                "[[claims]] #!\nid = 'F2'\nkind = 'flight'\nparty = 'P1'\nlower = '5 m'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }",
                "claims[2].upper",
                "nothing",
                "an altitude with its unit",
            ),
            (
                "a movement without a width",
                "[[claims]] #!\nid = 'M2'\nkind = 'movement'\nparty = 'P1'\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]",
                "claims[2].width",
                "nothing",
                "the total width",
            ),
            (
                "an authority without a function",
                "[[claims]] #!\nid = 'A'\nkind = 'authority'\nparty = 'P1'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }",
                "claims[2].function",
                "nothing",
                "`control`, `lead` or `notify`",
            ),
            (
                "a claim that nobody makes",
                "[[claims]] #!\nid = 'A'\nkind = 'presence'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }",
                "claims[2].party",
                "nothing",
                "only a site may have none",
            ),
            (
                "a statement of two kinds",
                "[[statements]] #!\nid = 'T'\ntext = 'so'\ndirection = { from = 'Alpha', to = 'Bravo', value = 'east' }\ndistance = { from = 'Alpha', to = 'Bravo', value = '38 km' }",
                "statements[0]",
                "distance and direction together",
                "at most one",
            ),
            (
                "an expectation about one claim",
                "[[expect_clear]]\nclaims = ['F1', 'F1'] #!",
                "expect_clear[0].claims",
                "\"F1\" twice",
                "two different claims",
            ),
        ],
        BASE,
    );
}

#[test]
fn fields_that_nobody_knows() {
    check(
        &[
            ("a misspelt list", "[[claim]] #!\nid = 'x'", "claim", "unknown field `claim`", "did you mean `claims`?"),
            (
                "a misspelt field",
                "[[claims]]\nid = 'M2'\nkind = 'movement'\nparty = 'P1'\nwidth = '1 km'\nwaypionts = [] #!",
                "claims[2].waypionts",
                "unknown field `waypionts`",
                "did you mean `waypoints`?",
            ),
            (
                "a misspelt field deep inside",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = 'Alpha', raduis = '5 km', radius = '5 km' } } #!",
                "areas[0].outline.circle.raduis",
                "unknown field `raduis`",
                "did you mean `radius`?",
            ),
            (
                "a misspelt word",
                "[[claims]]\nid = 'M2'\nkind = 'fligth' #!",
                "claims[2].kind",
                "\"fligth\"",
                "`flight`, `movement`, `constraint`, `site`, `authority`, `presence`; did you mean `flight`?",
            ),
            ("a wrong type", "[[parties]]\nid = 'P3'\nname = 3 #!", "parties[2].name", "3", "text in quotes"),
            (
                "a text for a list",
                "[[parties]]\nid = 'P3'\nname = 'x'\naliases = 'y' #!",
                "parties[2].aliases",
                "\"y\"",
                "a list",
            ),
            (
                "a text for a truth",
                "[[parties]]\nid = 'P3'\nname = 'x'\ntold = 'no' #!",
                "parties[2].told",
                "\"no\"",
                "true or false",
            ),
            ("a missing field", "[[parties]] #!\nid = 'P3'", "parties[2].name", "nothing", "text in quotes"),
            (
                "one table for a list",
                "[sides] #!\nid = 'S'",
                "sides",
                "a table with id",
                "a list of tables, each written [[sides]]",
            ),
            (
                "a list of three kinds",
                "[[minima]]\nkinds = ['flight', 'site', 'site'] #!",
                "minima[0].kinds",
                "a list of 3",
                "a list of 2",
            ),
            ("a row below zero", "[[parties]]\nid = 'P3'\nname = 'x'\nrows = [-1] #!", "parties[2].rows[0]", "-1", "0 or more"),
            (
                "a date for a name",
                "[[parties]]\nid = 'P3'\nname = 2030-05-01 #!",
                "parties[2].name",
                "the date or time 2030-05-01",
                "text in quotes",
            ),
            (
                "a list for a place",
                "[[areas]]\nid = 'A'\noutline = { circle = { at = [46.5, 8.0], radius = '5 km' } } #!",
                "areas[0].outline.circle.at",
                "a list of 2",
                "the name of a place, or a point",
            ),
        ],
        BASE,
    );
}

#[test]
fn files_that_are_no_plan() {
    check(
        &[
            ("an empty file", "", "", "an empty file", "a plan, which starts with [plan]"),
            ("only comments", "# nothing\n\n", "", "an empty file", "a plan, which starts with [plan]"),
            ("broken TOML", "[plan]\nas_of = \"2030-05-01 #!\n", "", "broken TOML: invalid basic string", "`\"`"),
            ("an empty JSON object", "{}", "", "an empty file", "a plan"),
            (
                "no instant",
                "[plan] #!\nid = 'x'\nhorizon = '1 d'",
                "plan.as_of",
                "nothing",
                "the instant that the plan describes",
            ),
            ("a horizon of nothing", "[plan]\nas_of = '2030-05-01'\nhorizon = '0 d' #!", "plan.horizon", "\"0 d\"", "above zero"),
            (
                "an altitude reference that is none",
                "[plan]\nas_of = '2030-05-01'\naltitude_reference = 'MSL' #!",
                "plan.altitude_reference",
                "\"MSL\"",
                "one of `W84`",
            ),
        ],
        "",
    );
}

#[test]
fn altitudes_need_a_reference() {
    let problems = problems_of(&BASE.replace("altitude_reference = \"W84\"\n", ""));
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    assert_eq!(problems[0].path, "plan.altitude_reference");
    assert!(problems[0].expected.contains("\"1000 m\" at claims[1].lower"), "{}", told(&problems));
}

#[test]
fn broken_json() {
    for (text, line, found) in [
        ("{\n\"plan\": {\n", Some(3), "broken JSON: EOF while parsing"),
        ("{\n\"plan\": nan }", Some(2), "broken JSON"),
        ("{\"plan\": {\"as_of\": \"2030-05-01\"}} x", Some(1), "broken JSON: trailing characters"),
        ("{\"plan\": {\"as_of\": \"2030-05-01\", \"as_of\": \"2030-05-02\"}}", None, "the field `as_of` twice"),
        ("{\"plan\": {\"as_of\": \"2030-05-01\"}, \"plan\": {}}", None, "the field `plan` twice"),
        (
            "{\"plan\": {\"as_of\": \"2030-05-01\"}, \"places\": [{\"name\": \"x\", \"lat\": 1e999, \"lng\": 0}]}",
            Some(1),
            "broken JSON: number out of range",
        ),
    ] {
        let problems = problems_of(text);
        assert_eq!(problems.len(), 1, "{text}\n{}", told(&problems));
        assert_eq!(problems[0].line, line, "{}", told(&problems));
        assert!(problems[0].found.contains(found), "{}", told(&problems));
    }
}

#[test]
fn a_file_that_is_not_utf_8() {
    let bytes = b"[plan]\nas_of = '2030-05-01'\ntitle = '\xff'\n".to_vec();
    let problems = read(&[SourceText { name: "-".to_owned(), bytes }], None).err().unwrap_or_default();
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    assert_eq!((problems[0].line, problems[0].found.as_str()), (Some(3), "the byte 0xff, which is not UTF-8"));
}

#[test]
fn a_byte_order_mark_is_no_problem() {
    assert_eq!(told(&problems_of(&format!("\u{feff}{BASE}"))), "");
}

#[test]
fn a_hundred_megabytes_of_brackets() {
    for bracket in ["[", "{", "[{", "a=[", "[[", "{\"a\":"] {
        let whole = problems_of(&bracket.repeat(100_000_000 / bracket.len()));
        assert_eq!(whole.len(), 1, "{}", told(&whole));
        assert!(whole[0].found.ends_with("bytes"), "{}", told(&whole));
        // As much of it as is read at all.
        let part = problems_of(&bracket.repeat((16 << 20) / bracket.len()));
        assert_eq!(part.len(), 1, "{}", told(&part));
        assert!(part[0].found.contains("nested more than"), "{}", told(&part));
    }
}

#[test]
fn brackets_in_texts_and_comments_are_no_nesting() {
    let brackets = "[".repeat(500);
    let text =
        format!("{BASE}# {brackets} it's\n[[statements]]\nid = 'T'\ntext = '''\n{brackets}'''\nnote = \"\\\"{brackets}\"\n");
    assert_eq!(told(&problems_of(&text)), "");
}

#[test]
fn too_many_problems_are_counted() {
    let text = format!("{BASE}{}", "[[sources]]\nid = 5\npublisher = 7\n".repeat(100));
    let problems = problems_of(&text);
    assert_eq!(problems.len(), 101, "{}", told(&problems));
    assert_eq!(problems[100].found, "and 100 more problems");
}

#[test]
fn all_problems_of_all_files_at_once() {
    let one = "[plan]\nas_of = '2030-05-01'\n[[places]]\nname = 'X'\nlat = 91\nlng = 181\n[[sides]]\nid = 5\nclaims = ['a']\nmember = []\n[[claims]]\nid = 'a'\nkind = 'site'\nsupports = ['b', 'c']\noutline = { circle = { at = 'Y', radius = '0 km' } }\nstart = '2030-05-03'\nend = '2030-05-02'\n";
    let two = "[[channels]]\nid = 'C'\nfrom = 'me'\nto = 'you'\ndelay = '5'\n";
    let problems = problems_of_files(&[("one.toml", one), ("two.toml", two)]);
    let paths: Vec<(&str, &str)> = problems.iter().map(|problem| (problem.file.as_str(), problem.path.as_str())).collect();
    let expected = [
        ("one.toml", "places[0].lat"),
        ("one.toml", "sides[0].id"),
        ("one.toml", "sides[0].member"),
        ("one.toml", "claims[0].supports[0]"),
        ("one.toml", "claims[0].supports[1]"),
        ("one.toml", "claims[0].outline.circle.at"),
        ("one.toml", "claims[0].outline.circle.radius"),
        ("one.toml", "claims[0].end"),
        ("two.toml", "channels[0].from"),
        ("two.toml", "channels[0].to"),
        ("two.toml", "channels[0].delay"),
    ];
    assert_eq!(paths, expected, "{}", told(&problems));
}

#[test]
fn every_slip_of_syntax_is_told() {
    let problems = problems_of("[plan]\nas_of = \nid = 'x\ntitle = \"y\"\nhorizon = = 3\n");
    let lines: Vec<Option<usize>> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(5)], "{}", told(&problems));
}

#[test]
fn what_a_broken_entry_declares_is_not_called_unknown() {
    let text = BASE.replace("lng = 8.0\n", "lng = 'east'\n").replace("width = \"2 km\"", "width = 2");
    let problems = problems_of(&text);
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["places[0].lng", "claims[0].width"], "{}", told(&problems));
}

#[test]
fn two_files_name_each_other() {
    let two = "[plan]\nas_of = '2030-05-01'\n[[parties]]\nid = 'P1'\nname = 'Somebody Else'\n";
    let problems = problems_of_files(&[("one.toml", BASE), ("two.toml", two)]);
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    assert_eq!((problems[0].file.as_str(), problems[0].line, problems[0].path.as_str()), ("two.toml", Some(3), "parties[0]"));
    assert_eq!(problems[0].found, "the party \"P1\" again, after one.toml line 23");
}

#[test]
fn files_over_different_references() {
    let two = "[plan]\nas_of = '2030-05-01'\naltitude_reference = 'AMSL'\n";
    let problems = problems_of_files(&[("one.toml", BASE), ("two.toml", two)]);
    assert_eq!(problems.len(), 1, "{}", told(&problems));
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("two.toml", Some(3)));
    assert_eq!(problems[0].found, "AMSL where another file has W84");
}
