//! The law of a live picture: what it found on the way is what checking it whole finds.

use super::*;
use crate::{Options, SourceText, check, read};

const PLAN: &str = include_str!("../../../scenarios/euphrates-2017.toml");

fn picture() -> Picture {
    read(&[SourceText { name: "plan".to_owned(), bytes: PLAN.into() }], None).unwrap()
}

fn checked(live: &Live) -> BTreeMap<String, Finding> {
    let report = check(live.picture(), Options::default());
    let without = |finding: Finding| Finding { proposals: Vec::new(), ..finding };
    report.findings.into_iter().map(without).map(|finding| (finding.id.clone(), finding)).collect()
}

#[test]
fn claims_come_one_by_one_and_go_again() {
    let whole = picture();
    let mut live = Live::new(Picture { claims: Vec::new(), ..whole.clone() });
    for some in whole.claims.chunks(5) {
        live.apply(Edit { put: some.to_vec(), ..Edit::default() });
        assert_eq!(checked(&live), live.findings, "with {}", some[0].id);
    }
    assert_eq!(checked(&Live::new(whole.clone())), live.findings);
    for claim in &whole.claims {
        let (before, there) = (live.findings.clone(), live.picture.claims.len());
        let (delta, undo) = live.apply(Edit { remove: vec![claim.id.clone()], ..Edit::default() });
        assert!(delta.opened.iter().all(|finding| !finding.claims.contains(&claim.id)));
        let (_, again) = live.apply(undo);
        assert_eq!((&before, there), (&live.findings, live.picture.claims.len()), "{} put back", claim.id);
        live.apply(again);
    }
    assert_eq!((0, checked(&live)), (live.picture.claims.len(), live.findings));
}

#[test]
fn what_a_moment_changes_is_told() {
    let mut live = Live::new(picture());
    let start = live.picture.as_of;
    for days in (0..40).step_by(4) {
        let (delta, _) =
            live.apply(Edit { as_of: Some(start.plus_ns(days * 86_400 * deconflict_spacetime::NS_PER_S)), ..Edit::default() });
        assert_eq!(checked(&live), live.findings, "on day {days}");
        assert!(delta.closed.iter().all(|finding| live.finding(&finding.id).is_none()));
    }
}

#[test]
fn proposals_on_demand_are_those_of_the_report() {
    let live = Live::new(picture());
    let report = check(live.picture(), Options::default());
    let with: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.proposals.is_empty()).collect();
    assert!(with.len() > 5);
    for finding in with {
        assert_eq!(finding.proposals, live.proposals(&finding.id), "{}", finding.id);
    }
}
