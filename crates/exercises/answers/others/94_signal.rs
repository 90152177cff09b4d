//! Other answers to 94: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::Work;

fn main() -> ExitCode {
    choose(&[
        ("flag", || run(flag)),
        ("counter", || run(counter)),
        ("slot-of-its-own", || run(slot_of_its_own)),
        ("set-before-the-lock", || run(set_before_the_lock)),
        ("lock-from-the-beginning", || run(lock_from_the_beginning)),
        ("other-way-round", || run(other_way_round)),
        ("if", || run(looks_once)),
        ("two-ifs", || run(looks_twice)),
        ("stale-look", || run(stale_look)),
        ("lock-of-another-account", || run(lock_of_another_account)),
        ("takes-nothing-for-a-find", || run(takes_nothing_for_a_find)),
        ("looks-before-the-lock", || run(looks_before_the_lock)),
        ("lets-go-between", || run(lets_go_between)),
        ("notifies-without-the-lock", || run(notifies_without_the_lock)),
        ("notifies-before", || run(notifies_before)),
        ("other-signal", || run(other_signal)),
        ("no-signal", || run(no_signal)),
        ("two-signals", || run(two_signals)),
        ("sleeps-before-the-signal", || run(sleeps_before_the_signal)),
        ("sleeps", || run(sleeps)),
        ("spins", || run(spins)),
        ("joins", || run(joins)),
        ("joins-and-notifies", || run(joins_and_notifies)),
        ("channel-beside", || run(channel_beside)),
        ("joins-at-once", || run(joins_at_once)),
        ("lock-held", || run(lock_held)),
        ("own-find-only", || run(own_find_only)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(2).stage("solve", solve).run()
}

type Slot = OnceLock<u64>;

/// B's thread hands in what it found, and `main` gets it, once it has found something itself.
fn both(
    work: &Work,
    put: impl FnOnce(&Slot, u64) + Send,
    get: impl FnOnce(&Slot) -> Option<u64>,
) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        scope.spawn(|| put(&slot, tasks[1].fetch().compute()));
        let found = tasks[0].fetch().compute();
        found + get(&slot).expect("a find")
    })
}

fn set(slot: &Slot, found: u64) {
    slot.set(found).expect("an empty slot");
}

/// As it should be.
fn put_and_notify(work: &Work, slot: &Slot, found: u64) {
    let _lock = work.lock(0);
    set(slot, found);
    work.notify(0);
}

/// As it should be.
fn wait_for(work: &Work, slot: &Slot) -> Option<u64> {
    let mut lock = work.lock(0);
    while slot.get().is_none() {
        lock.wait();
    }
    slot.get().copied()
}

// Honest.

/// A flag says that the find is there. It is looked at under the lock, and that is what counts.
fn flag(work: &Work) -> u64 {
    let is_there = AtomicBool::new(false);
    let put = |slot: &Slot, found| {
        set(slot, found);
        let lock = work.lock(0);
        is_there.store(true, SeqCst);
        drop(lock);
        work.notify(0);
    };
    let get = |slot: &Slot| {
        let mut lock = work.lock(0);
        loop {
            if is_there.load(SeqCst) {
                return slot.get().copied();
            }
            lock.wait();
        }
    };
    both(work, put, get)
}

/// The judge keeps the slot as well.
fn counter(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), work.counter());
    let theirs = slot.clone();
    thread::scope(|scope| {
        scope.spawn(|| {
            let found = tasks[1].fetch().compute();
            let _lock = work.lock(0);
            theirs.store(found, SeqCst);
            work.notify(0);
        });
        let found = tasks[0].fetch().compute();
        let mut lock = work.lock(0);
        while slot.load(SeqCst) == 0 {
            lock.wait();
        }
        found + slot.load(SeqCst)
    })
}

fn slot_of_its_own(work: &Work) -> u64 {
    struct Cell<'a>(&'a Work, AtomicU64);
    impl Cell<'_> {
        fn put(&self, found: u64) {
            let lock = self.0.lock(0);
            self.1.store(found, SeqCst);
            drop(lock);
            self.0.notify(0);
        }
        fn take(&self) -> u64 {
            let mut lock = self.0.lock(0);
            loop {
                match self.1.swap(0, SeqCst) {
                    0 => lock.wait(),
                    found => return found,
                }
            }
        }
    }
    let (cell, tasks) = (Cell(work, AtomicU64::new(0)), work.tasks());
    thread::scope(|scope| {
        scope.spawn(|| cell.put(tasks[1].fetch().compute()));
        let found = tasks[0].fetch().compute();
        found + cell.take()
    })
}

/// Whoever has seen nothing is asleep by the time that the lock is free.
fn set_before_the_lock(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        set(slot, found);
        let _lock = work.lock(0);
        work.notify(0);
    };
    both(work, put, |slot| wait_for(work, slot))
}

/// `main` has the lock before it fetches anything, and lets go of it only to wait.
fn lock_from_the_beginning(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        scope.spawn(|| put_and_notify(work, &slot, tasks[1].fetch().compute()));
        let mut lock = work.lock(0);
        let found = tasks[0].fetch().compute();
        while slot.get().is_none() {
            lock.wait();
        }
        found + slot.get().expect("a find")
    })
}

