//! Agreements: who is bound, from when, until when, and what one that is not in force would do.

mod drawn;

use deconflict_plan::model::{Agreement, Change, Claim, ClaimBody, ClaimKind, Level, Picture, Spot};
use deconflict_plan::report::{FindingKind, Standing};
use deconflict_spacetime::{Time, UM_PER_M, Volume4D};
use drawn::{agreement, at, column, disc, findings, flight, minute, picture, span, volume};

/// A and B fly at one place, [500, 3000] and [2000, 5000]; S supports B.
fn two_flights() -> Picture {
    let mut picture = picture();
    picture.as_of = minute(1000);
    let here = |band_m| vec![volume(disc(at(0.0, 0.0), 5000.0), band_m, span(2000, 3000))];
    picture.claims = vec![flight("FA", "A", here([500, 3000])), flight("FB", "B", here([2000, 5000]))];
    picture
}

/// A below 2500 m, B above 2550 m.
fn split(parties: &[&str]) -> Agreement {
    let changes = vec![("FA".to_owned(), Change::Upper(2500 * UM_PER_M)), ("FB".to_owned(), Change::Lower(2550 * UM_PER_M))];
    Agreement { changes, ..agreement("AG", parties) }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// `None` if the conflict is gone, else why the agreement is not in force (empty: it counts for nothing).
fn because(agreement: Agreement) -> Option<String> {
    let mut picture = two_flights();
    picture.agreements = vec![agreement];
    let conflict = findings(&picture, FindingKind::Conflict).into_iter().next()?;
    Some(match conflict.standing {
        Standing::Unagreed => String::new(),
        Standing::AgreedNotInForce { agreement, because } => {
            assert_eq!(agreement, "AG");
            because
        }
    })
}

#[test]
fn what_both_owners_signed_is_done() {
    assert_eq!(because(split(&["A", "B"])), None);
}

#[test]
fn a_supporters_signature_does_not_bind_the_supported_party_until_it_acknowledges() {
    assert_eq!(because(split(&["A", "S"])).as_deref(), Some("B has not acknowledged"));
    assert_eq!(because(Agreement { acknowledged: names(&["B"]), ..split(&["A", "S"]) }), None);
}

#[test]
fn those_who_must_acknowledge_must_do_so_in_so_many_words() {
    let must = Agreement { must_acknowledge: names(&["S", "A"]), ..split(&["A", "B"]) };
    assert_eq!(because(must.clone()).as_deref(), Some("A and S have not acknowledged"));
    assert_eq!(because(Agreement { acknowledged: names(&["A", "S"]), ..must }), None);
}

#[test]
fn validity_includes_both_ends() {
    let valid = |from: Option<i64>, until: Option<i64>| {
        let time = |minutes: Option<i64>| minutes.map(minute);
        because(Agreement { valid_from: time(from), valid_until: time(until), ..split(&["A", "B"]) })
    };
    assert_eq!(valid(Some(1000), Some(3000)), None);
    assert_eq!(valid(Some(1001), None).as_deref(), Some("in force from 1970-01-01 16:41Z"));
    assert_eq!(valid(None, Some(999)).as_deref(), Some(""), "an expired agreement does not count");
    assert_eq!(
        valid(None, Some(2999)).as_deref(),
        Some("it ends 1970-01-03 01:59Z, before FA and FB do"),
        "the rest of the flights would be unprotected"
    );
}

#[test]
fn an_agreement_that_would_not_help_says_nothing() {
    let high = vec![("FA".to_owned(), Change::Upper(2900 * UM_PER_M))];
    assert_eq!(because(Agreement { changes: high, ..agreement("AG", &["S", "B"]) }).as_deref(), Some(""));
}

#[test]
fn agreements_apply_in_the_order_of_the_file() {
    let mut picture = two_flights();
    let one = Agreement { changes: split(&[]).changes[..1].to_vec(), ..agreement("AG1", &["A", "B"]) };
    let other = Agreement { changes: split(&[]).changes[1..].to_vec(), ..agreement("AG2", &["A", "B"]) };
    picture.agreements = vec![one, other];
    assert!(findings(&picture, FindingKind::Conflict).is_empty());
}

#[test]
fn what_cannot_be_done_is_a_finding_and_leaves_the_claim_alone() {
    let mut picture = two_flights();
    let nothing_left = vec![("FA".to_owned(), Change::Upper(400 * UM_PER_M))];
    picture.agreements = vec![Agreement { changes: nothing_left, ..agreement("AG", &["A", "B"]) }];
    let found = findings(&picture, FindingKind::Rule);
    assert_eq!(found[0].headline, "AG cannot be applied: FA: no height is left between 500 m and 400 m");
    assert_eq!(found[0].level, Level::Warn);
    assert_eq!(findings(&picture, FindingKind::Conflict).len(), 1);
}

/// Two columns that end at one place, with a meeting line there.
fn with_meeting_line(parties: &[&str], valid_from: Option<Time>) -> Picture {
    let mut picture = picture();
    picture.claims = vec![
        column("MA", "A", &[(at(-40.0, 0.0), 0), (at(0.0, 0.0), 1000)], 500.0, false, 2000),
        column("MB", "B", &[(at(40.0, 0.0), 0), (at(0.0, 0.0), 1000)], 500.0, false, 2000),
    ];
    let line = (["MA".to_owned(), "MB".to_owned()], Spot { name: String::new(), at: at(0.0, 0.0) });
    picture.agreements = vec![Agreement { meeting_lines: vec![line], valid_from, ..agreement("AG", parties) }];
    picture
}

#[test]
fn with_a_meeting_line_converging_is_a_note() {
    let found = findings(&with_meeting_line(&["A", "B"], None), FindingKind::Converging);
    assert_eq!(found[0].level, Level::Note);
    assert!(found[0].details.iter().any(|detail| detail.contains("Meeting line agreed (AG)")), "{:?}", found[0].details);
    assert!(found[0].proposals.is_empty());
}

#[test]
fn a_meeting_line_that_is_not_in_force_is_said() {
    let found = findings(&with_meeting_line(&["A", "S"], None), FindingKind::Converging);
    assert!(found[0].level > Level::Note);
    let because = "B has not acknowledged".to_owned();
    assert_eq!(found[0].standing, Standing::AgreedNotInForce { agreement: "AG".to_owned(), because });
}

#[test]
fn a_head_does_not_pass_a_meeting_line_before_the_end_of_its_road() {
    let mut picture = with_meeting_line(&["A", "B"], None);
    picture.agreements[0].meeting_lines[0].1.at = at(-10.0, 0.0);
    assert!(findings(&picture, FindingKind::Converging).is_empty(), "they no longer end at one place");
}

#[test]
fn a_meeting_line_off_the_roads_holds_nobody() {
    let mut picture = with_meeting_line(&["A", "B"], None);
    picture.agreements[0].meeting_lines[0].1.at = at(0.0, 400.0);
    let found = findings(&picture, FindingKind::Converging);
    assert_eq!((found[0].level, &found[0].standing), (Level::Warn, &Standing::Unagreed));
    let rules = findings(&picture, FindingKind::Rule);
    assert!(rules.iter().any(|rule| rule.headline.contains("the meeting line is 400.0 km from its road")), "{rules:?}");
    // Before the start of one road: it cannot stop there.
    picture.agreements[0].meeting_lines[0].1.at = at(-300.0, 0.0);
    assert_eq!(findings(&picture, FindingKind::Converging)[0].level, Level::Warn);
}

#[test]
fn a_meeting_line_whose_agreement_cannot_be_applied_holds_nobody() {
    let mut picture = with_meeting_line(&["A", "B"], None);
    picture.agreements[0].changes = vec![("MA".to_owned(), Change::Upper(UM_PER_M))];
    assert_eq!(findings(&picture, FindingKind::Converging)[0].level, Level::Warn);
}

#[test]
fn nobody_can_agree_for_a_claim_without_an_owner() {
    let mut picture = two_flights();
    picture.claims[1] = Claim { kind: ClaimKind::Site, party: None, ..picture.claims[1].clone() };
    let early = vec![("FB".to_owned(), Change::End(minute(2000).plus_ns(-1)))];
    picture.claims[1].body =
        ClaimBody::Volumes(vec![Volume4D { band: None, ..volume(disc(at(0.0, 0.0), 5000.0), [0, 1], span(1500, 3000)) }]);
    picture.agreements = vec![Agreement { changes: early, ..agreement("AG", &["A", "B"]) }];
    assert_eq!(findings(&picture, FindingKind::Caution).len(), 1, "the site is still there");
    let rules = findings(&picture, FindingKind::Rule);
    assert_eq!(rules[0].headline, "AG cannot be applied: FB: it has no owner: nobody can agree to a change");
}

#[test]
fn a_change_to_a_non_participants_claim_is_never_made() {
    let mut picture = two_flights();
    picture.parties.iter_mut().filter(|party| party.id == "B").for_each(|party| party.participant = false);
    picture.claims[1].body = ClaimBody::Volumes(vec![volume(disc(at(0.0, 0.0), 5000.0), [2000, 5000], span(1500, 3000))]);
    let early = vec![("FB".to_owned(), Change::End(minute(1600)))];
    picture.agreements = vec![Agreement { changes: early, ..agreement("AG", &["A", "B"]) }];
    assert_eq!(findings(&picture, FindingKind::Caution).len(), 1, "the hazard is still there");
    let rules = findings(&picture, FindingKind::Rule);
    assert!(rules[0].headline.starts_with("AG cannot be applied: FB: B is not a participant"), "{}", rules[0].headline);
    assert_eq!(rules[0].parties, ["A"]);
}
