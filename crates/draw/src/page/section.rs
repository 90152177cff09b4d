//! One run: its facts, its picture, its output, and the same in words.

use std::fmt::Write as _;

use anyhow::Result;
use evidence::Answer;

use super::exhibit::{Exhibit, Printed, Question};
use super::html::{Text, identifier, prose, symbol};
use super::picture::{self, time_text};
use crate::text::count;
use lanes::{Axis, Lane, Lanes, State, Strip};

/// How many lines of output are shown, at most.
const MOST_LINES: usize = 300;

/// How many lines after those are shown, at most, because the contract is broken at them.
const MOST_WRONG: usize = 50;

/// How long a fact may be without being folded up.
const LONGEST_FACT: usize = 200;

/// How many pixels high a picture may be on paper, so that four runs fit on a page.
const HEIGHT_ON_PAPER: f64 = 165.0;

/// At which part of its size a picture has no room on paper for a name beside each lane.
const CROWDED: f64 = 0.37;

/// The name by which the page knows a run.
pub fn anchor(title: &str) -> String {
    format!("run-{}", identifier(title))
}

/// Writes the section of a run, on the screen alone or on paper as well, with a picture of some resolution.
pub(super) fn write(exhibit: &Exhibit, is_on_paper: bool, resolution: usize) -> Result<String> {
    let mut out = String::new();
    let id = anchor(&exhibit.title);
    let title = Text(&exhibit.title);
    let heading = heading(exhibit);
    let paper = if is_on_paper { " on-paper" } else { "" };
    write!(
        out,
        "<section class=\"lesson{paper}\" id=\"{id}\" tabindex=\"-1\" aria-labelledby=\"{id}-title\" data-title=\"{title}\">\n\
         <header><h2 id=\"{id}-title\">{}{heading}</h2><p class=\"summary\">{}</p></header>\n",
        exhibit.mark.map(symbol).unwrap_or_default(),
        prose(&exhibit.summary),
    )?;
    before(&mut out, exhibit)?;
    out.push_str("<div class=\"after\">\n");
    complaints(&mut out, exhibit)?;
    if exhibit.has_picture() {
        stage(&mut out, exhibit, resolution)?;
        answer(&mut out, exhibit)?;
        facts(&mut out, exhibit)?;
        words(&mut out, &exhibit.lanes)?;
    } else {
        answer(&mut out, exhibit)?;
        facts(&mut out, exhibit)?;
        out.push_str("<p class=\"note\">No trace was recorded, so that there is no picture.</p>\n");
        output(&mut out, &exhibit.output, &exhibit.lanes)?;
    }
    out.push_str("</div>\n</section>\n");
    Ok(out)
}

/// The title. Where somebody is asked what it is a run of, the part of its name that tells can be hidden.
fn heading(exhibit: &Exhibit) -> String {
    match exhibit.title.split_once('/').filter(|_| exhibit.question.is_some()) {
        Some((chapter, name)) => {
            format!("<span class=\"chapter\">{}/</span>{}", Text(chapter), Text(name))
        }
        None => Text(&exhibit.title).to_string(),
    }
}

/// What somebody looks at before the run is played: the question, and the code.
fn before(out: &mut String, exhibit: &Exhibit) -> Result<()> {
    if exhibit.question.is_none() && exhibit.code.is_empty() {
        return Ok(());
    }
    out.push_str("<div class=\"before\">\n");
    if let Some(question) = &exhibit.question {
        let text = prose(&question.text);
        writeln!(
            out,
            "<div class=\"asked\"><p class=\"question\">{text}</p>\n<ol class=\"choices\">"
        )?;
        for choice in &question.choices {
            writeln!(out, "<li>{}</li>", prose(choice))?;
        }
        out.push_str("</ol></div>\n");
    }
    if !exhibit.code.is_empty() {
        let code: Vec<String> = exhibit.code.iter().map(|line| Text(line).to_string()).collect();
        let code = code.join("\n");
        writeln!(
            out,
            "<details class=\"code\"><summary>The code that matters</summary><pre>{code}</pre></details>"
        )?;
    }
    out.push_str("</div>\n");
    Ok(())
}

