//! A census as a page: which orders came, how the number of different ones grew, and the runs
//! behind two of them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use lab::order::Line;

use super::report::{LISTED, by_share, seen};
use super::table::{self, Column};
use super::tally::Tally;
use super::unseen::Unseen;
use super::{CAVEAT, Census, Landmark};
use crate::report::of_record;
use crate::session::Options;
use crate::shelf::Catalogue;
use crate::show::{TaskColours, count, thousands};
use draw::page::{Exhibit, Page, Text, anchor};

/// How many times as many orders a card lists as the terminal does.
const ROOM: usize = 2;

/// Writes the page.
///
/// # Errors
///
/// If the file cannot be written, or a contract makes no sense.
pub(super) fn save(
    path: &Path,
    censuses: &[Census],
    options: &Options,
    catalogue: &Catalogue,
) -> Result<()> {
    let mut exhibits = Vec::new();
    for census in censuses {
        for (kind, sample) in census.samples() {
            for landmark in &sample.landmarks {
                exhibits.push(exhibit(kind, landmark, options)?);
            }
        }
    }
    let overview = Overview { censuses, options }.write(catalogue)?;
    let compared = [0, exhibits.len().saturating_sub(1).min(1)];
    let title = "Which orders come, of those that may";
    Page { title, overview, exhibits, compared, on_paper: compared.to_vec(), largest: 1_000_000 }
        .save(path)
}

/// A run, and why it is shown.
fn exhibit(kind: &str, landmark: &Landmark, options: &Options) -> Result<Exhibit> {
    let Landmark { number, record } = landmark;
    let exhibit = of_record(record, None, &options.conditions)?;
    let why = match number {
        1 => "the first run, with the first order that came",
        _ => "the latest run that showed an order for the first time",
    };
    Ok(Exhibit {
        title: run_title(&record.program.id(), kind, *number),
        summary: format!("{}: {why}", exhibit.summary),
        ..exhibit
    })
}

fn run_title(lesson: &str, kind: &str, number: usize) -> String {
    format!("{lesson}, {kind} run {}", thousands(number))
}

/// What the overview is written from.
struct Overview<'a> {
    censuses: &'a [Census],
    options: &'a Options,
}

