//! Lanes for a program to read. All times are in nanoseconds since the beginning of the trace.

use evidence::Verdict;
use serde_json::{Map, Value, json};

use lanes::{Edge, End, Highlight, Lane, Lanes, Level, Mark, Span, State, Totals};

/// Describes the lanes to a program.
pub fn to_json(lanes: &Lanes, verdict: &Verdict) -> Value {
    json!({
        "unit": "ns",
        "length": lanes.length,
        "resolution": lanes.resolution,
        "available_cores": lanes.available_cores,
        "dropped_events": lanes.dropped,
        "tasks": list(&lanes.tasks, lane),
        "threads": list(&lanes.threads, lane),
        "cores": list(&lanes.cores, lane),
        "tasks_in_progress": list(&lanes.strip.in_progress, level),
        "threads_executing": list(&lanes.strip.executing, level),
        "lines": list(&lanes.marks, mark),
        "edges": list(&lanes.edges, edge),
        "highlights": list(&lanes.highlights, highlight),
        "verdict": verdict.to_json(),
    })
}

fn list<T>(items: &[T], describe: impl Fn(&T) -> Value) -> Value {
    items.iter().map(describe).collect()
}

fn lane(lane: &Lane) -> Value {
    json!({
        "number": lane.number,
        "name": lane.name,
        "start": lane.start,
        "end": lane.end,
        "has_ended": lane.has_ended,
        "totals": totals(&lane.totals),
        "spans": list(&lane.spans, span),
    })
}

fn totals(totals: &Totals) -> Value {
    let entry = |state: State| (state.name().to_owned(), totals.of(state).into());
    State::ALL.into_iter().map(entry).collect::<Map<_, _>>().into()
}

fn span(span: &Span) -> Value {
    let about = &span.about;
    let mut fields = Map::from_iter([
        ("start".to_owned(), span.start.into()),
        ("end".to_owned(), span.end.into()),
        ("state".to_owned(), span.state.name().into()),
    ]);
    let known = [
        ("task", about.task.map(Value::from)),
        ("step", about.step.map(Value::from)),
        ("part", about.part.map(Value::from)),
        ("thread", about.thread.map(Value::from)),
        ("core", about.core.map(Value::from)),
        ("merged", span.merged.as_ref().map(|merged| merged.count.into())),
        ("totals", span.merged.as_ref().map(|merged| totals(&merged.totals))),
    ];
    let known = known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    fields.extend(known);
    fields.into()
}

fn level(level: &Level) -> Value {
    json!({
        "start": level.start,
        "end": level.end,
        "least": level.least,
        "most": level.most,
        "mean": level.mean(),
    })
}

fn mark(mark: &Mark) -> Value {
    json!({
        "time": mark.time,
        "place": mark.place,
        "task": mark.task,
        "thread": mark.thread,
        "step": mark.step,
        "text": mark.text,
        "more": mark.more,
    })
}

fn edge(edge: &Edge) -> Value {
    let end = |end: &End| json!({ "place": end.place, "time": end.time, "task": end.task });
    json!({
        "earlier": end(&edge.earlier),
        "later": end(&edge.later),
        "broken": edge.is_broken(),
    })
}

fn highlight(highlight: &Highlight) -> Value {
    json!({
        "axis": highlight.axis.name(),
        "lanes": highlight.lanes,
        "start": highlight.start,
        "end": highlight.end,
        "at_least": highlight.at_least,
        "sentence": highlight.sentence,
    })
}
