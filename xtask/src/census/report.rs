//! What a census says to people.

use words::Outcome;

use super::table::{Column, Table, curve};
use super::tally::Tally;
use super::unseen::Unseen;
use super::{CAVEAT, Census, Sample};
use crate::explain;
use crate::shelf::Catalogue;
use crate::show::{
    BAD, BOLD, DIM, GOOD, UNSURE, count, glyph, paint, print_field, thousands, width, wrap,
};

/// How many orders of a kind are listed.
pub(super) const LISTED: usize = 6;
/// How many kinds of runs have room side by side.
const SIDE_BY_SIDE: usize = 4;
/// How many different faults of a lesson are listed.
const FAULTS: usize = 5;

/// Prints the census of one lesson.
pub(super) fn print(census: &Census) {
    explain::heading(&census.program);
    let contract = census.program.promise.order.short().to_string();
    print_field("contract", DIM, &contract.replace('∥', glyph("∥", "||")));
    let legal = census.legal.to_string();
    let noun = if legal == "1" { "order" } else { "orders" };
    print_field("legal", BOLD, &format!("{legal} {noun}"));
    let mut heading = "seen";
    for (kind, Sample { tally, .. }) in census.samples() {
        print_field(heading, BOLD, &seen(census, kind, tally));
        heading = "";
    }
    if census.samples().any(|(_, sample)| sample.tally.runs() > 0) && legal != "1" {
        print_orders(census);
    }
    for (kind, sample) in census.samples() {
        print_faults(kind, sample);
    }
}

/// How many orders came.
pub(super) fn seen(census: &Census, kind: &str, tally: &Tally) -> String {
    let (orders, runs) = (count(tally.distinct(), "order"), count(tally.runs(), "run"));
    let only_busy = census.only_busy().filter(|_| kind == "busy");
    let marked = match (only_busy, tally.distinct()) {
        (None | Some(0), _) => String::new(),
        (Some(only), all) if only == all => ", never while idle".to_owned(),
        (Some(only), _) => format!(", {} of them never while idle", thousands(only)),
    };
    match census.busy {
        None => format!("{orders} in {runs}"),
        Some(_) => format!("{orders} in {runs} {kind}{marked}"),
    }
}

/// The most frequent orders, the curve, and what may come still.
fn print_orders(census: &Census) {
    let column = |(kind, sample): (&str, _)| {
        let Sample { tally, .. }: &Sample = sample;
        Column { heading: kind.to_owned(), tally }
    };
    let mut columns: Vec<_> = census.samples().map(column).collect();
    let table = Table::new(census.contract.lines(), &columns, width());
    let (came_idle, only_busy): (Vec<_>, Vec<_>) = by_share(&columns)
        .into_iter()
        .partition(|sequence| census.idle.tally.runs_of(sequence) > 0);
    anstream::println!();
    if columns.len() > 1 {
        table.headings().iter().for_each(|line| anstream::println!("{line}"));
    }
    print_rows(&table, &came_idle, &columns);
    if !only_busy.is_empty() {
        anstream::println!("  {}", paint(UNSURE, "only while busy:"));
        print_rows(&table, &only_busy, &columns);
    }
    anstream::println!();
    if columns.len() == 1 {
        columns[0].heading = "orders".to_owned();
    }
    curve("runs", &columns, 2, width()).iter().for_each(|line| anstream::println!("{line}"));
    anstream::println!();
    let mut heading = "unseen";
    for (kind, sample) in census.samples() {
        let Some(unseen) = Unseen::estimate(&sample.tally, &census.legal) else { continue };
        let kind = if columns.len() > 1 { format!("{kind}: ") } else { String::new() };
        print_field(heading, DIM, &format!("{kind}{}", unseen.sentence()));
        heading = "";
    }
}

/// Prints the first orders of a list, and how many more there are.
fn print_rows(table: &Table, orders: &[&[usize]], columns: &[Column]) {
    // To say that there is one more takes as much room as to show it.
    let listed = if orders.len() == LISTED + 1 { LISTED + 1 } else { LISTED };
    for sequence in orders.iter().take(listed) {
        anstream::println!("{}", table.row(sequence));
    }
    let Some(others @ [_, ..]) = orders.get(listed..) else { return };
    let in_runs = |column: &Column| -> usize {
        others.iter().map(|sequence| column.tally.runs_of(sequence)).sum()
    };
    let runs: usize = columns.iter().map(in_runs).sum();
    let text = format!("and {} in {}", count(others.len(), "more order"), count(runs, "run"));
    anstream::println!("  {DIM}{text}{DIM:#}");
}

