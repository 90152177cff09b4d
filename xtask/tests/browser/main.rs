//! The report, opened in a real browser.
//!
//! A test never waits for time to pass: the page's clock is held, and moved by hand.

mod hall;
mod program;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use chromium::{Browser, Page, View, WIDE};
use evidence::trace::{Chunk, Trace};
use tempfile::TempDir;

/// A test: its name, which says what must hold, and what checks that.
type Test = (&'static str, fn(&mut Browser, &Fixture));

const TESTS: &[Test] = &[
    ("the_page_opens_without_an_error_and_without_a_request", opens_cleanly),
    ("playing_moves_the_cursor_and_lights_the_lines_up", plays),
    ("spans_are_where_the_trace_has_them", spans_are_in_place),
    ("pointing_at_a_span_shows_its_details", pointing_shows_details),
    ("pointing_at_a_mark_shows_the_line", pointing_shows_the_line),
    ("details_and_the_chosen_event_are_in_sight", details_are_in_sight),
    ("keys_are_for_a_run_in_sight_and_one_run_plays_at_a_time", keys_are_for_what_is_seen),
    ("a_swipe_over_a_picture_leaves_the_cursor_and_a_tap_moves_it", swipes_are_no_taps),
    ("controls_stand_still_while_a_run_plays", controls_stand_still),
    ("every_key_does_what_the_page_says", keys_work),
    ("zooming_keeps_the_cursor_in_sight", zooms),
    ("an_axis_has_labels_that_can_be_told_apart_however_wide_it_is", axes_are_readable),
    ("the_proof_is_framed_and_can_be_gone_to", proof_is_shown),
    ("every_proof_can_be_gone_to", every_proof_is_reached),
    ("a_link_to_a_run_leads_to_that_run", links_lead_to_runs),
    ("a_broken_edge_is_red_and_has_both_times", broken_edge_is_shown),
    ("edges_are_drawn_on_demand", edges_on_demand),
    ("what_a_program_prints_is_shown_and_not_obeyed", hostile_output_is_harmless),
    ("two_runs_share_one_time_axis", comparison_has_one_axis),
    ("everything_is_there_without_scripts", works_without_scripts),
    ("a_phone_need_not_scroll_sideways", fits_a_phone),
    ("paper_shows_pictures_and_no_controls", prints),
    ("light_and_dark_pages_differ_and_are_readable", has_two_schemes),
    ("little_motion_means_that_the_cursor_jumps_from_line_to_line", respects_reduced_motion),
    ("everything_that_can_be_used_has_a_name", controls_have_names),
    ("runs_without_a_trace_have_no_player", untraced_runs_have_no_player),
    ("a_presentation_has_a_run_a_screen_and_goes_on_and_back", hall::presents),
    (
        "in_a_presentation_letters_are_large_and_code_is_beside_lanes",
        hall::is_readable_from_the_last_row,
    ),
    ("what_is_to_be_predicted_is_hidden_until_it_was_played", hall::hides_what_is_to_be_predicted),
    (
        "with_everything_twice_as_large_a_picture_is_in_sight",
        hall::shows_all_of_a_picture_however_large,
    ),
    ("a_page_of_many_runs_is_two_pages_on_paper", hall::is_a_handout_on_paper),
    ("on_paper_letters_can_be_read_and_borders_are_whole", hall::is_readable_on_paper),
    ("the_card_of_a_failed_cell_says_what_was_run", hall::failed_cell_is_named),
    ("a_census_and_an_experiment_have_pages_that_open_cleanly", other_pages_open),
];

/// A report to look at, and the trace that one of its runs left.
struct Fixture {
    folder: TempDir,
    trace: Trace,
}

fn main() -> ExitCode {
    if std::env::var_os(program::VARIABLE).is_some() {
        return program::main();
    }
    let prepare = |program: &_| (Browser::start(program), Fixture::new());
    chromium::main(TESTS, prepare, |(browser, fixture), check| check(browser, fixture))
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().expect("a folder for the report");
        let trace = folder.path().join("known.trace");
        report(&["demo"], &folder.path().join("report.html"), &trace);
        let trace = Trace::read(&trace).expect("the trace of the lesson `known`");
        Fixture { folder, trace }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report.html")
    }

    /// Opens the report with the page's clock held.
    fn open<'a>(&self, browser: &'a mut Browser, view: View) -> Page<'a> {
        let mut page = open(browser, &self.report(), view);
        if view.scripts {
            page.run("stage = document.querySelector('#run-both-known .stage').stage; run = stage.runs[0]; isClockHeld = true");
            page.run(
                "document.getElementById('run-both-known').scrollIntoView({ behavior: 'instant' })",
            );
        }
        page
    }
}

