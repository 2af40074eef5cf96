//! Who is named as unchecked.

use deconflict_spacetime::{LatLng, Polyline};

use super::unchecked_findings;
use crate::engine::test_pictures::{claim, party, picture};
use crate::model::{Basis, ClaimBody, ClaimKind, Level, Party, Side, Track};

fn track() -> ClaimBody {
    let line = Polyline::new(vec![LatLng::degrees(0.0, 0.0).unwrap(), LatLng::degrees(0.0, 1.0).unwrap()]).unwrap();
    ClaimBody::Track(Track { line, width_m: 1.0, names: Vec::new(), tasks: Vec::new() })
}

fn ids(picture: &crate::model::Picture) -> Vec<(String, Level)> {
    let about = unchecked_findings(picture).into_iter().filter(|finding| finding.id != "unchecked:plan");
    about.map(|finding| (finding.id, finding.level)).collect()
}

#[test]
fn a_party_that_filed_nothing_is_named() {
    let quiet = |party: Party| Party { operates: false, ..party };
    let table = [
        (party("P"), true),
        (quiet(party("P")), false),
        (quiet(Party { registered: false, ..party("P") }), true),
        (quiet(Party { registered: false, told: false, ..party("P") }), false),
        (Party { told: false, ..party("P") }, true),
        (quiet(Party { participant: false, told: false, registered: false, ..party("P") }), false),
        (Party { participant: false, told: false, ..party("P") }, true),
    ];
    for (party, named) in table {
        let mut picture = picture();
        picture.parties = vec![party.clone()];
        let expected = if named { vec![("unchecked:P".to_owned(), Level::Watch)] } else { Vec::new() };
        assert_eq!(ids(&picture), expected, "{party:?}");
        let named = unchecked_findings(&picture).into_iter().filter(|finding| finding.id == "unchecked:P");
        assert!(named.into_iter().all(|finding| finding.parties.is_empty() != party.participant));
    }
}

#[test]
fn a_picture_without_claims_is_not_clear() {
    let says_so =
        |picture: &crate::model::Picture| unchecked_findings(picture).iter().any(|finding| finding.id == "unchecked:plan");
    let mut filed = picture();
    filed.claims.clear();
    assert!(says_so(&filed));
    filed.claims = vec![claim("a", ClaimKind::Presence, "A", ClaimBody::Volumes(Vec::new()))];
    assert!(!says_so(&filed));
}

#[test]
fn a_lead_files_for_its_members() {
    let mut picture = picture();
    picture.parties = vec![party("A"), party("M")];
    let claims = vec!["a".to_owned()];
    picture.claims = vec![claim("a", ClaimKind::Presence, "A", ClaimBody::Volumes(Vec::new()))];
    assert_eq!(ids(&picture), [("unchecked:M".to_owned(), Level::Watch)]);
    picture.sides = vec![Side {
        id: "S".to_owned(),
        name: String::new(),
        lead: Some("A".to_owned()),
        members: vec!["A".to_owned(), "M".to_owned()],
        supporter: None,
        claims,
        deconflicted_by: None,
        review: None,
        basis: Basis::Stated,
    }];
    assert!(ids(&picture).is_empty());
}

#[test]
fn claims_that_could_not_be_checked_are_named() {
    let mut picture = picture();
    picture.parties = vec![Party { registered: false, ..party("F") }];
    picture.claims = vec![claim("C.F", ClaimKind::Movement, "F", track())];
    assert_eq!(ids(&picture), [("unchecked:F".to_owned(), Level::Watch), ("unchecked:C.F".to_owned(), Level::Note)]);
    let found = unchecked_findings(&picture);
    assert_eq!(found[1].headline, "C.F has no times; it was compared with nobody");
}
