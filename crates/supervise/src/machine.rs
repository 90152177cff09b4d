//! What happened on the whole machine.

use std::collections::BTreeMap;
use std::time::Duration;

/// What the machine has done since it began, or between two moments.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// For how long the host took cores away, if this is a virtual machine, summed over all cores.
    pub stolen: Duration,
    /// How many times some thread was given a core.
    pub turns: u32,
    /// How many processes the system ended because memory had run out.
    pub ended_for_memory: u64,
    /// How long each core executed anything.
    busy: BTreeMap<usize, Duration>,
}

impl Machine {
    /// Since the machine began; nothing where the system does not tell.
    #[must_use]
    pub fn now() -> Option<Machine> {
        let mut machine = Machine::read(&std::fs::read_to_string("/proc/stat").ok()?)?;
        let counts = std::fs::read_to_string("/proc/vmstat").unwrap_or_default();
        let ended = counts.lines().find_map(|line| line.strip_prefix("oom_kill "));
        machine.ended_for_memory = ended.and_then(|count| count.parse().ok()).unwrap_or(0);
        Some(machine)
    }

    /// Reads `/proc/stat`. A core's line tells in hundredths of a second: user, nice, system, idle,
    /// iowait, irq, softirq, steal.
    fn read(stat: &str) -> Option<Machine> {
        let mut machine = Machine::default();
        for line in stat.lines() {
            let mut fields = line.split_ascii_whitespace();
            match fields.next()?.strip_prefix("cpu") {
                Some("") => machine.stolen = hundredths(fields.nth(7)?.parse().ok()?),
                Some(core) => {
                    let times: Vec<u64> = fields.flat_map(str::parse).collect();
                    let [user, nice, system, _idle, _iowait, irq, softirq, ..] = times[..] else {
                        return None;
                    };
                    let busy = hundredths(user + nice + system + irq + softirq);
                    machine.busy.insert(core.parse().ok()?, busy);
                }
                None => {}
            }
        }
        let turns = stat.lines().find_map(|line| line.strip_prefix("ctxt "))?;
        // Only the difference of two such numbers counts, and that is small.
        machine.turns = (turns.trim().parse::<u64>().ok()? & u64::from(u32::MAX)) as u32;
        Some(machine)
    }

    /// What happened between an earlier moment and this one.
    #[must_use]
    pub fn since(&self, before: &Machine) -> Machine {
        let before_on = |core| before.busy.get(&core).copied().unwrap_or_default();
        let busy = self.busy.iter();
        Machine {
            stolen: self.stolen.saturating_sub(before.stolen),
            turns: self.turns.wrapping_sub(before.turns),
            ended_for_memory: self.ended_for_memory.saturating_sub(before.ended_for_memory),
            busy: busy.map(|(&core, &busy)| (core, busy.saturating_sub(before_on(core)))).collect(),
        }
    }

    /// How many cores the machine has.
    #[must_use]
    pub fn cores(&self) -> usize {
        self.busy.len()
    }

    /// How long anything was executed on these cores, summed over them.
    #[must_use]
    pub fn busy_on(&self, cores: &[usize]) -> Duration {
        cores.iter().filter_map(|core| self.busy.get(core)).sum()
    }
}

fn hundredths(number: u64) -> Duration {
    Duration::from_millis(number * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_executed_is_told_core_by_core() {
        let read = |busy: u64| {
            let stat = format!(
                "cpu  {busy} 0 0 100 0 0 0 5 0 0\ncpu0 {busy} 0 0 50 0 0 0 5 0 0\n\
                 cpu1 7 0 0 50 9 0 0 0 0 0\nintr 1 2\nctxt 900\n"
            );
            Machine::read(&stat).expect("it is well formed")
        };
        let meanwhile = read(30).since(&read(10));
        assert_eq!(meanwhile.cores(), 2);
        assert_eq!(meanwhile.busy_on(&[0]), Duration::from_millis(200));
        assert_eq!(meanwhile.busy_on(&[1]), Duration::ZERO);
        assert_eq!((meanwhile.stolen, meanwhile.turns), (Duration::ZERO, 0));
    }
}