/// Which of the choices is right, and why: it comes after the run that shows it.
fn answer(out: &mut String, exhibit: &Exhibit) -> Result<()> {
    if let Some(Question { answer, .. }) = &exhibit.question {
        let answer = prose(answer);
        writeln!(out, "<details class=\"answer\"><summary>Answer</summary>{answer}</details>")?;
    }
    Ok(())
}

fn complaints(out: &mut String, exhibit: &Exhibit) -> Result<()> {
    for (class, sentences) in [("fault", &exhibit.faults), ("doubt", &exhibit.doubts)] {
        for sentence in sentences {
            writeln!(out, "<p class=\"{class}\">{}</p>", Text(sentence))?;
        }
    }
    Ok(())
}

fn facts(out: &mut String, exhibit: &Exhibit) -> Result<()> {
    out.push_str("<dl class=\"facts\">\n");
    for (question, answer, sentence) in &exhibit.answers {
        let badge = badge(*answer);
        writeln!(out, "<div><dt>{question} {badge}</dt><dd>{}</dd></div>", Text(sentence))?;
    }
    for (heading, sentence) in &exhibit.facts {
        let class = identifier(heading).to_lowercase();
        writeln!(out, "<div class={class}><dt>{heading}</dt><dd>{}</dd></div>", folded(sentence))?;
    }
    out.push_str("</dl>\n");
    Ok(())
}

/// A sentence, of which there is only the beginning to be seen if it is long.
fn folded(sentence: &str) -> String {
    if sentence.chars().count() <= LONGEST_FACT {
        return Text(sentence).to_string();
    }
    let beginning: String = sentence.chars().take(LONGEST_FACT / 2).collect();
    format!(
        "<details><summary>{}…</summary>{}</details>",
        Text(beginning.trim_end()),
        Text(sentence)
    )
}

/// An answer as a word that stands out.
fn badge(answer: Answer) -> String {
    let name = answer.name();
    format!("<span class=\"badge {name}\">{}</span>", name.replace('-', " "))
}

/// What the script brings to life: the picture beside the output.
fn stage(out: &mut String, exhibit: &Exhibit, resolution: usize) -> Result<()> {
    let lanes = &exhibit.lanes;
    let drawn = picture::draw(lanes, resolution, &exhibit.title, &description(lanes));
    let on_paper = (HEIGHT_ON_PAPER / drawn.main as f64).min(0.6);
    let crowded = if on_paper < CROWDED { " crowded" } else { "" };
    write!(
        out,
        "<div class=\"stage\"><div class=\"run\" data-length=\"{}\" data-title=\"{}\">\n\
         <div class=\"picture{crowded}\" style=\"--main:{}px;--paper:{on_paper:.2}\">{}<div class=\"viewport\"><div class=\"track\" style=\"height:{}px\">{}</div></div></div>\n",
        exhibit.length(),
        Text(&exhibit.title),
        drawn.main,
        drawn.labels,
        drawn.height,
        drawn.lanes,
    )?;
    output(out, &exhibit.output, lanes)?;
    out.push_str("</div></div>\n");
    Ok(())
}

