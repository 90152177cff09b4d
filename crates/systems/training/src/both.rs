//! All networks at once, a core each, as long as there are cores: nobody waits for anybody, until the end.
//!
//! (`with_max_len(1)`: to rayon each network is a piece of its own, whichever thread takes it.)

use rayon::prelude::*;

use crate::descent::Crew;
use crate::school::{NETWORKS, Pupil, School};

/// Opens a school, and teaches all networks.
#[must_use]
pub fn run() -> (School, Vec<Pupil>) {
    let school = School::with(Crew::Alone);
    let networks = (0..NETWORKS).into_par_iter().with_max_len(1);
    let pupils = networks.map(|network| school.teach(network)).collect();
    (school, pupils)
}