/// All orders that came in any of these runs, those with the largest shares first.
pub(super) fn by_share<'a>(columns: &[Column<'a>]) -> Vec<&'a [usize]> {
    let share = |sequence: &[usize]| -> f64 {
        let share = |column: &Column| {
            column.tally.runs_of(sequence) as f64 / column.tally.runs().max(1) as f64
        };
        columns.iter().map(share).sum()
    };
    let orders = columns.iter().flat_map(|column| column.tally.by_frequency());
    let mut orders: Vec<_> = orders.map(|(sequence, _)| sequence).collect();
    orders.sort_unstable();
    orders.dedup();
    orders.sort_by(|first, second| share(second).total_cmp(&share(first)));
    orders
}

/// What was wrong with the runs that are left out.
fn print_faults(kind: &str, sample: &Sample) {
    if sample.left_out == 0 {
        return;
    }
    let runs = count(sample.left_out, &format!("{kind} run"));
    print_field("fault", BAD, &format!("{runs} left out, for something was wrong:"));
    for (fault, times) in sample.faults.iter().take(FAULTS) {
        print_field("", BAD, &format!("{fault} (in {})", count(*times, "run")));
    }
    match sample.faults.len().saturating_sub(FAULTS) {
        0 => {}
        more => print_field("", BAD, &format!("and {}", count(more, "more fault"))),
    }
}

/// Lays the lessons side by side, and says what the numbers are worth.
pub(super) fn conclude(censuses: &[Census], catalogue: &Catalogue) {
    if censuses.len() > 1 {
        anstream::println!("\n{BOLD}Side by side{BOLD:#}\n");
        compare_orders(censuses);
        compare_counts(censuses);
    }
    anstream::println!();
    if censuses.iter().any(|census| census.legal.to_string() != "1") {
        wrap(CAVEAT, width() - 2).iter().for_each(|line| anstream::println!("{DIM}{line}{DIM:#}"));
    }
    for trouble in &catalogue.troubles {
        anstream::println!("{}", paint(BAD, trouble));
    }
    let failed = censuses.iter().filter(|census| census.outcome() != Outcome::Passed).count();
    let lessons = count(censuses.len(), "lesson");
    anstream::println!(
        "{}",
        match failed {
            0 => paint(GOOD, format!("{lessons}: every order that came was legal.")),
            _ => paint(BAD, format!("{failed} of {lessons} failed: see the faults above.")),
        }
    );
}

/// The columns of all lessons, named after them.
fn columns(censuses: &[Census]) -> Vec<Column<'_>> {
    let of_census = |census| {
        let Census { program, busy, .. }: &Census = census;
        census.samples().map(move |(kind, sample)| {
            let kind = if busy.is_some() { format!(", {kind}") } else { String::new() };
            Column { heading: format!("{}{kind}", program.id()), tally: &sample.tally }
        })
    };
    censuses.iter().flat_map(of_census).collect()
}

/// The most frequent orders of a few lessons that print the same lines.
fn compare_orders(censuses: &[Census]) {
    let lines = censuses[0].contract.lines();
    let columns = columns(censuses);
    let have_same_lines = censuses.iter().all(|census| census.contract.lines() == lines);
    if columns.len() > SIDE_BY_SIDE || !have_same_lines {
        return;
    }
    let table = Table::new(lines, &columns, width());
    table.headings().iter().for_each(|line| anstream::println!("{line}"));
    print_rows(&table, &by_share(&columns), &columns);
    anstream::println!();
}

/// The curves of all lessons, and how many legal orders each has.
fn compare_counts(censuses: &[Census]) {
    const LEGAL: usize = 10;
    let lines = curve("different orders after runs", &columns(censuses), 0, width() - LEGAL);
    let kinds = |census: &Census| vec![census.legal.to_string(); census.samples().count()];
    let legal = ["legal".to_owned()].into_iter().chain(censuses.iter().flat_map(kinds));
    for (line, legal) in lines.iter().zip(legal) {
        anstream::println!("{line}{DIM}{legal:>LEGAL$}{DIM:#}");
    }
}
