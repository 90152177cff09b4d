//! The scene: as much of the arena as a picture and the sound of a frame are made of.
//!
//! It is a copy, made when a frame is over. While the next frame's physics changes the arena, the picture
//! of this one can be drawn: without the copy, one of the two would have to wait.

use bevy_ecs::resource::Resource;
use glam::Vec2;

use crate::arena::Arena;

/// What is to be seen and heard.
#[derive(Clone, Debug, Default, PartialEq, Resource)]
pub struct Scene {
    /// Where the fireflies are.
    pub flies: Vec<Vec2>,
    /// Where the lantern is.
    pub lantern: Vec2,
    /// How many fireflies were caught so far.
    pub caught: u32,
    /// How many of them since the scene before.
    pub just_caught: u32,
    /// How many ticks have passed.
    pub tick: u32,
}

impl Scene {
    /// Becomes the scene of this arena.
    pub fn extract(&mut self, arena: &Arena) {
        self.flies.clear();
        self.flies.extend(arena.flies.iter().map(|fly| fly.place));
        self.lantern = arena.lantern;
        self.just_caught = arena.caught - self.caught;
        self.caught = arena.caught;
        self.tick = arena.tick;
    }
}
