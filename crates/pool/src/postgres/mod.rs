//! A pool in PostgreSQL, or in what speaks its protocol and has its isolation.
//!
//! Four tables: the order, which is one row; records; lanes; slots. A slot is one statement, which takes the next place, moves
//! the lane and inserts, or does nothing. LISTEN and NOTIFY are a hint: where they are not known, polling does alone.
//!
//! What is durable is what the server says: with a standby, `synchronous_commit` must be `on` and the standby synchronous, and
//! whatever fails over must see to it that the former first server is gone. Reading begins with a write, so a former first
//! server that lost its synchronous standby does not answer.

mod statements;
mod tls;

use crate::address::Address;
use crate::engine::{Cursor, Engine, EngineError, If, News, Put, Slot, Verdict, verdict};
use crate::tls::Material;
use deconflict_journal::{Nonce, Source};
use statements as sql;
use std::error::Error as _;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tls::MakeTls;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Row, Statement};

const ENGINE: &str = "PostgreSQL";
/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// At most so many slots are read at once.
const SLOTS_AT_ONCE: i64 = 256;
/// As in etcd, so that a pool can move from one to the other.
const MAX_SLOT_BYTES: usize = (3 << 19) - (64 << 10);
/// Answers to whoever is not let in, has no such database, or lacks a right there (SQLSTATE).
const REFUSED: [&str; 3] = ["28", "3D", "42501"];
/// How long to wait for something new where nobody notifies.
const WITHOUT_HINT: Duration = Duration::from_millis(100);

/// A pool's tables in a database.
pub struct Postgres {
    config: Config,
    tls: Option<MakeTls>,
    runtime: Runtime,
    session: Mutex<Option<Arc<Session>>>,
    listener: Mutex<Option<Arc<Listener>>>,
}

/// A connection, with its statements prepared.
struct Session {
    client: Client,
    append: Statement,
    touch: Statement,
    standing: Statement,
    behind: Statement,
}

/// A connection that hears of new slots.
struct Listener {
    client: Client,
    heard: Arc<Notify>,
}

impl Postgres {
    /// The database at `address`. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Files that cannot be read or used.
    pub fn new(address: &Address) -> Result<Self, EngineError> {
        let mut config = Config::new();
        for (host, port) in &address.hosts {
            config.host(host).port(*port);
        }
        config.dbname(&address.within).application_name("deconflict").connect_timeout(PATIENCE);
        config.target_session_attrs(tokio_postgres::config::TargetSessionAttrs::ReadWrite);
        config.user(address.user.as_deref().unwrap_or("deconflict"));
        if let Some(password) = address.password().map_err(unusable)? {
            config.password(password);
        }
        config.ssl_mode(if address.tls { SslMode::Require } else { SslMode::Disable });
        let tls = address.tls.then(|| Material::read(address).and_then(Material::client).map(MakeTls));
        let tls = tls.transpose().map_err(unusable)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("postgres").enable_all().build();
        let runtime = runtime.map_err(|error| unusable(format!("no thread for it: {error}")))?;
        Ok(Self { config, tls, runtime, session: Mutex::default(), listener: Mutex::default() })
    }

