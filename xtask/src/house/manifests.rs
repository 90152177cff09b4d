//! Rules on manifests: who may know whom, and what is said once.

use std::collections::BTreeSet;

use lab::lesson::Runtime;
use words::quadrant::Quadrant;

use super::Violation;
use super::workspace::{File, Setting, Workspace};

/// The members, and the members that each may depend on.
const KNOWS: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("trace", &[]),
    ("primes", &[]),
    ("order", &[]),
    ("lab", &["order", "primes", "trace", "words"]),
    ("evidence", &["lab", "order", "trace", "words"]),
    ("lanes", &["evidence", "order", "words"]),
    ("scale", &["evidence", "lanes"]),
    ("supervise", &["words"]),
    ("lines", &["words"]),
    ("switches", &[]),
    ("watch", &["evidence", "lanes", "supervise", "switches", "words"]),
    ("draw", &["evidence", "lanes", "order", "words"]),
    ("classroom", &[]),
    ("launch", &[]),
    ("command", &["draw", "supervise", "words"]),
    ("judge", &["classroom", "supervise", "switches", "words"]),
    ("exercises", &["classroom"]),
    ("answers", &["classroom", "judge"]),
    ("tutor", &["command", "draw", "judge", "supervise", "terminal", "words"]),
    ("manual", &["command", "supervise", "tutor", "words", "xtask"]),
    ("neither", &["lab"]),
    ("concurrent-only", &["lab"]),
    ("parallel-only", &["lab"]),
    ("both", &["lab"]),
    ("bench", &["evidence", "lab", "switches"]),
    ("chromium", &[]),
    ("terminal", &[]),
    ("stage", &["lab", "terminal", "words"]),
    ("music", &["lab", "primes", "stage"]),
    ("web-server", &["lab", "stage"]),
    ("chat", &["chromium", "lab", "stage", "words"]),
    ("reel", &[]),
    ("film", &["lab", "reel", "stage"]),
    ("weather", &["lab", "reel", "stage"]),
    ("training", &["lab", "reel", "stage"]),
    ("web-crawler", &["lab", "stage"]),
    ("video-game", &["lab", "stage"]),
    ("web-browser", &["lab", "stage"]),
    ("big-data", &["lab", "stage"]),
    (
        "xtask",
        &[
            "chromium",
            "command",
            "draw",
            "evidence",
            "lab",
            "lanes",
            "lines",
            "scale",
            "supervise",
            "terminal",
            "trace",
            "tutor",
            "watch",
            "words",
        ],
    ),
];

/// The members that students and authors of exercises write in, on whatever runtime an exercise is about.
const EXERCISES: &[&str] = &["exercises", "answers"];

/// The folder of the systems, which are built when somebody asks for one, on whatever suits them.
const SYSTEMS: &str = "crates/systems/";

/// The kinds of dependencies, for which the same rules hold.
const KINDS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// The file in which rules are changed.
const RULES: &str = "xtask/src/house/manifests.rs";

