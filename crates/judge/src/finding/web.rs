//! What can be wrong with how a web is crawled.

/// What is wrong with a crawler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Web {
    /// A page was fetched more than once.
    Again {
        /// Its task.
        task: String,
        /// How often.
        times: usize,
    },
    /// A page was fetched before anybody could know of it.
    NotLinked {
        /// Its task.
        task: String,
    },
    /// More fetches were in progress at once than may be.
    TooMany {
        /// How many.
        at_once: usize,
        /// How many may be.
        bound: usize,
    },
}

impl Web {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Web::Again { .. } => "fetched-again",
            Web::NotLinked { .. } => "not-linked",
            Web::TooMany { .. } => "too-many-fetches",
        }
    }

    pub(super) fn seen(&self) -> String {
        match self {
            Web::Again { task, times } => format!("The page of {task} was fetched {times} times."),
            Web::NotLinked { task } => {
                format!("The page of {task} was fetched before any page had come that links to it.")
            }
            Web::TooMany { at_once, bound } => {
                format!("{at_once} fetches were in progress at once, and {bound} may be.")
            }
        }
    }

    pub(super) fn matters(&self) -> &'static str {
        match self {
            Web::Again { .. } => "Many pages link to one page. A web without an end has few pages.",
            Web::NotLinked { .. } => {
                "What is not found by links is not crawled, but known beforehand."
            }
            Web::TooMany { .. } => "Servers turn away whoever asks for too much at once.",
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self {
            Web::Again { .. } => {
                "Look at what lies between asking whether a page was seen and noting that it was."
            }
            Web::NotLinked { .. } => "Begin at `work.front()`, and follow `page.links()`.",
            Web::TooMany { .. } => "Look at what makes a fetch wait for another one to end.",
        }
    }
}
