//! The map of whoever runs the service, under the picture on its page: one file of tiles (PMTiles), of which the page asks for parts.
//!
//! Does not know what is in the tiles.

use crate::http::{Service, part};
use crate::native::answer::No;
use crate::native::dispatch::caller;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response, header};
use deconflict_web::{TILES_HEADER_BYTES, check_tiles};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use thiserror::Error;

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

/// A part of the file, its length in bytes, and what tells whether it is still the same file.
struct Part {
    bytes: Vec<u8>,
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

    /// The bytes from a first to a last one, as far as there are any.
    fn part(&self, range: (u64, u64)) -> io::Result<Part> {
        let mut file = File::open(&self.0)?;
        let metadata = file.metadata()?;
        let length = metadata.len();
        let mut bytes = Vec::new();
        if let Some(count) = part::count(range, length) {
            file.seek(SeekFrom::Start(range.0))?;
            file.take(count as u64).read_to_end(&mut bytes)?;
        }
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        Ok(Part { bytes, length, tag: format!("\"{length:x}-{changed:x}\"") })
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
    let range = part::asked_for(&head.headers).map_err(|found| {
        No::Form(vec![("Range".to_owned(), found, "bytes=FIRST-LAST: this file is given out in parts".to_owned())])
    })?;
    let part = tokio::task::spawn_blocking(move || basemap.part(range)).await.map_err(|_| No::Panicked)?;
    let Part { bytes, length, tag } = part.map_err(|error| {
        tracing::warn!(%error, "the base map cannot be read");
        No::NotThere
    })?;
    if bytes.is_empty() {
        return Ok(part::beyond());
    }
    let mut response = part::given(bytes, range.0, length);
    part::set(&mut response, header::ETAG, &tag);
    part::set(&mut response, header::CACHE_CONTROL, "private, max-age=3600");
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::Basemap;
    use std::io::Write;

    #[test]
    fn parts_are_those_of_the_file() {
        let path = std::env::temp_dir().join(format!("deconflict-basemap-{}", std::process::id()));
        let contents: Vec<u8> = b"PMTiles\x03".iter().copied().chain((0..5_000_u32).map(|n| (n % 251) as u8)).collect();
        std::fs::File::create(&path).and_then(|mut file| file.write_all(&contents)).expect("written");
        let basemap = Basemap::open(&path).expect("tiles");
        let part = |first, last| basemap.part((first, last)).map(|part| (part.bytes, part.length)).expect("read");
        let length = contents.len() as u64;
        assert_eq!(part(100, 199), (contents[100..200].to_vec(), length));
        assert_eq!(part(length - 5, u64::MAX), (contents[contents.len() - 5..].to_vec(), length));
        assert_eq!(part(length, u64::MAX), (Vec::new(), length));
        std::fs::remove_file(&path).expect("removed");
    }
}