fn output(out: &mut String, lines: &[Printed], lanes: &Lanes) -> Result<()> {
    out.push_str("<ol class=\"output\" aria-label=\"Output\">\n");
    let colours = picture::colours(lanes);
    let (first, rest) = lines.split_at(lines.len().min(MOST_LINES));
    let wrong = rest.iter().filter(|line| line.is_wrong).take(MOST_WRONG);
    let shown: Vec<&Printed> = first.iter().chain(wrong).collect();
    for line in &shown {
        let colour = line.task.and_then(|task| colours.get(&task));
        let mut classes = colour.map(|colour| format!("t{colour}")).unwrap_or_default();
        for (holds, class) in [(line.is_error, " error"), (line.is_wrong, " wrong")] {
            classes += if holds { class } else { "" };
        }
        writeln!(
            out,
            "<li class=\"{}\" data-t={}><time>{}</time> <span>{}</span></li>",
            classes.trim(),
            line.time,
            time_text(line.time),
            Text(crate::text::shortened(&line.text)),
        )?;
    }
    out.push_str("</ol>\n");
    if lines.len() > shown.len() {
        let more = count(lines.len() - shown.len(), "more line");
        writeln!(out, "<p class=\"note\">and {more}, not shown.</p>")?;
    }
    Ok(())
}

/// The picture in a sentence, for who cannot see it.
fn description(lanes: &Lanes) -> String {
    let most =
        |levels: &[lanes::Level]| levels.iter().map(|level| level.most).max().unwrap_or(0) as usize;
    let strip = &lanes.strip;
    format!(
        "{} and {} in {}. Up to {} in progress at once, several for {}. Up to {} executing at once, several for {}.",
        count(lanes.tasks.len(), "task"),
        count(lanes.threads.len(), "thread"),
        time_text(lanes.length),
        count(most(&strip.in_progress), "task"),
        time_text(Strip::at_least_two(&strip.in_progress)),
        count(most(&strip.executing), "thread"),
        time_text(Strip::at_least_two(&strip.executing)),
    )
}

/// The picture as a table.
fn words(out: &mut String, lanes: &Lanes) -> Result<()> {
    const MOST_ROWS: usize = 12;
    const MOST_THREADS: usize = 6;
    write!(
        out,
        "<details class=\"words\"><summary>The picture in words</summary><p>{}</p>\n\
         <div class=\"wide\"><table><thead><tr><th scope=\"col\">lane</th><th scope=\"col\">from</th><th scope=\"col\">to</th>",
        description(lanes)
    )?;
    for state in State::ALL {
        write!(out, "<th scope=\"col\">{}</th>", state.name())?;
    }
    out.push_str("</tr></thead><tbody>\n");
    let tasks = lanes.tasks.iter().map(|lane| (picture::task_name(lane), lane));
    let cores = lanes.cores.iter().map(|lane| (format!("Core {}", lane.number), lane));
    let threads = telling_threads(lanes);
    let threads = threads.iter().take(MOST_THREADS).map(|&lane| (super::rows::name(lane), lane));
    for (name, lane) in tasks.take(MOST_ROWS).chain(cores.take(MOST_ROWS)).chain(threads) {
        row(out, &name, lane)?;
    }
    out.push_str("</tbody></table></div></details>\n");
    Ok(())
}

/// The threads that computed, those first that the verdict rests on.
fn telling_threads(lanes: &Lanes) -> Vec<&Lane> {
    let proves = |lane: &Lane| {
        let mut proofs = lanes.highlights.iter().filter(|proof| proof.axis == Axis::Parallel);
        proofs.any(|proof| proof.lanes.contains(&lane.number))
    };
    let computed = lanes.threads.iter().filter(|lane| lane.totals.of(State::Computing) > 0);
    let mut threads: Vec<&Lane> = computed.collect();
    threads.sort_by_key(|lane| !proves(lane));
    threads
}

fn row(out: &mut String, name: &str, lane: &Lane) -> Result<()> {
    let (start, end) = (time_text(lane.start), time_text(lane.end));
    write!(out, "<tr><th scope=\"row\">{}</th><td>{start}</td><td>{end}</td>", Text(name))?;
    for state in State::ALL {
        match lane.totals.of(state) {
            0 => out.push_str("<td></td>"),
            time => write!(out, "<td>{}</td>", time_text(time))?,
        }
    }
    out.push_str("</tr>\n");
    Ok(())
}
