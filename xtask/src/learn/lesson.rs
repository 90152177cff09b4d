//! One lesson, screen by screen: the question, the run, the change, the changed run.

use std::ops::ControlFlow;

use anyhow::{Error, Result};

use super::desk::Desk;
use super::notebook::{About, Fate, Notebook};
use super::text::{heading, lines, marked};
use super::workshop::Workshop;
use crate::build::root;
use crate::console::Console;
use crate::explain::{self, Legend};
use crate::extract::{extract, uncommented, wrap_code};
use crate::header::{Header, Measure, Question, code_of, line_of};
use crate::measure::{self, Measured, length, measure};
use crate::process::Interrupted;
use crate::series::Series;
use crate::shelf::{Edit, Place, Program, edit};
use crate::show::{BAD, BOLD, DIM, GOOD, UNSURE, columns_of, duration, glyph, paint};
use crate::timing;

/// Whether one goes on, or somebody wants to leave.
pub(super) type Flow = ControlFlow<()>;

/// Goes on where something was answered.
pub(super) fn flow(answer: Option<char>) -> Flow {
    if answer.is_some() { Flow::Continue(()) } else { Flow::Break(()) }
}

/// Who leads through the lessons.
pub(super) struct Guide {
    pub(super) console: Console,
    pub(super) notebook: Notebook,
    pub(super) workshop: Workshop,
    /// How many lessons there are.
    pub(super) lessons: usize,
    /// What somebody was told of what the characters of a picture mean.
    pub(super) legend: Legend,
}

/// A lesson in the guide's hands.
struct Lesson<'a> {
    number: usize,
    place: &'a Place,
    header: Header,
    desk: Desk,
    /// The runs of it as it was. Before there are any, the folder in which it stands would answer its
    /// question, and is not named.
    before: Option<Series>,
}

impl Lesson<'_> {
    /// What became of it. Where it was as it was shipped when the lesson began, it is known what its header
    /// said, whatever stands there now.
    fn edit(&self) -> Edit {
        let began_as_shipped = || edit::of_text(self.place.path, self.desk.before()) == Edit::None;
        match edit::of(self.place.path) {
            Edit::Other if began_as_shipped() && self.desk.has_more_changed(&self.header) => {
                Edit::Suggested(self.header.then)
            }
            edit => edit,
        }
    }
}

/// How often a lesson is run whose time is to be compared: of three times, one that was disturbed does
/// not count.
const RUNS_TO_COMPARE: usize = 3;

/// What is typed by whoever wants to see a run once more.
const AGAIN: char = 'r';

/// Choices of so few columns may stand beside each other.
const SHORT: usize = 8;

/// A question on a screen.
struct Asked {
    screen: Vec<String>,
    /// The lines of code on it.
    code: Vec<String>,
    /// Whether those are among them that run the lesson.
    runs: bool,
    /// Whether there is more of it.
    is_cut: bool,
}

/// What somebody chose.
enum Choice {
    Chosen(usize),
    Skipped,
}

impl<'a> Lesson<'a> {
    /// Reads the lesson's file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or has no header that can be asked about.
    fn open(number: usize, place: &'a Place) -> Result<Lesson<'a>> {
        let desk = Desk::of(&root().join(place.path))?;
        let header = Header::read(desk.before())?;
        Ok(Lesson { number, place, header, desk, before: None })
    }
}

impl Guide {
    /// Goes through a lesson.
    pub(super) fn lesson(&mut self, number: usize, place: &Place) -> Result<Flow> {
        if self.put_back_first(place)?.is_break() {
            return Ok(Flow::Break(()));
        }
        let mut lesson = match Lesson::open(number, place) {
            Ok(lesson) => lesson,
            Err(error) => return self.leave_out(place, &error),
        };
        match self.question(&lesson)? {
            None => return Ok(Flow::Break(())),
            Some(Choice::Skipped) => {
                self.notebook.note(&place.id(), About::Run, Fate::Skipped, "")?;
                self.notebook.note(&place.id(), About::Change, Fate::Skipped, "")?;
                return Ok(Flow::Continue(()));
            }
            Some(Choice::Chosen(chosen)) => {
                if self.run(&mut lesson, chosen)?.is_break() {
                    return Ok(Flow::Break(()));
                }
            }
        }
        self.change(&mut lesson)
    }

