//! The entries of all files, each with its place, as the types of `format`; what does not fit the schema is reported
//! and left out, but its name is kept, so that nobody who refers to it is told that it does not exist.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::problems::{ParsedFile, Problems};
use super::shape::{Shape, unknown_field};
use super::tree::{At, Node, Value};
use crate::format;

/// An entry of a file and its place.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// Where it stands.
    pub at: At,
    /// What it holds.
    pub value: T,
}

macro_rules! gathered {
    ($($list:ident: $type:ident),* $(,)?) => {
        /// All entries of all files, in their order.
        #[derive(Debug, Default)]
        pub struct Gathered {
            /// Headers, by file; `None` where a file has none that can be read.
            pub headers: Vec<Option<format::Header>>,
            $(#[doc = concat!("The entries of `", stringify!($list), "`.")] pub $list: Vec<Entry<format::$type>>,)*
            /// List and name of what could not be read.
            pub broken: BTreeSet<(&'static str, String)>,
            /// Whether a header could not be read.
            pub broken_header: bool,
        }

        impl Gathered {
            /// Reads one element of a list; `false` if there is no such list.
            fn take(&mut self, list: &str, node: &Node, good: bool, at: At, problems: &mut Problems<'_>) -> bool {
                match list {
                    $(stringify!($list) => {
                        match good.then(|| read_entry(node, &at, problems)).flatten() {
                            Some(value) => self.$list.push(Entry { at, value }),
                            None => self.broken.extend(names(node).map(|name| (stringify!($list), name))),
                        }
                        true
                    })*
                    _ => false,
                }
            }
        }
    };
}

gathered! {
    sources: Source,
    places: Place,
    areas: NamedArea,
    barriers: Barrier,
    parties: Party,
    sides: Side,
    relations: Relation,
    channels: Channel,
    centres: Centre,
    events: Event,
    claims: Claim,
    minima: MinimaRow,
    approach: ApproachThreshold,
    rules: Rule,
    agreements: Agreement,
    matters: Matter,
    statements: Statement,
    terms: Term,
    expect_clear: ExpectClear,
}

/// Checks all files against the schema and reads what fits it.
pub fn gather(files: &[ParsedFile], problems: &mut Problems<'_>) -> Gathered {
    let shape = Shape::new();
    let mut gathered = Gathered::default();
    for (index, file) in files.iter().enumerate() {
        gathered.headers.push(None);
        let mut seen = BTreeSet::new();
        for (name, node) in file.root.fields() {
            let at = At::file(index).field(name.clone());
            if !seen.insert(name) {
                problems.add(&at, format!("the field `{name}` twice"), "each field once");
                continue;
            }
            let Some(schema) = shape.field(name) else {
                unknown_field(name, &shape.fields(), &at, problems);
                continue;
            };
            if name == "plan" {
                let good = shape.check(node, schema, &at, problems);
                gathered.headers[index] = good.then(|| read_entry(node, &at, problems)).flatten();
                gathered.broken_header |= gathered.headers[index].is_none();
                continue;
            }
            let (Value::List(elements), Some(items)) = (&node.value, schema.get("items")) else {
                problems.add(&at, node.in_words(), format!("a list of tables, each written [[{name}]]"));
                continue;
            };
            for (element_index, element) in elements.iter().enumerate() {
                let at = at.element(element_index);
                let good = shape.check(element, items, &at, problems);
                gathered.take(name, element, good, at, problems);
            }
        }
    }
    gathered
}

fn read_entry<T: DeserializeOwned>(node: &Node, at: &At, problems: &mut Problems<'_>) -> Option<T> {
    // The schema is generated from the same types, so that this can only fail on what it cannot express.
    serde_json::from_value(node.to_json())
        .map_err(|error| problems.add(at, error.to_string(), "what the plan format describes"))
        .ok()
}

/// The names that a broken entry declares.
fn names(node: &Node) -> impl Iterator<Item = String> {
    let own = ["id", "name"].into_iter().filter_map(|field| node.get(field));
    let aliases = node.get("aliases").map(Node::elements).unwrap_or_default();
    own.chain(aliases).filter_map(Node::text).map(str::to_owned)
}
