//! An exercise from its beginning to its end.

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use crate::answer::Answer;
use crate::link::Link;
use crate::stand_in;
use crate::wire::{MOST_NUMBERS, Reply, Request, Stream, VARIABLE, VERSION};
use crate::work::Work;

/// Runs an exercise of one function: hands it the work, and its answer to the judge.
///
/// Where no judge listens, there are three tasks, and a [stand-in](crate::stand_in) answers.
pub fn run<A: Into<Answer> + 'static>(solve: fn(&Work) -> A) -> ExitCode {
    tasks(3).stage("solve", solve).run()
}

/// An exercise that has so many tasks where no judge listens. (Where one does, the judge says how many.)
pub fn tasks(tasks: usize) -> Class {
    Class { tasks, stages: Vec::new() }
}

/// An exercise of several stages: each is a function with a name, and the judge chooses which to run.
#[must_use = "nothing is run until `run` is called"]
pub struct Class {
    tasks: usize,
    stages: Vec<(&'static str, Solve)>,
}

type Solve = Box<dyn Fn(&Work) -> Answer>;

impl Class {
    /// The same exercise with one more stage.
    pub fn stage<A: Into<Answer> + 'static>(
        mut self,
        name: &'static str,
        solve: fn(&Work) -> A,
    ) -> Class {
        self.stages.push((name, Box::new(move |work| solve(work).into())));
        self
    }

    /// Runs the stage that the judge wants; where none listens, all of them.
    pub fn run(self) -> ExitCode {
        match env::var(VARIABLE) {
            Ok(address) => self.run_before_judge(&address),
            Err(_) => self.run_alone(),
        }
    }

    fn run_before_judge(&self, address: &str) -> ExitCode {
        let connected = Stream::connect(address)
            .and_then(|(stream, secret)| Ok((Link::to_judge(stream)?, secret)));
        let (link, secret) = match connected {
            Ok(connected) => connected,
            Err(error) => {
                eprintln!(
                    "No judge listens where {VARIABLE} says ({error}); unset it to do without."
                );
                return ExitCode::from(2);
            }
        };
        let hello = Request::Hello { version: VERSION, secret };
        match link.ask(hello) {
            Reply::Welcome { stage, tasks } => self.run_stage(&link, &stage, tasks),
            other => {
                eprintln!("The judge does not listen: {other:?}");
                ExitCode::from(2)
            }
        }
    }

    fn run_stage(&self, link: &Arc<Link>, stage: &str, tasks: Vec<String>) -> ExitCode {
        let Some((_, solve)) = self.stages.iter().find(|(name, _)| *name == stage) else {
            eprintln!("This program has no stage `{stage}` in its `main`.");
            return ExitCode::from(2);
        };
        let Answer { numbers } = solve(&Work::new(Arc::clone(link), tasks));
        if numbers.len() > MOST_NUMBERS {
            eprintln!("An answer has {MOST_NUMBERS} numbers at most, and this one has more.");
            return ExitCode::FAILURE;
        }
        // Once this is replied, the answer has arrived, and the program may end.
        link.ask(Request::Answer { numbers });
        link.end();
        ExitCode::SUCCESS
    }

    fn run_alone(&self) -> ExitCode {
        eprintln!("{}", stand_in::NOTICE);
        for (name, solve) in &self.stages {
            let (stand_in, work) = stand_in::start(self.tasks);
            let answer = solve(&work);
            println!("{name}: {}", stand_in.finish(&answer));
        }
        ExitCode::SUCCESS
    }
}
