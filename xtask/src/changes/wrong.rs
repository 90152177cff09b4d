//! Changes that make a lesson something else than it promises to be: what people who learn write.
//!
//! `cargo xtask changes --wrong` makes them, a sheet at a time, and sees that none of the lessons passes
//! any longer, whatever else the machine does. A judge is worth what it rejects.

/// A change that breaks a promise.
pub(super) struct Wrong {
    /// The lesson.
    pub(super) lesson: &'static str,
    /// What is wrong with the changed lesson, in a few words.
    pub(super) what: &'static str,
    /// The code to change, which stands in the lesson exactly once.
    pub(super) old: &'static str,
    /// What it is changed to.
    pub(super) new: &'static str,
}

const fn wrong(
    lesson: &'static str,
    what: &'static str,
    old: &'static str,
    new: &'static str,
) -> Wrong {
    Wrong { lesson, what, old, new }
}

/// All of them, in sheets in which each lesson stands once at most, so that a sheet is built as one.
pub(super) const SHEETS: &[&[Wrong]] = &[
    &[
        wrong(
            "neither/std",
            "all tasks at once",
            "work::TASKS.into_iter().for_each(task);",
            "thread::scope(|scope| work::TASKS.map(|name| scope.spawn(move || task(name)).thread().id()));",
        ),
        wrong(
            "neither/tokio",
            "a sleep that is not awaited",
            "sleep(work::wait()).await;",
            "let _ = sleep(work::wait());",
        ),
        wrong(
            "neither/async-std",
            "a known number, and no compute",
            "primes += task.compute(step);",
            "primes = work::PRIMES;",
        ),
        wrong(
            "neither/smol",
            "spawned before the first is awaited",
            "work::TASKS.into_iter().map(|name| executor.spawn(task(name)))",
            "work::TASKS.map(|name| executor.spawn(task(name)))",
        ),
        wrong("neither/rayon", "a second thread", ".num_threads(1)", ".num_threads(2)"),
        wrong(
            "neither/crossbeam-channel",
            "a timer that nobody waits for",
            "after(work::wait()).recv().expect(\"a timer's message\");",
            "let _ = after(work::wait());",
        ),
        wrong(
            "concurrent-only/std",
            "only the first task is polled",
            "tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());",
            "if tasks[0].as_mut().poll(&mut context).is_ready() { drop(tasks.remove(0)); }",
        ),
        wrong(
            "concurrent-only/tokio",
            "a sleep that keeps the thread",
            "sleep(work::wait()).await;",
            "let _ = sleep; std::thread::sleep(work::wait());",
        ),
        wrong(
            "concurrent-only/async-std",
            "one await after the other",
            "block_on(zip(a, zip(b, c)));",
            "let _ = zip::<std::future::Ready<()>, std::future::Ready<()>>; block_on(async { a.await; b.await; c.await; });",
        ),
        wrong(
            "concurrent-only/smol",
            "a lazy iterator that spawns",
            "work::TASKS.map(|name| executor.spawn(task(name)))",
            "work::TASKS.into_iter().map(|name| executor.spawn(task(name)))",
        ),
        wrong(
            "concurrent-only/crossbeam-channel",
            "a wait cut short",
            "after(work::wait())",
            "after(work::wait() / 4)",
        ),
        wrong(
            "concurrent-only/article",
            "one await after the other",
            "tokio::join!(task(\"A\"), task(\"B\"), task(\"C\"))",
            "(task(\"A\").await, task(\"B\").await, task(\"C\").await)",
        ),
        wrong(
            "parallel-only/std",
            "a lazy iterator that spawns",
            "        let parts: Vec<_> = parts.collect();\n",
            "",
        ),
        wrong("parallel-only/tokio", "one worker", "(work::PARTS)", "(1)"),
        wrong(
            "parallel-only/async-std",
            "a lazy iterator that spawns",
            "let parts: Vec<_> = parts.map(|part| spawn_blocking(move || task.compute_part(part))).collect();",
            "let parts = parts.map(|part| spawn_blocking(move || task.compute_part(part)));",
        ),
        wrong(
            "parallel-only/smol",
            "a lazy iterator that spawns",
            "let parts: Vec<_> = parts.map(|part| unblock(move || task.compute_part(part))).collect();",
            "let parts = parts.map(|part| unblock(move || task.compute_part(part)));",
        ),
        wrong("parallel-only/rayon", "not in parallel", ".into_par_iter()", ".into_iter()"),
        wrong(
            "parallel-only/crossbeam-channel",
            "one worker",
            "const WORKERS: usize = work::PARTS;",
            "const WORKERS: usize = 1;",
        ),
        wrong(
            "parallel-only/article-sleeping",
            "it spins in place of sleeping",
            "sleep(SIMULATED_WORK * work::slowdown());",
            "let _ = sleep; let began = std::time::Instant::now(); while began.elapsed() < SIMULATED_WORK {}",
        ),
        wrong(
            "parallel-only/article-computing",
            "one thread",
            ".num_threads(4)",
            ".num_threads(1)",
        ),
        wrong(
            "both/std",
            "a join after each spawn",
            "scope.spawn(move || task(name));",
            "scope.spawn(move || task(name)).join().expect(\"a finished task\");",
        ),
        wrong(
            "both/tokio",
            "compute on the only worker",
            "primes += compute(task, step).await;",
            "primes += task.compute(step);",
        ),
        wrong(
            "both/async-std",
            "never spawned",
            "work::TASKS.map(|name| spawn(task(name)))",
            "work::TASKS.map(task)",
        ),
        wrong(
            "both/smol",
            "a lazy iterator that spawns",
            "work::TASKS.map(|name| spawn(task(name)))",
            "work::TASKS.into_iter().map(|name| spawn(task(name)))",
        ),
        wrong("both/rayon", "no wait", "thread::sleep(work::wait());", ""),
        wrong(
            "both/crossbeam-channel",
            "a join after each spawn",
            "scope.spawn(move || task(name, &jobs));",
            "scope.spawn(move || task(name, &jobs)).join().expect(\"a finished task\");",
        ),
    ],
    &[
        wrong("neither/std", "no wait", "thread::sleep(work::wait());", "let _ = thread::sleep;"),
        wrong(
            "neither/tokio",
            "joined",
            "(task(\"A\").await, task(\"B\").await, task(\"C\").await)",
            "tokio::join!(task(\"A\"), task(\"B\"), task(\"C\"))",
        ),
        wrong(
            "neither/async-std",
            "spawned before the first is awaited",
            "work::TASKS.map(task)",
            "work::TASKS.map(|name| async_std::task::spawn(task(name)))",
        ),
        wrong(
            "neither/smol",
            "compute elsewhere, beside nothing, and one step of it left out",
            "primes += task.compute(step);",
            "if step != 2 { primes += task.compute(step) } else { primes = work::PRIMES - task.compute(3) }",
        ),
        wrong(
            "neither/crossbeam-channel",
            "a second worker",
            "const WORKERS: usize = 1;",
            "const WORKERS: usize = 2;",
        ),
        wrong(
            "concurrent-only/std",
            "a wait that is never pending",
            "Instant::now() < end",
            "false",
        ),
        wrong(
            "concurrent-only/tokio",
            "spawned, and awaited one after the other",
            "tokio::join!(task(\"A\"), task(\"B\"), task(\"C\"))",
            "for name in work::TASKS { tokio::spawn(task(name)).await.expect(\"a finished task\"); }",
        ),
        wrong(
            "concurrent-only/async-std",
            "compute on other threads",
            "primes += task.compute(step);",
            "primes += async_std::task::spawn_blocking(move || task.compute(step)).await;",
        ),
        wrong(
            "concurrent-only/smol",
            "a sleep that keeps the thread",
            "Timer::after(work::wait()).await;",
            "let _ = Timer::never; std::thread::sleep(work::wait());",
        ),
        wrong(
            "concurrent-only/crossbeam-channel",
            "a known number, and no compute",
            "self.primes += self.task.compute(self.step);",
            "self.primes = work::PRIMES;",
        ),
        wrong(
            "parallel-only/std",
            "all tasks at once",
            "work::TASKS.into_iter().for_each(task);",
            "thread::scope(|scope| work::TASKS.map(|name| scope.spawn(move || task(name)).thread().id()));",
        ),
        wrong(
            "parallel-only/tokio",
            "a lock around the compute",
            "spawn_blocking(move || task.compute_part(part))",
            "spawn_blocking(move || { static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(()); \
             let _turn = TURN.lock(); task.compute_part(part) })",
        ),
        wrong(
            "parallel-only/async-std",
            "compute in one piece",
            "primes += compute(task, step).await;",
            "let _ = compute; primes += task.compute(step);",
        ),
        wrong(
            "parallel-only/smol",
            "a timer that nobody waits for",
            "Timer::after(work::wait()).await;",
            "let _ = Timer::after(work::wait());",
        ),
        wrong(
            "parallel-only/rayon",
            "a lock around the compute",
            "parts.map(|part| task.compute_part(part))",
            "parts.map(|part| { static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(()); \
             let _turn = TURN.lock(); task.compute_part(part) })",
        ),
        wrong(
            "parallel-only/crossbeam-channel",
            "each part is waited for before the next is sent",
            "            parts.send((task, part)).expect(\"the receiver is in scope\");\n        }\n        \
             primes += numbers.iter().take(work::PARTS).sum::<usize>();\n",
            "            parts.send((task, part)).expect(\"the receiver is in scope\");\n            \
             primes += numbers.recv().expect(\"a number\");\n        }\n",
        ),
        wrong(
            "parallel-only/article-computing",
            "a known number, and no compute",
            "work::STEPS.map(|step| task.compute(step)).sum()",
            "work::PRIMES",
        ),
        wrong(
            "both/std",
            "a lock around the compute",
            "scope.spawn(move || task.compute_part(part))",
            "scope.spawn(move || { static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(()); \
             let _turn = TURN.lock(); task.compute_part(part) })",
        ),
        wrong(
            "both/tokio",
            "a missing task",
            "work::TASKS.map(|name| tokio::spawn(task(name)))",
            "[\"A\", \"B\"].map(|name| tokio::spawn(task(name)))",
        ),
        wrong(
            "both/async-std",
            "a sleep that is not awaited",
            "sleep(work::wait()).await;",
            "drop(sleep(work::wait()));",
        ),
        wrong(
            "both/smol",
            "compute where the tasks wait",
            "unblock(move || task.compute_part(part))",
            "{ let _ = unblock::<(), fn()>; async move { task.compute_part(part) } }",
        ),
        wrong(
            "both/rayon",
            "a join after each spawn",
            "scope.spawn(move || task(name));",
            "scope.spawn(move || task(name)).join().expect(\"a finished task\");",
        ),
        wrong(
            "both/crossbeam-channel",
            "one worker",
            "const WORKERS: usize = work::PARTS;",
            "const WORKERS: usize = 1;",
        ),
    ],
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_lesson_stands_on_a_sheet_once_at_most() {
        for sheet in SHEETS {
            let lessons: HashSet<_> = sheet.iter().map(|wrong| wrong.lesson).collect();
            assert_eq!(lessons.len(), sheet.len());
        }
    }
}
