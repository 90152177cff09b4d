//! What came of a class, in a terminal: a student a row, an exercise a column. Where the columns do not fit beside
//! each other, each row has several lines.

use command::show::{BOLD, DIM, columns_of, fitted, glyph, has_unicode, mark, paint, printable};
use judge::Exercise;

use super::graded::{Graded, Row};
use super::submission::Student;

/// How wide a student's name is shown: at most, and at least if it is so long.
const NAME: usize = 24;
const SHORT_NAME: usize = 12;

/// How wide a column is.
const COLUMN: usize = 3;

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// How wide names are.
    name: usize,
    /// How many columns stand beside each other.
    columns: usize,
}

impl Table {
    /// A table of these exercises and students that is no wider than this.
    pub(super) fn new(exercises: &[Exercise], students: &[Student], width: usize) -> Table {
        let of: usize = exercises.iter().map(|exercise| exercise.runs.len()).sum();
        let points = columns_of(&points_of(of, of)).max(columns_of(POINTS));
        let names = students.iter().map(|student| columns_of(&printable(&student.name)));
        Table::fit(exercises.len(), names.max().unwrap_or(0), width - points)
    }

    /// A table of so many columns, and names of up to this width, that is no wider than `room`.
    fn fit(columns: usize, name: usize, room: usize) -> Table {
        let name = name.clamp(1, NAME);
        let (short, all) = (name.min(SHORT_NAME), columns * COLUMN);
        if short + all <= room {
            return Table { name: name.min(room - all), columns };
        }
        // As many in each line as in the others, as far as that is possible.
        let lines = columns.div_ceil((room - short) / COLUMN);
        Table { name: short, columns: columns.div_ceil(lines) }
    }

    /// Its first lines.
    pub(super) fn head(self, exercises: &[Exercise]) -> Vec<String> {
        let numbers = exercises.iter().map(|exercise| format!(" {:02}", exercise.number));
        let lines = self.lines("", &numbers.collect::<Vec<_>>(), POINTS);
        lines.into_iter().map(|line| paint(BOLD, line)).collect()
    }

    /// A student's lines.
    pub(super) fn row(self, row: &Row) -> Vec<String> {
        let signs: Vec<String> = row.cells.iter().map(|cell| format!("  {}", sign(cell))).collect();
        self.lines(&printable(&row.student), &signs, &points_of(row.points(), row.of()))
    }

    /// What belongs to one row, of whose signs each takes a [column](COLUMN). The points stand in the last line.
    fn lines(self, name: &str, signs: &[String], points: &str) -> Vec<String> {
        let cut = if has_unicode() { '…' } else { '~' };
        let names = [name].into_iter().chain(std::iter::repeat(""));
        let lines = names.zip(signs.chunks(self.columns));
        let mut lines: Vec<String> =
            lines.map(|(name, signs)| fitted(name, self.name, cut) + &signs.concat()).collect();
        if let (Some(line), Some(signs)) = (lines.last_mut(), signs.chunks(self.columns).last()) {
            *line += &" ".repeat((self.columns - signs.len()) * COLUMN);
            *line += points;
        }
        lines
    }
}

/// What stands above the points.
const POINTS: &str = "  points";

fn points_of(points: usize, of: usize) -> String {
    format!("  {points} of {of}")
}

/// What came of an exercise, as one character.
fn sign(cell: &Graded) -> String {
    cell.outcome.map_or_else(|| paint(DIM, glyph("–", "-")), mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much room the points of a whole course need.
    const OF: usize = 10;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let name = "並行 and a name that is longer than any table is wide, with seventy columns";
        for (width, columns, longest) in (60..=100)
            .flat_map(|width| (1..=21).map(move |columns| (width, columns)))
            .flat_map(|(width, columns)| [1, 12, 23, 70].map(|longest| (width, columns, longest)))
        {
            let signs: Vec<String> = (0..columns).map(|it| format!(" {it:02}")).collect();
            let table = Table::fit(columns, longest, width - OF);
            let lines = table.lines(name, &signs, &points_of(30, 36));
            let what = format!("{width} {columns} {longest}: {table:?} {lines:#?}");
            assert!(lines.iter().all(|line| columns_of(line) <= width), "{what}");
            let text = lines.join("\n");
            assert!(signs.iter().all(|sign| text.contains(sign.as_str())), "{what}");
            assert!(text.ends_with("  30 of 36"), "{what}");
        }
    }

    #[test]
    fn names_give_way_to_columns_and_then_columns_to_a_second_line() {
        assert_eq!(Table::fit(16, 70, 80 - OF), Table { name: 22, columns: 16 });
        assert_eq!(Table::fit(16, 5, 80 - OF), Table { name: 5, columns: 16 });
        assert_eq!(Table::fit(16, 70, 60 - OF), Table { name: 12, columns: 8 });
        let signs: Vec<String> = (1..=5).map(|it| format!(" {it:02}")).collect();
        let lines = Table { name: 3, columns: 3 }.lines("ada", &signs, "  1 of 5");
        assert_eq!(lines, ["ada 01 02 03", "    04 05     1 of 5"]);
    }
}
