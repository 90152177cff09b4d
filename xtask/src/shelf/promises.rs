//! What is promised of each program: the judge's own table.
//!
//! The chapters say the same of their lessons, for whoever reads them, and a test compares. But a lesson
//! is judged by this page: who changes a lesson may change what its chapter says.

use evidence::labour::Labour;
#[cfg(test)]
use lab::order::Order;
use lab::work;
use words::Quadrant;

use super::cell::{contract as cells, is_cell};
use super::program::{Judge, Promise, Told};

/// A program that keeps another contract than its chapter, or shows another quadrant.
struct Other {
    /// The quadrant that it is filed under, and its name there.
    id: (Quadrant, &'static str),
    /// The quadrant that its runs are in.
    quadrant: Quadrant,
    /// The contract on its output, as algebra.
    order: &'static str,
}

/// All programs that are not among the 24 cells.
const OTHERS: &[Other] = &[
    Other {
        id: (Quadrant::ConcurrentOnly, "article"),
        quadrant: Quadrant::ConcurrentOnly,
        order: r#"
            (A1: "Task A - Step 1" ; A2: "Task A - Step 2" ; A3: "Task A - Step 3")
            || (B1: "Task B - Step 1" ; B2: "Task B - Step 2" ; B3: "Task B - Step 3")
            || (C1: "Task C - Step 1" ; C2: "Task C - Step 2" ; C3: "Task C - Step 3")"#,
    },
    Other {
        id: (Quadrant::ParallelOnly, "article-sleeping"),
        quadrant: Quadrant::Neither,
        order: ARTICLE_POOL,
    },
    Other {
        id: (Quadrant::ParallelOnly, "article-computing"),
        quadrant: Quadrant::ParallelOnly,
        order: ARTICLE_POOL,
    },
];

/// The article's pool: four numbers in any order, and then the results.
const ARTICLE_POOL: &str = r#"
    (P1: "Processing 1" || P2: "Processing 2" || P3: "Processing 3" || P4: "Processing 4")
    ; R: "Results: [1, 4, 9, 16]""#;

/// What is promised of a program that tells this of itself. A stranger's own word counts for what is
/// promised of every program of its quadrant, and for no more.
pub(super) fn of(chapter: Quadrant, name: &str, told: &Told) -> Promise {
    if is_cell(name) {
        return Promise { order: cells(chapter), quadrant: chapter, by: Judge::Us };
    }
    if let Some(other) = OTHERS.iter().find(|other| other.id == (chapter, name)) {
        let order = other.order.parse().expect("a contract that makes sense");
        return Promise { order, quadrant: other.quadrant, by: Judge::Us };
    }
    let standard = cells(told.quadrant);
    let by = match told.order.to_string() == standard.to_string() {
        true => Judge::Us,
        false => Judge::Itself,
    };
    Promise { order: told.order.clone(), quadrant: told.quadrant, by }
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
            let order: Order = other.order.parse().expect("it makes sense");
            assert!(order.count().is_ok());
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
