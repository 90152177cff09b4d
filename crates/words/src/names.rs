//! What somebody may have meant who typed a name that is not there.

/// Says that nothing of a kind is called what somebody typed, and what is: the name that may have
/// been meant or, where none resembles it, all of them, unless nobody would read so many.
#[must_use]
pub fn unknown(kind: &str, typed: &str, names: &[&str]) -> String {
    /// More names than this fill a screen.
    const MOST: usize = 60;
    let sentence = format!("no {kind} is called `{typed}`");
    match (nearest(typed, names), names) {
        (Some(nearest), _) => format!("{sentence}; the nearest is `{nearest}`"),
        (None, names) if names.is_empty() || names.len() > MOST => sentence,
        (None, [only]) => format!("{sentence}; there is only {only}"),
        (None, _) => format!("{sentence}; there are {}", names.join(", ")),
    }
}

/// The name that somebody may have meant, if one resembles what was typed.
fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    /// Names that are less alike than this have little more than some letters in common.
    const SIMILAR: f64 = 0.7;
    let similarity = |name: &&str| strsim::jaro_winkler(name, typed);
    let similar = names.iter().copied().filter(|name| similarity(name) >= SIMILAR);
    similar.max_by(|a, b| similarity(a).total_cmp(&similarity(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_unless_they_are_too_many() {
        let some = ["rayon", "tokio"];
        assert_eq!(unknown("x", "tokyo", &some), "no x is called `tokyo`; the nearest is `tokio`");
        assert_eq!(unknown("x", "9", &some), "no x is called `9`; there are rayon, tokio");
        assert_eq!(unknown("x", "9", &["tokio"]), "no x is called `9`; there is only tokio");
        let many = ["rayon"; 100];
        assert_eq!([&many[..], &[]].map(|all| unknown("x", "9", all)), ["no x is called `9`"; 2]);
    }
}
