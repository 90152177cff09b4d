//! The arena: fireflies in a meadow at night, and a lantern that catches them. This is the physics.
//!
//! One tick is one 120th of a second of the game, however long it takes to compute. It adds, multiplies,
//! divides and draws roots, each of which has one result by
//! [IEEE 754](https://doc.rust-lang.org/std/primitive.f32.html); and what a firefly feels of the others is
//! added up in the order of their numbers. So whoever computes it, on however many threads, comes to the
//! same state, to the last bit.

use bevy_ecs::resource::Resource;
use glam::Vec2;
use lab::task::Task;
use stage::Digest;

use crate::keys::Direction;
use crate::split::Split;

/// How many pixels the meadow is wide and high.
pub const SIZE: (usize, usize) = (480, 270);

/// How many fireflies there are.
pub const FLIES: usize = 2_150;

/// How far a firefly sees, in pixels.
const SIGHT: f32 = 23.0;

/// How slow and how fast a firefly may be, in pixels a tick.
const SPEED: (f32, f32) = (0.25, 0.75);

/// How fast the lantern flies, in pixels a tick.
const LANTERN_SPEED: f32 = 1.4;

/// How near the lantern has to come to a firefly to catch it, and from where on that one flees.
const CATCH: f32 = 7.0;
const FRIGHT: f32 = 44.0;

/// A firefly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fly {
    /// Where it is, in pixels from the upper left corner.
    pub place: Vec2,
    /// Where to, in pixels a tick.
    velocity: Vec2,
}

/// All that the game is about, at one moment.
#[derive(Clone, Debug, PartialEq, Resource)]
pub struct Arena {
    /// All fireflies, by their numbers.
    pub flies: Vec<Fly>,
    /// Where the lantern is.
    pub lantern: Vec2,
    /// Where it flies to.
    pub direction: Direction,
    /// How many fireflies were caught.
    pub caught: u32,
    /// How many ticks have passed.
    pub tick: u32,
    /// What chance there is: a generator of numbers that look like it.
    seed: u32,
}

impl Default for Arena {
    fn default() -> Arena {
        let lantern = Vec2::new(SIZE.0 as f32, SIZE.1 as f32) / 2.0;
        let mut arena = Arena {
            flies: Vec::new(),
            lantern,
            direction: Direction::default(),
            caught: 0,
            tick: 0,
            seed: 1,
        };
        arena.flies = (0..FLIES).map(|_| arena.hatch()).collect();
        arena
    }
}

impl Arena {
    /// Computes the next tick of the game.
    pub fn tick(&mut self, task: Task, split: Split) {
        self.tick += 1;
        let wish = self.direction.vector() * LANTERN_SPEED;
        self.lantern = inside(self.lantern + wish);
        // All look at how things were, and then all have moved: nobody sees who has moved already.
        let before = &*self;
        let mut moved = self.flies.clone();
        split.fill(task, self.tick as usize, &mut moved, |number, fly| *fly = before.moved(number));
        self.flies = moved;
        self.catch();
    }

