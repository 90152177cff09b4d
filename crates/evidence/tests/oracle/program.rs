//! Random programs of every shape that lessons and students come up with.

use fastrand::Rng;

use crate::machine::Step;

/// The threads of a program, each given by its steps.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// What each thread does.
    pub(crate) threads: Vec<Vec<Step>>,
    /// What stands in each counter at first.
    pub(crate) counters: Vec<usize>,
    /// How many tasks it has.
    pub(crate) tasks: usize,
}

/// The counter that is a lock: it holds one at first.
const LOCK: usize = 0;

/// Makes up a program.
pub(crate) fn program(rng: &mut Rng) -> Program {
    let tasks = rng.usize(1..=4);
    let mut program = Program { threads: Vec::new(), counters: vec![1], tasks };
    let size = Size::random(rng);
    match rng.u8(0..6) {
        0 => program.threads.push(in_turn(rng, &size, tasks)),
        1 => program.threads.push(event_loop(rng, &size, tasks)),
        2 => with_workers(rng, &size, &mut program, false),
        3 => with_workers(rng, &size, &mut program, true),
        4 => thread_per_task(rng, &size, &mut program),
        _ => soup(rng, &size, &mut program),
    }
    program
}

/// How long things take in a program.
struct Size {
    steps: usize,
    wait: u64,
    compute: u64,
    /// How much is executed between two ticks.
    piece: u64,
    /// Whether a lock is held around a part, or taken within it.
    lock: Lock,
    /// How much is executed besides what is recorded.
    unrecorded: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Around,
    Within,
}

impl Size {
    fn random(rng: &mut Rng) -> Size {
        Size {
            steps: rng.usize(1..=3),
            wait: scale(rng, 3_000_000),
            compute: scale(rng, 4_000_000),
            piece: rng.u64(20_000..150_000),
            lock: match rng.u8(0..8) {
                0 => Lock::Around,
                1 => Lock::Within,
                _ => Lock::None,
            },
            unrecorded: if rng.u8(0..8) == 0 { scale(rng, 30_000_000) } else { 1_000 },
        }
    }
}

/// A random time of a random order of magnitude.
fn scale(rng: &mut Rng, most: u64) -> u64 {
    most >> rng.u32(0..8)
}

fn about(rng: &mut Rng, time: u64) -> u64 {
    rng.u64(time / 2..=time + 1)
}

/// One part of a task, with ticks.
fn part(rng: &mut Rng, size: &Size, task: u32, steps: &mut Vec<Step>) {
    let compute = about(rng, size.compute);
    steps.extend((size.lock == Lock::Around).then_some(Step::Take(LOCK)));
    steps.push(Step::StartPart(task));
    steps.extend((size.lock == Lock::Within).then_some(Step::Take(LOCK)));
    for _ in 0..compute / size.piece {
        steps.extend([Step::Execute(size.piece), Step::Tick]);
    }
    steps.push(Step::Execute(compute % size.piece + 1));
    steps.extend((size.lock == Lock::Within).then_some(Step::Give(LOCK)));
    steps.push(Step::EndPart);
    steps.extend((size.lock == Lock::Around).then_some(Step::Give(LOCK)));
}

fn line_and_wait(rng: &mut Rng, size: &Size, task: u32, steps: &mut Vec<Step>) {
    steps.extend([Step::Line(task), Step::Wait(about(rng, size.wait)), Step::Execute(500)]);
}

fn numbers(tasks: usize) -> impl Iterator<Item = u32> {
    1..=u32::try_from(tasks).expect("a few tasks")
}

/// One thread does one task after the other.
fn in_turn(rng: &mut Rng, size: &Size, tasks: usize) -> Vec<Step> {
    let mut steps = vec![Step::Execute(size.unrecorded)];
    for task in numbers(tasks) {
        steps.push(Step::StartTask(task));
        for _ in 0..size.steps {
            line_and_wait(rng, size, task, &mut steps);
            part(rng, size, task, &mut steps);
        }
        steps.extend([Step::EndTask(task), Step::Execute(100)]);
    }
    steps
}

