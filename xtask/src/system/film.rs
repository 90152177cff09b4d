//! What is promised of `film`, and the model of when it is done.

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly};
use super::scale::{Scale, whoever_is_free};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "film",
    summary: "a film, frame by frame: what do more cores bring?",
    leaves: "png",
    ways: &[
        Way {
            name: "neither",
            summary: "one frame after the other, on one core",
            quadrant: Quadrant::Neither,
            contract: || then_result(seq((1..=FRAMES).flat_map(frame))),
            predict: |inputs| predict(inputs, alone(inputs), alone(inputs), 1.0, ONE_AT_A_TIME),
        },
        Way {
            name: "concurrent-only",
            summary: "four frames at a time, on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || then_result(in_any_order()),
            predict: |inputs| {
                let held = (2.0 * AT_A_TIME, "there is room for two frames a thread");
                predict(inputs, alone(inputs), alone(inputs), AT_A_TIME, held)
            },
        },
        Way {
            name: "parallel-only",
            summary: "one frame at a time, a band of it a core",
            quadrant: Quadrant::ParallelOnly,
            contract: || then_result(seq((1..=FRAMES).flat_map(frame))),
            predict: |inputs| predict(inputs, ideal(inputs), in_bands(inputs), 1.0, ONE_AT_A_TIME),
        },
        Way {
            name: "chunks",
            summary: "a share of the film a core, dealt out beforehand",
            quadrant: Quadrant::Both,
            contract: || then_result(in_any_order()),
            predict: |inputs| {
                let soonest = in_chunks(inputs);
                let done = soonest + in_order(inputs);
                predict(inputs, soonest.max(ideal(inputs)), done, 1.0, ALL)
            },
        },
        Way {
            name: "stealing",
            summary: "the same, and who is done takes from the others",
            quadrant: Quadrant::Both,
            contract: || then_result(in_any_order()),
            predict: |inputs| {
                let rendered = whoever_is_free(&rendering(inputs), inputs.cores as usize);
                predict(inputs, ideal(inputs), rendered + in_order(inputs), 1.0, ALL)
            },
        },
        Way {
            name: "both",
            summary: "whoever is free renders the next frame",
            quadrant: Quadrant::Both,
            contract: || then_result(in_any_order()),
            predict: |inputs| {
                let held = (2.0 * inputs.cores, "there is room for two frames a core");
                predict(inputs, ideal(inputs), shot(inputs, inputs.cores as usize), 1.0, held)
            },
        },
    ],
    scale: Some(Scale { figure: "film done", one: "neither", all: "both", predict: shot }),
};

/// How many frames there are.
const FRAMES: usize = 48;

/// What all their pixels come to, on any machine.
const PIXELS: &str = "f7159ec2e9578f32";

/// How many frames are in progress on the one core of `concurrent-only`.
const AT_A_TIME: f64 = 4.0;

