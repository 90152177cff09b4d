//! What is promised of each program: the judge's own table.
//!
//! The chapters say the same of their lessons, for whoever reads them, and a test compares. But a lesson
//! is judged by this page: who changes a lesson may change what its chapter says.

use evidence::labour::Labour;
use lab::order::Order;
use lab::work;
use words::Quadrant;

use super::cell::{contract as cells, is_cell};
use super::program::{Judge, Promise, Told};

/// A program that is not among the 24 cells.
struct Other {
    /// The quadrant that it is filed under, and its name there.
    id: (Quadrant, &'static str),
    /// The quadrant that its runs are in.
    quadrant: Quadrant,
    /// The contract on its output.
    contract: Contract,
}

/// A contract on output, in writing.
enum Contract {
    /// That of the cells in its quadrant.
    OfCells,
    /// One of its own.
    Own(&'static str),
    /// One of its own, and another one when the change of its header is made.
    Changing([&'static str; 2]),
}

/// All programs that are not among the 24 cells.
const OTHERS: &[Other] = &[
    other(Quadrant::Neither, "joined", Quadrant::Neither, Contract::OfCells),
    other(Quadrant::Neither, "worker-pool", Quadrant::Neither, Contract::OfCells),
    other(Quadrant::ConcurrentOnly, "article", Quadrant::ConcurrentOnly, Contract::Own(ARTICLE)),
    other(Quadrant::ConcurrentOnly, "crowd", Quadrant::ConcurrentOnly, Contract::Own(CROWD)),
    other(Quadrant::ConcurrentOnly, "dial", Quadrant::ConcurrentOnly, Contract::OfCells),
    other(
        Quadrant::ConcurrentOnly,
        "select",
        Quadrant::ConcurrentOnly,
        Contract::Changing([
            r#"(A1: "Task A - Step 1" || B1: "Task B - Step 1") ; B2: "Task B - Step 2"
               ; BD: "Task B - dropped" ; AD: "Task A - dropped"
               ; C1: "Task C - Step 1" ; C2: "Task C - Step 2" ; CD: "Task C - dropped""#,
            r#"(A1: "Task A - Step 1" ; A2: "Task A - Step 2" ; AD: "Task A - dropped")
               || (B1: "Task B - Step 1" ; B2: "Task B - Step 2" ; BD: "Task B - dropped"
                   ; C1: "Task C - Step 1" ; C2: "Task C - Step 2" ; CD: "Task C - dropped")"#,
        ]),
    ),
    other(Quadrant::ConcurrentOnly, "lock", Quadrant::ConcurrentOnly, Contract::OfCells),
    other(
        Quadrant::ConcurrentOnly,
        "counter",
        Quadrant::ConcurrentOnly,
        Contract::Changing([
            r#"(A: "Task A - saw 0" || B: "Task B - saw 0") ; N: "Counter - 1""#,
            r#"(A: "Task A - saw 0" || B: "Task B - saw 0") ; N: "Counter - 2""#,
        ]),
    ),
    other(Quadrant::ParallelOnly, "lock", Quadrant::ParallelOnly, Contract::OfCells),
    other(Quadrant::ParallelOnly, "article-sleeping", Quadrant::Neither, Contract::Own(POOL)),
    other(Quadrant::ParallelOnly, "article-computing", Quadrant::ParallelOnly, Contract::Own(POOL)),
    other(Quadrant::Both, "tokio-workers", Quadrant::Both, Contract::OfCells),
    other(Quadrant::Both, "first-come", Quadrant::Both, Contract::OfCells),
];

const fn other(
    chapter: Quadrant,
    name: &'static str,
    quadrant: Quadrant,
    contract: Contract,
) -> Other {
    Other { id: (chapter, name), quadrant, contract }
}

/// The article's tasks: three chains of three lines.
const ARTICLE: &str = r#"
    (A1: "Task A - Step 1" ; A2: "Task A - Step 2" ; A3: "Task A - Step 3")
    || (B1: "Task B - Step 1" ; B2: "Task B - Step 2" ; B3: "Task B - Step 3")
    || (C1: "Task C - Step 1" ; C2: "Task C - Step 2" ; C3: "Task C - Step 3")"#;

/// The first and the last of a crowd, who have both begun before either goes on.
const CROWD: &str = r#"
    (F1: "Task first - Step 1" || L1: "Task last - Step 1")
    ; (F2: "Task first - Step 2" || L2: "Task last - Step 2")"#;

/// The article's pool: four numbers in any order, and then the results.
const POOL: &str = r#"
    (P1: "Processing 1" || P2: "Processing 2" || P3: "Processing 3" || P4: "Processing 4")
    ; R: "Results: [1, 4, 9, 16]""#;

impl Contract {
    /// The contract as it was shipped, in this quadrant, and when the change of the header is made. Which
    /// tasks overlap is what most changes are about: of the cells' contract each task's own lines in order
    /// are left.
    fn read(&self, quadrant: Quadrant) -> [Order; 2] {
        let own = |algebra: &str| algebra.parse::<Order>().expect("a contract that makes sense");
        let both = [quadrant, Quadrant::Both].map(cells);
        match self {
            Contract::OfCells => both,
            Contract::Own(algebra) => [own(algebra), own(algebra)],
            Contract::Changing(algebra) => algebra.map(own),
        }
    }
}

/// What is promised of a program that tells this of itself. A stranger's own word counts for what is
/// promised of every program of its quadrant, and for no more.
pub(super) fn of(chapter: Quadrant, name: &str, told: &Told) -> Promise {
    let ours = |[order, changed]: [Order; 2], quadrant| Promise {
        order,
        changed,
        quadrant,
        by: Judge::Us,
    };
    if is_cell(name) {
        return ours(Contract::OfCells.read(chapter), chapter);
    }
    if let Some(other) = OTHERS.iter().find(|other| other.id == (chapter, name)) {
        return ours(other.contract.read(other.quadrant), other.quadrant);
    }
    let standard = Contract::OfCells.read(told.quadrant);
    if told.order.to_string() == standard[0].to_string() {
        return ours(standard, told.quadrant);
    }
    let [order, changed] = [told.order.clone(), told.order.clone()];
    Promise { order, changed, quadrant: told.quadrant, by: Judge::Itself }
}

/// The work that a program has to do. Strangers that print the cells' lines need not wait as the cells
/// do, but have to compute what they print.
pub(super) fn labour(name: &str, promise: &Promise) -> Option<Labour> {
    let does_the_common_work = promise.order.to_string() == cells(promise.quadrant).to_string();
    does_the_common_work.then(|| Labour {
        tasks: work::TASKS.len() as u32,
        steps: work::STEPS.count() as u32,
        wait: is_cell(name).then(work::wait),
        parts: work::PARTS as u32,
        compute: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(quadrant: Quadrant, order: &str) -> Told {
        Told { quadrant, order: order.parse().expect("a contract") }
    }

    #[test]
    fn every_contract_makes_sense() {
        for other in OTHERS {
            for order in other.contract.read(other.quadrant) {
                assert!(order.count().is_ok(), "{}", other.id.1);
            }
        }
    }

    #[test]
    fn a_lesson_is_held_to_the_judges_contract_whatever_it_says_itself() {
        let promise = of(Quadrant::Both, "std", &told(Quadrant::Neither, "/.*/"));
        assert_eq!((promise.quadrant, promise.by), (Quadrant::Both, Judge::Us));
        assert_eq!(promise.order.to_string(), cells(Quadrant::Both).to_string());
    }

    #[test]
    fn a_strangers_own_contract_is_its_own_word() {
        let promise = of(Quadrant::Both, "x", &told(Quadrant::Neither, "/.*/"));
        assert_eq!(promise.by, Judge::Itself);
        let standard = cells(Quadrant::Neither).to_string();
        let promise = of(Quadrant::Both, "x", &told(Quadrant::Neither, &standard));
        assert_eq!(promise.by, Judge::Us);
    }
}
