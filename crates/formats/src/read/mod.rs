//! Files of other people in, claim volumes out; or every problem with its line.
//!
//! What each format means is in `docs/formats.md`. A format has its own module; `properties`, `altitude`, `time` and
//! `outline` give the same text the same meaning in all of them, and `batch` puts what they read together. Rows keep their
//! altitudes over the reference that the file gives: converting them is somebody else's.

mod ahead;
mod altitude;
mod batch;
mod coordinates;
mod csv;
mod f3548;
mod format;
mod geojson;
mod geometry;
mod input;
mod kml;
mod lines;
mod names;
mod notes;
mod openair;
mod options;
mod outline;
mod path;
mod pipeline;
mod problems;
mod properties;
mod split;
mod time;
mod wkt;
mod words;
mod zones;

use std::io::Read;
use std::sync::atomic::Ordering;

use deconflict_plan::{ClaimVolume, Problem};

pub use format::{Format, HEAD_LEN};
pub use notes::Assumption;
pub use options::ReadOptions;
pub use problems::Skipped;

use batch::{Batch, Collector};
use input::Input;
use problems::Fatal;

/// What came out of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSummary {
    /// Entries of the file: features, Placemarks, rows, zones. Those that were skipped are among them.
    pub entries: u64,
    /// Claims.
    pub claims: u64,
    /// Volumes that went to the sink.
    pub volumes: u64,
    /// Entries that were skipped, with the reasons; at most 10,000.
    pub skipped: Vec<Skipped>,
    /// How many entries were skipped.
    pub skipped_count: u64,
    /// What the file did not say and was assumed.
    pub assumptions: Vec<Assumption>,
    /// Properties that mean nothing to us; at most 50 names.
    pub ignored: Vec<Ignored>,
}

/// A property that means nothing to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its name.
    pub name: String,
    /// How often it came; in a table, once.
    pub count: u64,
    /// The property that may be meant, if its name is near to one.
    pub meant: Option<&'static str>,
}

/// Reads a file: every good volume goes to `sink` in the file's order, `progress` hears how many bytes of it were read.
///
/// `name` is the file's for messages. Packed files are unpacked, whatever their name says.
///
/// # Errors
/// All problems by line, a hundred at most and how many more. What went to the sink before is not to be used then. With
/// `skip_invalid` only what makes the rest of the file unreadable is an error.
///
/// # Example
/// ```
/// use deconflict_formats::read::{Format, ReadOptions, read};
/// let table = "claim,kind,lat,lng,radius_m\nSCHOOL,site,46.5,8.0,200\nCLINIC,site,96.5,8.0,200\n";
/// let options = ReadOptions { skip_invalid: true, ..ReadOptions::default() };
/// let mut rows = Vec::new();
/// let summary = read(table.as_bytes(), "sites.csv", Format::Csv, &options, &mut |row| rows.push(row), &|_| ()).unwrap();
/// assert_eq!((rows[0].claim.as_str(), summary.skipped_count), ("SCHOOL", 1));
/// assert_eq!(summary.skipped[0].problems[0].line, Some(3));
/// ```
pub fn read(
    reader: impl Read + Send,
    name: &str,
    format: Format,
    options: &ReadOptions,
    sink: &mut dyn FnMut(ClaimVolume),
    progress: &dyn Fn(u64),
) -> Result<ReadSummary, Vec<Problem>> {
    let mut collector = Collector::new(name, options, sink);
    match Input::new(reader) {
        Ok(input) => {
            let count = input.count();
            let mut take = |batch: Batch| {
                progress(batch.bytes);
                collector.add(batch);
            };
            match format {
                Format::NdJson => read_lines(input, options, &mut take),
                Format::GeoJson => read_collection(input, options, &mut take),
                Format::Csv => csv::read(input, options, &mut take),
                Format::Kml => kml::read(input, options, &mut take),
                Format::Ed269 => zones::read::<zones::Ed269Zone>(input, options, &mut take),
                Format::Ed318 => zones::read::<zones::Ed318Zone>(input, options, &mut take),
                Format::F3548 => f3548::read(input, options, &mut take),
                Format::OpenAir => openair::read(input, options, &mut take),
            }
            progress(count.load(Ordering::Relaxed));
        }
        Err(fatal) => collector.add(Batch::failed(fatal)),
    }
    collector.finish(|note, measure| words::assumption(note, measure, options))
}

/// Newline-delimited GeoJSON.
fn read_lines(input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut blocks = lines::Blocks::new(input);
    let next = || {
        let block = blocks.next()?;
        Ok(block.map(|block| (block, count.load(Ordering::Relaxed))))
    };
    let parse = |(block, bytes): (lines::Block, u64), scratch: &mut geojson::Scratch| {
        let mut batch = Batch::at(bytes);
        if block.too_long {
            let found = format!("a line of more than {} MiB", lines::LINE_MAX / (1024 * 1024));
            batch.add_bad(None, vec![problems::Fault::new(1, "", found, "one feature a line")]);
        }
        batch.lines = block.lines(|line, number| geojson::feature(line, number, None, options, scratch, &mut batch));
        batch
    };
    pipeline::run(pipeline::workers(options.workers), next, geojson::Scratch::default, parse, take);
}

/// Entries of a document are parsed in parts of about this many bytes.
const PART: usize = 512 * 1024;

/// A GeoJSON document: a collection, a feature, or several one after the other.
fn read_collection(input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    let count = input.count();
    let mut entries = split::Entries::new(input, Some("features"));
    let (mut checked, mut failed) = (false, None);
    let next = || {
        let mut part = Vec::new();
        let mut size = 0;
        while size < PART && failed.is_none() {
            match entries.next() {
                Ok(None) => break,
                Ok(Some(entry)) => {
                    size += entry.bytes.len();
                    part.push(entry);
                }
                // What came before it is read first.
                Err(fatal) => failed = Some(fatal),
            }
        }
        if part.is_empty()
            && let Some(fatal) = failed.take()
        {
            return Err(fatal);
        }
        if !part.is_empty() {
            return Ok(Some((part, count.load(Ordering::Relaxed))));
        }
        if !std::mem::replace(&mut checked, true) {
            collection_members(entries.members())?;
        }
        Ok(None)
    };
    let parse = |(part, bytes): (Vec<split::Entry>, u64), scratch: &mut geojson::Scratch| {
        let mut batch = Batch::at(bytes);
        for entry in part {
            geojson::feature(&entry.bytes, entry.line, entry.index, options, scratch, &mut batch);
        }
        batch
    };
    pipeline::run(pipeline::workers(options.workers), next, geojson::Scratch::default, parse, take);
}

/// What stands beside the features: that it is a collection, and on WGS84.
fn collection_members(members: &[(String, Vec<u8>, usize)]) -> Result<(), Fatal> {
    for (name, value, line) in members {
        let text = String::from_utf8_lossy(value);
        if name == "type" && text != "\"FeatureCollection\"" {
            return Err(Fatal::new(*line, "type", text, "a `FeatureCollection` around `features`"));
        }
        // GeoJSON of 2008 could name a coordinate system; these names mean the one that GeoJSON has now.
        let wgs84 = ["CRS84", "EPSG::4326", "EPSG:4326", "null"].iter().any(|known| text.contains(known));
        if name == "crs" && !wgs84 {
            return Err(Fatal::new(*line, "crs", text, "longitude and latitude on WGS84: convert the file"));
        }
    }
    Ok(())
}