pub(super) fn crates_know_only_whom_they_may(workspace: &Workspace) -> Vec<Violation> {
    let members: Vec<_> = workspace.members().collect();
    let mut violations = Vec::new();
    for (name, file) in &members {
        let Some((_, known)) = KNOWS.iter().find(|(member, _)| member == name) else {
            let fault = format!("`{name}` is not in the table");
            let remedy = format!("say in KNOWS, in {RULES}, whom it may know");
            violations.push(Violation::new(file, 1, fault, remedy));
            continue;
        };
        for (dependency, line) in dependencies(file) {
            let is_member = members.iter().any(|(member, _)| *member == dependency);
            if is_member && !known.contains(&dependency.as_str()) {
                let fault = format!("`{name}` depends on `{dependency}`");
                let remedy = match known {
                    [] => "it may know no other member: move what it needs into itself".to_owned(),
                    known => format!("it may know {} only", known.join(", ")),
                };
                let remedy =
                    format!("{remedy}; if the house has changed, so must KNOWS, in {RULES}");
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

pub(super) fn only_quadrants_know_runtimes(workspace: &Workspace) -> Vec<Violation> {
    let (quadrants, others): (Vec<_>, Vec<_>) =
        workspace.members().partition(|(name, _)| is_quadrant(name));
    let mut runtimes: BTreeSet<String> = runtimes().map(str::to_owned).collect();
    for (_, file) in &quadrants {
        runtimes.extend(lesson_dependencies(file).into_iter().map(|(name, _)| name));
    }
    let mut violations = Vec::new();
    let is_free =
        |member: &str, file: &File| EXERCISES.contains(&member) || file.path.starts_with(SYSTEMS);
    for (member, file) in others.iter().filter(|(member, file)| !is_free(member, file)) {
        for (dependency, line) in dependencies(file) {
            if runtimes.contains(&dependency) {
                let fault = format!("`{member}` depends on `{dependency}`, which is for lessons");
                let remedy = "use the standard library, or do it in the lesson";
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

pub(super) fn each_lesson_can_be_built_alone(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (_, file) in workspace.members().filter(|(name, _)| is_quadrant(name)) {
        let settings = file.settings();
        let optional = |name: &str| {
            settings
                .iter()
                .any(|s| s.keys == ["dependencies", name, "optional"] && s.value == "true")
        };
        for (name, line) in lesson_dependencies(file) {
            if !optional(&name) {
                let fault = format!("`{name}` is always built");
                let remedy = "make it `optional`, and name it by `dep:` in its runtime's feature";
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
        violations.extend(wrong_features(file, &settings));
    }
    violations
}

/// Features that are no runtimes, and runtimes that are not on by default.
fn wrong_features(file: &File, settings: &[Setting]) -> Vec<Violation> {
    let features = settings.iter().filter(|setting| setting.keys[0] == "features");
    let (default, own): (Vec<_>, Vec<_>) = features.partition(|s| s.keys[1] == "default");
    let mut violations = Vec::new();
    for feature in own {
        let name = &feature.keys[1];
        if !runtimes().any(|runtime| runtime == name) {
            let remedy = "features are called after the runtimes, so that one can guess them";
            let fault = format!("the feature `{name}` is no runtime");
            violations.push(Violation::new(file, feature.line, fault, remedy));
        } else if !default.iter().any(|setting| setting.value == *name) {
            let fault = format!("the feature `{name}` is not on by default");
            let remedy = "name it in `default`: a plain `cargo run` has all lessons";
            violations.push(Violation::new(file, feature.line, fault, remedy));
        }
    }
    violations
}

pub(super) fn systems_are_built_when_asked_for(workspace: &Workspace) -> Vec<Violation> {
    let Some(root) = workspace.file("Cargo.toml") else { return Vec::new() };
    let settings = root.settings();
    let listed = |list: &str| {
        settings.iter().filter(|it| it.keys == ["workspace", list]).collect::<Vec<&Setting>>()
    };
    let default = listed("default-members");
    let is_default = |member: &str| default.iter().any(|setting| setting.value == member);
    let is_system = |member: &str| member.starts_with(SYSTEMS);
    let members = listed("members").into_iter();
    let wrong = members.filter(|member| is_default(&member.value) == is_system(&member.value));
    wrong
        .map(|member| {
            let path = &member.value;
            let (fault, remedy) = match is_system(path) {
                true => ("is always built", "leave it out of `default-members`"),
                false => ("is built by nobody who names nothing", "name it in `default-members`"),
            };
            Violation::new(root, member.line, format!("`{path}` {fault}"), remedy)
        })
        .collect()
}

pub(super) fn shared_settings_are_inherited(workspace: &Workspace) -> Vec<Violation> {
    let root = workspace.file("Cargo.toml").map(File::settings).unwrap_or_default();
    let shared: Vec<_> = root
        .iter()
        .filter(|s| s.keys.starts_with(&["workspace".into(), "package".into()]))
        .collect();
    let mut violations = Vec::new();
    for (_, file) in workspace.members() {
        let settings = file.settings();
        let inherits = |keys: &[&str]| settings.iter().any(|s| s.keys == keys && s.value == "true");
        for field in shared.iter().map(|setting| setting.keys[2].as_str()) {
            if !inherits(&["package", field, "workspace"]) {
                let fault = format!("`{field}` is not inherited");
                let remedy = format!("write `{field}.workspace = true`");
                violations.push(Violation::new(file, 1, fault, remedy));
            }
        }
        if !inherits(&["lints", "workspace"]) {
            let remedy = "end the manifest with `[lints]` and `workspace = true`";
            violations.push(Violation::new(file, 1, "the lints are not inherited", remedy));
        }
        for (setting, name) in settings.iter().filter_map(|s| Some((s, has_its_own_version(s)?))) {
            let fault = format!("`{name}` has a version of its own");
            let remedy =
                "name the version in the workspace's Cargo.toml, and write `workspace = true` here";
            violations.push(Violation::new(file, setting.line, fault, remedy));
        }
    }
    violations
}

/// The dependency that the setting takes from somewhere else than from the workspace.
fn has_its_own_version(setting: &Setting) -> Option<&str> {
    let (name, further) = dependency(setting)?;
    let is_own = |key: &String| ["version", "path", "git"].contains(&key.as_str());
    further.first().is_none_or(is_own).then_some(name)
}

pub(super) fn the_rust_version_is_said_once(workspace: &Workspace) -> Vec<Violation> {
    let remedy = "leave it out: `rust-version` in the workspace's Cargo.toml says it";
    let toolchains = workspace.files.iter().filter(|file| file.stem() == "rust-toolchain");
    let mut violations: Vec<_> = toolchains
        .map(|file| Violation::new(file, 1, "the toolchain is named again", remedy))
        .collect();
    let root = workspace.file("Cargo.toml").map(File::settings).unwrap_or_default();
    let said = root.iter().find(|s| s.keys == ["workspace", "package", "rust-version"]);
    let Some(version) = said.map(|setting| setting.value.as_str()) else { return violations };
    let configures =
        |file: &&File| [".toml", ".yml", ".yaml", "run"].iter().any(|end| file.path.ends_with(end));
    for file in workspace.files.iter().filter(configures) {
        for (line, text) in file.lines() {
            let is_said = file.path == "Cargo.toml" && text.starts_with("rust-version");
            if text.contains(version) && !is_said {
                let fault = format!("{version} stands here too");
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

/// The names of all dependencies, each with its line.
fn dependencies(file: &File) -> BTreeSet<(String, usize)> {
    let settings = file.settings().into_iter().filter(|setting| setting.keys[0] != "workspace");
    settings
        .filter_map(|setting| Some((dependency(&setting)?.0.to_owned(), setting.line)))
        .collect()
}

/// The dependency that the setting is about, and what of it.
fn dependency(setting: &Setting) -> Option<(&str, &[String])> {
    let kind = setting.keys.iter().position(|key| KINDS.contains(&key.as_str()))?;
    let (name, further) = setting.keys[kind + 1..].split_first()?;
    Some((name, further))
}

/// What the lessons of a quadrant's crate are built on, `lab` excepted.
fn lesson_dependencies(file: &File) -> BTreeSet<(String, usize)> {
    let settings = file.settings().into_iter().filter(|s| s.keys[0] == "dependencies");
    settings.map(|s| (s.keys[1].clone(), s.line)).filter(|(name, _)| name != "lab").collect()
}

fn is_quadrant(name: &str) -> bool {
    Quadrant::ALL.iter().any(|quadrant| quadrant.name() == name)
}

/// The runtimes that are crates.
fn runtimes() -> impl Iterator<Item = &'static str> {
    Runtime::ALL.into_iter().filter(|runtime| *runtime != Runtime::Std).map(Runtime::name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::faults;

    const LAB: (&str, &str) = ("crates/lab/Cargo.toml", "[package]\nname = \"lab\"\n");
    const NEITHER: (&str, &str) = ("crates/neither/Cargo.toml", "[package]\nname = \"neither\"\n");

    #[test]
    fn a_quadrant_that_knows_another_is_caught() {
        let both = "[package]\nname = \"both\"\n[dependencies]\nlab.workspace = true\n\
                    [dev-dependencies]\nneither.workspace = true\n";
        let files = [LAB, NEITHER, ("crates/both/Cargo.toml", both)];
        let expected = ["crates/both/Cargo.toml:6: `both` depends on `neither`"];
        assert_eq!(faults(crates_know_only_whom_they_may, &files), expected);
    }

    #[test]
    fn a_member_that_nobody_thought_of_is_caught() {
        let files = [("crates/new/Cargo.toml", "[package]\nname = \"new\"\n")];
        let expected = ["crates/new/Cargo.toml:1: `new` is not in the table"];
        assert_eq!(faults(crates_know_only_whom_they_may, &files), expected);
    }

    #[test]
    fn a_lab_that_knows_a_runtime_or_its_helper_is_caught() {
        let lab = "[package]\nname = \"lab\"\n[target.'cfg(unix)'.dependencies]\nsmol = \"2\"\n\
                   [dev-dependencies]\nfutures-lite.workspace = true\nproptest.workspace = true\n";
        let both = "[package]\nname = \"both\"\n[dependencies]\n\
                    futures-lite = { workspace = true, optional = true }\n";
        let files = [("crates/lab/Cargo.toml", lab), ("crates/both/Cargo.toml", both)];
        let mut found = faults(only_quadrants_know_runtimes, &files);
        found.sort();
        assert_eq!(
            found,
            [
                "crates/lab/Cargo.toml:4: `lab` depends on `smol`, which is for lessons",
                "crates/lab/Cargo.toml:6: `lab` depends on `futures-lite`, which is for lessons",
            ]
        );
    }

    #[test]
    fn a_runtime_that_is_always_built_is_caught() {
        let both = "[package]\nname = \"both\"\n[dependencies]\nsmol.workspace = true\n";
        let expected = ["crates/both/Cargo.toml:4: `smol` is always built"];
        assert_eq!(
            faults(each_lesson_can_be_built_alone, &[("crates/both/Cargo.toml", both)]),
            expected
        );
    }

    #[test]
    fn features_that_are_no_runtimes_or_not_on_by_default_are_caught() {
        let both = "[package]\nname = \"both\"\n[features]\ndefault = [\"rayon\"]\n\
                    rayon = [\"dep:rayon\"]\nsmol = [\"dep:smol\"]\nfast = [\"smol\"]\n";
        let mut found = faults(each_lesson_can_be_built_alone, &[("crates/both/Cargo.toml", both)]);
        found.sort();
        assert_eq!(
            found,
            [
                "crates/both/Cargo.toml:6: the feature `smol` is not on by default",
                "crates/both/Cargo.toml:7: the feature `fast` is no runtime",
            ]
        );
    }

    #[test]
    fn a_system_that_is_always_built_and_a_crate_that_never_is_are_caught() {
        let root = "[workspace]\nmembers = [\n\"crates/lab\",\n\"crates/new\",\n\
                    \"crates/systems/x\",\n\"crates/systems/y\",\n]\n\
                    default-members = [\"crates/lab\", \"crates/systems/x\"]\n";
        assert_eq!(
            faults(systems_are_built_when_asked_for, &[("Cargo.toml", root)]),
            [
                "Cargo.toml:4: `crates/new` is built by nobody who names nothing",
                "Cargo.toml:5: `crates/systems/x` is always built",
            ]
        );
    }

    #[test]
    fn a_member_with_settings_of_its_own_is_caught() {
        let root = ("Cargo.toml", "[workspace.package]\nedition = \"2024\"\nversion = \"1.0.0\"\n");
        let lab = "[package]\nname = \"lab\"\nedition = \"2021\"\nversion.workspace = true\n\
                   [dependencies]\nlexopt = \"0.3\"\nstrsim.workspace = true\n\
                   regex-lite = { version = \"0.1\" }\n";
        let mut found =
            faults(shared_settings_are_inherited, &[root, ("crates/lab/Cargo.toml", lab)]);
        found.sort();
        assert_eq!(
            found,
            [
                "crates/lab/Cargo.toml:1: `edition` is not inherited",
                "crates/lab/Cargo.toml:1: the lints are not inherited",
                "crates/lab/Cargo.toml:6: `lexopt` has a version of its own",
                "crates/lab/Cargo.toml:8: `regex-lite` has a version of its own",
            ]
        );
    }

    #[test]
    fn a_second_place_for_the_rust_version_is_caught() {
        let files = [
            ("Cargo.toml", "[workspace.package]\nrust-version = \"1.95\"\n"),
            (".github/workflows/ci.yml", "steps:\n  - run: rustup install 1.95\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n"),
        ];
        assert_eq!(
            faults(the_rust_version_is_said_once, &files),
            [
                "rust-toolchain.toml:1: the toolchain is named again",
                ".github/workflows/ci.yml:2: 1.95 stands here too",
            ]
        );
    }
}
