//! Other answers to 92: honest ones first, then wrong ones, each with the mistake that it makes.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, tasks};

fn main() -> ExitCode {
    choose(&[
        ("one-cell-each", || solve(OneCellEach::default())),
        ("lock-each", || solve(LockEach::default())),
        ("condition", || solve(Condition::default())),
        ("messages", || tasks(6).stage("solve", messages).run()),
        ("checks-and-computes", || solve(ChecksAndComputes::default())),
        ("checks-twice", || solve(ChecksTwice::default())),
        ("read-lock", || solve(ReadLock::default())),
        ("write-lock", || solve(WriteLock::default())),
        ("match-on-the-lock", || solve(MatchOnTheLock::default())),
        ("lock-each-within", || solve(LockEachWithin::default())),
        ("two-shards", || solve(TwoShards::default())),
        ("sixteen-shards", || solve(SixteenShards::default())),
        ("eight-places", || solve(EightPlaces::default())),
        ("placeholder", || solve(Placeholder::default())),
        ("spins", || solve(Waiting(HashMapLock::default(), || ()))),
        ("sleeps", || {
            solve(Waiting(HashMapLock::default(), || thread::sleep(Duration::from_millis(1))))
        }),
        ("no-cache", || solve(NoCache)),
        ("cache-each", || tasks(6).stage("solve", cache_each).run()),
        ("all-at-first", || tasks(6).stage("solve", all_at_first).run()),
        ("one-client", || tasks(6).stage("solve", one_client).run()),
        ("never-told", || solve(NeverTold::default())),
    ])
}

/// A cache that two clients may ask.
trait Cache: Sync {
    fn get(&self, task: &Task) -> u64;
}

type HashMapLock = Mutex<HashMap<usize, u64>>;

/// Both clients, and on what they agree. (A stage is a function, so that the cache waits for it in a static.)
fn solve<C: Cache + Send + 'static>(cache: C) -> ExitCode {
    static CACHE: OnceLock<Box<dyn Cache + Send>> = OnceLock::new();
    let _ = CACHE.set(Box::new(cache));
    fn both(work: &Work) -> Vec<u64> {
        agreed(work, &**CACHE.get().expect("a cache"))
    }
    tasks(6).stage("solve", both).run()
}

fn agreed(work: &Work, cache: &dyn Cache) -> Vec<u64> {
    clients(work, &|task| cache.get(task), &|task| cache.get(task))
}

fn clients(
    work: &Work,
    first: &(dyn Fn(&Task) -> u64 + Sync),
    second: &(dyn Fn(&Task) -> u64 + Sync),
) -> Vec<u64> {
    let tasks = work.tasks();
    let (up, mut down) = thread::scope(|scope| {
        let up = scope.spawn(|| tasks.iter().map(first).collect::<Vec<u64>>());
        let down = tasks.iter().rev().map(second).collect::<Vec<u64>>();
        (up.join().expect("a client"), down)
    });
    down.reverse();
    up.iter().zip(&down).map(|(up, down)| if up == down { *up } else { 0 }).collect()
}

// Honest.

struct OneCellEach(Vec<OnceLock<u64>>);

/// One for each of as many tasks as there ever are.
impl Default for OneCellEach {
    fn default() -> OneCellEach {
        OneCellEach((0..40).map(|_| OnceLock::new()).collect())
    }
}

impl Cache for OneCellEach {
    fn get(&self, task: &Task) -> u64 {
        *self.0[task.number()].get_or_init(|| task.compute())
    }
}

#[derive(Default)]
struct LockEach(Mutex<HashMap<usize, Arc<Mutex<Option<u64>>>>>);

impl Cache for LockEach {
    fn get(&self, task: &Task) -> u64 {
        let find = Arc::clone(self.0.lock().expect("a map").entry(task.number()).or_default());
        *find.lock().expect("a find").get_or_insert_with(|| task.compute())
    }
}

#[derive(Default)]
struct Condition(Mutex<(HashSet<usize>, HashMap<usize, u64>)>, Condvar);

