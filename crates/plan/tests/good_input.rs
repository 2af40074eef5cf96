//! What good plans become: TOML and JSON alike, windows, altitudes, movements, several files.

use deconflict_conflict::Case;
use deconflict_plan::model::{Change, ClaimBody, Picture, StatementCheck};
use deconflict_plan::{EXAMPLE, SourceText, parse_time, read, schema};
use deconflict_spacetime::{AltitudeReference, Time};

const HEADER: &str = "[plan]\nid = 'x'\nas_of = '2030-05-01'\nhorizon = '10 d'\naltitude_reference = 'W84'\n";
const WORLD: &str = "
[[places]]
name = 'Alpha'
aliases = ['A town']
lat = 46.5
lng = 8.0
[[places]]
name = 'Bravo'
lat = 46.5
lng = 8.5
also = [{ name = 'station', lat = 46.51, lng = 8.51 }]
[[places]]
name = 'Charlie'
lat = 46.5
lng = 9.0
[[parties]]
id = 'P1'
name = 'First Party'
aliases = ['First']
[[parties]]
id = 'P2'
name = 'Second Party'
";

fn file(name: &str, text: &str) -> SourceText {
    SourceText { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn picture_at(files: &[&str], as_of: Option<Time>) -> Picture {
    let files: Vec<SourceText> = files.iter().enumerate().map(|(index, text)| file(&format!("{index}.toml"), text)).collect();
    read(&files, as_of).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The picture of the world with something added to it.
fn with(added: &str) -> Picture {
    picture_at(&[&format!("{HEADER}{WORLD}{added}")], None)
}

fn time(text: &str) -> Time {
    parse_time(text).unwrap()
}

fn flight(id: &str, rest: &str) -> String {
    format!(
        "[[claims]]\nid = '{id}'\nkind = 'flight'\nparty = 'P1'\noutline = {{ circle = {{ at = 'Alpha', radius = '5 km' }} }}\n{rest}\n"
    )
}

fn movement(id: &str, rest: &str) -> String {
    format!("[[claims]]\nid = '{id}'\nkind = 'movement'\nparty = 'P1'\nwidth = '2 km'\n{rest}\n")
}

fn spans(picture: &Picture, claim: &str) -> Vec<(Time, Time)> {
    match &picture.claim(claim).unwrap().body {
        ClaimBody::Volumes(volumes) => volumes.iter().map(|volume| (volume.span.start(), volume.span.end())).collect(),
        _ => panic!("{claim} has no volumes"),
    }
}

#[test]
fn the_committed_schema_is_the_formats() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/plan.schema.json");
    let generated = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == generated, "run `UPDATE=1 cargo test -p deconflict-plan --test good_input` and commit the schema");
}

#[test]
fn the_example_is_good() {
    let picture = picture_at(&[EXAMPLE], None);
    assert_eq!(picture.claims.len(), 3);
    assert_eq!(picture.assumptions.len(), 1);
    assert!(EXAMPLE.lines().count() < 70);
}

/// The same tree as JSON.
fn as_json(toml: &str) -> String {
    let value: toml::Value = toml::from_str(toml).unwrap();
    serde_json::to_string(&value).unwrap()
}

#[test]
fn toml_and_json_are_one_format() {
    let added = format!(
        "{}{}",
        flight("F", "lower = '100 m'\nupper = 'FL100'"),
        movement("M", "waypoints = [{ at = 'Alpha', eta = '2030-05-02' }, { at = 'Charlie', eta = '2030-05-04' }]")
    );
    let own = format!("{HEADER}{WORLD}{added}").replace("'W84'", "'STD'");
    for toml in [EXAMPLE, &own] {
        let (from_toml, from_json) = (picture_at(&[toml], None), picture_at(&[&as_json(toml)], None));
        // Neither the order of fields nor the syntax may show; assumptions and texts follow the order of the file.
        let sorted = |mut picture: Picture| {
            picture.assumptions.sort_by(|a, b| a.path.cmp(&b.path));
            picture.texts.sort();
            format!("{picture:?}")
        };
        assert_eq!(sorted(from_toml), sorted(from_json));
    }
}

#[test]
fn toml_dates_are_times() {
    let picture = with(&flight("F", "lower = '1 m'\nupper = '2 m'\nstart = 2030-05-02\nend = 2030-05-03T09:00:00+03:00"));
    assert_eq!(spans(&picture, "F"), [(time("2030-05-02"), time("2030-05-03T06:00Z"))]);
}

#[test]
fn windows_that_say_nothing_are_the_plans() {
    let site = "[[claims]]\nid = 'S'\nkind = 'site'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }\n";
    let picture = with(&format!("{}{site}", flight("F", "lower = '1 m'\nupper = '2 m'")));
    let whole = [(time("2030-05-01"), time("2030-05-11"))];
    assert_eq!(spans(&picture, "F"), whole);
    let (from, until) = spans(&picture, "S")[0];
    assert!(from < time("1931-01-01") && until > time("2129-01-01"), "a site is always on");
    assert!(picture.assumptions.is_empty());
    let site = picture.claim("S").unwrap();
    assert_eq!((site.side.as_str(), &site.party), ("claim:S", &None));
    assert_eq!(picture.claim("F").unwrap().side, "party:P1");
    assert!(picture.party("P1").unwrap().operates && !picture.party("P2").unwrap().operates);
}

#[test]
fn a_plan_without_a_horizon_assumes_one_where_it_matters() {
    let text = format!("{HEADER}{WORLD}").replace("horizon = '10 d'\n", "");
    let closed = flight("F", "lower = '1 m'\nupper = '2 m'\nend = '2030-05-02'");
    assert!(picture_at(&[&format!("{text}{closed}")], None).assumptions.is_empty());
    let open = picture_at(&[&format!("{text}{}", flight("F", "lower = '1 m'\nupper = '2 m'"))], None);
    assert_eq!(spans(&open, "F"), [(time("2030-05-01"), time("2030-05-31"))]);
    assert_eq!((open.assumptions[0].path.as_str(), open.assumptions[0].value.as_str()), ("plan.horizon", "30 d"));
}

#[test]
fn daily_hours_run_over_midnight() {
    let window = "lower = '1 m'\nupper = '2 m'\nstart = '2030-05-02T03:00Z'\nend = '2030-05-04T00:00Z'\n";
    let picture = with(&flight("F", &format!("{window}daily = {{ from = '22:00Z', until = '04:00Z' }}")));
    let expected = [
        (time("2030-05-02T03:00Z"), time("2030-05-02T04:00Z")),
        (time("2030-05-02T22:00Z"), time("2030-05-03T04:00Z")),
        (time("2030-05-03T22:00Z"), time("2030-05-04T00:00Z")),
    ];
    assert_eq!(spans(&picture, "F"), expected);
}

#[test]
fn several_volumes_inherit_from_their_claim() {
    let volumes = "[[claims]]\nid = 'F'\nkind = 'flight'\nparty = 'First'\nlower = '1 m'\nupper = '9 m'\nend = '2030-05-03'
volumes = [{ outline = { circle = { at = 'Alpha', radius = '1 km' } }, upper = '5 m' }, { outline = { polygon = ['Alpha', 'Bravo', { lat = 47, lng = 8 }] }, start = '2030-05-02' }]";
    let picture = with(volumes);
    assert_eq!(spans(&picture, "F"), [(time("2030-05-01"), time("2030-05-03")), (time("2030-05-02"), time("2030-05-03"))]);
    let ClaimBody::Volumes(volumes) = &picture.claims[0].body else { panic!() };
    assert_eq!(volumes.iter().map(|volume| volume.band.unwrap().upper().um()).collect::<Vec<_>>(), [5_000_000, 9_000_000]);
    assert_eq!(picture.claims[0].party.as_deref(), Some("P1"));
}

#[test]
fn a_ground_claim_may_have_a_ceiling() {
    let constraint =
        "[[claims]]\nid = 'K'\nkind = 'constraint'\nparty = 'P1'\noutline = { circle = { at = 'Alpha', radius = '5 km' } }\n";
    let band = |picture: Picture| match &picture.claims[0].body {
        ClaimBody::Volumes(volumes) => volumes[0].band,
        _ => panic!(),
    };
    assert_eq!(band(with(constraint)), None);
    let ceiling = band(with(&format!("{constraint}upper = '300 m'"))).unwrap();
    assert!(ceiling.lower().m() <= -500.0);
    assert_eq!(ceiling.upper().um(), 300_000_000);
}

#[test]
fn altitudes_go_through_the_geoid_and_round_away() {
    let geoid = "[plan.geoid]\nmodel = 'EGM96'\nundulation = '50 m'\nerror = '2 m'\n";
    let text = format!("{HEADER}{geoid}{WORLD}{}", flight("F", "lower = '1000 m AMSL'\nupper = '2000 m AMSL'"));
    let edges = |picture: Picture| match &picture.claims[0].body {
        ClaimBody::Volumes(volumes) => volumes[0].band.map(|band| (band.lower().m(), band.upper().m())),
        _ => panic!(),
    };
    assert_eq!(edges(picture_at(&[&text], None)), Some((1048.0, 2052.0)));
    let other_way = text.replace("'W84'", "'AMSL'").replace("AMSL'\nupper", "W84'\nupper").replace("2000 m AMSL", "2000 m W84");
    let picture = picture_at(&[&other_way], None);
    assert_eq!(picture.altitude_reference, AltitudeReference::Amsl);
    assert_eq!(edges(picture), Some((948.0, 1952.0)));
}

#[test]
fn an_eta_is_an_anchor_and_a_halt_is_two() {
    let picture = with(&movement(
        "M",
        "waypoints = [{ at = 'A town', eta = '2030-05-02', dwell = '6 h', task = 'load' }, { at = 'Bravo' }, { at = 'Charlie', eta = '2030-05-04', eta_latest = '2030-05-05' }]",
    ));
    let claim = picture.claim("M").unwrap();
    let (movement, track) = (claim.movement().unwrap(), claim.track().unwrap());
    assert_eq!(track.names, ["Alpha", "Bravo", "Charlie"]);
    assert_eq!(track.tasks[0].as_deref(), Some("load"));
    let likely: Vec<Time> = movement.head(Case::Likely).anchors().iter().map(|anchor| anchor.time).collect();
    assert_eq!(likely, [time("2030-05-02"), time("2030-05-02T06:00Z"), time("2030-05-04")]);
    assert_eq!(movement.head(Case::Latest).last().time, time("2030-05-05"));
    assert_eq!(movement.head(Case::Earliest).last().time, time("2030-05-04"));
    assert_eq!(movement.end(), time("2030-05-11"));
    assert!(!movement.paces_beyond_end());
}

#[test]
fn a_speed_range_is_three_schedules() {
    let picture = with(&movement(
        "M",
        "start = '2030-05-02'\nspeed = { min = '1 km/h', likely = '2 km/h', max = '4 km/h' }\nwaypoints = [{ at = 'Alpha' }, { at = 'Bravo', dwell_until = '2030-05-03' }, { at = 'Charlie' }]",
    ));
    let movement = picture.claim("M").unwrap().movement().unwrap();
    assert!(movement.paces_beyond_end());
    let (bravo_m, charlie_m) = (movement.line().waypoints_along_m()[1], movement.line().length_m());
    for (case, km_h) in [(Case::Earliest, 4.0), (Case::Likely, 2.0), (Case::Latest, 1.0)] {
        let head = movement.head(case);
        let hours = |from: Time, to: Time| to.since_ns(from) as f64 / 3600e9;
        let at_bravo = head.arrival(bravo_m).unwrap();
        assert!((hours(time("2030-05-02"), at_bravo) - bravo_m / 1000.0 / km_h).abs() < 1e-6, "{case:?}");
        let leaves = at_bravo.max(time("2030-05-03"));
        assert!(
            (hours(leaves, head.arrival(charlie_m).unwrap()) - (charlie_m - bravo_m) / 1000.0 / km_h).abs() < 1e-6,
            "{case:?}"
        );
    }
}

#[test]
fn a_movement_without_times_is_a_track() {
    let picture = with(&movement("M", "waypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]"));
    assert!(matches!(picture.claim("M").unwrap().body, ClaimBody::Track(_)));
}

#[test]
fn a_stretch_is_part_of_the_road() {
    let road = movement("M", "waypoints = [{ at = 'Alpha' }, { at = 'Bravo' }, { at = 'Charlie' }]");
    let stretch = "[[claims]]\nid = 'F'\nkind = 'flight'\nparty = 'P2'\nlower = '1 m'\nupper = '2 m'\nsupports = ['M']\n";
    let picture =
        with(&format!("{road}{stretch}outline = {{ stretch = {{ of = 'M', from = 'Bravo', to = 'A town', buffer = '3 km' }} }}"));
    let flight = picture.claim("F").unwrap();
    assert_eq!(flight.stretch_of, Some(("M".to_owned(), 3000.0)));
    let ground = flight.ground().unwrap();
    let point = |name: &str| picture.places.iter().find(|place| place.name == name).unwrap().points[0].1;
    assert!(ground.contains(point("Alpha")) && ground.contains(point("Bravo")) && !ground.contains(point("Charlie")));
}

#[test]
fn events_bound_windows() {
    let events =
        "[[events]]\nid = 'E'\ntext = 'reached'\nmovement = 'M'\nplace = 'Bravo'\n[[events]]\nid = 'U'\ntext = 'some day'\n";
    let road = movement(
        "M",
        "waypoints = [{ at = 'Alpha', eta = '2030-05-02' }, { at = 'Bravo', eta = '2030-05-04', eta_earliest = '2030-05-03', eta_latest = '2030-05-05' }, { at = 'Charlie', eta = '2030-05-06' }]",
    );
    let bands = "lower = '1 m'\nupper = '2 m'\n";
    let picture = with(&format!(
        "{events}{road}{}{}{}",
        flight("FROM", &format!("{bands}when = {{ from = 'E' }}")),
        flight("UNTIL", &format!("{bands}when = {{ until = 'E' }}")),
        flight("OPEN", &format!("{bands}when = {{ until = 'U' }}")),
    ));
    assert_eq!(picture.events[0].at, Some((time("2030-05-03"), time("2030-05-05"))));
    assert_eq!(picture.events[1].at, None);
    assert_eq!(spans(&picture, "FROM"), [(time("2030-05-03"), time("2030-05-11"))]);
    assert_eq!(spans(&picture, "UNTIL"), [(time("2030-05-01"), time("2030-05-05"))]);
    assert_eq!(spans(&picture, "OPEN"), [(time("2030-05-01"), time("2030-05-11"))]);
    let open: Vec<bool> = ["FROM", "UNTIL", "OPEN"].iter().map(|id| picture.claim(id).unwrap().window_open).collect();
    assert_eq!(open, [false, false, true]);
}

#[test]
fn an_unknown_event_opens_its_end_whatever_is_written() {
    let times = "lower = '1 m'\nupper = '2 m'\nstart = '2030-05-03'\nend = '2030-05-04'\n";
    let text = format!(
        "{HEADER}{WORLD}[[events]]\nid = 'U'\ntext = 'some day'\n{}{}{}",
        flight("UNTIL", &format!("{times}when = {{ until = 'U' }}")),
        flight("FROM", &format!("{times}when = {{ from = 'U' }}")),
        flight("PAST", times),
    );
    let picture = picture_at(&[&text], None);
    assert_eq!(spans(&picture, "UNTIL"), [(time("2030-05-03"), time("2030-05-11"))]);
    assert_eq!(spans(&picture, "FROM"), [(time("2030-05-01"), time("2030-05-04"))]);
    let later = picture_at(&[&text], Some(time("2030-05-05")));
    assert!(later.claim("UNTIL").is_some() && later.claim("PAST").is_none());
}

#[test]
fn nothing_that_is_filed_lies_after_open_claims() {
    let bands = "lower = '1 m'\nupper = '2 m'\n";
    let late = format!("{bands}start = '2030-05-20'\nend = '2030-05-21'");
    let picture = with(&format!("{}{}", flight("OPEN", bands), flight("LATE", &late)));
    assert_eq!(spans(&picture, "OPEN"), [(time("2030-05-01"), time("2030-05-21"))]);
    assert_eq!(picture.span.end(), time("2030-05-21"));
}

#[test]
fn a_later_instant_keeps_what_a_time_minimum_needs_and_drops_assumptions() {
    let claim = |id: &str, end: &str| {
        flight(id, &format!("lower = '1 m'\nupper = {{ value = '2 m', basis = 'assumed' }}\nend = '{end}'"))
    };
    let minima = "[[minima]]\nkinds = ['flight', 'flight']\ntime = '15 min'\n";
    let added = format!("{minima}{}{}", claim("LATELY", "2030-05-02T08:00Z"), claim("LONG", "2030-05-02T07:00Z"));
    let picture = picture_at(&[&format!("{HEADER}{WORLD}{added}")], Some(time("2030-05-02T08:05Z")));
    assert_eq!(picture.claims.iter().map(|claim| claim.id.as_str()).collect::<Vec<_>>(), ["LATELY"]);
    assert_eq!(picture.assumptions.iter().map(|a| a.path.as_str()).collect::<Vec<_>>(), ["claims.LATELY.upper"]);
}

#[test]
fn a_changed_movement_opens_what_waits_for_it() {
    let event = "[[events]]\nid = 'E'\ntext = 'reached'\nmovement = 'M'\nplace = 'Bravo'\n";
    let road = movement("M", "waypoints = [{ at = 'Alpha', eta = '2030-05-02' }, { at = 'Bravo', eta = '2030-05-03' }]");
    let bands = "lower = '1 m'\nupper = '2 m'\n";
    let text = format!(
        "{HEADER}{WORLD}{event}{road}{}{}",
        flight("UNTIL", &format!("{bands}when = {{ until = 'E' }}")),
        flight("FROM", &format!("{bands}when = {{ from = 'E' }}")),
    );
    let picture = picture_at(&[&text], None);
    assert_eq!(spans(&picture, "UNTIL"), [(time("2030-05-01"), time("2030-05-03"))]);
    let delay = [("M".to_owned(), Change::Delay(86_400_000_000_000))];
    let changed = deconflict_plan::changed(&picture, &delay).unwrap();
    let whole = [(time("2030-05-01"), time("2030-05-11"))];
    assert_eq!((spans(&changed, "UNTIL"), spans(&changed, "FROM")), (whole.to_vec(), whole.to_vec()));
    assert!(["UNTIL", "FROM"].iter().all(|id| changed.claim(id).unwrap().window_open));
    // An agreement does the same: what meets the longer window is found.
    let agreement = "[[agreements]]\nid = 'AG'\ntext = 'x'\nparties = ['P1', 'P2']\nchanges = [{ claim = 'M', delay = '5 d' }]\n";
    let late = flight("LATE", &format!("{bands}start = '2030-05-04'\nend = '2030-05-05'")).replace("'P1'", "'P2'");
    let agreed = format!("{}{late}{agreement}", text.replace("when = { from = 'E' }", "end = '2030-05-02'"));
    let report = deconflict_plan::check(&picture_at(&[&agreed], None), deconflict_plan::Options::default());
    assert!(report.findings.iter().any(|finding| finding.claims == ["LATE", "UNTIL"]), "{:#?}", report.findings);
}

#[test]
fn only_who_takes_part_agrees_and_lines_lie_on_both_roads() {
    let problems = |added: &str| {
        let text = format!("{HEADER}{WORLD}[[parties]]\nid = 'X'\nname = 'Storm'\nparticipant = false\n{added}");
        let problems = read(&[file("0.toml", &text)], None).unwrap_err();
        problems.iter().map(|problem| format!("{problem:?}")).collect::<Vec<_>>()
    };
    let signed = problems(
        "[[agreements]]\nid = 'AG'\ntext = 'x'\nparties = ['P1', 'P2', 'X']\nmust_acknowledge = ['X']\nacknowledged = ['Storm']\n",
    );
    assert_eq!(signed.len(), 3, "{signed:#?}");
    assert!(signed.iter().all(|problem| problem.contains("a non-participant")));
    let roads = format!(
        "{}{}",
        movement("M1", "waypoints = [{ at = 'Alpha' }, { at = 'Bravo' }]"),
        movement("M2", "waypoints = [{ at = 'Charlie' }, { at = 'Bravo' }]"),
    );
    let line = "[[agreements]]\nid = 'AG'\ntext = 'x'\nparties = ['P1', 'P2']\nmeeting_lines = [{ claims = ['M1', 'M2'], at = 'Alpha' }]\n";
    let off = problems(&format!("{roads}{line}"));
    assert!(off.len() == 1 && off[0].contains("off the road"), "{off:#?}");
}

#[test]
fn sides_lend_their_lead_and_list_their_claims() {
    let side = "[[sides]]\nid = 'SD'\nlead = 'Second Party'\nmembers = ['First', 'P2']\nclaims = ['F']\n";
    let picture = with(&format!("{side}{}", flight("F", "lower = '1 m'\nupper = '2 m'").replace("'P1'", "'SD'")));
    let claim = picture.claim("F").unwrap();
    assert_eq!((claim.party.as_deref(), claim.side.as_str()), (Some("P2"), "SD"));
    assert_eq!(picture.side("SD").unwrap().members, ["P1", "P2"]);
}

#[test]
fn agreements_change_claims() {
    let road = movement("M", "waypoints = [{ at = 'Alpha' }, { at = 'Bravo' }, { at = 'Charlie' }]");
    let agreement = "[[agreements]]\nid = 'AG'\ntext = 'x'\nparties = ['First', 'P2']\nchanges = [{ claim = 'M', stop_at = 'Bravo', delay = '1 h' }, { claim = 'F', upper = '4500 m' }]\n";
    let picture = with(&format!("{road}{}{agreement}", flight("F", "lower = '1 m'\nupper = '2 m'")));
    let bravo_m = picture.claim("M").unwrap().track().unwrap().line.waypoints_along_m()[1];
    let expected = [
        ("M".to_owned(), Change::Delay(3_600_000_000_000)),
        ("M".to_owned(), Change::StopAt(bravo_m)),
        ("F".to_owned(), Change::Upper(4_500_000_000)),
    ];
    assert_eq!(picture.agreements[0].changes, expected);
    assert_eq!(picture.agreements[0].parties, ["P1", "P2"]);
}

#[test]
fn a_stated_distance_counts_every_point_of_a_place() {
    let picture = with(
        "[[statements]]\nid = 'T'\ntext = 'far'\ndistance = { from = 'Alpha', to = 'Bravo', or_to = ['Charlie'], value = '40 km' }",
    );
    let StatementCheck::Distance { from, to, value_m, .. } = &picture.statements[0].check else { panic!() };
    assert_eq!((from.len(), to.len()), (1, 3));
    assert!((value_m - 40_000.0).abs() < 1e-9);
}

#[test]
fn assumptions_are_listed_where_they_stand() {
    let text =
        format!("{HEADER}{WORLD}").replace("horizon = '10 d'", "horizon = { value = '10 d', basis = 'assumed', note = 'why' }");
    let claim = "[[claims]]\nid = 'F'\nkind = 'flight'\nparty = 'P1'\nbasis = 'assumed'\nlower = '1 m'\nupper = { value = '2 m', basis = 'stated' }
outline = { circle = { at = { lat = 46.5, lng = 8 }, radius = { value = '5 km', basis = 'derived' } } }\n";
    let picture = picture_at(&[&format!("{text}{claim}")], None);
    let listed: Vec<String> = picture.assumptions.iter().map(|a| format!("{:?} {} = {}", a.basis, a.path, a.value)).collect();
    let expected = [
        "Assumed plan.horizon = 10 d",
        "Assumed claims.F.lower = 1 m",
        "Assumed claims.F.outline.circle.at = 46.5 8",
        "Derived claims.F.outline.circle.radius = 5 km",
    ];
    assert_eq!(listed, expected);
    assert_eq!(picture.assumptions[0].note.as_deref(), Some("why"));
}

#[test]
fn several_files_are_one_picture() {
    let one = format!(
        "{HEADER}{WORLD}{}[[minima]]\nkinds = ['flight', 'site']\nlateral = '1 km'\ntime = '9 min'\n",
        flight("F1", "lower = '1 m'\nupper = '2 m'")
    );
    let two = format!(
        "[plan]\nid = 'y'\nas_of = '2030-05-03'\nhorizon = '20 d'\naltitude_reference = 'W84'\n{WORLD}{}[[minima]]\nkinds = ['site', 'flight']\nlateral = '2 km'\n",
        flight("F2", "lower = '1 m'\nupper = '2 m'")
    );
    let picture = picture_at(&[&one, &two], None);
    assert_eq!((picture.id.as_str(), picture.as_of), ("x+y", time("2030-05-03")));
    assert_eq!((picture.span.start(), picture.span.end()), (time("2030-05-01"), time("2030-05-23")));
    assert_eq!((picture.places.len(), picture.parties.len()), (3, 2));
    assert_eq!(spans(&picture, "F1"), [(time("2030-05-01"), time("2030-05-11"))]);
    assert_eq!(spans(&picture, "F2"), [(time("2030-05-03"), time("2030-05-23"))]);
    let minima = picture.minima.values().next().unwrap();
    assert_eq!((minima.lateral_m, minima.time_ns), (2000.0, 540_000_000_000));
}

#[test]
fn a_later_instant_drops_what_ended() {
    let bands = "lower = '1 m'\nupper = '2 m'\n";
    let added = format!(
        "{}{}{}{}",
        flight("PAST", &format!("{bands}end = '2030-05-02'")),
        flight("DAILY", &format!("{bands}daily = {{ from = '06:00Z', until = '09:00Z' }}")),
        movement(
            "GONE",
            "waypoints = [{ at = 'Alpha', eta = '2030-05-01' }, { at = 'Bravo', eta = '2030-05-02' }]\nend = '2030-05-04'"
        ),
        movement("THERE", "waypoints = [{ at = 'Alpha', eta = '2030-05-01' }, { at = 'Bravo', eta = '2030-05-02' }]"),
    );
    let at = time("2030-05-05T08:00Z");
    let picture = picture_at(&[&format!("{HEADER}{WORLD}{added}")], Some(at));
    assert_eq!(picture.as_of, at);
    assert_eq!(picture.span.start(), time("2030-05-01"));
    let ids: Vec<&str> = picture.claims.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids, ["DAILY", "THERE"]);
    assert_eq!(spans(&picture, "DAILY")[0], (time("2030-05-05T06:00Z"), time("2030-05-05T09:00Z")));
    assert_eq!(spans(&picture, "DAILY").len(), 6);
}

#[test]
fn an_instant_from_outside_is_enough() {
    let text = format!("{HEADER}{WORLD}").replace("as_of = '2030-05-01'\n", "");
    let picture = picture_at(&[&text], Some(time("2030-06-01")));
    assert_eq!((picture.span.start(), picture.span.end()), (time("2030-06-01"), time("2030-06-11")));
}

#[test]
fn the_example_shows_a_conflict() {
    let report = deconflict_plan::check(&picture_at(&[EXAMPLE], None), deconflict_plan::Options::default());
    let conflicts = report.findings.iter().filter(|finding| finding.kind == deconflict_plan::report::FindingKind::Conflict);
    assert_eq!(conflicts.map(|finding| finding.claims.join(" and ")).collect::<Vec<_>>(), ["R1 and S1"]);
}

#[test]
fn the_documented_plan_is_good() {
    let page = include_str!("../../../docs/plan-format.md");
    let plan = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(picture_at(&[plan], None).claims.len(), 3);
}
