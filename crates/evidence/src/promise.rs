//! Was a run in the quadrant that is promised of its program?

use words::{Answer, Outcome, Quadrant};

use crate::reason::Blame;
use crate::verdict::{Ruling, Verdict};

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
    /// Holds the verdict against the quadrant that is promised of the program.
    #[must_use]
    pub fn against(&self, promised: Quadrant) -> Judgement {
        let rulings = [
            judge(&self.concurrent, promised.is_concurrent()),
            judge(&self.parallel, promised.is_parallel()),
        ];
        let contradictions = self.contradictions.iter();
        let contradictions = contradictions.map(|it| Judgement::Broken(it.sentence.clone()));
        // Whoever is not to be believed is told that first.
        contradictions.chain(rulings).fold(Judgement::Kept, Judgement::and)
    }
}

impl Judgement {
    /// What is broken outweighs what is open.
    #[must_use]
    pub fn and(self, other: Judgement) -> Judgement {
        use Judgement::{Broken, Kept, Open};

        match (self, other) {
            (Kept, other) => other,
            (this, Kept) => this,
            (Broken(this), Broken(other)) => Broken(format!("{this} {other}")),
            (Open(this), Open(other)) => Open(format!("{this} {other}")),
            (Broken(why), Open(_)) | (Open(_), Broken(why)) => Broken(why),
        }
    }

    /// What became of the promise.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Judgement::Kept => Outcome::Passed,
            Judgement::Broken(_) => Outcome::Failed,
            Judgement::Open(_) => Outcome::NotShown,
        }
    }
}

pub(crate) fn judge(ruling: &Ruling, promised: bool) -> Judgement {
    let name = ruling.axis.name();
    let sentence = ruling.sentence();
    match (ruling.answer, promised) {
        (Answer::RuledOut, false) if ruling.was_withheld() => {
            let why = explained(ruling);
            Judgement::Open(format!("It was not {name} this time, and might have been. {why}"))
        }
        (Answer::Proven, true) | (Answer::RuledOut, false) => Judgement::Kept,
        (Answer::Proven, false) => {
            Judgement::Broken(format!("It was {name}, and should not be. {sentence}"))
        }
        (Answer::RuledOut, true) => match ruling.blame() {
            Blame::Program => {
                Judgement::Broken(format!("It was not {name}, and should be. {sentence}"))
            }
            // What is impossible on this machine needs no other explanation.
            Blame::Machine => Judgement::Open(format!("It was not {name} this time. {sentence}")),
            Blame::Either => {
                Judgement::Open(format!("It was not {name} this time. {}", explained(ruling)))
            }
        },
        (Answer::Inconclusive, _) => {
            Judgement::Open(format!("Whether it was {name} is open. {}", explained(ruling)))
        }
    }
}

/// The sentence, and what in the machine may have been in the way.
fn explained(ruling: &Ruling) -> String {
    let hindrances = ruling.hindrances.iter().map(ToString::to_string);
    [ruling.sentence()].into_iter().chain(hindrances).collect::<Vec<_>>().join(" ")
}