    /// Says why nobody can be asked about a lesson, and how it is put back. It stays undone.
    fn leave_out(&self, place: &Place, error: &Error) -> Result<Flow> {
        let screen = lines(&damage(place, error), self.console.width());
        let prompt = "Enter goes on without this lesson";
        Ok(flow(self.console.ask_below(&screen, prompt, &[], Some(' '))?))
    }

    /// Offers to put a lesson back that is changed already, be it from the last time.
    fn put_back_first(&mut self, place: &Place) -> Result<Flow> {
        let Edit::Suggested(_) = edit::of(place.path) else { return Ok(Flow::Continue(())) };
        let path = root().join(place.path);
        let mut desk = Desk::of(&path)?;
        let header = Header::read(desk.before())?;
        let text = format!("{} is changed already, as its header suggests.", place.path);
        let screen = lines(&text, self.console.width());
        let prompt = "p puts it back first, l leaves it";
        let answer = self.console.ask_below(&screen, prompt, &['p', 'l'], None)?;
        if answer == Some('p') {
            desk.unmake(&header)?;
        }
        Ok(flow(answer))
    }

    /// Shows the code that matters, and asks. What else one has to know stands above it or, where that
    /// would leave less room for the code, on a screen of its own before.
    fn question(&mut self, lesson: &Lesson<'_>) -> Result<Option<Choice>> {
        let Header { claim, besides, question, .. } = &lesson.header;
        let brief = self.about(lesson, [claim]);
        let full = self.about(lesson, [claim].into_iter().chain(besides));
        let [roomy, mut asked] = [&full, &brief].map(|it| self.asked(lesson, it, false));
        // Where there is not room for what runs the lesson, the screen is packed more densely.
        if !asked.runs {
            asked = self.asked(lesson, &brief, true);
        }
        // What is said in brackets can be read in the file.
        let is_needed = besides.iter().any(|paragraph| !paragraph.starts_with('('));
        if roomy.code == asked.code {
            asked = roomy;
        } else if is_needed {
            let prompt = "Enter shows the code";
            if self.console.ask_below(&full, prompt, &[], Some(' '))?.is_none() {
                return Ok(None);
            }
        }
        let code = asked.is_cut.then(|| self.code(lesson));
        self.choose(question, About::Run, &asked.screen, code)
    }

    /// All of the code. What stands behind its lines may tell the answer.
    fn code(&self, lesson: &Lesson<'_>) -> Vec<String> {
        let width = self.console.width();
        let code = code_of(lesson.desk.before()).trim().lines().map(uncommented);
        code.flat_map(|line| wrap_code(line, width)).collect()
    }

    /// What is said of the lesson, below its heading.
    fn about<'a>(
        &self,
        lesson: &Lesson<'_>,
        paragraphs: impl IntoIterator<Item = &'a String>,
    ) -> Vec<String> {
        let width = self.console.width();
        let paragraphs: Vec<_> = paragraphs.into_iter().map(|it| lines(it, width)).collect();
        [self.heading(lesson), paragraphs.join(&String::new())].concat()
    }

    /// What is said, the code, the question and its choices.
    fn asked(&self, lesson: &Lesson<'_>, about: &[String], is_dense: bool) -> Asked {
        let width = self.console.width();
        let Header { question, old, .. } = &lesson.header;
        let apart = vec![String::new(); usize::from(!is_dense)];
        let choices = self.choices(question, width, is_dense);
        let below = [apart.clone(), lines(&question.asked(), width), choices].concat();
        let prompt = prompt(question, About::Run, true);
        let height = if self.console.has_screen { self.console.height_above(&prompt) } else { 40 };
        let room = height.saturating_sub(about.len() + apart.len() + below.len()).max(3);
        let width = width.saturating_sub(2);
        let (code, runs) = extract(lesson.desk.before(), old, room, width);
        let is_cut = code != extract(lesson.desk.before(), old, usize::MAX, width).0;
        let indented = code.iter().map(|line| format!("  {line}")).collect();
        let screen = [about.to_vec(), apart, indented, below].concat();
        Asked { screen, code, runs, is_cut }
    }

