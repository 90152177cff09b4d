//! Lanes that grow while a program runs, drawn from nothing but the lines that have come.
//!
//! A program's trace is read when it has ended. What an audience sees until then is when each task said
//! something: a lane begins with a task's first line, and goes on as long as the program does, or until
//! the task prints something else than steps. All lanes begin with the same scale, that of the slowest
//! quadrant, so that short runs look short.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use draw::text::fitted;
use draw::{axis_cells, colours, terminal_width};
use lanes::{Columns, Time};

use crate::cursor;
use crate::explain;
use crate::process::{Line, Stream};
use crate::show::{DIM, TaskColours, columns_of, has_unicode, paint, printable};

/// How often a terminal is drawn to.
const FRAME: Duration = Duration::from_millis(50);

/// Lanes on a terminal whose cursor can be moved, below whatever stands there. They are gone when the value
/// is.
pub(crate) struct Live {
    lines: Option<Sender<Line>>,
    painter: Option<JoinHandle<()>>,
}

/// What stands beside growing lanes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    /// A line above them, gone with them.
    pub(crate) heading: Option<String>,
    /// Whether the program's lines are printed above them, and stay.
    pub(crate) lines: bool,
}

impl Live {
    /// Begins to draw, on a scale that is so long at first.
    pub(crate) fn begin(length: Duration, beside: Beside) -> Live {
        let (lines, arriving) = mpsc::channel::<Line>();
        let painter = thread::spawn(move || paint_until_the_end(length, &beside, &arriving));
        Live { lines: Some(lines), painter: Some(painter) }
    }

    /// A line has come.
    pub(crate) fn line(&self, line: &Line) {
        // Where nobody paints any longer, there is nothing to be seen.
        let _ = self.lines.as_ref().map(|lines| lines.send(line.clone()));
    }
}

