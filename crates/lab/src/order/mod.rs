//! Contracts on the order of output lines.

use std::fmt;

/// Which lines a run must print, and which of them must come before which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// One line.
    Line(String),
    /// One after the other.
    Seq(Vec<Order>),
    /// In any interleaving.
    Par(Vec<Order>),
}

/// One line.
pub fn line(text: impl Into<String>) -> Order {
    Order::Line(text.into())
}

/// One after the other.
pub fn seq(orders: impl IntoIterator<Item = Order>) -> Order {
    Order::Seq(orders.into_iter().collect())
}

/// In any interleaving.
pub fn par(orders: impl IntoIterator<Item = Order>) -> Order {
    Order::Par(orders.into_iter().collect())
}

impl Order {
    /// Gives a line a short name.
    #[must_use]
    pub fn label(self, _label: impl Into<String>) -> Order {
        self
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (orders, operator) = match self {
            Order::Line(text) => return write!(f, "{text:?}"),
            Order::Seq(orders) => (orders, " ; "),
            Order::Par(orders) => (orders, " || "),
        };
        f.write_str("(")?;
        for (place, order) in orders.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { operator })?;
            order.fmt(f)?;
        }
        f.write_str(")")
    }
}