    /// Asks on this screen for one of the choices; where there is more code than stands on it, that can be seen
    /// first.
    fn choose(
        &self,
        question: &Question,
        about: About,
        screen: &[String],
        code: Option<Vec<String>>,
    ) -> Result<Option<Choice>> {
        let letters = letters(question);
        let key = code.as_ref().map(|_| 'w');
        let prompt = prompt(question, about, code.is_some());
        let keys: Vec<char> = letters.iter().copied().chain(['s']).chain(key).collect();
        loop {
            let answer = self.console.ask_below(screen, &prompt, &keys, None)?;
            let Some(code) = code.as_ref().filter(|_| answer == key) else {
                return Ok(answer.map(|key| match letters.iter().position(|it| *it == key) {
                    Some(chosen) => Choice::Chosen(chosen),
                    None => Choice::Skipped,
                }));
            };
            if self.console.ask_below(code, "Enter goes back", &[], Some(' '))?.is_none() {
                return Ok(None);
            }
        }
    }

    /// The choices: each with what it means on this machine or, if they are short, in one line.
    fn choices(&self, question: &Question, width: usize, is_dense: bool) -> Vec<String> {
        let widest = question.choices.iter().map(|choice| columns_of(choice)).max().unwrap_or(0);
        let meanings = question.choices.iter().map(|choice| {
            let time = self.length(question, choice).map(|time| format!("here some {time}"));
            time.or_else(|| measure::meaning(question, choice).map(str::to_owned))
        });
        let meanings: Vec<_> = meanings.collect();
        let named = || ('a'..).zip(&question.choices);
        let in_one: Vec<_> =
            named().map(|(letter, choice)| format!("{letter}) {choice}")).collect();
        let in_one = in_one.join("   ");
        let is_plain = widest <= SHORT && meanings.iter().all(Option::is_none);
        if (is_plain || is_dense) && columns_of(&in_one) <= width {
            return vec![in_one];
        }
        // All in columns, or none.
        let longest = meanings.iter().flatten().map(|meaning| columns_of(meaning)).max();
        let has_columns = 3 + widest + 3 + longest.unwrap_or(0) <= width;
        let line = |((letter, choice), meaning): ((char, &String), &Option<String>)| match meaning {
            Some(meaning) if has_columns => {
                vec![format!("{letter}) {choice:widest$}   {meaning}")]
            }
            Some(meaning) => marked(&format!("{letter})"), &format!("{choice}: {meaning}"), width),
            None => marked(&format!("{letter})"), choice, width),
        };
        named().zip(&meanings).flat_map(line).collect()
    }

    /// How long a choice takes here, where that is to be shown: where it does not say so itself.
    fn length(&self, question: &Question, choice: &str) -> Option<String> {
        let is_known = question.by == Some(Measure::Clock) && self.workshop.is_settled();
        let compute = is_known.then(timing::compute_of_a_step)?;
        let length = length(choice, compute, &self.workshop.conditions)?;
        Some(duration(length)).filter(|length| length != choice)
    }

    /// Runs the lesson, and shows what happened beside what was predicted; and again, as often as somebody
    /// wants to see it.
    fn run(&mut self, lesson: &mut Lesson<'_>, chosen: usize) -> Result<Flow> {
        loop {
            let screen = self.run_once(lesson, chosen)?;
            let prompt = "Enter goes on to the change, r runs it again";
            match self.console.ask_below(&screen, prompt, &[AGAIN], Some(' '))? {
                Some(AGAIN) => {}
                answer => return Ok(flow(answer)),
            }
        }
    }

    /// Runs the lesson once, notes what became of the prediction, and returns what is to be shown of it:
    /// nothing where it was said already that it cannot be run.
    fn run_once(&mut self, lesson: &mut Lesson<'_>, chosen: usize) -> Result<Vec<String>> {
        let other = self.other(lesson)?;
        let (fate, screen) = match self.perform(lesson, lesson.place)? {
            Ok(series) => {
                lesson.before = Some(series.clone());
                let (question, other) = (&lesson.header.question, other.as_ref());
                // What is written need not hold of what is not as it was shipped.
                let mut both = other.into_iter().chain([&series]);
                let is_other = both.any(|it| it.program.edit != Edit::None);
                let (fate, screen) =
                    self.judged(lesson, question, chosen, &series, other, is_other);
                (fate, [screen, complaints(&series, self.console.width())].concat())
            }
            Err(trouble) => {
                self.console.say(&trouble);
                (Fate::Open, Vec::new())
            }
        };
        let question = &lesson.header.question;
        self.notebook.note(&lesson.place.id(), About::Run, fate, &question.choices[chosen])?;
        Ok(screen)
    }

