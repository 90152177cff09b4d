//! What `demo` shows of each lesson while it runs, and says when it has ended.

use std::cell::Cell;
use std::rc::Rc;

use anyhow::Result;
use words::Quadrant;

use crate::console::Console;
use crate::cursor;
use crate::driver::{Batch, Effort, Listener, drive};
use crate::examine::{Conditions, Run};
use crate::explain::{self, Findings, Legend};
use crate::live::{Beside, Live};
use crate::process::{Line, interrupted};
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use crate::show::{BOLD, DIM, TaskColours, columns_of, duration, mark, width, wrap};
use crate::timing::{self, Reference};
use words::Outcome;

/// How much is said of each lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Nothing: a program reads the answer.
    Nothing,
    /// A line.
    Lines,
    /// Everything, one lesson below the other.
    Everything,
    /// Everything, on a screen for each, which somebody looks at for as long as they like.
    Screens,
}

/// Shows programs as they run, and says what was seen of each.
pub(super) struct Show {
    amount: Amount,
    conditions: Conditions,
    /// Whether lanes can grow while a program runs: on a terminal whose cursor moves, where each runs once.
    can_grow: bool,
    /// Whether the programs are the workspace's own.
    are_ours: bool,
    /// Who says when to go on, where there are screens.
    console: Option<Console>,
    /// The lesson that was shown while the others were being built.
    preview: Option<String>,
    /// What the runs of *neither* have shown so far.
    references: Vec<Reference>,
    /// Whether lessons are drawn beside those with which their headers compare them.
    is_drawn_beside: bool,
    /// The lessons beside which others are shown, and their runs so far.
    wanted: Vec<String>,
    others: Vec<Series>,
    /// How many lessons there are, and which of them is on.
    total: usize,
    number: usize,
    /// The quadrant that the lesson before was filed under.
    chapter: Option<Quadrant>,
    /// The present lesson, as far as its lines tell.
    live: Option<Live>,
    colours: TaskColours,
    /// Whether anything of the present lesson is shown.
    aloud: bool,
    /// What was said of what the characters of pictures mean, and whether it was of those of contracts.
    legend: Legend,
    has_algebra: bool,
    /// Whether it was said what all lessons have in common.
    is_introduced: bool,
    is_left: Rc<Cell<bool>>,
}

impl Show {
    pub(super) fn new(options: &Options, amount: Amount) -> Show {
        Show {
            amount,
            conditions: options.conditions,
            can_grow: amount != Amount::Nothing && cursor::is_movable() && options.repeat == 1,
            are_ours: options.programs.is_empty(),
            console: (amount == Amount::Screens).then(Console::open),
            preview: None,
            references: Vec::new(),
            is_drawn_beside: options.report.is_some()
                || matches!(amount, Amount::Everything | Amount::Screens),
            wanted: Vec::new(),
            others: Vec::new(),
            total: 0,
            number: 0,
            chapter: None,
            live: None,
            colours: TaskColours::default(),
            aloud: false,
            legend: Legend::default(),
            has_algebra: false,
            is_introduced: false,
            is_left: Rc::default(),
        }
    }

    /// What everything is compared with, as far as it was measured.
    pub(super) fn reference(&self) -> Option<Reference> {
        Reference::of(&self.references)
    }

    /// The runs of lessons beside which others are shown.
    pub(super) fn others(&self) -> &[Series] {
        &self.others
    }

    /// Whether each lesson gets a line.
    pub(super) fn is_in_lines(&self) -> bool {
        self.amount == Amount::Lines
    }

