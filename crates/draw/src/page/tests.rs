//! Pages about traces that are known beforehand. How they look and behave is tested in a browser,
//! in `tests/browser`.

use evidence::trace::Trace;
use evidence::{Evidence, Verdict};

use super::exhibit::{Exhibit, Printed};
use super::{Page, SCRIPT, STYLE};
use lanes::script::Script;
use lanes::{Edge, End};

fn exhibit(trace: &Trace) -> Exhibit {
    Exhibit::of_trace("a run", trace, &Verdict::of(Evidence::default().and(trace)))
}

fn written(exhibit: Exhibit, resolution: usize) -> String {
    titled("a page", exhibit, resolution)
}

fn titled(title: &str, exhibit: Exhibit, resolution: usize) -> String {
    let (overview, exhibits) = (String::new(), vec![exhibit]);
    let page = Page {
        title,
        overview,
        exhibits,
        compared: [0; 2],
        on_paper: vec![0],
        largest: usize::MAX,
    };
    page.at_resolution(resolution).expect("a page")
}

/// Two tasks on two threads and cores, for 100 ms.
fn two_at_once() -> Script {
    Script::new()
        .thread(0, 0, "main")
        .thread(0, 1, "")
        .cores(2)
        .start(0, 0, 1, "A")
        .start(0, 1, 2, "B")
        .step(0, 0, 1, 1)
        .step(0, 1, 2, 1)
        .part(20..60, [0, 0], [1, 1, 0])
        .part(40..80, [1, 1], [2, 1, 0])
        .end(60, 0, 1)
        .end(100, 1, 2)
}

