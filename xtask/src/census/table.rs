//! Tables of a census: which orders came how often, and how many came after so many runs.

use lab::order::{Line, Text};

use super::tally::{Tally, checkpoints};
use crate::show::{BOLD, DIM, TaskColours, columns_of, glyph, paint, thousands};

/// The width of `100.0 %`.
const SHARE: usize = 7;
/// The width of the longest bar.
const BAR: usize = 8;
/// What stands between a column and the one before.
const GAP: usize = 2;

/// Runs of one kind: a column of orders, or a row of the curve.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    /// What kind of runs these are.
    pub(super) heading: String,
    /// What came in them.
    pub(super) tally: &'a Tally,
}

/// A table of orders of the same lines, with the share of each in one or several kinds of runs.
#[derive(Debug)]
pub(super) struct Table<'a> {
    columns: &'a [Column<'a>],
    /// The lines' short names and colours, by number.
    labels: Vec<Label>,
    /// How wide an order may be.
    order_width: usize,
    /// Whether there is room for bars.
    bars: bool,
}

/// The short name of a line, painted and not.
#[derive(Debug)]
struct Label {
    plain: String,
    painted: String,
}

impl<'a> Table<'a> {
    /// A table of at most `width` characters for orders of these lines.
    pub(super) fn new(lines: &[Line], columns: &'a [Column<'a>], width: usize) -> Table<'a> {
        let labels: Vec<_> = labels(lines);
        let order = labels.iter().map(|label| columns_of(&label.plain) + 1).sum::<usize>();
        let order = order.saturating_sub(1).max("order".len());
        let left = |bar: usize| (width - GAP).saturating_sub(columns.len() * (GAP + SHARE + bar));
        let bars = order <= left(1 + BAR);
        Table { columns, labels, order_width: order.min(left(0)), bars }
    }

    /// The headings: in one line where they are short, else on steps that lead to their columns.
    pub(super) fn headings(&self) -> Vec<String> {
        if self.columns.iter().all(|column| column.heading.chars().count() <= SHARE) {
            let bar = if self.bars { 1 + BAR } else { 0 };
            let mut line = " ".repeat(GAP + self.order_width);
            for Column { heading, .. } in self.columns {
                line += &format!("{:GAP$}{heading:>SHARE$}{:bar$}", "", "");
            }
            return vec![paint(DIM, line.trim_end())];
        }
        (0..self.columns.len()).map(|number| paint(DIM, self.step(number))).collect()
    }

    /// The heading of a column in a line of its own, from which a line leads to the column.
    fn step(&self, number: usize) -> String {
        let heading = format!("{} ", self.columns[number].heading);
        let end = |number: usize| self.end_of_share(number) - 1;
        let mut line = format!("{:GAP$}{heading}", "");
        for place in line.chars().count()..end(number) {
            let crossed = (0..number).any(|number| end(number) == place);
            line += if crossed { glyph("┼", "+") } else { glyph("─", "-") };
        }
        line + glyph("┐", "+")
    }

    /// Where the share in a column ends.
    fn end_of_share(&self, number: usize) -> usize {
        let column = GAP + SHARE + if self.bars { 1 + BAR } else { 0 };
        GAP + self.order_width + number * column + GAP + SHARE
    }

    /// An order with its share in each column.
    pub(super) fn row(&self, sequence: &[usize]) -> String {
        let mut line = format!("{:GAP$}{}", "", self.order(sequence));
        for Column { tally, .. } in self.columns {
            let (times, runs) = (tally.runs_of(sequence), tally.runs());
            let share = share(times, runs);
            line += &format!("{:GAP$}{share:>SHARE$}", "");
            if self.bars {
                line += &format!(" {:BAR$}", bar(times, runs));
            }
        }
        line.trim_end().to_owned()
    }

    /// The order by its labels, in the tasks' colours, cut or filled to its width.
    fn order(&self, sequence: &[usize]) -> String {
        let (mut painted, mut width) = (String::new(), 0);
        for (place, &number) in sequence.iter().enumerate() {
            let Label { plain, painted: label } = &self.labels[number];
            let longer = width + usize::from(place > 0) + columns_of(plain);
            let is_last = place + 1 == sequence.len();
            // What is cut needs room for the sign that says so.
            if longer + if is_last { 0 } else { 2 } > self.order_width {
                painted += if width + 2 <= self.order_width { glyph(" …", " ~") } else { "" };
                width += 2;
                break;
            }
            painted += if place > 0 { " " } else { "" };
            painted += label;
            width = longer;
        }
        painted + &" ".repeat(self.order_width.saturating_sub(width))
    }
}

/// The lines' labels; a line without one stands for itself.
fn labels(lines: &[Line]) -> Vec<Label> {
    let mut colours = TaskColours::default();
    let label = |line: &Line| {
        let plain = label(line);
        let style = colours.style(text(line));
        let painted = style.map_or_else(|| plain.clone(), |style| paint(style, &plain));
        Label { plain, painted }
    };
    lines.iter().map(label).collect()
}

/// The line's label, or its name where it has none.
pub(super) fn label(line: &Line) -> String {
    line.label().map_or_else(|| line.name().to_string(), str::to_owned)
}

/// What the line looks like.
pub(super) fn text(line: &Line) -> &str {
    let (Text::Exact(text) | Text::Pattern(text)) = line.name().text();
    text
}

