//! A browser without a screen, a page in it, and tests of such pages.
//!
//! It is spoken to as its developer tools speak to it, in JSON with a zero byte after each message,
//! on the file descriptors 3 and 4: no port, no library, and the browser ends when we do.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// What the browser is called on various systems.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// So long no browser takes for anything; a page's own waits are shorter.
const IN_VAIN: Duration = Duration::from_secs(120);

/// The program of an installed browser, where there is a shell that can hand it its descriptors.
/// `CHROMIUM` in the environment names another one.
fn find() -> Option<OsString> {
    if cfg!(not(unix)) {
        return None;
    }
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named);
    }
    let paths = std::env::var_os("PATH")?;
    let is_there =
        |name: &&str| std::env::split_paths(&paths).any(|path| path.join(name).is_file());
    NAMES.into_iter().find(|name| is_there(name)).map(OsString::from)
}

/// The whole `main` of tests in a browser, each of which has a name that says what must hold. `prepare` is
/// given the browser's program, and what it returns is handed to `check` with one test after the other.
///
/// Where no browser is installed the tests are skipped, and counted as that.
#[must_use]
pub fn main<T, S>(
    tests: &[(&str, T)],
    prepare: impl FnOnce(&OsString) -> S,
    check: impl Fn(&mut S, &T),
) -> ExitCode {
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let chosen = |test: &&(&str, T)| filter.as_ref().is_none_or(|filter| test.0.contains(filter));
    let tests: Vec<_> = tests.iter().filter(chosen).collect();
    if std::env::args().any(|argument| argument == "--list") {
        tests.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", tests.len());
    let (mut passed, mut failed) = (0, 0);
    match find() {
        Some(browser) if !tests.is_empty() => {
            let mut state = prepare(&browser);
            for (name, test) in &tests {
                let result = catch_unwind(AssertUnwindSafe(|| check(&mut state, test)));
                println!("test {name} ... {}", if result.is_ok() { "ok" } else { "FAILED" });
                passed += usize::from(result.is_ok());
                failed += usize::from(result.is_err());
            }
        }
        Some(_) => {}
        None => {
            println!("skipped: no browser is installed; `apt install chromium` gives them one");
        }
    }
    let skipped = tests.len() - passed - failed;
    let outcome = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {outcome}. {passed} passed; {failed} failed; {skipped} ignored\n");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A running browser.
#[derive(Debug)]
pub struct Browser {
    process: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    sent: u64,
    /// What it has reported since somebody last looked.
    events: Vec<Value>,
    _profile: TempDir,
}

/// What a page is looked at with.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whether scripts run.
    pub scripts: bool,
    /// `screen` or `print`.
    pub medium: &'static str,
    /// `light` or `dark`.
    pub scheme: &'static str,
    /// Whether the reader has asked for little motion.
    pub is_motion_reduced: bool,
}

/// A sheet of paper that is printed on.
#[derive(Clone, Copy, Debug)]
pub enum Paper {
    /// A4, upright.
    A4,
    /// A4 that lies on its side.
    A4OnItsSide,
    /// US letter, upright.
    Letter,
    /// US letter that lies on its side.
    LetterOnItsSide,
}

impl Paper {
    /// All of them.
    pub const ALL: [Paper; 4] =
        [Paper::A4, Paper::A4OnItsSide, Paper::Letter, Paper::LetterOnItsSide];

    /// How wide it is, and how high.
    fn inches(self) -> [f64; 2] {
        const A4: [f64; 2] = [210.0 / 25.4, 297.0 / 25.4];
        match self {
            Paper::A4 => A4,
            Paper::A4OnItsSide => [A4[1], A4[0]],
            Paper::Letter => [8.5, 11.0],
            Paper::LetterOnItsSide => [11.0, 8.5],
        }
    }

    /// How a page is looked at that is to be printed on it, inside of the browser's margins.
    #[must_use]
    pub fn view(self) -> View {
        /// Of both sides together, in inches.
        const MARGINS: f64 = 0.8;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few inches")]
        let [width, height] = self.inches().map(|side| ((side - MARGINS) * 96.0) as u32);
        View { width, height, medium: "print", ..WIDE }
    }
}

/// A projector's view.
pub const WIDE: View = View {
    width: 1440,
    height: 1000,
    scripts: true,
    medium: "screen",
    scheme: "light",
    is_motion_reduced: false,
};

impl Browser {
    /// Starts one, with a profile of its own.
    ///
    /// # Panics
    ///
    /// If there is no shell, or no room for a profile.
    #[must_use]
    pub fn start(program: &OsString) -> Browser {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 >/dev/null 2>&1"#])
            .arg(program)
            .args(["--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"])
            .args(["--disable-quic", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let to = process.stdin.take().expect("a pipe");
        let from = messages(process.stdout.take().expect("a pipe"));
        Browser { process, to, from, sent: 0, events: Vec::new(), _profile: profile }
    }

    /// Calls a method of the browser or, in a session, of a page.
    fn call(&mut self, session: Option<&str>, method: &str, parameters: &Value) -> Value {
        self.send(session, method, parameters).expect("the browser listens");
        loop {
            let answer = self.receive();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// Sends a call, whose answer has the number of what was sent last.
    fn send(
        &mut self,
        session: Option<&str>,
        method: &str,
        parameters: &Value,
    ) -> std::io::Result<()> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes())
    }

    /// Takes in one message, and remembers it if it is an event.
    fn receive(&mut self) -> Value {
        let message = self.from.recv_timeout(IN_VAIN).unwrap_or_else(|why| {
            panic!("the browser has ended, or says nothing for {IN_VAIN:?}: {why}")
        });
        if message["method"].is_string() {
            self.events.push(message.clone());
        }
        message
    }

    /// How many pages are open.
    ///
    /// # Panics
    ///
    /// If the browser has ended.
    pub fn pages(&mut self) -> usize {
        let targets = self.call(None, "Target.getTargets", &json!({}));
        let targets = targets["targetInfos"].as_array().expect("a list");
        targets.iter().filter(|target| target["type"] == "page").count()
    }

    /// Opens an address, and waits until it is loaded. The page is closed when it is dropped.
    ///
    /// # Panics
    ///
    /// If the browser has ended, or knows no pages: so does everything that is asked of a [`Page`].
    pub fn open(&mut self, address: &str, view: View) -> Page<'_> {
        self.events.clear();
        let target = self.call(None, "Target.createTarget", &json!({ "url": "about:blank" }));
        let target = target["targetId"].clone();
        let attach = json!({ "targetId": target, "flatten": true });
        let session = self.call(None, "Target.attachToTarget", &attach);
        let session = session["sessionId"].as_str().expect("a session").to_owned();
        let mut page = Page { browser: self, target, session };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            page.call(domain, &json!({}));
        }
        page.look(view);
        page.browser.events.clear();
        page.call("Page.navigate", &json!({ "url": address }));
        while !page.events().any(|event| event["method"] == "Page.loadEventFired") {
            page.browser.receive();
        }
        page
    }
}

/// What comes from a browser, as it comes.
fn messages(from: impl Read + Send + 'static) -> Receiver<Value> {
    let (to, messages) = mpsc::channel();
    thread::spawn(move || {
        for message in BufReader::new(from).split(0) {
            let message = message.expect("the browser speaks");
            let message = serde_json::from_slice(&message).expect("JSON");
            if to.send(message).is_err() {
                return;
            }
        }
    });
    messages
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An open page.
#[derive(Debug)]
pub struct Page<'a> {
    browser: &'a mut Browser,
    target: Value,
    session: String,
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        // A browser that has ended has closed it before.
        let target = json!({ "targetId": self.target });
        let _closed = self.browser.send(None, "Target.closeTarget", &target);
    }
}

