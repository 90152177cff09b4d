//! What it costs a program to be watched by the kernel's own record of switches, and what it costs the
//! watcher.
//!
//! ```text
//! cargo bench -p bench --bench watched            # a program that computes, and one that switches
//! cargo bench -p bench --bench watched -- flood   # ten seconds of switches as fast as they come
//! ```
//!
//! Each program is run in pairs, once watched and once not, the one first and then the other. What is
//! printed is a ratio of times in one run; times of different runs must not be compared.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::process::{Child, Command, ExitCode, Stdio};
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};
    use std::{env, fs, io};

    use switches::{Record, Recorder};

    /// How many pairs there are.
    const PAIRS: usize = 31;
    /// How often two threads hand over to each other and back.
    const ROUNDS: usize = 20_000;
    /// How long a flood of switches lasts.
    const FLOOD: Duration = Duration::from_secs(10);

    pub(super) fn main() -> ExitCode {
        let words: Vec<String> = env::args().skip(1).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["as", program] => be(program),
            ["flood", ..] => flood(),
            _ => compare(),
        }
        ExitCode::SUCCESS
    }

    /// Is one of the programs that are watched, once it is told to begin.
    fn be(program: &str) {
        println!("ready");
        io::stdin().read_exact(&mut [0]).expect("the watcher tells when to begin");
        match program {
            "computing" => computing(),
            "switching" => switching(|round| round < ROUNDS),
            _ => {
                let began = Instant::now();
                let pairs: Vec<_> = (0..2)
                    .map(|_| thread::spawn(move || switching(|_| began.elapsed() < FLOOD)))
                    .collect();
                pairs.into_iter().for_each(|pair| pair.join().expect("it does not panic"));
            }
        }
    }

    /// Two threads that compute and hardly ever switch.
    fn computing() {
        let count = || (2..150_000_u64).filter(|n| (2..400).all(|d| n % d != 0 || *n == d)).count();
        let other = thread::spawn(count);
        let primes = count();
        assert_eq!(other.join().expect("it does not panic"), primes);
    }

    /// Two threads, each of which wakes the other and sleeps.
    fn switching(goes_on: impl Fn(usize) -> bool) {
        let (there, from_here) = mpsc::sync_channel::<()>(0);
        let (back, from_there) = mpsc::sync_channel::<()>(0);
        let other = thread::spawn(move || from_here.iter().try_for_each(|()| back.send(())));
        for _ in (0..).take_while(|&round| goes_on(round)) {
            there
                .send(())
                .and_then(|()| from_there.recv().map_err(|_| mpsc::SendError(())))
                .expect("both live");
        }
        drop(there);
        other.join().expect("it does not panic").expect("somebody listened");
    }

    /// Runs each program in pairs.
    fn compare() {
        println!("program    watched ÷ not   switches   lost   (median of {PAIRS} pairs)");
        for program in ["computing", "switching"] {
            let (mut ratios, mut more, mut switches, mut lost) = (Vec::new(), Vec::new(), 0, 0);
            for pair in 0..PAIRS {
                let run = |watched| run(program, watched);
                let ([watched, alone], record) = match pair % 2 {
                    0 => {
                        let (time, record) = run(true);
                        ([time, run(false).0], record)
                    }
                    _ => {
                        let alone = run(false).0;
                        let (time, record) = run(true);
                        ([time, alone], record)
                    }
                };
                ratios.push(watched.as_secs_f64() / alone.as_secs_f64());
                let record = record.expect("it was watched");
                switches = turns(&record);
                let longer = watched.as_secs_f64() - alone.as_secs_f64();
                more.push(longer * 1e9 / switches as f64);
                lost += record.lost;
            }
            ratios.sort_by(f64::total_cmp);
            more.sort_by(f64::total_cmp);
            let (least, middle, most) =
                (ratios[PAIRS / 4], ratios[PAIRS / 2], ratios[PAIRS * 3 / 4]);
            println!(
                "{program}  {middle:.3} ({least:.3} to {most:.3} for half of them)  {switches}  {lost}"
            );
            if switches > 1_000 {
                println!("           {:.0} ns a switch", more[PAIRS / 2]);
            }
        }
    }

    /// Watches a program that switches as often as it can.
    fn flood() {
        let before = memory();
        let (time, record) = run("flood", true);
        let record = record.expect("it was watched");
        let per_second = turns(&record) as f64 / time.as_secs_f64();
        println!(
            "{} switches in {:.1} s, {per_second:.0} a second; {} lost; the watcher took {} KiB more memory",
            turns(&record),
            time.as_secs_f64(),
            record.lost,
            memory() - before
        );
    }

    /// Runs a program, and says how long it took.
    fn run(program: &str, watched: bool) -> (Duration, Option<Record>) {
        let mut child = prepare(program);
        let recorder = watched.then(|| Recorder::attach(child.id()).expect("watching is allowed"));
        let began = Instant::now();
        child.stdin.take().expect("a pipe").write_all(b"!").expect("it is there");
        assert!(child.wait().expect("it ends").success());
        let took = began.elapsed();
        (took, recorder.map(Recorder::finish))
    }

    /// A program that stands ready and has not begun.
    fn prepare(program: &str) -> Child {
        let mut child = Command::new(env::current_exe().expect("this program's own path"))
            .args(["as", program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs again");
        let mut ready = String::new();
        let mut output = BufReader::new(child.stdout.as_mut().expect("a pipe"));
        output.read_line(&mut ready).expect("it says that it is ready");
        child
    }

    fn turns(record: &Record) -> u64 {
        record.threads.iter().map(|thread| thread.turns).sum()
    }

    /// The most memory that this process has had, in KiB.
    fn memory() -> u64 {
        let status = fs::read_to_string("/proc/self/status").expect("the kernel tells");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.expect("the kernel tells")
    }
}

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::main();
    #[cfg(not(target_os = "linux"))]
    {
        println!("Only Linux has such a record.");
        ExitCode::SUCCESS
    }
}
