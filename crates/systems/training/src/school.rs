//! The school: several networks learn from the same lessons, each in an order of its own, and are tested.

use std::time::{Duration, Instant};

use fastrand::Rng;
use lab::task::Task;
use stage::Digest;

use crate::descent::{Course, Crew, Learner, Shares};
use crate::digits::{Digit, Digits, KINDS};
use crate::network::{Weights, answers, by_chance};

/// How many networks learn.
pub const NETWORKS: usize = 4;

/// How often each of them goes through all lessons.
pub const EPOCHS: usize = 48;

/// How many pictures a batch has, where it is not small.
pub const BATCH: usize = 64;

/// For how many workers it is tried whether they learn the same.
const WORKERS: [usize; 4] = [1, 2, 3, 8];

/// A network that has learned.
#[derive(Clone, Debug)]
pub struct Pupil {
    /// Its weights after each epoch, and before the first.
    pub weights: Vec<Weights>,
    /// How long what nobody shared took.
    pub adding: Duration,
    /// When it had learned, since the first began.
    pub done: Duration,
}

/// A school with its lessons, and how it teaches.
#[derive(Clone, Debug)]
pub struct School {
    begun: Instant,
    digits: Digits,
    /// How networks learn here.
    pub course: Course,
}

impl School {
    /// Opens now, and teaches by batches of the usual size, in eight shares.
    #[must_use]
    pub fn with(crew: Crew) -> School {
        let course = Course { crew, shares: Shares::Eight, batch: BATCH };
        School { begun: Instant::now(), digits: Digits::ours(), course }
    }

    /// Teaches one network after the other, until somebody asks to stop.
    #[must_use]
    pub fn in_turn(&self) -> Vec<Pupil> {
        let networks = (0..NETWORKS).take_while(|_| !stage::stopped());
        networks.map(|network| self.teach(network)).collect()
    }

    /// Teaches a network.
    #[must_use]
    pub fn teach(&self, network: usize) -> Pupil {
        let name = format!("Network {}", network + 1);
        let task = Task::start(format!("network {}", network + 1));
        let mut class = Class::new(&self.digits, network as u64);
        let mut weights = vec![class.learner.weights.clone()];
        for epoch in (1..=EPOCHS).take_while(|_| !stage::stopped()) {
            class.epoch(self.course, task, epoch);
            weights.push(class.learner.weights.clone());
            if epoch.is_multiple_of(EPOCHS / 4) {
                task.say(format_args!("{name} - epoch {epoch}"));
            }
        }
        match self.course.shares {
            Shares::Eight => {
                task.say(format_args!("{name} - weights {}", digest(&class.learner.weights)));
            }
            Shares::OneAWorker => {
                task.say(format_args!(
                    "{name} - weights that depend on how many workers there were"
                ));
            }
        }
        task.end();
        Pupil { weights, adding: class.learner.adding, done: self.begun.elapsed() }
    }

    /// How many different networks come of one epoch, with one, two, three and eight workers.
    #[must_use]
    pub fn different(&self) -> usize {
        let task = Task::start("workers");
        let taught = WORKERS.map(|workers| {
            let mut class = Class::new(&self.digits, 0);
            class.epoch(Course { crew: Crew::Workers(workers), ..self.course }, task, 1);
            digest(&class.learner.weights).to_string()
        });
        task.end();
        std::collections::BTreeSet::from(taught).len()
    }

    /// How many of a hundred pictures of the test these networks read wrong: the worst of them alone, and
    /// all together, who add up how likely they hold each answer to be.
    #[must_use]
    pub fn test(&self, pupils: &[Pupil]) -> (f64, f64) {
        let networks: Vec<&Weights> = pupils.iter().filter_map(|it| it.weights.last()).collect();
        let alone = networks.iter().map(|network| self.wrong(&[network]));
        (alone.fold(0.0, f64::max), self.wrong(&networks))
    }

    fn wrong(&self, networks: &[&Weights]) -> f64 {
        let misreads = |digit: &&Digit| {
            let mut sums = [0.0; KINDS];
            for network in networks {
                let answers = answers(network, &digit.pixels);
                sums.iter_mut().zip(answers).for_each(|(sum, answer)| *sum += answer);
            }
            let likeliest = (0..KINDS).max_by(|&one, &other| sums[one].total_cmp(&sums[other]));
            likeliest != Some(digit.kind)
        };
        let wrong = self.digits.test.iter().filter(misreads).count();
        wrong as f64 / self.digits.test.len() as f64 * 100.0
    }
}

/// A network among its lessons.
struct Class<'a> {
    learner: Learner,
    lessons: Vec<&'a Digit>,
    random: Rng,
}

impl Class<'_> {
    fn new(digits: &Digits, seed: u64) -> Class<'_> {
        let learner = Learner::new(by_chance(seed));
        Class { learner, lessons: digits.lessons.iter().collect(), random: Rng::with_seed(seed) }
    }

    /// Goes through all lessons once, in another order than before.
    fn epoch(&mut self, course: Course, task: Task, epoch: usize) {
        self.random.shuffle(&mut self.lessons);
        self.learner.epoch(&self.lessons, course, task, epoch);
    }
}

/// What all bits of the weights come to.
#[must_use]
pub fn digest(weights: &[f32]) -> Digest {
    let mut digest = Digest::default();
    weights.iter().for_each(|weight| digest.add(weight.to_bits().to_le_bytes()));
    digest
}
