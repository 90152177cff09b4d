//! What is said of a program that ends badly or prints too much.

use supervise::{Ending, Isolation, Limits, Line, Request, Stream, run};

use crate::common::{PLACES, SHORT, end, findings, habit, program, script, sentences, texts};

fn misbehave(name: &str) -> Request {
    habit(name, Isolation::IfAllowed)
}

#[test]
fn a_program_that_behaves_gives_no_reason_for_complaint() {
    let ended = end(&misbehave("behave"));
    assert_eq!(texts(&ended), ["one", "two", "three"]);
    assert!(ended.is_clean(), "{ended:?}");
}

#[test]
fn lines_are_passed_on_in_the_order_in_which_they_are_kept() {
    let mut seen = Vec::new();
    let ended = run(&misbehave("alternate"), |line| seen.push(line.clone())).unwrap();
    assert_eq!(seen, ended.lines);
    let of = |stream| move |line: &&Line| line.stream == stream;
    let outputs: Vec<_> = seen.iter().filter(of(Stream::Output)).map(|line| &line.text).collect();
    assert_eq!(outputs, ["output 1", "output 2", "output 3"]);
    assert_eq!(seen.iter().filter(of(Stream::Error)).count(), 3);
}

#[test]
fn an_error_is_found_with_its_code_and_its_last_words() {
    let ended = end(&misbehave("fail"));
    assert_eq!(ended.ending, Ending::Exited(3));
    assert_eq!(sentences(&ended), "exited with code 3: the dog ate it");
}

#[test]
fn a_panic_is_found_with_its_message() {
    let ended = end(&misbehave("panic"));
    assert_eq!(findings(&ended), ["panicked"]);
    assert!(sentences(&ended).ends_with(": the cat is on the keyboard"), "{ended:?}");
}

#[test]
fn a_panic_is_found_even_where_the_program_ends_well() {
    let ended = end(&misbehave("panic-in-a-thread"));
    assert_eq!(ended.ending, Ending::Exited(0));
    assert_eq!(findings(&ended), ["panicked"]);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let error = run(&program("no-such-program", Isolation::IfAllowed), |_| {}).unwrap_err();
    assert!(error.to_string().starts_with("`no-such-program` cannot be run: "), "{error}");
}

#[test]
fn a_gigabyte_is_counted_and_its_beginning_kept() {
    let ended = end(&misbehave("print-a-gigabyte"));
    assert_eq!(ended.ending, Ending::Exited(0));
    assert_eq!(ended.printed, 1 << 30);
    assert_eq!(findings(&ended)[0], "flooded");
    let kept: usize = ended.lines.iter().map(|line| line.text.len()).sum();
    assert!((100_000..1 << 20).contains(&kept), "{kept}");
}

#[test]
fn a_program_that_prints_for_ever_is_ended_for_it() {
    let limits = Limits { output: Some(1 << 26), ..Limits::of_a_lesson() };
    let request = Request { limits, ..misbehave("print-for-ever") };
    let ended = end(&request);
    assert_eq!(ended.ending, Ending::OutputLimit);
    assert_eq!(findings(&ended), ["too-much-output", "flooded"]);
}

#[test]
fn an_endless_line_keeps_its_beginning() {
    let ended = end(&misbehave("print-an-endless-line"));
    assert_eq!(findings(&ended), ["long-line", "half-line"]);
    assert!(sentences(&ended).contains("line 1 of stdout is 64.0 MiB long"), "{ended:?}");
}

#[test]
fn half_a_line_is_found() {
    let ended = end(&misbehave("print-half-a-line"));
    assert_eq!(sentences(&ended), "stdout ends in the middle of line 2");
}

#[test]
fn broken_utf8_is_found_with_its_line() {
    let ended = end(&misbehave("print-broken-utf-8"));
    assert_eq!(sentences(&ended), "line 2 of stdout is not UTF-8, nor is 1 more");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let ended = end(&misbehave("hang").time_limit(SHORT));
    assert_eq!(ended.ending, Ending::TimedOut);
    assert_eq!(findings(&ended), ["hung"]);
}

#[test]
fn an_environment_and_a_folder_are_the_ones_asked_for() {
    let request = script("echo $WORD; pwd", Isolation::IfAllowed);
    let request = Request { folder: Some("/".into()), ..request.variable("WORD", "seen") };
    if cfg!(unix) {
        assert_eq!(texts(&end(&request)), ["seen", "/"]);
    }
}

#[cfg(unix)]
mod unix {
    use super::*;

    #[test]
    fn an_abort_is_found() {
        let ended = end(&misbehave("abort"));
        assert_eq!(sentences(&ended), "aborted (SIGABRT)");
    }

    #[test]
    fn a_stack_overflow_is_found_with_its_last_words() {
        let ended = end(&misbehave("overflow-the-stack"));
        let expected = "aborted (SIGABRT): fatal runtime error: stack overflow";
        assert!(sentences(&ended).starts_with(expected), "{ended:?}");
    }

    #[test]
    fn a_signal_is_found_by_its_name() {
        let ended = end(&misbehave("segfault"));
        assert_eq!(sentences(&ended), "killed by SIGSEGV (signal 11)");
    }

    #[test]
    fn a_signal_without_a_name_is_found_by_its_number() {
        for place in PLACES {
            let ended = end(&script("kill -40 $$", place));
            let expected = Ending::Signal { number: 40, name: "an unknown signal".to_owned() };
            assert_eq!(ended.ending, expected, "{place:?}");
        }
    }
}