/// Lets a command run the lessons of this program, one of which is bad, and write a report.
fn report(command: &[&str], page: &Path, trace: &Path) {
    report_with(command, page, (program::TRACE, trace));
}

/// The same, with a variable in the program's environment.
fn report_with(command: &[&str], page: &Path, (name, value): (&str, &Path)) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(command)
        .arg("--program")
        .arg(std::env::current_exe().expect("this program"))
        .arg("--report")
        .arg(page)
        .env(program::VARIABLE, "1")
        .env(name, value)
        .output()
        .expect("the task runner runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

fn open<'a>(browser: &'a mut Browser, file: &Path, view: View) -> Page<'a> {
    browser.open(&format!("file://{}", file.display()), view)
}

fn opens_cleanly(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    assert_eq!(page.ask("document.querySelectorAll('.lesson').length"), 3);
    assert_eq!(page.troubles(), [""; 0]);
}

fn plays(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    page.run("stage.control('play').click(); left = () => run.cursor.getBoundingClientRect().left");
    assert_eq!(page.ask("stage.playing"), true);
    let start = page.ask("left()").as_f64().expect("a place");
    assert_eq!(page.ask("run.lines.filter(line => !line.matches('.later')).length"), 0);
    // At a twentieth of the speed, 400 ms of ours are 20 ms of the run.
    page.run("stage.control('speed').value = '0.05'; stage.advance(400)");
    let moved = page.ask("left()").as_f64().expect("a place") - start;
    let expected = page.ask("20e6 / run.length * run.track.clientWidth").as_f64().expect("a way");
    assert!((moved - expected).abs() < 1.0, "the cursor moved by {moved} and not {expected}");
    let lit = page.ask("run.lines.filter(line => !line.matches('.later')).length");
    assert_eq!(lit, page.ask("run.times.filter(time => time <= 20e6).length"));
    page.run("stage.advance(1e6)");
    assert_eq!(page.ask("[stage.playing, stage.time === stage.length].join()"), "false,true");
}

fn spans_are_in_place(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    // What is at a moment on a lane: the letter of its state, as the eye would find it.
    page.run(
        "at = (name, time) => {
            const lane = [...run.svg.querySelectorAll('.lane.task')].find(lane => lane.dataset.name === name);
            const y = lane.querySelector('path').getBoundingClientRect().top;
            const box = run.svg.getBoundingClientRect();
            // A pattern has gaps: what is not found at a pixel is found at one of the next.
            for (let x = 0; x < 6; x++) {
                const found = document.elementFromPoint(box.left + time / run.length * box.width + x, y);
                if (found?.closest('.lane') === lane) return found.getAttribute('class')[0];
            }
            return 'nothing';
        }",
    );
    // The page knows to the moment when a thread had a core; the trace does where it had one all the time.
    let is_whole = |chunk: &Chunk| {
        chunk.executing.is_some_and(|executing| executing.at_least * 50 >= chunk.length() * 49)
    };
    let chunks = fixture.trace.chunks.iter().filter(is_whole);
    let mut seen = 0;
    for chunk in chunks.filter(|chunk| chunk.length().as_micros() > 400) {
        let task = fixture.trace.parts[chunk.part].task;
        let name = fixture.trace.tasks.iter().find(|t| t.number == task).expect("a task");
        let middle = (chunk.start + chunk.length() / 2).as_nanos();
        let state = page.ask(&format!("at('Task {}', {middle})", name.name));
        assert_eq!(state, "c", "task {} computes at {middle} ns", name.name);
        seen += 1;
    }
    assert!(seen >= 6, "only {seen} pieces of compute were looked at");
    for task in &fixture.trace.tasks {
        let waiting = (task.start + fixture.trace.workload.wait.expect("it waits") / 2).as_nanos();
        assert_eq!(page.ask(&format!("at('Task {}', {waiting})", task.name)), "w");
    }
}

