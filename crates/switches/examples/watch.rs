//! Watches a program from its first moment on, and says who was executing when.
//!
//!     cargo run -p switches --example watch --release -- python3 program.py

use std::process::ExitCode;

use switches::{Beside, Record, Recorder};

#[path = "hold/mod.rs"]
mod hold;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else {
        eprintln!("usage: watch PROGRAM [ARGUMENT ...]");
        return ExitCode::from(2);
    };
    if program == hold::WORD {
        return hold::wait_and_begin(words);
    }
    let mut held = hold::hold(&program, words);
    let recorder = match Recorder::attach(held.pid()) {
        Ok(recorder) => recorder,
        Err(error) => {
            eprintln!("There is no record of this run: {error}.");
            if let Some(remedy) = error.remedy() {
                eprintln!("To allow it, {remedy}");
            }
            return ExitCode::FAILURE;
        }
    };
    held.go();
    let status = held.wait();
    let record = recorder.finish();
    eprintln!("{status}");
    show(&record);
    ExitCode::SUCCESS
}

fn ms(nanos: u64) -> String {
    format!("{:.3} ms", nanos as f64 / 1e6)
}

fn show(record: &Record) {
    let took = record.ended - record.began;
    println!(
        "{} executed in {} by {} threads of {} processes on {} cores, {} intervals, {} lost, {} odd",
        ms(record.executed()),
        ms(took),
        record.threads.len(),
        record.processes.len(),
        record.cores.len(),
        record.intervals.len(),
        record.lost,
        record.oddities
    );
    println!(
        "coarsened {:?}, stolen {}, out of sight {:?}",
        record.coarsened,
        ms(record.stolen()),
        record.out_of_sight
    );
    println!("{:?}", record.causes(|_| true));
    let judged = record.at_once();
    println!("{}", format!("{judged:?}").split(' ').next().unwrap_or_default());
    let beside = record.beside();
    show_beside(record, &beside);
    let mut threads: Vec<_> = record.threads.iter().collect();
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.executed));
    for thread in threads.iter().take(std::env::var("N").ok().map_or(8, |n| n.parse().unwrap())) {
        println!(
            "  {}/{} {:?}: executed {}, alone {}, turns {}, preempted {}, ready {} (own {}, others {}, switching {}), cores {:?}",
            record.processes[thread.process].pid,
            thread.tid,
            thread.name(),
            ms(thread.executed),
            ms(thread.alone),
            thread.turns,
            thread.preempted,
            ms(thread.ready.all),
            ms(thread.ready.taken_by_own),
            ms(thread.ready.taken_by_others),
            ms(thread.ready.switching),
            thread.cores
        );
    }
    for change in record.changes().iter().take(12) {
        println!("  {change:?}");
    }
}

fn show_beside(record: &Record, beside: &Beside) {
    let longer = [50_000u64, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 4_000_000]
        .map(|l| ms(beside.lengths.beside_in_longer_than(l)));
    println!(
        "beside: {} to {} of {} = {:.2} %, {} stretches; in longer than .05 .1 .2 .5 1 2 4: {longer:?}",
        ms(beside.at_least),
        ms(beside.at_most),
        ms(beside.of),
        beside.share() * 100.0,
        beside.lengths.count()
    );
    for stretch in beside.stretches.iter().take(4) {
        let name = |at: usize| record.threads[at].name_at(stretch.start).to_owned();
        println!(
            "  stretch of {} from {}: {} {} {} {}",
            ms(stretch.length()),
            ms(stretch.start - record.began),
            record.threads[stretch.threads[0]].tid,
            name(stretch.threads[0]),
            record.threads[stretch.threads[1]].tid,
            name(stretch.threads[1])
        );
    }
}
