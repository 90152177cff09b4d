//! How fast the memory is, measured in the same run as everything that is compared with it.

use std::hint::black_box;
use std::time::Instant;

use lab::task::Task;
use rayon::prelude::*;

/// How many numbers are read twice and written once: 64 MiB in each of three places, more than any cache
/// of ours holds.
const NUMBERS: usize = 8 << 20;

/// How many bytes a second so many cores together read and write, in their best of three tries.
///
/// It adds two numbers and writes a third, again and again, as in John `McCalpin`'s STREAM; what is written
/// counts once.
#[must_use]
pub fn bytes_a_second(cores: usize) -> f64 {
    const TRIES: usize = 3;
    let task = Task::start("memory");
    let (one, other) = (vec![1.0_f64; NUMBERS], vec![2.0_f64; NUMBERS]);
    let mut sums = vec![0.0_f64; NUMBERS];
    let share = NUMBERS.div_ceil(cores);
    let seconds = (0..TRIES).map(|number| {
        let began = Instant::now();
        let shares =
            sums.par_chunks_mut(share).zip(one.par_chunks(share).zip(other.par_chunks(share)));
        shares.with_max_len(1).for_each(|(sums, (one, other))| {
            let _part = task.begin_part(1, number + 1);
            for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
                *sum = one + 3.0 * other;
            }
        });
        black_box(&sums);
        began.elapsed().as_secs_f64()
    });
    let best = seconds.fold(f64::INFINITY, f64::min);
    task.end();
    (3 * NUMBERS * size_of::<f64>()) as f64 / best
}
