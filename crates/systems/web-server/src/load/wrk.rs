//! [`wrk`](https://github.com/wg/wrk), a client that nobody here wrote.
//!
//! It tells of what was answered until the end, and of nothing that was not: whoever still waits then is in
//! none of its times. And it does something against coordinated omission: for an answer that took longer
//! than twice the interval in which one connection is answered on average, it counts those that would have
//! been asked for meanwhile, had nobody waited. A 99th percentile of such times can be told, but they are not
//! the times of answers, and there is no law for them. So `answers` takes them away again.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::{Output, Stdio};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::sleep;

use super::{Load, SLACK, Seen};

/// What it tells us, a number a line, in microseconds where it is a time: for how long it asked, how many
/// answers there were, how many requests failed, the slowest answer, and a thousand quantiles.
const SCRIPT: &str = r#"
done = function(summary, latency)
    local failed = 0
    for _, errors in pairs(summary.errors) do failed = failed + errors end
    for _, number in ipairs { summary.duration, summary.requests, failed, latency.max } do
        print("told", number)
    end
    for i = 1, 1000 do print("told", latency:percentile((i - 0.5) / 10)) end
end
"#;

/// Whether it is installed.
#[must_use]
pub fn is_here() -> bool {
    std::process::Command::new("wrk").arg("--version").output().is_ok()
}

/// Has it ask for the title page for as many whole seconds as there are.
///
/// # Errors
///
/// A sentence, where it cannot be run, or says what nobody here understands.
pub async fn ask(server: SocketAddr, load: Load) -> Result<Seen, String> {
    let seconds = load.time.as_secs();
    let script = script().map_err(|error| format!("there is no room for wrk's script: {error}"))?;
    let mut command = Command::new("wrk");
    // It would keep silent about whatever takes longer than two seconds.
    command.args(["--threads", "1", "--timeout", &format!("{}s", seconds + 1)]);
    command.args(["--connections", &load.connections.to_string()]);
    command.args(["--duration", &format!("{seconds}s"), "--script"]).arg(script.path());
    command.arg(format!("http://{server}/title"));
    let output = output(command).await.map_err(|error| format!("wrk cannot be run: {error}"))?;
    let report = String::from_utf8_lossy(&output.stdout);
    seen(&report, load.connections).ok_or_else(|| {
        let errors = String::from_utf8_lossy(&output.stderr);
        format!("wrk says what nobody here understands: {report}{errors}")
    })
}

fn script() -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(SCRIPT.as_bytes())?;
    Ok(file)
}

/// Runs a command to its end, reads meanwhile whatever it says, and keeps nobody else from what they do. It
/// is ended where somebody presses Ctrl-C.
async fn output(mut command: Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    tokio::select! {
        output = command.output() => output,
        () = asked_to_stop() => Err(io::Error::other("somebody has asked to stop")),
    }
}

/// Waits until somebody presses Ctrl-C.
async fn asked_to_stop() {
    /// How often to look.
    const NOW_AND_THEN: Duration = Duration::from_millis(20);
    while !stage::stopped() {
        sleep(NOW_AND_THEN).await;
    }
}

/// What its report says of so many connections.
fn seen(report: &str, connections: u32) -> Option<Seen> {
    let told = report.lines().filter_map(|line| line.strip_prefix("told")?.trim().parse().ok());
    let told: Vec<f64> = told.collect();
    let [lasted, count, failed, worst, ref times @ ..] = told[..] else { return None };
    if times.len() != 1000 {
        return None;
    }
    let answers = answers(times, interval(lasted, count, connections));
    let total: f64 = answers.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = answers.iter().map(|(time, weight)| time * weight).sum();
    // At the end each connection may wait for an answer that nobody tells of.
    let untold = worst / lasted;
    Some(Seen {
        rate: count / lasted * 1e6,
        mean: sum / total / 1e3,
        median: quantile(&answers, total * 0.5) / 1e3,
        percentile: quantile(&answers, total * 0.99) / 1e3,
        worst: worst / 1e3,
        failed: failed as u64,
        possible: 1.0 - SLACK - untold..=1.0 + SLACK,
    })
}

