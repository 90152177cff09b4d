//! The threads and processes of the tree, kept within bounds.

use std::collections::HashMap;

use crate::record::{Process, Thread};

/// So many names of a thread are kept.
const NAMES: usize = 8;
/// What a place is called that stands for all threads, or processes, for which there was no room.
const OTHERS: &str = "(others)";

/// All threads and processes, living and dead.
pub(crate) struct Tree {
    limit: usize,
    pub(crate) threads: Vec<Thread>,
    pub(crate) processes: Vec<Process>,
    /// The place of each living process, and how many of its threads live.
    living: HashMap<u32, (usize, u64)>,
    /// The place of the other threads, and of the other processes.
    other_threads: Option<usize>,
    other_processes: Option<usize>,
}

/// A thread to be born.
pub(crate) struct Birth {
    pub(crate) pid: u32,
    pub(crate) tid: u32,
    /// Who begot it: a place.
    pub(crate) parent: Option<usize>,
    pub(crate) name: String,
    pub(crate) time: u64,
}

impl Tree {
    /// For so many threads, and so many processes.
    pub(crate) fn new(limit: usize) -> Tree {
        Tree {
            limit,
            threads: Vec::new(),
            processes: Vec::new(),
            living: HashMap::new(),
            other_threads: None,
            other_processes: None,
        }
    }

    /// A thread is born: its place.
    pub(crate) fn birth(&mut self, birth: Birth) -> usize {
        let process = self.process_of(&birth);
        self.processes[process].threads += 1;
        if self.threads.len() >= self.limit {
            return self.another_thread(&birth, process);
        }
        self.threads.push(Thread {
            tid: birth.tid,
            process,
            parent: birth.parent,
            names: vec![(birth.time, birth.name)],
            born: birth.time,
            stands_for: 1,
            ..Thread::default()
        });
        self.threads.len() - 1
    }

    fn another_thread(&mut self, birth: &Birth, process: usize) -> usize {
        let threads = &mut self.threads;
        let place = *self.other_threads.get_or_insert_with(|| {
            let names = vec![(birth.time, OTHERS.to_owned())];
            threads.push(Thread { process, names, born: birth.time, ..Thread::default() });
            threads.len() - 1
        });
        threads[place].stands_for += 1;
        threads[place].ended = None;
        place
    }

    /// The place of the process in which a thread is born; it may be born with it.
    fn process_of(&mut self, birth: &Birth) -> usize {
        if let Some((place, threads)) = self.living.get_mut(&birth.pid) {
            *threads += 1;
            return *place;
        }
        let parent = birth.parent.map(|parent| self.threads[parent].process);
        let place = if self.processes.len() < self.limit {
            self.processes.push(Process {
                pid: birth.pid,
                parent,
                name: birth.name.clone(),
                born: birth.time,
                stands_for: 1,
                ..Process::default()
            });
            self.processes.len() - 1
        } else {
            self.another_process(birth)
        };
        self.living.insert(birth.pid, (place, 1));
        place
    }

    fn another_process(&mut self, birth: &Birth) -> usize {
        let processes = &mut self.processes;
        let place = *self.other_processes.get_or_insert_with(|| {
            let name = OTHERS.to_owned();
            processes.push(Process { name, born: birth.time, ..Process::default() });
            processes.len() - 1
        });
        processes[place].stands_for += 1;
        processes[place].ended = None;
        place
    }

    /// A thread was executing for so long, until now.
    pub(crate) fn executed(&mut self, pid: u32, thread: usize, executed: u64, now: u64) {
        let thread = &mut self.threads[thread];
        thread.executed += executed;
        thread.last = Some(now);
        let process = self.living.get(&pid).map_or(thread.process, |&(place, _)| place);
        self.processes[process].executed += executed;
    }

    /// A thread of a process ends, and with the last one the process.
    pub(crate) fn death(&mut self, pid: u32, thread: usize, time: u64) {
        self.threads[thread].ended = Some(time);
        let Some((place, threads)) = self.living.get_mut(&pid) else { return };
        *threads -= 1;
        if *threads == 0 {
            self.processes[*place].ended = Some(time);
            self.living.remove(&pid);
        }
    }

    /// A thread gets another name, perhaps because its process began another program.
    pub(crate) fn name(&mut self, thread: usize, name: &str, exec: bool, time: u64) {
        if Some(thread) == self.other_threads {
            return;
        }
        let names = &mut self.threads[thread].names;
        if names.last().is_none_or(|(_, last)| last != name) {
            names.truncate(NAMES - 1);
            names.push((time, name.to_owned()));
        }
        let process = self.threads[thread].process;
        if exec && Some(process) != self.other_processes {
            self.processes[process].execs += 1;
            name.clone_into(&mut self.processes[process].name);
        }
    }
}
