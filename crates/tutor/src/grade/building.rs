//! What was handed in is built: several texts side by side, before any of them is run.
//!
//! Compilers keep all cores busy, and would be in the way of whoever is measured. So a few students' texts are
//! built together, as many at once as there are cores and memory for; then these students' programs run, one
//! after the other, while nothing is built; then come the next few. What came of a student is written down
//! before the next few are built, and a compiler that never ends keeps others waiting for its limit at most.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

use anyhow::Result;
use command::show::spinner;
use judge::Exercise;
use supervise::{Interrupted, interrupted};

use super::submission::{Refused, Student};
use crate::compiler::{Compiler, MEMORY};
use crate::desk::Desk;
use crate::twin::Twin;

/// How many texts are built together for each compiler that runs at once: so many that the last ones of them
/// leave no core idle for long, and so few that the first results are soon there.
const TEXTS: usize = 4;

/// What came of building a text.
#[derive(Debug)]
pub(super) enum Building {
    /// It is a program, which stands on this desk.
    Built(Desk, PathBuf),
    /// It cannot be had, or must not be compiled.
    Refused(Refused),
    /// The compiler found errors in it.
    Broken(String),
    /// It could not be built, and that is not its fault.
    Failed(String),
}

/// What texts are built with.
pub(super) struct Workshop {
    twin: Twin,
    /// A compiler for each exercise.
    compilers: Vec<Compiler>,
}

impl Workshop {
    /// A workshop for these exercises, of each of which our own text is here.
    ///
    /// # Errors
    ///
    /// If one of our own texts does not compile: what does not compile from then on is the student's.
    pub(super) fn open(twin: Twin, exercises: &[(&Exercise, String)]) -> Result<Workshop> {
        let compilers = exercises.iter().map(|(exercise, text)| twin.compiler(exercise, text));
        let compilers = compilers.collect::<Result<Vec<_>>>()?;
        Ok(Workshop { twin, compilers })
    }

    /// Why compilers that are confined do not compile our own text of the first exercise, if they do not: what they
    /// need stands where they must not read.
    pub(super) fn lacks(&self, text: &str) -> Result<Option<String>> {
        let Some(compiler) = self.compilers.first() else { return Ok(None) };
        Ok(match self.built(text, compiler, 0) {
            Ok(Building::Built(..)) => None,
            Ok(Building::Broken(why) | Building::Failed(why)) => Some(why),
            Ok(Building::Refused(_)) => None,
            Err(error) if interrupted() => return Err(error),
            Err(error) => Some(format!("{error:#}")),
        })
    }

    /// The same with compilers that are not confined.
    pub(super) fn unconfined(mut self) -> Workshop {
        self.compilers = self.compilers.into_iter().map(Compiler::unconfined).collect();
        self
    }

    /// How many students' texts are built together.
    pub(super) fn students(&self) -> usize {
        (at_once() * TEXTS).div_ceil(self.compilers.len().max(1))
    }

    /// Builds these exercises of all these students: a row of what came of it for each student.
    pub(super) fn build(
        &self,
        exercises: &[Exercise],
        students: &[Student],
    ) -> Result<Vec<Vec<Building>>> {
        let progress = spinner("Building");
        let texts: Vec<(&Student, usize)> = students
            .iter()
            .flat_map(|student| (0..exercises.len()).map(move |exercise| (student, exercise)))
            .collect();
        let mut buildings = side_by_side(&texts, at_once(), |number, &(student, exercise)| {
            self.building(student, &exercises[exercise], &self.compilers[exercise], number)
        })
        .into_iter();
        progress.finish_and_clear();
        if interrupted() {
            return Err(Interrupted.into());
        }
        let mut row = |_| buildings.by_ref().take(exercises.len()).collect();
        Ok(students.iter().map(&mut row).collect())
    }

    fn building(
        &self,
        student: &Student,
        exercise: &Exercise,
        compiler: &Compiler,
        number: usize,
    ) -> Building {
        match student.text(&exercise.file()) {
            _ if interrupted() => Building::Failed(Interrupted.to_string()),
            Err(refused) => Building::Refused(refused),
            Ok(text) => self
                .built(&text, compiler, number)
                .unwrap_or_else(|error| Building::Failed(format!("{error:#}"))),
        }
    }

    fn built(&self, text: &str, compiler: &Compiler, number: usize) -> Result<Building> {
        // On the first line, so that the compiler's lines stay the student's.
        let text = format!("#![forbid(unsafe_code)] {text}");
        let desk = self.twin.desk(number)?;
        let built = compiler.compile(&text, &desk)?;
        Ok(match built.program {
            Some(program) => Building::Built(desk, program),
            None => Building::Broken(built.said),
        })
    }
}

/// What this does of all these, in their order: so many at once.
fn side_by_side<T: Sync, R: Send>(
    all: &[T],
    at_once: usize,
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let left = Mutex::new(all.iter().enumerate());
    let next = || left.lock().expect("nobody panics with it").next();
    let worker = || {
        let mut done = Vec::new();
        while let Some((number, one)) = next() {
            done.push((number, work(number, one)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|it| it.join().expect("a worker that does not panic"))
            .collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How many compilers run at once: one a core, and no more than could have all memory that they may have.
fn at_once() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let fit = free_memory().map_or(cores, |free| usize::try_from(free / MEMORY).unwrap_or(cores));
    fit.clamp(1, cores)
}

/// How much memory there is for whoever asks, in bytes, where the system tells.
fn free_memory() -> Option<u64> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let free = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(free.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn what_is_done_side_by_side_stands_in_its_order() {
        let all: Vec<usize> = (0..100).collect();
        for at_once in [1, 3, 200] {
            let done = side_by_side(&all, at_once, |number, one| (number, one * 2));
            assert_eq!(done, all.iter().map(|one| (*one, one * 2)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn as_many_work_at_once_as_may() {
        // Whoever is alone waits here for ever.
        let met = Barrier::new(3);
        side_by_side(&[(); 6], 3, |_, ()| met.wait());
    }
}