/// One thread goes from task to task.
fn event_loop(rng: &mut Rng, size: &Size, tasks: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = numbers(tasks).map(Step::StartTask).collect();
    for _ in 0..size.steps {
        for task in numbers(tasks) {
            line_and_wait(rng, size, task, &mut steps);
            part(rng, size, task, &mut steps);
        }
    }
    steps.extend(numbers(tasks).map(Step::EndTask));
    steps
}

/// Tasks hand their parts to workers, through a channel.
fn with_workers(rng: &mut Rng, size: &Size, program: &mut Program, task_threads: bool) {
    let (workers, parts) = (rng.usize(1..=4), rng.usize(1..=4));
    let hand_out = program.counters.len();
    program.counters.extend([0, 0]);
    let mut threads: Vec<Vec<Step>> = Vec::new();
    for task in numbers(program.tasks) {
        if threads.is_empty() || task_threads {
            threads.push(vec![Step::Execute(size.unrecorded)]);
        }
        let steps = threads.last_mut().expect("there is one now");
        steps.push(Step::StartTask(task));
        for _ in 0..size.steps {
            line_and_wait(rng, size, task, steps);
            steps.extend((0..parts).map(|_| Step::Give(hand_out)));
            // Somebody's results: the counter does not tell whose.
            steps.extend((0..parts).map(|_| Step::Take(hand_out + 1)));
        }
        steps.push(Step::EndTask(task));
    }
    let all = program.tasks * size.steps * parts;
    for worker in 0..workers {
        let mut steps = Vec::new();
        for number in (worker..all).step_by(workers) {
            let task = number / (size.steps * parts) + 1;
            steps.push(Step::Take(hand_out));
            part(rng, size, u32::try_from(task).expect("a few tasks"), &mut steps);
            steps.push(Step::Give(hand_out + 1));
        }
        threads.push(steps);
    }
    program.threads = threads;
}

/// Every task has a thread of its own.
fn thread_per_task(rng: &mut Rng, size: &Size, program: &mut Program) {
    for task in numbers(program.tasks) {
        let mut steps = vec![Step::Execute(size.unrecorded), Step::StartTask(task)];
        for _ in 0..size.steps {
            line_and_wait(rng, size, task, &mut steps);
            part(rng, size, task, &mut steps);
        }
        steps.push(Step::EndTask(task));
        program.threads.push(steps);
    }
}

/// No sense at all: parts within parts, tasks that never end, parts of tasks that have ended.
fn soup(rng: &mut Rng, size: &Size, program: &mut Program) {
    let threads = rng.usize(1..=6);
    program.threads = vec![Vec::new(); threads];
    for task in numbers(program.tasks) {
        let thread = rng.usize(..threads);
        program.threads[thread].push(Step::StartTask(task));
    }
    for thread in &mut program.threads {
        for _ in 0..rng.usize(0..5) {
            let task = rng.u32(1..=u32::try_from(program.tasks).expect("a few tasks"));
            match rng.u8(0..5) {
                0 => line_and_wait(rng, size, task, thread),
                1 => thread.push(Step::Execute(about(rng, size.unrecorded))),
                2 if size.lock == Lock::None => {
                    thread.push(Step::StartPart(task));
                    part(rng, size, task, thread);
                    thread.extend([Step::Execute(about(rng, size.piece)), Step::EndPart]);
                }
                _ => part(rng, size, task, thread),
            }
        }
    }
    for task in numbers(program.tasks) {
        let start = |thread: &Vec<Step>| {
            thread.iter().any(|step| matches!(step, Step::StartTask(other) if *other == task))
        };
        if rng.u8(0..4) > 0 {
            let thread = program.threads.iter_mut().find(|thread| start(thread));
            thread.expect("somebody starts it").push(Step::EndTask(task));
        }
    }
}
