//! Tests of `wkt`: the forms in which it occurs, and what is said of others.

use super::read;
use crate::read::coordinates::Flat;

#[test]
fn geometries_are_read_in_the_forms_that_occur() {
    let texts = [
        ("POINT (8 46)", 1),
        ("point(8 46)", 1),
        ("SRID=4326;POINT Z (8 46 500)", 1),
        ("POINTZM(8 46 500 3)", 1),
        ("LINESTRING (8 46, 8.1 46,8.2 4.6e1)", 1),
        ("POLYGON((8 46,9 46,9 47,8 46),(8.1 46.1,8.2 46.1,8.2 46.2))", 1),
        ("MULTIPOINT (8 46, 9 46)", 1),
        ("MULTIPOINT ((8 46), (9 46))", 1),
        ("MULTIPOLYGON (((8 46,9 46,9 47)),((18 46,19 46,19 47)))", 1),
        ("MULTILINESTRING ((8 46,9 46),(9 47,9 48))", 1),
        ("GEOMETRYCOLLECTION (POINT (8 46), GEOMETRYCOLLECTION (LINESTRING (8 46, 9 46)))", 2),
    ];
    for (text, geometries) in texts {
        let mut flat = Flat::default();
        assert_eq!(read(text, &mut flat), Ok(()), "{text}");
        assert_eq!(flat.geometries.len(), geometries, "{text}");
    }
}

#[test]
fn other_texts_are_refused_with_what_was_expected() {
    let texts = [
        ("", "a geometry"),
        ("CIRCLE (8 46)", "a geometry"),
        ("POLYGON EMPTY", "a geometry"),
        ("POLYGON (8 46, 9 46)", "`(`"),
        ("POLYGON ((8 46, 9 46)", "`)`"),
        ("POINT (8)", "a number"),
        ("POINT (8,46)", "a number"),
        ("POINT (8 NaN)", "a number"),
        ("POINT (8 46) x", "the end of the text"),
        ("SRID=2056;POINT (8 46)", "WGS84"),
        ("POINT (8 46", "a number"),
    ];
    for (text, expected) in texts {
        let said = read(text, &mut Flat::default()).expect_err(text).1;
        assert!(said.starts_with(expected) || said.contains(expected), "{text}: {said}");
    }
    let deep = "GEOMETRYCOLLECTION (".repeat(100_000);
    assert!(read(&deep, &mut Flat::default()).is_err());
}