    /// Becomes true when somebody wants to see no more.
    pub(super) fn is_left(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.is_left)
    }

    /// Says what is to come, and sees to it that there is something to compare lessons with.
    pub(super) fn begin(&mut self, catalogue: &Catalogue, programs: &[Program]) -> Result<()> {
        self.total = programs.len();
        self.introduce()?;
        if self.is_left.get() {
            return Ok(());
        }
        if self.is_drawn_beside {
            self.wanted = programs.iter().filter_map(Program::compared_with).collect();
        }
        let reference = session::reference_lesson(catalogue).map(Program::id);
        let wanted = self.wanted.clone();
        let is_run = |id: &String| programs.iter().any(|program| program.id() == *id);
        let is_missing = |program: &&Program| {
            let id = program.id();
            match reference.as_ref() == Some(&id) {
                true => programs[0].id() != id,
                false => wanted.contains(&id) && !is_run(&id),
            }
        };
        catalogue.programs.iter().filter(is_missing).try_for_each(|it| self.measure_first(it))
    }

    /// Runs a lesson to compare others with.
    fn measure_first(&mut self, program: &Program) -> Result<()> {
        let heading = format!("{DIM}First {}, to compare with{DIM:#}", program.id());
        self.live = self.grow(Beside { heading: Some(heading), lines: false });
        drive([once(program, &self.conditions)], &mut [&mut Measurement { show: self }])
    }

    /// Keeps what others are compared with.
    fn remember(&mut self, series: &Series) {
        series.runs.iter().for_each(|run| self.refer(series, run));
        if self.wanted.contains(&series.program.id()) {
            self.others.push(series.clone());
        }
    }

    /// Shows the first lesson while the others are being built, when times mean nothing.
    pub(super) fn preview(&mut self, first: &Program) -> Result<()> {
        self.introduce()?;
        if self.is_left.get() {
            return Ok(());
        }
        let conditions = self.conditions;
        let amount = std::mem::replace(&mut self.amount, Amount::Everything);
        let console = self.console.take();
        self.total = 1;
        let mut preview = Preview { show: self, is_brief: amount != Amount::Everything };
        let driven = drive([once(first, &conditions)], &mut [&mut preview]);
        if amount == Amount::Everything {
            self.preview = Some(first.id());
        }
        (self.amount, self.console, self.number) = (amount, console, 0);
        driven
    }

    /// Says once what all lessons have in common, in words that need no others; and, where there are
    /// pictures, a screen each, how to read them.
    fn introduce(&mut self) -> Result<()> {
        const LESSONS: &str = "A lesson is a small program: three tasks, A, B and C, print lines, \
            wait, and compute; each lesson is that in another way. Of each run two things are asked. \
            Concurrent: were two tasks in progress at once, begun and not finished? Parallel: were two \
            threads executing at once, on two cores?";
        const LANES: &str = "A run is shown as lanes, in which time goes from left to right: what each \
            task did and, below, what each thread did. In between and at the bottom it is counted how \
            many tasks were in progress at once, and how many cores executed at once: more than one is \
            concurrent, or parallel.";
        let is_asked_for = matches!(self.amount, Amount::Lines | Amount::Screens) && self.are_ours;
        if !is_asked_for || std::mem::replace(&mut self.is_introduced, true) {
            return Ok(());
        }
        let Some(console) = &self.console else {
            anstream::println!();
            wrap(LESSONS, width()).iter().for_each(|line| anstream::println!("{line}"));
            return Ok(());
        };
        let [lessons, lanes] = [LESSONS, LANES].map(|text| wrap(text, console.width()));
        let screen = [lessons, vec![String::new()], lanes].concat();
        if console.has_screen {
            let answer = console.ask_below(&screen, "Enter begins", &[], Some(' '))?;
            self.is_left.set(answer.is_none());
        } else {
            console.show(&screen);
        }
        Ok(())
    }

    /// Takes a run for a reference, if it is one of *neither*. A faulty run cannot serve.
    fn refer(&mut self, series: &Series, run: &Run) {
        let program = &series.program;
        if program.chapter == Quadrant::Neither
            && program.is_cell()
            && run.outcome() != Outcome::Failed
        {
            self.references.push(run.reference(self.conditions.slow));
        }
    }

    /// Lanes that grow from now on, where they can.
    fn grow(&self, beside: Beside) -> Option<Live> {
        self.can_grow.then(|| Live::begin(timing::longest(self.conditions.slow), beside))
    }

    /// Says everything that was found, on a screen of its own or below what stands there.
    fn say(&mut self, series: &Series, time: &str) -> Result<()> {
        let other = series.program.compared_with();
        let other = self.others.iter().find(|it| Some(it.program.id()) == other);
        let Findings { picture, legend: signs, algebra, said } = Findings::of(series, time, other)?;
        let mut news = self.news(&signs);
        if !std::mem::replace(&mut self.has_algebra, true) {
            news.extend(algebra.clone());
        }
        let Some(console) = &self.console else {
            let lines = [said, picture, news].concat();
            lines.iter().for_each(|line| anstream::println!("{line}"));
            return Ok(());
        };
        let expected = explain::expectation(&series.program, &self.conditions);
        let above = [self.heading(&series.program), expected, picture].concat();
        if !console.has_screen {
            console.show(&[above, news, said].concat());
            return Ok(());
        }
        let all =
            [explain::indented(Legend::default().news(&signs, width() - 2)), algebra].concat();
        let goal = if self.number < self.total { "Enter goes on" } else { "Enter ends" };
        let answer = explained(console, goal, [&above, &news, &said], &all)?;
        self.is_left.set(answer.is_none());
        Ok(())
    }

    /// What has not been said yet of what a picture's characters mean.
    fn news(&mut self, legend: &[String]) -> Vec<String> {
        explain::indented(self.legend.news(legend, width() - 2))
    }

    /// The lesson's name and summary, and which of how many it is.
    fn heading(&self, program: &Program) -> Vec<String> {
        let place = match self.total {
            1 => String::new(),
            total => format!("{} of {total}: ", self.number),
        };
        let text = format!("{place}{}  {}", program.id(), program.summary);
        if columns_of(&text) <= width() {
            let summary = &program.summary;
            return vec![format!("{DIM}{place}{DIM:#}{BOLD}{}{BOLD:#}  {summary}", program.id())];
        }
        let summary = wrap(&program.summary, width());
        let id = format!("{DIM}{place}{DIM:#}{BOLD}{}{BOLD:#}", program.id());
        [id].into_iter().chain(summary).collect()
    }

    /// What a lesson's line begins with.
    fn place(&self, sign: &str, program: &Program) -> String {
        let digits = self.total.to_string().len();
        format!("  {sign} {:digits$} of {}  {:18}", self.number, self.total, program.name)
    }

    /// The lesson in a line, and what was wrong with it.
    fn print_line(&self, series: &Series) {
        let quadrant = series.verdict().and_then(evidence::Verdict::quadrant);
        let quadrant = quadrant.map_or_else(|| "open".to_owned(), explain::name);
        let place = self.place(&mark(series.outcome()), &series.program);
        anstream::println!("{place}{:>7}  {quadrant}", duration(series.taken()));
        let expected = explain::expectation(&series.program, &self.conditions);
        let wrong = explain::faults_in_brief(series);
        expected.iter().chain(&wrong).for_each(|line| anstream::println!("{line}"));
    }

    /// What comes before the first lesson of a quadrant.
    fn print_chapter(&mut self, chapter: Quadrant) {
        if self.chapter.replace(chapter) != Some(chapter) {
            let meaning = explain::meaning(chapter);
            anstream::println!("\n{BOLD}{}{BOLD:#}: {meaning}", explain::name(chapter));
        }
    }
}

