//! The experiment as a page: every lesson's time on all cores and on one as bars on one scale, what
//! the times show, and a run of each kind.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use lab::work;
use words::Quadrant;

use super::finding::{Finding, conclusion};
use super::sample::Sample;
use super::{Experiment, Trial};
use crate::examine::Conditions;
use crate::report::of_record;
use crate::shelf::Catalogue;
use crate::show::{count, duration};
use crate::timing::Reference;
use draw::page::{Exhibit, Page, Text, anchor};

/// Writes the page.
///
/// # Errors
///
/// If the file cannot be written, or a contract makes no sense.
pub(super) fn save(
    path: &Path,
    experiment: &Experiment,
    conditions: &Conditions,
    catalogue: &Catalogue,
) -> Result<()> {
    let reference = experiment.reference();
    let mut exhibits = Vec::new();
    let mut compared = [0; 2];
    for trial in &experiment.trials {
        let first = exhibits.len();
        for sample in trial.samples() {
            exhibits.push(exhibit(sample, reference.as_ref(), conditions)?);
        }
        // What one core takes away is seen best where most is lost.
        if trial.program().chapter == Quadrant::ParallelOnly && trial.program().is_cell() {
            compared = [first, exhibits.len().saturating_sub(1)];
        }
    }
    let overview = Overview { experiment, reference }.write(catalogue)?;
    let title = "On one core, and on all: whose gain survives?";
    Page { title, overview, exhibits, compared, on_paper: compared.to_vec(), largest: 500_000 }
        .save(path)
}

/// The runs of a lesson on so many cores.
fn exhibit(
    sample: &Sample,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<Exhibit> {
    let conditions = Conditions { cores: Some(sample.cores), ..*conditions };
    let exhibit = of_record(&sample.record, reference, &conditions)?;
    Ok(Exhibit { title: run_title(sample), ..exhibit })
}

fn run_title(sample: &Sample) -> String {
    format!("{} on {}", sample.record.program.id(), count(sample.cores, "core"))
}

/// What the overview is written from.
struct Overview<'a> {
    experiment: &'a Experiment,
    reference: Option<Reference>,
}

impl Overview<'_> {
    fn write(&self, catalogue: &Catalogue) -> Result<String> {
        let mut out = String::new();
        let findings = self.experiment.findings();
        if let Some(conclusion) = conclusion(&findings) {
            writeln!(out, "<p class=\"lead\"><b>{}</b></p>", Text(conclusion))?;
        }
        out.push_str(
            "<p class=\"conclusion\">A bar is the median of some runs, with a line from the lower to \
             the upper quartile.",
        );
        if let Some(reference) = &self.reference {
            let wait = duration(work::wait() * self.experiment.slow);
            let compute = duration(reference.compute);
            write!(
                out,
                " A step waits {wait} and computes {compute}; the red mark is the least time that \
                 the model predicts from how long neither computed."
            )?;
        }
        out.push_str("</p>\n");
        for doubt in self.experiment.doubts() {
            writeln!(out, "<p class=\"doubt\">{}</p>", Text(doubt))?;
        }
        for trouble in &catalogue.troubles {
            writeln!(out, "<p class=\"fault\">{}</p>", Text(trouble))?;
        }
        self.table(&mut out, &findings)?;
        Ok(out)
    }

    /// The longest time that a bar has to show.
    fn longest(&self) -> Duration {
        let samples = self.experiment.trials.iter().flat_map(Trial::samples);
        let times = samples.flat_map(|sample| {
            [sample.times().map(|times| times.high), self.bound(sample)].into_iter().flatten()
        });
        times.max().unwrap_or_default().max(Duration::from_millis(1))
    }

    fn bound(&self, sample: &Sample) -> Option<Duration> {
        sample.bound(self.reference.as_ref()?, self.experiment.slow)
    }

    fn table(&self, out: &mut String, findings: &[Finding]) -> Result<()> {
        out.push_str(
            "<table class=\"trials\"><thead><tr><th scope=\"col\">cores</th>\
             <th scope=\"col\">time</th><th scope=\"col\">measured</th>\
             <th scope=\"col\">at least</th><th scope=\"col\">gain</th>\
             <th scope=\"col\">concurrent</th><th scope=\"col\">parallel</th></tr></thead>\n",
        );
        for trial in &self.experiment.trials {
            let lesson = trial.program();
            writeln!(
                out,
                "<tbody><tr><th scope=\"rowgroup\" colspan=\"7\"><b>{}</b> <small>{}</small></th></tr>",
                Text(lesson.id()),
                Text(&lesson.summary)
            )?;
            for sample in trial.samples() {
                self.row(out, sample)?;
            }
            let finding = findings.iter().find(|finding| finding.lesson == lesson.id());
            if let Some(finding) = finding {
                let sentence = Text(&finding.sentence);
                writeln!(out, "<tr><td class=\"finding\" colspan=\"7\">{sentence}</td></tr>")?;
            }
            out.push_str("</tbody>\n");
        }
        out.push_str("</table>\n");
        Ok(())
    }

    fn row(&self, out: &mut String, sample: &Sample) -> Result<()> {
        let link = anchor(&run_title(sample));
        let cores = count(sample.cores, "core");
        write!(out, "<tr><th scope=\"row\"><a href=\"#{link}\">{cores}</a></th>")?;
        self.bar(out, sample)?;
        let unknown = || "–".to_owned();
        let baseline = self.experiment.baseline();
        let baseline =
            baseline.map(|trial| if sample.cores == 1 { &trial.one } else { &trial.all });
        let gain = baseline.and_then(|baseline| sample.gain(baseline));
        for (name, value) in [
            ("measured", sample.times().map(|times| duration(times.middle))),
            ("at least", self.bound(sample).map(duration)),
            ("gain", gain.map(|gain| format!("{gain:.1}"))),
            ("concurrent", Some(sample.concurrent().text())),
            ("parallel", Some(sample.parallel().text())),
        ] {
            write!(out, "<td data-name=\"{name}\">{}</td>", value.unwrap_or_else(unknown))?;
        }
        out.push_str("</tr>\n");
        Ok(())
    }

    /// The median as a bar, the quartiles as a line on it, and the prediction as a mark.
    fn bar(&self, out: &mut String, sample: &Sample) -> Result<()> {
        let longest = self.longest();
        let percent = |time: Duration| 100.0 * time.as_secs_f64() / longest.as_secs_f64();
        out.push_str("<td class=\"bars\"><svg width=\"100%\" height=\"18\" aria-hidden=\"true\">");
        if let Some(times) = sample.times() {
            let [low, middle, high] = [times.low, times.middle, times.high].map(percent);
            let class = if sample.cores == 1 { "one" } else { "all" };
            write!(
                out,
                "<rect class=\"{class}\" y=\"2\" height=\"14\" width=\"{middle:.2}%\"/>\
                 <line class=\"casing\" x1=\"{low:.2}%\" x2=\"{high:.2}%\" y1=\"9\" y2=\"9\"/>\
                 <line class=\"spread\" x1=\"{low:.2}%\" x2=\"{high:.2}%\" y1=\"9\" y2=\"9\"/>"
            )?;
        }
        if let Some(bound) = self.bound(sample).map(percent) {
            write!(
                out,
                "<line class=\"casing\" x1=\"{bound:.2}%\" x2=\"{bound:.2}%\" y1=\"0\" y2=\"18\"/>\
                 <line class=\"bound\" x1=\"{bound:.2}%\" x2=\"{bound:.2}%\" y1=\"0\" y2=\"18\"/>"
            )?;
        }
        out.push_str("</svg></td>");
        Ok(())
    }
}
