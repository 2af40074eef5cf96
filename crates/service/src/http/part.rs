//! Parts of files: which one a request asks for, and how it is answered (RFC 9110, section 14; one range, from a first byte on).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

/// So much of a file is given out at once, bytes.
pub const MOST_BYTES: u64 = 4 << 20;

/// The first and last byte that are asked for; else what was found.
pub fn asked_for(headers: &HeaderMap) -> Result<(u64, u64), String> {
    let given = headers.get(header::RANGE).map(|value| value.to_str().unwrap_or_default());
    given.and_then(range).ok_or_else(|| given.unwrap_or("nothing").to_owned())
}

/// How many bytes there are to give of a file with `length` bytes; `None` if it ends before.
pub fn count((first, last): (u64, u64), length: u64) -> Option<usize> {
    let there = length.checked_sub(first).filter(|there| *there > 0 && last >= first)?;
    usize::try_from((last - first).saturating_add(1).min(there).min(MOST_BYTES)).ok()
}

/// The answer with a part of a file that has `length` bytes.
pub fn given(bytes: Vec<u8>, first: u64, length: u64) -> Response<Body> {
    let end = first + bytes.len() as u64 - 1;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    set(&mut response, header::CONTENT_TYPE, "application/octet-stream");
    set(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{end}/{length}"));
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

/// The answer if the file ends before what was asked for.
pub fn beyond() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    response
}

/// Sets a header to what can stand in one.
pub fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// `bytes=FIRST-LAST`, or `bytes=FIRST-`.
fn range(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let last = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    Some((first.parse().ok()?, last))
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, count, range};

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
    fn a_part_is_within_the_file_and_never_too_long() {
        let all = (0, u64::MAX);
        for (range, length, expected) in [
            ((100, 199), 1_000, Some(100)),
            ((995, u64::MAX), 1_000, Some(5)),
            ((995, 2_000), 1_000, Some(5)),
            ((1_000, 2_000), 1_000, None),
            ((10, 9), 1_000, None),
            (all, 0, None),
            (all, u64::MAX, Some(MOST_BYTES as usize)),
        ] {
            assert_eq!(count(range, length), expected, "{range:?} of {length}");
        }
    }
}
