//! Streams that give few bytes at a time, fail, or are interrupted are read like any other.

mod support;

use std::io::{self, Read};

use deconflict_formats::read::{Format, ReadOptions, read};
use support::read_bytes;

const FILES: [(Format, &[u8]); 5] = [
    (Format::Kml, include_bytes!("data/plans.kml")),
    (Format::Kml, include_bytes!("data/plans.kmz")),
    (Format::Ed269, include_bytes!("data/ed269.json")),
    (Format::Ed318, include_bytes!("data/ed318.json")),
    (Format::F3548, include_bytes!("data/f3548.json")),
];

/// Gives a byte at a time, with interruptions, and fails at the end if it is to.
struct Slow<'b> {
    bytes: &'b [u8],
    asked: usize,
    fails: bool,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.asked += 1;
        if self.asked.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() && self.fails {
            return Err(io::Error::other("the wire was cut"));
        }
        let length = buffer.len().min(1);
        self.bytes.read(&mut buffer[..length])
    }
}

/// The files, and longer ones than are looked at before they are read.
fn files() -> Vec<(Format, Vec<u8>)> {
    let table: String = (0..5_000).map(|i| format!("A{i};site;46;8;5\r\n")).collect();
    let airspace: String =
        (0..4_000).map(|i| format!("AC P\nAN {i}\nAL SFC\nAH FL100\nV X=46:30:00 N 008:30:00 E\nDC 1\n")).collect();
    let longer = [
        (Format::Csv, format!("\u{feff}claim;kind;lat;lng;radius_m\r\n{table}").into_bytes()),
        (Format::OpenAir, airspace.into_bytes()),
    ];
    FILES.into_iter().map(|(format, bytes)| (format, bytes.to_vec())).chain(longer).collect()
}

#[test]
fn a_byte_at_a_time_gives_the_same() {
    for (format, bytes) in files() {
        let options = ReadOptions::default();
        let (expected, expected_summary) = read_bytes(format, &bytes, &options).expect("good");
        let mut rows = Vec::new();
        let slow = Slow { bytes: &bytes, asked: 0, fails: false };
        let summary = read(slow, "test", format, &options, &mut |row| rows.push(row), &|_| ()).expect("good");
        assert_eq!((rows, summary), (expected, expected_summary), "{format:?}");
    }
}

#[test]
fn a_stream_that_fails_is_an_error_even_if_the_rest_is_good() {
    for (format, bytes) in files() {
        let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
        let slow = Slow { bytes: &bytes, asked: 0, fails: true };
        let problems = read(slow, "test", format, &options, &mut |_| (), &|_| ()).expect_err("it fails");
        assert!(problems.iter().any(|problem| problem.found.contains("the wire was cut")), "{format:?} {problems:?}");
    }
}

#[test]
fn the_format_of_every_file_is_seen_from_what_is_in_it() {
    for (format, bytes) in FILES {
        assert_eq!(Format::of("-".as_ref(), &bytes[..bytes.len().min(deconflict_formats::read::HEAD_LEN)]), Some(format));
    }
}
