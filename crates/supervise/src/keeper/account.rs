//! What a keeper tells at the end.

use std::time::Duration;

use serde_json::{Value, json};

use super::nanoseconds;
use crate::usage::{Missing, Survivor};

/// What a keeper tells at the end. Its times are those of the clock that all processes share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// The program's exit code, where it ended by itself.
    pub(crate) code: Option<i32>,
    /// The signal that ended the program, where one did.
    pub(crate) signal: Option<i32>,
    /// Whether we asked for its end before it ended.
    pub(crate) asked: bool,
    /// When the program had ended.
    pub(crate) ended: Option<Duration>,
    /// When everything had ended.
    pub(crate) all_ended: Duration,
    pub(crate) user: Duration,
    pub(crate) system: Duration,
    /// What the members of the program's control group used, if it has one: in their own code, and in the
    /// kernel.
    pub(crate) group: Option<(Duration, Duration)>,
    /// What the keeper itself used.
    pub(crate) own: Duration,
    pub(crate) peak_memory: u64,
    /// How long the program's first thread executed.
    pub(crate) first_thread: Option<Duration>,
    /// Whether there was never another process than the program itself.
    pub(crate) alone: bool,
    /// The page faults of children that the program took leave of: none, where it never did.
    pub(crate) faults_of_children: Option<u64>,
    /// How many processes the keeper took leave of.
    pub(crate) processes: usize,
    pub(crate) missing: Vec<Missing>,
    pub(crate) survivors: Vec<Survivor>,
    pub(crate) escaped: Vec<Survivor>,
}

impl Account {
    /// As a message.
    pub(crate) fn to_json(&self) -> Value {
        let list = |processes: &[Survivor]| -> Value {
            let entry = |process: &Survivor| json!([process.pid, process.command]);
            processes.iter().map(entry).collect()
        };
        json!({
            "code": self.code,
            "signal": self.signal,
            "asked": self.asked,
            "ended": self.ended.map(nanoseconds),
            "all_ended": nanoseconds(self.all_ended),
            "user": nanoseconds(self.user),
            "system": nanoseconds(self.system),
            "group": self.group.map(|(user, system)| [nanoseconds(user), nanoseconds(system)]),
            "own": nanoseconds(self.own),
            "peak_memory": self.peak_memory,
            "first_thread": self.first_thread.map(nanoseconds),
            "alone": self.alone,
            "faults_of_children": self.faults_of_children,
            "processes": self.processes,
            "missing": self.missing.iter().map(|missing| missing.name()).collect::<Vec<_>>(),
            "survivors": list(&self.survivors),
            "escaped": list(&self.escaped),
        })
    }

    /// From a message; `None` where it is none of this kind.
    pub(crate) fn from_json(message: &Value) -> Option<Account> {
        let number = |name: &str| i32::try_from(message[name].as_i64()?).ok();
        let duration = |name: &str| message[name].as_u64().map(Duration::from_nanos);
        let list = |name: &str| message[name].as_array().into_iter().flatten();
        let processes = |name: &str| list(name).filter_map(read_process).collect();
        Some(Account {
            code: number("code"),
            signal: number("signal"),
            asked: message["asked"].as_bool()?,
            ended: duration("ended"),
            all_ended: duration("all_ended")?,
            user: duration("user")?,
            system: duration("system")?,
            group: read_pair(&message["group"]),
            own: duration("own")?,
            peak_memory: message["peak_memory"].as_u64()?,
            first_thread: duration("first_thread"),
            alone: message["alone"].as_bool()?,
            faults_of_children: message["faults_of_children"].as_u64(),
            processes: message["processes"].as_u64()?.try_into().ok()?,
            missing: list("missing").filter_map(|name| Missing::named(name.as_str()?)).collect(),
            survivors: processes("survivors"),
            escaped: processes("escaped"),
        })
    }
}

fn read_pair(times: &Value) -> Option<(Duration, Duration)> {
    let time = |place: usize| Some(Duration::from_nanos(times[place].as_u64()?));
    Some((time(0)?, time(1)?))
}

fn read_process(entry: &Value) -> Option<Survivor> {
    let pid = u32::try_from(entry[0].as_u64()?).ok()?;
    Some(Survivor { pid, command: entry[1].as_str()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_understood() {
        let survivor = Survivor { pid: 7, command: "sleep \"1\"\n".to_owned() };
        let account = Account {
            signal: Some(9),
            ended: Some(Duration::from_nanos(3)),
            user: Duration::from_secs(5),
            group: Some((Duration::from_secs(6), Duration::from_secs(1))),
            processes: 3,
            missing: Missing::ALL.to_vec(),
            survivors: vec![survivor.clone()],
            escaped: vec![survivor],
            ..Account::default()
        };
        assert_eq!(Account::from_json(&account.to_json()), Some(account));
        assert_eq!(Account::from_json(&json!({ "code": 0 })), None);
    }
}
