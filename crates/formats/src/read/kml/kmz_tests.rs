//! Tests of `kmz`: archives that are whole, damaged, and of rare kinds.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::document;

/// An archive of files; `deflate` says how they are packed.
pub fn archive(files: &[(&str, &[u8])], deflate: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let packed = if deflate {
            let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
            packer.write_all(data).expect("memory");
            packer.finish().expect("memory")
        } else {
            data.to_vec()
        };
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let short = |number: usize| u16::try_from(number).expect("small").to_le_bytes();
        let long = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
        let common = [
            &short(20)[..],
            &short(0),
            &short(if deflate { 8 } else { 0 }),
            &[0; 4],
            &crc.sum().to_le_bytes(),
            &long(packed.len()),
            &long(data.len()),
            &short(name.len()),
            &short(0),
        ]
        .concat();
        directory.extend([b"PK\x01\x02", &short(20)[..], &common, &[0; 10], &long(bytes.len()), name.as_bytes()].concat());
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
    }
    let (count, at, len) = (files.len() as u16, bytes.len() as u32, directory.len() as u32);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([&count.to_le_bytes()[..], &count.to_le_bytes(), &len.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat());
    bytes
}

fn unpacked(archive: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    let mut document = document(archive).map_err(|fatal| fatal.found)?;
    document.read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}

#[test]
fn the_first_document_that_is_in_no_folder_is_unpacked() {
    let text = "<kml/>".repeat(1000);
    let files: [(&str, &[u8]); 3] = [("files/a.kml", b"no"), ("Doc.KML", text.as_bytes()), ("b.kml", b"no")];
    for deflate in [false, true] {
        assert_eq!(unpacked(&archive(&files, deflate)), Ok(text.clone()));
    }
}

#[test]
fn damage_is_named_and_never_panics() {
    let whole = archive(&[("doc.kml", b"<kml>some text that is long enough to be packed, packed, packed</kml>")], true);
    for cut in 0..whole.len() {
        assert!(unpacked(&whole[..cut]).is_err(), "{cut}");
    }
    let mut random = 1_u64;
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        damaged[at] ^= (random >> 56) as u8 | 1;
        let _ = unpacked(&damaged);
    }
    let mut other = whole.clone();
    let crc_at = whole.len() - 22 - 7 - 46 + 16;
    other[crc_at] ^= 1;
    assert_eq!(unpacked(&other), Err("the checksum of the document differs".to_owned()));
    assert_eq!(unpacked(&archive(&[("a/doc.kml", b"")], false)), Err("a KMZ file without a document".to_owned()));
}
