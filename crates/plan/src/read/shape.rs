//! Checks a tree against the JSON Schema that `format` generates: the one description of what a plan may hold.
//!
//! Knows the part of JSON Schema that schemars writes for those types, no more. Does not know what values mean.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value as Schema;

use super::problems::{Problems, expected_one_of, listed};
use super::tree::{At, Node, Value, quoted};

/// The schema of plan files.
pub struct Shape {
    schema: &'static Schema,
}

impl Shape {
    /// The schema, generated from the format's types, once.
    pub fn new() -> Self {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(super::schema);
        Self { schema: &SCHEMA }
    }

    /// The schema of the field `name` of a plan file; `None` if there is no such field.
    pub fn field(&self, name: &str) -> Option<&Schema> {
        self.schema.get("properties")?.get(name)
    }

    /// The names of all fields of a plan file.
    pub fn fields(&self) -> Vec<&str> {
        property_names(self.schema)
    }

    /// Checks `node` against `schema`, reports everything that is wrong with it, and says whether all is well.
    pub fn check(&self, node: &Node, schema: &Schema, at: &At, problems: &mut Problems<'_>) -> bool {
        let (whole, whole_name) = self.followed(schema);
        let (schema, name) = self.meant(node, schema);
        if let Some(variants) = schema.get("oneOf").and_then(Schema::as_array) {
            return check_word(node, variants, at, problems);
        }
        let types = types(schema);
        let fits = match &node.value {
            Value::Null => types.contains(&"null"),
            Value::Bool(_) => types.contains(&"boolean"),
            Value::Integer(value) => types.contains(&"number") || (types.contains(&"integer") && in_range(*value, schema)),
            Value::Float(_) => types.contains(&"number"),
            Value::Text(_) => types.contains(&"string"),
            Value::Moment(_) => matches!(name, Some("TimeText" | "TimeOfDay")),
            Value::List(_) => types.contains(&"array"),
            Value::Table(_) => types.contains(&"object"),
        };
        if !fits {
            problems.add(at, node.in_words(), self.in_words(whole, whole_name));
            return false;
        }
        match &node.value {
            Value::List(elements) => self.check_list(elements, schema, at, problems),
            Value::Table(_) => self.check_table(node, schema, at, problems),
            _ => true,
        }
    }

    fn check_list(&self, elements: &[Node], schema: &Schema, at: &At, problems: &mut Problems<'_>) -> bool {
        let count = elements.len() as u64;
        let bound = |name: &str| schema.get(name).and_then(Schema::as_u64);
        if bound("minItems").is_some_and(|min| count < min) || bound("maxItems").is_some_and(|max| count > max) {
            let found = if count == 0 { "an empty list".to_owned() } else { format!("a list of {count}") };
            problems.add(at, found, format!("a list of {}", bound("minItems").unwrap_or_default()));
            return false;
        }
        let Some(items) = schema.get("items") else { return true };
        let mut good = true;
        for (index, element) in elements.iter().enumerate() {
            good &= self.check(element, items, &at.element(index), problems);
        }
        good
    }

    fn check_table(&self, node: &Node, schema: &Schema, at: &At, problems: &mut Problems<'_>) -> bool {
        let (mut good, mut seen) = (true, BTreeSet::new());
        for (name, value) in node.fields() {
            let at = at.field(name.clone());
            if !seen.insert(name) {
                problems.add(&at, format!("the field `{name}` twice"), "each field once");
                good = false;
            }
            if let Some(inner) = schema.get("properties").and_then(|properties| properties.get(name)) {
                good &= self.check(value, inner, &at, problems);
            } else {
                unknown_field(name, &property_names(schema), &at, problems);
                good = false;
            }
        }
        for name in schema.get("required").and_then(Schema::as_array).into_iter().flatten().filter_map(Schema::as_str) {
            if node.get(name).is_none() {
                let inner = schema.get("properties").and_then(|properties| properties.get(name)).unwrap_or(&Schema::Null);
                let (inner, inner_name) = self.followed(inner);
                problems.add(&at.field(name.to_owned()), "nothing", self.in_words(inner, inner_name));
                good = false;
            }
        }
        good
    }

