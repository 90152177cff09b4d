//! Keeps a program from everything that is not its business: this program, run once more, gives up what it
//! may do, and becomes the other. Whoever runs it says within which [`Bounds`].
//!
//! - *Files*: it may read what its bounds name, the system's libraries and itself, and change what they
//!   name for that (Landlock).
//! - *Temporary files*: it has an empty folder of its own for these, of limited size, which ends with it.
//! - *Network*: it is in a network of its own, in which there is nobody.
//! - *Sockets*: it can make none, and reach none, files included; its connection to the judge is there when it
//!   begins, as its standard input ([`calls`]).
//! - *Calls*: it cannot change what files are like, trace others, load programs into the kernel, or enter
//!   namespaces ([`calls`]).
//! - *Privileges*: it can get none, from no program that it runs (`no_new_privs`).
//! - *Others*: it sends no signals beyond what it started (Landlock).
//! - *Environment*: it finds the variables there that its bounds name, and nothing besides.
//!
//! Its process numbers and its limits are seen to by `supervise`.

#[cfg(target_os = "linux")]
mod calls;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use judge::Program;
use serde_json::json;
use supervise::{Lines, Namespace, Prepared, Request};

/// The argument by which this program knows that it is to confine itself.
const CONFINED: &str = "--confined";

/// What is left to a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// What it may read and execute, beside itself and the system's libraries.
    pub(crate) reads: Vec<PathBuf>,
    /// What it may change as well.
    pub(crate) writes: Vec<PathBuf>,
    /// A folder in whose place it finds an empty one, for temporary files. Nobody else sees what it keeps there.
    pub(crate) temporary: Option<PathBuf>,
    /// The variables that it keeps, by name.
    pub(crate) keeps: Vec<String>,
}

impl Bounds {
    /// What a program is left that is judged: the way to its judge, and this folder for temporary files.
    fn of_an_answer(temporary: &Path) -> Bounds {
        let (temporary, keeps) = (Some(temporary.to_owned()), vec![judge::ADDRESS.to_owned()]);
        Bounds { temporary, keeps, ..Bounds::default() }
    }

    /// As an argument.
    fn to_text(&self) -> Result<String> {
        let (reads, writes) = (texts(&self.reads)?, texts(&self.writes)?);
        let temporary = self.temporary.as_deref().map(text).transpose()?;
        let bounds = json!({
            "reads": reads, "writes": writes, "temporary": temporary, "keeps": self.keeps,
        });
        Ok(bounds.to_string())
    }

    #[cfg(target_os = "linux")]
    fn of_text(text: &str) -> Option<Bounds> {
        use serde_json::Value;
        let bounds: Value = serde_json::from_str(text).ok()?;
        let texts = |name: &str| {
            let texts = bounds[name].as_array()?.iter().map(Value::as_str);
            texts.map(|text| text.map(str::to_owned)).collect::<Option<Vec<String>>>()
        };
        let paths = |name| Some(texts(name)?.into_iter().map(PathBuf::from).collect());
        Some(Bounds {
            reads: paths("reads")?,
            writes: paths("writes")?,
            temporary: bounds["temporary"].as_str().map(PathBuf::from),
            keeps: texts("keeps")?,
        })
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| anyhow!("{} is no text", path.display()))
}

fn texts(paths: &[PathBuf]) -> Result<Vec<&str>> {
    paths.iter().map(|path| text(path)).collect()
}

/// Becomes a confined program, and never returns, where this program was started for that.
pub(crate) fn become_it_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == CONFINED) {
        become_it(arguments.collect());
    }
}

/// A program to be judged that is confined as far as this machine can. In place of this folder, which has to be
/// there, it finds an empty one of its own.
pub(crate) fn confined(program: &Path, temporary: &Path) -> Result<Program> {
    let [this, arguments @ ..] = &within(&Bounds::of_an_answer(temporary), program)?;
    let program = Program::new(this);
    Ok(arguments.iter().fold(program, |program, argument| program.argument(argument)))
}

/// The words by which a program is called so that it is kept within bounds; its arguments come after them.
pub(crate) fn within(bounds: &Bounds, program: &Path) -> Result<[String; 4]> {
    let this = std::env::current_exe().context("the path of this program")?;
    let words = [text(&this)?, CONFINED, &bounds.to_text()?, text(program)?];
    Ok(words.map(str::to_owned))
}