fn paint_until_the_end(length: Duration, beside: &Beside, arriving: &Receiver<Line>) {
    let (mut picture, mut colours, mut rows) = (Growing::new(length), TaskColours::default(), 0);
    loop {
        match arriving.recv_timeout(FRAME) {
            Ok(line) => {
                if beside.lines {
                    repaint(rows, &[]);
                    rows = 0;
                    explain::line(&line, &mut colours);
                }
                picture.add(&line);
            }
            Err(RecvTimeoutError::Timeout) => {
                let drawn = picture.draw(terminal_width() - 1);
                let drawn: Vec<_> = beside.heading.iter().cloned().chain(drawn).collect();
                repaint(rows, &drawn);
                rows = drawn.len();
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    repaint(rows, &[]);
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.lines.take());
        let _ = self.painter.take().map(JoinHandle::join);
    }
}

/// Draws these rows in the place of so many that were drawn last.
fn repaint(before: usize, rows: &[String]) {
    let up = if before > 0 { format!("\u{1b}[{before}A") } else { String::new() };
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    cursor::draw(&format!("{up}\r\u{1b}[J"), &rows);
}

/// A run as far as its lines tell.
struct Growing {
    /// How long the scale is.
    length: Duration,
    /// When the program began, by its first line.
    began: Option<Instant>,
    colours: TaskColours,
    lanes: Vec<Lane>,
    last: String,
}

struct Lane {
    name: String,
    colour: usize,
    /// When it said what, as one character.
    marks: Vec<(Duration, char)>,
    end: Option<Duration>,
}

impl Growing {
    fn new(length: Duration) -> Growing {
        let colours = TaskColours::default();
        Growing { length, began: None, colours, lanes: Vec::new(), last: String::new() }
    }

    fn add(&mut self, line: &Line) {
        if line.stream == Stream::Error {
            return;
        }
        let at = line.arrival;
        self.began
            .get_or_insert_with(|| Instant::now().checked_sub(at).unwrap_or_else(Instant::now));
        self.last = printable(&line.text);
        let Some(colour) = self.colours.place(&line.text) else { return };
        let (name, said) = line.text.split_once(" - ").unwrap_or((&line.text, ""));
        let known = self.lanes.iter().position(|lane| lane.name == name);
        let place = known.unwrap_or_else(|| {
            self.lanes.push(Lane { name: name.to_owned(), colour, marks: Vec::new(), end: None });
            self.lanes.len() - 1
        });
        let step = said.strip_prefix("Step ").and_then(|step| step.chars().next());
        let lane = &mut self.lanes[place];
        lane.marks.push((at, step.unwrap_or(if has_unicode() { '•' } else { '*' })));
        lane.end = if step.is_none() && lane.marks.len() > 1 { Some(at) } else { None };
    }

    /// The picture as it is now, in rows of so many columns.
    fn draw(&mut self, width: usize) -> Vec<String> {
        let now = self.began.map_or(Duration::ZERO, |began| began.elapsed());
        self.draw_at(now, width)
    }

    /// An axis, a row a task, and the last line.
    fn draw_at(&mut self, now: Duration, width: usize) -> Vec<String> {
        const LABEL: usize = 14;
        const MOST_LANES: usize = 6;
        while now > self.length {
            self.length *= 2;
        }
        let columns = Columns { length: nanoseconds(self.length), count: width.max(40) - LABEL };
        let axis: String = axis_cells(&columns, has_unicode()).into_iter().collect();
        let mut rows = vec![paint(DIM, format!("{:LABEL$}{}", "", axis.trim_end()))];
        for lane in self.lanes.iter().take(MOST_LANES) {
            let label = fitted(&printable(&lane.name), LABEL - 1, '~');
            let row = format!("{label} {}", lane.cells(&columns, now));
            rows.push(paint(colours::style(lane.colour), row));
        }
        let room = columns.count;
        let last = if columns_of(&self.last) > room {
            fitted(&self.last, room, '~')
        } else {
            self.last.clone()
        };
        rows.push(paint(DIM, format!("{:LABEL$}{last}", "")));
        rows
    }
}

impl Lane {
    /// The lane as far as it goes, with what it said.
    fn cells(&self, columns: &Columns, now: Duration) -> String {
        let column = |time: Duration| columns.at(nanoseconds(time));
        let start = self.marks.first().map_or(0, |(time, _)| column(*time));
        let end = column(self.end.unwrap_or(now)).max(start);
        let mut cells = vec![' '; end + 1];
        cells[start..].fill(if has_unicode() { '─' } else { '-' });
        for (time, mark) in &self.marks {
            cells[column(*time).min(end)] = *mark;
        }
        cells.into_iter().collect()
    }
}

fn nanoseconds(time: Duration) -> Time {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: u64, text: &str) -> Line {
        Line {
            text: text.to_owned(),
            stream: Stream::Output,
            number: 1,
            arrival: Duration::from_millis(at),
            broken: false,
            half: false,
            cut: 0,
        }
    }

    /// The lanes of two tasks after so many milliseconds, without colour.
    fn drawn(now: u64, width: usize) -> Vec<String> {
        let mut picture = Growing::new(Duration::from_millis(400));
        let lines = [
            line(0, "Task A - Step 1"),
            line(100, "Task B - Step 1"),
            line(200, "Task A - 78498 primes"),
            line(210, "a line of nobody's"),
        ];
        lines
            .iter()
            .filter(|line| line.arrival.as_millis() <= now.into())
            .for_each(|it| picture.add(it));
        let rows = picture.draw_at(Duration::from_millis(now), width);
        rows.iter().map(|row| anstream::adapter::strip_str(row).to_string()).collect()
    }

    #[test]
    fn lanes_grow_until_their_task_has_said_its_last_line() {
        let (mark, lane) = if has_unicode() { ('•', '─') } else { ('*', '-') };
        let row = |text: &str| text.replace('•', &mark.to_string()).replace('─', &lane.to_string());
        assert_eq!(
            drawn(300, 54)[1..],
            [
                row("Task A        1───────────────────•"),
                row("Task B                  1────────────────────"),
                "              a line of nobody's".to_owned(),
            ]
        );
        assert_eq!(drawn(100, 54)[1], row("Task A        1──────────"));
    }

    #[test]
    fn a_run_that_takes_longer_than_the_scale_makes_it_longer() {
        assert!(drawn(300, 80)[0].contains("300"), "{:?}", drawn(300, 80));
        assert!(drawn(700, 80)[0].contains("600 ms"), "{:?}", drawn(700, 80));
    }

    #[test]
    fn no_row_is_wider_than_it_may_be() {
        for width in [40, 60, 100] {
            for row in drawn(2_000, width) {
                assert!(columns_of(&row) <= width, "{row}");
            }
        }
    }
}