/// A share in percent.
pub(super) fn share(times: usize, runs: usize) -> String {
    match 100.0 * times as f64 / runs.max(1) as f64 {
        0.0 => glyph("–", "-").to_owned(),
        ..0.05 => "< 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// A share as a bar; whatever came at all can be seen.
fn bar(times: usize, runs: usize) -> String {
    let eighths = (times * BAR * 8).div_ceil(runs.max(1));
    let (whole, rest) = (eighths / 8, eighths % 8);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][rest];
    glyph("█", "#").repeat(whole) + if rest.is_empty() { "" } else { glyph(rest, "#") }
}

/// The curve: for each kind of runs, how many different orders had come after so many of them.
pub(super) fn curve(title: &str, rows: &[Column], indent: usize, width: usize) -> Vec<String> {
    let runs = rows.iter().map(|row| row.tally.runs()).max().unwrap_or_default();
    let mut points = checkpoints(runs);
    let width_of = |runs: usize| thousands(runs).len().max(2) + 1;
    let heading = rows.iter().map(|row| row.heading.chars().count()).max().unwrap_or_default();
    let heading = heading.max(title.chars().count());
    while indent + heading + points.iter().copied().map(width_of).sum::<usize>() > width {
        points.remove(0);
    }
    let cells = |cell: &dyn Fn(usize) -> String| -> String {
        points.iter().map(|&runs| format!("{:>1$}", cell(runs), width_of(runs))).collect()
    };
    let head = format!("{:indent$}{title:heading$}{}", "", cells(&|runs| thousands(runs)));
    let row = |Column { heading: name, tally }: &Column| {
        let cell = |runs| match runs <= tally.runs() {
            true => thousands(tally.distinct_after(runs)),
            false => String::new(),
        };
        format!("{:indent$}{name:heading$}{BOLD}{}{BOLD:#}", "", cells(&cell))
    };
    [paint(DIM, head)].into_iter().chain(rows.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use lab::order::{Order, Poset};

    use super::*;

    /// Two tasks of two steps: A1, A2, B1 and B2 are the lines 0 to 3.
    fn contract() -> Poset {
        let text = "(A1: \"Task A - 1\" ; A2: \"Task A - 2\") || (B1: \"Task B - 1\" ; B2: b)";
        text.parse::<Order>().unwrap().compile().unwrap()
    }

    const ROUNDS: &[usize] = &[0, 2, 1, 3];
    const ONE_BY_ONE: &[usize] = &[0, 1, 2, 3];

    fn tally(rounds: usize, one_by_one: usize) -> Tally {
        let mut tally = Tally::default();
        for (sequence, runs) in [(ROUNDS, rounds), (ONE_BY_ONE, one_by_one)] {
            for _ in 0..runs {
                tally.add(sequence);
            }
        }
        tally
    }

    fn column<'a>(heading: &str, tally: &'a Tally) -> Column<'a> {
        Column { heading: heading.to_owned(), tally }
    }

    fn plain(text: &str) -> String {
        strip_str(text).to_string()
    }

    #[test]
    fn a_row_has_the_order_and_its_share_in_each_column() {
        let (idle, busy) = (tally(4, 0), tally(1, 3));
        let columns = [column("idle", &idle), column("busy", &busy)];
        let contract = contract();
        let table = Table::new(contract.lines(), &columns, 80);
        assert_eq!(plain(&table.headings()[0]), "                  idle              busy");
        assert_eq!(plain(&table.row(ROUNDS)), "  A1 B1 A2 B2  100.0 % ████████   25.0 % ██");
        assert_eq!(
            plain(&table.row(ONE_BY_ONE)),
            "  A1 A2 B1 B2        –            75.0 % ██████"
        );
    }

    #[test]
    fn long_headings_stand_on_steps() {
        let tally = tally(1, 0);
        let columns = [column("both/std, idle", &tally), column("both/std, busy", &tally)];
        let contract = contract();
        let table = Table::new(contract.lines(), &columns, 40);
        let headings: Vec<_> = table.headings().iter().map(|line| plain(line)).collect();
        assert_eq!(headings, ["  both/std, idle ────┐", "  both/std, busy ────┼────────┐"]);
        assert_eq!(plain(&table.row(ROUNDS)), "  A1 B1 A2 B2  100.0 %  100.0 %");
    }

    #[test]
    fn no_row_is_wider_than_the_table_may_be() {
        let tally = tally(1, 1);
        let columns = ["a", "b", "c"].map(|heading| column(heading, &tally));
        let contract = contract();
        for width in 34..80 {
            let table = Table::new(contract.lines(), &columns, width);
            let row = plain(&table.row(ROUNDS));
            assert!(row.chars().count() <= width, "{width}: {row}");
            assert_eq!(row.contains('…'), width < 2 + 11 + 3 * 9, "{width}: {row}");
        }
    }

    #[test]
    fn what_came_at_all_can_be_seen() {
        assert_eq!(
            [0, 1, 9_999, 10_000].map(|times| bar(times, 10_000)),
            ["", "▏", "████████", "████████"]
        );
        assert_eq!(
            [0, 1, 6, 10_000].map(|times| share(times, 10_000)),
            ["–", "< 0.1 %", "0.1 %", "100.0 %"]
        );
    }

    #[test]
    fn the_curve_has_a_column_for_each_checkpoint() {
        let (idle, busy) = (tally(12, 0), tally(3, 2));
        let rows = [column("idle", &idle), column("busy", &busy)];
        let curve: Vec<_> = curve("runs", &rows, 2, 80).iter().map(|line| plain(line)).collect();
        assert_eq!(
            curve,
            ["  runs  1  2  5 10 12", "  idle  1  1  1  1  1", "  busy  1  1  2      "]
        );
    }

    #[test]
    fn the_end_of_a_long_curve_matters_most() {
        let tally = tally(1_000_000, 0);
        let curve = curve("runs", &[column("", &tally)], 0, 50);
        assert_eq!(plain(&curve[0]), "runs 50,000 100,000 200,000 500,000 1,000,000");
        assert_eq!(plain(&curve[1]), "          1       1       1       1         1");
    }
}
