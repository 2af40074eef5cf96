//! Connections from outside, over real sockets of the loopback address: those that hang are ended, and the end is orderly.

use axum::Router;
use axum::routing::get;
use deconflict_service::serve::{Connections, serve};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Longer than anything here takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page that fills every buffer between two programs.
const PAGE_BYTES: usize = 16 << 20;

/// A service until its `end` is sent or dropped.
struct Running {
    address: SocketAddr,
    end: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

fn start(connections: Connections) -> Running {
    let (end, ends) = oneshot::channel::<()>();
    let (ready, address) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            ready.send(listener.local_addr().unwrap()).unwrap();
            let router =
                Router::new().route("/page", get(|| async { vec![b'x'; PAGE_BYTES] })).route("/short", get(|| async { "ok" }));
            serve(listener, router, connections, async { drop(ends.await) }).await;
        });
    });
    Running { address: address.recv().unwrap(), end, thread }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn ask(stream: &mut TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
}

#[test]
fn an_idle_connection_is_ended() {
    let running = start(Connections { head_timeout: Duration::from_millis(100), ..Connections::default() });
    let mut stream = connect(running.address);
    assert_eq!(stream.read(&mut [0; 16]).unwrap(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_whose_client_never_reads_is_ended() {
    let timeout = Duration::from_millis(300);
    let running = start(Connections { untaken_timeout: timeout, head_timeout: PATIENCE * 2, ..Connections::default() });
    let mut stream = connect(running.address);
    ask(&mut stream, "/page");
    // It takes no more requests while an answer waits, so this fills what lies between, stops, and fails when it hangs up.
    let error = loop {
        if let Err(error) = stream.write_all(&[b'x'; 1 << 16]) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
}

#[test]
fn what_was_begun_is_answered_before_the_end_and_nothing_is_accepted_after() {
    let running = start(Connections::default());
    let mut stream = connect(running.address);
    ask(&mut stream, "/page");
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    running.end.send(()).unwrap();
    let mut answer = Vec::from(first);
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n") && answer.len() > PAGE_BYTES, "{} bytes", answer.len());
    running.thread.join().unwrap();
    assert_eq!(TcpStream::connect(running.address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn one_connection_more_than_are_allowed_waits_for_its_turn() {
    let running = start(Connections { at_once: 1, ..Connections::default() });
    let mut first = connect(running.address);
    ask(&mut first, "/short");
    assert!(first.read(&mut [0; 256]).unwrap() > 0);
    let mut second = connect(running.address);
    ask(&mut second, "/short");
    second.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(second.read(&mut [0; 256]).is_err(), "answered beside the first");
    drop(first);
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(second.read(&mut [0; 256]).unwrap() > 0);
}

#[cfg(target_os = "linux")]
#[test]
fn connections_leave_files_for_the_log() {
    use deconflict_service::serve::room_for;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    // The soft limit of many systems, raised as far as is needed; and a hard one that stays.
    setrlimit(Resource::Nofile, Rlimit { current: Some(256), maximum: before.maximum }).unwrap();
    assert_eq!(room_for(300), 300);
    assert_eq!(getrlimit(Resource::Nofile).current, Some(428));
    setrlimit(Resource::Nofile, Rlimit { current: Some(200), maximum: Some(428) }).unwrap();
    assert_eq!(room_for(10_000), 300);
    assert_eq!(room_for(1), 1);
}
