//! Tables in a terminal, whose columns are as wide as what stands in them.

use crate::show::{BOLD, DIM, columns_of, fitted, mark, wrap};
use words::Outcome;

/// How far apart columns are.
const APART: usize = 2;

/// A row: how it fared, what it is about, and its cells.
pub(super) struct Row<'a> {
    pub(super) outcome: Outcome,
    pub(super) name: &'a str,
    pub(super) cells: Vec<String>,
}

/// Prints a table, if it has a row and a column. A title breaks between its words where the cells below it
/// are narrower.
pub(super) fn print(title: &str, head: &[&str], rows: &[Row]) {
    if rows.is_empty() || head.is_empty() {
        return;
    }
    let name = rows.iter().map(|row| columns_of(row.name)).max().unwrap_or(0);
    let widths = widths(head, rows);
    anstream::println!("\n{BOLD}{title}{BOLD:#}\n");
    for line in broken(head, &widths) {
        anstream::println!("  {}{DIM}{}{DIM:#}", fitted("", name, ' '), line_of(&line, &widths));
    }
    for Row { outcome, name: of, cells } in rows {
        let line = line_of(cells, &widths);
        anstream::println!("{} {}{line}", mark(*outcome), fitted(of, name, ' '));
    }
}

/// How wide each column is: as its widest cell, or as the longest word of its title.
fn widths(head: &[&str], rows: &[Row]) -> Vec<usize> {
    let width = |(place, title): (usize, &&str)| {
        let cells = rows.iter().filter_map(|row| row.cells.get(place)).map(String::as_str);
        cells.chain(title.split(' ')).map(columns_of).max().unwrap_or(0)
    };
    head.iter().enumerate().map(width).collect()
}

/// The titles in lines, the last of which stands above the first row.
fn broken(head: &[&str], widths: &[usize]) -> Vec<Vec<String>> {
    let titles: Vec<_> =
        head.iter().zip(widths).map(|(title, &width)| wrap(title, width.max(1))).collect();
    let highest = titles.iter().map(Vec::len).max().unwrap_or(0);
    let line = |number: usize| {
        let of = |title: &Vec<String>| {
            let above = highest - title.len();
            number.checked_sub(above).map_or_else(String::new, |place| title[place].clone())
        };
        titles.iter().map(of).collect()
    };
    (0..highest).map(line).collect()
}

/// Cells side by side, without blanks at the end.
fn line_of(cells: &[String], widths: &[usize]) -> String {
    let cell = |(cell, &width): (&String, &usize)| " ".repeat(APART) + &fitted(cell, width, '~');
    cells.iter().zip(widths).map(cell).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [Row<'static>; 2] {
        let row = |name, cells: [&str; 2]| {
            let cells = cells.map(str::to_owned).to_vec();
            Row { outcome: Outcome::Passed, name, cells }
        };
        [row("neither", ["1,279 ms", "0"]), row("both", ["45 ms", ""])]
    }

    #[test]
    fn a_column_is_as_wide_as_its_widest_cell_or_word() {
        let head = ["all answered", "worst title page"];
        let widths = widths(&head, &rows());
        assert_eq!(widths, [8, 5]);
        let lines: Vec<_> =
            broken(&head, &widths).iter().map(|line| line_of(line, &widths)).collect();
        assert_eq!(lines, ["            worst", "  all       title", "  answered  page"]);
        assert_eq!(line_of(&rows()[0].cells, &widths), "  1,279 ms  0");
        assert_eq!(line_of(&rows()[1].cells, &widths), "  45 ms");
    }
}
