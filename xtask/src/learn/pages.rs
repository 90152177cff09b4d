//! What is said before lessons and between them, a screen each.

use anyhow::Result;
use words::Quadrant;

use super::lesson::{Flow, Guide, flow};
use super::text::{heading, lines, marked};
use crate::explain;
use crate::shelf::Place;

/// What a page says, piece by piece.
enum Piece {
    /// In lines of its own, below an empty one.
    Text(String),
    /// Behind a mark, right below what stands above.
    Mark(&'static str),
    /// The four quadrants.
    Quadrants,
}

use Piece::{Mark, Quadrants, Text};

/// A paragraph.
fn text(said: &str) -> Piece {
    Text(said.to_owned())
}

impl Guide {
    /// Says what all lessons have in common, in words that need no others.
    pub(super) fn welcome(&self) -> Result<Flow> {
        self.page("Concurrency is not parallelism", &welcome(self.lessons, cells()), "begins")
    }

    /// Says what a future is, where the first one comes.
    pub(super) fn explain_futures(&self) -> Result<Flow> {
        self.page("From here on: futures", &futures(), "goes on")
    }

    /// Says what the lessons of a chapter have shown, when they are over.
    pub(super) fn sum_up(&self, chapter: Quadrant) -> Result<Flow> {
        let title = format!("Behind you: {}", explain::name(chapter));
        self.page(&title, &summary(chapter), "goes on")
    }