    /// The runs of the lesson beside whose time its own is asked for.
    fn other(&mut self, lesson: &Lesson<'_>) -> Result<Option<Series>> {
        let Some(id) = lesson.header.question.other_lesson() else { return Ok(None) };
        let course = Place::all();
        let other = &course[Place::find(&course, id)?];
        match self.perform(lesson, other)? {
            Ok(series) => Ok(Some(series)),
            Err(trouble) => {
                self.console.say(&trouble);
                self.console.ask("Enter goes on without it", &[], Some(' '))?;
                Ok(None)
            }
        }
    }

    /// What happened as lanes and in words, beside what was predicted; and beside another program's runs,
    /// where the question is about both.
    fn judged(
        &mut self,
        lesson: &Lesson<'_>,
        question: &Question,
        chosen: usize,
        series: &Series,
        other: Option<&Series>,
        is_other: bool,
    ) -> (Fate, Vec<String>) {
        let width = self.console.width();
        let measured = measure(question, series, other, &self.workshop.conditions);
        let (fate, said) = said(question, chosen, measured, is_other);
        let mut screen = self.heading(lesson);
        screen.push(String::new());
        let names = match question.other_lesson() {
            Some(other) => [other.to_owned(), lesson.place.id()],
            None => ["before", "now"].map(str::to_owned),
        };
        let other = other.map(|other| [(names[0].as_str(), other), (&names[1], series)]);
        screen.extend(self.picture(series, other));
        screen.extend(said.into_iter().flat_map(|(sign, text)| marked(&sign, &text, width)));
        if let Some(run) = series.face().filter(|_| question.by != Some(Measure::Verdict)) {
            screen.extend(marked(" ", &measure::sentence_of(run), width));
        }
        (fate, screen)
    }

    /// Builds and runs a lesson as it is now, below the heading of the one that is on; or says why that
    /// cannot be.
    fn perform(&mut self, lesson: &Lesson<'_>, place: &Place) -> Result<Result<Series, String>> {
        self.console.clear();
        let program = match self.workshop.program(place) {
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => return Ok(Err(format!("{error:#}. Cargo has said why, above."))),
            Ok(program) => program,
        };
        let mut screen = self.heading(lesson);
        screen.push(String::new());
        if place != lesson.place {
            screen.push(format!("First {}, to compare with.", place.id()));
        }
        self.console.show(&screen);
        let edit = if place == lesson.place { lesson.edit() } else { program.edit };
        let program = Program { edit, ..program };
        let program = program.as_its_header_says().unwrap_or(program);
        let Header { question, changed, .. } = &lesson.header;
        let is_compared = [question, changed].iter().any(|it| it.other().is_some());
        self.workshop.run(program, if is_compared { RUNS_TO_COMPARE } else { 1 }).map(Ok)
    }

    /// Shows the change, asks what it will do, and has it made.
    fn change(&mut self, lesson: &mut Lesson<'_>) -> Result<Flow> {
        let screen = self.change_asked(lesson);
        let question = &lesson.header.changed;
        let id = lesson.place.id();
        let chosen = match self.choose(question, About::Change, &screen, None)? {
            None => return Ok(Flow::Break(())),
            Some(Choice::Skipped) => {
                self.notebook.note(&id, About::Change, Fate::Skipped, "")?;
                return Ok(Flow::Continue(()));
            }
            Some(Choice::Chosen(chosen)) => chosen,
        };
        loop {
            let prompt = "m makes the change, i: I made it, s skips it";
            match self.console.ask(prompt, &['m', 'i', 's'], None)? {
                None => return Ok(Flow::Break(())),
                Some('m') => {
                    if let Err(error) = lesson.desk.make(&lesson.header) {
                        self.console.say(&format!("{error:#}."));
                        continue;
                    }
                }
                Some('i') => {}
                Some(_) => {
                    self.notebook.note(&id, About::Change, Fate::Skipped, "")?;
                    self.console.say(&expected(&lesson.header.changed));
                    return Ok(self.put_back(lesson, &[], &[])?.unwrap_or(Flow::Break(())));
                }
            }
            if let Some(flow) = self.run_changed(lesson, chosen)? {
                return Ok(flow);
            }
        }
    }

    /// Runs the changed lesson, as often as somebody wants to see it. Nothing where it does not compile.
    fn run_changed(&mut self, lesson: &mut Lesson<'_>, chosen: usize) -> Result<Option<Flow>> {
        loop {
            match self.perform(lesson, lesson.place)? {
                Ok(series) => {
                    if let Some(flow) = self.judge_change(lesson, chosen, &series)? {
                        return Ok(Some(flow));
                    }
                }
                Err(trouble) => {
                    self.console.say(&trouble);
                    return Ok(None);
                }
            }
        }
    }