/// What this machine cannot confine, a sentence each.
pub(crate) fn lacking() -> Result<Vec<String>> {
    let request = Request::new(std::env::current_exe()?).arguments([CONFINED]);
    let prepared = Prepared::prepare(&request)?;
    let namespace = prepared.confinement().namespace.clone();
    let ended = prepared.go(&mut Lines(|_: &supervise::Line| ()))?;
    let mut lacking: Vec<String> = ended.lines.into_iter().map(|line| line.text).collect();
    if !ended.ending.is_success() {
        lacking.push(format!("Nothing can be confined: {}.", ended.ending));
    }
    if namespace != Namespace::Own {
        lacking.push("There is no process namespace: it sees other processes.".to_owned());
    }
    Ok(lacking)
}

/// Gives up what it may do, and becomes a program; or says what it could not give up, where there is none.
#[cfg(target_os = "linux")]
fn become_it(arguments: Vec<OsString>) -> ! {
    use std::os::unix::process::CommandExt;
    let mut arguments = arguments.into_iter();
    let Some(bounds) = arguments.next() else {
        let bounds = Bounds::of_an_answer(&std::env::temp_dir());
        linux::give_up(&bounds, None).iter().for_each(|sentence| println!("{sentence}"));
        std::process::exit(0);
    };
    let bounds = bounds.to_str().and_then(Bounds::of_text);
    let (Some(bounds), Some(program)) = (bounds, arguments.next()) else {
        eprintln!("error: {CONFINED} is for this program's own use");
        std::process::exit(2);
    };
    let mut command = std::process::Command::new(&program);
    command.args(arguments).env_clear();
    let kept = std::env::vars().filter(|(name, _)| bounds.keeps.contains(name));
    command.envs(kept).envs(bounds.temporary.iter().map(|folder| ("TMPDIR", folder)));
    // Afterwards nobody can be reached any more.
    let judge = std::env::var(judge::ADDRESS).ok().and_then(|it| linux::connected(&it));
    command.envs(judge.map(|judge| (judge::ADDRESS, judge)));
    linux::give_up(&bounds, Some(Path::new(&program)));
    let error = command.exec();
    eprintln!("{}: {error}", program.display());
    std::process::exit(126)
}

