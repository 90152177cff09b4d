//! Who had the core, the thread or the lock while something could have gone on and did not.

use super::{Lane, Lanes, Level, Span, State, Time};

/// Whoever held something up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// Tasks and threads of the program itself, as far as is known: some of them were executing meanwhile.
    Own,
    /// Others, for nothing of the program itself was executing meanwhile.
    Foreign,
    /// Now these, now those.
    Both,
}

impl Lanes {
    /// Who held tasks and threads up, if anybody did.
    pub fn held_up_by(&self) -> Option<Holders> {
        /// What is a smaller share of the time than this is not spoken of.
        const LITTLE: f64 = 0.1;
        let lanes = self.tasks.iter().chain(&self.threads);
        let held_up = lanes.flat_map(Lane::held_up);
        let [all, beside] = held_up.fold([0.0; 2], |[all, beside], span| {
            [all + span.length() as f64, beside + executing_in(&self.strip.executing, span)]
        });
        if all == 0.0 {
            return None;
        }
        Some(match beside / all {
            share if share < LITTLE => Holders::Foreign,
            share if share > 1.0 - LITTLE => Holders::Own,
            _ => Holders::Both,
        })
    }
}

impl Lane {
    /// The spans in which it could have gone on.
    fn held_up(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.state == State::Ready)
    }
}

/// For how long of a span somebody was executing. The levels follow upon one another.
fn executing_in(levels: &[Level], span: &Span) -> f64 {
    let first = levels.partition_point(|level| level.end <= span.start);
    let within = levels[first..].iter().take_while(|level| level.start < span.end);
    within.map(|level| level.mean().min(1.0) * overlap(level, span) as f64).sum()
}

fn overlap(level: &Level, span: &Span) -> Time {
    level.end.min(span.end).saturating_sub(level.start.max(span.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    /// A task that could go on after 20 ms and computes from 50 ms on.
    fn held_up() -> Script {
        let script = Script::new().thread(0, 0, "main").thread(0, 1, "");
        script.start(0, 0, 1, "A").step(0, 0, 1, 1)
    }

    fn holders(script: Script) -> Option<Holders> {
        Lanes::of(&script.part(50..80, [0, 0], [1, 1, 0]).end(80, 0, 1).trace()).held_up_by()
    }

    #[test]
    fn who_held_a_task_up_is_seen_in_what_was_executing_meanwhile() {
        assert_eq!(holders(held_up()), Some(Holders::Foreign));
        let beside = |time| {
            held_up()
                .start(0, 1, 2, "B")
                .step(0, 1, 2, 1)
                .part(time, [1, 1], [2, 1, 0])
                .end(50, 1, 2)
        };
        assert_eq!(holders(beside(20..50)), Some(Holders::Own));
        assert_eq!(holders(beside(20..35)), Some(Holders::Both));
    }

    #[test]
    fn where_nothing_is_held_up_there_is_nobody_to_name() {
        let script = Script::new().start(0, 0, 1, "A").part(0..50, [0, 0], [1, 1, 0]);
        assert_eq!(Lanes::of(&script.end(50, 0, 1).trace()).held_up_by(), None);
    }
}