    /// Shows a page, and waits until it was read.
    fn page(&self, title: &str, pieces: &[Piece], next: &str) -> Result<Flow> {
        let page = laid_out(title, pieces, self.console.width());
        Ok(flow(self.console.ask_below(&page, &format!("Enter {next}"), &[], Some(' '))?))
    }
}

/// A page in lines.
fn laid_out(title: &str, pieces: &[Piece], width: usize) -> Vec<String> {
    let mut page = heading(title, "", width);
    for piece in pieces {
        match piece {
            Text(said) => {
                page.push(String::new());
                page.extend(lines(said, width));
            }
            Mark(said) => page.extend(marked("  -", said, width)),
            Quadrants => page.extend(quadrants()),
        }
    }
    page
}

/// How many lessons are the small program itself, in a quadrant and on a runtime.
fn cells() -> usize {
    Place::all().iter().filter(|place| place.path.contains("/on_")).count()
}

/// What all lessons have in common.
fn welcome(lessons: usize, cells: usize) -> Vec<Piece> {
    vec![
        Text(format!(
            "{lessons} lessons: {cells} are one small program, and {} vary it. Three tasks, A, B and C, \
             have three steps each. A step",
            lessons - cells
        )),
        Mark("prints a line, such as Task A - Step 1;"),
        Mark("waits 20 ms, as if for an answer: it needs no core;"),
        Mark("computes about as long: it counts primes, on a core."),
        text(
            "A core computes, one thing at a time. A thread is a line of execution: the system lends it a \
             core. A task's last line says how many primes it found. Two questions. Concurrent: were \
             two tasks in progress at once, begun and not finished? Parallel: were two threads \
             executing at once, on two cores?",
        ),
        Quadrants,
        text(
            "Read, predict, see, change a line, see again. (A file's answers stand below its code: do \
             not scroll down too early.)",
        ),
    ]
}

/// What a future is, and who polls it.
fn futures() -> Vec<Piece> {
    vec![
        text(
            "An async fn returns a future, which does nothing until it is polled: unlike a JavaScript \
             promise or a C# task it has not begun. To poll it is to run it until it is finished, or \
             has to wait. While it waits so does the future that awaits it, and the thread is free for \
             others.",
        ),
        text("At the bottom stands a runtime, or executor:"),
        Mark("block_on polls a future on this thread until it ends;"),
        Mark(
            "spawn hands it a future to poll, as a task, and returns a handle, by which one awaits it;",
        ),
        Mark("join! and zip make one future of several;"),
        Mark("a waker tells it whom to poll again, and when."),
        text(
            "None of these makes a thread; but a runtime may have several, and poll what is spawned \
             on any of them. Who polls what, and on which thread, is all there is to it.",
        ),
    ]
}

/// What the lessons of a chapter have shown.
fn summary(chapter: Quadrant) -> Vec<Piece> {
    let mut pieces = vec![Text(format!("That is {}.", explain::meaning(chapter)))];
    pieces.push(text("What its lessons have shown:"));
    pieces.extend(shown(chapter).iter().copied().map(Mark));
    if chapter == Quadrant::Both {
        pieces.push(text(
            "Concurrent is a question about tasks, and parallel one about threads. A program can \
             answer yes to either without the other.",
        ));
    }
    pieces
}

/// The four quadrants as a table.
fn quadrants() -> impl Iterator<Item = String> {
    let rows = [
        ["", "one task at a time", "several tasks in progress"],
        ["one core", "neither", "concurrent only"],
        ["several cores", "parallel only", "both"],
    ];
    rows.into_iter().map(|row| format!("  {:<14}{:<19}{}", row[0], row[1], row[2]))
}

/// What one knows who has gone through the lessons of a chapter.
const fn shown(chapter: Quadrant) -> &'static [&'static str] {
    match chapter {
        Quadrant::Neither => &[
            "A queue, a pool and a channel make nothing concurrent. What counts is who takes the work out.",
            "A future does nothing until somebody polls it. To await one after the other is to do one \
             after the other; so it is to join each thread before the next is spawned.",
            "Three threads that hold one lock for a whole task do the work of one.",
            "One task's lines after the other's tell of tasks, and not of cores: the chapter after the next \
             prints such lines, and computes on several.",
        ],
        Quadrant::ConcurrentOnly => &[
            "join! polls all its tasks on one thread, however many the runtime has. spawn hands tasks to \
             the others, where there are others.",
            "Concurrency gains what is waited: much where tasks wait most of the time, and nothing where \
             they only compute.",
            "Threads that take turns at a lock are not parallel.",
            "Lines that mix prove concurrency. They do not prove a second core: one was enough.",
            "A task that waits costs little, but it does cost something: ask a hundred thousand.",
            "A future that loses a select! is dropped where it waits. (Messages stay in their channels.)",
            "Safe Rust has no data races. It loses updates all the same, where to load and to store are \
             two operations.",
        ],
        Quadrant::ParallelOnly => &[
            "No line of the output tells it: the order is that of neither. It shows in what the cores \
             did; the time tells what was gained.",
            "Parallelism gains what is computed, up to as many times as there are cores. It shortens no \
             wait.",
            "To sleep is no work. Threads that sleep side by side only wait.",
            "A lock costs as much as it is held: around an addition hardly anything, around the work \
             everything.",
        ],
        Quadrant::Both => &[
            "Waits overlap on any number of threads. What is computed needs cores.",
            "Tokio has as many workers as you give it, and spawned tasks compute on all of them. A \
             worker that computes polls nobody.",
            "How much runs in parallel is not written in the code that spawns: it depends on who takes \
             the work, and on how many cores there are.",
            "A fair scheduler is not the fastest: whoever shares evenly lets all tasks finish late.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_fits_on_a_small_screen_with_room_for_what_is_typed() {
        let chapters =
            [Quadrant::Neither, Quadrant::ConcurrentOnly, Quadrant::ParallelOnly, Quadrant::Both];
        let pages = [welcome(Place::all().len(), cells()), futures()];
        for pieces in pages.into_iter().chain(chapters.map(summary)) {
            for (width, height) in [(80, 24), (60, 20)] {
                let page = laid_out("A title", &pieces, width);
                assert!(page.len() < height, "{width}: {} lines: {page:#?}", page.len());
            }
        }
    }

    #[test]
    fn all_lessons_but_the_variations_are_cells() {
        assert_eq!(cells(), 23, "24 cells, and one of them is a gap");
    }
}
