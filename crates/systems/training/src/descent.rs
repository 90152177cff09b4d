//! Learning: a batch of pictures at a time, in whose errors' direction each weight goes back a little.
//!
//! A batch is shared out; whoever has a share adds up the errors on its pictures. Then the shares' errors
//! are added up, and the weights changed: that is what nobody can share (here), and what all wait for.
//!
//! **Why it is the same with any number of workers, bit by bit.** A batch has the same shares, however many
//! workers there are. Each share is added up in the order of its pictures, by whoever has it, and the shares
//! are added up in *their* order, whoever was done first.

use std::time::{Duration, Instant};

use lab::task::Task;
use rayon::prelude::*;

use crate::digits::Digit;
use crate::network::{WEIGHTS, Weights, add_errors};

/// Who adds up the errors on a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crew {
    /// The calling thread.
    Alone,
    /// So many workers.
    Workers(usize),
}

/// Into which shares a batch is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shares {
    /// Eight, however many workers there are.
    Eight,
    /// One a worker. **This one fails**: with another number of workers other sums are rounded, and another
    /// network comes of it.
    OneAWorker,
}

/// How a network learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Who does it.
    pub crew: Crew,
    /// In which shares.
    pub shares: Shares,
    /// How many pictures a batch has.
    pub batch: usize,
}

/// How far weights go against their errors' direction on a picture, however many pictures a batch has.
pub const RATE: f32 = 0.0008;

/// How much of the last change is made again.
const MOMENTUM: f32 = 0.9;

/// A network that learns.
#[derive(Clone, Debug)]
pub struct Learner {
    /// Its weights.
    pub weights: Weights,
    /// The last change.
    change: Weights,
    /// The errors on each share of a batch.
    shares: Vec<Weights>,
    /// How long shares were added up and weights changed, all told.
    pub adding: Duration,
}

impl Course {
    /// How many workers there are.
    fn workers(self) -> usize {
        match self.crew {
            Crew::Alone => 1,
            Crew::Workers(workers) => workers,
        }
    }

    /// How many pictures a share has.
    fn share(self) -> usize {
        match self.shares {
            Shares::Eight => self.batch.div_ceil(8),
            Shares::OneAWorker => self.batch.div_ceil(self.workers()),
        }
    }

    /// Puts the errors on each share of a batch into a place of its own, in the order of the shares.
    fn add_up(self, shares: &mut [Weights], batch: &[&Digit], with: With) {
        let each_has = self.share();
        let of_some = |(number, (shares, digits)): (usize, (&mut [Weights], &[&Digit]))| {
            let part = with.task.begin_part(with.epoch, number + 1);
            for (errors, digits) in shares.iter_mut().zip(digits.chunks(each_has)) {
                errors.fill(0.0);
                digits.iter().for_each(|digit| add_errors(with.weights, digit, errors));
                part.tick();
            }
        };
        match self.crew {
            Crew::Alone => of_some((0, (shares, batch))),
            Crew::Workers(workers) => {
                let many = shares.len().div_ceil(workers);
                let digits = batch.par_chunks(many * each_has);
                let each = shares.par_chunks_mut(many).zip(digits).enumerate();
                each.with_max_len(1).for_each(of_some);
            }
        }
    }
}

/// What errors are added up with.
#[derive(Clone, Copy)]
struct With<'a> {
    weights: &'a Weights,
    task: Task,
    epoch: usize,
}

impl Learner {
    /// A network with these weights, which has learned nothing yet.
    #[must_use]
    pub fn new(weights: Weights) -> Learner {
        let (change, shares) = (vec![0.0; WEIGHTS], Vec::new());
        Learner { weights, change, shares, adding: Duration::ZERO }
    }

    /// Goes through all lessons once, in this order.
    pub fn epoch(&mut self, lessons: &[&Digit], course: Course, task: Task, epoch: usize) {
        for batch in lessons.chunks(course.batch) {
            // The last batch may have fewer shares.
            self.shares.resize(batch.len().div_ceil(course.share()), vec![0.0; WEIGHTS]);
            let with = With { weights: &self.weights, task, epoch };
            course.add_up(&mut self.shares, batch, with);
            let _part = task.begin_part(epoch, 0);
            let began = Instant::now();
            self.learn();
            self.adding += began.elapsed();
        }
    }

    /// Adds up the shares' errors, in the order of the shares, and changes the weights.
    fn learn(&mut self) {
        let Some((sum, others)) = self.shares.split_first_mut() else { return };
        for share in others {
            sum.iter_mut().zip(share).for_each(|(sum, error)| *sum += *error);
        }
        let weights = self.weights.iter_mut().zip(&mut self.change).zip(sum);
        for ((weight, change), error) in weights {
            *change = MOMENTUM * *change - RATE * *error;
            *weight += *change;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digits::Digits;
    use crate::network::by_chance;

    /// The bits of a network that has gone through some lessons in this course.
    fn taught(crew: Crew, shares: Shares) -> Vec<u32> {
        let digits = Digits::ours();
        // No batch is full, and shares are not equally large.
        let lessons: Vec<_> = digits.lessons.iter().take(130).collect();
        let task = Task::start("test");
        let mut learner = Learner::new(by_chance(7));
        for epoch in 1..=2 {
            learner.epoch(&lessons, Course { crew, shares, batch: 50 }, task, epoch);
        }
        task.end();
        learner.weights.iter().map(|weight| weight.to_bits()).collect()
    }

    #[test]
    fn any_number_of_workers_learns_the_same_bit_by_bit() {
        let alone = taught(Crew::Alone, Shares::Eight);
        for workers in [1, 2, 3, 8, 20] {
            assert!(alone == taught(Crew::Workers(workers), Shares::Eight), "{workers} workers");
        }
    }

    #[test]
    fn with_a_share_a_worker_the_number_of_workers_matters() {
        let two = taught(Crew::Workers(2), Shares::OneAWorker);
        assert!(
            two == taught(Crew::Workers(2), Shares::OneAWorker),
            "it is not a matter of chance"
        );
        assert!(two != taught(Crew::Workers(3), Shares::OneAWorker), "all sums were exact");
    }
}