fn pointing_shows_details(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let lane = "run.svg.querySelector('.lane.task')";
    let place = page.ask(&format!(
        "(() => {{ const span = run.things({lane}).find(span => span.state === 'w');
            const box = run.svg.getBoundingClientRect();
            return [box.left + (span.start + span.end) / 2 / UNITS * box.width,
                    {lane}.querySelector('.w').getBoundingClientRect().top]; }})()"
    ));
    page.point(place[0].as_f64().expect("x"), place[1].as_f64().expect("y"));
    let details = page.ask("stage.details.textContent");
    let details = details.as_str().expect("details");
    assert!(
        details.starts_with("Task ") && details.contains(": waiting (step 1), from "),
        "{details}"
    );
}

fn pointing_shows_the_line(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let place = page.ask(
        "(() => { const box = run.svg.querySelectorAll('.marks use')[1].getBoundingClientRect();
            return [box.left + box.width / 2, box.top + 2]; })()",
    );
    page.point(place[0].as_f64().expect("x"), place[1].as_f64().expect("y"));
    let details = page.ask("stage.details.textContent");
    let details = details.as_str().expect("details");
    assert!(details.contains(": printed “Task "), "{details}");
}

fn details_are_in_sight(browser: &mut Browser, fixture: &Fixture) {
    let is_in_sight = |name: &str| {
        format!(
            "(() => {{ const box = {name}.getBoundingClientRect();
                return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth; }})()"
        )
    };
    let mut page = fixture.open(browser, View { width: 375, height: 500, ..WIDE });
    page.run("run.viewport.scrollIntoView(); run.viewport.focus(); stage.seek(0); stage.zoom(64)");
    for _ in 0..12 {
        page.press("ArrowRight");
    }
    assert_eq!(page.ask(&is_in_sight("stage.details")), true);
    assert_eq!(page.ask(&is_in_sight("run.chosen")), true);
    assert!(page.ask("run.viewport.scrollLeft").as_f64().expect("a place") > 100.0);
}

fn keys_are_for_what_is_seen(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let playing =
        "stages().filter(stage => stage.playing).map(stage => stage.runs[0].title).join()";
    page.run("document.body.style.paddingTop = '3000px'; scrollTo(0, 0)");
    page.press(" ");
    assert_eq!(page.ask(playing), "", "nobody sees a run");
    page.run("document.querySelector('#run-both-swapped .stage').scrollIntoView()");
    page.press(" ");
    assert_eq!(page.ask(playing), "both/swapped");
    page.run("stage.control('play').click()");
    assert_eq!(page.ask(playing), "both/known", "one run plays at a time");
}

fn swipes_are_no_taps(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, View { width: 375, ..WIDE });
    page.run(
        "stage.seek(0); box = run.track.getBoundingClientRect();
         place = { bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + 30 };
         send = (kind) => run.track.dispatchEvent(new PointerEvent(kind, { ...place, pointerType: 'touch', button: 0, buttons: 1 }));
         send('pointerdown'); send('pointermove'); send('pointercancel')",
    );
    assert_eq!(page.ask("stage.time"), 0);
    page.run("send('pointerdown'); send('pointerup'); send('click')");
    assert_eq!(page.ask("Math.abs(stage.time / stage.length - 0.5) < 0.01"), true);
}

fn controls_stand_still(browser: &mut Browser, fixture: &Fixture) {
    for width in [1440, 375] {
        let mut page = fixture.open(browser, View { width, ..WIDE });
        page.run(
            "places = () => [...stage.root.querySelectorAll('.controls > *')].map(e => {
                const { left, top, width } = e.getBoundingClientRect(); return [left, top, width]; }).join()",
        );
        let still = page.ask("places()");
        page.run("stage.play(); stage.advance(1)");
        assert_eq!(page.ask("places()"), still);
        page.run("stage.control('speed').value = '0.05'; stage.advance(1200)");
        assert_eq!(page.ask("places()"), still);
    }
}

