//! Engines that are reached by TLS and ask who comes: with the right authority, name and password a pool works; otherwise the error
//! says what is wrong, and never the password.

use crate::support::{Folder, append, join, open_to_all};
use deconflict_journal::{Log, Position, chain};
use deconflict_pool::{Address, EngineError, find};
use deconflict_testbed::{Certificates, EtcdCluster, PostgresServer};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const PASSWORD: &str = "k7Rw-yJ2pQz";
const WRONG: &str = "n4Ts-bV9xLm";

/// With the second by which etcd looks late.
const TOKENS_RUN_OUT_AFTER: Duration = Duration::from_millis(2_500);

/// Longer than anybody waits who cannot hear.
const SILENCE: Duration = Duration::from_secs(1);
/// Longer than it takes to hear.
const LONGEST: Duration = Duration::from_secs(20);

/// What a node is given to come in with.
struct Keys {
    folder: Folder,
    certificates: Certificates,
}

impl Keys {
    fn new(name: &str) -> Option<Self> {
        let folder = Folder::new(name);
        open_to_all(&folder);
        for (name, text) in [("password", PASSWORD), ("wrong", WRONG)] {
            std::fs::write(folder.0.join(name), format!("{text}\n")).unwrap();
        }
        let other = folder.0.join("other");
        std::fs::create_dir(&other).unwrap();
        Certificates::new(&other, "DNS:localhost").unwrap()?;
        let certificates = Certificates::new(&folder.0, "DNS:localhost").unwrap()?;
        Some(Self { folder, certificates })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    /// The address with `CA`, `OTHER`, `PASSWORD` and `WRONG` replaced by names of files.
    fn address(&self, text: &str) -> Address {
        let mut text = text.to_owned();
        for (name, file) in [
            ("OTHER", self.file("other/ca.pem")),
            ("CA", self.certificates.authority()),
            ("PASSWORD", self.file("password")),
            ("WRONG", self.file("wrong")),
        ] {
            text = text.replace(name, file.to_str().unwrap());
        }
        text.parse().unwrap()
    }

    /// Two nodes store something; each sees both.
    fn works(&self, text: &str) {
        let logs = ["a", "b"].map(|name| join(self.address(text).engine().unwrap(), name));
        logs.iter().for_each(|log| append(log, "something"));
        for log in &logs {
            log.end().unwrap();
            assert_eq!(log.read(Position::START, usize::MAX).unwrap().len(), 2);
        }
        // Whoever waits hears of what is stored, and of nothing before; without a hint it would end sooner.
        let engine = self.address(text).engine().unwrap();
        let waits = move |longest| {
            let begun = Instant::now();
            engine.wait(longest);
            begun.elapsed()
        };
        assert!(waits(SILENCE) >= SILENCE * 9 / 10);
        let hears = std::thread::spawn(move || waits(LONGEST));
        while !hears.is_finished() {
            append(&logs[0], "something");
        }
        assert!(hears.join().unwrap() < LONGEST / 2);
    }

    /// Nobody gets in at these addresses; errors say why. `is_final`: whether trying again is of no use.
    fn refused(&self, cases: &[(&str, &[&str], bool)]) {
        for (text, says, is_final) in cases {
            let error = find(&*self.address(text).engine().unwrap()).expect_err(text);
            let said = chain(&error);
            says.iter().for_each(|what| assert!(said.contains(what), "{text}: {said}; expected {what}"));
            assert!(!format!("{said} {error:?}").contains(PASSWORD) && !format!("{said} {error:?}").contains(WRONG), "{said}");
            let error = self.address(text).engine().unwrap().get("x").expect_err(text);
            assert_eq!(matches!(error, EngineError::Unusable { .. }), *is_final, "{text}: {said}");
        }
    }
}

#[test]
fn etcd_lets_in_whoever_has_its_authority_and_a_password() {
    let Some(keys) = Keys::new("etcd-secured") else { return };
    let user = ("north", PASSWORD, "pool/");
    let Some(cluster) = EtcdCluster::start_secured(&keys.folder.0, &keys.certificates, user).unwrap() else { return };
    let at = cluster.port(0);
    let good = format!("etcd://north@localhost:{at}/pool?ca=CA&password-file=PASSWORD");
    keys.works(&good);
    // After a silence the server knows the node's token no more.
    let log = join(keys.address(&good).engine().unwrap(), "c");
    std::thread::sleep(TOKENS_RUN_OUT_AFTER);
    let end = log.end().unwrap();
    append(&log, "something");
    assert_eq!(log.end().unwrap(), end.plus(1));
    keys.refused(&[
        (&format!("etcd://north@localhost:{at}/pool?ca=OTHER&password-file=PASSWORD"), &["UnknownIssuer"], false),
        (&format!("etcd://north@127.0.0.1:{at}/pool?ca=CA&password-file=PASSWORD"), &["127.0.0.1", "localhost"], false),
        (&format!("etcd://north@localhost:{at}/pool?ca=CA&password-file=WRONG"), &["north", "password"], true),
        (&format!("etcd://south@localhost:{at}/pool?ca=CA&password-file=PASSWORD"), &["south", "user"], true),
        (&format!("etcd://localhost:{at}/pool?ca=CA"), &["user name is empty"], true),
        (&format!("etcd://north@localhost:{at}/pool?tls=no&password-file=PASSWORD"), &["perhaps it expects TLS"], false),
        (&format!("etcd://north@localhost:{at}/other?ca=CA&password-file=PASSWORD"), &["permission denied"], true),
    ]);
}

#[test]
fn postgresql_lets_in_whoever_has_its_authority_and_a_password() {
    let Some(keys) = Keys::new("postgres-secured") else { return };
    let Some(server) = PostgresServer::start_secured(&keys.folder.0, &keys.certificates, PASSWORD).unwrap() else { return };
    let at = server.port();
    keys.works(&format!("postgres://deconflict@localhost:{at}?ca=CA&password-file=PASSWORD"));
    keys.refused(&[
        (&format!("postgres://localhost:{at}?ca=OTHER&password-file=PASSWORD"), &["UnknownIssuer"], false),
        (&format!("postgres://127.0.0.1:{at}?ca=CA&password-file=PASSWORD"), &["127.0.0.1", "localhost"], false),
        (&format!("postgres://localhost:{at}?ca=CA&password-file=WRONG"), &["deconflict", "password"], true),
        (&format!("postgres://localhost:{at}?ca=CA"), &["asks for a password"], true),
        (&format!("postgres://localhost:{at}?tls=no&password-file=PASSWORD"), &["no encryption"], true),
        (&format!("postgres://localhost:{at}/other?ca=CA&password-file=PASSWORD"), &["other", "does not exist"], true),
    ]);
}