#[test]
fn spans_are_placed_in_shares_of_the_length() {
    let page = written(exhibit(&two_at_once().trace()), 2000);
    assert!(page.contains(r#"<path class=c d="M20000 0h40000""#), "task A computes from 20 to 60");
    assert!(page.contains(r#"<path class=c1 d="M40000 0h40000""#), "core 1 computes for task B");
    assert!(page.contains(r#"<path class=w d="M0 0h20000""#), "task A waits from 0 to 20");
}

#[test]
fn a_task_has_the_colour_of_its_name_whoever_starts_first() {
    for [first, second] in [["A", "B"], ["B", "A"]] {
        let script = Script::new().thread(0, 0, "main").cores(1);
        let script = script.start(0, 0, 1, first).start(1, 0, 2, second).say(5, 0, 1, "hello");
        let page = written(exhibit(&script.part(20..60, [0, 0], [2, 1, 0]).trace()), 2000);
        let colour = |name: &str| usize::from(name == "B");
        for name in [first, second] {
            let lane = format!(r#"class="lane task t{}" data-name="Task {name}""#, colour(name));
            assert!(page.contains(&lane), "the lane of {name}");
        }
        assert!(page.contains(&format!(r#"<li class="t{}""#, colour(first))), "the line");
        assert!(page.contains(&format!("<path class=c{} ", colour(second))), "on the core");
    }
}

#[test]
fn the_proofs_of_both_answers_are_framed() {
    let page = written(exhibit(&two_at_once().trace()), 2000);
    assert!(page.contains(r#"<rect class="band concurrent" x="0%" width="60%""#));
    assert!(page.contains(r#"<rect class="band parallel" x="40%" width="20%""#));
    // Two tasks, two cores, two threads.
    assert_eq!(page.matches(r#"<rect class="proof" rx="3" x="#).count(), 6);
}

#[test]
fn the_proof_survives_the_lowest_resolution() {
    let page = written(exhibit(&two_at_once().trace()), 1);
    assert!(page.contains(r#"<rect class="band parallel" x="40%" width="20%""#));
}

#[test]
fn the_lanes_of_the_proof_are_drawn_whatever_else_is_left_out() {
    // A hundred tasks one after the other, and then two at once.
    let mut script = Script::new();
    for task in 1..=100 {
        script = script.start(u64::from(task), 0, task, "short").end(u64::from(task) + 1, 0, task);
    }
    let script = script.start(200, 0, 101, "left").start(210, 1, 102, "right");
    let trace = script.end(300, 0, 101).end(310, 1, 102).trace();
    let page = written(exhibit(&trace), 2000);
    assert!(
        page.contains(r#"data-name="Task left""#) && page.contains(r#"data-name="Task right""#)
    );
    assert!(page.matches(r#"class="lane task"#).count() < 50);
    assert!(page.contains(">Tasks: 42 of 102<"), "the title says how many are not drawn");
}

#[test]
fn the_words_are_about_the_threads_that_computed_and_those_of_the_proof_first() {
    let mut script = Script::new().thread(0, 0, "idle").cores(2).start(0, 0, 1, "A");
    // Ten threads one after the other, and then two at once.
    for thread in 1..=12 {
        script = script.thread(0, thread, &format!("w{thread}"));
    }
    for thread in 1..=10 {
        let start = u64::from(thread) * 10;
        script = script.part(start..start + 5, [thread, 0], [1, 1, 0]);
    }
    let script = script.part(200..260, [11, 0], [1, 1, 0]).part(220..280, [12, 1], [1, 1, 0]);
    let page = written(exhibit(&script.end(300, 0, 1).trace()), 2000);
    let row = |thread: &str| page.find(&format!(">{thread}</th>"));
    assert!(row("w11") < row("w1") && row("w12") < row("w1") && row("w11").is_some());
    assert_eq!(row("idle"), None, "it computed nothing");
}

#[test]
fn a_broken_edge_tells_both_times() {
    let mut exhibit = exhibit(&two_at_once().trace());
    let end = |place, time, task| End { place, time, task };
    let edge = Edge { earlier: end(2, 30_000_000, 1), later: end(1, 10_000_000, 2) };
    exhibit.lanes.edges.push(edge);
    let page = written(exhibit, 2000);
    assert!(page.contains(">line 2: 30 ms<") && page.contains(">line 1: 10 ms<"));
    assert_eq!(page.matches(r#"<line class="edge broken" x1="30%""#).count(), 1);
}

#[test]
fn what_a_program_says_of_itself_stays_text_wherever_it_stands() {
    let evil = "\"'><script>alert(1)</script><!--{script}-->\u{0}";
    let trace = Script::new().thread(0, 0, evil).start(0, 0, 1, evil).say(1, 0, 1, evil);
    let mut exhibit = exhibit(&trace.end(2, 0, 1).trace());
    (exhibit.title, exhibit.summary) = (evil.to_owned(), evil.to_owned());
    (exhibit.faults, exhibit.doubts) = (vec![evil.to_owned()], vec![evil.to_owned()]);
    exhibit.facts.push(("Time", evil.to_owned()));
    exhibit.output.push(Printed {
        text: evil.to_owned(),
        time: 1,
        task: None,
        is_error: true,
        is_wrong: true,
    });
    let page = titled(evil, exhibit, 2000);
    assert_eq!(page.matches("<script>").count(), 1, "the page's own script is the only one");
    assert_eq!(page.matches("alert(1)").count(), page.matches("&lt;script&gt;alert(1)").count());
    assert!(!page.contains('\0'));
}

#[test]
fn the_page_names_no_address_to_load_from() {
    let page = written(exhibit(&two_at_once().trace()), 2000);
    let known = "http://www.w3.org/2000/svg";
    assert_eq!(page.matches("://").count(), page.matches(known).count());
    for loading in ["@import", " src=", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn style_and_script_end_only_where_they_end() {
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
}

#[test]
fn a_hundred_times_the_events_make_no_page_of_a_hundred_times_the_size() {
    let busy = |parts: u64| {
        let mut script = Script::new().thread(0, 0, "main").start(0, 0, 1, "A");
        for part in 0..parts {
            script = script.part(part * 2..part * 2 + 1, [0, 0], [1, 1, 0]);
        }
        written(exhibit(&script.end(parts * 2, 0, 1).trace()), 500).len()
    };
    assert!(busy(50_000) < 3 * busy(500));
}

#[test]
fn a_run_without_a_trace_has_a_page_all_the_same() {
    let page = written(exhibit(&Trace::from_events(Vec::new())), 2000);
    assert!(page.contains("<section class=\"lesson on-paper\""));
    assert!(page.contains("No trace was recorded") && !page.contains("<div class=\"picture\""));
}

#[test]
fn ten_thousand_wrong_lines_are_not_all_shown_and_a_long_contract_is_folded() {
    let mut exhibit = exhibit(&two_at_once().trace());
    let wrong = |time| Printed {
        text: "wrong".to_owned(),
        time,
        task: None,
        is_error: false,
        is_wrong: true,
    };
    exhibit.output = (0..10_000).map(wrong).collect();
    exhibit.facts = vec![("Contract", "A1 ; ".repeat(1_000)), ("Order", "broken".to_owned())];
    let page = written(exhibit, 2000);
    assert_eq!(page.matches("<span>wrong</span>").count(), 350);
    assert!(page.contains("and 9,650 more lines, not shown"));
    assert_eq!(page.matches("<dd><details><summary>A1 ; ").count(), 1);
    assert!(page.contains("<dd>broken</dd>"), "what is short is not folded");
}

#[test]
fn orange_is_what_is_ready_and_nothing_else() {
    let style = STYLE.split_inclusive([';', '}']).map(str::to_owned);
    let tasks = crate::colours::TASKS.iter().flat_map(|task| [task.light, task.dark]);
    let declarations: Vec<String> = style.chain(tasks.map(str::to_owned)).collect();
    let oranges = declarations.iter().filter(|declaration| {
        let colours = declaration.split('#').skip(1).filter_map(|text| text.get(..6));
        colours.filter_map(hue).any(|hue| (18.0..54.0).contains(&hue))
    });
    let oranges: Vec<&str> = oranges.map(|declaration| declaration.trim()).collect();
    assert_eq!(oranges, ["--ready: #e69f00;"; 2]);
}

/// The hue of a colour in degrees, unless it is nearly grey.
fn hue(colour: &str) -> Option<f64> {
    let part = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).ok().map(f64::from);
    let [red, green, blue] = [part(0)?, part(2)?, part(4)?];
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let turn = match most {
        _ if most - least < 16.0 => return None,
        most if most == red => (green - blue) / (most - least),
        most if most == green => (blue - red) / (most - least) + 2.0,
        _ => (red - green) / (most - least) + 4.0,
    };
    Some((turn * 60.0).rem_euclid(360.0))
}