impl Overview<'_> {
    fn write(&self, catalogue: &Catalogue) -> Result<String> {
        let mut out = String::new();
        let lessons = count(self.censuses.len(), "lesson");
        let cores = count(self.options.conditions.cores(), "core");
        writeln!(out, "<p class=\"conclusion\">{lessons} on {cores}. {CAVEAT}</p>")?;
        for trouble in &catalogue.troubles {
            writeln!(out, "<p class=\"fault\">{}</p>", Text(trouble))?;
        }
        self.side_by_side(&mut out)?;
        for census in self.censuses {
            card(&mut out, census)?;
        }
        Ok(out)
    }

    /// A row a lesson, where there are several.
    fn side_by_side(&self, out: &mut String) -> Result<()> {
        if self.censuses.len() < 2 {
            return Ok(());
        }
        let is_busy = self.censuses.iter().any(|census| census.busy.is_some());
        out.push_str(
            "<div class=\"wide\"><table class=\"sums\"><thead><tr><th scope=\"col\">lesson</th>\
             <th scope=\"col\">legal</th><th scope=\"col\">seen idle</th>",
        );
        if is_busy {
            out.push_str("<th scope=\"col\">seen busy</th><th scope=\"col\">only busy</th>");
        }
        out.push_str("</tr></thead><tbody>\n");
        for census in self.censuses {
            let id = census.program.id();
            write!(
                out,
                "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th><td>{}</td>",
                card_anchor(census),
                Text(&id),
                census.legal
            )?;
            for (_, sample) in census.samples() {
                write!(out, "<td>{}</td>", thousands(sample.tally.distinct()))?;
            }
            if let Some(only) = census.only_busy() {
                write!(out, "<td>{}</td>", thousands(only))?;
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
        Ok(())
    }
}

/// The name by which the page knows a lesson's card.
fn card_anchor(census: &Census) -> String {
    anchor(&format!("{} orders", census.program.id()))
}

/// One lesson: how many orders came, which, and how their number grew.
fn card(out: &mut String, census: &Census) -> Result<()> {
    let id = card_anchor(census);
    write!(
        out,
        "<section class=\"card-of-orders\" id=\"{id}\" aria-labelledby=\"{id}-title\">\
         <header><h2 id=\"{id}-title\">{}</h2><p class=\"summary\">{}</p></header>\n\
         <p class=\"contract\">{}</p>\n<p><b>{} legal</b>",
        Text(census.program.id()),
        Text(&census.program.summary),
        Text(census.program.promise.order.short()),
        census.legal,
    )?;
    for (kind, sample) in census.samples() {
        write!(out, "; {}", seen(census, kind, &sample.tally))?;
    }
    out.push_str(".</p>\n");
    let columns: Vec<Column> = census
        .samples()
        .map(|(kind, sample)| Column { heading: kind.to_owned(), tally: &sample.tally })
        .collect();
    if census.legal.to_string() != "1" && columns.iter().any(|column| column.tally.runs() > 0) {
        out.push_str("<div class=\"orders-and-curve\">");
        orders(out, census, &columns)?;
        curve(out, &columns)?;
        out.push_str("</div>\n");
        for (kind, sample) in census.samples() {
            if let Some(unseen) = Unseen::estimate(&sample.tally, &census.legal) {
                writeln!(out, "<p class=\"note\">{kind}: {}.</p>", unseen.sentence())?;
            }
        }
    }
    for (kind, sample) in census.samples() {
        for (fault, times) in &sample.faults {
            let runs = count(*times, &format!("{kind} run"));
            writeln!(out, "<p class=\"fault\">{}: {}</p>", Text(runs), Text(fault))?;
        }
    }
    runs(out, census)?;
    out.push_str("</section>\n");
    Ok(())
}

/// Links to the runs of the lesson that the page shows.
fn runs(out: &mut String, census: &Census) -> Result<()> {
    let mut links = Vec::new();
    for (kind, sample) in census.samples() {
        for landmark in &sample.landmarks {
            let title = run_title(&census.program.id(), kind, landmark.number);
            let name = format!("{kind} run {}", thousands(landmark.number));
            links.push(format!("<a class=\"card\" href=\"#{}\">{name}</a>", anchor(&title)));
        }
    }
    if !links.is_empty() {
        writeln!(out, "<p>Look at {}</p>", links.join(" "))?;
    }
    Ok(())
}

/// The most frequent orders, with the share of each as a bar.
fn orders(out: &mut String, census: &Census, columns: &[Column]) -> Result<()> {
    let tokens = tokens(census.contract.lines());
    out.push_str(
        "<div class=\"wide\"><table class=\"orders\"><thead><tr><th scope=\"col\">order</th>",
    );
    for column in columns {
        write!(out, "<th scope=\"col\">{}</th>", column.heading)?;
    }
    out.push_str("</tr></thead><tbody>\n");
    let listed = by_share(columns);
    for &sequence in listed.iter().take(ROOM * LISTED) {
        let is_new = census.idle.tally.runs_of(sequence) == 0;
        let class = if is_new { " class=\"only-busy\"" } else { "" };
        let order: Vec<&str> = sequence.iter().map(|&line| tokens[line].as_str()).collect();
        write!(out, "<tr{class}><td>{}</td>", order.join(" "))?;
        for column in columns {
            share(out, column.tally.runs_of(sequence), column.tally.runs())?;
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>");
    if census.only_busy().is_some_and(|orders| orders > 0) {
        out.push_str("<p class=\"note\">Shaded: never came while idle.</p>");
    }
    if let Some(more @ [_, ..]) = listed.get(ROOM * LISTED..) {
        write!(out, "<p class=\"note\">and {}</p>", count(more.len(), "more order"))?;
    }
    out.push_str("</div>");
    Ok(())
}

/// How often an order came.
fn share(out: &mut String, times: usize, runs: usize) -> Result<()> {
    let percent = 100.0 * times as f64 / runs.max(1) as f64;
    write!(
        out,
        "<td class=\"share\"><span class=\"bar\" style=\"width:{percent:.1}%\"></span>{}</td>",
        table::share(times, runs)
    )?;
    Ok(())
}

/// The lines' labels, each in the colour of its task.
fn tokens(lines: &[Line]) -> Vec<String> {
    let mut colours = TaskColours::default();
    let token = |line: &Line| {
        let label = table::label(line);
        let class = colours.place(table::text(line));
        let class = class.map(|place| format!(" t{}", place % 6)).unwrap_or_default();
        format!("<span class=\"token{class}\">{}</span>", Text(label))
    };
    lines.iter().map(token).collect()
}

/// How many different orders had come after so many runs: a stair for each kind of runs.
fn curve(out: &mut String, columns: &[Column]) -> Result<()> {
    let runs = columns.iter().map(|column| column.tally.runs()).max().unwrap_or(1).max(1);
    let most = columns.iter().map(|column| column.tally.distinct()).max().unwrap_or(1).max(1);
    if most == 1 {
        // A line without a step is no picture of anything.
        return Ok(());
    }
    let told: Vec<String> = columns
        .iter()
        .map(|Column { heading, tally }| {
            let line = if heading == "busy" { " (dashed)" } else { "" };
            format!("{heading}{line} {}", thousands(tally.distinct()))
        })
        .collect();
    let told = told.join(", ");
    write!(
        out,
        "<figure class=\"curve\"><figcaption>different orders after so many runs: {told}</figcaption>\
         <svg role=\"img\" aria-label=\"different orders after {} runs: {told}\" viewBox=\"0 0 {runs} {most}\" preserveAspectRatio=\"none\">",
        thousands(runs)
    )?;
    for Column { heading, tally } in columns {
        write!(out, "<path class=\"{heading}\" d=\"{}\"/>", stairs(tally, most))?;
    }
    write!(
        out,
        "</svg><p class=\"ends\"><span>run 1</span><span>run {}</span></p></figure>",
        thousands(runs)
    )?;
    Ok(())
}

/// A step up at each run that showed an order for the first time.
fn stairs(tally: &Tally, most: usize) -> String {
    let mut path = format!("M0 {most}");
    for (number, first) in (1..).zip(tally.firsts()) {
        write!(path, "H{}V{}", first - 1, most - number).expect("a string takes any text");
    }
    path + &format!("H{}", tally.runs())
}

#[cfg(test)]
mod tests {
    use super::super::tally::tests::tally;
    use super::*;

    #[test]
    fn stairs_step_up_where_a_new_order_came() {
        assert_eq!(stairs(&tally("aabac"), 3), "M0 3H0V2H2V1H4V0H5");
        assert_eq!(stairs(&tally(""), 1), "M0 1H0");
    }
}
