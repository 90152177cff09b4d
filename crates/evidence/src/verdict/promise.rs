//! Was a run in the quadrant that its program promises?

use super::{Answer, Blame, Reason, Verdict};
use words::quadrant::Quadrant;

/// How a verdict compares with a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The run was in the promised quadrant.
    Kept,
    /// The run was in another quadrant, and the program is to blame; says how.
    Broken(String),
    /// The run may have been in the promised quadrant, or was kept from it by
    /// the machine; says why. Another run may tell.
    Open(String),
}

impl Verdict {
    /// Holds the verdict against the quadrant that a program promises.
    #[must_use]
    pub fn against(&self, promised: Quadrant) -> Judgement {
        let (concurrent, parallel) = (&self.concurrent, &self.parallel);
        let concurrent = Axis {
            name: "concurrent",
            promised: promised.is_concurrent(),
            answer: concurrent.answer,
            blame: concurrent.blame(),
            sentence: concurrent.sentence(),
            hindrances: &concurrent.hindrances,
        };
        let parallel = Axis {
            name: "parallel",
            promised: promised.is_parallel(),
            answer: parallel.answer,
            blame: parallel.blame(),
            sentence: parallel.sentence(),
            hindrances: &parallel.hindrances,
        };
        let contradictions = self.disagreements.iter().filter(|finding| finding.is_contradiction());
        let findings = contradictions.map(|finding| Judgement::Broken(finding.to_string()));
        let judgements = [concurrent.judge(), parallel.judge()].into_iter().chain(findings);
        judgements.fold(Judgement::Kept, Judgement::and)
    }
}

impl Judgement {
    /// What is broken outweighs what is open.
    fn and(self, other: Judgement) -> Judgement {
        use Judgement::{Broken, Kept, Open};

        match (self, other) {
            (Kept, other) => other,
            (this, Kept) => this,
            (Broken(this), Broken(other)) => Broken(format!("{this} {other}")),
            (Open(this), Open(other)) => Open(format!("{this} {other}")),
            (Broken(why), Open(_)) | (Open(_), Broken(why)) => Broken(why),
        }
    }
}

/// One of the two questions, with its answer and what was promised.
struct Axis<'a> {
    name: &'static str,
    promised: bool,
    answer: Answer,
    blame: Blame,
    sentence: String,
    hindrances: &'a [Reason],
}

impl Axis<'_> {
    fn judge(&self) -> Judgement {
        let Axis { name, sentence, .. } = self;
        match (self.answer, self.promised) {
            (Answer::Proven, true) | (Answer::RuledOut, false) => Judgement::Kept,
            (Answer::Proven, false) => {
                Judgement::Broken(format!("It was {name}, and should not be. {sentence}"))
            }
            (Answer::RuledOut, true) if self.blame == Blame::Program => {
                Judgement::Broken(format!("It was not {name}, and should be. {sentence}"))
            }
            // What is impossible on this machine needs no other explanation.
            (Answer::RuledOut, true) if self.blame == Blame::Machine => {
                Judgement::Open(format!("It was not {name} this time. {sentence}"))
            }
            (Answer::RuledOut, true) => {
                Judgement::Open(format!("It was not {name} this time. {}", self.explained()))
            }
            (Answer::Inconclusive, _) => {
                Judgement::Open(format!("Whether it was {name} is open. {}", self.explained()))
            }
        }
    }

    /// The sentence, and what in the machine may have been in the way.
    fn explained(&self) -> String {
        let hindrances = self.hindrances.iter().map(ToString::to_string);
        [self.sentence.clone()].into_iter().chain(hindrances).collect::<Vec<_>>().join(" ")
    }
}
