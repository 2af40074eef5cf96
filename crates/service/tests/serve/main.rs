//! What a service asks of the operating system, over real sockets of this machine: that clients who take nothing are let go, and
//! that connections leave files for the log. Only Linux has all of it. Both change the process, so they are a program of their own.
#![cfg(target_os = "linux")]

use axum::Router;
use axum::routing::get;
use deconflict_service::serve::{Connections, serve};
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tokio::net::TcpListener;

/// Longer than anything here takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page that fills every buffer between two programs.
const PAGE_BYTES: usize = 16 << 20;

/// A service that lasts as long as the process; its address.
fn start(connections: Connections) -> SocketAddr {
    let (ready, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            ready.send(listener.local_addr().unwrap()).unwrap();
            let router = Router::new().route("/page", get(|| async { vec![b'x'; PAGE_BYTES] }));
            serve(listener, router, connections, std::future::pending()).await;
        });
    });
    address.recv().unwrap()
}

#[test]
fn a_connection_whose_client_never_reads_is_ended() {
    let timeout = Duration::from_millis(300);
    let address = start(Connections { untaken_timeout: timeout, head_timeout: PATIENCE * 2, ..Connections::default() });
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    // It takes no more requests while an answer waits, so this fills what lies between, stops, and fails when it hangs up.
    let error = loop {
        if let Err(error) = stream.write_all(&[b'x'; 1 << 16]) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
}

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
