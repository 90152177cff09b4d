//! What a line says of its task: that it goes on, that it is to come, or how it was.
//!
//! Only a line of progress shows that a task is in progress when the line is
//! printed. A list of what is queued and a report afterwards name tasks as well.

/// What a line says of its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It begins, goes on or ends.
    Progress,
    /// None of our words says.
    Unknown,
    /// It is to be carried out some time.
    Announced,
    /// It waits for its turn.
    Waiting,
    /// What became of it, which somebody may say long after.
    Reported,
}

/// Beginnings of words, in lower case.
const PROGRESS: &[&str] = &[
    "start",
    "begin",
    "began",
    "begun",
    "run",
    "step",
    "iter",
    "process",
    "work",
    "comput",
    "calc",
    "download",
    "upload",
    "sleep",
    "progress",
    "finish",
    "complet",
    "done",
    "end",
    "stop",
    "exit",
    "terminat",
    "handl",
    "execut",
    "fetch",
    "read",
    "writ",
    "compil",
    "build",
    "load",
    "pars",
    "send",
    "receiv",
    "connect",
    "tick",
    "round",
    "chunk",
    "part",
    "page",
    "epoch",
    "batch",
    "resum",
    "continu",
    "paus",
    "phase",
    "enter",
    "leav",
    "open",
    "clos",
    "copy",
    "instal",
    "test",
    "link",
    "serv",
    "eating",
    "eats",
    "thinking",
    "woke",
    "wakes",
    "stage",
    "doing",
    "busy",
    "still",
    // German, French, Spanish, Portuguese, Italian.
    "beginn",
    "läuft",
    "fertig",
    "ende",
    "schritt",
    "étape",
    "etape",
    "début",
    "debut",
    "commence",
    "termin",
    "fin",
    "inici",
    "paso",
    "empieza",
    "etapa",
    "inizio",
    "fine",
    // Russian, Ukrainian.
    "начал",
    "начин",
    "заверш",
    "законч",
    "конч",
    "готов",
    "шаг",
    "работ",
    "выполн",
    "почат",
    // Chinese, Japanese, Korean.
    "开始",
    "完成",
    "结束",
    "步骤",
    "開始",
    "完了",
    "終了",
    "進行",
    "ステップ",
    "시작",
    "완료",
    "종료",
    "단계",
];

const ANNOUNCED: &[&str] = &[
    "queu",
    "enqueu",
    "submit",
    "pending",
    "schedul",
    "creat",
    "spawn",
    "regist",
    "added",
    "adding",
    "planned",
    "dispatch",
    "assign",
    "will",
    "launch",
    "todo",
    "ready",
    "prepar",
    "accepted",
    "shutting",
    "joining",
    "в очереди",
    "добавлен",
    "排队",
    "提交",
    "待機",
];

const WAITING: &[&str] = &[
    "wait",
    "acquir",
    "block",
    "await",
    "wartet",
    "attend",
    "esper",
    "ожида",
    "жд",
    "等待",
    "待ち",
];

const REPORTED: &[&str] = &[
    "result",
    "took",
    "total",
    "summar",
    "report",
    "elapsed",
    "duration",
    "average",
    "statistic",
    "ok",
    "passed",
    "failed",
    "success",
    "succeeded",
    "status",
    "returned",
    "exit code",
    "ergebnis",
    "résultat",
    "resultado",
    "итог",
    "результат",
    "结果",
    "結果",
    "합계",
];

/// What the text around the name of a task says of it. The first word that says anything decides.
pub(crate) fn kind(before: &str, after: &str) -> Kind {
    [before, after]
        .into_iter()
        .map(of_part)
        .find(|kind| *kind != Kind::Unknown)
        .unwrap_or(Kind::Unknown)
}

/// Whether a line that names no task says that a report follows.
pub(crate) fn is_heading(text: &str) -> bool {
    let text = text.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let headings = ["summary", "results", "result", "report", "statistics", "totals", "overview"];
    headings.iter().any(|heading| {
        text.strip_prefix(heading).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            || text.strip_suffix(heading).is_some_and(|rest| rest.ends_with(' ') && rest.len() < 12)
    })
}

fn of_part(text: &str) -> Kind {
    let text = text.to_lowercase();
    // `Task A started at 12:00` is in a report as often as it is news.
    let is_dated = ["started at", "began at", "ended at", "finished at", "start time", "end time"];
    if is_dated.iter().any(|dated| text.contains(dated)) {
        return Kind::Reported;
    }
    let words =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '%' && letter != '/');
    words
        .filter(|word| !word.is_empty())
        .map(of_word)
        .find(|kind| *kind != Kind::Unknown)
        .unwrap_or_else(
            // Some scripts have no blanks between their words.
            || of_script(&text),
        )
}

fn of_word(word: &str) -> Kind {
    let is_share = word.ends_with('%') && word.starts_with(|first: char| first.is_ascii_digit());
    let is_fraction = word
        .split_once('/')
        .is_some_and(|(part, all)| [part, all].iter().all(|number| number.parse::<u32>().is_ok()));
    let begins = |words: &[&str]| words.iter().any(|beginning| word.starts_with(beginning));
    // Short words that others begin with.
    if word == "ok"
        || ["ended", "ending", "ends", "end", "run", "runs", "fin", "fine", "part"].contains(&word)
    {
        return if word == "ok" { Kind::Reported } else { Kind::Progress };
    }
    if is_share || is_fraction {
        Kind::Progress
    } else if begins(ANNOUNCED) {
        Kind::Announced
    } else if begins(WAITING) {
        Kind::Waiting
    } else if REPORTED.iter().any(|reported| *reported != "ok" && word.starts_with(reported)) {
        Kind::Reported
    } else if begins(PROGRESS) {
        Kind::Progress
    } else {
        Kind::Unknown
    }
}

fn of_script(text: &str) -> Kind {
    let tables = [
        (ANNOUNCED, Kind::Announced),
        (WAITING, Kind::Waiting),
        (REPORTED, Kind::Reported),
        (PROGRESS, Kind::Progress),
    ];
    let holds = |words: &[&str]| words.iter().any(|word| !word.is_ascii() && text.contains(word));
    tables.iter().find(|(words, _)| holds(words)).map_or(Kind::Unknown, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_that_says_anything_decides() {
        let after = |text| kind("", text);
        assert_eq!(after(": started, waiting for the database"), Kind::Progress);
        assert_eq!(after(": waiting to start"), Kind::Waiting);
        assert_eq!(after(" submitted"), Kind::Announced);
        assert_eq!(after(": result 7"), Kind::Reported);
        assert_eq!(after(": took 100 ms"), Kind::Reported);
        assert_eq!(after(": 40%"), Kind::Progress);
        assert_eq!(after("3を開始しました"), Kind::Progress);
        assert_eq!(after(": hello"), Kind::Unknown);
        assert_eq!(kind("Starting ", ""), Kind::Progress);
    }

    #[test]
    fn headings_of_reports_are_known() {
        for heading in ["Summary", "== Results ==", "Final report:", "--- summary ---"] {
            assert!(is_heading(heading), "{heading}");
        }
        assert!(!is_heading("resulting in nothing"));
    }
}
