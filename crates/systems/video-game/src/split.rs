//! Who computes a list of things: one thread all of them, or all cores some each.

use lab::task::Task;
use rayon::prelude::*;

/// Who computes a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// The calling thread.
    Whole,
    /// All cores. The calling thread waits.
    AllCores,
}

/// Into how many pieces a list is split.
const PIECES: usize = 8;

impl Split {
    /// Computes each thing of a list from its number. It is told as parts of a step of the task.
    pub fn fill<T: Send>(
        self,
        task: Task,
        step: usize,
        list: &mut [T],
        make: impl Fn(usize, &mut T) + Sync,
    ) {
        let fill = |number: usize, first: usize, piece: &mut [T]| {
            let part = task.begin_part(step, number);
            for (place, thing) in (first..).zip(piece) {
                make(place, thing);
                part.tick();
            }
        };
        match self {
            Split::Whole => fill(0, 0, list),
            Split::AllCores => {
                let size = list.len().div_ceil(PIECES).max(1);
                let pieces = list.par_chunks_mut(size).enumerate();
                pieces.for_each(|(number, piece)| fill(number + 1, number * size, piece));
            }
        }
    }
}
