//! Reading Rust source as text: which part of a file is code, which part is for tests, which `std` paths it names.
//!
//! This is no parser. It knows comments, strings, characters and braces; it knows nothing of macros or names brought in
//! under another name. Text that is left out becomes spaces, so that every line keeps its number.

/// `text` without the contents of comments, strings and characters.
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = code.chars().next_back().is_some_and(is_word);
        let hidden = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment_length(rest),
            '"' => string_length(rest),
            'r' | 'b' | 'c' if !after_word => raw_string_length(rest),
            '\'' => character_length(rest),
            _ => 0,
        };
        if hidden == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push_str(&blank(&rest[..hidden]));
            rest = &rest[hidden..];
        }
    }
    code
}

/// `code`, as `code_only` gives it, without the items that are marked `#[cfg(test)]`.
pub fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        kept.push_str(&rest[..start]);
        let end = start + item_length(&rest[start..]);
        kept.push_str(&blank(&rest[start..end]));
        rest = &rest[end..];
    }
    kept + rest
}

/// Every path below `std` that `code` names, with its line; groups such as `std::{fs, time::Instant}` are written out.
pub fn std_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (start, root) in code.match_indices("std::") {
        if code[..start].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let mut paths = Vec::new();
        write_out(root, &code[start + root.len()..], &mut paths);
        found.extend(paths.into_iter().map(|path| (line_at(code, start), path)));
    }
    found
}

/// Every name of a float type and every float literal in `code`, with its line.
pub fn float_words(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = code[at..].find(is_word).map(|skipped| at + skipped) {
        let length = |from: usize| code[from..].find(|c| !is_word(c)).unwrap_or(code.len() - from);
        let mut end = start + length(start);
        let starts_with_digit = code[start..].starts_with(|c: char| c.is_ascii_digit());
        // `1.5` is one word; in `pair.0.1`, `0..9` and `1.max(2)` the point means something else.
        let after_point = code[..start].ends_with('.');
        let fraction = code[end..].strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if starts_with_digit && !after_point && fraction.is_some() {
            end += 1 + length(end + 1);
        }
        let word = &code[start..end];
        let is_decimal = starts_with_digit && !["0x", "0b", "0o"].iter().any(|prefix| word.starts_with(prefix));
        let is_literal = is_decimal && (word.contains('.') || word.contains(['e', 'E']) && !word.ends_with("size"));
        if is_literal || matches!(word, "f32" | "f64") || is_decimal && (word.ends_with("f32") || word.ends_with("f64")) {
            found.push((line_at(code, start), word.to_owned()));
        }
        at = end;
    }
    found
}

/// The number of the line, from 1, at byte `offset`.
pub fn line_at(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Whether `c` can be part of an identifier.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Adds the paths of the use tree that `tree` begins with; gives back the bytes it took.
fn write_out(prefix: &str, tree: &str, paths: &mut Vec<String>) -> usize {
    if tree.starts_with('{') {
        let mut at = 1;
        while let Some(c) = tree[at..].chars().next() {
            match c {
                '}' => return at + 1,
                _ if is_word(c) => at += write_out(prefix, &tree[at..], paths),
                _ => at += c.len_utf8(),
            }
        }
        return at;
    }
    let end = tree.find(|c| !is_word(c)).unwrap_or(tree.len());
    let path = format!("{prefix}{}", &tree[..end]);
    if tree[end..].starts_with("::") {
        let below = end + 2;
        return below + write_out(&format!("{path}::"), &tree[below..], paths);
    }
    paths.push(path);
    end
}

/// The length of the item that `code` begins with: up to its `;`, or to the brace that closes its first brace.
fn item_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn block_comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `r"…"`, `br#"…"#` and the like; 0 if `text` does not begin with a raw string.
fn raw_string_length(text: &str) -> usize {
    let Some(after_r) = ["r", "br", "cr"].iter().find_map(|prefix| text.strip_prefix(prefix)) else { return 0 };
    let body = after_r.trim_start_matches('#');
    if !body.starts_with('"') {
        return 0;
    }
    let closing = format!("\"{}", "#".repeat(after_r.len() - body.len()));
    let body_start = text.len() - body.len() + 1;
    text[body_start..].find(&closing).map_or(text.len(), |at| body_start + at + closing.len())
}

/// The length of `'x'` or `'\n'`; 0 for a lifetime.
fn character_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = at + escaped.len_utf8();
            text[after..].find('\'').map_or(0, |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
