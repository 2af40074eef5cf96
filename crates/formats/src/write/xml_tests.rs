//! XML that a reader takes back as it was meant.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::samples::{HOSTILE, written};
use super::{Xml, escaped};

/// The text of the only element, as a reader sees it.
fn read_back(xml: &str) -> String {
    let (mut reader, mut text) = (Reader::from_str(xml), String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&entity).expect("an entity"));
            }
            Event::Eof => return text.trim_matches('\n').to_owned(),
            _ => {}
        }
    }
}

#[test]
fn elements_stand_one_inside_the_other() {
    let xml = written(|out| {
        Xml::new(out)?.element("a x=\"1\"", |xml| {
            xml.plain("b", 2)?;
            xml.text("c d=\"3\"", "<&>")
        })
    });
    let lines: Vec<&str> = xml.lines().skip(1).collect();
    assert_eq!(lines, ["<a x=\"1\">", "  <b>2</b>", "  <c d=\"3\">&lt;&amp;&gt;</c>", "</a>"]);
}

#[test]
fn hostile_text_comes_back_as_it_was_but_for_what_xml_cannot_say() {
    let xml = written(|out| Xml::new(out)?.text("a", HOSTILE));
    assert_eq!(read_back(&xml), HOSTILE.replace(['\u{0}', '\u{7}', '\u{FFFF}'], "\u{FFFD}"));
}

#[test]
fn every_character_is_one_that_xml_1_0_allows() {
    for code in 0..0x11_000_u32 {
        let Some(c) = char::from_u32(code) else { continue };
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..);
        assert!(escaped(&c.to_string()).chars().all(allowed), "U+{code:04X}");
    }
}
