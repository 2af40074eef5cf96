//! Tables: the columns, the records with their lines, and which kind of table it is. Does not know what a row means.

mod trajectories;
mod volumes;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Read};
use std::sync::atomic::Ordering;

use csv::{ByteRecord, ReaderBuilder};

use super::batch::Batch;
use super::input::{Input, unreadable};
use super::notes::{Note, Notes};
use super::options::ReadOptions;
use super::problems::{Fatal, Fault, quoted};
use super::properties::Property;

/// No record is longer, bytes.
const RECORD_MAX: usize = 32 * 1024 * 1024;
/// So much of the first line tells what stands between columns, bytes.
const HEADER_MAX: usize = 64 * 1024;
/// No table has more columns.
const COLUMNS_MAX: usize = 1000;
/// Rows are handed on in parts of about this many.
const PART: usize = 4096;

/// A column that means something to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// A property by its documented name.
    Of(Property),
    /// A geometry as well-known text.
    Wkt,
    Lat,
    Lng,
    /// The instant of a row of a trajectory.
    Time,
    /// The altitude of a row of a trajectory.
    Altitude,
}

impl Column {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "wkt" | "geometry" | "geom" => Self::Wkt,
            "lat" | "latitude" => Self::Lat,
            "lng" | "lon" | "long" | "longitude" => Self::Lng,
            "time" => Self::Time,
            "altitude_m" => Self::Altitude,
            _ => Self::Of(Property::named(name)?),
        })
    }
}

/// The columns of a table by what they mean.
struct Columns {
    names: Vec<String>,
    known: Vec<(Column, usize)>,
}

impl Columns {
    /// The columns of a header.
    fn new(header: &ByteRecord, batch: &mut Batch) -> Result<Self, Fatal> {
        let mut columns = Self { names: Vec::new(), known: Vec::new() };
        if header.len() > COLUMNS_MAX {
            return Err(Fatal::new(1, "", format!("{} columns", header.len()), format!("at most {COLUMNS_MAX}")));
        }
        for (index, name) in header.iter().enumerate() {
            let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
            match Column::named(&name) {
                Some(column) if columns.of(column).is_some() => {
                    return Err(Fatal::new(1, name.clone(), format!("a second column {}", quoted(&name)), "each column once"));
                }
                Some(column) => columns.known.push((column, index)),
                None => batch.ignore(&name),
            }
            columns.names.push(name);
        }
        Ok(columns)
    }

    fn of(&self, column: Column) -> Option<usize> {
        self.known.iter().find(|(known, _)| *known == column).map(|(_, index)| *index)
    }

    /// The name of a column, as the file writes it.
    fn name(&self, column: Column) -> &str {
        self.of(column).map_or("", |index| &self.names[index])
    }

    fn need(&self, column: Column, name: &str) -> Result<(), Fatal> {
        if self.of(column).is_some() {
            return Ok(());
        }
        let names: Vec<String> = self.names.iter().take(30).map(|name| quoted(name)).collect();
        let found = format!("the columns {}", names.join(", "));
        Err(Fatal::new(1, "", found, format!("a column `{name}`: see the documentation of formats for the others")))
    }
}

/// One record.
struct Row<'r> {
    columns: &'r Columns,
    record: &'r ByteRecord,
    line: usize,
}

impl Row<'_> {
    /// What a column holds, if that is anything.
    fn text(&self, column: Column, notes: &mut Notes) -> Option<Cow<'_, str>> {
        let bytes = self.record.get(self.columns.of(column)?)?.trim_ascii();
        if bytes.is_empty() {
            return None;
        }
        Some(utf8_or_latin1(bytes, self.line, notes))
    }
}

/// A text; what is not UTF-8 is taken for Latin-1, which older spreadsheets write.
pub fn utf8_or_latin1<'b>(bytes: &'b [u8], line: usize, notes: &mut Notes) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            notes.add(Note::Latin1, line);
            Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect())
        }
    }
}

/// Stops a record without end.
struct Bounded<'c, R> {
    inner: R,
    /// What was read since the last record.
    since: &'c Cell<usize>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > RECORD_MAX {
            return Err(io::Error::other("a record of more than 32 MiB: is a quote missing?"));
        }
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read);
        Ok(read)
    }
}

/// What reads the rows of one kind of table.
trait Table {
    fn row(&mut self, row: &Row, options: &ReadOptions, batch: &mut Batch);

    /// What is no row at all.
    fn broken(&mut self, fault: Fault, batch: &mut Batch);

    /// After the last row.
    fn end(&mut self, options: &ReadOptions, batch: &mut Batch);
}

/// Reads a table: of trajectories if it has a column `time`, else of volumes.
pub fn read(mut input: Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) {
    if let Err(fatal) = read_table(&mut input, options, take) {
        take(Batch::failed(fatal));
    }
}

fn read_table(input: &mut Input, options: &ReadOptions, take: &mut dyn FnMut(Batch)) -> Result<(), Fatal> {
    let count = input.count();
    let delimiter = delimiter(input.ahead(HEADER_MAX));
    let packed = input.is_packed();
    let since = Cell::new(0);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Bounded { inner: input, since: &since });
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| {
        since.set(0);
        reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => unreadable(&error, 0, packed),
            other => Fatal::new(0, "", format!("{other:?}"), "a table"),
        })
    };
    let mut batch = Batch::at(0);
    let mut line = 1;
    if !next(&mut record).map_err(|fatal| Fatal { line, ..fatal })? {
        return Err(Fatal::new(1, "", "an empty file", "a table whose first line names its columns"));
    }
    let columns = Columns::new(&record, &mut batch)?;
    columns.need(Column::Of(Property::Claim), "claim")?;
    let mut table: Box<dyn Table> = if columns.of(Column::Time).is_some() {
        Box::new(trajectories::Trajectories::new(&columns)?)
    } else {
        Box::new(volumes::Volumes::new(&columns)?)
    };
    let mut rows = 0;
    loop {
        match next(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fatal) => {
                batch.fatal = Some(Fatal { line, ..fatal });
                break;
            }
        }
        line = record.position().map_or(line, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        // A line of delimiters alone is how spreadsheets end a table.
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        if record.len() == columns.names.len() {
            table.row(&Row { columns: &columns, record: &record, line }, options, &mut batch);
        } else {
            let (found, expected) = (format!("{} fields", record.len()), format!("{} as in the first line", columns.names.len()));
            table.broken(Fault::new(line, "", found, expected), &mut batch);
        }
        rows += 1;
        if rows % PART == 0 {
            take(std::mem::replace(&mut batch, Batch::at(count.load(Ordering::Relaxed))));
        }
    }
    if batch.fatal.is_none() {
        table.end(options, &mut batch);
    }
    take(batch);
    Ok(())
}

/// The mark between columns that the first line has most of.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |mark: u8| line.iter().filter(|byte| **byte == mark).count();
    // The last of the greatest wins, so a comma wins where all are alike.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}
