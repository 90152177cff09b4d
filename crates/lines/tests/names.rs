//! The ways in which programs name their tasks, and what looks like one and is none.

use std::time::Duration;

use lines::Lines;

/// The name that is found in a line, alone.
fn named(line: &str) -> Option<String> {
    let mut lines = Lines::new(None).expect("there is no pattern");
    lines.line(line, Duration::ZERO);
    let told = lines.finish(true, true);
    told.tasks.first().map(|task| task.name.clone())
}

/// Where one meets the line, the line, and a part of the name that must be found.
const STYLES: &[(&str, &str, &str)] = &[
    ("Python, asyncio tutorial", "Task A - Step 1", "A"),
    ("C, `printf` in a lesson", "Task 3: computing", "3"),
    ("Rust book, threads", "hello from thread 4: number 2", "4"),
    ("concurrently, npm", "[0] server listening", "0"),
    ("concurrently, npm, coloured", "\u{1b}[34m[1]\u{1b}[39m watching", "1"),
    ("docker buildx", "#7 [2/4] RUN apt-get update", "7"),
    ("docker buildx, done", "#12 DONE 3.2s", "12"),
    ("Rust, `{:?}` of a tuple struct", "Task(1) begins", "1"),
    ("Rust, `{:?}` of ThreadId", "ThreadId(3): got a lock", "3"),
    ("Java, Executors", "pool-1-thread-2 executing", "pool-1-thread-2"),
    ("Java, logback", "12:00:01.123 [pool-1-thread-2] INFO  com.acme.Main - begin", "thread-2"),
    ("Java, logback, a task", "12:00:01.123 [main] INFO  com.acme.Main - Task 4 begins", "4"),
    (
        "Spring Boot",
        "2024-05-01 12:00:01.123  INFO 1 --- [nio-8080-exec-3] c.a.Main : Job 9 started",
        "9",
    ),
    ("Java, virtual threads", "Thread[#22]: start", "22"),
    ("Kotlin, coroutines", "[DefaultDispatcher-worker-3 @coroutine#2] start", "worker-3"),
    ("Go, a pool of workers (gobyexample)", "worker 3 started  job 1", "1"),
    ("Go, log", "2009/11/10 23:00:00 goroutine 5: begin", "5"),
    ("Python, logging", "2024-01-02 12:00:01,123 - root - INFO - Task B started", "B"),
    ("Python, logging.basicConfig", "INFO:root:Thread 1: starting", "1"),
    ("Python, logging, a logger's name", "DEBUG:my_app.jobs:Job 17 done", "17"),
    ("Python, ThreadPoolExecutor", "ThreadPoolExecutor-0_1 running", "0_1"),
    ("Python, multiprocessing", "[ForkPoolWorker-2] computing", "2"),
    (
        "Celery",
        "[2024-01-02 12:00:01,123: INFO/ForkPoolWorker-3] Task tasks.add[5f0c] succeeded",
        "3",
    ),
    ("Python, asyncio names", "Task-3 running", "3"),
    ("pytest-xdist", "[gw0] [ 50%] PASSED test_a.py::test_one", "gw0"),
    ("docker compose", "web_1  | GET /", "web_1"),
    ("docker compose v2", "worker-1  | ready", "worker-1"),
    ("foreman", "12:00:01 web.1    | started with pid 7", "web.1"),
    ("logfmt, Go", "time=2024-01-02T12:00:01Z level=info msg=begin task=7", "7"),
    ("logfmt, Heroku", "at=info request_id=5f0c-22 status=200", "5f0c-22"),
    ("Rust, tracing", "2024-01-02T12:00:01.123456Z  INFO c05_async_mutex: begin request=1", "1"),
    ("Rust, tracing, a span", "2024-01-02T12:00:01.123456Z  INFO request{id=3}: app: begin", "3"),
    (
        "Rust, tracing, coloured",
        "\u{1b}[2m2024-01-02T12:00:01.123456Z\u{1b}[0m \u{1b}[32m INFO\u{1b}[0m \u{1b}[2mapp\u{1b}[0m\u{1b}[2m:\u{1b}[0m done \u{1b}[3mrequest\u{1b}[0m\u{1b}[2m=\u{1b}[0m4",
        "4",
    ),
    ("Rust, tracing, JSON", r#"{"level":"INFO","fields":{"message":"begin","request":2}}"#, "2"),
    ("Rust, env_logger", "[2024-01-02T12:00:01Z INFO  app] task 5: begin", "5"),
    ("JSON, bunyan", r#"{"name":"app","pid":7,"level":30,"msg":"begin","task":7}"#, "7"),
    ("JSON, job_id", r#"{"job_id": "a7", "event": "started"}"#, "a7"),
    ("Node, a pool", "Worker 2: started", "2"),
    ("Node, winston", "info: Job 3 completed", "3"),
    ("gulp", "[12:00:01] Starting 'build'...", "build"),
    ("gulp, finished", "[12:00:03] Finished 'build' after 2 s", "build"),
    ("a script", "Starting task 7", "7"),
    ("a script, done", "Finished processing job 12", "12"),
    ("a script, underscores", "job_12 begins", "12"),
    ("pacman", "(2/5) installing gcc", "2"),
    ("yarn", "[2/4] Fetching packages", "2"),
    ("MSBuild -m", "2>Project \"a.csproj\" building", "2"),
    ("torchrun", "[rank1]: step 200", "1"),
    ("MPI, a lesson", "Hello from process 3 of 4", "3"),
    ("OpenMP, a lesson", "Hello World... from thread = 2", "2"),
    ("systemd's journal", "Jan  2 12:00:01 host app[123]: Job 4 started", "4"),
    ("glog", "I0102 12:00:01.123456  1234 pool.cc:12] Task 8 begins", "8"),
    ("dmesg", "[    0.123456] worker 1: online", "1"),
    ("nginx", "2024/01/02 12:00:01 [error] 7#7: *12 connect() failed", "12"),
    ("Elixir", "12:00:01.123 [info] Task 2 started", "2"),
    ("the dining philosophers", "Philosopher 3 is eating", "3"),
    ("a shop", "[Producer 1] produced 7", "1"),
    ("Russian", "Задача А: начало", "А"),
    ("Chinese", "任务 1 开始", "1"),
    ("Chinese, no blank", "任务2完成", "2"),
    ("Japanese", "タスク2を開始しました", "2"),
    ("German", "Aufgabe 3: fertig", "3"),
    ("French", "Tâche A : début", "A"),
    ("Spanish", "Tarea 2: inicio", "2"),
    ("Korean", "작업 1 시작", "1"),
    ("names", "Alice - step 7", "Alice"),
    ("names, without a word for it", "alice: 7", "alice"),
    ("GNU make --output-sync", "cc -c -o a.o a.c", "a.o"),
    ("a list with stars", "* Job 3 started", "3"),
    ("an arrow", "--> Task 5 done", "5"),
    ("a test's UUID", "request 5f0c5b7e-0000-4000-8000-000000000001 received", "5f0c5b7e"),
];

/// Lines that name no task.
const OTHERS: &[&str] = &[
    "INFO: started",
    "INFO - 3 items",
    "WARNING: 2 tests failed",
    "[INFO] Building 1.0",
    "name: x",
    "age: 1",
    "Step 1",
    "Step 1/5 : FROM debian",
    "Phase 2: linking",
    "Stage A",
    "note: see task 3",
    "note: `#[warn(unused)]` on by default",
    "warning: unused variable: `task`",
    "error[E0308]: mismatched types",
    "https://example.org/task/3",
    "[1] https://example.org/",
    "12:00:01",
    "2024-01-02 12:00:01 started",
    "[12:00:01] compiling",
    "Task completed",
    "Tasks: 4",
    "Threads: 8",
    "processing 1",
    "Process 10 files",
    "a - b",
    "[ 50%] Building C object",
    "100%|####| 3/3",
    "Total: 4 tasks in 2 s",
    "Client 2.3.1",
    "job done",
    "3 workers",
    "Thread pool started",
    "Section B",
    "Using 4 threads",
    "request failed",
    "id=3",
    r#"{"name": "x", "age": 1}"#,
    "--- a/task.rs",
    "x = 3",
    "Download 30% of it",
    "User agent: x",
    "   1 | fn main() {",
    "Process a file",
    "Merge pull request #12 from a/b",
    "commit 5f0c5b7",
    "fn main() {",
    "    let task = 3;",
    "| a | b |",
    "1 | 2 | 3",
    "[dependencies]",
    "1. first",
    "#include <stdio.h>",
    "# 2 ways",
    "-rw-r--r-- 1 root root 324 Nov 25 20:45 a.log",
    "real    0m0.012s",
    "test result: ok. 4 passed; 0 failed",
    "   Compiling lines v0.1.0",
    "Job queue: 3",
    " \"proc-macro2\",",
    "/// `Alice - step 7`",
    "Worker pool: 4",
];

/// As [`STYLES`], but written down after the code. Of these 8 were known at once; what could be mended
/// without taking something else for a task then was.
const LATER: &[(&str, &str, &str)] = &[
    ("Maven, parallel builds", "[INFO] [thread 3] compiling", "3"),
    ("Log4j 2", "2024-01-02 12:00:01,123 [Thread-4] DEBUG com.acme.Pool - begin", "4"),
    (
        "Ruby, Sidekiq",
        "2024-01-02T12:00:01.123Z pid=7 tid=abc class=Mail jid=5f0c INFO: start",
        "5f0c",
    ),
    ("Ruby, Puma", "[12] - Worker 1 (PID: 77) booted in 0.1s, phase: 0", "1"),
    ("Ansible", "changed: [web1]", "web1"),
    ("GitHub Actions, matrix", "build (ubuntu, 3) | Run tests", "3"),
    ("C#, Parallel.For", "Iteration 4 on thread 7", "7"),
    ("C#, Task.Run", "Task #4 (thread 7) finished.", "4"),
    ("Rust, rayon in a lesson", "[thread 2] processing item 14", "2"),
    ("tokio tutorial", "worker 1: GOT = 5", "1"),
    ("Go, channels in a lesson", "goroutine #3 finished", "3"),
    ("Erlang", "=PROGRESS= <0.85.0> worker 2 started", "2"),
    ("Swift", "Task <5>: fetch image", "5"),
    ("C, pthreads tutorial", "Hello World! It's me, thread #3!", "3"),
    ("C++, std::thread in a lesson", "Thread ID: 140213, step 1", "140213"),
    ("Airflow", "[2024-01-02, 12:00:01 UTC] {task.py:12} INFO - Job 7: Subtask load", "7"),
    ("Gradle", "> Task :app:compileJava", ":app:compileJava"),
    ("Bazel", "[12 / 40] Compiling a.cc; 3s", "12"),
    ("ninja", "[3/10] Building CXX object a.o", "3"),
    ("turborepo", "web:build: compiled", "web:build"),
    ("PM2", "0|server  | listening", "0"),
    ("Slurm, srun -l", "3: step done", "3"),
    ("k6", "INFO[0003] VU 4: iteration 2  source=console", "4"),
    ("Jenkins, parallel", "[Pipeline] [branch-2] echo", "branch-2"),
    ("wget, aria2", "[#2089b0 400KiB/33MiB(1%) CN:1 DL:115KiB]", "2089b0"),
];

#[test]
fn styles_that_were_thought_of_later_are_known_less_often() {
    let is_known = |(_, line, id): &&(&str, &str, &str)| {
        named(line).is_some_and(|name| name.to_lowercase().contains(&id.to_lowercase()))
    };
    let missed: Vec<_> = LATER.iter().filter(|style| !is_known(style)).collect();
    for (tool, line, _) in &missed {
        println!("{tool}: {line}: {:?}", named(line));
    }
    println!("{} of {} styles are known", LATER.len() - missed.len(), LATER.len());
    assert!(LATER.len() - missed.len() >= 18, "{} are not known", missed.len());
}

#[test]
fn nine_styles_of_ten_are_known() {
    let is_missed = |(_, line, id): &&(&str, &str, &str)| {
        named(line).is_none_or(|name| !name.to_lowercase().contains(&id.to_lowercase()))
    };
    let missed: Vec<_> =
        STYLES.iter().filter(is_missed).map(|(tool, line, _)| (tool, line, named(line))).collect();
    println!("{} of {} styles are known", STYLES.len() - missed.len(), STYLES.len());
    assert!(missed.len() * 10 <= STYLES.len(), "{missed:#?}");
    println!("{missed:#?}");
}

#[test]
fn no_task_is_seen_where_none_is_named() {
    let wrong: Vec<_> = OTHERS.iter().filter_map(|line| Some((line, named(line)?))).collect();
    println!("{} lines name no task", OTHERS.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