    /// The state as a number: whoever has another number has another state.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let flies = self.flies.iter().flat_map(|fly| [fly.place, fly.velocity]);
        let mut of = Digest::default();
        for vector in flies.chain([self.lantern]) {
            of.add(vector.x.to_bits().to_le_bytes());
            of.add(vector.y.to_bits().to_le_bytes());
        }
        for number in [self.caught, self.tick, self.seed] {
            of.add(number.to_le_bytes());
        }
        of
    }

    /// A firefly one tick later.
    fn moved(&self, number: usize) -> Fly {
        let Fly { place, velocity } = self.flies[number];
        let velocity = velocity + self.company(number) + self.fright(place) + fence(place);
        let speed = velocity.length().max(1e-6);
        let velocity = velocity * (speed.clamp(SPEED.0, SPEED.1) / speed);
        Fly { place: inside(place + velocity), velocity }
    }

    /// What a firefly does because of those that it sees: it flies where they fly, but not too near.
    ///
    /// The rules of C. Reynolds, *Flocks, herds and schools* (1987).
    fn company(&self, number: usize) -> Vec2 {
        let fly = self.flies[number];
        let (mut away, mut along, mut towards, mut seen) =
            (Vec2::ZERO, Vec2::ZERO, Vec2::ZERO, 0.0);
        for other in &self.flies {
            let offset = other.place - fly.place;
            let distance = offset.length_squared();
            // Of oneself the distance is 0.
            if distance < SIGHT * SIGHT && distance > 0.0 {
                away -= offset / (distance + 1.0);
                along += other.velocity;
                towards += offset;
                seen += 1.0;
            }
        }
        if seen == 0.0 {
            return Vec2::ZERO;
        }
        away * 0.018 + (along / seen - fly.velocity) * 0.04 + towards / seen * 0.0004
    }

    /// How a firefly flees from the lantern.
    fn fright(&self, place: Vec2) -> Vec2 {
        let offset = place - self.lantern;
        let distance = offset.length();
        if distance < FRIGHT { offset / (distance + 1.0) * 0.03 } else { Vec2::ZERO }
    }

    /// Catches those who are near enough. For each of them another one hatches.
    fn catch(&mut self) {
        for number in 0..self.flies.len() {
            if self.flies[number].place.distance_squared(self.lantern) < CATCH * CATCH {
                self.caught += 1;
                self.flies[number] = self.hatch();
            }
        }
    }

    /// A new firefly, at the edge of the meadow.
    fn hatch(&mut self) -> Fly {
        let across = self.chance() * SIZE.0 as f32;
        let down = self.chance() * SIZE.1 as f32;
        let velocity = Vec2::new(self.chance() - 0.5, self.chance() - 0.5);
        Fly { place: Vec2::new(across, down), velocity }
    }

    /// A number between 0 and 1 (G. Marsaglia, *Xorshift RNGs*, 2003).
    fn chance(&mut self) -> f32 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 17;
        self.seed ^= self.seed << 5;
        (self.seed >> 8) as f32 / (1 << 24) as f32
    }
}

/// A place that is in the meadow: this one, or the nearest.
fn inside(place: Vec2) -> Vec2 {
    place.clamp(Vec2::ZERO, Vec2::new(SIZE.0 as f32 - 1.0, SIZE.1 as f32 - 1.0))
}

/// What turns a firefly round before it comes to the edge.
fn fence(place: Vec2) -> Vec2 {
    const WIDTH: f32 = 18.0;
    const PUSH: f32 = 0.02;
    let push = |place: f32, size: usize| {
        let [low, high] = [place, size as f32 - place].map(|room| (WIDTH - room).max(0.0) / WIDTH);
        (low - high) * PUSH
    };
    Vec2::new(push(place.x, SIZE.0), push(place.y, SIZE.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Key;

    fn flying(key: Key) -> Arena {
        Arena { direction: Direction::default().with(key), ..Arena::default() }
    }

    #[test]
    fn split_over_all_cores_the_physics_is_the_same_to_the_last_bit() {
        let task = Task::start("test");
        let [mut whole, mut split] = [flying(Key::Left), flying(Key::Left)];
        for _ in 0..5 {
            whole.tick(task, Split::Whole);
            split.tick(task, Split::AllCores);
        }
        task.end();
        assert_eq!(whole, split);
        assert_eq!(whole.digest(), split.digest());
        assert_ne!(whole.digest(), flying(Key::Left).digest());
    }

    #[test]
    fn nobody_leaves_the_meadow_and_nobody_is_lost() {
        let task = Task::start("test");
        let mut arena = flying(Key::Up);
        (0..20).for_each(|_| arena.tick(task, Split::AllCores));
        task.end();
        assert_eq!(arena.flies.len(), FLIES);
        for place in arena.flies.iter().map(|fly| fly.place).chain([arena.lantern]) {
            assert_eq!(place, inside(place), "{place}");
        }
    }
}
