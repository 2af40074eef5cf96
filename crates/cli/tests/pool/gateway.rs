//! A way to an etcd's gateway on which something is changed: so a pool can be seen without a fence, or beside a newer program, and neither the
//! nodes nor the engine have anything in them for it.

use deconflict_testbed::free_port;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is changed.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// A slot is stored without any comparison.
    NoFence,
    /// Slots that are read say that they are of the next version.
    NewerSlots,
}

/// Such a way; it changes nothing until it is told to. Its threads end with the process.
pub struct Gateway {
    port: u16,
    changes: Arc<AtomicBool>,
}

/// How the key of a slot begins in base64: `test/slot`.
const SLOT_KEY: &str = "dGVzdC9zbG90";
/// How the value of a slot begins in JSON and base64, and no other value; the first byte is its version.
const SLOT_VALUE: &[u8] = br#""value":"AQ"#;
const NEWER_SLOT_VALUE: &[u8] = br#""value":"Ag"#;

impl Gateway {
    /// A way to the etcd that listens on this port.
    pub fn start(server: u16, change: Change) -> io::Result<Self> {
        let port = free_port()?;
        let (listener, changes) = (TcpListener::bind(("127.0.0.1", port))?, Arc::new(AtomicBool::new(false)));
        let of_listener = Arc::clone(&changes);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let changes = Arc::clone(&of_listener);
                std::thread::spawn(move || carry(&client, server, change, &changes));
            }
        });
        Ok(Self { port, changes })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Has it change things from now on.
    pub fn begin(&self) {
        self.changes.store(true, Ordering::Relaxed);
    }
}

fn carry(client: &TcpStream, server: u16, change: Change, changes: &Arc<AtomicBool>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server))?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (from, to, is_on) = (server.try_clone()?, client.try_clone()?, Arc::clone(changes));
    std::thread::spawn(move || answers(from, &to, change, &is_on));
    let result = requests(client, &server, change, changes);
    let _ = server.shutdown(Shutdown::Both);
    result
}

/// Carries requests, which have their lengths.
fn requests(client: &TcpStream, mut server: &TcpStream, change: Change, changes: &AtomicBool) -> io::Result<()> {
    let mut client = BufReader::new(client);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if client.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(io::Error::other)?;
                }
                _ => head.push_str(&line),
            }
        }
        let mut body = vec![0; length];
        client.read_exact(&mut body)?;
        if matches!(change, Change::NoFence) && changes.load(Ordering::Relaxed) {
            body = without_comparison(body);
        }
        server.write_all(&[format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes(), &body].concat())?;
    }
}

/// The same transaction; if it stores a slot, without what it is compared with.
fn without_comparison(body: Vec<u8>) -> Vec<u8> {
    let Ok(mut txn) = serde_json::from_slice::<Value>(&body) else { return body };
    let puts = txn["success"].as_array().into_iter().flatten().filter_map(|one| one["request_put"]["key"].as_str());
    if !puts.into_iter().any(|key| key.starts_with(SLOT_KEY)) {
        return body;
    }
    txn["compare"] = Value::Array(Vec::new());
    txn.to_string().into_bytes()
}

/// Carries answers as they come.
fn answers(mut server: TcpStream, mut client: &TcpStream, change: Change, changes: &AtomicBool) {
    let (mut piece, mut held) = (vec![0; 64 << 10], Vec::new());
    while let Ok(read @ 1..) = server.read(&mut piece) {
        held.extend_from_slice(&piece[..read]);
        if matches!(change, Change::NewerSlots) && changes.load(Ordering::Relaxed) {
            make_newer(&mut held);
        }
        // What may go on in the next piece waits for it.
        let waits = (1..SLOT_VALUE.len()).rev().find(|length| held.ends_with(&SLOT_VALUE[..*length])).unwrap_or(0);
        let goes = held.len() - waits;
        if client.write_all(&held[..goes]).is_err() {
            break;
        }
        held.drain(..goes);
    }
    let _ = client.shutdown(Shutdown::Both);
}

fn make_newer(bytes: &mut [u8]) {
    for at in 0..bytes.len().saturating_sub(SLOT_VALUE.len() - 1) {
        if bytes[at..].starts_with(SLOT_VALUE) {
            bytes[at..at + SLOT_VALUE.len()].copy_from_slice(NEWER_SLOT_VALUE);
        }
    }
}
