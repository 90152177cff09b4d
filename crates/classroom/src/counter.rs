//! A number that several threads share.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::link::Link;
use crate::wire::{Reply, Request};
use crate::work::expect_done;

/// A number that several threads share: the same as an [`AtomicU64`](std::sync::atomic::AtomicU64), with
/// the same operations.
///
/// Each operation is atomic. But it is the judge who has the number, as a database has the balance of an
/// account: so it sees who loads and who stores, and can let another thread come between two operations,
/// as any machine might.
#[derive(Clone, Debug)]
pub struct Counter {
    link: Arc<Link>,
    number: usize,
}

impl Counter {
    pub(crate) fn new(link: Arc<Link>, number: usize) -> Counter {
        Counter { link, number }
    }

    /// The value.
    #[must_use]
    pub fn load(&self, order: Ordering) -> u64 {
        assert!(
            !matches!(order, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a release load"
        );
        self.value(Request::Load { counter: self.number })
    }

    /// Sets the value.
    pub fn store(&self, value: u64, order: Ordering) {
        assert!(
            !matches!(order, Ordering::Acquire | Ordering::AcqRel),
            "there is no such thing as an acquire store"
        );
        expect_done(&self.link.ask(Request::Store { counter: self.number, value }));
    }

    /// Adds to the value, in one operation; returns what it was before.
    pub fn fetch_add(&self, value: u64, _: Ordering) -> u64 {
        self.value(Request::Add { counter: self.number, value })
    }

    /// Sets the value to `new` if it is `current`, in one operation; returns what it was before.
    ///
    /// # Errors
    ///
    /// If it is another one: which.
    pub fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        _success: Ordering,
        _failure: Ordering,
    ) -> Result<u64, u64> {
        match self.link.ask(Request::Exchange { counter: self.number, current, new }) {
            Reply::Value(value) => Ok(value),
            Reply::Other(value) => Err(value),
            other => panic!("the judge says otherwise: {other:?}"),
        }
    }

    fn value(&self, request: Request) -> u64 {
        match self.link.ask(request) {
            Reply::Value(value) => value,
            other => panic!("the judge says otherwise: {other:?}"),
        }
    }
}