fn keys_work(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    page.run("document.getElementById('run-both-known').focus(); share = () => stage.time / stage.length");
    for (key, expected) in [
        (" ", "stage.playing && share() === 0"),
        (" ", "!stage.playing"),
        ("End", "share() === 1"),
        ("ArrowLeft", "Math.abs(share() - 0.995) < 1e-9"),
        ("Home", "share() === 0"),
        ("ArrowRight", "Math.abs(share() - 0.005) < 1e-9"),
        ("+", "stage.factor === 2"),
        ("-", "stage.factor === 1"),
        ("e", "stage.root.matches('.show-edges')"),
        ("e", "!stage.root.matches('.show-edges')"),
        ("v", "run.proofs().some(({ start, end }) => start <= stage.time && stage.time <= end)"),
        ("n", "document.activeElement.id === 'run-both-swapped'"),
        ("p", "document.activeElement.id === 'run-both-known'"),
    ] {
        page.press(key);
        assert_eq!(page.ask(expected), true, "after the key `{key}`: {expected}");
    }
    page.run("run.viewport.focus(); stage.chosen = undefined");
    page.press("ArrowRight");
    let first = page.ask("stage.details.textContent");
    page.press("ArrowRight");
    assert_ne!(page.ask("stage.details.textContent"), first, "the next event has other details");
    let lane = page.ask("stage.chosen.path.parentNode.dataset.name");
    page.press("ArrowDown");
    assert_ne!(page.ask("stage.chosen.path.parentNode.dataset.name"), lane);
    page.press("Enter");
    assert_eq!(page.ask("stage.time === stage.chosen.start / UNITS * run.length"), true);
}

fn zooms(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    page.run("stage.seek(stage.length / 2); for (let i = 0; i < 5; i++) stage.control('zoom-in').click()");
    let inside = "(() => { const [cursor, view] = [run.cursor, run.viewport].map(e => e.getBoundingClientRect());
        return cursor.left >= view.left && cursor.left <= view.right; })()";
    assert_eq!(page.ask("Math.round(run.track.clientWidth / run.viewport.clientWidth)"), 32);
    assert_eq!(page.ask(inside), true);
}

fn axes_are_readable(browser: &mut Browser, fixture: &Fixture) {
    let labels = "[...run.svg.querySelectorAll('.tick.drawn text')].map(e => [e.getBoundingClientRect(), e.textContent])
        .sort(([a], [b]) => a.left - b.left)";
    let gaps = format!("({labels}).map(([box], n, all) => n ? box.left - all[n - 1][0].right : 9)");
    let in_sight = format!(
        "({labels}).filter(([box]) => {{ const view = run.viewport.getBoundingClientRect();
            return box.right > view.left && box.left < view.right; }}).length"
    );
    for (width, least) in [(1440, 3), (375, 1)] {
        let mut page = fixture.open(browser, View { width, ..WIDE });
        page.run("stage.seek(stage.length / 3)");
        for factor in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
            let gap = page.ask(&format!("Math.min(...{gaps})")).as_f64().expect("a gap");
            assert!(gap > 2.0, "labels are {gap} pixels apart at {factor} times the width");
            let count = page.ask(&in_sight).as_u64().expect("a number");
            assert!(count >= least, "{count} labels at {factor} times the width");
            let units = format!(
                "new Set(({labels}).map(([, text]) => text.replace(/[\\d.]/g, '')).filter(Boolean)).size"
            );
            assert_eq!(page.ask(&units), 1, "all labels have one unit");
            page.run("stage.control('zoom-in').click()");
        }
    }
}

fn proof_is_shown(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    assert_eq!(page.ask("run.svg.querySelectorAll('.band.concurrent').length"), 1);
    // The two tasks overlap from the later start to the earlier end.
    let tasks = &fixture.trace.tasks;
    let start = tasks.iter().map(|task| task.start).max().expect("tasks").as_nanos();
    let end = tasks.iter().filter_map(|task| task.end).min().expect("tasks").as_nanos();
    let frame = page.ask(
        "(() => { const box = run.svg.getBoundingClientRect();
            const proof = run.svg.querySelector('.band.concurrent').getBoundingClientRect();
            return [proof.left, proof.right].map(x => (x - box.left) / box.width * run.length); })()",
    );
    for (seen, expected) in [(&frame[0], start), (&frame[1], end)] {
        let (seen, expected) = (seen.as_f64().expect("a time"), expected as f64);
        assert!((seen - expected).abs() < 1e5, "{seen} ns instead of {expected} ns");
    }
    assert_eq!(page.ask("run.svg.querySelectorAll('.proof').length >= 2"), true);
    page.run("stage.control('to-proof').click()");
    assert_eq!(page.ask("run.counts(stage.time)[0]"), "2");
}

