//! Which systems there are, and what is promised of each of their ways: the judge's own table.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lab::order::Order;
use words::{Quadrant, WrongUsage, names};

use super::felt::{Inputs, Prediction};
use super::scale::Scale;
use super::{
    big_data, chat, film, music, training, video_game, weather, web_browser, web_crawler,
    web_server,
};
use crate::shelf::{Edit, Judge, Program, Promise, Shelf};

/// A system, as whoever judges it knows it.
pub(super) struct System {
    /// Its name, which is its package's too.
    pub(super) name: &'static str,
    /// What it is about, in a line.
    pub(super) summary: &'static str,
    /// The end of the name of the file that it leaves behind.
    pub(super) leaves: &'static str,
    /// The ways in which it does its work, in reading order.
    pub(super) ways: &'static [Way],
    /// What more cores bring, where somebody has a model of that.
    pub(super) scale: Option<Scale>,
}

/// One way in which a system does its work.
pub(super) struct Way {
    /// Its name after `--as`.
    pub(super) name: &'static str,
    /// What is done at once, and by whom.
    pub(super) summary: &'static str,
    /// The quadrant that its runs are in.
    pub(super) quadrant: Quadrant,
    /// The contract on its output.
    pub(super) contract: fn() -> Order,
    /// What its user will feel, by what was measured of a run.
    pub(super) predict: fn(&Inputs) -> Vec<Prediction>,
}

/// All systems, in reading order.
pub(super) const SYSTEMS: &[System] = &[
    music::SYSTEM,
    web_browser::SYSTEM,
    web_server::SYSTEM,
    chat::SYSTEM,
    video_game::SYSTEM,
    film::SYSTEM,
    weather::SYSTEM,
    training::SYSTEM,
    web_crawler::SYSTEM,
    big_data::SYSTEM,
];

/// The system of this name.
///
/// # Errors
///
/// [`WrongUsage`], if there is none.
pub(super) fn find(name: &str) -> Result<&'static System, WrongUsage> {
    let names: Vec<_> = SYSTEMS.iter().map(|system| system.name).collect();
    let found = SYSTEMS.iter().find(|system| system.name == name);
    found.ok_or_else(|| WrongUsage(names::unknown("system", name, &names)))
}

impl System {
    /// The way of this name.
    ///
    /// # Errors
    ///
    /// [`WrongUsage`], if there is none.
    pub(super) fn way(&self, name: &str) -> Result<&'static Way, WrongUsage> {
        let names: Vec<_> = self.ways.iter().map(|way| way.name).collect();
        let found = self.ways.iter().find(|way| way.name == name);
        found.ok_or_else(|| {
            WrongUsage(names::unknown(&format!("way of {}", self.name), name, &names))
        })
    }

    /// A way of it as a program on a shelf, which is in this file, and puts what it leaves behind into
    /// this folder.
    pub(super) fn program(&self, way: &Way, path: &Path, out: Option<&Path>) -> Program {
        let file = OsString::from(format!("{}-{}.{}", self.name, way.name, self.leaves));
        let out: Option<PathBuf> = out.map(|folder| folder.join(file));
        let order = (way.contract)();
        let promise =
            Promise { changed: order.clone(), order, quadrant: way.quadrant, by: Judge::Us };
        Program {
            shelf: Shelf::Systems { system: self.name, out },
            chapter: way.quadrant,
            name: way.name.to_owned(),
            runtime: String::new(),
            summary: way.summary.to_owned(),
            promise,
            labour: None,
            file: None,
            edit: Edit::None,
            path: path.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_can_be_kept_and_promises_something() {
        for system in SYSTEMS {
            for way in system.ways {
                let contract = (way.contract)().compile().expect("a contract that makes sense");
                let mut random = fastrand::Rng::with_seed(1);
                let legal = contract.sample(&mut random).expect("a legal order");
                let mut lines = contract.texts(&legal);
                assert!(contract.check(&lines).is_legal(), "{}/{}", system.name, way.name);
                lines.reverse();
                assert!(!contract.check(&lines).is_legal(), "{}/{}", system.name, way.name);
            }
        }
    }

    #[test]
    fn names_are_found_or_others_named() {
        let music = find("music").expect("it is there");
        assert_eq!(music.way("both").expect("it is there").quadrant, Quadrant::Both);
        let error = find("musik").err().expect("it is not there").to_string();
        assert!(error.contains("the nearest is `music`"), "{error}");
        assert!(music.way("bth").is_err());
    }
}