    /// The line to change, before and after, and the question.
    fn change_asked(&self, lesson: &Lesson<'_>) -> Vec<String> {
        let width = self.console.width();
        let Header { old, new, changed: question, .. } = &lesson.header;
        let mut screen = self.heading(lesson);
        screen.push(String::new());
        let place = match line_of(lesson.desk.before(), old) {
            Some(line) => format!("The change, in {}:{line}", lesson.place.path),
            None => format!("The change, made already in {}", lesson.place.path),
        };
        screen.extend(lines(&place, width));
        screen.push(String::new());
        for (sign, code, style) in [("-", old, BAD), ("+", new, GOOD)] {
            let wrapped = wrap_code(code, width.saturating_sub(2));
            screen.extend(wrapped.iter().map(|line| paint(style, format!("{sign} {line}"))));
        }
        screen.push(String::new());
        screen.extend(lines(&question.asked(), width));
        screen.extend(self.choices(question, width, false));
        screen
    }

    /// What became of the changed lesson, beside what was predicted; then it is put back, or stays, or is
    /// run again.
    fn judge_change(
        &mut self,
        lesson: &mut Lesson<'_>,
        chosen: usize,
        series: &Series,
    ) -> Result<Option<Flow>> {
        let width = self.console.width();
        let made = lesson.edit();
        let question = &lesson.header.changed;
        let is_other = made != Edit::Suggested(lesson.header.then);
        let before = lesson.before.as_ref().filter(|_| question.other().is_some());
        let (fate, mut screen) = self.judged(lesson, question, chosen, series, before, is_other);
        let note = match made {
            Edit::Suggested(_) => None,
            Edit::None => {
                Some("Nothing is changed: this is the lesson as it was shipped.".to_owned())
            }
            Edit::Other if lesson.desk.has_more_changed(&lesson.header) => Some(
                "The code is changed as above, and so is what stands above or below it: undo that, and this \
                 is known to be the change. What follows is held against the lesson as it was shipped."
                    .to_owned(),
            ),
            Edit::Other => Some(format!(
                "This is another change than the one above. {} What follows is held against the lesson as it \
                 was shipped.",
                explain::reached(series).unwrap_or_default()
            )),
        };
        screen.extend(note.iter().flat_map(|note| marked(&paint(UNSURE, "!"), note, width)));
        screen.extend(complaints(series, width));
        self.notebook.note(&lesson.place.id(), About::Change, fate, &question.choices[chosen])?;
        self.put_back(lesson, &screen, &[AGAIN])
    }

    /// Asks below a screen what is to become of what was changed. Nothing where it is to be run again, if it
    /// may be.
    fn put_back(
        &mut self,
        lesson: &mut Lesson<'_>,
        screen: &[String],
        again: &[char],
    ) -> Result<Option<Flow>> {
        let is_changed = lesson.desk.is_changed();
        let back = if is_changed { "puts it back, k keeps it" } else { "goes on" };
        let run = if again.is_empty() { "" } else { ", r runs it again" };
        let kept: &[char] = if is_changed { &['k'] } else { &[] };
        let prompt = format!("Enter {back}{run}");
        let answer = self.console.ask_below(screen, &prompt, &[again, kept].concat(), Some(' '))?;
        match answer {
            Some(AGAIN) => return Ok(None),
            Some('k') => lesson.desk.keep(),
            Some(_) if is_changed => {
                let folder = root().join("target/learn");
                if let Some(copy) = lesson.desk.put_back(&lesson.header, &folder)? {
                    self.console.say(&format!("What you wrote is in {}.", copy.display()));
                    return Ok(Some(flow(self.console.ask("Enter goes on", &[], Some(' '))?)));
                }
            }
            _ => {}
        }
        Ok(Some(flow(answer)))
    }

    /// What each of a lesson's screens begins with.
    fn heading(&self, lesson: &Lesson<'_>) -> Vec<String> {
        let how_far = match self.notebook.score() {
            (_, 0) => format!("lesson {} of {}", lesson.number, self.lessons),
            (right, asked) => {
                format!("lesson {} of {}, {right} of {asked} right", lesson.number, self.lessons)
            }
        };
        let is_run = lesson.before.is_some();
        let name = if is_run { lesson.place.id() } else { lesson.place.name.clone() };
        heading(&name, &how_far, self.console.width())
    }

