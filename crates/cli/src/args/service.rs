//! What can be asked of the service on the command line: `serve` and `journal`. Parsing only.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::joint::Access;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use deconflict_pool::{Address, InvalidAddress};
use deconflict_service::node::NodeOptions;

const SERVE_HELP: &str = "\
Examples:
  deconflict serve --data dss --public-key auth.pem --audience dss.example.com
  deconflict serve --data dss --jwks https://auth.example.com/jwks.json --audience dss.example.com \\
      --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem

It prints one line when it is ready, and logs to standard error. SIGTERM or SIGINT (Ctrl-C) ends it: what was begun is
finished first.

Exit status:
  0  it was ended, and everything is stored
  2  it could not start, or the command line is bad; the reason is printed";

const JOURNAL_HELP: &str = "\
Examples:
  deconflict journal verify dss              read everything, say what is wrong; works beside a running service
  deconflict journal dump dss --from 1000    one JSON object a record
  deconflict journal backup dss backup       copy and verify; works beside a running service
  deconflict journal restore backup new      a data directory from a backup
  deconflict journal fetch new --server https://north.example --token @copy.jwt
                                             a data directory with what a running service has

Exit status:
  0  all is well
  1  the journal, or the backup, is damaged; every damage is printed
  2  it cannot be read, or the command line is bad";

const POOL_HELP: &str = "\
Examples:
  deconflict pool status --journal etcd://127.0.0.1

Exit status:
  0  every node that was heard of agrees with the others
  1  some do not, or are silent, or take no commands
  2  the engine cannot be asked, or the command line is bad";

/// `deconflict serve`.
#[derive(Debug, ClapArgs)]
#[command(max_term_width = 100, after_help = SERVE_HELP)]
pub struct Serve {
    /// Where to listen; port 0 takes any that is free. Other machines reach it only if the address is theirs to reach
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8082")]
    pub listen: SocketAddr,
    /// The data directory; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where the log is: by default in the data directory; etcd://HOST,HOST,… or postgres://HOST,… (docs/operations.md) for a
    /// node of a pool, whose data directory has a copy
    #[arg(long, value_name = "URL", value_parser = address, requires = "node")]
    pub journal: Option<Address>,
    /// The name of this node in its pool, which no other node has
    #[arg(long, value_name = "NAME", value_parser = node_name, requires = "journal")]
    pub node: Option<String>,
    /// Begin a new pool with the records of the data directory, because the engine has lost its own or they are a backup
    #[arg(long, requires = "journal")]
    pub begin_pool: bool,
    /// PEM file with public keys whose tokens count; may be given several times
    #[arg(long, value_name = "FILE")]
    pub public_key: Vec<PathBuf>,
    /// A key set (JWKS) whose tokens count, refreshed in the background; may be given several times
    #[arg(long, value_name = "URL|FILE")]
    pub jwks: Vec<String>,
    /// How often key sets are refreshed
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    pub jwks_refresh: Duration,
    /// How long keys work on when they cannot be refreshed
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub jwks_keep: Duration,
    /// A name of this service that tokens are for (`aud`), such as its host name; may be given several times
    #[arg(long, value_name = "HOST")]
    pub audience: Vec<String>,
    /// Take base URLs of USSs that are not https; for tests and closed networks
    #[arg(long)]
    pub allow_http_base_urls: bool,
    /// Ask for the scopes of what a subscription is about, as the standard says and servers in use do not
    #[arg(long)]
    pub strict_scopes: bool,
    /// Certificate chain in PEM, for TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM, for TLS
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// How long something stays after its end
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = duration)]
    pub retention: Duration,
    /// A snapshot is written after so many writes, at the latest; tests want many
    #[arg(long, value_name = "N", default_value_t = NodeOptions::default().snapshot_every_commands, hide = true)]
    pub snapshot_every: u64,
    /// Entities that one USS may have: intents, constraints, subscriptions and areas, also those that ended and are still kept
    #[arg(long, value_name = "N", default_value_t = NodeOptions::QUOTAS.entities, help_heading = "Quotas")]
    pub quota_entities: u64,
    /// Cells that the volumes of one USS may have together; a cell is about a square kilometre
    #[arg(long, value_name = "N", default_value_t = NodeOptions::QUOTAS.cells, help_heading = "Quotas")]
    pub quota_cells: u64,
    /// Bytes of reports that one USS may have filed within the retention
    #[arg(long, value_name = "N", default_value_t = NodeOptions::QUOTAS.report_bytes, help_heading = "Quotas")]
    pub quota_report_bytes: u64,
    /// What this instance is called where a pool is asked about (`/aux/v1/pool`); by default the name of the node, or the first audience
    #[arg(long, value_name = "NAME")]
    pub instance_id: Option<String>,
    /// Where this instance is reached from outside, told beside its name
    #[arg(long, value_name = "URL")]
    pub public_endpoint: Option<String>,
    /// A map of your own to put under the picture on the page: a file of tiles (PMTiles)
    #[arg(long, value_name = "PMTILES")]
    pub basemap: Option<PathBuf>,
    /// What the notification index is: a count, or the time of day in milliseconds
    #[arg(long, value_enum, default_value_t = NotificationIndex::Count)]
    pub notification_index: NotificationIndex,
    /// Requests a second that one USS may make; 0 for as many as it likes
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub rate_limit: u32,
    /// Connections that may be open at once
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub max_connections: usize,
    /// Where traces are sent, by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// How the log is written
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// What is logged: refusals from info on, every request at debug
    #[arg(long, value_enum, default_value_t = LogLevel::Info)]
    pub log_level: LogLevel,
}

