//! What nobody stated, grouped by the thing it is about: one paragraph for each claim, place, side.

use deconflict_plan::model::{Assumption, Basis, Picture};
use deconflict_plan::words;

use anstyle::Style;

use super::page::Page;
use super::style::{BOLD, DIM};

/// Where the values begin.
const HANGING: usize = 17;
/// Table of what files of other formats did not say: behind it comes the file's name, whatever is in that.
pub const FILES: &str = "files";
/// Longest value that is shown whole, characters: the course of a river is for machines.
const LONGEST_VALUE: usize = 70;

/// Every assumption and derived value, in the order of the plan.
pub fn assumptions(page: &mut Page, picture: &Picture, assumptions: &[Assumption]) {
    if assumptions.is_empty() {
        return;
    }
    let count = |basis| assumptions.iter().filter(|assumption| assumption.basis == basis).count();
    let mut remark = match count(Basis::Assumed) {
        1 => "1 value that nobody stated".to_owned(),
        several => format!("{several} values that nobody stated"),
    };
    if count(Basis::Derived) > 0 {
        remark = format!("{remark}, {} derived from what was", count(Basis::Derived));
    }
    page.heading("ASSUMPTIONS", &remark);
    for (item, members) in grouped(picture, assumptions) {
        let mut parts = Vec::new();
        for basis in [Basis::Stated, Basis::Derived, Basis::Assumed] {
            let members: Vec<_> = members.iter().filter(|(_, assumption)| assumption.basis == basis).collect();
            if !members.is_empty() {
                let values = values(&members);
                parts.push(format!("{}: {}", values.join(", "), words::basis(basis)));
            }
        }
        page.hanging(2, &format!("{item}:"), BOLD, HANGING, &parts.join("; "), Style::new());
    }
    if members_are_cut(assumptions) {
        page.paragraph(2, "Values that end in … are whole in the JSON.", DIM);
    }
}

/// Whether a value is shown shortened.
fn members_are_cut(assumptions: &[Assumption]) -> bool {
    let is_cut = |a: &Assumption| !is_of_file(a) && a.value.chars().count() > LONGEST_VALUE;
    assumptions.iter().any(is_cut)
}

/// Whether it is what a file of another format did not say, in a sentence that is shown whole.
fn is_of_file(assumption: &Assumption) -> bool {
    assumption.path.split_once('.').is_some_and(|(table, _)| table == FILES)
}

/// Assumptions by item: "claims.RU-1" with its fields "lower", "upper", in the order in which they first occur.
fn grouped<'a>(picture: &Picture, assumptions: &'a [Assumption]) -> Vec<(String, Vec<(String, &'a Assumption)>)> {
    let mut groups: Vec<(String, Vec<(String, &Assumption)>)> = Vec::new();
    for assumption in assumptions {
        let (item, field) = split(picture, assumption);
        match groups.iter_mut().find(|(known, _)| *known == item) {
            Some((_, members)) => members.push((field, assumption)),
            None => groups.push((item, vec![(field, assumption)])),
        }
    }
    groups
}

/// A path as the thing it is about and the field: "claims.RU-1" and "lower".
fn split(picture: &Picture, assumption: &Assumption) -> (String, String) {
    let path = assumption.path.as_str();
    let (table, rest) = path.split_once('.').unwrap_or((path, ""));
    if table == FILES {
        return (rest.to_owned(), String::new());
    }
    // Ids may contain dots: the longest known one that fits is meant.
    let fits = |id: &&str| rest.strip_prefix(*id).is_some_and(|field| field.is_empty() || field.starts_with(['.', '[']));
    let id = ids(picture, table).into_iter().filter(fits).max_by_key(|id| id.len());
    match id.or_else(|| rest.rsplit_once('.').map(|(id, _)| id)) {
        Some(id) => (format!("{table}.{id}"), rest[id.len()..].trim_start_matches('.').to_owned()),
        None => (table.to_owned(), rest.to_owned()),
    }
}

/// Ids of the entries of a table of the plan.
fn ids<'a>(picture: &'a Picture, table: &str) -> Vec<&'a str> {
    fn of<T>(items: &[T], id: impl Fn(&T) -> &String) -> Vec<&str> {
        items.iter().map(|item| id(item).as_str()).collect()
    }
    match table {
        "places" => of(&picture.places, |place| &place.name),
        "areas" => of(&picture.areas, |area| &area.id),
        "barriers" => of(&picture.barriers, |barrier| &barrier.id),
        "parties" => of(&picture.parties, |party| &party.id),
        "sides" => of(&picture.sides, |side| &side.id),
        "channels" => of(&picture.channels, |channel| &channel.id),
        "centres" => of(&picture.centres, |centre| &centre.id),
        "events" => of(&picture.events, |event| &event.id),
        "claims" => of(&picture.claims, |claim| &claim.id),
        "rules" => of(&picture.rules, |rule| &rule.id),
        "agreements" => of(&picture.agreements, |agreement| &agreement.id),
        "matters" => of(&picture.matters, |matter| &matter.id),
        "statements" => of(&picture.statements, |statement| &statement.id),
        _ => Vec::new(),
    }
}

/// "lower 1000 m", "upper 6000 m (typical)"; the points of a way in one, and a remark once where it is about several.
fn values(members: &[&(String, &Assumption)]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut waypoint = None;
    for (index, (field, assumption)) in members.iter().enumerate() {
        let here = field.strip_prefix("waypoints[").and_then(|rest| rest.split_once("]."));
        let value = if is_of_file(assumption) { assumption.value.clone() } else { shortened(&assumption.value) };
        let mut text = match here {
            Some((number, "dwell_until")) if waypoint == Some(number) => format!("until {value}"),
            Some((_, "at")) => format!("by {value}"),
            Some((number, _)) if waypoint == Some(number) => value,
            Some((number, part)) => {
                format!("waypoint {} {} {value}", number.parse::<usize>().map_or(0, |number| number + 1), spaced(part))
            }
            None => format!("{} {value}", spaced(field)).trim_start().to_owned(),
        };
        let next = members.get(index + 1).and_then(|(_, next)| next.note.as_ref());
        if let Some(note) = assumption.note.as_ref().filter(|note| next != Some(note)) {
            text = format!("{text} ({note})");
        }
        match values.last_mut().filter(|_| here.is_some() && waypoint == here.map(|(number, _)| number)) {
            Some(same_point) => *same_point = format!("{same_point} {text}"),
            None => values.push(text),
        }
        waypoint = here.map(|(number, _)| number);
    }
    values
}

/// The field as words: "outline.stretch.buffer" is "stretch buffer".
fn spaced(field: &str) -> String {
    field.trim_start_matches("outline.").replace(['.', '_'], " ")
}

fn shortened(value: &str) -> String {
    if value.chars().count() <= LONGEST_VALUE {
        return value.to_owned();
    }
    let start: String = value.chars().take(LONGEST_VALUE).collect();
    format!("{} …", start.rsplit_once(' ').map_or(start.as_str(), |(whole, _)| whole))
}
