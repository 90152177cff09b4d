//! The same systems as a schedule of [`bevy_ecs`]: what each of them needs is said, and what has to come
//! before what; an executor decides the rest.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::SystemExecutor;

use crate::arena::Arena;
use crate::clock::{self, Next};
use crate::game::{self, Game, Played};
use crate::keys::Keys;
use crate::scene::Scene;
use crate::screen::Screen;
use crate::sound::Speaker;
use crate::split::Split;

/// The frame that is being computed.
#[derive(Resource)]
struct Frame(game::Frame);

/// What comes after it.
#[derive(Resource)]
struct Then(Next);

/// The schedule of a frame.
fn schedule() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.add_systems(((keys, physics).chain(), picture, sound));
    schedule.add_systems(handover.after(physics).after(picture).after(sound));
    schedule
}

fn keys(
    frame: Res<Frame>,
    mut keys: ResMut<Keys>,
    mut arena: ResMut<Arena>,
    mut then: ResMut<Then>,
) {
    then.0 = game::keys(frame.0, &mut keys, &mut arena);
}

fn physics(frame: Res<Frame>, mut arena: ResMut<Arena>) {
    game::physics(frame.0, &mut arena, Split::Whole);
}

fn picture(frame: Res<Frame>, scene: Res<Scene>, mut screen: ResMut<Screen>) {
    game::picture(frame.0, &scene, &mut screen, Split::Whole);
}

fn sound(frame: Res<Frame>, scene: Res<Scene>, mut speaker: ResMut<Speaker>) {
    game::sound(frame.0, &scene, &mut speaker);
}

fn handover(frame: Res<Frame>, arena: Res<Arena>, mut scene: ResMut<Scene>) {
    game::handover(frame.0, &arena, &mut scene);
}

/// Plays a game to its end, in whatever order this executor chooses.
///
/// # Panics
///
/// If a system does.
#[must_use]
pub fn play(game: Game, executor: impl SystemExecutor + 'static) -> Played {
    let Game { keys, arena, scene, screen, speaker, tells } = game;
    let mut world = World::new();
    world.insert_resource(Then(Next::Frame));
    world.insert_resource(keys);
    world.insert_resource(arena);
    world.insert_resource(scene);
    world.insert_resource(screen);
    world.insert_resource(speaker);
    let mut schedule = schedule();
    schedule.set_executor(executor);
    let times = clock::run(|number| {
        world.insert_resource(Frame(game::Frame::new(number, tells)));
        schedule.run(&mut world);
        world.resource::<Then>().0
    });
    let game = Game {
        keys: taken(&mut world),
        arena: taken(&mut world),
        scene: taken(&mut world),
        screen: taken(&mut world),
        speaker: taken(&mut world),
        tells,
    };
    Played { game, times }
}

/// What the world had.
fn taken<R: Resource>(world: &mut World) -> R {
    world.remove_resource().expect("what was put into it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings};

    /// Nothing is left to chance: two systems of which one changes what the other needs are ordered.
    #[test]
    fn whatever_could_disturb_each_other_is_ordered() {
        let mut schedule = schedule();
        let ambiguity_detection = LogLevel::Error;
        let settings = ScheduleBuildSettings { ambiguity_detection, ..Default::default() };
        schedule.set_build_settings(settings);
        let built = schedule.initialize(&mut World::new());
        assert!(built.is_ok(), "{:?}", built.err());
    }
}