/// What a notification index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NotificationIndex {
    /// One more than before, for each subscription
    Count,
    /// Milliseconds since 00:00 UTC
    Time,
}

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// What stops the service
    Error,
    /// What somebody should look at
    Warn,
    /// What is worth knowing later
    Info,
    /// Every request
    Debug,
    /// Everything
    Trace,
}

/// `deconflict journal`.
#[derive(Debug, ClapArgs)]
#[command(max_term_width = 100, after_help = JOURNAL_HELP)]
pub struct Journal {
    /// What to do
    #[command(subcommand)]
    pub command: JournalCommand,
}

/// What can be done with a journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Read all of it and say what is wrong
    Verify {
        /// A data directory, or a backup
        dir: PathBuf,
    },
    /// Print its records, one JSON object a line
    Dump {
        /// A data directory, or a backup
        dir: PathBuf,
        /// The first record to print
        #[arg(long, value_name = "POSITION", default_value_t = 0)]
        from: u64,
        /// At most so many records
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
    },
    /// Copy it into a new directory, and verify it
    Backup {
        /// A data directory
        dir: PathBuf,
        /// An empty directory; made if it is not there
        to: PathBuf,
    },
    /// Make a data directory with what a running service has, over HTTP; the token needs the scope deconflict.journal.copy
    Fetch {
        /// An empty directory; made if it is not there
        to: PathBuf,
        /// Where from, and as whom
        #[command(flatten)]
        access: Access,
    },
    /// Make a data directory from a backup
    Restore {
        /// A backup
        backup: PathBuf,
        /// An empty directory; made if it is not there
        to: PathBuf,
    },
}

/// `deconflict pool`.
#[derive(Debug, ClapArgs)]
#[command(max_term_width = 100, after_help = POOL_HELP)]
pub struct Pool {
    /// What to do
    #[command(subcommand)]
    pub command: PoolCommand,
}

/// What can be done with a pool.
#[derive(Debug, Subcommand)]
pub enum PoolCommand {
    /// Print its nodes, how far they are, and whether their states agree
    Status {
        /// Where its log is, as for `serve`
        #[arg(long, value_name = "URL", value_parser = address)]
        journal: Address,
    },
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error: InvalidAddress| error.to_string())
}

/// A name that can stand in the keys of an engine.
fn node_name(text: &str) -> Result<String, String> {
    let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if (1..=63).contains(&text.len()) && text.chars().all(is_good) {
        return Ok(text.to_owned());
    }
    Err("expected at most 63 letters, digits, `-`, `.` or `_`".to_owned())
}

/// A duration such as `90s`, `5m`, `12h` or `7d`.
fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "expected a whole number and a unit (s, m, h or d), such as 12h".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(expected)?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(expected()),
    };
    let number: u32 = number.parse().map_err(|_| expected())?;
    Ok(Duration::from_secs(u64::from(number) * unit_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        let cases = [("90s", 90), ("5m", 300), ("12h", 43_200), ("7d", 604_800), ("0s", 0)];
        for (text, seconds) in cases {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "7", "7 d", "-1s", "1.5h", "1w", "99999999999s", "7é"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
