//! Who hears what of a finding between two parties, with a mailman between them.

use super::{for_party, party_named};
use crate::model::Change;
use crate::report::{FindingKind, Location, Proposal, Report, Standing};
use crate::samples::{picture, report};
use crate::{Options, SourceText, check, read};

fn ids(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.id.as_str()).collect()
}

#[test]
fn a_party_hears_what_is_routed_to_it_and_nothing_else() {
    let told = for_party(&picture(), &report(), "RED");
    assert_eq!(ids(&told), ["conflict:B.1+R.1"]);
    assert_eq!(told.findings[0].notify.iter().map(|notice| notice.party.as_str()).collect::<Vec<_>>(), ["RED"]);
    assert_eq!(told.movements.iter().map(|movement| movement.claim.as_str()).collect::<Vec<_>>(), ["R.1"]);
    assert_eq!(told.assumptions.iter().map(|assumed| assumed.path.as_str()).collect::<Vec<_>>(), ["claims.R.1.width"]);
    assert_eq!(told.title, "as told to RED");
}

#[test]
fn an_intermediary_sees_what_it_passes_on() {
    let told = for_party(&picture(), &report(), "MAIL");
    assert_eq!(ids(&told), ["conflict:B.1+R.1"]);
    assert_eq!(told.findings[0].details.last().map(String::as_str), Some("You pass this on to BLUE and RED."));
}

#[test]
fn a_member_is_told_by_its_lead() {
    let told = for_party(&picture(), &report(), "BOAT");
    assert_eq!(ids(&told), ["conflict:B.1+R.1"]);
    assert_eq!(told.findings[0].details.last().map(String::as_str), Some("You are told by RED, which leads the red side."));
    assert!(told.movements.is_empty());
}

#[test]
fn an_uninvolved_party_hears_of_neither() {
    assert_eq!(ids(&for_party(&picture(), &report(), "OTHER")), ["open:O.1"]);
}

#[test]
fn a_non_participant_and_an_unknown_party_hear_nothing() {
    for name in ["HAZ", "NOBODY"] {
        let told = for_party(&picture(), &report(), name);
        assert!(told.findings.is_empty() && told.movements.is_empty() && told.assumptions.is_empty());
    }
}

#[test]
fn proposals_and_agreements_of_others_stay_with_them() {
    let mut whole = report();
    let proposal = |claim: &str, party: &str| Proposal {
        kind: "delay",
        changes: vec![(claim.to_owned(), Change::Delay(1))],
        accept: vec![party.to_owned()],
        text: format!("{claim} waits"),
        verified: true,
    };
    whole.findings[0].proposals = vec![proposal("R.1", "RED"), proposal("B.1", "BLUE")];
    whole.findings[0].standing = Standing::AgreedNotInForce { agreement: "AG1".to_owned(), because: "BLUE is silent".to_owned() };
    whole.findings[0].cannot_tell = vec![("BLUE".to_owned(), "its secret reason".to_owned())];
    let told = for_party(&picture(), &whole, "RED");
    assert_eq!(told.findings[0].proposals.iter().map(|proposal| proposal.text.as_str()).collect::<Vec<_>>(), ["R.1 waits"]);
    assert_eq!(told.findings[0].standing, Standing::Unagreed);
    assert_eq!(told.findings[0].cannot_tell, [("BLUE".to_owned(), String::new())]);
}

#[test]
fn a_party_is_found_by_id_name_and_alias() {
    let picture = picture();
    for name in ["RED", "Red Fire", "alias of RED"] {
        assert_eq!(party_named(&picture, name).map(|party| party.id.as_str()), Ok("RED"), "{name}");
    }
    assert_eq!(party_named(&picture, "BLEU").map(|party| party.id.as_str()), Err(Some("BLUE".to_owned())));
    assert_eq!(party_named(&picture, "%").map(|party| party.id.as_str()), Err(None));
}

/// Two columns that may meet anywhere on 75 km of either road; B's is east of the shared end at 8.5 E.
const TWO_COLUMNS: &str = r#"
[plan]
id = "t"
as_of = "2030-05-01T06:00Z"
horizon = "2 d"
altitude_reference = "AMSL"
[[parties]]
id = "A"
name = "Alfa"
[[parties]]
id = "B"
name = "Bravo"
[[channels]]
id = "CH"
from = "A"
to = "B"
[[claims]]
id = "C1"
kind = "movement"
party = "A"
width = "100 m"
start = "2030-05-01T07:00Z"
speed = { min = "1 km/h", likely = "10 km/h", max = "60 km/h" }
waypoints = [{ at = { lat = 46.0, lng = 8.0 } }, { at = { lat = 46.3, lng = 8.25 } }, { at = { lat = 46.0, lng = 8.5 } }]
[[claims]]
id = "C2"
kind = "movement"
party = "B"
width = "100 m"
start = "2030-05-01T07:00Z"
speed = { min = "1 km/h", likely = "10 km/h", max = "60 km/h" }
waypoints = [{ at = { lat = 46.0, lng = 9.0 } }, { at = { lat = 46.3, lng = 8.75 } }, { at = { lat = 46.0, lng = 8.5 } }]
[[approach]]
distance = "50 km"
level = "warn"
[[rules]]
id = "K1"
text = "A meeting line is agreed in time."
check = "meeting-line"
distance = "50 km"
claims = ["C1", "C2"]
"#;

#[test]
fn the_road_and_the_head_of_another_column_are_never_told() {
    let file = SourceText { name: "plan.toml".to_owned(), bytes: TWO_COLUMNS.as_bytes().to_vec() };
    let picture = read(&[file], None).expect("the plan is good");
    let whole = check(&picture, Options::default());
    for (party, west) in [("A", true), ("B", false)] {
        let told = for_party(&picture, &whole, party);
        let kinds: Vec<FindingKind> = told.findings.iter().map(|finding| finding.kind).collect();
        for kind in [FindingKind::Converging, FindingKind::Approach, FindingKind::Rule] {
            assert!(kinds.contains(&kind), "{party} hears of {kind:?}: {kinds:?}");
        }
        for finding in &told.findings {
            let Some(Location::Point(at)) = &finding.place else { panic!("{party}, {}: {:?}", finding.id, finding.place) };
            let own = if west { at.lng_deg() < 8.5 + 1e-6 } else { at.lng_deg() > 8.5 - 1e-6 };
            assert!(own, "{party}, {}: {at:?}", finding.id);
            assert!(finding.details.iter().all(|text| !text.contains(" N ") && !text.contains("on the road of")), "{finding:?}");
            if let Some([_, min, max]) = finding.measures.place_km {
                let (own, others) = if west { (min, max) } else { (max, min) };
                assert!(own.abs() > 70.0 && others.abs() < 0.1, "{min} to {max}");
            }
        }
    }
}
