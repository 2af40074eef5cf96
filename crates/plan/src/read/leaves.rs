//! Walks over the files' trees for what does not depend on what an entry is: assumptions, free texts, named sources.

use super::problems::ParsedFile;
use super::tree::{At, Node, Value};
use crate::format::Basis;
use crate::model::Assumption;

/// Fields whose values the engine works with: a table's basis speaks of these.
const VALUES: &[&str] = &[
    "acknowledge_within",
    "areas",
    "as_of",
    "at",
    "at_least",
    "bank",
    "barrier",
    "buffer",
    "crossings",
    "deconflicted_by",
    "delay",
    "distance",
    "dwell",
    "dwell_until",
    "end",
    "eta",
    "eta_earliest",
    "eta_latest",
    "from",
    "horizon",
    "lateral",
    "likely",
    "line",
    "lower",
    "max",
    "min",
    "pass_length",
    "polygon",
    "radius",
    "start",
    "through",
    "time",
    "to",
    "uncertainty",
    "until",
    "upper",
    "valid_from",
    "valid_until",
    "vertical",
    "width",
];

/// Entries whose basis speaks of the entry as such: that there is this relation, that these claims are one side.
const WHOLES: &[&str] = &["sides", "relations", "rules", "agreements", "places", "terms"];

/// Fields that hold text for people.
const TEXTS: &[&str] = &[
    "title",
    "name",
    "until_name",
    "publisher",
    "text",
    "note",
    "task",
    "purpose",
    "stake",
    "risk",
    "missing",
    "quantity",
    "confidence",
];

/// Everything that nobody stated, in the order of the files.
pub fn assumptions(files: &[ParsedFile]) -> Vec<Assumption> {
    let mut found = Vec::new();
    for (list, path, entry) in files.iter().flat_map(|file| entries(&file.root)) {
        let own = basis(entry);
        if WHOLES.contains(&list) {
            if let Some(basis) = own {
                found.push(Assumption { path: path.clone(), value: whole(list, entry), basis, note: note(entry) });
            }
            collect(entry, &path, None, &mut found);
        } else {
            let before = found.len();
            collect(entry, &path, own.map(|basis| (basis, note(entry))), &mut found);
            if let (Some(basis), true) = (own, found.len() == before) {
                found.push(Assumption { path, value: whole(list, entry), basis, note: note(entry) });
            }
        }
    }
    found
}

/// What an entry that is assumed as a whole says, in short.
fn whole(list: &str, entry: &Node) -> String {
    let field = |name: &str| entry.get(name).map(Node::as_written);
    let short = match list {
        "places" => Some(entry.as_written()),
        "relations" => Some(["from", "kind", "to"].iter().filter_map(|name| field(name)).collect::<Vec<_>>().join(" ")),
        "sides" => field("claims"),
        _ => None,
    };
    short.or_else(|| field("text")).or_else(|| field("name")).or_else(|| field("id")).unwrap_or_default()
}

/// Collects the values below a table; `inherited` is the basis of those that have none of their own.
fn collect(table: &Node, path: &str, inherited: Option<(Basis, Option<String>)>, found: &mut Vec<Assumption>) {
    for (name, node) in table.fields() {
        let path = format!("{path}.{name}");
        if let Some(value) = node.get("value").filter(|_| is_given(node)) {
            let basis = basis(node).filter(|basis| *basis != Basis::Stated);
            found.extend(basis.map(|basis| Assumption { path, value: value.as_written(), basis, note: note(node) }));
            continue;
        }
        match &node.value {
            Value::Table(_) if node.get("lat").is_none() => {
                let own = basis_as_written(node).map(|basis| (basis, note(node))).or_else(|| inherited.clone());
                collect(node, &path, own.filter(|(basis, _)| *basis != Basis::Stated), found);
            }
            Value::List(elements)
                if elements.iter().any(|element| matches!(element.value, Value::Table(_)) && element.get("lat").is_none()) =>
            {
                for (index, element) in elements.iter().enumerate() {
                    let own = basis_as_written(element).map(|basis| (basis, note(element))).or_else(|| inherited.clone());
                    collect(element, &format!("{path}[{index}]"), own.filter(|(basis, _)| *basis != Basis::Stated), found);
                }
            }
            _ => {
                let wanted = inherited.clone().filter(|_| VALUES.contains(&name.as_str()));
                found.extend(wanted.map(|(basis, note)| Assumption { path, value: node.as_written(), basis, note }));
            }
        }
    }
}

