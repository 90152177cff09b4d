//! The same as a dataflow, on [timely](https://docs.rs/timely): each worker counts its share of the texts,
//! and sends each pair to the worker that adds it up.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lab::task::Task;
use timely::Config;
use timely::dataflow::operators::{Exchange, Input, Inspect, Probe};
use timely::dataflow::{InputHandle, ProbeHandle};
use timely::worker::Worker;

use crate::corpus::Corpus;
use crate::pairs::{Answer, Counts, count};

/// After how many texts a worker sends what it has counted.
const TEXTS: usize = 64;

/// Counts with as many workers as this says, and returns what those of this process come to.
///
/// # Errors
///
/// A sentence, where the workers cannot be started or one of them does not come to its end.
pub fn run(config: Config, task: Task, corpus: &Arc<Corpus>) -> Result<Answer, String> {
    let corpus = Arc::clone(corpus);
    let workers = timely::execute(config, move |worker| work(worker, task, &corpus))?;
    let answers = workers.join().into_iter();
    answers.map(|answer| answer.map_err(|why| format!("a worker failed: {why}"))).sum()
}

/// One worker's life.
fn work(worker: &mut Worker, task: Task, corpus: &Corpus) -> Answer {
    let counts: Rc<RefCell<Counts>> = Rc::default();
    let (mut input, probe) = (InputHandle::new(), ProbeHandle::new());
    let sums = Rc::clone(&counts);
    worker.dataflow(|scope| {
        scope
            .input_from(&mut input)
            .container::<Vec<(u64, u64)>>()
            .exchange(|(pair, _)| *pair)
            .inspect(move |&(pair, count)| *sums.borrow_mut().entry(pair).or_default() += count)
            .probe_with(&probe);
    });
    let own = corpus.texts.iter().skip(worker.index()).step_by(worker.peers());
    let own: Vec<&String> = own.collect();
    for (round, texts) in (1_usize..).zip(own.chunks(TEXTS)) {
        if stage::stopped() {
            break;
        }
        let part = task.begin_part(1, worker.index() + 1);
        let mut counts = Counts::new();
        for text in texts {
            count(text, &mut counts);
            part.tick();
        }
        counts.into_iter().for_each(|pair| input.send(pair));
        drop(part);
        input.advance_to(round);
        worker.step();
    }
    input.close();
    while !probe.done() {
        worker.step_or_park(None);
    }
    Answer::of(&counts.borrow())
}

impl std::iter::Sum for Answer {
    fn sum<I: Iterator<Item = Answer>>(answers: I) -> Answer {
        answers.fold(Answer::default(), Answer::and)
    }
}