    /// The schema behind references, and the branch of a choice that fits the type of `node`.
    fn meant<'s>(&'s self, node: &Node, schema: &'s Schema) -> (&'s Schema, Option<&'s str>) {
        let (schema, name) = self.followed(schema);
        let Some(branches) = schema.get("anyOf").and_then(Schema::as_array) else { return (schema, name) };
        // A table is the branch that takes tables (a value with its basis, a point), all else the other one.
        let takes_table = |branch: &Schema| types(self.followed(branch).0).contains(&"object");
        let takes_null = |branch: &Schema| types(branch).contains(&"null");
        let wanted = |branch: &&Schema| match node.value {
            Value::Table(_) => takes_table(branch),
            Value::Null => takes_null(branch),
            _ => !takes_table(branch) && !takes_null(branch),
        };
        // An optional value is a choice between the value, perhaps itself a choice, and null.
        let inner = branches.iter().filter(|branch| !takes_null(branch)).find(|b| self.followed(b).0.get("anyOf").is_some());
        if let (Some(inner), false) = (inner, matches!(node.value, Value::Null)) {
            return self.meant(node, inner);
        }
        match branches.iter().find(wanted).or_else(|| branches.iter().find(|branch| !takes_null(branch))) {
            Some(branch) => self.meant(node, branch),
            None => (schema, name),
        }
    }

    /// The schema behind references, and the name of the last one.
    fn followed<'s>(&'s self, schema: &'s Schema) -> (&'s Schema, Option<&'s str>) {
        let (mut schema, mut name) = (schema, None);
        while let Some(reference) = schema.get("$ref").and_then(Schema::as_str) {
            name = reference.strip_prefix("#/$defs/");
            let Some(target) = name.and_then(|name| self.schema.get("$defs")?.get(name)) else { break };
            schema = target;
        }
        (schema, name)
    }

    /// What the schema wants, in words.
    fn in_words(&self, schema: &Schema, name: Option<&str>) -> String {
        if let Some(words) = name.and_then(words_for) {
            return words.to_owned();
        }
        if let Some(branches) = schema.get("anyOf").and_then(Schema::as_array) {
            // The plain form, which is the last; that a basis can stand beside any value needs no saying.
            let named = branches.iter().map(|branch| self.followed(branch));
            let plain =
                |(branch, name): &(&Schema, Option<&str>)| !types(branch).contains(&"null") && !name.is_some_and(is_with_basis);
            let branch = named.rev().find(plain);
            return branch.map_or_else(|| "something else".to_owned(), |(branch, name)| self.in_words(branch, name));
        }
        if let Some(variants) = schema.get("oneOf").and_then(Schema::as_array) {
            return format!("one of {}", listed(&words_of(variants)));
        }
        let count = schema.get("minItems").and_then(Schema::as_u64);
        match types(schema).first() {
            Some(&"string") => "text in quotes".to_owned(),
            Some(&"boolean") => "true or false".to_owned(),
            Some(&"number") => "a number".to_owned(),
            Some(&"integer") if schema.get("minimum").is_some() => "a whole number, 0 or more".to_owned(),
            Some(&"integer") => "a whole number of at most nine digits".to_owned(),
            Some(&"array") => match count {
                Some(count) => format!("a list of {count}"),
                None => "a list, in [ ]".to_owned(),
            },
            Some(&"object") => format!("a table with {}", listed(&property_names(schema))),
            _ => "something else".to_owned(),
        }
    }
}

/// Reports a field that nobody knows.
pub fn unknown_field(name: &str, known: &[&str], at: &At, problems: &mut Problems<'_>) {
    let found = format!("unknown field `{}`", super::tree::shortened(name));
    problems.add(at, found, expected_one_of("a known field", name, known));
}

fn check_word(node: &Node, variants: &[Schema], at: &At, problems: &mut Problems<'_>) -> bool {
    let words = words_of(variants);
    let good = node.text().is_some_and(|text| words.contains(&text));
    if !good {
        let near = node.text().and_then(|text| super::problems::nearest(text, words.iter().copied()));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let found = node.text().map_or_else(|| node.in_words(), quoted);
        problems.add(at, found, format!("one of {}{hint}", listed(&words)));
    }
    good
}

/// The words of an enumeration: each variant is one word or a list of them.
fn words_of(variants: &[Schema]) -> Vec<&str> {
    variants.iter().flat_map(words_of_one).collect()
}

fn words_of_one(variant: &Schema) -> impl Iterator<Item = &str> {
    let list = variant.get("enum").and_then(Schema::as_array).into_iter().flatten();
    list.chain(variant.get("const")).filter_map(Schema::as_str)
}

fn types(schema: &Schema) -> Vec<&str> {
    match schema.get("type") {
        Some(Schema::String(name)) => vec![name],
        Some(Schema::Array(names)) => names.iter().filter_map(Schema::as_str).collect(),
        _ => Vec::new(),
    }
}

fn property_names(schema: &Schema) -> Vec<&str> {
    schema.get("properties").and_then(Schema::as_object).into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

fn in_range(value: i128, schema: &Schema) -> bool {
    let (low, high) = match schema.get("format").and_then(Schema::as_str) {
        Some("uint32") => (0, i128::from(u32::MAX)),
        Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    (low..=high).contains(&value)
}

fn is_with_basis(name: &str) -> bool {
    name.starts_with("WithBasis")
}

/// What a named type of the format wants, where its bare type would say too little.
fn words_for(name: &str) -> Option<&'static str> {
    Some(match name {
        "Length" => "a length with its unit, such as \"10 km\"",
        "Duration" => "a duration with its unit, such as \"15 min\"",
        "Speed" => "a speed with its unit, such as \"12 km/d\"",
        "AltitudeText" => "an altitude with its unit, such as \"4500 m\"",
        "TimeText" => "a time in UTC, such as \"2017-09-14T06:00Z\"",
        "TimeOfDay" => "a time of day in UTC, such as \"06:00Z\"",
        "Position" => "the name of a place, or a point such as { lat = 34.45, lng = 40.92 }",
        "Outline" => "an outline, such as { circle = { at = \"Abu Kamal\", radius = \"8 km\" } }",
        _ => return None,
    })
}
