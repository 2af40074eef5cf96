//! The map of whoever runs the service, under the picture on its page: one file of tiles (PMTiles), of which the page asks for parts.
//!
//! Does not know what is in the tiles.

use crate::http::Service;
use crate::native::answer::No;
use crate::native::dispatch::caller;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use deconflict_web::{TILES_HEADER_BYTES, check_tiles};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use thiserror::Error;

/// So much is given out at once, bytes; a page asks for single tiles and for pieces of the table of contents.
const MOST_BYTES: u64 = 4 << 20;

/// A file of map tiles.
#[derive(Clone, Debug)]
pub struct Basemap(PathBuf);

/// Why a file is no base map.
#[derive(Debug, Error)]
pub enum NoBasemap {
    /// It cannot be read.
    #[error("{0}: {1}")]
    Unread(PathBuf, io::Error),
    /// It is something else.
    #[error("{0}: found {1}, expected a file of map tiles (PMTiles, version 3)")]
    SomethingElse(PathBuf, String),
}

/// A part of the file, and what tells whether it is still the same file.
struct Part {
    bytes: Vec<u8>,
    first: u64,
    length: u64,
    tag: String,
}

impl Basemap {
    /// The tiles in a file. It is opened anew for each part, so that it can be replaced by a newer one.
    ///
    /// # Errors
    /// It cannot be read, or is no PMTiles of version 3.
    pub fn open(path: &Path) -> Result<Self, NoBasemap> {
        let mut beginning = Vec::new();
        let read = File::open(path).and_then(|file| file.take(TILES_HEADER_BYTES as u64).read_to_end(&mut beginning));
        read.map_err(|error| NoBasemap::Unread(path.to_owned(), error))?;
        check_tiles(&beginning).map_err(|found| NoBasemap::SomethingElse(path.to_owned(), found))?;
        Ok(Self(path.to_owned()))
    }

    /// The bytes from `first` to `last`, or to the end of the file; `None` if it ends before `first`.
    fn part(&self, first: u64, last: u64) -> io::Result<Option<Part>> {
        let mut file = File::open(&self.0)?;
        let metadata = file.metadata()?;
        let length = metadata.len();
        if first >= length || last < first {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(first))?;
        file.take((last - first).saturating_add(1).min(MOST_BYTES)).read_to_end(&mut bytes)?;
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        Ok(Some(Part { bytes, first, length, tag: format!("\"{length:x}-{changed:x}\"") }))
    }
}

/// `/basemap.pmtiles`, in parts: a request says which (`Range: bytes=FIRST-LAST`).
pub async fn tiles(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let (head, _) = request.into_parts();
    answer(&service, &head).await.unwrap_or_else(|no| no.response())
}

async fn answer(service: &Arc<Service>, head: &axum::http::request::Parts) -> Result<Response<Body>, No> {
    caller(service, head)?;
    let basemap = service.basemap().ok_or(No::NotThere)?.clone();
    let given = head.headers.get(header::RANGE).map(|value| value.to_str().unwrap_or_default());
    let Some((first, last)) = given.and_then(range) else {
        let found = given.unwrap_or("nothing").to_owned();
        return Err(No::Form(vec![("Range".to_owned(), found, "bytes=FIRST-LAST: this file is given out in parts".to_owned())]));
    };
    let part = tokio::task::spawn_blocking(move || basemap.part(first, last)).await.map_err(|_| No::Panicked)?;
    let part = part.map_err(|error| {
        tracing::warn!(%error, "the base map cannot be read");
        No::NotThere
    })?;
    let Some(Part { bytes, first, length, tag }) = part else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
        return Ok(response);
    };
    let end = first + bytes.len() as u64 - 1;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "application/octet-stream");
    set(header::CONTENT_RANGE, &format!("bytes {first}-{end}/{length}"));
    set(header::ETAG, &tag);
    set(header::CACHE_CONTROL, "private, max-age=3600");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(response)
}

/// `bytes=FIRST-LAST`, or `bytes=FIRST-`.
fn range(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let last = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    Some((first.parse().ok()?, last))
}

#[cfg(test)]
mod tests {
    use super::{Basemap, MOST_BYTES, range};
    use std::io::Write;

    #[test]
    fn ranges_are_understood() {
        for (text, expected) in [
            ("bytes=0-126", Some((0, 126))),
            ("bytes=500-", Some((500, u64::MAX))),
            ("bytes=-500", None),
            ("bytes=0-1,5-6", None),
            ("lines=0-1", None),
            ("bytes=0-99999999999999999999", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_are_those_of_the_file_and_never_too_long() {
        let path = std::env::temp_dir().join(format!("deconflict-basemap-{}", std::process::id()));
        let contents: Vec<u8> = b"PMTiles\x03".iter().copied().chain((0..MOST_BYTES + 1_000).map(|n| (n % 251) as u8)).collect();
        std::fs::File::create(&path).and_then(|mut file| file.write_all(&contents)).expect("written");
        let basemap = Basemap::open(&path).expect("tiles");
        let part = |first, last| basemap.part(first, last).expect("read").map(|part| (part.bytes, part.length));
        let length = contents.len() as u64;
        assert_eq!(part(100, 199), Some((contents[100..200].to_vec(), length)));
        assert_eq!(part(length - 5, u64::MAX), Some((contents[contents.len() - 5..].to_vec(), length)));
        assert_eq!(part(0, u64::MAX).expect("a part").0.len() as u64, MOST_BYTES);
        assert_eq!(part(length, u64::MAX), None);
        assert_eq!(part(10, 9), None);
        std::fs::remove_file(&path).expect("removed");
    }
}
