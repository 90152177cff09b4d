//! All legal orders, one after the other.

use super::poset::Poset;
use super::ready::Ready;

/// The legal orders of a contract, in the order of their ranks.
///
/// Each is a list of lines by their places in [`Poset::lines`]. They come one
/// at a time, so that the first ones cost nothing for there being billions.
#[derive(Clone, Debug)]
pub struct LegalOrders<'a> {
    ready: Ready<'a>,
    /// The latest legal order, or a beginning of it.
    printed: Vec<u32>,
    has_begun: bool,
}

impl Poset {
    /// All legal orders, in the order of their [ranks](Poset::rank).
    ///
    /// ```
    /// use order::Order;
    ///
    /// let order: Order = "(A1 ; A2) || B1".parse()?;
    /// let contract = order.compile()?;
    /// let all: Vec<_> = contract.legal_orders().map(|legal| contract.texts(&legal).join(" ")).collect();
    /// assert_eq!(all, ["A1 A2 B1", "A1 B1 A2", "B1 A1 A2"]);
    /// # Ok::<(), order::Error>(())
    /// ```
    #[must_use]
    pub fn legal_orders(&self) -> LegalOrders<'_> {
        LegalOrders { ready: Ready::new(self), printed: Vec::new(), has_begun: false }
    }
}

impl Iterator for LegalOrders<'_> {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        if std::mem::replace(&mut self.has_begun, true) && !self.turn() {
            return None;
        }
        while let Some(&line) = self.ready.lines().first() {
            self.print(line);
        }
        Some(self.printed.iter().map(|&line| line as usize).collect())
    }
}

impl LegalOrders<'_> {
    /// Goes back to the last place where a later line could have been printed
    /// instead, and prints that.
    fn turn(&mut self) -> bool {
        while let Some(line) = self.printed.pop() {
            self.ready.take_back(line);
            if let Some(&later) = self.ready.lines().range(line + 1..).next() {
                self.print(later);
                return true;
            }
        }
        false
    }

    fn print(&mut self, line: u32) {
        self.ready.print(line);
        self.printed.push(line);
    }
}
