//! How many there are, in words that agree with the number.

use std::fmt::Display;

/// A whole number with its thousands apart: `34,650`.
#[must_use]
pub fn thousands(number: impl Display) -> String {
    let digits = number.to_string();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits;
    }
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count with its noun: `1 run`, `2 runs`, `3 other processes`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    let ending = match number {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{ending}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            ["1", "999", "1000", "34650", "1234567"].map(thousands),
            ["1", "999", "1,000", "34,650", "1,234,567"]
        );
        assert_eq!(thousands("more than 5"), "more than 5");
    }

    #[test]
    fn one_is_singular() {
        let counted = [0, 1, 2, 1000].map(|number| count(number, "more line"));
        assert_eq!(counted, ["0 more lines", "1 more line", "2 more lines", "1,000 more lines"]);
        assert_eq!([1, 2].map(|number| count(number, "process")), ["1 process", "2 processes"]);
    }
}