/// All free texts with their paths.
pub fn texts(files: &[ParsedFile]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (_, path, entry) in files.iter().flat_map(|file| entries(&file.root)) {
        collect_texts(entry, &path, &mut found);
    }
    found
}

fn collect_texts(node: &Node, path: &str, found: &mut Vec<(String, String)>) {
    for (name, inner) in node.fields() {
        let path = format!("{path}.{name}");
        match &inner.value {
            Value::Text(text) if TEXTS.contains(&name.as_str()) => found.push((path, text.clone())),
            Value::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    collect_texts(element, &format!("{path}[{index}]"), found);
                }
            }
            _ => collect_texts(inner, &path, found),
        }
    }
}

/// The sources that single values name, with their places.
pub fn sources_of_values(files: &[ParsedFile]) -> Vec<(At, String)> {
    let mut found = Vec::new();
    for (index, file) in files.iter().enumerate() {
        collect_sources(&file.root, &At::file(index), &mut found);
    }
    found
}

fn collect_sources(node: &Node, at: &At, found: &mut Vec<(At, String)>) {
    if let Some(source) = node.get("source").and_then(Node::text).filter(|_| is_given(node)) {
        found.push((at.field("source"), source.to_owned()));
    }
    for (name, inner) in node.fields() {
        collect_sources(inner, &at.field(name.clone()), found);
    }
    for (index, element) in node.elements().iter().enumerate() {
        collect_sources(element, &at.element(index), found);
    }
}

/// Each table at the top of a file: its list, its path by id or name or index, and the table.
fn entries(root: &Node) -> Vec<(&str, String, &Node)> {
    let mut entries = Vec::new();
    for (list, node) in root.fields() {
        if matches!(node.value, Value::Table(_)) {
            entries.push((list.as_str(), list.clone(), node));
        }
        for (index, entry) in node.elements().iter().enumerate() {
            entries.push((list.as_str(), path(list, index, entry), entry));
        }
    }
    entries
}

/// The path of an entry: by id or name, by its kinds for minima, by its index otherwise.
fn path(list: &str, index: usize, entry: &Node) -> String {
    if let Some(name) = ["id", "name", "term"].iter().find_map(|field| entry.get(field)?.text()) {
        return format!("{list}.{name}");
    }
    match entry.get("kinds") {
        Some(kinds) => format!("{list}.{}", kinds.as_written().replace(", ", "-")),
        None => format!("{list}[{index}]"),
    }
}

/// Whether a table is a value with its basis. The distance of a statement also has a `value`, and ends besides.
fn is_given(node: &Node) -> bool {
    let fields = node.fields();
    node.get("value").is_some() && fields.iter().all(|(name, _)| matches!(name.as_str(), "value" | "basis" | "note" | "source"))
}

/// The basis of a table, if it is not stated.
fn basis(node: &Node) -> Option<Basis> {
    basis_as_written(node).filter(|basis| *basis != Basis::Stated)
}

fn basis_as_written(node: &Node) -> Option<Basis> {
    match node.get("basis")?.text()? {
        "assumed" => Some(Basis::Assumed),
        "derived" => Some(Basis::Derived),
        _ => Some(Basis::Stated),
    }
}

fn note(node: &Node) -> Option<String> {
    node.get("note").and_then(Node::text).map(str::to_owned)
}