fn every_proof_is_reached(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    // A long proof starts first, and a short one is over before the middle of the long one.
    page.run(
        "run.proofs = () => [[0, 0.9], [0.2, 0.3], [0.5, 0.6]].map(([start, end]) =>
        ({ start: start * run.length, end: end * run.length }))",
    );
    page.run(
        "reached = [1, 2, 3, 4].map(() => (stage.toProof(), (stage.time / run.length).toFixed(2)))",
    );
    assert_eq!(page.ask("reached.join()"), "0.25,0.45,0.55,0.25");
}

fn links_lead_to_runs(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    for name in ["known", "swapped", "hostile"] {
        page.run("scrollTo(0, 0)");
        page.run(&format!("document.querySelector('a.card[href=\"#run-both-{name}\"]').click()"));
        // Whatever is still to be scrolled or laid out happens before the frame after the next.
        page.wait_for(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        let top = page.ask(&format!(
            "document.querySelector('#run-both-{name} h2').getBoundingClientRect().top"
        ));
        let top = top.as_f64().expect("a place");
        assert!((0.0..1000.0).contains(&top), "the heading of {name} is at {top}");
    }
}

fn broken_edge_is_shown(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    page.run("swapped = document.getElementById('run-both-swapped'); swapped.scrollIntoView()");
    assert_eq!(page.ask("swapped.querySelectorAll('.edge.broken').length"), 1);
    assert_eq!(
        page.ask("getComputedStyle(swapped.querySelector('.edge.broken')).display"),
        "inline"
    );
    let texts = page
        .ask("[...swapped.querySelectorAll('.broken-time')].map(e => e.textContent).join('; ')");
    let texts = texts.as_str().expect("two times");
    assert!(
        texts.contains("line 5: ")
            && texts.contains("line 6: ")
            && texts.matches("ms").count() == 2,
        "{texts}"
    );
    let is_inside = "(() => { const picture = swapped.querySelector('.viewport').getBoundingClientRect();
        return [...swapped.querySelectorAll('.broken-time')].every(e => [...e.children].every(child => {
            const box = child.getBoundingClientRect(); const ground = e.firstChild.getBoundingClientRect();
            return box.left >= picture.left && box.right <= picture.right && box.width <= ground.width; })); })()";
    for width in [1440, 375] {
        page.look(View { width, ..WIDE });
        assert_eq!(page.ask(is_inside), true, "the times are whole at a width of {width}");
    }
    assert_eq!(page.ask("swapped.querySelectorAll('.output .wrong').length"), 2);
    assert_eq!(
        page.ask("/came too early/.test(swapped.querySelector('.fault').textContent)"),
        true
    );
}

fn edges_on_demand(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let shown = "[...run.svg.querySelectorAll('.edge')].filter(e => getComputedStyle(e).display !== 'none').length";
    assert_eq!(page.ask(shown), 0);
    page.run("stage.control('show-edges').click()");
    // Two tasks of four lines each: three edges a task.
    assert_eq!(page.ask(shown), 6);
    let offered = "['known', 'hostile'].map(name => document.querySelector(`#run-both-${name} .edge-choice`).checkVisibility()).join()";
    assert_eq!(page.ask(offered), "true,false", "a line alone has no edge");
}

fn hostile_output_is_harmless(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let line = page.ask("document.querySelector('#run-both-hostile .output span').textContent");
    assert_eq!(line, program::HOSTILE);
    assert_eq!(page.ask("typeof hacked"), "undefined");
    assert_eq!(page.ask("document.images.length"), 0);
    let summary = page.ask("document.querySelector('#run-both-hostile .summary').textContent");
    assert_eq!(summary, "prints <b>markup</b> & \"quotes\"");
    let lane = page.ask("document.querySelector('#run-both-hostile .lane.task').dataset.name");
    assert_eq!(lane, "Task <i>task</i>");
    assert_eq!(page.troubles(), [""; 0]);
}

