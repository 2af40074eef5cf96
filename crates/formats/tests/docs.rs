//! Every example of `docs/formats.md` is read, and gives what the page says.

mod support;

use std::collections::BTreeSet;

use deconflict_formats::read::{Format, ReadOptions};
use support::rows;

const PAGE: &str = include_str!("../../../docs/formats.md");

#[test]
fn every_example_of_the_page_is_read() {
    let mut formats = BTreeSet::new();
    for example in PAGE.split("<!-- read as ").skip(1) {
        let (promise, rest) = example.split_once(" -->").expect("a promise");
        let text = rest.split("```").nth(1).and_then(|block| block.split_once('\n')).expect("a block after a promise").1;
        let words: Vec<&str> = promise.split([':', ' ']).filter(|word| !word.is_empty()).collect();
        let [name, volumes, "volumes", "of", claims, "claims"] = words[..] else { panic!("{promise}") };
        let rows = rows(Format::named(name).expect(name), text, &ReadOptions::default());
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.claim.as_str()).collect();
        assert_eq!((rows.len().to_string(), ids.len().to_string()), (volumes.to_owned(), claims.to_owned()), "{promise}");
        formats.insert(name);
    }
    assert_eq!(formats.len(), Format::ALL.len(), "an example of every format: {formats:?}");
    assert_eq!(PAGE.matches("```").count(), 2 * PAGE.matches("<!-- read as ").count(), "every block is read");
}
