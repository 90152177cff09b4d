//! What is known of a run, and the verdict that it leads to.
//!
//! Every source of evidence makes [claims](claim), and one rule makes the [verdict] of them: for
//! lessons, exercises and strangers' programs alike.
//!
//! Read in this order:
//!
//! 1. [`claim`]: what one source says of one question, and [`reason`]: why;
//! 2. [`circumstances`]: what the machine allowed and withheld;
//! 3. [`verdict`]: the rule that ranks claims, finds contradictions and answers;
//! 4. [`promise`]: whether a run was in the quadrant that is promised of its program;
//! 5. the sources: [`trace`] and `recorder` (with the pigeonhole argument in `bounds`), [`accounts`];
//! 6. [`labour`]: whether a run has done the work that its lines tell of.

pub mod accounts;
mod bounds;
pub mod circumstances;
pub mod claim;
pub mod labour;
pub mod promise;
pub mod reason;
mod recorder;
mod steps;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod verdict;

pub use accounts::Accounts;
pub use circumstances::Circumstances;
pub use claim::{Amount, Claim, Contradiction, Evidence, Party, Proof, Source, Testimony};
pub use promise::Judgement;
pub use reason::{Blame, Reason};
pub use recorder::THRESHOLD;
pub use verdict::{Ruling, UNRECORDED, Verdict};
pub use words::Answer;
