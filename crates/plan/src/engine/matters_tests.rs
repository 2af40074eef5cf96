//! Open matters: what raises them, and that nothing closes them but their parties; the finders of old words and of
//! centres in two places.

use deconflict_spacetime::{Area, Circle, Shape, TimeSpan};

use super::matter_findings;
use crate::engine::sources::source_findings;
use crate::engine::terms::term_findings;
use crate::engine::test_pictures::{claim, day, desert, point, spot};
use crate::model::{
    AreaRole, Basis, Centre, ClaimBody, ClaimKind, Function, Level, Matter, MatterState, NamedArea, Picture, Statement,
    StatementCheck, Term, TermState,
};
use crate::report::{Finding, FindingKind};

fn matter(claims: &[&str], escalates_with: &[&str]) -> Matter {
    Matter {
        id: "U1".to_owned(),
        text: "Who leads?".to_owned(),
        state: MatterState::Open,
        claims: claims.iter().map(|id| (*id).to_owned()).collect(),
        areas: Vec::new(),
        function: None,
        parties: Vec::new(),
        stake: Some("a prize".to_owned()),
        risk: Some("clashes".to_owned()),
        owner: None,
        due: None,
        escalates_with: escalates_with.iter().map(|id| (*id).to_owned()).collect(),
        source: None,
    }
}

fn approach(claims: [&str; 2], level: Level) -> Finding {
    let mut finding = Finding::new(FindingKind::Approach, level, format!("approach:{}", claims.join("+")), String::new());
    finding.claims = claims.iter().map(|id| (*id).to_owned()).collect();
    finding.measures.thresholds = vec![(30.0, Level::Watch, day(2)), (10.0, Level::Urgent, day(4))];
    finding
}

fn levels(picture: &Picture, found: &[Finding]) -> Vec<Level> {
    matter_findings(picture, found).iter().map(|finding| finding.level).collect()
}

#[test]
fn a_matter_past_its_date_is_louder_and_names_who_was_to_see_to_it() {
    let mut picture = desert();
    let due = |owner: Option<&str>, days| Matter { owner: owner.map(str::to_owned), due: Some(day(days)), ..matter(&[], &[]) };
    for (matter, level, said) in [
        (due(Some("A"), 1), Level::Watch, "Party A is to see to it by"),
        (due(Some("A"), 0), Level::Warn, "and it is still open"),
        (due(None, 0), Level::Warn, "nobody was named to see to it"),
    ] {
        picture.matters = vec![matter];
        let found = matter_findings(&picture, &[]);
        assert_eq!(found[0].level, level, "{said}");
        assert!(found[0].details.iter().any(|detail| detail.contains(said)), "{:?}", found[0].details);
    }
}

#[test]
fn a_matter_grows_as_its_columns_come_close() {
    let mut picture = desert();
    let found = [approach(["C.A", "C.B"], Level::Urgent), approach(["C.A", "C.F"], Level::Critical)];
    for (claims, escalates_with, raised) in [
        (["C.A", "C.B"].as_slice(), [].as_slice(), true),
        (&["C.A", "C.B"], &["C.A", "C.B"], true),
        (&[], &["C.F"], true),
        (&["C.B"], &[], false),
    ] {
        picture.matters = vec![matter(claims, escalates_with)];
        for (as_of, level) in [(1, Level::Watch), (3, Level::Watch), (5, Level::Urgent)] {
            picture.as_of = day(as_of);
            let level = if raised { level } else { Level::Watch };
            assert_eq!(levels(&picture, &found), [level], "{claims:?} {escalates_with:?} on day {as_of}");
            assert_eq!(levels(&picture, &[]), [Level::Watch]);
        }
    }
    picture.as_of = day(0);
    picture.matters = vec![matter(&["C.A", "C.B"], &[])];
    let open = matter_findings(&picture, &found).remove(0);
    assert_eq!((open.id.as_str(), open.parties.as_slice()), ("open:U1", ["A".to_owned(), "B".to_owned()].as_slice()));
    assert_eq!(open.window, TimeSpan::new(day(0), day(40)).ok());
    assert_eq!(open.details[..2], ["At stake, says the source: a prize.", "The source fears: clashes."]);
    assert!(open.details[2].contains("C.A and C.B") && open.details[2].contains("urgent"), "{}", open.details[2]);
}

#[test]
fn only_its_parties_close_a_matter() {
    let mut picture = desert();
    picture.matters = vec![Matter { state: MatterState::Closed, ..matter(&["C.A"], &[]) }];
    assert!(levels(&picture, &[]).is_empty());
}

