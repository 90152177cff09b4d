//! What an exercise hands back.

/// What an exercise hands back: no number, one, or several in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub(crate) numbers: Vec<u64>,
}

impl Answer {
    /// What it consists of.
    #[must_use]
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }
}

impl From<()> for Answer {
    fn from((): ()) -> Answer {
        Answer::default()
    }
}

impl From<u64> for Answer {
    fn from(number: u64) -> Answer {
        Answer { numbers: vec![number] }
    }
}

impl From<Vec<u64>> for Answer {
    fn from(numbers: Vec<u64>) -> Answer {
        Answer { numbers }
    }
}
