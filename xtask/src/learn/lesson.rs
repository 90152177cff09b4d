//! One lesson, screen by screen: the question, the run, the change, the changed run.

use std::ops::ControlFlow;

use anyhow::Result;
use words::Quadrant;

use super::desk::Desk;
use super::notebook::{About, Fate, Notebook};
use super::text::{heading, lines, marked};
use super::workshop::Workshop;
use crate::build::root;
use crate::console::Console;
use crate::extract::{extract, wrap_code};
use crate::header::{Header, Measure, Question, line_of};
use crate::measure::{self, Measured, length, measure};
use crate::process::Interrupted;
use crate::series::Series;
use crate::shelf::{Edit, Place, edit};
use crate::show::{BAD, BOLD, DIM, GOOD, UNSURE, columns_of, duration, glyph, paint};
use crate::{explain, timing};

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
    /// Whether somebody was told what the characters of a picture mean.
    pub(super) has_legend: bool,
}

/// A lesson in the guide's hands.
struct Lesson<'a> {
    number: usize,
    place: &'a Place,
    header: Header,
    desk: Desk,
    /// Whether what is written about it need not hold, since it is not as it was shipped.
    is_other: bool,
    /// Whether it was run: before, the folder in which it stands would answer its question.
    is_run: bool,
}

/// Choices of so few columns may stand beside each other.
const SHORT: usize = 8;

/// What somebody chose.
enum Choice {
    Chosen(usize),
    Skipped,
}