impl Cache for Condition {
    fn get(&self, task: &Task) -> u64 {
        let mut state = self.0.lock().expect("a map");
        if state.0.insert(task.number()) {
            drop(state);
            let found = task.compute();
            self.0.lock().expect("a map").1.insert(task.number(), found);
            self.1.notify_all();
            return found;
        }
        loop {
            if let Some(found) = state.1.get(&task.number()) {
                return *found;
            }
            state = self.1.wait(state).expect("a map");
        }
    }
}

/// A thread that knows everything, and has others compute.
fn messages(work: &Work) -> Vec<u64> {
    enum News {
        Wanted(Task, Sender<u64>),
        Found(usize, u64),
    }
    let (sender, news) = channel::<News>();
    let to_cache = sender.clone();
    thread::spawn(move || {
        let mut found: HashMap<usize, u64> = HashMap::new();
        let mut waiting: HashMap<usize, Vec<Sender<u64>>> = HashMap::new();
        for message in news {
            match message {
                News::Wanted(task, to) => match found.get(&task.number()) {
                    Some(&it) => to.send(it).expect("a client"),
                    None => {
                        let others = waiting.entry(task.number()).or_default();
                        others.push(to);
                        let to_cache = to_cache.clone();
                        if others.len() == 1 {
                            thread::spawn(move || {
                                to_cache.send(News::Found(task.number(), task.compute()))
                            });
                        }
                    }
                },
                News::Found(task, it) => {
                    found.insert(task, it);
                    let all = waiting.remove(&task).unwrap_or_default();
                    all.into_iter().for_each(|to| to.send(it).expect("a client"));
                }
            }
        }
    });
    let get = move |task: &Task| {
        let (to, found) = channel();
        sender.send(News::Wanted(task.clone(), to)).expect("a cache");
        found.recv().expect("a find")
    };
    clients(work, &get, &get)
}

// Wrong: computed twice.

/// Looks, lets go, computes, and puts it there: whoever looks meanwhile sees nothing.
#[derive(Default)]
struct ChecksAndComputes(HashMapLock);

impl Cache for ChecksAndComputes {
    fn get(&self, task: &Task) -> u64 {
        let there = self.0.lock().expect("a map").get(&task.number()).copied();
        there.unwrap_or_else(|| {
            let found = task.compute();
            self.0.lock().expect("a map").insert(task.number(), found);
            found
        })
    }
}

/// Looks once more before it puts the find there; by then it was computed.
#[derive(Default)]
struct ChecksTwice(HashMapLock);

impl Cache for ChecksTwice {
    fn get(&self, task: &Task) -> u64 {
        if let Some(found) = self.0.lock().expect("a map").get(&task.number()).copied() {
            return found;
        }
        let found = task.compute();
        *self.0.lock().expect("a map").entry(task.number()).or_insert(found)
    }
}

/// Many may read at once, and that they do.
#[derive(Default)]
struct ReadLock(RwLock<HashMap<usize, u64>>);

impl Cache for ReadLock {
    fn get(&self, task: &Task) -> u64 {
        if let Some(found) = self.0.read().expect("a map").get(&task.number()).copied() {
            return found;
        }
        let found = task.compute();
        self.0.write().expect("a map").insert(task.number(), found);
        found
    }
}

struct NoCache;

impl Cache for NoCache {
    fn get(&self, task: &Task) -> u64 {
        task.compute()
    }
}

fn cache_each(work: &Work) -> Vec<u64> {
    let (one, other) = (OneCellEach::default(), OneCellEach::default());
    clients(work, &|task| one.get(task), &|task| other.get(task))
}

// Wrong: others wait.

#[derive(Default)]
struct WriteLock(RwLock<HashMap<usize, u64>>);

impl Cache for WriteLock {
    fn get(&self, task: &Task) -> u64 {
        if let Some(found) = self.0.read().expect("a map").get(&task.number()).copied() {
            return found;
        }
        let mut finds = self.0.write().expect("a map");
        *finds.entry(task.number()).or_insert_with(|| task.compute())
    }
}

/// A lock for each find; and that of the map is held until it was taken.
#[derive(Default)]
struct LockEachWithin(Mutex<[Mutex<Option<u64>>; 6]>);

