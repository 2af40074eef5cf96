//! A pool in etcd, over its JSON gateway, which every etcd since 3.4 has beside gRPC: the same requests, no generated code, and
//! no second HTTP stack.
//!
//! ```text
//! PREFIX/record/NAME        a record
//! PREFIX/lane/LANE          the session that has the lane, and the number of its last slot
//! PREFIX/slot/LANE/NUMBER   a slot, 20 digits; the order of all slots is that of their creation revisions
//! PREFIX/last               written with every slot, so its revision is that of the last one
//! ```
//!
//! A slot is one transaction: if the lane says "this session, n−1" and the record of the pool is the known one, it writes both,
//! and reads what all lanes have behind the cursor; so its answer is one moment of the whole cluster. etcd decides transactions
//! in the order of its Raft log, and has synced before it answers. Reading is a transaction without writes, which etcd answers
//! linearizably. Watching is a hint.

mod connection;
mod wire;

use crate::address::Address;
use crate::engine::{Cursor, Engine, EngineError, If, News, POOL, Put, Slot, Verdict, verdict};
use crate::records::from_hexadecimal;
use connection::{Connection, unusable};
use deconflict_journal::Nonce;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::{KeyValue, RangeResponse, Txn, TxnResponse, base64};

/// At most so many slots of a lane are read at once.
const SLOTS_AT_ONCE: usize = 64;
/// etcd takes requests of 1.5 MiB; a slot leaves room for what else is in one.
const MAX_SLOT_BYTES: usize = (3 << 19) - (64 << 10);
/// How long to wait where nothing can be watched.
const WITHOUT_WATCH: Duration = Duration::from_millis(200);
/// More lanes or records than any pool has.
const MANY: usize = 100_000;

/// A pool's part of an etcd cluster.
pub struct Etcd {
    connection: Connection,
    prefix: String,
}

/// What stands in a lane's key.
struct Lane {
    session: Nonce,
    number: u64,
}

impl Lane {
    fn text(session: Nonce, number: u64) -> Vec<u8> {
        format!("{session} {number}").into_bytes()
    }

    fn read(bytes: &[u8]) -> Result<Self, EngineError> {
        let text = String::from_utf8_lossy(bytes);
        let wrong = || unusable(format!("found a lane `{text}`; expected a session and a number"));
        let (session, number) = text.split_once(' ').ok_or_else(wrong)?;
        let session = Nonce(from_hexadecimal(session).map_err(|_| wrong())?);
        Ok(Self { session, number: number.parse().map_err(|_| wrong())? })
    }
}

impl Etcd {
    /// The etcd cluster at `address`. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Files that cannot be read or used.
    pub fn new(address: &Address) -> Result<Self, EngineError> {
        Ok(Self { connection: Connection::new(address)?, prefix: address.within.trim_matches('/').to_owned() })
    }

    fn key(&self, rest: &str) -> Vec<u8> {
        format!("{}/{rest}", self.prefix).into_bytes()
    }

    /// All keys below `prefix`, as a range.
    fn below(&self, prefix: &str) -> Value {
        let (start, end) = self.bounds(prefix);
        wire::range(&start, &end, MANY)
    }

    fn bounds(&self, prefix: &str) -> (Vec<u8>, Vec<u8>) {
        let start = self.key(prefix);
        let mut end = start.clone();
        *end.last_mut().expect("a key is not empty") += 1;
        (start, end)
    }

    fn slot_key(&self, lane: &str, number: u64) -> Vec<u8> {
        self.key(&format!("slot/{lane}/{number:020}"))
    }

    fn txn(&self, txn: &Txn) -> Result<TxnResponse, EngineError> {
        self.connection.call("kv/txn", txn)
    }

