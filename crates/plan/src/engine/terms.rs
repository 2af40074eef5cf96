//! Words that were withdrawn and are still in use. Old uses keep their history; nothing is renamed or deleted.
//!
//! Compares words, not meanings: case, hyphens, line breaks and a plural "s" make no difference.

use crate::model::{Level, Picture, Term, TermState};
use crate::report::{Finding, FindingKind, Measures};
use crate::words;

/// A finding for every text that uses a withdrawn term after its withdrawal.
pub(crate) fn term_findings(picture: &Picture) -> Vec<Finding> {
    let withdrawn = picture.terms.iter().filter(|term| term.state == TermState::Withdrawn && is_withdrawn_by_now(picture, term));
    withdrawn
        .flat_map(|term| {
            let wanted = words_of(&term.term);
            let uses = picture.texts.iter().filter(move |(_, text)| is_used(&wanted, &words_of(text)));
            uses.filter(|(path, _)| !speaks_of_withdrawal(picture, term, path)).map(|(path, _)| finding(picture, term, path))
        })
        .collect()
}

/// From the term's own date, else from its agreement's; without either it is withdrawn already.
fn is_withdrawn_by_now(picture: &Picture, term: &Term) -> bool {
    let agreed = || picture.agreement(term.agreement.as_deref()?)?.valid_from;
    term.from.or_else(agreed).is_none_or(|from| from <= picture.as_of)
}

/// The term's own entry, agreements, and statements about the agreement that withdraws it have to name it.
fn speaks_of_withdrawal(picture: &Picture, term: &Term, path: &str) -> bool {
    let in_list = |list: &str| path.strip_prefix(list).is_some_and(|rest| rest.starts_with(['.', '[']));
    if in_list("terms") || in_list("agreements") {
        return true;
    }
    let is_about = |name: &String| Some(name) == term.agreement.as_ref() || *name == term.term;
    picture
        .statements
        .iter()
        .any(|statement| path.starts_with(&format!("statements.{}.", statement.id)) && statement.about.iter().any(is_about))
}

fn finding(picture: &Picture, term: &Term, path: &str) -> Finding {
    let instead = term.instead.as_ref().map_or_else(String::new, |instead| format!(" Say \"{instead}\" instead."));
    let mut finding = Finding::new(
        FindingKind::Inconsistent,
        Level::Note,
        format!("inconsistent:{}:{path}", words_of(&term.term).join("-")),
        format!("\"{}\" was withdrawn and is still used in {path}.{instead}", term.term),
    );
    if let Some(claim) = picture.claims.iter().find(|claim| path.starts_with(&format!("claims.{}.", claim.id))) {
        finding.claims = vec![claim.id.clone()];
        finding.parties = claim.party.iter().cloned().collect();
    }
    finding.measures = Measures { stated: Some(term.term.clone()), computed: term.instead.clone(), ..Measures::default() };
    let since = term.from.map_or_else(String::new, |from| format!(" from {}", words::time(from)));
    match &term.agreement {
        Some(agreement) => finding.details.push(format!("Withdrawn{since} by {agreement}.")),
        None if !since.is_empty() => finding.details.push(format!("Withdrawn{since}.")),
        None => {}
    }
    finding
}

/// The words of a text in lower case; everything but letters and digits separates them.
fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn is_used(wanted: &[String], text: &[String]) -> bool {
    let Some((last, first)) = wanted.split_last() else { return false };
    text.windows(wanted.len()).any(|window| {
        let (end, start) = (&window[window.len() - 1], &window[..window.len() - 1]);
        start == first && (end == last || end.strip_suffix('s') == Some(last.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_used, words_of};

    #[test]
    fn a_term_is_found_as_whole_words_only() {
        let cases = [
            ("three De-Escalation Zones remain", true),
            ("the de\u{2011}escalation\n zone.", true),
            ("de-escalation", false),
            ("a made-escalation zone", false),
            ("de-escalation zoned", false),
            ("", false),
        ];
        for (text, used) in cases {
            assert_eq!(is_used(&words_of("de-escalation zone"), &words_of(text)), used, "{text}");
        }
        assert!(!is_used(&[], &words_of("anything")));
    }
}
