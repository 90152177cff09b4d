//! What is said before lessons and between them, a screen each.

use anyhow::Result;
use words::Quadrant;

use super::lesson::{Flow, Guide, flow};
use super::text::{heading, lines, marked};
use crate::explain;

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
        let pieces = [
            Text(format!(
                "The same small program in {} variations: three tasks, A, B and C, of three steps \
                 each. A step",
                self.lessons
            )),
            Mark("prints a line, such as Task A - Step 1;"),
            Mark("waits for 20 ms, as if for an answer from far away: that needs no core;"),
            Mark("computes for about as long: it counts primes, and that needs a core."),
            text(
                "At its end a task prints how many primes it found. Of each run two things are asked. \
                 Concurrent: were two tasks in progress at once, begun and not finished? Parallel: were \
                 two threads executing at once, on two cores? The answers make four quadrants:",
            ),
            Quadrants,
            text("Read a few lines, predict, see what happens, change a line, see again."),
        ];
        self.page("Concurrency is not parallelism", &pieces, "begins")
    }

    /// Says what a future is, where the first one comes.
    pub(super) fn explain_futures(&self) -> Result<Flow> {
        let pieces = [
            text(
                "An async fn returns a future, which does nothing until somebody polls it. To poll it \
                 is to run it until it is finished, or has to wait.",
            ),
            text(
                "Where it says .await, one future polls another as a part of itself. While the inner \
                 one has to wait, so has the outer one, and the thread goes back to whoever polled that.",
            ),
            text("At the bottom stands a runtime:"),
            Mark("block_on polls a future on this thread until it is finished;"),
            Mark("spawn hands one to the runtime, and returns a handle to await;"),
            Mark("join! and zip make one future of several."),
            text(
                "None of these makes a thread; but a runtime may have several, and poll what is spawned \
                 on any of them. Who polls what, and on which thread, is all there is to it.",
            ),
        ];
        self.page("From here on: futures", &pieces, "goes on")
    }

    /// Says what the lessons of a chapter have shown, when they are over.
    pub(super) fn sum_up(&self, chapter: Quadrant) -> Result<Flow> {
        let mut pieces = vec![Text(format!("That is {}.", explain::meaning(chapter)))];
        pieces.push(text("What its lessons have shown:"));
        pieces.extend(shown(chapter).iter().copied().map(Mark));
        if chapter == Quadrant::Both {
            pieces.push(text(
                "Concurrent is a question about tasks, and parallel one about threads. A program can \
                 answer yes to either without the other.",
            ));
        }
        let title = format!("Behind you: {}", explain::name(chapter));
        self.page(&title, &pieces, "goes on")
    }

    /// Shows a page, and waits until it was read.
    fn page(&self, title: &str, pieces: &[Piece], next: &str) -> Result<Flow> {
        let width = self.console.width();
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
        self.console.show(&page)?;
        Ok(flow(self.console.ask(&format!("Enter {next}"), &[], Some(' '))?))
    }
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
             after the other.",
            "Three threads behind a lock do the work of one.",
        ],
        Quadrant::ConcurrentOnly => &[
            "join! polls all its tasks on one thread, however many the runtime has. It is spawn that \
             hands tasks to the others.",
            "Concurrency gains what is waited: much where tasks wait most of the time, and nothing where \
             they only compute.",
            "Several threads are not parallel where they take turns at a lock.",
            "A task that waits costs little, but it does cost something: ask a hundred thousand.",
            "Whoever loses a select! is dropped where it waits.",
            "Safe Rust has no data races. It loses updates all the same, where to load and to store are \
             two operations.",
        ],
        Quadrant::ParallelOnly => &[
            "No line of the output tells it: the order is that of neither. It shows in the time, and in \
             what the cores did.",
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
