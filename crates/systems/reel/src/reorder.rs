//! A bounded reorder buffer.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Takes things as they are done, by number from 0 on, and gives them in order.
///
/// There is room for a bounded number of things that somebody has begun and that are not yet gone. Whoever
/// would begin one more waits. As only that many numbers from the next one on can be begun, and each of
/// them is done some time, whoever waits here waits for work, and never for another who waits.
///
/// ```
/// # use reel::Reorder;
/// let buffer = Reorder::new(2);
/// let (first, second) = (buffer.begin(0), buffer.begin(1)); // and `begin(2)` would wait
/// second.expect("there is room").put("second");
/// first.expect("there is room").put("first");
/// assert_eq!(buffer.take(str::len), Some(5));
/// assert_eq!(buffer.take(str::len), Some(6));
/// ```
#[derive(Debug)]
pub struct Reorder<T> {
    room: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    /// What is done, and not its turn yet.
    done: BTreeMap<usize, T>,
    /// Whose turn it is.
    next: usize,
    /// How many are begun and neither done nor given up.
    begun: usize,
    /// How many were begun and not gone at any moment, at most.
    most: usize,
    closed: bool,
}

/// A place in the buffer, for a thing that somebody has begun. Who drops it has given that up.
#[derive(Debug)]
#[must_use = "nothing comes of what is not put in"]
pub struct Place<'a, T> {
    number: usize,
    /// What was put in.
    thing: Option<T>,
    buffer: &'a Reorder<T>,
}

impl<T> Reorder<T> {
    /// A buffer with so much room, at least for one.
    #[must_use]
    pub fn new(room: usize) -> Reorder<T> {
        let state = State { done: BTreeMap::new(), next: 0, begun: 0, most: 0, closed: false };
        Reorder { room: room.max(1), state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits until there is a place for this number. `None`, where none is to be begun any more.
    pub fn begin(&self, number: usize) -> Option<Place<'_, T>> {
        let mut state = self
            .wait_while(|state| !state.closed && number >= state.next.saturating_add(self.room));
        if state.closed {
            return None;
        }
        state.begun += 1;
        state.most = state.most.max(state.begun + state.done.len());
        Some(Place { number, thing: None, buffer: self })
    }

    /// Waits for the next in order, and does this with it, after which it is gone and its place free.
    /// `None`, where it was never begun, or given up, and nothing more will come.
    pub fn take<R>(&self, and: impl FnOnce(T) -> R) -> Option<R> {
        let mut state = self.wait_while(|state| {
            let is_over = state.closed && state.begun == 0;
            !state.done.contains_key(&state.next) && !is_over
        });
        let number = state.next;
        let thing = state.done.remove(&number)?;
        state.begun += 1; // it is still here
        drop(state);
        let result = and(thing);
        let mut state = self.state();
        state.begun -= 1;
        state.next += 1;
        drop(state);
        self.changed.notify_all();
        Some(result)
    }

    /// From now on nothing more can be begun. What was begun can still be put in, and taken.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// How many were begun and not gone at any moment, at most.
    pub fn most(&self) -> usize {
        self.state().most
    }

    fn wait_while(&self, is_early: impl Fn(&State<T>) -> bool) -> MutexGuard<'_, State<T>> {
        let state = self.changed.wait_while(self.state(), |state| is_early(state));
        state.unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // Nobody panics with it in hand, and what is in it makes sense between any two lines.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Place<'_, T> {
    /// Puts in what was begun and is done.
    pub fn put(mut self, thing: T) {
        self.thing = Some(thing);
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        // At one moment, or it would be here twice for an instant.
        let mut state = self.buffer.state();
        state.done.extend(self.thing.take().map(|thing| (self.number, thing)));
        state.begun -= 1;
        drop(state);
        self.buffer.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    /// Puts a number in as itself.
    fn put(buffer: &Reorder<usize>, number: usize) {
        buffer.begin(number).expect("it is open").put(number);
    }

    #[test]
    fn what_is_done_in_any_order_comes_out_in_one() {
        let buffer = Reorder::new(8);
        [3, 0, 2, 1].into_iter().for_each(|number| put(&buffer, number));
        buffer.close();
        let all: Vec<_> = std::iter::from_fn(|| buffer.take(|it| it)).collect();
        assert_eq!(all, [0, 1, 2, 3]);
        assert_eq!(buffer.most(), 4);
    }

    #[test]
    fn however_fast_they_are_there_is_no_more_in_it_than_it_has_room_for() {
        const ALL: usize = 1000;
        let buffer = Reorder::new(3);
        let next = AtomicUsize::new(0);
        let numbers = || {
            let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
            numbers.take_while(|&number| number < ALL).for_each(|number| put(&buffer, number));
        };
        let taken: Vec<_> = thread::scope(|scope| {
            (0..4).for_each(|_| drop(scope.spawn(numbers)));
            (0..ALL).map(|_| buffer.take(|it| it).expect("all come")).collect()
        });
        assert!(taken.into_iter().eq(0..ALL));
        assert!((1..=3).contains(&buffer.most()), "{}", buffer.most());
    }

    #[test]
    fn who_waits_for_room_is_told_that_there_will_be_none() {
        let buffer = Reorder::<usize>::new(1);
        let _place = buffer.begin(0).expect("there is room");
        thread::scope(|scope| {
            let waits = scope.spawn(|| buffer.begin(1).is_none());
            buffer.close();
            assert!(waits.join().expect("an answer"));
        });
    }

    #[test]
    fn what_was_begun_before_the_end_is_waited_for_and_a_gap_is_not() {
        let buffer = Reorder::new(4);
        let (late, given_up) = (buffer.begin(0), buffer.begin(1));
        put(&buffer, 2);
        buffer.close();
        thread::scope(|scope| {
            let taken = scope.spawn(|| [(); 2].map(|()| buffer.take(|it| it)));
            late.expect("it was begun").put(0);
            drop(given_up);
            assert_eq!(taken.join().expect("an answer"), [Some(0), None]);
        });
    }
}