fn comparison_has_one_axis(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    page.run("right = document.getElementById('right'); right.value = '1'");
    page.run("right.dispatchEvent(new Event('change'))");
    page.run("two = document.querySelector('#compare .stage').stage");
    assert_eq!(page.ask("two.runs.map(run => run.title).join()"), "both/known,both/swapped");
    let pixels =
        page.ask("two.runs.map(run => run.svg.getBoundingClientRect().width / run.length)");
    let [left, right] = [&pixels[0], &pixels[1]].map(|pixel| pixel.as_f64().expect("a number"));
    assert!((left / right - 1.0).abs() < 1e-3, "a nanosecond is {left} and {right} pixels long");
    page.run("two.seek(two.length / 3)");
    let cursors = "new Set(two.runs.map(run => run.cursor.style.left)).size";
    assert_eq!(page.ask(cursors), 1, "one moment is at one place of the axis");
    let ticks = "new Set(two.runs.map(run => [...run.svg.querySelectorAll('.tick.drawn text')]
        .map(e => e.textContent).sort().join())).size";
    assert_eq!(page.ask(ticks), 1, "both have the same ticks");
    let reach = page.ask(
        "Math.min(...two.runs.map(run => {
            const ticks = [...run.svg.querySelectorAll('.tick.drawn')];
            return Math.max(...ticks.map(e => parseFloat(e.getAttribute('x')) / 100 * run.length)) / two.length; }))",
    );
    assert!(
        reach.as_f64().expect("a share") > 0.8,
        "both grids reach the end of the axis: {reach}"
    );
    page.run("two.zoom(8); two.runs[0].viewport.scrollLeft = 300");
    page.wait_for("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    assert_eq!(page.ask("two.runs.map(run => run.viewport.scrollLeft).join()"), "300,300");
}

fn works_without_scripts(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, View { scripts: false, ..WIDE });
    assert_eq!(page.ask("document.documentElement.classList.contains('has-script')"), false);
    assert_eq!(page.ask("document.querySelectorAll('.controls, .cursor').length"), 0);
    assert_eq!(page.ask("document.getElementById('compare').checkVisibility()"), false);
    page.run("known = document.getElementById('run-both-known'); known.scrollIntoView()");
    assert_eq!(page.ask("known.querySelectorAll('.lane.task path').length >= 4"), true);
    let visible = "[...known.querySelectorAll('.lanes, .labels, .output li')].every(e => {
        const box = e.getBoundingClientRect(); return box.width > 50 && box.height > 10; })";
    assert_eq!(page.ask(visible), true);
    assert_eq!(page.ask("known.querySelector('table').rows.length > 3"), true);
}

fn fits_a_phone(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, View { width: 375, height: 800, ..WIDE });
    assert_eq!(page.ask("document.documentElement.scrollWidth"), 375);
    assert_eq!(page.ask("run.svg.getBoundingClientRect().width > 200"), true);
    // Nor where names are long and the table is open.
    page.run("document.querySelectorAll('.words').forEach(words => (words.open = true))");
    page.run("document.querySelector('.card b').textContent = 'a_name_without_end_'.repeat(9)");
    page.run(
        "document.getElementById('left').options[0].textContent = 'a_name_without_end_'.repeat(9)",
    );
    assert_eq!(page.ask("document.documentElement.scrollWidth"), 375);
}

fn prints(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, View { medium: "print", ..WIDE });
    assert_eq!(page.ask("document.querySelector('.controls').checkVisibility()"), false);
    assert_eq!(page.ask("run.svg.checkVisibility() && run.lines[0].checkVisibility()"), true);
    page.run("stage.zoom(64)");
    assert_eq!(page.ask("run.track.clientWidth <= run.viewport.clientWidth"), true, "all of it");
    let ticks = "[...run.svg.querySelectorAll('.tick')].filter(e => e.checkVisibility() && e.matches('.drawn')).length";
    assert_eq!(page.ask(ticks), 0);
}

