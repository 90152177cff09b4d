//! What the machine allows: how many connections a process may have, and what it says of its memory.

/// Lets this process have as many files open as it may let itself, sockets included, and says whether
/// these are enough for so many connections.
///
/// # Errors
///
/// A sentence, where they are not.
#[cfg(unix)]
pub fn allow(connections: usize) -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// What else a process has open.
    const BESIDES: u64 = 64;
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let allowed = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(BESIDES);
    match allowed {
        Some(allowed) if allowed < wanted => Err(format!(
            "{connections} connections need {wanted} open files, and this machine allows a process \
             {allowed} (`ulimit -Hn` says so)"
        )),
        _ => Ok(()),
    }
}

/// What the machine allows is found out by trying.
///
/// # Errors
///
/// None here.
#[cfg(not(unix))]
pub fn allow(_connections: usize) -> Result<(), String> {
    Ok(())
}

/// How much memory a process has of its own and in use, in bytes.
///
/// # Errors
///
/// A sentence, where the process is gone, or the system does not tell (Linux does).
pub fn resident(process: u32) -> Result<u64, String> {
    let file = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&file).map_err(|error| {
        format!("{file}, which has a process's memory, cannot be read: {error}")
    })?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.map(|kib| kib << 10).ok_or_else(|| format!("{file} does not say how much memory that is"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_taken_is_seen() {
        const TAKEN: u64 = 64 << 20;
        let own = || resident(std::process::id()).expect("Linux tells");
        let before = own();
        let taken = vec![1_u8; usize::try_from(TAKEN).expect("it fits")];
        assert!(own() >= before + TAKEN * 9 / 10, "{before} bytes, and then {}", own());
        drop(taken);
        assert!(resident(u32::MAX).is_err());
    }

    #[test]
    fn more_connections_than_anybody_may_have_are_too_many() {
        assert_eq!(allow(1), Ok(()));
        let refusal = allow(usize::MAX).expect_err("nobody may have so many");
        assert!(refusal.contains("open files"), "{refusal}");
    }
}
