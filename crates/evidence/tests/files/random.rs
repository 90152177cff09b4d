//! Whatever events there are, they are read back.

use std::time::Duration;

use evidence::trace::{Event, Happening, Quantity, Sample, Trace, events};
use proptest::prelude::*;

use crate::made::Made;

/// Times in a run, in nanoseconds.
const LONGEST: u64 = 1 << 40;

fn time() -> impl Strategy<Value = Duration> {
    (0..LONGEST).prop_map(Duration::from_nanos)
}

fn sample() -> impl Strategy<Value = Sample> {
    let width = any::<u32>().prop_map(|width| Duration::from_nanos(width.into()));
    (prop::option::of(time()), width).prop_map(|(cpu, width)| Sample { cpu, width })
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop::sample::select(vec![Quantity::Cores, Quantity::RunDelay, Quantity::Steal])
}

fn happening() -> impl Strategy<Value = Happening> {
    // Few tasks, so that events meet.
    let task = || 1_u32..5;
    let text = || prop_oneof!["[a-z]{0,9}", "\\PC{0,40}"];
    let number = || any::<u16>();
    prop_oneof![
        (text(), prop::option::of(any::<u32>()))
            .prop_map(|(name, system)| Happening::ThreadStarted { name, system }),
        (prop::option::of(time()), prop::option::of(time()))
            .prop_map(|(cpu, run_delay)| Happening::ThreadEnded { cpu, run_delay }),
        (task(), text()).prop_map(|(task, name)| Happening::TaskStarted { task, name }),
        task().prop_map(|task| Happening::TaskEnded { task }),
        (task(), prop::option::of(1..u16::MAX), text(), any::<bool>())
            .prop_map(|(task, step, text, cut)| Happening::Line { task, step, text, cut }),
        (task(), number(), number(), sample()).prop_map(|(task, step, part, sample)| {
            Happening::PartStarted { task, step, part, sample }
        }),
        (sample(), time()).prop_map(|(sample, seen)| Happening::Tick { sample, seen }),
        (sample(), time()).prop_map(|(sample, seen)| Happening::PartEnded { sample, seen }),
        (task(), text()).prop_map(|(task, what)| Happening::WaitStarted { task, what }),
        (task(), time()).prop_map(|(task, started)| Happening::WaitEnded { task, started }),
        (prop::option::of(task()), text(), prop::num::f64::NORMAL, text())
            .prop_map(|(task, name, value, unit)| Happening::Fact { task, name, value, unit }),
        (quantity(), any::<u64>())
            .prop_map(|(quantity, value)| Happening::Reading { quantity, value }),
    ]
}

/// What a thread recorded, in the order of time.
fn thread() -> impl Strategy<Value = Vec<(Duration, Option<u16>, Happening)>> {
    let event = || (time(), prop::option::of(0..1000_u16), happening());
    // Some of them fill several blocks.
    let events = prop_oneof![
        9 => prop::collection::vec(event(), 1..20),
        1 => prop::collection::vec(event(), 1..700),
    ];
    events.prop_map(|mut events| {
        events.sort_by_key(|event| event.0);
        events
    })
}

/// What a process recorded, thread by thread.
pub(crate) fn process() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(thread(), 1..5).prop_map(|threads| {
        let numbered = (0..).zip(threads).flat_map(|(thread, events)| {
            let event = move |(time, core, what)| Event { time, thread, core, what };
            events.into_iter().map(event)
        });
        numbered.collect()
    })
}

/// The events of several processes as if one had recorded them: with numbers of their own, and times
/// since the beginning of the first.
fn as_of_one(processes: &[Made]) -> Vec<Event> {
    let (mut threads, mut tasks) = (0, 0);
    let mut all = Vec::new();
    for process in processes {
        let (more_threads, more_tasks) = (threads, tasks);
        for event in &process.events {
            let late = Duration::from_nanos(process.origin - processes[0].origin);
            let mut event = event.clone();
            threads = threads.max(more_threads + event.thread + 1);
            event.thread += more_threads;
            event.time += late;
            if let Some(task) = task_of(&mut event.what) {
                *task += more_tasks;
                tasks = tasks.max(*task);
            }
            if let Happening::Tick { seen, .. }
            | Happening::PartEnded { seen, .. }
            | Happening::WaitEnded { started: seen, .. } = &mut event.what
            {
                *seen += late;
            }
            all.push(event);
        }
    }
    all
}

/// The number of the task that an event is about.
fn task_of(what: &mut Happening) -> Option<&mut u32> {
    match what {
        Happening::TaskStarted { task, .. }
        | Happening::TaskEnded { task }
        | Happening::Line { task, .. }
        | Happening::PartStarted { task, .. }
        | Happening::WaitStarted { task, .. }
        | Happening::WaitEnded { task, .. }
        | Happening::Fact { task: Some(task), .. } => Some(task),
        _ => None,
    }
}

/// The same without what tells processes apart.
fn of_one(mut trace: Trace) -> Trace {
    trace.threads.iter_mut().for_each(|thread| thread.process = 0);
    trace.tasks.iter_mut().for_each(|task| task.process = 0);
    trace.facts.iter_mut().for_each(|fact| fact.process = 0);
    let whole = Trace::from_events(Vec::new());
    let Trace { processes, process, command, origin, began, .. } = whole;
    Trace { processes, process, command, origin, began, readings: Vec::new(), ..trace }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn one_file_holds_what_was_written_into_it(recorded in process()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Made::new(17, recorded.clone()).write(folder.path());
        prop_assert_eq!(events(&path).expect("a trace"), recorded.clone());
        let read = Trace::read(&path).expect("a trace");
        prop_assert_eq!((read.process, read.command.as_str()), (17, "process 17"));
        let mut expected = Trace::from_events(recorded);
        expected.workload = read.workload;
        prop_assert_eq!(of_one(read), of_one(expected));
    }

    #[test]
    fn several_files_are_read_as_if_one_process_had_written_all(
        recorded in prop::collection::vec(process(), 1..4),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let files: Vec<Made> =
            (17..).zip(recorded).map(|(process, events)| Made::new(process, events)).collect();
        // The last one first: their names and numbers say nothing of their order.
        files.iter().rev().for_each(|file| drop(file.write(folder.path())));
        let read = Trace::read(folder.path()).expect("a trace");
        prop_assert_eq!(read.processes.len(), files.len());
        for (process, file) in read.processes.iter().zip(&files) {
            prop_assert_eq!(u64::from(process.system), file.process);
        }
        let mut expected = Trace::from_events(as_of_one(&files));
        expected.workload = read.workload;
        prop_assert_eq!(of_one(read), of_one(expected));
    }
}
