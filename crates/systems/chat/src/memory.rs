//! What the machine says of a process's memory.

/// How much memory is resident of a process, in bytes: what it has written, and what it has read of files and
/// libraries, which it may share with others.
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
}