    /// The reads that every exchange ends with: the lanes, the record of the pool, and each known lane behind the cursor.
    fn reads(&self, cursor: &Cursor) -> Vec<Value> {
        let mut reads = vec![self.below("lane/"), self.below(&format!("record/{POOL}"))];
        reads.extend(cursor.lanes.iter().map(|(lane, number)| {
            let end = self.bounds(&format!("slot/{lane}/")).1;
            wire::range(&self.slot_key(lane, number + 1), &end, SLOTS_AT_ONCE)
        }));
        reads
    }

    fn slot(&self, pair: KeyValue) -> Result<Slot, EngineError> {
        let key = String::from_utf8_lossy(&pair.key).into_owned();
        let wrong = || unusable(format!("found a slot with the key `{key}`"));
        let rest = key.strip_prefix(&format!("{}/slot/", self.prefix)).ok_or_else(wrong)?;
        let (lane, number) = rest.split_once('/').ok_or_else(wrong)?;
        let number = number.parse().map_err(|_| wrong())?;
        Ok(Slot { lane: lane.to_owned(), number, order: pair.create_revision, bytes: pair.value })
    }

    /// The slots of all lanes in one order. Where a lane was not read to its end, the order is known only up to there.
    fn merge(&self, ranges: impl Iterator<Item = RangeResponse>) -> Result<(Vec<Slot>, bool), EngineError> {
        let (mut slots, mut known_to) = (Vec::new(), u64::MAX);
        for range in ranges {
            if range.more {
                known_to = known_to.min(range.kvs.last().map_or(0, |last| last.create_revision));
            }
            for pair in range.kvs {
                slots.push(self.slot(pair)?);
            }
        }
        slots.sort_by_key(|slot| slot.order);
        slots.retain(|slot| slot.order <= known_to);
        Ok((slots, known_to == u64::MAX))
    }
}

impl Engine for Etcd {
    fn exchange(&self, cursor: &Cursor, put: Option<&Put<'_>>) -> Result<News, EngineError> {
        let (mut compare, mut success) = (Vec::new(), Vec::new());
        if let Some(put) = put {
            let (lane_key, last_key) = (self.key(&format!("lane/{}", put.lane)), self.key("last"));
            compare.push(wire::has_value(&lane_key, Some(&Lane::text(put.session, put.number - 1))));
            compare.push(wire::has_value(&self.key(&format!("record/{POOL}")), Some(put.pool)));
            if put.only_at_end {
                compare.push(wire::written_in(&last_key, cursor.order));
            }
            success.push(wire::put(&lane_key, &Lane::text(put.session, put.number)));
            success.push(wire::put(&self.slot_key(put.lane, put.number), put.bytes));
            success.push(wire::put(&last_key, put.lane.as_bytes()));
            success.extend(put.new_pool.map(|pool| wire::put(&self.key(&format!("record/{POOL}")), pool)));
        }
        let (writes, reads) = (success.len(), self.reads(cursor));
        success.extend(reads.iter().cloned());
        let response = self.txn(&Txn { compare, success, failure: reads })?;
        let written = if response.succeeded { writes } else { 0 };
        let mut ranges = response.responses.into_iter().skip(written).map(|one| one.response_range.unwrap_or_default());
        let (lanes, pool) = (ranges.next().unwrap_or_default(), ranges.next().unwrap_or_default());
        let mut known = BTreeMap::new();
        for pair in lanes.kvs {
            let name = String::from_utf8_lossy(&pair.key).rsplit('/').next().unwrap_or_default().to_owned();
            known.insert(name, Lane::read(&pair.value)?);
        }
        let verdict = match put {
            Some(put) if !response.succeeded => {
                let (session, number) = known.get(put.lane).map_or((None, 0), |lane| (Some(lane.session), lane.number));
                let is_same_pool = pool.kvs.first().map(|pair| &pair.value[..]) == Some(put.pool);
                verdict(put, session, number, is_same_pool)
            }
            _ => Verdict::Stored,
        };
        if known.iter().any(|(lane, Lane { number, .. })| *number > 0 && !cursor.lanes.contains_key(lane)) {
            // Lanes that are new to the reader: all of them again, at one later moment.
            let mut cursor = cursor.clone();
            for lane in known.into_keys() {
                cursor.lanes.entry(lane).or_insert(0);
            }
            return Ok(News { verdict, ..self.exchange(&cursor, None)? });
        }
        let (slots, is_all) = self.merge(ranges)?;
        Ok(News { slots, is_all, verdict })
    }