impl Guide {
    /// Goes through a lesson.
    pub(super) fn lesson(&mut self, number: usize, place: &Place) -> Result<Flow> {
        if self.put_back_first(place)?.is_break() {
            return Ok(Flow::Break(()));
        }
        let desk = Desk::of(&root().join(place.path))?;
        let header = Header::read(desk.before())?;
        let is_other = edit::of(place.path) != Edit::None;
        let mut lesson = Lesson { number, place, header, desk, is_other, is_run: false };
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

    /// Offers to put a lesson back that is changed already, be it from the last time.
    fn put_back_first(&mut self, place: &Place) -> Result<Flow> {
        let Edit::Suggested(_) = edit::of(place.path) else { return Ok(Flow::Continue(())) };
        let path = root().join(place.path);
        let mut desk = Desk::of(&path)?;
        let header = Header::read(desk.before())?;
        let text = format!("{} is changed already, as its header suggests.", place.path);
        self.console.show(&lines(&text, self.console.width()))?;
        let answer = self.console.ask("p puts it back first, l leaves it", &['p', 'l'], None)?;
        if answer == Some('p') {
            desk.unmake(&header)?;
        }
        Ok(flow(answer))
    }

    /// Shows the code that matters, and asks.
    fn question(&mut self, lesson: &Lesson<'_>) -> Result<Option<Choice>> {
        // Where there is not room for what runs the lesson, the screen is packed more densely.
        let (screen, is_whole) = self.question_screen(lesson, false);
        let screen = if is_whole { screen } else { self.question_screen(lesson, true).0 };
        self.console.show(&screen)?;
        self.choose(lesson.header.question.choices.len(), "skips the lesson")
    }

    /// The claim, the code, the question and its choices; and whether what runs the lesson is shown.
    fn question_screen(&self, lesson: &Lesson<'_>, is_dense: bool) -> (Vec<String>, bool) {
        let width = self.console.width();
        let Header { claim, question, old, .. } = &lesson.header;
        let apart = vec![String::new(); usize::from(!is_dense)];
        let above = [self.heading(lesson), lines(claim, width), apart.clone()].concat();
        let asked = lines(&question.asked(), width);
        let below = [apart, asked, self.choices(question, width, is_dense)].concat();
        let height = if self.console.has_screen { self.console.height() } else { 40 };
        let room = height.saturating_sub(above.len() + below.len()).max(3);
        let (code, is_whole) = extract(lesson.desk.before(), old, room, width.saturating_sub(2));
        let code = code.iter().map(|line| format!("  {line}"));
        (above.into_iter().chain(code).chain(below).collect(), is_whole)
    }

    /// Asks for one of so many choices.
    fn choose(&self, choices: usize, skipping: &str) -> Result<Option<Choice>> {
        let letters: Vec<char> = ('a'..).take(choices).collect();
        let prompt = format!("a to {}, s {skipping}", letters[choices - 1]);
        let keys: Vec<char> = letters.iter().copied().chain(['s']).collect();
        let answer = self.console.ask(&prompt, &keys, None)?;
        Ok(answer.map(|key| match letters.iter().position(|letter| *letter == key) {
            Some(chosen) => Choice::Chosen(chosen),
            None => Choice::Skipped,
        }))
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
        let line = |((letter, choice), meaning): ((char, &String), &Option<String>)| match meaning {
            Some(meaning) if 3 + widest + 3 + columns_of(meaning) <= width => {
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

    /// Runs the lesson, and shows what happened beside what was predicted.
    fn run(&mut self, lesson: &mut Lesson<'_>, chosen: usize) -> Result<Flow> {
        let performed = self.perform(lesson)?;
        lesson.is_run = true;
        let question = &lesson.header.question;
        let fate = match performed {
            Ok(series) => {
                let width = self.console.width();
                let mut screen = self.heading(lesson);
                screen.push(String::new());
                screen.extend(self.picture(&series));
                let measured = measure(question, &series, &self.workshop.conditions);
                let (fate, said) = said(question, chosen, measured, lesson.is_other);
                screen
                    .extend(said.into_iter().flat_map(|(sign, text)| marked(&sign, &text, width)));
                screen.extend(complaints(&series, width));
                self.console.show(&screen)?;
                fate
            }
            Err(trouble) => {
                self.console.say(&trouble);
                Fate::Open
            }
        };
        self.notebook.note(&lesson.place.id(), About::Run, fate, &question.choices[chosen])?;
        Ok(flow(self.console.ask("Enter goes on to the change", &[], Some(' '))?))
    }

    /// Builds and runs the lesson as it is now; or says why that cannot be.
    fn perform(&mut self, lesson: &Lesson<'_>) -> Result<Result<Series, String>> {
        self.console.clear();
        let program = match self.workshop.program(lesson.place) {
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => return Ok(Err(format!("{error:#}. Cargo has said why, above."))),
            Ok(program) => program,
        };
        let mut screen = self.heading(lesson);
        screen.push(String::new());
        self.console.show(&screen)?;
        let program = program.as_its_header_says().unwrap_or(program);
        self.workshop.run(program).map(Ok)
    }

    /// Shows the change, asks what it will do, and has it made.
    fn change(&mut self, lesson: &mut Lesson<'_>) -> Result<Flow> {
        let question = quadrants();
        self.show_change(lesson, &question)?;
        let id = lesson.place.id();
        let chosen = match self.choose(question.choices.len(), "skips the change")? {
            None => return Ok(Flow::Break(())),
            Some(Choice::Skipped) => {
                self.notebook.note(&id, About::Change, Fate::Skipped, "")?;
                return Ok(Flow::Continue(()));
            }
            Some(Choice::Chosen(chosen)) => chosen,
        };
        loop {
            let prompt = "m makes the change for you, i: I have made it, s skips it";
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
                    return self.put_back(lesson);
                }
            }
            match self.perform(lesson)? {
                Ok(series) => return self.judge_change(lesson, &question, chosen, &series),
                Err(trouble) => self.console.say(&trouble),
            }
        }
    }

    /// The line to change, before and after, and the question.
    fn show_change(&mut self, lesson: &Lesson<'_>, question: &Question) -> Result<()> {
        let width = self.console.width();
        let Header { old, new, .. } = &lesson.header;
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
        screen.extend(lines(&question.text, width));
        screen.extend(self.choices(question, width, false));
        self.console.show(&screen)
    }

    /// What became of the changed lesson, beside what was predicted; then it is put back, or stays.
    fn judge_change(
        &mut self,
        lesson: &mut Lesson<'_>,
        question: &Question,
        chosen: usize,
        series: &Series,
    ) -> Result<Flow> {
        let width = self.console.width();
        let made = edit::of(lesson.place.path);
        let question = match made {
            Edit::Suggested(then) => Question {
                answer: Quadrant::ALL.iter().position(|it| *it == then).unwrap_or(0),
                because: lesson.header.why().to_owned(),
                ..question.clone()
            },
            Edit::None | Edit::Other => question.clone(),
        };
        let measured = measure(&question, series, &self.workshop.conditions);
        let (fate, said) =
            said(&question, chosen, measured, made != Edit::Suggested(lesson.header.then));
        let mut screen = self.heading(lesson);
        screen.push(String::new());
        screen.extend(self.picture(series));
        screen.extend(said.into_iter().flat_map(|(sign, text)| marked(&sign, &text, width)));
        let note = match made {
            Edit::Suggested(_) => None,
            Edit::None => {
                Some("Nothing is changed: this is the lesson as it was shipped.".to_owned())
            }
            Edit::Other => Some("This is another change than the one above.".to_owned())
                .map(|note| [note, explain::reached(series).unwrap_or_default()].join(" ")),
        };
        screen.extend(note.iter().flat_map(|note| marked(&paint(UNSURE, "!"), note, width)));
        screen.extend(complaints(series, width));
        self.notebook.note(&lesson.place.id(), About::Change, fate, &question.choices[chosen])?;
        self.console.show(&screen)?;
        self.put_back(lesson)
    }

    /// Asks what is to become of what was changed.
    fn put_back(&mut self, lesson: &mut Lesson<'_>) -> Result<Flow> {
        if !lesson.desk.is_changed() {
            return Ok(flow(self.console.ask("Enter goes on", &[], Some(' '))?));
        }
        let prompt = "Enter puts the lesson back as it was, k keeps the change";
        let answer = self.console.ask(prompt, &['k'], Some(' '))?;
        match answer {
            None => {}
            Some('k') => lesson.desk.keep(),
            Some(_) => {
                if let Some(copy) = lesson.desk.put_back(&root().join("target/learn"))? {
                    self.console.say(&format!("What you wrote is in {}.", copy.display()));
                    return Ok(flow(self.console.ask("Enter goes on", &[], Some(' '))?));
                }
            }
        }
        Ok(flow(answer))
    }

    /// What each of a lesson's screens begins with.
    fn heading(&self, lesson: &Lesson<'_>) -> Vec<String> {
        let how_far = match self.notebook.score() {
            (_, 0) => format!("lesson {} of {}", lesson.number, self.lessons),
            (right, asked) => {
                format!("lesson {} of {}, {right} of {asked} right", lesson.number, self.lessons)
            }
        };
        let name = if lesson.is_run { lesson.place.id() } else { lesson.place.name.clone() };
        heading(&name, &how_far, self.console.width())
    }

    /// The run as lanes, and for the first time what their characters mean.
    fn picture(&mut self, series: &Series) -> Vec<String> {
        let drawn = explain::drawn(series, self.console.width());
        let (picture, legend) = drawn.unwrap_or_default();
        let legend = if self.has_legend { "" } else { legend.as_str() };
        self.has_legend = true;
        let mut lines: Vec<_> = picture.lines().chain(legend.lines()).map(str::to_owned).collect();
        lines.push(String::new());
        lines
    }
}

/// Which quadrant a changed lesson is in: the question that is the same in all lessons.
fn quadrants() -> Question {
    Question {
        text: "In which quadrant is its run then?".to_owned(),
        choices: Quadrant::ALL.map(explain::name).to_vec(),
        by: Some(Measure::Verdict),
        answer: 0,
        because: String::new(),
    }
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
    let (fate, sign) = match right {
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
    if let Some(right) = right.filter(|right| *right != chosen && !is_told(right)) {
        text += &format!(" Right is: {}.", choice(right));
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

/// What is wrong with a run, or could not be shown.
fn complaints(series: &Series, width: usize) -> Vec<String> {
    let questions = series.questions().into_iter().map(|question| (BOLD, question));
    let faults = questions.chain(series.faults().into_iter().map(|fault| (BAD, fault)));
    let doubts = series.doubts().into_iter().map(|doubt| (DIM, doubt));
    faults
        .chain(doubts)
        .flat_map(|(style, text)| marked(&paint(style, "!"), &text, width))
        .collect()
}
