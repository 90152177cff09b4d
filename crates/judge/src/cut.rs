//! A student's start is cut from the solution, so that the two cannot drift apart.
//!
//! ```text
//!     // SOLUTION BEGIN
//!     let handles: Vec<_> = tasks.map(spawn).collect();
//!     // START: for task in tasks {
//!     // START:     spawn(task).join();
//!     // START: }
//!     // SOLUTION END
//! ```
//!
//! What stands between the two marks is the solution's alone; what stands after `// START:` there is the
//! start's alone. The marks are in neither.

const BEGIN: &str = "// SOLUTION BEGIN";
const END: &str = "// SOLUTION END";
const START: &str = "// START:";

/// The start that belongs to a solution.
///
/// # Errors
///
/// If the marks make no sense: the line, and why.
pub fn start(solution: &str) -> Result<String, String> {
    let mut start = String::new();
    let mut begun = None;
    let mut regions = 0;
    for (number, line) in (1..).zip(solution.lines()) {
        let (indent, text) = line.split_at(line.len() - line.trim_start().len());
        match (text.trim_end(), begun) {
            (BEGIN, None) => (begun, regions) = (Some(number), regions + 1),
            (END, Some(_)) => begun = None,
            (BEGIN, Some(_)) => {
                return Err(format!("line {number}: a second `{BEGIN}` before an end"));
            }
            (END, None) => return Err(format!("line {number}: `{END}` without a beginning")),
            (text, Some(_)) => start.extend(of_start(indent, text)),
            (text, None) if text.starts_with(START) => {
                return Err(format!("line {number}: `{START}` outside of the marks"));
            }
            (_, None) => start.extend([line, "\n"]),
        }
    }
    match (begun, regions) {
        (Some(number), _) => Err(format!("line {number}: `{BEGIN}` without an end")),
        (None, 0) => Err(format!("there is no `{BEGIN}`: the start would be the solution")),
        _ => Ok(start),
    }
}

/// The solution as a student may read it: without marks, and without what is the start's.
#[must_use]
pub fn solution(marked: &str) -> String {
    let is_mark = |line: &str| {
        let text = line.trim();
        text == BEGIN || text == END || text.starts_with(START)
    };
    marked.lines().filter(|line| !is_mark(line)).flat_map(|line| [line, "\n"]).collect()
}

/// A line of the start, if there is one on this line of the solution's own.
fn of_start(indent: &str, text: &str) -> Option<String> {
    let code = text.strip_prefix(START)?;
    let code = code.strip_prefix(' ').unwrap_or(code);
    Some(if code.is_empty() { "\n".to_owned() } else { format!("{indent}{code}\n") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_is_replaced_by_what_stands_after_the_marks() {
        let solution = "a\n  // SOLUTION BEGIN\n  b\n  // START: c {\n  // START:     d\n  // START:\n  \
                        // START: }\n  // SOLUTION END\ne\n";
        assert_eq!(start(solution), Ok("a\n  c {\n      d\n\n  }\ne\n".to_owned()));
    }

    #[test]
    fn what_only_the_solution_needs_may_be_cut_out() {
        let solution = "// SOLUTION BEGIN\nuse x;\n// SOLUTION END\nfn main() {}\n";
        assert_eq!(start(solution), Ok("fn main() {}\n".to_owned()));
    }

    #[test]
    fn students_read_a_solution_without_marks() {
        let marked =
            "a\n  // SOLUTION BEGIN\n  b\n  // START: c\n  // START:\n  // SOLUTION END\ne\n";
        assert_eq!(solution(marked), "a\n  b\ne\n");
    }

    #[test]
    fn marks_without_sense_are_named_by_their_line() {
        let faults = [
            ("a\n", "there is no"),
            ("a\n// SOLUTION BEGIN\n", "line 2"),
            ("// SOLUTION END\n", "line 1"),
            ("// SOLUTION BEGIN\n// SOLUTION BEGIN\n// SOLUTION END\n", "line 2"),
            ("// START: x\n// SOLUTION BEGIN\n// SOLUTION END\n", "line 1"),
        ];
        for (solution, fault) in faults {
            let error = start(solution).expect_err(solution);
            assert!(error.starts_with(fault), "{error}");
        }
    }
}
