//! Lanes for <https://ui.perfetto.dev>, Chrome's `about:tracing` and `vizviewer`.
//!
//! The file is in the [Trace Event Format]: a process for the tasks, one for the
//! threads and one for the cores, each with a track a lane. The format does not
//! allow spans on one track to overlap, and those of a lane never do.
//!
//! [Trace Event Format]: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::look;
use crate::written::GENERATOR;
use lanes::{Lane, Lanes, Level, Span, State, Time};

/// The numbers under which the lanes stand as processes, in the order in which they are shown.
const TASKS: u32 = 1;
const THREADS: u32 = 2;
const CORES: u32 = 3;

/// Writes the lanes, one event a line.
///
/// # Errors
///
/// If writing fails.
pub fn write(lanes: &Lanes, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{{\"otherData\":{{\"made by\":\"{GENERATOR}\"}},")?;
    let mut before = "\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
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

/// A lane's track: 1001 for the first task, 2000 for the first thread, 3000 for the first core.
/// Perfetto takes a track with the number of its process for the main thread,
/// and one with the number 0 for none.
const fn track(process: u32, number: u32) -> u64 {
    process as u64 * 1000 + number as u64
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
    let mut arguments: Map<String, Value> = known.collect();
    if let Some(merged) = &span.merged {
        arguments.insert("merged spans".to_owned(), merged.count.into());
        for state in State::ALL {
            let time = microseconds(merged.totals.of(state));
            arguments.insert(format!("{} µs", state.name()), time.into());
        }
    }
    json!({
        "ph": "X",
        "name": name,
        "cat": span.state.name(),
        "pid": process,
        "tid": track,
        "ts": beginning(span.start),
        "dur": microseconds(span.length()),
        "args": arguments,
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
fn microseconds(time: Time) -> f64 {
    time as f64 / 1000.0
}

/// The beginning of a span, and a tenth of a nanosecond. Perfetto multiplies
/// by 1000 and cuts fractions off, and so may take 4.001 µs for 4000 ns: a span
/// would begin before the last one has ended.
fn beginning(time: Time) -> f64 {
    (10 * time + 1) as f64 / 10_000.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use lanes::script::both;

    fn written(lanes: &Lanes) -> Vec<Value> {
        let mut text = Vec::new();
        write(lanes, &mut text).expect("a Vec takes all bytes");
        let document: Value = serde_json::from_slice(&text).expect("JSON");
        document["traceEvents"].as_array().expect("a list").clone()
    }

    /// The events of a kind, by their tracks.
    fn by_track<'a>(events: &'a [Value], kind: &str) -> BTreeMap<[u64; 2], Vec<&'a Value>> {
        let mut tracks: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for event in events.iter().filter(|event| event["ph"] == kind) {
            let track = ["pid", "tid"].map(|key| event[key].as_u64().expect("a number"));
            tracks.entry(track).or_default().push(event);
        }
        tracks
    }

    #[test]
    fn no_spans_on_a_track_overlap() {
        let lanes = Lanes::of(&both());
        let events = written(&lanes);
        let tracks = by_track(&events, "X");
        assert_eq!(tracks.len(), lanes.tasks.len() + lanes.threads.len() + lanes.cores.len());
        // This is how Perfetto makes nanoseconds of them.
        let nanoseconds = |value: &Value| (value.as_f64().expect("a number") * 1000.0) as u64;
        for (track, spans) in tracks {
            for pair in spans.windows(2) {
                let end = nanoseconds(&pair[0]["ts"]) + nanoseconds(&pair[0]["dur"]);
                assert!(end <= nanoseconds(&pair[1]["ts"]), "on track {track:?}");
            }
        }
    }

    #[test]
    fn a_beginning_survives_what_perfetto_does_to_it() {
        for time in (0..2_000_000).step_by(7).chain([u64::pow(10, 14) + 1]) {
            assert_eq!((beginning(time) * 1000.0) as u64, time);
        }
    }

    #[test]
    fn every_track_has_a_name_and_none_is_taken_for_the_main_thread() {
        let events = written(&Lanes::of(&both()));
        let names = events.iter().filter(|event| event["name"] == "thread_name");
        let names: Vec<Value> = names.cloned().collect();
        let named = by_track(&names, "M");
        for track in by_track(&events, "X").into_keys() {
            assert!(named.contains_key(&track) && track[0] != track[1], "{track:?}");
        }
    }

    #[test]
    fn spans_say_what_they_are_about() {
        let events = written(&Lanes::of(&both()));
        let of_thread = &by_track(&events, "X")[&[u64::from(THREADS), track(THREADS, 1)]];
        let about = json!({ "task": 1, "step": 1, "part": 1, "thread": 1, "core": 0 });
        assert_eq!((&of_thread[0]["name"], &of_thread[0]["args"]), (&json!("task A"), &about));
        let of_task = &by_track(&events, "X")[&[u64::from(TASKS), track(TASKS, 1)]];
        let names: Vec<&Value> = of_task.iter().map(|span| &span["name"]).collect();
        assert_eq!(names, ["waiting", "computing"]);
        let lines = &by_track(&events, "i")[&[u64::from(TASKS), track(TASKS, 1)]];
        assert_eq!(lines[1]["name"], "A is done");
    }
}
