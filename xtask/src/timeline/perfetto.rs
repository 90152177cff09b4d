//! Lanes for <https://ui.perfetto.dev>, Chrome's `about:tracing` and `vizviewer`.
//!
//! The file is in the [Trace Event Format]: a process for the tasks, one for the
//! threads and one for the cores, each with a track a lane. The format does not
//! allow spans on one track to overlap, and those of a lane never do.
//!
//! [Trace Event Format]: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::lanes::{Lane, Lanes, Level, Span, State, Time};
use super::look;

/// The numbers under which the lanes stand as processes, in the order in which they are shown.
const TASKS: u32 = 1;
const THREADS: u32 = 2;
const CORES: u32 = 3;

/// Writes the lanes, one event a line.
///
/// # Errors
///
/// If writing fails.
pub(crate) fn write(lanes: &Lanes, mut out: impl Write) -> io::Result<()> {
    let mut before = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
    for event in events(lanes) {
        out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut out, &event)?;
        before = ",\n";
    }
    out.write_all(b"\n]}\n")?;
    out.flush()
}

fn events(lanes: &Lanes) -> impl Iterator<Item = Value> {
    let processes = [(TASKS, "tasks"), (THREADS, "threads"), (CORES, "cores")];
    let badges = look::badges(lanes);
    let labels = lanes.tasks.iter().zip(&badges);
    let tasks: Vec<String> = labels.map(|(lane, b)| look::task_label(lane, b.letter)).collect();
    let threads = lanes.threads.iter().map(thread_label).collect();
    let cores = lanes.cores.iter().map(look::core_label).collect();
    let of_task: HashMap<u32, String> =
        lanes.tasks.iter().map(|lane| lane.number).zip(tasks.iter().cloned()).collect();
    // The viewers give every name a colour: on a thread or a core, compute is called after its task.
    let name = move |span: &Span| match (span.state, span.about.task) {
        (State::Computing, Some(task)) if of_task.contains_key(&task) => of_task[&task].clone(),
        (state, _) => state.name().to_owned(),
    };
    processes
        .into_iter()
        .flat_map(|(process, name)| name_process(process, name))
        .chain(tracks(TASKS, &lanes.tasks, tasks, |span| span.state.name().to_owned()))
        .chain(tracks(THREADS, &lanes.threads, threads, name.clone()))
        .chain(tracks(CORES, &lanes.cores, cores, name))
        .chain(lines(lanes))
        .chain(counts("tasks at once", &lanes.strip.in_progress))
        .chain(counts("cores at once", &lanes.strip.executing))
}

/// Threads of a pool share a name: here is room for their number besides.
fn thread_label(lane: &Lane) -> String {
    format!("thread {} {}", lane.number, lane.name).trim_end().to_owned()
}

fn name_process(process: u32, name: &str) -> [Value; 2] {
    [
        json!({ "ph": "M", "name": "process_name", "pid": process, "args": { "name": name } }),
        json!({ "ph": "M", "name": "process_sort_index", "pid": process,
            "args": { "sort_index": process } }),
    ]
}

/// The tracks of a process: their names, and their spans.
fn tracks<'a>(
    process: u32,
    lanes: &'a [Lane],
    labels: Vec<String>,
    name_of: impl Fn(&Span) -> String + Clone + 'a,
) -> impl Iterator<Item = Value> + 'a {
    lanes.iter().zip(labels).flat_map(move |(lane, label)| {
        let name_of = name_of.clone();
        let track = track(process, lane.number);
        let name = json!({ "ph": "M", "name": "thread_name", "pid": process, "tid": track,
            "args": { "name": label } });
        let order = json!({ "ph": "M", "name": "thread_sort_index", "pid": process, "tid": track,
            "args": { "sort_index": track } });
        // A track that is empty says best that nothing is known.
        let spans = lane.spans.iter().filter(|span| span.state != State::Quiet);
        [name, order]
            .into_iter()
            .chain(spans.map(move |one| span(process, track, name_of(one), one)))
    })
}

/// A lane's track. Number 0 stands for no track at all in some programs, and
/// threads and cores are counted from 0.
const fn track(process: u32, number: u32) -> u64 {
    if process == TASKS { number as u64 } else { number as u64 + 1 }
}

fn span(process: u32, track: u64, name: String, span: &Span) -> Value {
    let about = &span.about;
    let known = [
        ("task", about.task),
        ("step", about.step.map(u32::from)),
        ("part", about.part.map(u32::from)),
        ("thread", about.thread),
        ("core", about.core.map(u32::from)),
    ];
    let known = known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
    json!({
        "ph": "X",
        "name": name,
        "cat": span.state.name(),
        "pid": process,
        "tid": track,
        "ts": beginning(span.start),
        "dur": microseconds(span.length()),
        "args": Value::Object(known.collect()),
    })
}

/// The printed lines, on the tracks of their tasks.
fn lines(lanes: &Lanes) -> impl Iterator<Item = Value> {
    lanes.marks.iter().map(|mark| {
        json!({
            "ph": "i",
            "s": "t",
            "name": mark.text,
            "cat": "line",
            "pid": TASKS,
            "tid": track(TASKS, mark.task),
            "ts": microseconds(mark.time),
            "args": { "place": mark.place, "thread": mark.thread },
        })
    })
}

/// A count, which ends at zero.
fn counts(name: &str, levels: &[Level]) -> impl Iterator<Item = Value> {
    let end = levels.last().map(|level| (level.end, 0));
    let points = levels.iter().map(|level| (level.start, level.most)).chain(end);
    points.map(move |(time, count)| {
        json!({ "ph": "C", "name": name, "pid": TASKS, "ts": microseconds(time),
            "args": { "count": count } })
    })
}

/// The format counts in microseconds, and takes fractions.
#[expect(clippy::cast_precision_loss, reason = "a run is shorter than the 104 days that fit")]
fn microseconds(time: Time) -> f64 {
    time as f64 / 1000.0
}

/// The beginning of a span, and a tenth of a nanosecond. Perfetto multiplies
/// by 1000 and cuts fractions off, and so may take 4.001 µs for 4000 ns: a span
/// would begin before the last one has ended.
#[expect(clippy::cast_precision_loss, reason = "a run is shorter than the 10 days that fit")]
fn beginning(time: Time) -> f64 {
    (10 * time + 1) as f64 / 10_000.0
}
