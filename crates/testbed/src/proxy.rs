//! A way to a server on this machine that can be cut, one direction or both, and made long: what is sent waits, as it does when a network
//! loses packets, and goes on when the way is there again.
//!
//! It delays what it carries; it knows neither packets nor windows.

use crate::random::Random;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::spawn;
use std::time::{Duration, Instant};

/// How a way treats what it carries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Way {
    /// Nothing reaches the server.
    pub is_cut_there: bool,
    /// Nothing comes back from it.
    pub is_cut_back: bool,
    /// Shortest and longest delay in each direction.
    pub delay: (Duration, Duration),
    /// Of so many million pieces one is lost, and is sent again after a fifth of a second; what is behind it waits.
    pub lost_per_million: u64,
}

/// What a lost piece waits: the shortest that Linux waits before it sends again.
const SENT_AGAIN_AFTER: Duration = Duration::from_millis(200);

struct Shared {
    way: Mutex<Way>,
    changed: Condvar,
    connections: AtomicU64,
}

impl Shared {
    fn way(&self) -> MutexGuard<'_, Way> {
        self.way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A way to a server. Its threads end with the process.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    /// A way to the server that listens, or will listen, on this port.
    ///
    /// # Errors
    /// The system has no port.
    pub fn start(server: u16) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared { way: Mutex::default(), changed: Condvar::new(), connections: AtomicU64::new(0) });
        let of_listener = Arc::clone(&shared);
        spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&of_listener);
                spawn(move || connect(client, server, &shared));
            }
        });
        Ok(Self { port, shared })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes the way like this from now on.
    pub fn set(&self, way: Way) {
        *self.shared.way() = way;
        self.shared.changed.notify_all();
    }
}

fn connect(client: TcpStream, server: u16, shared: &Arc<Shared>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { return };
    let number = shared.connections.fetch_add(1, Ordering::Relaxed);
    let pair = |from: &TcpStream, to: &TcpStream| Some((from.try_clone().ok()?, to.try_clone().ok()?));
    let (Some(there), Some(back)) = (pair(&client, &server), pair(&server, &client)) else { return };
    for (number, is_there, (from, to)) in [(2 * number, true, there), (2 * number + 1, false, back)] {
        let _ = to.set_nodelay(true);
        let (send, pieces) = channel();
        let (reads, writes) = (Arc::clone(shared), Arc::clone(shared));
        spawn(move || read(from, &reads, number, &send));
        spawn(move || write(to, &writes, is_there, &pieces));
    }
}

/// Pieces, and when each is to arrive; an empty one is the end.
type Piece = (Instant, Vec<u8>);

fn read(mut from: TcpStream, shared: &Shared, number: u64, send: &Sender<Piece>) {
    let mut random = Random::of(1, number);
    let mut latest = Instant::now();
    loop {
        let mut bytes = vec![0; 16 << 10];
        let read = from.read(&mut bytes).unwrap_or(0);
        bytes.truncate(read);
        let Way { delay: (shortest, longest), lost_per_million, .. } = *shared.way();
        let spread_us = u64::try_from((longest - shortest).as_micros()).unwrap_or(0);
        let mut due = Instant::now() + shortest + Duration::from_micros(random.below(spread_us + 1));
        if random.below(1_000_000) < lost_per_million {
            due += SENT_AGAIN_AFTER;
        }
        latest = latest.max(due);
        if send.send((latest, bytes)).is_err() || read == 0 {
            return;
        }
    }
}

fn write(mut to: TcpStream, shared: &Shared, is_there: bool, pieces: &Receiver<Piece>) {
    while let Ok((due, bytes)) = pieces.recv() {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let mut way = shared.way();
        while if is_there { way.is_cut_there } else { way.is_cut_back } {
            way = shared.changed.wait(way).unwrap_or_else(PoisonError::into_inner);
        }
        drop(way);
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use super::{Proxy, Way};
    use std::io::{ErrorKind, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    #[test]
    fn what_is_cut_waits_and_what_is_long_takes_long() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy::start(listener.local_addr().unwrap().port()).unwrap();
        let mut client = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        let mut bytes = [0; 2];

        client.write_all(b"ab").unwrap();
        server.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"ab");

        proxy.set(Way { is_cut_back: true, ..Way::default() });
        server.write_all(b"cd").unwrap();
        client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let nothing = client.read(&mut bytes).unwrap_err();
        assert!(matches!(nothing.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
        client.set_read_timeout(None).unwrap();
        client.write_all(b"ef").unwrap();
        server.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"ef", "the other direction is not cut");

        let delay = Duration::from_millis(30);
        proxy.set(Way { delay: (delay, delay), ..Way::default() });
        client.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"cd", "what waited arrives");
        let begun = Instant::now();
        client.write_all(b"gh").unwrap();
        server.read_exact(&mut bytes).unwrap();
        assert!(begun.elapsed() >= delay);
    }
}