    fn take(&self, lane: &str, from: Option<Nonce>, to: Nonce) -> Result<Option<u64>, EngineError> {
        let key = self.key(&format!("lane/{lane}"));
        loop {
            let read = Txn {
                compare: Vec::new(),
                success: vec![wire::range(&key, &[&key[..], b"\0"].concat(), 1)],
                failure: Vec::new(),
            };
            let found = self.txn(&read)?.responses.into_iter().next().and_then(|one| one.response_range).unwrap_or_default();
            let now = found.kvs.first().map(|pair| &pair.value[..]);
            let number = match now.map(Lane::read).transpose()? {
                Some(Lane { session, .. }) if from.is_some_and(|from| from != session && to != session) => return Ok(None),
                Some(Lane { number, .. }) => number,
                None => 0,
            };
            let compare = vec![wire::has_value(&key, now)];
            let write = Txn { compare, success: vec![wire::put(&key, &Lane::text(to, number))], failure: Vec::new() };
            if self.txn(&write)?.succeeded {
                return Ok(Some(number));
            }
        }
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.list(name)?.into_iter().find(|(found, _)| found == name).map(|(_, bytes)| bytes))
    }

    fn list(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, EngineError> {
        let read = Txn { compare: Vec::new(), success: vec![self.below(&format!("record/{prefix}"))], failure: Vec::new() };
        let found = self.txn(&read)?.responses.into_iter().next().and_then(|one| one.response_range).unwrap_or_default();
        let start = self.key("record/").len();
        Ok(found.kvs.into_iter().map(|pair| (String::from_utf8_lossy(&pair.key[start..]).into_owned(), pair.value)).collect())
    }

    fn set(&self, name: &str, condition: If<'_>, bytes: &[u8]) -> Result<bool, EngineError> {
        let key = self.key(&format!("record/{name}"));
        let compare = match condition {
            If::Always => Vec::new(),
            If::Is(value) => vec![wire::has_value(&key, value)],
        };
        Ok(self.txn(&Txn { compare, success: vec![wire::put(&key, bytes)], failure: Vec::new() })?.succeeded)
    }

    fn compact(&self, cursor: &Cursor, name: &str, old: Option<&[u8]>, bytes: &[u8]) -> Result<bool, EngineError> {
        let key = self.key(&format!("record/{name}"));
        let mut success = vec![wire::put(&key, bytes)];
        success.extend(
            cursor
                .lanes
                .iter()
                .map(|(lane, number)| wire::delete(&self.bounds(&format!("slot/{lane}/")).0, &self.slot_key(lane, number + 1))),
        );
        let response = self.txn(&Txn { compare: vec![wire::has_value(&key, old)], success, failure: Vec::new() })?;
        if response.succeeded {
            // Gives the room of what was removed back. If it fails, the next time does it.
            let revision = response.header.revision.to_string();
            let _: Result<Value, EngineError> = self.connection.call("kv/compaction", &json!({ "revision": revision }));
        }
        Ok(response.succeeded)
    }

    fn wait(&self, timeout: Duration) {
        let key = base64(self.key("last"));
        let request = json!({ "create_request": { "key": key } });
        // The first line says that the watch is there, every other one that there is something new.
        let mut lines = 0;
        let result = self.connection.watch(&request, timeout, |_| {
            lines += 1;
            lines < 2
        });
        if result.is_err() && lines == 0 {
            std::thread::sleep(timeout.min(WITHOUT_WATCH));
        }
    }

    fn max_slot_bytes(&self) -> usize {
        MAX_SLOT_BYTES
    }
}