#[cfg(not(target_os = "linux"))]
fn become_it(arguments: Vec<OsString>) -> ! {
    let mut arguments = arguments.into_iter().skip(1);
    let Some(program) = arguments.next() else {
        println!("This system has nothing that confines files and network.");
        std::process::exit(0);
    };
    let status = std::process::Command::new(program).args(arguments).status();
    std::process::exit(status.ok().and_then(|status| status.code()).unwrap_or(126))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::os::unix::net::UnixStream;
    use std::path::Path;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };
    use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
    use rustix::process::{getegid, geteuid};
    use rustix::thread::UnshareFlags;

    use super::Bounds;

    /// What there is to give up, as far as this was written for it.
    const KNOWN: ABI = ABI::V6;

    /// What a program needs to begin: the loader, and libraries.
    const LIBRARIES: &[&str] = &["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"];

    /// What the standard library and runtimes look at: the program's own processes, and devices without harm.
    const LOOKED_AT: &[&str] = &["/proc", "/sys/fs/cgroup", "/dev/urandom"];

    /// What every program may write to.
    const NOTHING: &str = "/dev/null";

    /// How much a program can have in temporary files, all together, and in how many.
    const ROOM: &str = "size=64m,nr_inodes=4096,mode=700";

    /// Connects to a judge, and makes that the standard input; the address of which a program has it there.
    pub(super) fn connected(address: &str) -> Option<String> {
        let (path, secret) = address.strip_prefix("unix:")?.rsplit_once('#')?;
        let judge = UnixStream::connect(path).ok()?;
        rustix::stdio::dup2_stdin(&judge).ok()?;
        Some(format!("stdin:#{secret}"))
    }

    /// Gives up everything that is not within these bounds: what could not be given up, a sentence each.
    pub(super) fn give_up(bounds: &Bounds, program: Option<&Path>) -> Vec<String> {
        let mut lacking = Vec::new();
        let left = leave_others();
        if let Err(error) = &left {
            lacking.push(format!("There is no network of its own ({error}): it reaches others."));
        }
        // Who still shares his view of files with others changes nothing in it.
        let room = left.and_then(|()| bounds.temporary.as_deref().map_or(Ok(()), make_room));
        if let Err(error) = &room {
            lacking.push(format!("There is no folder of limited size ({error}): it has none."));
        }
        let temporary = bounds.temporary.as_deref().filter(|_| room.is_ok());
        match restrict(bounds, program, temporary) {
            Ok(RulesetStatus::FullyEnforced) => {}
            Ok(RulesetStatus::PartiallyEnforced) => lacking
                .push("This kernel's Landlock is an old one: signals are not confined.".to_owned()),
            Ok(RulesetStatus::NotEnforced) => {
                lacking.push("This kernel has no Landlock: files are not confined.".to_owned());
            }
            Err(error) => lacking.push(format!("Files are not confined: {error}.")),
        }
        if let Err(error) = super::calls::give_up() {
            let sentence =
                "System calls are not filtered: sockets, and who may read files, are not confined";
            lacking.push(format!("{sentence} ({error})."));
        }
        lacking
    }

    /// Enters a network in which there is nobody, and a view of all files of its own. Who may not do so enters
    /// them with users of its own.
    #[expect(deprecated, reason = "what makes it unsafe is a flag that is not used here")]
    fn leave_others() -> rustix::io::Result<()> {
        use rustix::thread::unshare;
        let own = UnshareFlags::NEWNET | UnshareFlags::NEWNS;
        let (user, group) = (geteuid().as_raw(), getegid().as_raw());
        unshare(own).or_else(|_| {
            unshare(own | UnshareFlags::NEWUSER)?;
            // Who has no number there can make no file. Where that is refused, there is no folder to make one in.
            let names =
                [("setgroups", "deny".to_owned()), ("uid_map", one(user)), ("gid_map", one(group))];
            names
                .iter()
                .for_each(|(file, text)| drop(fs::write(format!("/proc/self/{file}"), text)));
            Ok(())
        })
    }

    /// A single user or group, which has the number there that it has here.
    fn one(number: u32) -> String {
        format!("{number} {number} 1\n")
    }

    /// Has an empty folder in place of this one, which this program alone sees, and what it becomes.
    fn make_room(folder: &Path) -> rustix::io::Result<()> {
        let harmless = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
        let room = std::ffi::CString::new(ROOM).expect("it has no zeros");
        mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
        mount("temporary", folder, "tmpfs", harmless, Some(&*room))
    }

    fn restrict(
        bounds: &Bounds,
        program: Option<&Path>,
        temporary: Option<&Path>,
    ) -> Result<RulesetStatus, RulesetError> {
        let all = AccessFs::from_all(KNOWN);
        let read = AccessFs::from_read(KNOWN);
        let look: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(all)?
            .handle_access(AccessNet::from_all(KNOWN))?
            .scope(Scope::from_all(KNOWN))?
            .create()?
            .add_rules(path_beneath_rules(LIBRARIES, read))?
            .add_rules(path_beneath_rules(program, read))?
            .add_rules(path_beneath_rules(&bounds.reads, read))?
            .add_rules(path_beneath_rules(&bounds.writes, all))?
            .add_rules(path_beneath_rules(temporary, all))?
            .add_rules(path_beneath_rules(LOOKED_AT, look))?
            .add_rules(path_beneath_rules([NOTHING], look | AccessFs::WriteFile))?
            .restrict_self()?;
        Ok(status.ruleset)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn bounds_are_read_as_they_are_written() {
        use super::*;
        let bounds = Bounds {
            reads: vec!["/a b".into(), "/\"c".into()],
            writes: vec!["/d".into()],
            temporary: Some("/e".into()),
            keeps: vec!["PATH".to_owned()],
        };
        for bounds in [bounds, Bounds::default()] {
            let text = bounds.to_text().expect("a text");
            assert_eq!(Bounds::of_text(&text), Some(bounds), "{text}");
        }
        assert_eq!(Bounds::of_text("{}"), None);
    }
}
