//! The requests of a flight, each sent, timed, and sent again after a 409.

use crate::dss::tally::{Kind, Tally};
use deconflict_testbed::{Answer, Connection};
use std::io;
use std::time::Instant;

/// How often a request is sent again after a 409.
pub const RETRIES: u32 = 2;

/// What the answer to a write says of the intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its OVN.
    pub ovn: String,
    /// Its subscription.
    pub subscription: String,
}

/// A client's connection and its buffers.
pub struct Pilot {
    connection: Connection,
    path: String,
    body: String,
}

impl Pilot {
    /// A pilot with this connection.
    pub const fn new(connection: Connection) -> Self {
        Self { connection, path: String::new(), body: String::new() }
    }

    /// Creates (`ovn` is empty), activates or deletes the intent `id`. `body` writes the body, for every try anew, because a key
    /// may have grown. `None` if it was not carried out.
    ///
    /// # Errors
    /// The connection failed.
    pub fn write(
        &mut self,
        kind: Kind,
        id: &str,
        ovn: &str,
        tally: &mut Tally,
        body: impl Fn(&mut String),
    ) -> io::Result<Option<Written>> {
        self.path.clear();
        self.path.push_str("/dss/v1/operational_intent_references/");
        self.path.push_str(id);
        if kind != Kind::Create {
            self.path.push('/');
            self.path.push_str(ovn);
        }
        let (method, expected) = match kind {
            Kind::Create => ("PUT", 201),
            Kind::Activate => ("PUT", 200),
            Kind::Delete => ("DELETE", 200),
        };
        for again in 0..=RETRIES {
            tally.retries += u64::from(again > 0);
            self.body.clear();
            body(&mut self.body);
            let start = Instant::now();
            let answer = self.connection.send(method, &self.path, &self.body)?;
            let time = start.elapsed();
            match (answer.status, written(answer)) {
                (status, Some(written)) if status == expected => {
                    tally.carried_out(kind, time);
                    return Ok(Some(written));
                }
                (409, _) => tally.rejections += 1,
                (status, _) => {
                    tally.unexpected(kind, status, answer.body);
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }
}

fn written(answer: Answer) -> Option<Written> {
    let text = |name| answer.text("\"operational_intent_reference\"", name).map(str::to_owned);
    Some(Written { ovn: text("ovn")?, subscription: text("subscription_id")? })
}