/// Shows what stands above what is new of a legend, and below it, and waits until it was read. All of the
/// legend takes the place of what is new where there is room for it, and is a key away where there is not.
fn explained(
    console: &Console,
    goal: &str,
    [above, news, below]: [&Vec<String>; 3],
    legend: &Vec<String>,
) -> Result<Option<char>> {
    const LEGEND: char = 'l';
    let full = [above, legend, below].map(Vec::as_slice).concat();
    if news == legend || full.len() <= console.height_above(goal) {
        return console.ask_below(&full, goal, &[], Some(' '));
    }
    let screen = [above, news, below].map(Vec::as_slice).concat();
    let prompt = format!("{goal}, {LEGEND} says what the signs mean");
    loop {
        let answer = console.ask_below(&screen, &prompt, &[LEGEND], Some(' '))?;
        if answer != Some(LEGEND)
            || console.ask_below(legend, "Enter goes back", &[], Some(' '))?.is_none()
        {
            return Ok(answer.filter(|answer| *answer != LEGEND));
        }
    }
}

/// One run of a program.
fn once(program: &Program, conditions: &Conditions) -> Batch {
    let (program, conditions) = (program.clone(), *conditions);
    Batch { program, conditions, runs: 1, effort: Effort::Settled, busy: false }
}

