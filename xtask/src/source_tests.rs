//! What counts as code, what as tests, and which paths are found, case by case.

use super::{code_only, std_paths, without_tests};

#[test]
fn comments_strings_and_characters_are_not_code() {
    let check = |text: &str, expected: &str| {
        let code = code_only(text);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{text}");
        assert_eq!(code.lines().count(), text.lines().count(), "lines keep their numbers: {text}");
    };
    check("a // b\nc", "a c");
    check("a /* b /* c */ d\n */ e", "a e");
    check(r#"a "b // \" c" d"#, "a d");
    check("a r#\"b \" c\"# d", "a d");
    check("a br\"b \\\" c", "a c");
    check("a b\"c\" d", "a b d");
    check("let r#type = 1;", "let r#type = 1;");
    check("fn f<'a>(x: &'a str) { '\"' ; '\\'' ; '\\u{41}' ; 'é' }", "fn f<'a>(x: &'a str) { ; ; ; }");
    check("\"never ends\nb", "");
}

#[test]
fn items_marked_for_tests_are_left_out() {
    let check = |code: &str, expected: &str| {
        let kept = without_tests(code);
        assert_eq!(kept.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{code}");
    };
    check("a; #[cfg(test)] mod tests; b;", "a; b;");
    check("a; #[cfg(test)]\nmod tests { fn f() { } } b;", "a; b;");
    check("#[cfg(test)] mod t { } a; #[cfg(test)] fn f() { }", "a;");
}

#[test]
fn paths_are_written_out() {
    let check = |code: &str, expected: &[(usize, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(line, path)| (*line, (*path).to_owned())).collect();
        assert_eq!(std_paths(code), expected, "{code}");
    };
    check("use std::fs;", &[(1, "std::fs")]);
    check("\nstd::fs::read(x)", &[(2, "std::fs::read")]);
    check("use std::{fs, time::{Duration, Instant}};", &[(1, "std::fs"), (1, "std::time::Duration"), (1, "std::time::Instant")]);
    check("use ::std::net::TcpStream;", &[(1, "std::net::TcpStream")]);
    check("use my_std::fs;", &[]);
}
