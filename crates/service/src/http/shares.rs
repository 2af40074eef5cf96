//! Shares of a room that none may take alone. Whoever has its share waits for itself, and not the others for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many places for each caller.
#[derive(Debug)]
pub struct Shares {
    each: usize,
    by_caller: Mutex<HashMap<Box<str>, Arc<Semaphore>>>,
}

/// A place of a caller, until it is dropped.
#[derive(Debug)]
pub struct Share<'a> {
    shares: &'a Shares,
    caller: Box<str>,
    place: Option<OwnedSemaphorePermit>,
}

impl Shares {
    /// `each` places for every caller, at least one.
    pub fn new(each: usize) -> Self {
        Self { each: each.max(1), by_caller: Mutex::default() }
    }

    /// Waits until `caller` has a place left, and takes it.
    pub async fn take(&self, caller: &str) -> Share<'_> {
        let places = {
            let mut by_caller = self.by_caller.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_caller.entry(caller.into()).or_insert_with(|| Arc::new(Semaphore::new(self.each))))
        };
        // From here on the share sees to it that a caller with nothing left is forgotten, also if nobody waits any more.
        let mut share = Share { shares: self, caller: caller.into(), place: None };
        share.place = Some(places.acquire_owned().await.expect("the semaphore is never closed"));
        share
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.place = None;
        let mut by_caller = self.shares.by_caller.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits or has a place holds on to the semaphore.
        if by_caller.get(&self.caller).is_some_and(|places| Arc::strong_count(places) == 1) {
            by_caller.remove(&self.caller);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn taken<'a>(shares: &'a Shares, caller: &str) -> Option<Share<'a>> {
        match poll(pin!(shares.take(caller))) {
            Poll::Ready(share) => Some(share),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_caller_waits_for_itself_and_for_nobody_else() {
        let shares = Shares::new(2);
        let one = taken(&shares, "uss1").unwrap();
        let _two = taken(&shares, "uss1").unwrap();
        assert!(taken(&shares, "uss1").is_none());
        assert!(taken(&shares, "uss2").is_some());
        let mut third = pin!(shares.take("uss1"));
        assert!(poll(third.as_mut()).is_pending());
        drop(one);
        assert!(poll(third.as_mut()).is_ready());
    }

    #[test]
    fn who_has_nothing_left_is_forgotten() {
        let shares = Shares::new(1);
        let one = taken(&shares, "uss1").unwrap();
        assert!(taken(&shares, "uss1").is_none(), "and whoever gave up waiting, too");
        drop(one);
        assert!(shares.by_caller.lock().unwrap().is_empty());
    }
}