impl Page<'_> {
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }

    /// What the browser has reported of this page, and of no other.
    fn events(&self) -> impl Iterator<Item = &Value> {
        self.browser.events.iter().filter(|event| event["sessionId"] == self.session)
    }

    /// Looks at the page in another way.
    pub fn look(&mut self, view: View) {
        let View { width, height, .. } = view;
        self.call(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 }),
        );
        let motion = if view.is_motion_reduced { "reduce" } else { "no-preference" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": view.scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        let media = json!({ "media": view.medium, "features": features });
        self.call("Emulation.setEmulatedMedia", &media);
        self.call("Emulation.setScriptExecutionDisabled", &json!({ "value": !view.scripts }));
    }

    /// Does something in the page.
    pub fn run(&mut self, statements: &str) {
        self.ask(&format!("{statements}; undefined"));
    }

    /// The value of an expression, worked out in the page.
    pub fn ask(&mut self, expression: &str) -> Value {
        let question = json!({ "expression": expression, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", &question);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// Waits until something has happened in the page.
    pub fn wait_for(&mut self, promise: &str) {
        let question =
            json!({ "expression": format!("{promise}.then(() => 0)"), "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", &question);
        assert!(answer["exceptionDetails"].is_null(), "{promise}: {answer:#}");
    }

    /// How many sheets of paper it takes to print it.
    pub fn sheets(&mut self, paper: Paper) -> usize {
        let [width, height] = paper.inches();
        let format = json!({ "paperWidth": width, "paperHeight": height });
        let printed = self.call("Page.printToPDF", &format);
        let data = printed["data"].as_str().expect("a document");
        // The page knows how to decode it.
        let pages = self.ask(&format!("atob('{data}').match(/\\/Type *\\/Page\\b/g).length"));
        pages.as_u64().expect("a number") as usize
    }

    /// Presses and releases a key.
    pub fn press(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event = json!({ "type": kind, "key": key, "code": key, "text": text });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Moves the pointer to a place in the window.
    pub fn point(&mut self, x: f64, y: f64) {
        let event = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.call("Input.dispatchMouseEvent", &event);
    }

    /// Everything that went wrong in the page, and every request for something but the page itself.
    pub fn troubles(&mut self) -> Vec<String> {
        // Whatever was reported before this answer has arrived with it.
        self.ask("0");
        let trouble = |event: &Value| {
            let parameters = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" | "Log.entryAdded" => Some(parameters.to_string()),
                "Runtime.consoleAPICalled" => Some(parameters.to_string()),
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str()?;
                    let is_page = parameters["type"] == "Document" || url.starts_with("data:");
                    (!is_page).then(|| format!("a request for {url}"))
                }
                _ => None,
            }
        };
        self.events().filter_map(trouble).collect()
    }
}
