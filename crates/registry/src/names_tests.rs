//! Texts are shared, and forgotten when nobody uses them.

use super::Names;
use crate::id::UssBaseUrl;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

#[test]
fn equal_texts_become_one() {
    let mut names = Names::default();
    let [one, other] = [(); 2].map(|()| names.url(&UssBaseUrl::new("https://uss.example").unwrap()));
    assert!(Arc::ptr_eq(&one.0, &other.0));
}

#[test]
fn texts_that_nobody_uses_are_forgotten() {
    let mut names = Names::default();
    let url = |number: u32| UssBaseUrl::new(&format!("https://uss{number}.example")).unwrap();
    let kept: Vec<UssBaseUrl> = (0..2000).map(|number| names.url(&url(number))).collect();
    for number in 2000..10_000 {
        names.url(&url(number));
    }
    names.sweep();
    assert_eq!(names.texts.len(), kept.len());
}