impl Cache for LockEachWithin {
    fn get(&self, task: &Task) -> u64 {
        let finds = self.0.lock().expect("a map");
        *finds[task.number()].lock().expect("a find").get_or_insert_with(|| task.compute())
    }
}

/// Fewer wait for each other. Those who do wait as long.
#[derive(Default)]
struct TwoShards([HashMapLock; 2]);

impl Cache for TwoShards {
    fn get(&self, task: &Task) -> u64 {
        let mut finds = self.0[task.number() % 2].lock().expect("a map");
        *finds.entry(task.number()).or_insert_with(|| task.compute())
    }
}

/// The same, with so many that six tasks do not meet.
#[derive(Default)]
struct SixteenShards([HashMapLock; 16]);

impl Cache for SixteenShards {
    fn get(&self, task: &Task) -> u64 {
        let mut finds = self.0[task.number() % 16].lock().expect("a map");
        *finds.entry(task.number()).or_insert_with(|| task.compute())
    }
}

/// Places enough for six tasks; the ninth has that of the first.
#[derive(Default)]
struct EightPlaces([OnceLock<u64>; 8]);

impl Cache for EightPlaces {
    fn get(&self, task: &Task) -> u64 {
        *self.0[task.number() % 8].get_or_init(|| task.compute())
    }
}

fn all_at_first(work: &Work) -> Vec<u64> {
    let cache = OneCellEach::default();
    work.tasks().iter().for_each(|task| {
        cache.get(task);
    });
    agreed(work, &cache)
}

fn one_client(work: &Work) -> Vec<u64> {
    let cache = OneCellEach::default();
    work.tasks().iter().map(|task| cache.get(task)).collect()
}

// Wrong: who waits is not served, or not well.

/// The guard lives as long as the `match` that looks at what it guards.
#[derive(Default)]
struct MatchOnTheLock(HashMapLock);

impl Cache for MatchOnTheLock {
    fn get(&self, task: &Task) -> u64 {
        match self.0.lock().expect("a map").get(&task.number()) {
            Some(found) => *found,
            None => {
                let found = task.compute();
                self.0.lock().expect("a map").insert(task.number(), found);
                found
            }
        }
    }
}

/// Puts a nought there, so that nobody else computes it.
#[derive(Default)]
struct Placeholder(HashMapLock);

impl Cache for Placeholder {
    fn get(&self, task: &Task) -> u64 {
        let there = self.0.lock().expect("a map").insert(task.number(), 0);
        if let Some(found) = there {
            self.0.lock().expect("a map").insert(task.number(), found);
            return found;
        }
        let found = task.compute();
        self.0.lock().expect("a map").insert(task.number(), found);
        found
    }
}

/// Puts a nought there, and looks again and again whether it has become something.
struct Waiting(HashMapLock, fn());

impl Cache for Waiting {
    fn get(&self, task: &Task) -> u64 {
        let number = task.number();
        let mut finds = self.0.lock().expect("a map");
        if let Entry::Vacant(place) = finds.entry(number) {
            place.insert(0);
            drop(finds);
            let found = task.compute();
            self.0.lock().expect("a map").insert(number, found);
            return found;
        }
        while finds[&number] == 0 {
            drop(finds);
            (self.1)();
            finds = self.0.lock().expect("a map");
        }
        finds[&number]
    }
}

/// Waits until it is told that a find is there, and nobody tells.
#[derive(Default)]
struct NeverTold(Mutex<(HashSet<usize>, HashMap<usize, u64>)>, Condvar);

impl Cache for NeverTold {
    fn get(&self, task: &Task) -> u64 {
        let mut state = self.0.lock().expect("a map");
        if state.0.insert(task.number()) {
            drop(state);
            let found = task.compute();
            self.0.lock().expect("a map").1.insert(task.number(), found);
            return found;
        }
        let is_missing = |state: &mut (HashSet<usize>, HashMap<usize, u64>)| {
            !state.1.contains_key(&task.number())
        };
        self.1.wait_while(state, is_missing).expect("a map").1[&task.number()]
    }
}
