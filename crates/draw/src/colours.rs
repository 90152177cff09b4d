//! The one table of colours: a task has the same one in the terminal, on a page, and in every picture.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::text::paint;

/// A colour of a task.
#[derive(Clone, Copy, Debug)]
pub struct Colour {
    /// In a terminal.
    pub terminal: AnsiColor,
    /// On a light page, where blocks of it carry white letters.
    pub light: &'static str,
    /// On a dark page, where blocks of it carry black letters.
    pub dark: &'static str,
}

/// How many colours there are; after that they begin anew.
pub const COLOURS: usize = 6;

/// The colours of tasks. Letters upon a block of one, and one upon the page, have a contrast of at least 4.5
/// to 1 (WCAG 2, success criterion 1.4.3).
pub const TASKS: [Colour; COLOURS] = [
    colour(AnsiColor::Cyan, "#0a6f8f", "#4cc3e6"),
    colour(AnsiColor::Magenta, "#a3318f", "#e58fd8"),
    colour(AnsiColor::Yellow, "#6b6b00", "#d6d24a"),
    colour(AnsiColor::Green, "#1f7a37", "#6cc77a"),
    colour(AnsiColor::Blue, "#3a5bc7", "#93aaff"),
    colour(AnsiColor::Red, "#b93226", "#ff9488"),
];

const fn colour(terminal: AnsiColor, light: &'static str, dark: &'static str) -> Colour {
    Colour { terminal, light, dark }
}

/// The style of a task's text in a terminal.
pub fn style(colour: usize) -> Style {
    TASKS[colour % COLOURS].terminal.on_default()
}

/// The table as a page's variables: `--task0: #0a6f8f;` and so on.
pub fn variables(of: impl Fn(&Colour) -> &'static str) -> String {
    let mut css = String::new();
    for (place, colour) in TASKS.iter().enumerate() {
        write!(css, "--task{place}: {}; ", of(colour)).expect("a string takes any text");
    }
    css.truncate(css.trim_end().len());
    css
}

/// The places of tasks' colours in the table: see [`place`]. The others have what is left, in their order.
pub fn places<'a>(names: impl IntoIterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut colours = TaskColours::default();
    let mut seen = HashSet::new();
    let names: Vec<&str> = names.into_iter().filter(|&name| seen.insert(name)).collect();
    // Those that have a colour by their name take it first, so that no other one does.
    let (own, others): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| place(name).is_some());
    own.into_iter().chain(others).map(|name| (name, colours.of(name))).collect()
}

/// The place of a task's colour, where its name tells: `A` has the first and `B` the second, and `0` the first
/// and `1` the second. So a task keeps its colour whoever prints first.
pub fn place(name: &str) -> Option<usize> {
    let last = name.rsplit([' ', '-', '_', '#']).next()?;
    let mut letters = last.chars();
    match (letters.next()?, letters.next()) {
        (letter, None) if letter.is_ascii_alphabetic() => {
            Some(usize::from(letter.to_ascii_uppercase() as u8 - b'A'))
        }
        _ => last.parse().ok(),
    }
}

/// Gives every task a colour, which it keeps for the length of a run.
#[derive(Debug, Default)]
pub struct TaskColours {
    seen: HashMap<String, usize>,
}

impl TaskColours {
    /// The line in the colour of the task that it names.
    pub fn paint(&mut self, line: &str) -> String {
        self.style(line).map_or_else(|| line.to_owned(), |style| paint(style, line))
    }

    /// The colour of the task that the line names, if it names one.
    pub fn style(&mut self, line: &str) -> Option<Style> {
        self.place(line).map(style)
    }

    /// The place of the colour of the task that the line names, if it is of the form `Task A - …` or
    /// `Processing 1`.
    pub fn place(&mut self, line: &str) -> Option<usize> {
        let name = match line.split_once(" - ") {
            Some((task, _)) if task.starts_with("Task ") => task,
            None if line.starts_with("Processing ") => line,
            _ => return None,
        };
        Some(self.of(name))
    }

    /// The place of a task's colour: by its name, or else the first that nobody has.
    fn of(&mut self, name: &str) -> usize {
        if let Some(&known) = self.seen.get(name) {
            return known;
        }
        let is_free = |colour: &usize| !self.seen.values().any(|taken| taken % COLOURS == *colour);
        let free = || (0..COLOURS).find(is_free).unwrap_or(self.seen.len());
        let colour = place(name).unwrap_or_else(free) % COLOURS;
        self.seen.insert(name.to_owned(), colour);
        colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_keeps_its_colour() {
        let mut colours = TaskColours::default();
        let first = colours.paint("Task A - Step 1");
        assert_ne!(first, colours.paint("Task B - Step 1"));
        assert_eq!(first.replace('1', "2"), colours.paint("Task A - Step 2"));
        assert_eq!(colours.paint("plain"), "plain");
    }

    #[test]
    fn a_task_has_the_same_colour_whoever_prints_first() {
        let [mut one, mut other] = [TaskColours::default(), TaskColours::default()];
        other.paint("Task B - Step 1");
        assert_eq!(one.paint("Task A - Step 1"), other.paint("Task A - Step 1"));
        assert_eq!(places(["B", "A"]), places(["A", "B"]));
        assert_eq!(places(["A", "B"])["B"], place("Task B").expect("a letter"));
    }

    #[test]
    fn tasks_that_are_numbered_through_have_different_colours() {
        for first in 0..3 {
            let names: Vec<String> =
                (first..first + COLOURS).map(|number| format!("Task {number}")).collect();
            let places = places(names.iter().map(String::as_str));
            assert_eq!(places.values().collect::<HashSet<_>>().len(), COLOURS, "{places:?}");
        }
    }

    #[test]
    fn tasks_without_a_letter_take_what_is_left() {
        let places = places(["squares", "A", "cubes"]);
        let different: HashSet<usize> = places.values().copied().collect();
        assert_eq!((places["A"], different.len()), (0, 3), "{places:?}");
    }

    #[test]
    fn letters_on_a_block_can_be_read() {
        /// The relative luminance of a colour, by WCAG 2.
        fn luminance(colour: &str) -> f64 {
            let part = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits");
            let linear = |part: u8| match f64::from(part) / 255.0 {
                small if small <= 0.040_45 => small / 12.92,
                part => ((part + 0.055) / 1.055).powf(2.4),
            };
            0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
        }
        for Colour { light, dark, .. } in TASKS {
            assert!(1.05 / (luminance(light) + 0.05) >= 4.5, "white on {light}");
            assert!((luminance(dark) + 0.05) / 0.05 >= 4.5, "black on {dark}");
        }
    }
}
