//! Pairs of claims from plan files to notices: who gets which finding, and who hears of it. Each test is a small plan.

use deconflict_plan::report::{Finding, Report};
use deconflict_plan::{Options, SourceText, check, read};

const HEADER: &str = r#"
[plan]
id = "test"
as_of = "2020-01-01T00:00Z"
horizon = "30 d"
altitude_reference = "W84"

[[places]]
name = "West"
lat = 35.0
lng = 40.0

[[places]]
name = "Middle"
lat = 35.0
lng = 40.5

[[places]]
name = "East"
lat = 35.0
lng = 41.0
"#;

fn report(plan: &str) -> Report {
    let bytes = format!("{HEADER}\n{plan}").into_bytes();
    let picture =
        read(&[SourceText { name: "test.toml".to_owned(), bytes }], None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    check(&picture, Options::default())
}

fn parties(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("[[parties]]\nid = \"{id}\"\nname = \"Party {id}\"\n")).collect()
}

/// A flight over a disc of 5 km around a place, between two altitudes, from day to day.
fn flight(id: &str, party: &str, place: &str, [lower_m, upper_m]: [u32; 2], [from, until]: [u32; 2]) -> String {
    format!(
        "[[claims]]\nid = \"{id}\"\nkind = \"flight\"\nparty = \"{party}\"\nlower = \"{lower_m} m\"\nupper = \"{upper_m} m\"\n\
         start = \"2020-01-{from:02}\"\nend = \"2020-01-{until:02}\"\noutline.circle = {{ at = \"{place}\", radius = \"5 km\" }}\n"
    )
}

/// A column 1 km wide from place to place, from day to day, that is gone a day after its arrival.
fn column(id: &str, party: &str, [from, to]: [&str; 2], [start, arrival]: [u32; 2]) -> String {
    format!(
        "[[claims]]\nid = \"{id}\"\nkind = \"movement\"\nparty = \"{party}\"\nwidth = \"1 km\"\nend = \"2020-01-{:02}\"\n\
         [[claims.waypoints]]\nat = \"{from}\"\neta = \"2020-01-{start:02}\"\n[[claims.waypoints]]\nat = \"{to}\"\neta = \"2020-01-{arrival:02}\"\n",
        arrival + 1
    )
}

fn ids(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.id.as_str()).collect()
}

/// "A direct", "B via I,J" for each notice of a finding.
fn notices(finding: &Finding) -> Vec<String> {
    let via =
        |via: &Option<Vec<String>>| via.as_ref().map_or_else(|| "direct".to_owned(), |via| format!("via {}", via.join(",")));
    finding.notify.iter().map(|notice| format!("{} {}", notice.party, via(&notice.via))).collect()
}

#[test]
fn two_flights_in_one_place_are_a_conflict_and_both_hear_of_it() {
    let channel = "[[channels]]\nid = \"CH\"\nfrom = \"A\"\nto = \"B\"\ndelay = \"5 min\"\n";
    let flights = flight("F1", "A", "West", [1000, 3000], [2, 4]) + &flight("F2", "B", "West", [2000, 4000], [3, 5]);
    let report = report(&(parties(&["A", "B"]) + channel + &flights));
    assert_eq!(ids(&report), ["conflict:F1+F2"]);
    let finding = &report.findings[0];
    assert_eq!(notices(finding), ["A direct", "B direct"]);
    assert_eq!(finding.notify[0].delay_s, 300);
    assert_eq!(finding.altitude_m, Some([2000.0, 3000.0]));
    assert_eq!(finding.measures.overlap, Some(true));
}

#[test]
fn a_convoy_that_uses_a_road_the_day_before_another_is_clear_of_it() {
    let channel = "[[channels]]\nid = \"CH\"\nfrom = \"A\"\nto = \"B\"\n";
    let clear = column("C1", "A", ["West", "East"], [2, 3]) + &column("C2", "B", ["West", "Middle"], [4, 5]);
    assert_eq!(ids(&report(&(parties(&["A", "B"]) + channel + &clear))), Vec::<&str>::new());
    let same_day = column("C1", "A", ["West", "East"], [2, 3]) + &column("C2", "B", ["West", "Middle"], [2, 3]);
    assert_eq!(ids(&report(&(parties(&["A", "B"]) + channel + &same_day))), ["conflict:C1+C2"]);
}

#[test]
fn converging_columns_hear_of_each_other_through_their_intermediary_only() {
    let channel = "[[channels]]\nid = \"CH\"\nfrom = \"A\"\nvia = [\"I\"]\nto = \"B\"\ndelay = \"6 h\"\n";
    let columns = column("C1", "A", ["West", "Middle"], [2, 6]) + &column("C2", "B", ["East", "Middle"], [2, 6]);
    let report = report(&(parties(&["A", "B", "I"]) + channel + &columns));
    assert_eq!(ids(&report), ["converging:C1+C2"]);
    assert_eq!(notices(&report.findings[0]), ["A via I", "B via I"]);
    assert!(report.findings[0].notify.iter().all(|notice| notice.delay_s == 6 * 3600));
}

