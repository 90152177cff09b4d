//! A small course in a folder of its own, and commands about it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use command::envelope;
use serde_json::Value;
use tempfile::TempDir;

/// What is judged is not judged side by side; and all courses share what cargo has built.
static TURN: Mutex<()> = Mutex::new(());

/// A course as a student finds it.
pub(crate) struct Course {
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// The manifest of a package of the course.
fn package(name: &str, members: &str, programs: &[&str]) -> String {
    let classroom = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("classroom");
    let program = |path: &&str| {
        let kind = if path.contains("others") { "others" } else { "solution" };
        let file = Path::new(path).file_stem().expect("a name").to_string_lossy();
        let path = path.trim_start_matches("answers/");
        format!("[[bin]]\nname = \"{file}-{kind}\"\npath = \"{path}\"\n")
    };
    let autobins = programs.is_empty();
    let programs: String = programs.iter().map(program).collect();
    format!(
        "{members}[package]\nname = \"{name}\"\nedition = \"2024\"\nautobins = {autobins}\n\n[dependencies]\nclassroom = {{ path = \
         {classroom:?} }}\n\n{programs}"
    )
}

impl Course {
    /// Copies the course, and cuts its starts from their solutions.
    pub(crate) fn new() -> Course {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a folder");
        let course = Course { folder, _turn: turn };
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = [
            "exercises.toml",
            "answers/solutions/01_overlap.rs",
            "answers/solutions/02_outcome.rs",
            "answers/others/01_overlap.rs",
            "answers/others/02_outcome.rs",
        ];
        for file in files {
            course
                .write(file, &fs::read_to_string(own.join("tests/course").join(file)).expect(file));
        }
        course.write(
            "Cargo.toml",
            &package("course", "[workspace]\nmembers = [\"answers\"]\n\n", &[]),
        );
        course.write("answers/Cargo.toml", &package("answers", "", &files[1..]));
        let lock = fs::read_to_string(own.join("../../Cargo.lock")).expect("a lock");
        course.write("Cargo.lock", &lock);
        fs::create_dir_all(course.path("src/bin")).expect("a folder");
        for exercise in ["1", "2"] {
            assert_eq!(course.run(&["reset", exercise]).code, 0);
        }
        course
    }

    /// A file of the course.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Puts the solution in place of the student's text.
    pub(crate) fn solve(&self, file: &str) {
        let solution = self.read(&format!("answers/solutions/{file}.rs"));
        self.write(&format!("src/bin/{file}.rs"), &solution);
    }

    /// Adds a runtime: a feature of the package, which the second exercise needs.
    pub(crate) fn add_runtime(&self) {
        self.write(
            "thread-pool/Cargo.toml",
            "[package]\nname = \"thread-pool\"\nedition = \"2024\"\n",
        );
        self.write("thread-pool/src/lib.rs", "pub use std::thread::scope;\n");
        let dependency = "thread-pool = { path = \"thread-pool\", optional = true }\n";
        let features =
            "[features]\ndefault = [\"thread-pool\"]\nthread-pool = [\"dep:thread-pool\"]\n";
        let package = self.read("Cargo.toml");
        self.write("Cargo.toml", &format!("{}\n{dependency}\n{features}", package.trim_end()));
        let second = "title = \"A sum\"";
        let manifest = self.read("exercises.toml");
        let manifest = manifest.replace(second, &format!("{second}\nruntimes = [\"thread-pool\"]"));
        self.write("exercises.toml", &manifest);
    }

    /// The command, which nobody answers on a terminal.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
        command.arg(name).current_dir(self.folder.path()).stdin(Stdio::null());
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("courses");
        command
            .env("CARGO_TARGET_DIR", target)
            .env_remove("CLICOLOR_FORCE")
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs `cargo xtask exercise` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let mut command = self.command("exercise");
        Said::of(&command.args(arguments).args(["--exercises", "."]).output().expect("it runs"))
    }
}

/// What is left in a copy of the workspace of what was handed in.
#[cfg(unix)]
pub(crate) fn handed_in(twin: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(twin).expect("a folder").flatten().map(|entry| entry.path());
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    entries.filter(|path| name(path).is_some_and(|it| it.starts_with("handed-in"))).collect()
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said {
            code: output.status.code().unwrap_or(-1),
            output: text(&output.stdout),
            errors: text(&output.stderr),
        }
    }

    /// The answer for programs.
    pub(crate) fn json(&self) -> Value {
        envelope::read(&self.output).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts that it ended so, and said this.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, parts: &[&str]) -> &Said {
        assert_eq!(self.code, code, "{self:#?}");
        for part in parts {
            let said = self.output.contains(part) || self.errors.contains(part);
            assert!(said, "`{part}` is missing: {self:#?}");
        }
        self
    }
}
