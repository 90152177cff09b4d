//! Which system calls a program cannot make: seccomp.
//!
//! A list of what is forbidden, and not of what is allowed: runtimes make new calls with each version, and a program
//! that fails for one of them has not failed by a fault of its own. Without `unsafe` a text can make no call by
//! hand, so that this is the second wall, for what has none before it. Whoever makes such a call is told that it
//! may not (`EPERM`), as any program may be told anywhere.

use anyhow::{Context, Result};
use libc::c_long;
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

/// Calls that no exercise needs.
const FORBIDDEN: &[&[c_long]] = &[SOCKETS, FILES, OTHERS, KERNEL, NAMESPACES, OLD];

/// Sockets: any but pairs within the program.
const SOCKETS: &[c_long] =
    &[libc::SYS_socket, libc::SYS_connect, libc::SYS_bind, libc::SYS_listen, libc::SYS_accept4];

/// What files are like: for these Landlock has no rules.
const FILES: &[c_long] = &[
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_fsetxattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_fremovexattr,
    libc::SYS_lremovexattr,
];

/// Other processes: what they have in memory, and which files.
const OTHERS: &[c_long] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
];

/// The kernel itself: programs, modules and keys in it, and ways around what is looked at here.
const KERNEL: &[c_long] = &[
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_io_uring_setup,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_personality,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_reboot,
];

/// Namespaces, and what is mounted in them.
const NAMESPACES: &[c_long] = &[
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_mount_setattr,
];

/// The same under older names, which newer systems do not have.
#[cfg(target_arch = "x86_64")]
const OLD: &[c_long] = &[
    libc::SYS_accept,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[c_long] = &[libc::SYS_accept];

/// What makes a namespace where a process is made.
const NEW: [c_long; 7] = [
    libc::CLONE_NEWUSER as c_long,
    libc::CLONE_NEWNS as c_long,
    libc::CLONE_NEWPID as c_long,
    libc::CLONE_NEWNET as c_long,
    libc::CLONE_NEWIPC as c_long,
    libc::CLONE_NEWUTS as c_long,
    libc::CLONE_NEWCGROUP as c_long,
];

/// Gives up all these calls, for this thread and whatever it becomes or starts.
pub(super) fn give_up() -> Result<()> {
    let all = FORBIDDEN.iter().flat_map(|calls| calls.iter());
    let mut forbidden: Vec<(c_long, Vec<SeccompRule>)> =
        all.map(|&call| (call, Vec::new())).collect();
    let namespaces = NEW.iter().map(|&flag| has(flag.unsigned_abs()));
    forbidden.push((libc::SYS_clone, namespaces.collect::<Result<_>>()?));
    forbid(forbidden, libc::EPERM)?;
    // Its flags are in memory, where no filter can look. Who is told that there is no such call makes the older one.
    forbid(vec![(libc::SYS_clone3, Vec::new())], libc::ENOSYS)
}

/// Where the first argument has this flag.
fn has(flag: u64) -> Result<SeccompRule> {
    let operator = SeccompCmpOp::MaskedEq(flag);
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Qword, operator, flag)?;
    Ok(SeccompRule::new(vec![condition])?)
}

fn forbid(calls: Vec<(c_long, Vec<SeccompRule>)>, error: i32) -> Result<()> {
    let machine = std::env::consts::ARCH;
    let machine =
        TargetArch::try_from(machine).with_context(|| format!("{machine} is not known"))?;
    let told = SeccompAction::Errno(error.unsigned_abs());
    let filter =
        SeccompFilter::new(calls.into_iter().collect(), SeccompAction::Allow, told, machine)?;
    let filter = seccompiler::BpfProgram::try_from(filter)?;
    Ok(apply_filter(&filter)?)
}
