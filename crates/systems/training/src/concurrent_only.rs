//! All networks at once, on one core: each is a thread, and none has sooner learned for it.

use std::thread;

use crate::descent::Crew;
use crate::school::{NETWORKS, Pupil, School};

/// Opens a school, and teaches all networks.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
///
/// # Panics
///
/// If teaching one does.
pub fn run() -> Result<(School, Vec<Pupil>), String> {
    stage::one_core()?;
    let school = School::with(Crew::Alone);
    let teacher = &school;
    let pupils = thread::scope(|scope| {
        let all: Vec<_> =
            (0..NETWORKS).map(|network| scope.spawn(move || teacher.teach(network))).collect();
        all.into_iter().map(|one| one.join().expect("a network")).collect()
    });
    Ok((school, pupils))
}