fn has_two_schemes(browser: &mut Browser, fixture: &Fixture) {
    // Contrast as the Web Content Accessibility Guidelines define it.
    let contrast = "(() => {
        const light = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map(n => n / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = light(getComputedStyle(document.body).backgroundColor);
        return Math.min(...['h2', '.summary', '.lead', '.doubt, .fault'].map(name => {
            const style = getComputedStyle(document.querySelector(name));
            const own = style.backgroundColor.startsWith('rgba(0') ? ground : light(style.backgroundColor);
            const [a, b] = [light(style.color), own].sort((a, b) => a - b);
            return (b + 0.05) / (a + 0.05);
        }));
    })()";
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        let mut page = fixture.open(browser, View { scheme, ..WIDE });
        grounds.push(page.ask("getComputedStyle(document.body).backgroundColor"));
        let contrast = page.ask(contrast).as_f64().expect("a contrast");
        assert!(contrast >= 4.5, "{scheme}: the least contrast is {contrast}");
    }
    assert_ne!(grounds[0], grounds[1]);
}

fn respects_reduced_motion(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, View { is_motion_reduced: true, ..WIDE });
    page.run(
        "stage.control('play').click(); stage.control('speed').value = '1'; stage.advance(10)",
    );
    let shown = "parseFloat(run.cursor.style.left) / 100 * run.length";
    let last = "Math.max(0, ...run.times.filter(time => time <= 10e6))";
    assert_eq!(page.ask(&format!("Math.abs({shown} - {last}) < 1000")), true);
}

fn controls_have_names(browser: &mut Browser, fixture: &Fixture) {
    let mut page = fixture.open(browser, WIDE);
    let nameless = page.ask(
        "[...document.querySelectorAll('button, select, input, a, [tabindex=\"0\"], [role=img]')]
            .filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()))
            .map(e => e.outerHTML.slice(0, 200))",
    );
    assert_eq!(nameless, serde_json::json!([]));
}

fn untraced_runs_have_no_player(browser: &mut Browser, fixture: &Fixture) {
    let file = fixture.folder.path().join("untraced.html");
    report_with(&["demo"], &file, (program::UNTRACED, Path::new("1")));
    let mut page = open(browser, &file, WIDE);
    assert_eq!(page.ask("document.querySelectorAll('.lesson .output li').length > 8"), true);
    assert_eq!(page.ask("document.querySelectorAll('.picture, .controls, #compare').length"), 0);
    assert_eq!(
        page.ask("document.querySelector('.quadrant.both .time').textContent"),
        "no cell was run"
    );
    for (key, expected) in
        [(" ", ""), ("n", "run-both-known"), ("n", "run-both-swapped"), ("v", "run-both-swapped")]
    {
        page.press(key);
        assert_eq!(page.ask("document.activeElement.id"), expected, "after the key `{key}`");
    }
    assert_eq!(page.troubles(), [""; 0]);
}

fn other_pages_open(browser: &mut Browser, fixture: &Fixture) {
    let census = ["census", "--runs", "2", "--busy"];
    let experiment = ["experiment", "--runs", "1"];
    // Of the three lessons one has several legal orders, of eight lines, and one is bad.
    let of_census = [(".card-of-orders", 3), (".orders tbody tr:first-child .token", 8)];
    let of_experiment = [(".trials tbody", 3), (".trials .finding", 3)];
    for (command, contents) in [(&census[..], of_census), (&experiment, of_experiment)] {
        let file = fixture.folder.path().join("other.html");
        report(command, &file, &fixture.folder.path().join("other.trace"));
        for width in [1440, 375] {
            let mut page = open(browser, &file, View { width, ..WIDE });
            for (content, parts) in contents {
                let count = format!("document.querySelectorAll('{content}').length");
                assert_eq!(page.ask(&count), parts, "{content}");
            }
            assert_eq!(page.ask("document.documentElement.scrollWidth"), width, "{command:?}");
            let broken = "[...document.querySelectorAll('a[href]')]
                .map(a => a.getAttribute('href'))
                .filter(href => !document.getElementById(href.slice(1)))";
            assert_eq!(page.ask(broken), serde_json::json!([]), "links that lead nowhere");
            assert_eq!(page.troubles(), [""; 0]);
        }
    }
}
