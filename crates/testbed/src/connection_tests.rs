//! Against a server that answers with given pieces.

use super::{Answer, Connection};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};

/// A server that takes one request of `request_len` bytes, and sends these pieces; what it took is its answer.
fn serve(request_len: usize, pieces: &'static [&'static str]) -> (SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        stream.set_nodelay(true).expect("set");
        let mut request = vec![0; request_len];
        stream.read_exact(&mut request).expect("a request");
        for piece in pieces {
            stream.write_all(piece.as_bytes()).expect("sent");
        }
        String::from_utf8(request).expect("text")
    });
    (address, server)
}

const REQUEST: &str = "PUT /x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n\
    Content-Length: 2\r\n\r\n{}";

#[test]
fn an_answer_comes_in_any_pieces() {
    const PIECES: [&[&str]; 3] = [
        &["HTTP/1.1 201 Created\r\ncontent-length: 4\r\n\r\nbody"],
        &["HTTP/1.1 201 Created\r\nContent-Length:4\r", "\n\r", "\nbo", "dy"],
        &["HTTP/1.1 201 Created\r\ncontent-type: x\r\ncontent-length: 4\r\n\r\n", "body"],
    ];
    for pieces in PIECES {
        let (address, server) = serve(REQUEST.len(), pieces);
        let mut connection = Connection::open(address, "t").expect("connected");
        let answer = connection.send("PUT", "/x", "{}").expect("an answer");
        assert_eq!(answer, Answer { status: 201, body: b"body" });
        assert_eq!(server.join().expect("served"), REQUEST);
    }
}

#[test]
fn an_answer_that_breaks_off_is_an_error() {
    const PIECES: [(&[&str], ErrorKind); 4] = [
        (&[], ErrorKind::UnexpectedEof),
        (&["HTTP/1.1 200 OK\r\n"], ErrorKind::UnexpectedEof),
        (&["HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbod"], ErrorKind::UnexpectedEof),
        (&["HTTP/1.1 200 OK\r\n\r\n"], ErrorKind::InvalidData),
    ];
    for (pieces, expected) in PIECES {
        let (address, server) = serve(REQUEST.len(), pieces);
        let mut connection = Connection::open(address, "t").expect("connected");
        assert_eq!(connection.send("PUT", "/x", "{}").map_err(|error| error.kind()), Err(expected), "{pieces:?}");
        server.join().expect("served");
    }
}

#[test]
fn texts_are_found_by_name() {
    let body = br#"{"list":[{"id":"a"}],"thing":{"an_id":"x","id":"b","id":"c"}}"#;
    let answer = Answer { status: 200, body };
    assert_eq!(answer.text("", "id"), Some("a"));
    assert_eq!(answer.text("thing", "id"), Some("b"));
    assert_eq!(answer.text("thing", "ovn"), None);
    assert_eq!(answer.text("nothing", "id"), None);
}
