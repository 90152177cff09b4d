//! The two questions.

/// One of the two questions that are asked of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Axis {
    /// Were several *tasks* in progress at once?
    Concurrent,
    /// Were several *threads* executing at once?
    Parallel,
}

impl Axis {
    /// Both, in reading order.
    pub const ALL: [Axis; 2] = [Axis::Concurrent, Axis::Parallel];

    /// The question's word, for people and programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Axis::Concurrent => "concurrent",
            Axis::Parallel => "parallel",
        }
    }
}