impl Listener for Show {
    fn began(&mut self, batch: &Batch) {
        let program = &batch.program;
        self.number += 1;
        self.aloud = self.amount != Amount::Nothing && self.preview.as_ref() != Some(&program.id());
        self.colours = TaskColours::default();
        if !self.aloud {
            return;
        }
        let mut beside = Beside::default();
        match self.amount {
            Amount::Nothing => {}
            Amount::Lines => {
                self.print_chapter(program.chapter);
                beside.heading = Some(self.place(" ", program));
            }
            Amount::Everything => {
                anstream::println!();
                let expected = explain::expectation(program, &batch.conditions);
                let lines = [self.heading(program), expected].concat();
                lines.iter().for_each(|line| anstream::println!("{line}"));
                beside.lines = true;
            }
            Amount::Screens => {
                self.console.iter().for_each(Console::clear);
                self.heading(program).iter().for_each(|line| anstream::println!("{line}"));
            }
        }
        self.live = self.grow(beside);
    }

    fn line(&mut self, line: &Line) {
        match &self.live {
            Some(live) => live.line(line),
            None if self.aloud && self.amount == Amount::Everything => {
                explain::line(line, &mut self.colours);
            }
            None => {}
        }
    }

    fn ended(&mut self, batch: &Batch, series: &Series) -> Result<()> {
        self.live = None;
        self.remember(series);
        if !self.aloud || interrupted() {
            return Ok(());
        }
        if self.amount == Amount::Lines {
            self.print_line(series);
            return Ok(());
        }
        let reference = self.reference();
        let time = explain::time_sentence(series, reference.as_ref(), &batch.conditions);
        self.say(series, &time)
    }
}

/// Measures a lesson, of which nothing is said.
struct Measurement<'a> {
    show: &'a mut Show,
}

impl Listener for Measurement<'_> {
    fn line(&mut self, line: &Line) {
        self.show.live.iter().for_each(|live| live.line(line));
    }

    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        self.show.live = None;
        self.show.remember(series);
        Ok(())
    }
}

/// Shows the first lesson while the others are being built, when times mean nothing.
struct Preview<'a> {
    show: &'a mut Show,
    /// Whether a picture says enough.
    is_brief: bool,
}

impl Listener for Preview<'_> {
    fn began(&mut self, batch: &Batch) {
        self.show.began(batch);
    }

    fn line(&mut self, line: &Line) {
        self.show.line(line);
    }

    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        self.show.live = None;
        let note = "measured once more when the other lessons have been built";
        if self.is_brief {
            let Findings { picture, legend, .. } = Findings::of(series, note, None)?;
            let legend = self.show.news(&legend);
            let lines = [picture, legend, explain::faults(series)].concat();
            lines.iter().for_each(|line| anstream::println!("{line}"));
            return Ok(());
        }
        self.show.say(series, note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_for_which_there_is_no_room_is_a_key_away() {
        let lines = |count: usize| vec!["a line".to_owned(); count];
        let (long, legend, none) = (lines(1000), lines(3), Vec::new());
        let console = Console::answered(&["l", "", "", "z"]);
        let answer = explained(&console, "Enter ends", [&long, &none, &none], &legend);
        assert_eq!(answer.expect("nobody pressed Ctrl-C"), Some(' '));
        let next = console.ask("What is typed next", &['z'], None);
        assert_eq!(
            next.expect("nobody pressed Ctrl-C"),
            Some('z'),
            "the legend was gone back from"
        );
        // Where it stands on the screen there is no such key, and whoever leaves it leaves all.
        let console = Console::answered(&["l", "q"]);
        let answer = explained(&console, "Enter ends", [&none, &none, &none], &legend);
        assert_eq!(answer.expect("nobody pressed Ctrl-C"), None);
    }
}
