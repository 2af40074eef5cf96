//! A pool: several nodes, one log. An existing engine, etcd or PostgreSQL, puts what the nodes store into one order; every node
//! follows it, writes the same segment files, and applies the same records. There is no leader among the nodes, and no
//! consensus of ours. `docs/decisions/0010-the-pool.md` says why.
//!
//! [`Engine`] is what an engine does; [`Member`] is what a node does with it; [`PoolLog`] is both as a journal's
//! [`Log`](deconflict_journal::Log). Nothing here knows what the bytes of a record mean, and nothing trusts a lock, a lease or
//! a clock. Ids and nonces are given to it.

mod address;
mod engine;
mod etcd;
mod log;
mod member;
mod postgres;
mod records;
pub mod simulated;
mod slot;
mod tls;

pub use address::{Address, InvalidAddress, Kind};
pub use engine::{Cursor, Engine, EngineError, If, News, POOL, Put, Slot, Verdict};
pub use etcd::Etcd;
pub use log::{PoolLog, append};
pub use member::{JoinError, Member, MemberError, Proposed, Tip, Unreadable, base, begin, find};
pub use postgres::Postgres;
pub use records::{BASE, Base, FORMAT_VERSION, Pool};
pub use slot::{Contents, UnreadableSlot, decode, encode, overhead_bytes};
