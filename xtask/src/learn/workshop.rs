//! Where a guide has lessons built and run.

use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow};
use words::Quadrant;

use crate::build::{Built, Messages, Runtimes, build};
use crate::driver::{Batch, Collector, Effort, Listener, drive};
use crate::examine::Conditions;
use crate::explain;
use crate::live::{Beside, Live};
use crate::process::{Interrupted, Line, interrupted};
use crate::series::Series;
use crate::shelf::{Catalogue, Place, Program};
use crate::show::{TaskColours, spinner};
use crate::timing;

/// Builds lessons, and runs them.
pub(super) struct Workshop {
    /// All lessons are built while somebody still reads.
    begun: Option<JoinHandle<Result<Built>>>,
    /// How lessons are run.
    pub(super) conditions: Conditions,
    /// Whether lanes can grow while a lesson runs.
    can_grow: bool,
}

impl Workshop {
    /// Begins to build everything, so that nothing has to be waited for later.
    pub(super) fn open(conditions: Conditions, can_grow: bool) -> Workshop {
        let begun = thread::spawn(|| build(&Quadrant::ALL, Runtimes::All, Messages::Held));
        Workshop { begun: Some(begun), conditions, can_grow }
    }

    /// Builds nothing before it is asked to.
    #[cfg(test)]
    pub(super) fn idle(conditions: Conditions) -> Workshop {
        Workshop { begun: None, conditions, can_grow: false }
    }

    /// Waits until nothing is being built, so that no time is measured beside a compiler.
    pub(super) fn settle(&mut self) -> Result<()> {
        let Some(begun) = self.begun.take() else { return Ok(()) };
        let progress = spinner("Building the lessons");
        let built = begun.join().expect("building does not panic");
        progress.finish_and_clear();
        built.map(drop)
    }

    /// Whether nothing is being built, so that times can be measured.
    pub(super) fn is_settled(&self) -> bool {
        self.begun.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// The lesson's program, as its file is now; as an error, why there is none.
    pub(super) fn program(&mut self, place: &Place) -> Result<Program> {
        self.settle()
            .or_else(|error| if error.is::<Interrupted>() { Err(error) } else { Ok(()) })?;
        let progress = spinner("Building the lesson");
        let built = build(&[place.chapter], Runtimes::All, Messages::Held);
        progress.finish_and_clear();
        let catalogue = Catalogue::of(&built?);
        let mut programs = catalogue.programs.into_iter();
        let program = programs.find(|program| program.id() == place.id());
        program.ok_or_else(|| match &catalogue.troubles[..] {
            [] => anyhow!("{} is gone", place.id()),
            troubles => anyhow!("{}", troubles.join("; ")),
        })
    }

    /// Runs it so many times, with its lanes on the screen or its lines on plain paper.
    pub(super) fn run(&self, program: Program, runs: usize) -> Result<Series> {
        let conditions = self.conditions;
        let batch = Batch { program, conditions, runs, effort: Effort::Settled, busy: false };
        let mut collector = Collector::default();
        let mut audience = Audience::new(self.can_grow);
        let driven = drive([batch], &mut [&mut audience, &mut collector]);
        drop(audience);
        driven?;
        if interrupted() {
            return Err(Interrupted.into());
        }
        Ok(collector.all.pop().expect("what was run has ended"))
    }
}

/// Who looks on while a lesson runs.
enum Audience {
    Screen(Live),
    Paper(TaskColours),
}

impl Audience {
    fn new(can_grow: bool) -> Audience {
        if can_grow {
            Audience::Screen(Live::begin(timing::longest(1), Beside::default()))
        } else {
            Audience::Paper(TaskColours::default())
        }
    }
}

impl Listener for Audience {
    fn line(&mut self, line: &Line) {
        match self {
            Audience::Screen(live) => live.line(line),
            Audience::Paper(colours) => explain::line(line, colours),
        }
    }
}