    /// Does something with the connection, which is made if there is none, and given up if it fails.
    fn with<T>(&self, work: impl AsyncFnOnce(&Session) -> Result<T, tokio_postgres::Error>) -> Result<T, EngineError> {
        let mut slot = self.session.lock().expect("nobody panics while holding it");
        let known = slot.take();
        let result = self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, async {
                let session = match known.filter(|session| !session.client.is_closed()) {
                    Some(session) => session,
                    None => Arc::new(self.connect().await?),
                };
                Ok::<_, tokio_postgres::Error>((work(&session).await?, session))
            })
            .await
        });
        match result {
            Ok(Ok((answer, session))) => {
                *slot = Some(session);
                Ok(answer)
            }
            Ok(Err(error)) => Err(refused(&error).map_or_else(|| unavailable(error), unusable)),
            Err(_) => Err(unavailable(format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }

    async fn connect(&self) -> Result<Session, tokio_postgres::Error> {
        let client = self.open(None).await?;
        // Several that come first at once are in each other's way, once.
        if client.batch_execute(sql::TABLES).await.is_err() {
            client.batch_execute(sql::TABLES).await?;
        }
        let append = client.prepare(sql::APPEND).await?;
        let touch = client.prepare(sql::TOUCH).await?;
        let standing = client.prepare(sql::STANDING).await?;
        let behind = client.prepare(sql::BEHIND).await?;
        Ok(Session { client, append, touch, standing, behind })
    }

    /// Opens a connection; notifications go to `heard`.
    async fn open(&self, heard: Option<Arc<Notify>>) -> Result<Client, tokio_postgres::Error> {
        match &self.tls {
            Some(tls) => self.open_with(tls.clone(), heard).await,
            None => self.open_with(NoTls, heard).await,
        }
    }

    async fn open_with<T>(&self, tls: T, heard: Option<Arc<Notify>>) -> Result<Client, tokio_postgres::Error>
    where
        T: MakeTlsConnect<tokio_postgres::Socket> + Send + 'static,
        T::Stream: Send + 'static,
    {
        let (client, mut connection) = self.config.connect(tls).await?;
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let (AsyncMessage::Notification(_), Some(heard)) = (message, &heard) {
                    heard.notify_one();
                }
            }
            // Whoever waits must not wait for what does not come.
            heard.inspect(|heard| heard.notify_one());
        });
        Ok(client)
    }
}

impl Engine for Postgres {
    fn exchange(&self, cursor: &Cursor, put: Option<&Put<'_>>) -> Result<News, EngineError> {
        let (known, limit) = (signed(cursor.order), SLOTS_AT_ONCE);
        self.with(async |session| {
            let Session { client, append, touch, standing, behind } = session;
            let Some(put) = put else {
                client.execute(touch, &[]).await?;
                return news(client.query(behind, &[&known, &limit]).await?, Verdict::Stored);
            };
            let (session, number) = (&put.session.0[..], signed(put.number));
            let only_at = put.only_at_end.then_some(known);
            let values: [&(dyn ToSql + Sync); 7] = [&put.lane, &session, &number, &put.bytes, &put.pool, &put.new_pool, &only_at];
            let values_behind: [&(dyn ToSql + Sync); 2] = [&known, &limit];
            // Sent one behind the other without waiting. The lock comes first, so that the statement sees what came before it.
            let (locked, appended, committed, rows, _) = tokio::join!(
                client.batch_execute(sql::LOCK),
                client.execute(append, &values),
                client.batch_execute(sql::COMMIT),
                client.query(behind, &values_behind),
                // A hint, and a thing that not every database of this protocol has.
                client.batch_execute(sql::NOTIFY),
            );
            locked.and(committed)?;
            if appended? == 1 {
                return news(rows?, Verdict::Stored);
            }
            let standing = client.query_one(standing, &[&put.lane]).await?;
            let session: Option<Vec<u8>> = standing.try_get(0)?;
            let session = session.and_then(|bytes| bytes.try_into().ok()).map(Nonce);
            let pool: Option<Vec<u8>> = standing.try_get(2)?;
            let number = unsigned(standing.try_get::<_, Option<i64>>(1)?.unwrap_or(0));
            let verdict = verdict(put, session, number, pool.as_deref() == Some(put.pool));
            news(client.query(behind, &[&known, &limit]).await?, verdict)
        })
    }

    fn take(&self, lane: &str, from: Option<Nonce>, to: Nonce) -> Result<Option<u64>, EngineError> {
        let from = from.map(|from| from.0.to_vec());
        let row = self.with(async |session| session.client.query_opt(sql::TAKE, &[&lane, &&to.0[..], &from]).await)?;
        row.map(|row| row.try_get(0).map(unsigned).map_err(unavailable)).transpose()
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.list(name)?.into_iter().find(|(found, _)| found == name).map(|(_, bytes)| bytes))
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, EngineError> {
        self.with(async |session| {
            session.client.execute(&session.touch, &[]).await?;
            let rows = session.client.query(sql::LIST, &[&prefix]).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
        })
    }