/// How many frames are held at most, and why.
type Held = (f64, &'static str);
const ONE_AT_A_TIME: Held = (1.0, "each frame is written before the next is begun");
const ALL: Held = (FRAMES as f64, "there is room for all frames, for one begins in the middle");

/// Which share of the cores' time goes into frames, where nobody has to wait.
const EFFICIENCY: f64 = 0.95;

/// The steps of a frame, as its trace has them.
const RENDER: u16 = 1;
const DEVELOP: u16 = 2;
const WRITE: u16 = 3;

fn rendered(number: usize) -> String {
    format!("Frame {number} - rendered")
}

fn written(number: usize) -> String {
    format!("Frame {number} - written")
}

/// What is printed of a frame.
fn frame(number: usize) -> [Order; 2] {
    [line(rendered(number)), line(written(number))]
}

/// Frames are rendered in any order, and written in theirs.
fn in_any_order() -> Order {
    let all = || 1..=FRAMES;
    let film = seq(all().map(|number| line(written(number))));
    let order = par([film].into_iter().chain(all().map(|number| line(rendered(number)))));
    all().fold(order, |order, number| order.before(&*rendered(number), &*written(number)))
}

/// The film, and in the end what its pixels come to.
fn then_result(film: Order) -> Order {
    seq([film, line(format!("Film - {FRAMES} frames, pixels {PIXELS}"))])
}

/// What each frame costs, in milliseconds of a core.
fn costs(inputs: &Inputs) -> Vec<f64> {
    (1..=FRAMES).map(|number| inputs.executed(&format!("frame {number}"))).collect()
}

/// When one core is done with all of it.
fn alone(inputs: &Inputs) -> f64 {
    costs(inputs).iter().sum()
}

/// When all cores are, where none is ever idle.
fn ideal(inputs: &Inputs) -> f64 {
    alone(inputs) / inputs.cores
}

/// How long it takes to write each frame, which nobody else can do meanwhile.
fn writing(inputs: &Inputs) -> Vec<f64> {
    (1..=FRAMES).map(|number| inputs.longest_of(&format!("frame {number}"), WRITE)).collect()
}

/// How long it takes to write all of them, one after the other.
fn in_order(inputs: &Inputs) -> f64 {
    writing(inputs).iter().sum()
}

/// What each frame costs whoever renders it, in milliseconds of a core.
fn rendering(inputs: &Inputs) -> Vec<f64> {
    let both = costs(inputs).into_iter().zip(writing(inputs));
    both.map(|(cost, writing)| (cost - writing).max(0.0)).collect()
}

/// How long a frame takes that all wait for: its dearest band, until it is developed, and until it is written.
fn waited_for(inputs: &Inputs, number: usize) -> f64 {
    let frame = format!("frame {number}");
    [RENDER, DEVELOP, WRITE].map(|step| inputs.longest_of(&frame, step)).iter().sum()
}

/// When all cores are done where each frame is waited for.
fn in_bands(inputs: &Inputs) -> f64 {
    (1..=FRAMES).map(|number| waited_for(inputs, number)).sum()
}

/// When the last core is where each renders its share, dealt out beforehand. Who writes is nobody of them.
fn in_chunks(inputs: &Inputs) -> f64 {
    let (cores, costs) = (inputs.cores as usize, rendering(inputs));
    let shares = (0..cores).map(|share| FRAMES * share / cores..FRAMES * (share + 1) / cores);
    shares.map(|share| costs[share].iter().sum()).fold(0.0, f64::max)
}

/// When the film is done on so many cores, where whoever is free renders the next frame, two frames a core
/// are held at most, and somebody else writes each of them after the one before. (He wants a core as well:
/// all cores together have no less to do.)
fn shot(inputs: &Inputs, cores: usize) -> f64 {
    let mut free_at = vec![0.0_f64; cores.max(1)];
    let mut written = Vec::new();
    for (number, (rendering, writing)) in rendering(inputs).iter().zip(writing(inputs)).enumerate()
    {
        let free = free_at.iter_mut().min_by(|one, other| one.total_cmp(other)).expect("a core");
        // Its place is free when the frame is written that had it before.
        let place = number.checked_sub(2 * cores).map_or(0.0, |before| written[before]);
        *free = free.max(place) + rendering;
        let turn = written.last().copied().unwrap_or(0.0);
        written.push(free.max(turn) + writing);
    }
    let last = written.last().copied().unwrap_or(0.0);
    last.max(alone(inputs) / cores as f64)
}

/// What is felt of a film that is done at this time at the soonest, and at that one where the machine is its
/// own, with so many frames at a time on a core.
fn predict(
    inputs: &Inputs,
    soonest: f64,
    done: f64,
    at_a_time: f64,
    (held, room): Held,
) -> Vec<Prediction> {
    let (work, cores) = (alone(inputs), inputs.cores);
    let told = inputs.fact("film done").unwrap_or(f64::INFINITY);
    let reason = format!(
        "frames cost {work:.0} ms of a core, and {:.0} ms are the least in this way; of {cores:.0} cores' \
         time {:.0} % went into frames",
        soonest,
        inputs.share(work, told)
    );
    let first = waited_for(inputs, 1);
    let first_reason = match at_a_time {
        1.0 => "nobody keeps a core from the first frame".to_owned(),
        many => format!("{many:.0} frames share the core with it"),
    };
    vec![
        Prediction::time("film done", certainly(soonest), done / EFFICIENCY + KERNEL, reason),
        Prediction::time("first frame", 0.0, first * at_a_time * 1.5 + KERNEL, first_reason),
        Prediction::promised("frames held", "", 1.0, held, room),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of which those of the second half cost three times as much, on two cores.
    fn inputs() -> Inputs {
        let cost = |number| if number <= FRAMES / 2 { 10.0 } else { 30.0 };
        let frames = (1..=FRAMES).map(|number| (format!("frame {number}"), cost(number)));
        let inputs = Inputs::default().with_cores(2.0);
        frames.fold(inputs, |inputs, (name, cost)| inputs.with_parts(&name, &[cost]))
    }

    #[test]
    fn who_has_the_dear_half_is_waited_for_unless_others_may_take_of_it() {
        assert_eq!((ideal(&inputs()), in_chunks(&inputs())), (480.0, 720.0));
        assert_eq!(whoever_is_free(&costs(&inputs()), 2), 480.0);
    }

    #[test]
    fn more_cores_bring_no_more_than_there_are_frames() {
        let done = [1, 16, 32, 64].map(|cores| shot(&inputs(), cores));
        assert_eq!(done, [960.0, 70.0, 40.0, 30.0]);
    }

    #[test]
    fn however_many_cores_render_one_frame_is_written_after_the_other() {
        // Each is written in two of its ten milliseconds, or thirty.
        let inputs = (1..=FRAMES).fold(inputs(), |inputs, number| {
            inputs.with_step(&format!("frame {number}"), WRITE, 2.0)
        });
        let done = [1, 2, 64].map(|cores| shot(&inputs, cores));
        // The first of many is there after eight, and then all are written.
        assert_eq!(done, [960.0, 480.0, 8.0 + 2.0 * FRAMES as f64]);
        assert_eq!(in_chunks(&inputs), 24.0 * 28.0);
    }

    #[test]
    fn who_has_no_room_waits_for_the_writer() {
        let frames = (2..=FRAMES).map(|number| (format!("frame {number}"), 10.0));
        let inputs = Inputs::default().with_cores(2.0).with_parts("frame 1", &[1010.0]);
        let inputs = frames.fold(inputs, |inputs, (name, cost)| inputs.with_parts(&name, &[cost]));
        let inputs = inputs.with_step("frame 1", WRITE, 1000.0);
        // Four are held; the other forty-four are begun when the first is written.
        assert_eq!(shot(&inputs, 2), 10.0 + 1000.0 + 44.0 / 2.0 * 10.0);
    }

    #[test]
    fn a_frame_is_written_after_it_is_rendered_and_after_the_one_before() {
        let order = then_result(in_any_order()).compile().expect("a contract that makes sense");
        let last = format!("Film - {FRAMES} frames, pixels {PIXELS}");
        let backwards = (1..=FRAMES).rev().map(rendered);
        let mut lines: Vec<_> = backwards.chain((1..=FRAMES).map(written)).chain([last]).collect();
        assert!(order.check(&lines).is_legal());
        lines.swap(FRAMES, FRAMES + 1);
        assert!(!order.check(&lines).is_legal());
    }
}