#[test]
fn supporters_carry_what_their_sides_cannot_say() {
    let sides = r#"
[[sides]]
id = "SA"
lead = "A"
members = ["A", "M"]
supporter = "S"
claims = ["C1", "F1"]

[[sides]]
id = "SB"
lead = "B"
members = ["B"]
supporter = "T"
claims = ["C2"]

[[channels]]
id = "CH"
from = "S"
to = "T"
delay = "15 min"
"#;
    let columns = column("C1", "A", ["West", "Middle"], [2, 6]) + &column("C2", "B", ["East", "Middle"], [2, 6]);
    let claims = columns + &flight("F1", "S", "Middle", [1000, 2000], [5, 7]);
    let report = report(&(parties(&["A", "B", "M", "S", "T"]) + sides + &claims));
    let by_id =
        |id: &str| report.findings.iter().find(|finding| finding.id == id).unwrap_or_else(|| panic!("{id}: {:?}", ids(&report)));
    assert_eq!(notices(by_id("converging:C1+C2")), ["A via S", "B via T", "S direct", "T direct"]);
    assert!(by_id("converging:C1+C2").notify.iter().any(|notice| notice.party == "A" && notice.members == ["M"]));
    assert_eq!(notices(by_id("caution:C2+F1")), ["B via T", "S direct", "T direct"]);
    assert!(!ids(&report).iter().any(|id| id.contains("C1+F1")), "a flight and a column of one side");
}

#[test]
fn parties_that_cannot_reach_each_other_make_a_finding_louder() {
    let flights = flight("F1", "A", "West", [1000, 3000], [2, 4]) + &flight("F2", "B", "West", [2000, 4000], [3, 5]);
    let report = report(&(parties(&["A", "B"]) + &flights));
    let finding = &report.findings[0];
    assert_eq!((finding.level, finding.notify.len()), (deconflict_plan::model::Level::Critical, 0));
    assert_eq!(finding.cannot_tell[0], ("A".to_owned(), "no channel between A and B".to_owned()));
}

#[test]
fn a_non_participant_is_kept_clear_of_and_never_told() {
    let hazard = "[[parties]]\nid = \"H\"\nname = \"Hostile\"\nparticipant = false\n\
                  [[claims]]\nid = \"HZ\"\nkind = \"constraint\"\nparty = \"H\"\noutline.circle = { at = \"Middle\", radius = \"4 km\" }\n";
    let report = report(&(parties(&["A"]) + hazard + &column("C1", "A", ["West", "East"], [2, 6])));
    assert_eq!(ids(&report), ["caution:C1+HZ"]);
    assert_eq!(notices(&report.findings[0]), ["A direct"]);
    assert!(!report.findings[0].headline.contains("Hostile"));
}

#[test]
fn columns_are_listed_with_their_arrivals() {
    let report = report(&(parties(&["A"]) + &column("C1", "A", ["West", "East"], [2, 6])));
    let movement = &report.movements[0];
    assert_eq!((movement.claim.as_str(), movement.arrivals.len()), ("C1", 2));
    assert_eq!(movement.arrivals[1].0, "East");
    assert!((movement.length_km - 91.3).abs() < 0.1, "{}", movement.length_km);
}

#[test]
fn columns_that_end_at_one_place_a_day_apart_do_not_meet() {
    let apart = column("C1", "A", ["West", "Middle"], [2, 3]) + &column("C2", "B", ["East", "Middle"], [5, 6]);
    assert_eq!(ids(&report(&(parties(&["A", "B"]) + &apart))), Vec::<&str>::new());
    let together = column("C1", "A", ["West", "Middle"], [2, 3]) + &column("C2", "B", ["East", "Middle"], [2, 3]);
    assert!(ids(&report(&(parties(&["A", "B"]) + &together))).contains(&"converging:C1+C2"));
}

#[test]
fn columns_that_have_met_are_still_there() {
    let plan =
        parties(&["A", "B"]) + &column("C1", "A", ["West", "Middle"], [2, 3]) + &column("C2", "B", ["East", "Middle"], [2, 3]);
    let bytes = format!("{HEADER}\n{plan}").into_bytes();
    let noon = deconflict_plan::parse_time("2020-01-03T12:00Z").unwrap();
    let picture = read(&[SourceText { name: "test.toml".to_owned(), bytes }], Some(noon)).unwrap();
    let report = check(&picture, Options::default());
    let finding = report.findings.iter().find(|finding| finding.id == "converging:C1+C2").expect("both stand at one place");
    assert!(finding.window.unwrap().contains(noon));
}

#[test]
fn an_operation_is_one_partys_own() {
    let named = |id: &str, party: &str| flight(id, party, "West", [1000, 3000], [2, 4]) + "operation = \"1\"\n";
    let one = parties(&["A", "B"]) + &named("F1", "A") + &named("F2", "A");
    assert_eq!(ids(&report(&one)), Vec::<&str>::new());
    let side = "[[sides]]\nid = \"S\"\nclaims = [\"F1\", \"F2\"]\n";
    let two = parties(&["A", "B"]) + side + &named("F1", "A") + &named("F2", "B");
    assert_eq!(ids(&report(&two)), ["internal:F1+F2"]);
}

#[test]
fn a_side_past_its_review_is_an_open_question() {
    let side = |review: &str| format!("[[sides]]\nid = \"S\"\nlead = \"A\"\nclaims = [\"F1\"]\nreview = \"{review}\"\n");
    let plan = |review| parties(&["A"]) + &side(review) + &flight("F1", "A", "West", [1000, 3000], [2, 4]);
    assert_eq!(ids(&report(&plan("2019-12-01"))), ["open:review:S"]);
    assert_eq!(ids(&report(&plan("2020-02-01"))), Vec::<&str>::new());
}
