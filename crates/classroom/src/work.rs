//! What an exercise is handed: tasks that first wait and then compute, and what they share.

use std::fmt;
use std::sync::Arc;

use crate::counter::Counter;
use crate::link::Link;
use crate::locked::Locked;
use crate::puzzle::Puzzle;
use crate::stand_in;
use crate::wire::{Reply, Request};

/// What is to be done.
#[derive(Debug)]
pub struct Work {
    link: Arc<Link>,
    tasks: Vec<String>,
}

impl Work {
    pub(crate) fn new(link: Arc<Link>, tasks: Vec<String>) -> Work {
        Work { link, tasks }
    }

    /// All tasks, in their order. They can be sent to other threads.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let names = self.tasks.iter().map(|name| name.as_str().into()).enumerate();
        names.map(|(number, name)| Task { link: Arc::clone(&self.link), number, name }).collect()
    }

    /// The task of a web's front page. Other pages are found by their links.
    ///
    /// # Panics
    ///
    /// If there are no tasks.
    #[must_use]
    pub fn front(&self) -> Task {
        self.tasks().swap_remove(0)
    }

    /// A number that threads share. It begins at 0.
    #[must_use]
    pub fn counter(&self) -> Counter {
        Counter::new(Arc::clone(&self.link), 0)
    }

    /// Waits until nobody has the lock of the account with this number, and takes it. There are as many
    /// accounts as one wants, and all are empty.
    pub fn lock(&self, account: usize) -> Locked {
        Locked::lock(&self.link, account)
    }

    /// Wakes all who [wait](Locked::wait) for a signal about this account. Who begins to wait later has missed
    /// it.
    pub fn notify(&self, account: usize) {
        expect_done(&self.link.ask(Request::Notify { account }));
    }

    /// Moves an amount from one account to another. Accounts may be overdrawn. Whoever does so should have
    /// the [locks](Work::lock) of both.
    pub fn transfer(&self, from: usize, to: usize, amount: u64) {
        expect_done(&self.link.ask(Request::Transfer { from, to, amount }));
    }

    /// Makes the thread stand still here, as if the machine had taken its core away just now: until another
    /// thread has changed what they share, or no other is able to.
    ///
    /// So it does not matter how long it takes. What can go wrong here does, whenever this is run.
    pub fn delay(&self) {
        expect_done(&self.link.ask(Request::Delay));
    }

    /// A sign of life. It returns when the next one is wanted.
    pub async fn beat(&self) {
        expect_done(&self.link.ask_async(Request::Beat).await);
    }

    /// Waits until somebody wants all this to end, as whoever presses Ctrl-C does. **The thread waits.**
    pub fn ctrl_c(&self) {
        expect_done(&self.link.ask(Request::Stop));
    }

    /// Prints a line, and lets the judge know. Returns once it is printed.
    pub fn say(&self, text: impl fmt::Display) {
        let text = text.to_string();
        println!("{text}");
        expect_done(&self.link.ask(Request::Say { text }));
    }
}

/// An independent piece of work with a name.
#[derive(Clone, Debug)]
pub struct Task {
    link: Arc<Link>,
    number: usize,
    name: Arc<str>,
}

impl Task {
    /// Its name: A, B, C, …
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its place among the tasks, from 0.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// Waits for the task's page. **The thread waits**, and can do nothing else meanwhile.
    pub fn fetch(&self) -> Page {
        let reply = self.link.ask(Request::Fetch { task: self.number });
        self.page(reply)
    }

    /// Waits for the task's page. **The task waits**, and its thread is free meanwhile.
    ///
    /// As with every async function, nothing happens until it is awaited.
    pub async fn fetch_async(&self) -> Page {
        let reply = self.link.ask_async(Request::Fetch { task: self.number }).await;
        self.page(reply)
    }

    /// Computes a task that has nothing to wait for. **The thread executes**, for some milliseconds.
    ///
    /// # Panics
    ///
    /// If the exercise's tasks have to be [fetched](Task::fetch) first.
    #[must_use]
    pub fn compute(&self) -> u64 {
        match self.link.ask(Request::Compute { task: self.number }) {
            Reply::Page(puzzle) => search(&self.link, self.number, &puzzle),
            _ => panic!("task {} has to be fetched before it can be computed", self.name),
        }
    }

    fn page(&self, reply: Reply) -> Page {
        match reply {
            Reply::Page(puzzle) => Page { link: Arc::clone(&self.link), task: self.number, puzzle },
            other => panic!("the judge has no page for task {}: {other:?}", self.name),
        }
    }
}

/// What a task has waited for: a page in which a number is hidden.
#[derive(Debug)]
#[must_use = "a page that nobody computes was fetched for nothing"]
pub struct Page {
    link: Arc<Link>,
    task: usize,
    puzzle: Puzzle,
}

impl Page {
    /// The tasks of the pages to which this one links. They may be fetched already, and more than one page may
    /// link to a page.
    #[must_use]
    pub fn links(&self) -> Vec<Task> {
        let Reply::Links(tasks) = self.link.ask(Request::Links { task: self.task }) else {
            return Vec::new();
        };
        let task = |number| {
            let name = stand_in::name(number).into();
            Task { link: Arc::clone(&self.link), number, name }
        };
        tasks.into_iter().map(task).collect()
    }

    /// Computes which number is hidden in the page. **The thread executes**, for some milliseconds.
    #[must_use]
    pub fn compute(self) -> u64 {
        // When it begins is noted on the judge's side, and the judge may have it wait.
        self.link.ask(Request::Compute { task: self.task });
        search(&self.link, self.task, &self.puzzle)
    }
}

fn search(link: &Link, task: usize, puzzle: &Puzzle) -> u64 {
    let found = puzzle.search();
    link.tell(Request::Computed { task, found });
    found
}

pub(crate) fn expect_done(reply: &Reply) {
    assert!(*reply == Reply::Done, "the judge says otherwise: {reply:?}");
}
