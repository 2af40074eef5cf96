//! The service from outside: starts the binary, gives out keys and tokens, and speaks HTTP to it.
//!
//! For tests that kill it and benches that load it. It uses no crate of ours, so what it says of the service is what a client
//! sees. It is cheap to run: a load generator shares the machine with what it measures.

mod authority;
mod body;
#[cfg(unix)]
mod certificates;
mod connection;
#[cfg(unix)]
mod engine;
#[cfg(unix)]
mod machine;
mod process;
mod proxy;
mod random;
mod server;
mod time;

pub use authority::{AUDIENCE, Authority};
pub use body::{Corner, Extent, IntentBody, IntentSubscription, subscription_body};
#[cfg(unix)]
pub use certificates::Certificates;
pub use connection::{Answer, Connection};
#[cfg(unix)]
pub use engine::{EtcdCluster, NEED_ENGINES, PostgresServer, free_port};
#[cfg(unix)]
pub use machine::{SlowDisk, WrongClock};
pub use process::Usage;
pub use proxy::{Proxy, Way};
pub use random::{Random, Uuid};
pub use server::Server;
pub use time::{Millis, now};
