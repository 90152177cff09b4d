//! The four quadrants, with times, predictions and gains, and a card for each lesson.

use std::fmt::Write as _;

use anyhow::Result;
use lab::work;
use words::Quadrant;

use draw::page::{Exhibit, Text, anchor, prose, symbol, thumbnail};

use crate::examine::Conditions;
use crate::series::Series;
use crate::shelf::Catalogue;
use crate::show::{count, duration};
use crate::summary::{quadrant_time, why_no_time};
use crate::timing::Reference;
use words::Outcome;

/// What the overview is written from.
struct Overview<'a> {
    records: &'a [Series],
    exhibits: &'a [Exhibit],
    catalogue: &'a Catalogue,
    reference: Option<&'a Reference>,
    conditions: &'a Conditions,
}

/// Writes the top of the page.
pub(super) fn write(
    records: &[Series],
    exhibits: &[Exhibit],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<String> {
    let overview = Overview { records, exhibits, catalogue, reference, conditions };
    let mut out = String::new();
    overview.conclusion(&mut out)?;
    out.push_str(
        "<div class=\"quadrants\">\n<div class=\"corner\"></div>\
         <div class=\"column\">one task at a time</div>\
         <div class=\"column\">several tasks in progress</div>\n",
    );
    for (title, row) in [
        ("one core", [Quadrant::Neither, Quadrant::ConcurrentOnly]),
        ("several cores", [Quadrant::ParallelOnly, Quadrant::Both]),
    ] {
        writeln!(out, "<div class=\"row\"><span>{title}</span></div>")?;
        for quadrant in row {
            overview.quadrant(&mut out, quadrant)?;
        }
    }
    out.push_str("</div>\n");
    overview.gaps(&mut out)?;
    Ok(out)
}

impl Overview<'_> {
    /// How it all went, and under which conditions.
    fn conclusion(&self, out: &mut String) -> Result<()> {
        let with = |mark| self.records.iter().filter(|record| record.outcome() == mark).count();
        let mut sentence = format!("{}: ", count(self.records.len(), "lesson"));
        sentence += &match (with(Outcome::Failed), with(Outcome::NotShown)) {
            (0, 0) => "all are what they promise to be".to_owned(),
            (0, unsure) => format!("all as they should be, {unsure} in part not shown"),
            (bad, _) => format!("{bad} failed"),
        };
        let wait = duration(work::wait() * self.conditions.slow);
        let cores = count(self.conditions.cores(), "core");
        write!(out, "<p class=\"conclusion\">{sentence}. Run on {cores}; a step waits {wait}")?;
        if let Some(reference) = self.reference {
            write!(out, " and computes {}", duration(reference.compute))?;
        }
        out.push_str(".</p>\n");
        for trouble in &self.catalogue.troubles {
            writeln!(out, "<p class=\"fault\">{}</p>", Text(trouble))?;
        }
        Ok(())
    }

    fn quadrant(&self, out: &mut String, quadrant: Quadrant) -> Result<()> {
        let lessons = || {
            self.records
                .iter()
                .zip(self.exhibits)
                .filter(move |(record, _)| record.program.chapter == quadrant)
        };
        let name = quadrant.name();
        write!(
            out,
            "<section class=\"quadrant {name}\" aria-label=\"{name}\"><h2>{}</h2>",
            name.replace('-', " ")
        )?;
        self.time(out, quadrant)?;
        // The quadrant's face is the first of its cells that shows what it should.
        let cells = || lessons().filter(|(record, _)| record.program.is_cell());
        let face = cells().min_by_key(|(record, _)| record.outcome());
        if let Some((_, exhibit)) = face {
            // The quadrants' pictures share one time axis, as long as the longest.
            let cells = self.records.iter().zip(self.exhibits);
            let cells = cells.filter(|(record, _)| record.program.is_cell());
            let axis = cells.map(|(_, exhibit)| exhibit.length()).max().unwrap_or(1);
            out.push_str(&thumbnail(&exhibit.lanes, axis));
        }
        out.push_str("<ul class=\"cards\">");
        for (record, _) in lessons() {
            write!(
                out,
                "<li><a class=\"card {}\" href=\"#{}\">{}<b>{}</b> <small>{}</small></a></li>",
                record.outcome().name(),
                anchor(&record.program.id()),
                symbol(record.outcome()),
                Text(&record.program.name),
                duration(record.taken()),
            )?;
        }
        let gaps = self.catalogue.gaps.iter().filter(|gap| gap.chapter == quadrant);
        for gap in gaps.filter(|_| lessons().next().is_some()) {
            let reason = gap.reason.replace('`', "");
            write!(
                out,
                "<li><span class=\"card gap\" title=\"{}\">– {}</span></li>",
                Text(&reason),
                Text(&gap.runtime)
            )?;
        }
        out.push_str("</ul></section>\n");
        Ok(())
    }

    /// The time that was taken, the time that no schedule can beat, and the gain.
    fn time(&self, out: &mut String, quadrant: Quadrant) -> Result<()> {
        let Some(taken) = quadrant_time(self.records, quadrant) else {
            let why = why_no_time(self.records, quadrant);
            write!(out, "<p class=\"time\">{why}</p>")?;
            return Ok(());
        };
        write!(out, "<p class=\"time\"><b>{}</b>", duration(taken))?;
        if let Some(reference) = self.reference {
            let bound = reference.bound(quadrant, self.conditions.cores(), self.conditions.slow);
            write!(out, " <span>predicted: at least {}</span>", duration(bound))?;
            if quadrant != Quadrant::Neither {
                write!(
                    out,
                    " <span class=\"gain\">{:.1} times as fast as neither</span>",
                    reference.gain(taken)
                )?;
            }
        }
        out.push_str("</p>");
        let cells =
            self.records.iter().filter(|r| r.program.is_cell() && r.program.chapter == quadrant);
        let runs: Vec<_> = cells.collect();
        let good = runs.iter().filter(|record| record.outcome() == Outcome::Passed).count();
        let what = if quadrant.is_concurrent() { "concurrent" } else { "not concurrent" };
        let and = if quadrant.is_parallel() { "parallel" } else { "not parallel" };
        write!(
            out,
            "<p class=\"verdict\">{what}, {and}: shown by {good} of {}</p>",
            count(runs.len(), "cell")
        )?;
        Ok(())
    }

    fn gaps(&self, out: &mut String) -> Result<()> {
        let asked = |chapter| self.records.iter().any(|record| record.program.chapter == chapter);
        for gap in self.catalogue.gaps.iter().filter(|gap| asked(gap.chapter)) {
            let (runtime, reason) = (Text(&gap.runtime), prose(&gap.reason));
            writeln!(out, "<p class=\"note\">– {}/{runtime}: {reason}</p>", gap.chapter)?;
        }
        Ok(())
    }
}