#[test]
fn areas_that_nobody_claims_are_contested() {
    let mut picture = desert();
    let disc = |lat, lng| Shape::Circle(Circle::new(point(lat, lng), 5_000.0).unwrap());
    picture.areas.push(NamedArea {
        id: "OIL".to_owned(),
        name: "the fields".to_owned(),
        role: AreaRole::Contested,
        area: Area::new(vec![disc(35.1, 40.5), disc(34.9, 40.8)]).unwrap(),
        basis: Basis::Stated,
    });
    picture.matters = vec![Matter { areas: vec!["OIL".to_owned()], function: Some(Function::Control), ..matter(&[], &[]) }];
    let contested = |picture: &Picture| matter_findings(picture, &[]).into_iter().find(|f| f.kind == FindingKind::Contested);
    let all = contested(&picture).unwrap();
    assert_eq!((all.id.as_str(), all.level), ("contested:U1:OIL", Level::Warn));
    assert_eq!(all.headline, "Nobody claims control of the fields (OIL), which U1 needs.");

    let end = picture.span.end();
    let mut claim_until = |function, area, end| {
        let span = TimeSpan::new(day(0), end).unwrap();
        picture.claims.push(claim("CL", ClaimKind::Authority, "A", ClaimBody::Authority { function, area, span }));
        contested(&picture).map(|finding| finding.headline)
    };
    let mut claim_of = |function, area| claim_until(function, area, end);
    assert!(claim_of(Function::Lead, Area::from(disc(35.1, 40.5))).is_some(), "another function does not count");
    let part = claim_of(Function::Control, Area::from(disc(35.1, 40.5)));
    assert_eq!(part.as_deref(), Some("Nobody claims control of 78.5 of 157.1 km² of the fields (OIL), which U1 needs."));
    let corner = Circle::new(point(34.9, 40.8), 1_000.0).unwrap();
    let touched = claim_of(Function::Control, Area::from(Shape::Circle(corner)));
    assert_eq!(touched.as_deref(), Some("Nobody claims control of 75.4 of 157.1 km² of the fields (OIL), which U1 needs."));
    let for_now = claim_until(Function::Control, Area::from(disc(34.9, 40.8)), day(9));
    assert!(for_now.unwrap().contains("to the end"));
    assert_eq!(claim_until(Function::Control, Area::from(disc(34.9, 40.8)), end), None);
}

#[test]
fn a_centre_is_in_one_place() {
    let mut picture = desert();
    for (off_km, reported, ids) in [
        (10.0, ["Crossing"].as_slice(), [].as_slice()),
        (5.0, &["Crossing"], &["inconsistent:X:Crossing"]),
        (10.0, &["Crossing", "Tanf"], &["inconsistent:X:Tanf"]),
    ] {
        picture.centres = vec![centre(&picture, off_km, reported)];
        let findings = source_findings(&picture);
        assert_eq!(findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>(), ids);
        for finding in &findings {
            assert_eq!((finding.level, finding.parties.as_slice()), (Level::Note, ["A".to_owned()].as_slice()));
            assert!(finding.details[0].contains("Paper S (C3)") && finding.details[0].contains("Paper OUT (B2)"));
        }
    }
    // Both places may be off: together they cover the 7.6 km between them.
    picture.places.iter_mut().filter(|place| place.name == "Crossing").for_each(|place| place.uncertainty_m = 5_000.0);
    picture.centres = vec![centre(&picture, 5.0, &["Crossing"])];
    assert!(source_findings(&picture).is_empty());
}

/// A centre at Abu Kamal, and elsewhere by another paper.
fn centre(picture: &Picture, off_km: f64, reported: &[&str]) -> Centre {
    Centre {
        id: "X".to_owned(),
        party: "A".to_owned(),
        name: "the war room".to_owned(),
        at: spot(picture, "Abu Kamal"),
        uncertainty_m: off_km * 1000.0,
        reported_at: reported.iter().map(|name| (spot(picture, name), Some("OUT".to_owned()))).collect(),
        source: Some("S".to_owned()),
    }
}

#[test]
fn withdrawn_words_are_found_where_they_are_still_used() {
    let mut picture = desert();
    picture.terms = vec![Term {
        term: "de-escalation zone".to_owned(),
        state: TermState::Withdrawn,
        agreement: Some("AG2".to_owned()),
        instead: Some("deconfliction".to_owned()),
        from: Some(day(-1)),
    }];
    let text = "the de-escalation zones of the south";
    let paths =
        ["claims.C.A.note", "terms.0.term", "agreements.AG2.text", "statements.R88.text", "statements.R89.text", "termsheet"];
    picture.texts = paths.iter().map(|path| ((*path).to_owned(), text.to_owned())).collect();
    picture.statements = vec![Statement {
        id: "R88".to_owned(),
        text: text.to_owned(),
        source: None,
        nature: crate::model::Nature::Fact,
        check: StatementCheck::None,
        missing: None,
        quantity: None,
        about: vec!["AG2".to_owned()],
        rows: Vec::new(),
        note: None,
    }];
    let findings = term_findings(&picture);
    let ids: Vec<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
    let of = |path: &str| format!("inconsistent:de-escalation-zone:{path}");
    assert_eq!(ids, [of("claims.C.A.note"), of("statements.R89.text"), of("termsheet")]);
    assert_eq!((findings[0].claims[0].as_str(), findings[0].parties[0].as_str()), ("C.A", "A"));
    assert!(findings[0].headline.ends_with("is still used in claims.C.A.note. Say \"deconfliction\" instead."));

    picture.terms[0].from = Some(day(1));
    assert!(term_findings(&picture).is_empty(), "not withdrawn yet");
}
