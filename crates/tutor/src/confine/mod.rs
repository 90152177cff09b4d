//! Keeps a program from everything that is not its business: this program, run once more, gives up what it
//! may do, and becomes the other.
//!
//! - *Files*: it may read itself and the system's libraries, and write nowhere (Landlock).
//! - *Network*: it is in a network of its own, in which there is nobody.
//! - *Sockets*: it can make none, and reach none, files included; its connection to the judge is there when it
//!   begins, as its standard input ([`calls`]).
//! - *Calls*: it cannot change what files are like, trace others, load programs into the kernel, or enter
//!   namespaces ([`calls`]).
//! - *Privileges*: it can get none, from no program that it runs (`no_new_privs`).
//! - *Others*: it sends no signals beyond what it started (Landlock).
//! - *Environment*: it finds the judge's address there, and nothing besides.
//!
//! Its process numbers and its limits are seen to by `supervise`.

#[cfg(target_os = "linux")]
mod calls;

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Result, anyhow};
use judge::Program;
use supervise::{Lines, Namespace, Prepared, Request};

/// The argument by which this program knows that it is to confine itself.
const CONFINED: &str = "--confined";

/// Becomes a confined program, and never returns, where this program was started for that.
pub(crate) fn become_it_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == CONFINED) {
        become_it(arguments.next(), arguments.collect());
    }
}

/// A program that is confined as far as this machine can.
pub(crate) fn confined(program: &Path) -> Result<Program> {
    let this = std::env::current_exe()?;
    let program = program.to_str().ok_or_else(|| anyhow!("{} is no text", program.display()))?;
    Ok(Program::new(this).argument(CONFINED).argument(program))
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
fn become_it(program: Option<OsString>, arguments: Vec<OsString>) -> ! {
    use std::os::unix::process::CommandExt;
    // Afterwards nobody can be reached any more.
    let address = std::env::var(judge::ADDRESS).ok().map(|it| linux::connected(&it).unwrap_or(it));
    let lacking = linux::give_up(program.as_deref().map(Path::new));
    let Some(program) = program else {
        lacking.iter().for_each(|sentence| println!("{sentence}"));
        std::process::exit(0);
    };
    let mut command = std::process::Command::new(&program);
    command.args(arguments).env_clear().envs(address.map(|address| (judge::ADDRESS, address)));
    let error = command.exec();
    eprintln!("{}: {error}", program.display());
    std::process::exit(126)
}

#[cfg(not(target_os = "linux"))]
fn become_it(program: Option<OsString>, arguments: Vec<OsString>) -> ! {
    let Some(program) = program else {
        println!("This system has nothing that confines files and network.");
        std::process::exit(0);
    };
    let status = std::process::Command::new(program).args(arguments).status();
    std::process::exit(status.ok().and_then(|status| status.code()).unwrap_or(126))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;

    use std::os::unix::net::UnixStream;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };
    use rustix::thread::UnshareFlags;

    /// What there is to give up, as far as this was written for it.
    const KNOWN: ABI = ABI::V6;

    /// What a program needs to begin: the loader, and libraries.
    const LIBRARIES: &[&str] = &["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"];

    /// What the standard library and runtimes look at: the program's own processes, and devices without harm.
    const LOOKED_AT: &[&str] = &["/proc", "/sys/fs/cgroup", "/dev/null", "/dev/urandom"];

    /// Connects to a judge, and makes that the standard input; the address of which a program has it there.
    pub(super) fn connected(address: &str) -> Option<String> {
        let (path, secret) = address.strip_prefix("unix:")?.rsplit_once('#')?;
        let judge = UnixStream::connect(path).ok()?;
        rustix::stdio::dup2_stdin(&judge).ok()?;
        Some(format!("stdin:#{secret}"))
    }

    /// Gives up everything that the program does not need: what could not be given up, a sentence each.
    pub(super) fn give_up(program: Option<&Path>) -> Vec<String> {
        let mut lacking = Vec::new();
        if let Err(error) = leave_network() {
            lacking.push(format!("There is no network of its own ({error}): it reaches others."));
        }
        match restrict(program) {
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

    /// Enters a network in which there is nobody. Who may not do so enters it with users of its own.
    #[expect(deprecated, reason = "what makes it unsafe is a flag that is not used here")]
    fn leave_network() -> rustix::io::Result<()> {
        use rustix::thread::unshare;
        unshare(UnshareFlags::NEWNET)
            .or_else(|_| unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNET))
    }

    fn restrict(program: Option<&Path>) -> Result<RulesetStatus, RulesetError> {
        let read = AccessFs::from_read(KNOWN);
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(KNOWN))?
            .handle_access(AccessNet::from_all(KNOWN))?
            .scope(Scope::from_all(KNOWN))?
            .create()?
            .add_rules(path_beneath_rules(LIBRARIES, read))?
            .add_rules(path_beneath_rules(program, read))?
            .add_rules(path_beneath_rules(LOOKED_AT, AccessFs::ReadFile | AccessFs::ReadDir))?
            .restrict_self()?;
        Ok(status.ruleset)
    }
}
