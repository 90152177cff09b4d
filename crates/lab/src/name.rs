//! A task's name, as part of its handle.

use std::fmt;

/// A name that is copied with whatever has it: nobody owns it, and nothing has to be freed.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    length: u8,
    bytes: [u8; Name::LONGEST],
}

impl Name {
    /// How many bytes of a name are kept: what makes this 64 bytes long.
    pub(crate) const LONGEST: usize = 63;

    /// The beginning of a text that is kept: whole characters only.
    pub(crate) fn kept(text: &str) -> &str {
        &text[..text.floor_char_boundary(Name::LONGEST)]
    }

    /// The name that a text is, as far as it is kept.
    pub(crate) fn of(text: &str) -> Name {
        let kept = Name::kept(text);
        let mut bytes = [0; Name::LONGEST];
        bytes[..kept.len()].copy_from_slice(kept.as_bytes());
        Name { length: kept.len() as u8, bytes }
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = &self.bytes[..usize::from(self.length)];
        std::str::from_utf8(bytes).expect("whole characters")
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_kept_up_to_its_last_whole_character() {
        for name in ["", "A", "request 17", &"x".repeat(Name::LONGEST)] {
            assert_eq!(Name::of(name).as_str(), name);
        }
        assert_eq!(Name::of(&"x".repeat(1000)).as_str(), "x".repeat(Name::LONGEST));
        assert_eq!(Name::of(&"ä".repeat(1000)).as_str(), "ä".repeat(Name::LONGEST / 2));
    }
}