/// In which interval a connection is answered, in microseconds and as wrk reckons it: in whole numbers.
fn interval(lasted: f64, count: f64, connections: u32) -> f64 {
    let answers = (count / f64::from(connections)).floor();
    if answers > 0.0 { (lasted / answers).floor() } else { f64::INFINITY }
}

/// The times of answers, each with its weight and in ascending order, among those that wrk has counted.
///
/// For each answer that took longer than two intervals it counts those of one interval less, of two less,
/// and so on, as long as they are longer than one (`stats_correct`, in its `src/stats.c`). So whatever is
/// longer than two stands for another one, an interval shorter, that is none.
fn answers(counted: &[f64], interval: f64) -> Vec<(f64, f64)> {
    let added = counted.iter().filter(|&&time| time > 2.0 * interval);
    let added = added.map(|&time| (time - interval, -1.0));
    let mut answers: Vec<_> = counted.iter().map(|&time| (time, 1.0)).chain(added).collect();
    answers.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    answers
}

/// The time that answers of so much weight did not exceed.
fn quantile(answers: &[(f64, f64)], weight: f64) -> f64 {
    let mut sum = 0.0;
    let reached = answers.iter().find(|(_, weight_of_one)| {
        sum += weight_of_one;
        sum >= weight
    });
    reached.or(answers.last()).map_or(0.0, |(time, _)| *time)
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    /// What wrk tells of answers that took so many microseconds, on one connection, and without a break.
    fn report(answers: &[u64]) -> String {
        let lasted: u64 = answers.iter().sum();
        let interval = lasted / answers.len() as u64;
        let mut counted = Vec::new();
        for &time in answers {
            let times = std::iter::successors(Some(time), |time| time.checked_sub(interval));
            counted.push(time);
            counted.extend(times.skip(1).filter(|&time| time > interval));
        }
        counted.sort_unstable();
        let quantile = |number: usize| counted[(2 * number + 1) * counted.len() / 2000];
        let worst = counted[counted.len() - 1];
        let head = [lasted, answers.len() as u64, 0, worst];
        let told = head.into_iter().chain((0..1000).map(quantile));
        told.map(|number| format!("told\t{number}\n")).collect()
    }

    #[cfg(unix)]
    #[test]
    fn who_says_more_than_a_pipe_holds_comes_to_an_end() {
        /// So long it does not take; who waits for longer waits in vain.
        const IN_VAIN: Duration = Duration::from_secs(60);
        let mut talkative = Command::new("sh");
        talkative.args(["-c", "head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2"]);
        let runtime = stage::runtime::one_thread().expect("a runtime");
        let said = runtime.block_on(async { timeout(IN_VAIN, output(talkative)).await });
        let said = said.expect("it ends").expect("a shell");
        assert_eq!((said.stdout.len(), said.stderr.len()), (200_000, 200_000));
    }

    #[test]
    fn what_is_counted_and_is_no_answer_is_taken_away_again() {
        // Now and then the server stands for a while; each of 5000 answers takes 1.2 ms on average.
        let answers: Vec<u64> = (0..5000)
            .map(|number| if number % 500 == 0 { 100_000 } else { 1000 + number % 7 })
            .collect();
        let mean = answers.iter().sum::<u64>() as f64 / 5000.0 / 1e3;
        let seen = seen(&report(&answers), 1).expect("a report");
        assert!((seen.mean / mean - 1.0).abs() < 0.01, "{seen:?}, and not {mean}");
        assert!(seen.percentile < 1.1, "one in 500 is slow: {seen:?}");
        assert!(seen.law(1).holds, "{seen:?}");
    }

    #[test]
    fn who_is_in_no_time_is_missed() {
        // One connection is answered all the time, and 63 are not at all.
        let seen = seen(&report(&[1000; 5000]), 64).expect("a report");
        let law = seen.law(64);
        assert!((law.in_progress - 1.0).abs() < 0.01 && !law.holds, "{law:?}");
    }

    #[test]
    fn what_is_no_report_is_not_read() {
        assert_eq!(seen("unable to connect to 127.0.0.1:8080 Connection refused", 64), None);
        assert_eq!(seen("told 1\ntold 2\ntold 3\ntold 4\n", 64), None);
    }
}