/// A's thread gives the signal, and B's waits for it.
fn other_way_round(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let found = tasks[1].fetch().compute();
            found + wait_for(work, &slot).expect("a find")
        });
        put_and_notify(work, &slot, tasks[0].fetch().compute());
        other.join().expect("a sum")
    })
}

// Wrong: it wakes for nothing.

fn looks_once(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        let mut lock = work.lock(0);
        if slot.get().is_none() {
            lock.wait();
        }
        slot.get().copied()
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

/// It wakes for nothing only once, as a rule.
fn looks_twice(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        let mut lock = work.lock(0);
        if slot.get().is_none() {
            lock.wait();
        }
        if slot.get().is_none() {
            lock.wait();
        }
        slot.get().copied()
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

/// Looks once, and then at what it has seen.
fn stale_look(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        let mut lock = work.lock(0);
        let theirs = slot.get().copied();
        while theirs.is_none() {
            lock.wait();
        }
        theirs
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

fn takes_nothing_for_a_find(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        let mut lock = work.lock(0);
        if slot.get().is_none() {
            lock.wait();
        }
        Some(slot.get().copied().unwrap_or(0))
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

// Wrong: the signal may come between.

fn looks_before_the_lock(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        while slot.get().is_none() {
            work.lock(0).wait();
        }
        slot.get().copied()
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

fn lets_go_between(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        loop {
            let lock = work.lock(0);
            if slot.get().is_some() {
                return slot.get().copied();
            }
            drop(lock);
            work.lock(0).wait();
        }
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

fn notifies_without_the_lock(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        set(slot, found);
        work.notify(0);
    };
    both(work, put, |slot| wait_for(work, slot))
}

/// A lock that the other one does not need keeps it from nothing.
fn lock_of_another_account(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        let _lock = work.lock(1);
        set(slot, found);
        work.notify(0);
    };
    both(work, put, |slot| wait_for(work, slot))
}

fn notifies_before(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        work.notify(0);
        let _lock = work.lock(0);
        set(slot, found);
    };
    both(work, put, |slot| wait_for(work, slot))
}

fn other_signal(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        let _lock = work.lock(0);
        set(slot, found);
        work.notify(1);
    };
    both(work, put, |slot| wait_for(work, slot))
}

fn no_signal(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        let _lock = work.lock(0);
        set(slot, found);
    };
    both(work, put, |slot| wait_for(work, slot))
}

/// If one is lost, there is another one.
fn two_signals(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        set(slot, found);
        work.notify(0);
        work.notify(0);
    };
    let get = |slot: &Slot| {
        work.lock(0).wait();
        slot.get().copied()
    };
    both(work, put, get)
}

/// By then the other one surely waits.
fn sleeps_before_the_signal(work: &Work) -> u64 {
    let put = |slot: &Slot, found| {
        set(slot, found);
        thread::sleep(Duration::from_millis(100));
        work.notify(0);
    };
    let get = |slot: &Slot| {
        work.lock(0).wait();
        slot.get().copied()
    };
    both(work, put, get)
}

// Wrong: no signal is waited for.

fn sleeps(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        while slot.get().is_none() {
            thread::sleep(Duration::from_millis(5));
        }
        slot.get().copied()
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

fn spins(work: &Work) -> u64 {
    let get = |slot: &Slot| {
        while slot.get().is_none() {
            std::hint::spin_loop();
        }
        slot.get().copied()
    };
    both(work, |slot, found| put_and_notify(work, slot, found), get)
}

fn joins(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let other = scope.spawn(|| tasks[1].fetch().compute());
        let found = tasks[0].fetch().compute();
        found + other.join().expect("a find")
    })
}

/// By the time that it looks, there is nothing left to wait for.
fn joins_and_notifies(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        let other = scope.spawn(|| put_and_notify(work, &slot, tasks[1].fetch().compute()));
        let found = tasks[0].fetch().compute();
        other.join().expect("a find");
        found + wait_for(work, &slot).expect("a find")
    })
}

/// The signal is given, and what is waited for is a message.
fn channel_beside(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    let (sender, theirs) = channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let found = tasks[1].fetch().compute();
            put_and_notify(work, &slot, found);
            sender.send(found).expect("a receiver");
        });
        tasks[0].fetch().compute() + theirs.recv().expect("a find")
    })
}

fn joins_at_once(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let other = scope.spawn(|| tasks[1].fetch().compute());
        let theirs = other.join().expect("a find");
        theirs + tasks[0].fetch().compute()
    })
}

// Wrong: something else.

/// Takes the lock first, so that nothing can come between; and the other one needs it.
fn lock_held(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        scope.spawn(|| put_and_notify(work, &slot, tasks[1].fetch().compute()));
        let _lock = work.lock(0);
        let found = tasks[0].fetch().compute();
        while slot.get().is_none() {
            thread::park();
        }
        found + slot.get().expect("a find")
    })
}

fn own_find_only(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), Slot::new());
    thread::scope(|scope| {
        scope.spawn(|| put_and_notify(work, &slot, tasks[1].fetch().compute()));
        let found = tasks[0].fetch().compute();
        wait_for(work, &slot);
        found
    })
}
