//! Engines for tests, each empty, and nodes in them.

use deconflict_journal::faulty::Faulty;
use deconflict_journal::{AppendError, Batch, Entry, Journal, JournalId, Log, Nonce, Options, Outcome, Position};
use deconflict_pool::simulated::Simulated;
use deconflict_pool::{Address, Engine, Member, Pool, PoolLog, Tip, begin};
use deconflict_testbed::{EtcdCluster, PostgresServer};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub const ID: JournalId = JournalId(*b"a journal's name");

/// A fresh nonce.
pub fn draw() -> Nonce {
    static NEXT: AtomicU64 = AtomicU64::new(1 << 32);
    nonce(NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn nonce(number: u64) -> Nonce {
    let mut bytes = [0x5A; 16];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Nonce(bytes)
}

/// A folder that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deconflict-pool-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// PostgreSQL's user has to get through.
pub fn open_to_all(folder: &Folder) {
    std::fs::set_permissions(&folder.0, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

/// The servers of an engine; each call of `link` is a new connection to them.
pub enum Servers {
    Simulated(Simulated),
    Etcd { cluster: EtcdCluster, _folder: Folder },
    Postgres { server: PostgresServer, _folder: Folder },
}

impl Servers {
    pub fn etcd(name: &str, count: usize) -> Option<Self> {
        let folder = Folder::new(&format!("etcd-{name}"));
        let cluster = EtcdCluster::start(&folder.0, count, |_, port| Ok(port)).unwrap()?;
        Some(Self::Etcd { cluster, _folder: folder })
    }

    pub fn postgres(name: &str) -> Option<Self> {
        let folder = Folder::new(&format!("postgres-{name}"));
        open_to_all(&folder);
        let server = PostgresServer::start(&folder.0).unwrap()?;
        Some(Self::Postgres { server, _folder: folder })
    }

    /// A way to the engine, for the part of it that has this name.
    pub fn link(&self, part: &str) -> Arc<dyn Engine> {
        let address = match self {
            Self::Simulated(engine) => return Arc::new(engine.link(Arc::default())),
            Self::Etcd { cluster, .. } => {
                let hosts: Vec<_> = (0..3).filter(|index| *index < cluster.len()).map(|index| cluster.port(index)).collect();
                let hosts: Vec<_> = hosts.iter().map(|port| format!("127.0.0.1:{port}")).collect();
                format!("etcd://{}/{part}", hosts.join(","))
            }
            Self::Postgres { server, .. } => format!("postgres://127.0.0.1:{}", server.port()),
        };
        address.parse::<Address>().unwrap().engine().unwrap()
    }
}

/// A node with an empty directory.
pub fn join(engine: Arc<dyn Engine>, name: &str) -> PoolLog {
    let journal = Arc::new(Journal::create(Arc::new(Faulty::new()), ID, Options::default()).unwrap());
    let tip = Tip { journal: ID, place: journal.tip(), nonce: None };
    begin(&*engine, &Pool { journal: ID, epoch: 1 }, journal.tip()).unwrap();
    let member = Member::join(engine, name, draw(), &tip).unwrap();
    assert_eq!(journal.tip().position, Position::START);
    PoolLog::new(journal, member, draw)
}

/// Appends until it is known to be there, the same batch each time.
pub fn append(log: &dyn Log, text: &str) {
    let entries = [Entry { content: text.as_bytes(), evidence: false }];
    let batch = Batch::new(1, draw(), &entries).unwrap();
    let mut expected = log.recover();
    loop {
        match expected.as_ref().map(|end| log.append(*end, &batch)) {
            Ok(Ok(Outcome::Appended { .. })) => return,
            // Others were first; or this batch was, at an earlier try that seemed to fail.
            Ok(Ok(Outcome::SomebodyWasFirst { end })) => expected = Ok(end),
            Ok(Ok(other)) => panic!("{other:?}"),
            Ok(Err(AppendError::Ambiguous(_))) => {
                // The same position again: if it is there, it is known by its nonce.
                let _ = log.recover();
            }
            Ok(Err(error)) => panic!("{error:?}"),
            Err(_) => expected = log.recover(),
        }
    }
}
