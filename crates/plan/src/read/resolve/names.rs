//! Who and what is declared under which name, once; and what people may have meant by a name that is not.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::format;
use crate::read::gather::{Entry, Gathered};
use crate::read::problems::{Problems, expected_one_of};
use crate::read::tree::{At, quoted};

/// Names of one kind of thing: each is one thing's id, name or alias.
#[derive(Debug, Default)]
pub struct Names {
    what: &'static str,
    /// What a name stands for: an id and where it is declared; `None` for what could not be read.
    known: BTreeMap<String, Option<(String, At)>>,
    /// The ids, in the order of the files: these are suggested first.
    ids: Vec<String>,
}

/// What became of looking a name up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The id.
    Id(String),
    /// It is declared, but its declaration could not be read: that has been reported.
    Broken,
    /// Nobody declares it; what was expected.
    Unknown(String),
}

impl Names {
    const fn new(what: &'static str) -> Self {
        Self { what, known: BTreeMap::new(), ids: Vec::new() }
    }

    fn declare(&mut self, name: &str, id: &str, at: &At, problems: &mut Problems<'_>) {
        if name == id {
            self.ids.push(id.to_owned());
        }
        match self.known.get(name) {
            Some(Some((other, declared))) if other != id => {
                let found = format!(
                    "{}, which is already a name of {} in {}",
                    quoted(name),
                    quoted(other),
                    problems.whereabouts(declared)
                );
                problems.add(at, found, format!("a name of one {} only", self.what));
            }
            Some(_) => {}
            None => {
                self.known.insert(name.to_owned(), Some((id.to_owned(), at.clone())));
            }
        }
    }

    /// Looks a name up.
    pub fn look_up(&self, name: &str) -> Lookup {
        match self.known.get(name) {
            Some(Some((id, _))) => Lookup::Id(id.clone()),
            Some(None) => Lookup::Broken,
            None => {
                let known: Vec<&str> = self.known.keys().map(String::as_str).collect();
                let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
                let expected = match crate::read::problems::nearest(name, known) {
                    Some(near) => format!("a known {}; did you mean `{near}`?", self.what),
                    None => expected_one_of(&format!("a known {}", self.what), "", &ids),
                };
                Lookup::Unknown(expected)
            }
        }
    }

    /// Whether the name is declared, well or not.
    pub fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }
}

/// Something with a short name that is unique in the picture.
trait Identified {
    fn id(&self) -> &str;
}

macro_rules! declared {
    ($($list:ident: $type:ident, $id:ident, $what:literal, $mergeable:literal);* $(;)?) => {
        $(impl Identified for format::$type {
            fn id(&self) -> &str {
                &self.$id
            }
        })*

        /// The names of everything that has one.
        #[derive(Debug)]
        pub struct AllNames {
            $(#[doc = concat!("Names of ", stringify!($list), ".")] pub $list: Names,)*
        }

        impl AllNames {
            /// Collects all names; drops what is declared twice alike, reports what is declared twice otherwise.
            pub fn collect(plan: &mut Gathered, problems: &mut Problems<'_>) -> Self {
                let mut all = Self { $($list: Names::new($what),)* };
                $(
                    keep_one_of_each(&mut plan.$list, $what, $mergeable, problems);
                    for entry in &plan.$list {
                        all.$list.declare(entry.value.id(), entry.value.id(), &entry.at, problems);
                    }
                )*
                all.declare_aliases(plan, problems);
                $(all.$list.known.extend(
                    plan.broken.iter().filter(|(list, _)| *list == stringify!($list)).map(|(_, name)| (name.clone(), None)),
                );)*
                all
            }

            /// Whether anything at all has this name.
            pub fn anything_known(&self, name: &str) -> bool {
                $(self.$list.knows(name))||*
            }
        }
    };
}

declared! {
    sources: Source, id, "source", true;
    places: Place, name, "place", true;
    areas: NamedArea, id, "area", true;
    barriers: Barrier, id, "barrier", true;
    parties: Party, id, "party", true;
    sides: Side, id, "side", false;
    channels: Channel, id, "channel", false;
    centres: Centre, id, "centre", true;
    events: Event, id, "event", true;
    claims: Claim, id, "claim", false;
    rules: Rule, id, "rule", false;
    agreements: Agreement, id, "agreement", false;
    matters: Matter, id, "matter", false;
    statements: Statement, id, "statement", false;
}

impl AllNames {
    fn declare_aliases(&mut self, plan: &Gathered, problems: &mut Problems<'_>) {
        for entry in &plan.places {
            for (index, alias) in entry.value.aliases.iter().enumerate() {
                self.places.declare(alias, &entry.value.name, &entry.at.field("aliases").element(index), problems);
            }
        }
        for entry in &plan.parties {
            let party = &entry.value;
            self.parties.declare(&party.name, &party.id, &entry.at.field("name"), problems);
            for (index, alias) in party.aliases.iter().enumerate() {
                self.parties.declare(alias, &party.id, &entry.at.field("aliases").element(index), problems);
            }
        }
        // A side's id stands for its lead where a claim names its party, so that it must not be a party's name as well.
        for entry in &plan.sides {
            if let Lookup::Id(party) = self.parties.look_up(&entry.value.id) {
                let found = format!("{}, which is also a name of the party {}", quoted(&entry.value.id), quoted(&party));
                problems.add(&entry.at.field("id"), found, "a side's id that is no party's name");
            }
        }
    }
}

/// Keeps the first entry of each id. Another one of another file that says the same is dropped if the list allows it.
fn keep_one_of_each<T: Identified + Serialize>(
    list: &mut Vec<Entry<T>>,
    what: &str,
    mergeable: bool,
    problems: &mut Problems<'_>,
) {
    let mut first: BTreeMap<String, (At, Option<serde_json::Value>)> = BTreeMap::new();
    let as_json = |value: &T| if mergeable { serde_json::to_value(value).ok() } else { None };
    list.retain(|entry| {
        let id = entry.value.id();
        let Some((at, value)) = first.get(id) else {
            first.insert(id.to_owned(), (entry.at.clone(), as_json(&entry.value)));
            return true;
        };
        let alike = mergeable && at.file != entry.at.file && *value == as_json(&entry.value);
        if !alike {
            let found = format!("the {what} {} again, after {}", quoted(id), problems.whereabouts(at));
            let expected = if mergeable { "each once, or the same in both files" } else { "each id once in the picture" };
            problems.add(&entry.at, found, expected);
        }
        false
    });
}