    fn set(&self, name: &str, condition: If<'_>, bytes: &[u8]) -> Result<bool, EngineError> {
        self.with(async |session| {
            let client = &session.client;
            let changed = match condition {
                If::Always => client.execute(sql::SET_ALWAYS, &[&name, &bytes]).await?,
                If::Is(None) => client.execute(sql::SET_IF_NONE, &[&name, &bytes]).await?,
                If::Is(Some(old)) => client.execute(sql::SET_IF, &[&name, &bytes, &old]).await?,
            };
            Ok(changed == 1)
        })
    }

    fn compact(&self, cursor: &Cursor, name: &str, old: Option<&[u8]>, bytes: &[u8]) -> Result<bool, EngineError> {
        // Record first: a base that says more is removed than was costs nothing, and the next time removes it.
        let is_set = self.set(name, If::Is(old), bytes)?;
        if is_set {
            let place = signed(cursor.order);
            self.with(async |session| session.client.execute(sql::REMOVE, &[&place]).await)?;
        }
        Ok(is_set)
    }

    fn wait(&self, timeout: Duration) {
        let mut slot = self.listener.lock().expect("nobody panics while holding it");
        let known = slot.take().filter(|listener| !listener.client.is_closed());
        *slot = self.runtime.block_on(async {
            let listener = match known {
                Some(listener) => listener,
                None => {
                    let heard = Arc::new(Notify::new());
                    let made = tokio::time::timeout(PATIENCE, async {
                        let client = self.open(Some(heard.clone())).await?;
                        client.batch_execute(sql::LISTEN).await?;
                        Ok::<_, tokio_postgres::Error>(Arc::new(Listener { client, heard }))
                    });
                    let Ok(Ok(listener)) = made.await else {
                        tokio::time::sleep(timeout.min(WITHOUT_HINT)).await;
                        return None;
                    };
                    listener
                }
            };
            let _ = tokio::time::timeout(timeout, listener.heard.notified()).await;
            Some(listener)
        });
    }

    fn max_slot_bytes(&self) -> usize {
        MAX_SLOT_BYTES
    }
}

fn news(rows: Vec<Row>, verdict: Verdict) -> Result<News, tokio_postgres::Error> {
    let slot = |row: &Row| {
        let (order, number) = (unsigned(row.try_get(0)?), unsigned(row.try_get(2)?));
        Ok(Slot { lane: row.try_get(1)?, number, order, bytes: row.try_get(3)? })
    };
    let slots = rows.iter().map(slot).collect::<Result<Vec<_>, tokio_postgres::Error>>()?;
    let is_all = i64::try_from(slots.len()).is_ok_and(|count| count < SLOTS_AT_ONCE);
    Ok(News { slots, is_all, verdict })
}

/// The database has signed numbers; ours never come near the difference.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn unavailable(source: impl Into<Source>) -> EngineError {
    EngineError::Unavailable { engine: ENGINE, source: source.into() }
}

/// What the server said to somebody whom it does not let in, or who may not have what was asked for.
fn refused(error: &tokio_postgres::Error) -> Option<String> {
    if let Some(error) = error.as_db_error() {
        let is_refused = REFUSED.iter().any(|class| error.code().code().starts_with(class));
        return is_refused.then(|| error.message().to_owned());
    }
    // The client gives up by itself; only the text of its error says why.
    let is_without_password = error.source().is_some_and(|source| source.to_string() == "password missing");
    is_without_password.then(|| "the server asks for a password; give `password-file=FILE`".to_owned())
}

fn unusable(reason: String) -> EngineError {
    EngineError::Unusable { engine: ENGINE, reason }
}
