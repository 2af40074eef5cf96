//! HTTP/1.1 to the service: one connection that stays open, one request at a time.
//!
//! Made for little cost per request, not for every server: a body has to come with its length.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take. The service itself gives up earlier.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A connection that speaks for one USS.
pub struct Connection {
    stream: TcpStream,
    /// What stands between the first line and the length of the body.
    head: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The first text with this name at or behind `from` in the body; good enough for ids, which have nothing to escape.
    pub fn text(&self, from: &str, name: &str) -> Option<&str> {
        let body = std::str::from_utf8(self.body).ok()?;
        let body = &body[body.find(from)?..];
        let start = body.match_indices(name).find_map(|(at, _)| {
            let is_name = body[..at].ends_with('"') && body[at + name.len()..].starts_with("\":\"");
            is_name.then_some(at + name.len() + 3)
        })?;
        body[start..].split('"').next()
    }
}

impl Connection {
    /// Connects; `token` goes with every request, unless it is empty.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        let authorization = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let head = format!(" HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: application/json\r\nContent-Length: ");
        Ok(Self { stream, head, request: Vec::new(), answer: Vec::new() })
    }

    /// Waits no longer than this for any piece of an answer.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn give_up_after(&self, timeout: Duration) -> io::Result<()> {
        self.stream.set_read_timeout(Some(timeout))
    }

    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    /// The connection failed. Whether the request was carried out is unknown then, and the connection is of no further use.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer<'_>> {
        self.request.clear();
        write!(self.request, "{method} {path}{}{}\r\n\r\n{body}", self.head, body.len())?;
        self.stream.write_all(&self.request)?;
        self.answer.clear();
        let head_end = loop {
            // An end of the head may come in two pieces.
            let from = self.answer.len().saturating_sub(3);
            self.read_some()?;
            if let Some(at) = find(&self.answer[from..], b"\r\n\r\n") {
                break from + at + 4;
            }
        };
        let (status, length) = read_head(&self.answer[..head_end])?;
        while self.answer.len() < head_end + length {
            self.read_some()?;
        }
        if self.answer.len() > head_end + length {
            return Err(invalid("there is more than one answer"));
        }
        Ok(Answer { status, body: &self.answer[head_end..] })
    }

    fn read_some(&mut self) -> io::Result<()> {
        const CHUNK: usize = 16 << 10;
        let filled = self.answer.len();
        self.answer.resize(filled + CHUNK, 0);
        let read = self.stream.read(&mut self.answer[filled..]);
        self.answer.truncate(filled + *read.as_ref().unwrap_or(&0));
        if read? == 0 { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The status and the length of the body.
fn read_head(head: &[u8]) -> io::Result<(u16, usize)> {
    let head = std::str::from_utf8(head).map_err(|_| invalid("the head is no text"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let status = status.ok_or_else(|| invalid("the first line is not HTTP/1.1"))?;
    let length = lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.trim().parse().ok());
    Ok((status, length.ok_or_else(|| invalid("the body has no length"))?))
}

fn invalid(problem: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, problem)
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
