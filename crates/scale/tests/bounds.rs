//! Whatever there is to do: no schedule betters the lower bound, and none exceeds Graham's.

use proptest::collection::vec;
use proptest::prelude::*;
use scale::{CORES, Curve, Model, Schedule, Stage, Task};

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![(0_u64..50).prop_map(Stage::Wait), vec(0_u64..50, 0..6).prop_map(Stage::Parts)]
}

fn task() -> impl Strategy<Value = Task> {
    vec(stage(), 0..5).prop_map(Task::new)
}

/// Tasks that begin and end whenever they like.
fn model() -> impl Strategy<Value = Model> {
    let interval = (0_u64..200, 0_u64..100, task());
    let interval = interval.prop_map(|(start, length, task)| (start, start + length, task));
    vec(interval, 0..20).prop_map(Model::of_intervals)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_schedule_is_between_the_bounds(model in model()) {
        let curve = Curve::of(&model);
        for (schedule, cores) in curve.schedules.iter().zip(CORES) {
            let length = schedule.length as f64;
            prop_assert!(length >= curve.at_least(cores) - 1e-6, "{} on {cores}", length);
            prop_assert!(length <= curve.at_most(cores) + 1e-6, "{} on {cores}", length);
        }
    }

    #[test]
    fn as_many_cores_as_one_likes_take_the_span(model in model()) {
        prop_assert_eq!(Schedule::of(&model, usize::MAX).length, model.span());
    }

    #[test]
    fn one_core_is_never_idle_while_there_is_anything_to_compute(tasks in vec(vec(1_u64..50, 1..6), 1..9)) {
        let tasks = tasks.into_iter().map(|parts| Task::new([Stage::Parts(parts)]));
        let model = Model::of_tasks(tasks);
        prop_assert_eq!(Schedule::of(&model, 1).length, model.work());
    }

    #[test]
    fn the_same_model_takes_the_same_time(model in model(), cores in 1_usize..9) {
        prop_assert_eq!(Schedule::of(&model, cores), Schedule::of(&model, cores));
    }

    #[test]
    fn nothing_is_alone_for_longer_than_all_takes(model in model(), cores in 1_usize..9) {
        let schedule = Schedule::of(&model, cores);
        prop_assert!(schedule.alone <= schedule.length);
        prop_assert!(cores > 1 || schedule.alone == schedule.length);
    }
}

#[test]
fn tasks_one_after_the_other_gain_nothing_but_by_their_parts() {
    let task =
        |parts: usize| Task::new([Stage::Wait(20), Stage::Parts(vec![40 / parts as u64; parts])]);
    let one_after_the_other = |parts| {
        Curve::of(&Model::of_intervals((0..3).map(|at| (at * 60, (at + 1) * 60, task(parts)))))
    };
    let whole = one_after_the_other(1);
    assert_eq!((whole.time_on(1), whole.time_on(1024)), (Some(180), Some(180)));
    assert_eq!(whole.enough(), 1);
    let split = one_after_the_other(8);
    assert_eq!((split.time_on(1), split.time_on(2)), (Some(180), Some(120)));
    assert_eq!((split.time_on(8), split.time_on(1024)), (Some(75), Some(75)));
    assert_eq!(split.enough(), 8);
}

#[test]
fn amdahl_and_gustafson_begin_at_one_and_part_from_there() {
    let serial = Stage::Parts(vec![10]);
    let curve = Curve::of(&Model::of_tasks([Task::new([serial, Stage::Parts(vec![1; 90])])]));
    assert_eq!(curve.one(), 100);
    assert!((curve.serial_share() - 0.1).abs() < 1e-9);
    assert!((curve.amdahl(1) - 1.0).abs() < 1e-9 && (curve.gustafson(1) - 1.0).abs() < 1e-9);
    assert!((curve.amdahl(1024) - 9.913).abs() < 1e-3, "{}", curve.amdahl(1024));
    assert!((curve.gustafson(1024) - 921.7).abs() < 1e-6, "{}", curve.gustafson(1024));
}

#[test]
fn nothing_to_do_takes_no_time() {
    let curve = Curve::of(&Model::default());
    assert_eq!((curve.one(), curve.work, curve.span), (0, 0, 0));
    assert_eq!(curve.speed_up(0.0), 1.0);
}
