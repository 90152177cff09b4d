//! What people who learn do most often, as questions that lead to it: threads that nobody joins, futures
//! that nobody polls, loops that do not end, locks that are waited for in a circle.
//!
//! Nothing is asked that the evidence does not give cause for, and nothing here decides how a run went.

use std::collections::BTreeSet;

use evidence::trace::{Names, Task, Trace};
use lab::order::Violation;

use crate::examine::Run;
use crate::process::{Activity, Finding};
use crate::show::{duration, printable};

/// The questions that a run gives cause for.
pub(crate) fn questions(run: &Run) -> Vec<String> {
    let Some(trace) = &run.trace else { return Vec::new() };
    let unfinished: Vec<&Task> = trace.tasks.iter().filter(|task| task.end.is_none()).collect();
    let hung = run.report.findings.iter().find_map(|finding| match finding {
        Finding::Hung { activity, .. } => Some(*activity),
        _ => None,
    });
    let asked = match hung {
        Some(Some(Activity { running: 0, waiting: 1.., .. })) => deadlock(trace, &unfinished),
        Some(_) => endless(trace, &unfinished),
        None if run.report.ending.is_success() => left_alone(trace, &unfinished),
        None => None,
    };
    asked.into_iter().chain(never_begun(run, trace)).collect()
}

/// A program that ended well while tasks were in progress.
fn left_alone(trace: &Trace, unfinished: &[&Task]) -> Option<String> {
    let were = if unfinished.len() == 1 { "was" } else { "were" };
    let tasks = list(&names(trace, unfinished))?;
    Some(format!("The program ended while {tasks} {were} in progress: who waits for them?"))
}

/// Tasks of which lines are expected, and that never began.
fn never_begun(run: &Run, trace: &Trace) -> Option<String> {
    let missing = run.order.violations().iter().filter_map(|violation| match violation {
        Violation::Missing { .. } => task_of(&violation.to_string()),
        _ => None,
    });
    let began: BTreeSet<&str> = trace.tasks.iter().map(|task| task.name.as_ref()).collect();
    let missing: BTreeSet<String> = missing.filter(|name| !began.contains(&**name)).collect();
    let tasks = list(&missing.into_iter().collect::<Vec<_>>())?;
    Some(format!(
        "{tasks} never began: who polls that future, or starts that thread? A future does nothing \
         until somebody awaits, joins or spawns it."
    ))
}

/// A program whose threads ran until its time was up.
fn endless(trace: &Trace, unfinished: &[&Task]) -> Option<String> {
    // Who was computing when nothing more was recorded; or else whoever gave the last sign of life.
    let part = trace.parts.iter().filter(|part| part.end.is_none()).max_by_key(|part| part.last);
    let computing = part.and_then(|part| trace.task(part.task));
    let task = computing.or_else(|| unfinished.iter().copied().max_by_key(|task| task.last))?;
    let line = trace.lines.iter().rfind(|line| line.task == task.number);
    let place = match (part.filter(|_| computing.is_some()), line.and_then(|line| line.step)) {
        (Some(part), _) => format!(", computing in step {}", part.step),
        (None, Some(step)) => format!(" in step {step}"),
        (None, None) => String::new(),
    };
    let name = trace.names().of(task);
    Some(format!(
        "Task {name} was still at it{place}; {}. Which loop does not end?",
        last_line(trace, task)
    ))
}

/// A program all of whose threads waited until its time was up.
fn deadlock(trace: &Trace, unfinished: &[&Task]) -> Option<String> {
    const SHOWN: usize = 4;
    let waiting = |task: &&Task| {
        let wait = trace.waits.iter().rfind(|wait| wait.task == task.number && wait.end.is_none());
        let what = wait.map(|wait| format!(" for {}", printable(&wait.what))).unwrap_or_default();
        format!("{} waits{what} ({})", trace.names().of(task), last_line(trace, task))
    };
    let waiting = list(&unfinished.iter().take(SHOWN).map(waiting).collect::<Vec<_>>())?;
    Some(format!("{waiting}. Who is to go on first, and what does that one wait for?"))
}

/// The last thing that a task said, and when.
fn last_line(trace: &Trace, task: &Task) -> String {
    match trace.lines.iter().rfind(|line| line.task == task.number) {
        Some(line) => {
            format!("its last line, after {}: {}", duration(line.time), printable(&line.text))
        }
        None => "it printed no line".to_owned(),
    }
}

fn names(trace: &Trace, tasks: &[&Task]) -> Vec<String> {
    let names: Names = trace.names();
    tasks.iter().map(|task| printable(&names.of(task))).collect()
}

/// The task in: "Task A - …".
fn task_of(text: &str) -> Option<String> {
    let (name, _) = text.split_once("Task ")?.1.split_once(" - ")?;
    Some(name.to_owned())
}

/// A few things, with commas and an *and*; nothing where there is nothing.
fn list(things: &[String]) -> Option<String> {
    const SHOWN: usize = 6;
    match things {
        [] => None,
        [one] => Some(one.clone()),
        [first @ .., last] if things.len() <= SHOWN => {
            Some(format!("{} and {last}", first.join(", ")))
        }
        _ => {
            let shown = things[..SHOWN].join(", ");
            Some(format!("{shown} and {} more", things.len() - SHOWN))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_listed_as_one_says_them() {
        let things = |count: usize| (1..=count).map(|it| it.to_string()).collect::<Vec<_>>();
        let listed = |count| list(&things(count)).unwrap_or_default();
        assert_eq!(
            ["", "1", "1 and 2", "1, 2 and 3"],
            [0, 1, 2, 3].map(listed).each_ref().map(|it| &**it)
        );
        assert_eq!(listed(9), "1, 2, 3, 4, 5, 6 and 3 more");
    }

    #[test]
    fn a_task_is_read_from_its_line() {
        assert_eq!(task_of("\"Task B - Step 1\" never came").as_deref(), Some("B"));
        assert_eq!(task_of("\"Results\" never came"), None);
    }
}