    /// The run as lanes, or both on one axis; and for the first time what their characters mean.
    fn picture(&mut self, series: &Series, both: Option<[(&str, &Series); 2]>) -> Vec<String> {
        let width = self.console.width();
        let drawn = match both {
            Some(both) => explain::drawn_beside(both, width),
            None => explain::drawn(series, width),
        };
        let (picture, legend) = drawn.unwrap_or_default();
        let mut lines: Vec<_> = picture.lines().map(str::to_owned).collect();
        lines.extend(self.legend.news(&legend, width));
        lines.push(String::new());
        lines
    }
}

/// What is said of a lesson's file that is not what a lesson's file has to be.
pub(super) fn damage(place: &Place, error: &Error) -> String {
    let path = place.path;
    format!(
        "Nobody can be asked about {path} as it is: {error:#}. `git checkout {path}` puts it back."
    )
}

/// The letters that stand for a question's choices.
fn letters(question: &Question) -> Vec<char> {
    ('a'..).take(question.choices.len()).collect()
}

/// What is said below a question, and below code of which there is more.
fn prompt(question: &Question, about: About, is_cut: bool) -> String {
    let last = letters(question).last().copied().unwrap_or('a');
    let more = if is_cut { ", w all code" } else { "" };
    let skipped = match about {
        About::Run => "it",
        About::Change => "the change",
    };
    format!("Letter and Enter: a to {last}{more}, s skips {skipped}")
}

/// What is said to a prediction that nobody wants to see tried.
fn expected(question: &Question) -> String {
    format!("Expected is: {}. {}", question.choices[question.answer], question.because)
}

/// What is said to a prediction: paragraphs, each behind a sign.
fn said(
    question: &Question,
    chosen: usize,
    measured: Option<Measured>,
    is_other: bool,
) -> (Fate, Vec<(String, String)>) {
    let written = (!is_other).then_some(question.answer);
    let seen = measured.as_ref().and_then(|measured| measured.choice);
    let right = seen.or(written);
    // Where a run was to show it and could not, what is written is no more than expected.
    let is_open = question.by.is_some() && seen.is_none();
    let (fate, sign) = match right.filter(|_| !is_open) {
        Some(right) if right == chosen => (Fate::Right, paint(GOOD, glyph("✓", "+"))),
        Some(_) => (Fate::Wrong, paint(BAD, glyph("✗", "X"))),
        None => (Fate::Open, paint(UNSURE, "?")),
    };
    let choice = |place: usize| question.choices[place].as_str();
    let mut text = format!("You said: {}.", choice(chosen));
    if let Some(measured) = &measured {
        text += &format!(" {}", measured.sentence);
    }
    let is_told =
        |right: &usize| measured.as_ref().is_some_and(|it| it.sentence.contains(choice(*right)));
    let is_plain = |right: &usize| *right == chosen && !is_open;
    if let Some(right) = right.filter(|right| !is_plain(right) && !is_told(right)) {
        text += &format!(" {} is: {}.", if is_open { "Expected" } else { "Right" }, choice(right));
    }
    let mut said = vec![(sign, text)];
    match written {
        Some(written) if seen.is_some_and(|seen| seen != written) => said.push((
            paint(UNSURE, "!"),
            format!(
                "Written is another answer: {}. What was measured here counts; a machine with fewer \
                 cores, or a busy one, may differ. {}",
                choice(written),
                question.because
            ),
        )),
        Some(_) if !question.because.is_empty() => said.push((" ".to_owned(), question.because.clone())),
        _ => {}
    }
    (fate, said)
}

/// What is wrong with a run, or could not be shown: in few words where the machine was in the way.
fn complaints(series: &Series, width: usize) -> Vec<String> {
    let questions = series.questions().into_iter().map(|question| (BOLD, question));
    let faults = questions.chain(series.faults().into_iter().map(|fault| (BAD, fault)));
    let doubts = series.doubts();
    let why = series.disturbance().filter(|_| !doubts.is_empty());
    let doubts = why.map_or(doubts, |why| vec![why]).into_iter().map(|doubt| (DIM, doubt));
    faults
        .chain(doubts)
        .flat_map(|(style, text)| marked(&paint(style, "!"), &text, width))
        .collect()
}
