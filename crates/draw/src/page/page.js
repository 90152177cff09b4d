"use strict";

// The page is complete without this script. The script puts a cursor into the
// pictures that are there and moves it; it knows nothing but what the page
// says. A picture is `data-length` nanoseconds and UNITS units wide, a line of
// output was printed at `data-t`, and of a path's spans `data-a` says what they
// are about: `5.1*3` is the fifth subject, on core 1, and three events in one.
//
// Read in this order: times and words; `Run`, one picture with its output;
// `Stage`, the controls and the runs that follow them; the keyboard; the
// presentation, and what is hidden until it was played; what is set up when the page opens.

const STATES = {
  c: "computing",
  r: "held up: others have the core, the thread or the lock that it needs",
  w: "waiting",
  q: "nothing on record",
};
const UNITS = 100_000;
const WHOLE = 1;
const CLOSEST = 256;
/** How many times as far apart as their letters are high ticks are at least, so that their labels fit between. */
const TICK_WIDTH = 5.8;
/** How wide a digit is beside the height of its letters. */
const DIGIT_WIDTH = 0.56;
/** How wide a picture is at least in which there is room for letters in all events that have some. */
const LETTERS_WIDTH = 700;
/** How high a window is at most that has no room for anything beside a picture; the style sheet knows it, too. */
const LOW = 480;

const isMotionReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A time in nanoseconds, for people. */
function timeText(time) {
  if (time < 1e3) return `${Math.round(time)} ns`;
  if (time < 1e6) return `${(time / 1e3).toFixed(1)} µs`;
  if (time < 1e7) return `${(time / 1e6).toFixed(2)} ms`;
  if (time < 1e10) return `${(time / 1e6).toFixed(1)} ms`;
  return `${(time / 1e9).toFixed(2)} s`;
}

/** A round length of time, at least so long. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least);
}

/** A time on an axis: all of its times have one unit, and as many digits as tell them apart. */
function tickText(time, step, axis) {
  if (time === 0) return "0";
  const [size, unit] = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]].find(([size]) => axis >= 2 * size) ?? [1, "ns"];
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  return `${(time / size).toFixed(digits)} ${unit}`;
}

/** The spans of a path, `M120 0h17m53 0h5` for example: where each starts and ends, in units. */
function spansOf(path, subjects) {
  const abouts = path.dataset.a.split("|");
  const spans = [];
  let [at, about] = [0, ""];
  for (const [, move, length] of path.getAttribute("d").matchAll(/m(\d+) 0h(\d+)/gi)) {
    const start = at + Number(move);
    at = start + Number(length);
    about = abouts[spans.length] || about;
    const [, subject, core, merged] = about.match(/(\d+)(?:\.(\d+))?(?:\*(\d+))?/);
    const [task, step, part, thread] = subjects[subject].split(",");
    const state = path.getAttribute("class")[0];
    spans.push({ path, start, end: at, state, merged, task, step, part, thread, core });
  }
  return spans;
}

/** The columns of a strip's path, `M120 0v-28h180V0z` for example. */
function columnsOf(path) {
  const counts = path.dataset.n.split(",");
  counts.forEach((count, place) => (counts[place] = count || counts[place - 1]));
  const columns = [...path.getAttribute("d").matchAll(/M(\d+) 0v[-.\d]+h(\d+)/g)];
  return columns.map(([, start, length], place) =>
    ({ path, start: Number(start), end: Number(start) + Number(length), count: counts[place] }));
}

/** Of things in the order of their starts, the one at a place, or the next one. */
function firstAt(things, place) {
  let [low, high] = [0, things.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (things[middle].end <= place) low = middle + 1;
    else high = middle;
  }
  return things[low];
}

/** One picture with its output. */
class Run {
  constructor(root, axis) {
    this.root = root;
    this.title = root.dataset.title;
    this.length = Number(root.dataset.length);
    /** How long the time axis is that the run is shown on. */
    this.axis = axis ?? this.length;
    this.viewport = root.querySelector(".viewport");
    this.track = root.querySelector(".track");
    this.svg = root.querySelector(".lanes");
    this.svg.style.width = `${(this.length / this.axis) * 100}%`;
    if (this.length < this.axis) this.svg.append(endOfRun(this.svg));
    this.cursor = this.track.appendChild(element("div", "cursor"));
    this.future = this.track.appendChild(element("div", "future"));
    this.lines = [...root.querySelectorAll(".output li")];
    this.times = this.lines.map((line) => Number(line.dataset.t));
    this.viewport.tabIndex = 0;
    this.viewport.setAttribute("role", "group");
    this.viewport.setAttribute("aria-label", `Events of ${this.title}: arrow keys walk from one to the next`);
  }

  /** Shows the run as it was at a time. */
  show(time, atEnd) {
    const place = `${(time / this.axis) * 100}%`;
    this.cursor.style.left = place;
    this.future.style.left = place;
    this.root.classList.toggle("at-end", atEnd);
    let latest = -1;
    this.lines.forEach((line, number) => {
      const isLater = this.times[number] > time;
      line.classList.toggle("later", isLater);
      if (!isLater && (latest < 0 || this.times[number] >= this.times[latest])) latest = number;
    });
    this.lines.forEach((line, number) => line.classList.toggle("latest", !atEnd && number === latest));
    if (!atEnd && latest >= 0) scrollInside(this.lines[latest]);
  }

  /** How many tasks were in progress, and how many threads executing, at a time. */
  counts(time) {
    const at = (time / this.length) * UNITS;
    return [".up", ".down"].map((name) => {
      const column = firstAt(this.things(this.svg.querySelector(`.levels${name}`)), at);
      return column && column.start <= at ? column.count : "0";
    });
  }

  /** The spans of a lane, or the columns of a strip, in the order of time. */
  things(group) {
    this.known ??= new Map();
    if (!this.known.has(group)) {
      const subjects = this.svg.dataset.about.split("|");
      const read = (path) => (group.matches(".lane") ? spansOf(path, subjects) : columnsOf(path));
      const things = [...group.querySelectorAll("path")].flatMap(read);
      this.known.set(group, things.sort((a, b) => a.start - b.start));
    }
    return this.known.get(group);
  }

  /** From when to when something was so that the verdict rests on. */
  proofs() {
    const bands = [...this.svg.querySelectorAll(".band")];
    return bands.map(({ dataset }) => ({ start: Number(dataset.t), end: Number(dataset.end) }));
  }

  /** Makes the picture wider, with the moment under the cursor where it is. */
  zoom(factor, time) {
    this.track.style.width = `${factor * 100}%`;
    this.follow(time, true);
    this.setTicks();
  }

  /** Draws as many ticks as there is room for, to the end of the axis, where they are in sight or nearly. */
  setTicks() {
    const width = this.track.clientWidth;
    if (!width) return;
    this.root.classList.toggle("tight", (width * this.length) / this.axis < LETTERS_WIDTH);
    this.svg.querySelectorAll(".tick.drawn").forEach((tick) => tick.remove());
    const letters = parseFloat(getComputedStyle(this.svg.querySelector(".tick:not(.drawn) text")).fontSize);
    const step = roundStep((this.axis / width) * TICK_WIDTH * letters);
    const { scrollLeft, clientWidth } = this.viewport;
    const timeOf = (place) => (place / width) * this.axis;
    const first = Math.max(0, Math.floor(timeOf(scrollLeft - clientWidth) / step));
    const last = Math.min(this.axis, timeOf(scrollLeft + 2 * clientWidth)) / step;
    for (let number = first; number <= last; number++) this.drawTick(number * step, step, letters);
  }

  /** Draws a tick of the axis: one that the page has, put elsewhere. */
  drawTick(time, step, letters) {
    const shipped = this.svg.querySelector(".tick:not(.drawn)");
    const tick = shipped.cloneNode(true);
    const text = tick.querySelector("text");
    const share = time / this.axis;
    text.textContent = tickText(time, step, this.axis);
    // The picture has a padding of six pixels.
    const half = (DIGIT_WIDTH * letters * text.textContent.length) / 2;
    const isLast = (1 - share) * this.track.clientWidth < half - 6;
    tick.setAttribute("class", "tick drawn");
    tick.setAttribute("x", `${(time / this.length) * 100}%`);
    text.setAttribute("text-anchor", time === 0 ? "start" : isLast ? "end" : "middle");
    this.svg.prepend(tick);
  }

  /** Scrolls to where the cursor is, if it is out of sight. */
  follow(time, always) {
    const place = (time / this.axis) * this.track.clientWidth;
    const { scrollLeft, clientWidth } = this.viewport;
    if (always || place < scrollLeft || place > scrollLeft + clientWidth) {
      this.viewport.scrollLeft = place - clientWidth / 3;
    }
  }

  /** The time at a place on the screen. */
  timeAt(x) {
    const box = this.track.getBoundingClientRect();
    return Math.min(Math.max((x - box.left) / box.width, 0), 1) * this.axis;
  }

  /** The span or column at a place on the screen, or within a few pixels of it. */
  thingAt(x, y) {
    const box = this.svg.getBoundingClientRect();
    const down = ((y - box.top) / box.height) * Number(this.svg.getAttribute("height"));
    const isHere = ({ dataset: { top, height } }) =>
      down >= Number(top) && down < Number(top) + Number(height);
    const group = [...this.svg.querySelectorAll(".lane, .levels")].find(isHere);
    if (!group) return undefined;
    const unit = box.width / UNITS;
    const at = (x - box.left) / unit;
    const things = this.things(group);
    const next = firstAt(things, at - 3 / unit);
    const after = things[things.indexOf(next) + 1];
    if (after && after.start <= at) return after;
    return next && next.start <= at + 3 / unit ? next : undefined;
  }

  /** What a span or a column is about, in words. */
  describe(thing) {
    const [start, end] = [thing.start, thing.end].map((units) => (units / UNITS) * this.length);
    const when = `from ${timeText(start)} to ${timeText(end)}, for ${timeText(end - start)}`;
    if (thing.count) {
      const isUp = thing.path.closest(".up");
      return `${thing.count} ${isUp ? "tasks in progress" : "threads executing"}, ${when}`;
    }
    const state = STATES[thing.state];
    const merged = `mostly ${state} (${thing.merged} events, too short to tell apart)`;
    return `${this.owner(thing)}: ${thing.merged ? merged : state}${this.about(thing)}, ${when}`;
  }

  about({ path, task, step, part, thread, core }) {
    const isLane = (kind) => path.closest(".lane").classList.contains(kind);
    const words = [];
    if (task && !isLane("task")) words.push(this.name("task", task));
    if (step) words.push(`step ${step}`);
    if (part) words.push(`part ${part}`);
    if (thread && !isLane("thread")) words.push(`on ${this.name("thread", thread)}`);
    if (core && !isLane("core")) words.push(`on core ${core}`);
    return words.length ? ` (${words.join(", ")})` : "";
  }

  describeLine(time) {
    const line = this.lines[this.times.indexOf(time)];
    const text = line ? `printed “${line.querySelector("span").textContent}”` : "a line was printed";
    return `${timeText(time)}: ${text}`;
  }

  /** Who did it: the lane, or, as threads that follow one another share a lane, the thread. */
  owner({ path, thread }) {
    const lane = path.closest(".lane");
    return lane.matches(".thread") ? this.name("thread", thread).replace("t", "T") : lane.dataset.name;
  }

  name(kind, number) {
    const names = JSON.parse(this.svg.dataset[kind === "task" ? "tasks" : "threads"]);
    return `${kind} ${names[number] ?? number}`;
  }

  /** The event next to the chosen one: `along` the lane, or `across` lanes. */
  neighbour(chosen, along, across) {
    const lanes = [...this.svg.querySelectorAll(".lane")].filter((lane) => this.things(lane).length);
    if (!chosen) return lanes.length ? this.things(lanes[0])[0] : undefined;
    const lane = chosen.path.closest(".lane") ?? lanes[0];
    const spans = this.things(lane);
    if (along) return spans[spans.indexOf(chosen) + along] ?? chosen;
    const next = lanes[lanes.indexOf(lane) + across];
    return next ? firstAt(this.things(next), chosen.start) ?? this.things(next).at(-1) : chosen;
  }

  /** Puts a frame around an event. */
  frame(thing) {
    this.chosen ??= this.svg.appendChild(svgElement("rect", "chosen"));
    const { top, height } = thing.path.closest(".lane, .levels").dataset;
    this.chosen.setAttribute("x", `${(thing.start / UNITS) * 100}%`);
    this.chosen.setAttribute("width", `${((thing.end - thing.start) / UNITS) * 100}%`);
    this.chosen.setAttribute("y", Number(top) + 2);
    this.chosen.setAttribute("height", Number(height) - 4);
  }
}

/** Controls, and the runs that follow them. */
class Stage {
  constructor(root) {
    this.root = root;
    root.stage = this;
    root.prepend(document.getElementById("controls").content.cloneNode(true));
    root.append(root.querySelector(".settings"));
    this.details = root.appendChild(element("p", "details"));
    this.details.setAttribute("role", "status");
    this.control = (name) => root.querySelector(`:is(.controls, .settings) .${name}`);
    this.listen();
  }

  /** Takes on some runs, with the cursor at their end, where everything shows. */
  follow(runs) {
    this.pause();
    this.runs = runs;
    this.length = Math.max(...runs.map((run) => run.length));
    this.factor = WHOLE;
    // A run takes some ten seconds to watch.
    const speeds = [...this.control("speed").options].map((option) => Number(option.value));
    const speed = speeds.find((speed) => this.length / 1e9 / speed >= 7) ?? speeds.at(-1);
    this.control("speed").value = String(speed);
    const hasProof = runs.some((run) => run.proofs().length);
    this.control("to-proof").hidden = !hasProof;
    this.control("proof-choice").hidden = !hasProof;
    this.control("edge-choice").hidden = !runs.some((run) => run.svg.querySelector(".edge.kept"));
    this.runs.forEach((run) => this.listenTo(run));
    this.watchWidth();
    this.seek(this.length);
  }

  /** The section of the run, if it is one that stands alone. */
  get section() {
    return this.root.closest(".lesson");
  }

  /** Hides what happened until it was played, or shows it. */
  predict(isHidden) {
    this.pause();
    this.veil(isHidden);
    this.seek(isHidden ? 0 : this.length);
  }

  /** Keeps what happened from whoever looks, and its summary from whoever has the page read out. */
  veil(isHidden) {
    this.section?.classList.toggle("unplayed", isHidden);
    this.runs.forEach((run) => run.svg.setAttribute("aria-hidden", String(isHidden)));
  }

  /** Whether something is still to come, and nobody is to know. */
  isHidden(time) {
    return time > this.time && this.section?.matches(".unplayed");
  }

  /** Draws the axes anew whenever there is more room for them, or less. */
  watchWidth() {
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.runs.forEach((run) => run.setTicks()));
    this.runs.forEach((run) => this.observer.observe(run.viewport));
    this.runs.forEach((run) => run.setTicks());
  }

  /** Runs on one axis stay side by side when one of them is scrolled. */
  scrollLike(run) {
    this.runs.forEach((other) => (other.viewport.scrollLeft = run.viewport.scrollLeft));
    this.runs.forEach((other) => other.setTicks());
  }

  /** Moves the cursor to a time. */
  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.length);
    const atEnd = this.time >= this.length;
    if (atEnd) this.veil(false);
    const shown = this.playing && isMotionReduced() ? this.momentBefore(this.time) : this.time;
    this.runs.forEach((run) => run.show(shown, atEnd && !this.playing));
    const scrub = this.control("scrub");
    scrub.value = String((this.time / this.length) * 1000);
    const counts = this.runs.map((run) => run.counts(shown));
    const words = counts.map(([tasks, threads]) => `${tasks} in progress, ${threads} executing`).join(" · ");
    scrub.setAttribute("aria-valuetext", `${timeText(shown)}: ${words}`);
    this.control("clock").textContent = `${timeText(shown)} · ${atEnd ? "the end" : words}`;
  }

  /** Where motion is not wanted the cursor stands at the last thing that happened. */
  momentBefore(time) {
    const moments = this.runs.flatMap((run) => run.times).filter((moment) => moment <= time);
    return Math.max(0, ...moments);
  }

  /** Lets so many milliseconds of the spectator's time pass. */
  advance(milliseconds) {
    this.seek(this.time + milliseconds * 1e6 * Number(this.control("speed").value));
    if (this.time >= this.length) this.pause();
    else this.runs.forEach((run) => run.follow(this.time));
  }

  play() {
    if (this.time >= this.length) this.seek(0);
    // Nobody can watch two at once.
    stages().filter((stage) => stage.playing).forEach((stage) => stage.pause());
    this.playing = true;
    this.showPlaying();
    let before;
    const frame = (now) => {
      if (!this.playing) return;
      this.advance(before === undefined ? 0 : now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    // A test holds the clock, and lets time pass by calling `advance` itself.
    if (!window.isClockHeld) requestAnimationFrame(frame);
  }

  pause() {
    this.playing = false;
    this.showPlaying();
    if (this.runs) this.seek(this.time);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  showPlaying() {
    const play = this.control("play");
    play.textContent = this.playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    // A clock that runs is not to be read out with every frame.
    this.control("clock").setAttribute("aria-live", this.playing ? "off" : "polite");
  }

  zoom(by) {
    this.factor = Math.min(Math.max(this.factor * by, WHOLE), CLOSEST);
    this.runs.forEach((run) => run.zoom(this.factor, this.time));
  }

  /** Puts the cursor into the proof, or into the next one, close enough to see it. */
  toProof() {
    const middle = ({ start, end }) => (start + end) / 2;
    const proofs = this.runs.flatMap((run) => run.proofs()).sort((a, b) => middle(a) - middle(b));
    if (!proofs.length) return;
    const isEnd = this.time >= this.length;
    const proof = proofs.find((proof) => !isEnd && middle(proof) > this.time) ?? proofs[0];
    this.pause();
    this.seek(middle(proof));
    const share = (proof.end - proof.start) / this.length;
    this.zoom(2 ** Math.max(0, Math.ceil(Math.log2(0.08 / share))) / this.factor);
  }

  /** Moves the cursor to the line that was printed before or after. */
  toLine(direction) {
    const times = this.runs.flatMap((run) => run.times).sort((a, b) => a - b);
    const next = direction > 0
      ? times.find((time) => time > this.time) ?? this.length
      : times.findLast((time) => time < this.time) ?? 0;
    this.seek(next);
  }

  faster(by) {
    const speed = this.control("speed");
    const next = speed.selectedIndex - by;
    if (next >= 0 && next < speed.options.length) speed.selectedIndex = next;
  }

  toggleEdges() {
    const box = this.control("show-edges");
    box.checked = !box.checked;
    this.root.classList.toggle("show-edges", box.checked);
  }

  /** Shows an event's details, and frames it. */
  choose(run, thing) {
    if (this.isHidden((thing.start / UNITS) * run.length)) return;
    this.chosen = thing;
    this.details.textContent = run.describe(thing);
    run.frame(thing);
  }

  listen() {
    this.control("play").addEventListener("click", () => this.toggle());
    this.control("scrub").addEventListener("input", (event) => {
      this.pause();
      this.seek((Number(event.target.value) / 1000) * this.length);
    });
    this.control("zoom-in").addEventListener("click", () => this.zoom(2));
    this.control("zoom-out").addEventListener("click", () => this.zoom(1 / 2));
    this.control("to-proof").addEventListener("click", () => this.toProof());
    this.control("show-edges").addEventListener("change", (event) =>
      this.root.classList.toggle("show-edges", event.target.checked));
    this.control("show-proof").addEventListener("change", (event) =>
      this.root.classList.toggle("hide-proof", !event.target.checked));
  }

  listenTo(run) {
    const look = (event) => {
      // A mark lies on top of a lane.
      const mark = event.target.closest?.(".marks use");
      const thing = run.thingAt(event.clientX, event.clientY);
      if (mark && this.isHidden(Number(mark.dataset.t))) return;
      if (mark) this.details.textContent = run.describeLine(Number(mark.dataset.t));
      else if (thing) this.choose(run, thing);
    };
    const use = (event) => {
      this.pause();
      this.seek(run.timeAt(event.clientX));
      look(event);
    };
    const isTouch = ({ pointerType }) => pointerType === "touch";
    // A finger that comes down may be about to scroll the page; once it taps, it has not.
    run.track.addEventListener("click", (event) => isTouch(event) && use(event));
    run.track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || isTouch(event)) return;
      use(event);
      run.track.setPointerCapture(event.pointerId);
    });
    run.track.addEventListener("pointermove", (event) => {
      if (isTouch(event)) return;
      if (event.buttons & 1) this.seek(run.timeAt(event.clientX));
      else look(event);
    });
    run.viewport.addEventListener("scroll", () => this.scrollLike(run));
    run.viewport.addEventListener("keydown", (event) => this.walk(run, event));
  }

  /** The arrow keys walk from event to event where a picture has the focus. */
  walk(run, event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const isHere = this.chosen && run.svg.contains(this.chosen.path);
    if (steps[event.key] && !event.shiftKey) {
      const thing = run.neighbour(isHere ? this.chosen : undefined, ...steps[event.key]);
      if (thing) this.choose(run, thing);
      run.chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter" && isHere) {
      this.seek((this.chosen.start / UNITS) * run.length);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function svgElement(name, className) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  made.setAttribute("class", className);
  return made;
}

/** A line where a run is over, which is shorter than its axis. */
function endOfRun(svg) {
  const line = svgElement("line", "run-end");
  line.setAttribute("x1", "100%");
  line.setAttribute("x2", "100%");
  line.setAttribute("y2", svg.querySelector(".tick path").getAttribute("d").split("V").at(-1));
  return line;
}

/** Scrolls a line of output into sight, without moving the page. */
function scrollInside(line) {
  const list = line.parentNode;
  if (list.scrollHeight <= list.clientHeight) return;
  list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 2;
}

// The keyboard.

const KEYS = {
  " ": (stage) => stage.toggle(),
  ArrowLeft: (stage, { shiftKey }) => (shiftKey ? stage.toLine(-1) : stage.seek(stage.time - stage.length / 200)),
  ArrowRight: (stage, { shiftKey }) => (shiftKey ? stage.toLine(1) : stage.seek(stage.time + stage.length / 200)),
  Home: (stage) => stage.seek(0),
  End: (stage) => stage.seek(stage.length),
  "+": (stage) => stage.zoom(2),
  "=": (stage) => stage.zoom(2),
  "-": (stage) => stage.zoom(1 / 2),
  ",": (stage) => stage.faster(-1),
  ".": (stage) => stage.faster(1),
  v: (stage) => stage.toProof(),
  e: (stage) => stage.toggleEdges(),
  n: () => toNeighbour(1),
  p: () => toNeighbour(-1),
  PageDown: () => toNeighbour(1),
  PageUp: () => toNeighbour(-1),
  f: () => present(!isPresenting()),
  Escape: () => present(false),
  h: () => predict(!isPredicting()),
};

/** What is done whether or not there is a picture in sight. */
const OF_THE_PAGE = [KEYS.n, KEYS.p, KEYS.PageDown, KEYS.PageUp, KEYS.f, KEYS.Escape, KEYS.h];
/** What is left to the browser while the page is read from top to bottom. */
const OF_THE_PRESENTATION = [KEYS.PageDown, KEYS.PageUp, KEYS.Escape];

const stages = () => [...document.querySelectorAll(".stage")].map((root) => root.stage).filter(Boolean);

function stageOf(target) {
  const section = target.closest?.(".lesson, .compare");
  return section?.querySelector(".stage")?.stage;
}

/** How many pixels of an element's height are in sight. */
function heightInSight(root) {
  const { top, bottom } = root.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0);
}

const isInSight = (root) => root && heightInSight(root) > 0;

/** The stage that keys are meant for: the one with the focus or, where that is out of sight, the one
    of which most is in sight. */
function current() {
  const inSight = stages().filter((stage) => isInSight(stage.root));
  const focused = stageOf(document.activeElement);
  if (inSight.includes(focused)) return focused;
  return inSight.sort((a, b) => heightInSight(b.root) - heightInSight(a.root))[0];
}

function toNeighbour(direction) {
  const sections = [...document.querySelectorAll(".lesson")];
  const focused = document.activeElement.closest(".lesson");
  const place = sections.indexOf(isInSight(focused) ? focused : current()?.root.closest(".lesson") ?? focused);
  const next = sections[Math.min(Math.max(place + direction, 0), sections.length - 1)];
  if (isPresenting()) return show(next);
  next.focus();
  next.scrollIntoView();
  // Where the window is low, or everything in it large, the picture comes first.
  const picture = next.querySelector(".picture");
  if (picture && picture.getBoundingClientRect().bottom > innerHeight) next.querySelector(".stage").scrollIntoView();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("select")) return;
  const isControl = event.target.closest("button, summary, a, input[type=checkbox]");
  if (isControl && event.key === " ") return;
  // The slider has arrow keys of its own.
  if (event.target.matches(".scrub") && /^Arrow|^Home|^End/.test(event.key) && !event.shiftKey) return;
  const action = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  const stage = current();
  // Elsewhere these keys scroll the page.
  const isElsewhere = stageOf(event.target) !== stage && /^Home|^End/.test(event.key);
  if (OF_THE_PRESENTATION.includes(action) && !isPresenting()) return;
  if (!action || isElsewhere || !(stage || OF_THE_PAGE.includes(action))) return;
  event.preventDefault();
  action(stage, event);
}

// A run a screen, for a lecture hall.

const isPresenting = () => document.documentElement.classList.contains("presenting");

/** Begins with the run that is in sight, or ends where it is. */
function present(isOn) {
  const sections = [...document.querySelectorAll(".lesson")];
  const last = document.querySelector(".on-stage");
  const inSight = current()?.section ?? sections[0];
  stages().forEach((stage) => stage.pause());
  document.documentElement.classList.toggle("presenting", isOn);
  // Code that is beside the lanes is there to be read.
  document.querySelectorAll("details.code").forEach((code) => (code.open = isOn));
  if (isOn) show(inSight);
  else last?.classList.remove("on-stage");
  fitPictures();
  if (!isOn) last?.scrollIntoView();
}

/** Puts a run on the screen, and no other. */
function show(section) {
  const sections = [...document.querySelectorAll(".lesson")];
  stages().filter((stage) => stage.playing).forEach((stage) => stage.pause());
  sections.forEach((other) => other.classList.toggle("on-stage", other === section));
  const place = sections.indexOf(section) + 1;
  document.querySelector(".slides .place").textContent = `${place} of ${sections.length}`;
  document.querySelector(".slides .previous").disabled = place === 1;
  document.querySelector(".slides .next").disabled = place === sections.length;
  section.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Makes pictures as large as the room for them, down to their time axis: what is more is below. */
function fitPictures() {
  const isLow = innerHeight <= LOW;
  const [room, least, most] = isLow ? [innerHeight - (isPresenting() ? 96 : 64), 0.5, 1] : isPresenting() ? [innerHeight - 345, 0.9, 2] : [0, 1, 1];
  for (const picture of document.querySelectorAll(".picture")) {
    const scale = room / parseFloat(picture.style.getPropertyValue("--main"));
    picture.style.setProperty("--scale", Math.min(Math.max(scale, least), most));
  }
}

// What a run did is hidden until somebody has played it.

const isPredicting = () => document.documentElement.classList.contains("predicting");

function predict(isOn) {
  document.documentElement.classList.toggle("predicting", isOn);
  document.querySelectorAll(".predict").forEach((box) => (box.checked = isOn));
  document.querySelectorAll("details.answer").forEach((answer) => (answer.open = isOn));
  stages().filter((stage) => stage.section).forEach((stage) => stage.predict(isOn));
}

// Two runs on one time axis.

/** Whether a section has a picture of its run: where no trace was recorded there is none. */
const hasPicture = (section) => section.querySelector(".stage") !== null;

function setUpComparison(sections) {
  const compare = document.getElementById("compare");
  if (sections.filter(hasPicture).length < 2) {
    compare.remove();
    return;
  }
  const choices = ["left", "right"].map((id) => document.getElementById(id));
  for (const choice of choices) {
    sections.forEach((section, number) => {
      if (hasPicture(section)) choice.add(new Option(section.dataset.title, String(number)));
    });
  }
  compare.dataset.compared.split(" ").forEach((number, place) => {
    if (hasPicture(sections[Number(number)])) choices[place].value = number;
  });
  const stage = new Stage(compare.querySelector(".stage"));
  const runs = element("div", "runs");
  stage.details.before(runs);
  const show = () => {
    const copies = choices.map((choice) => copyOfRun(sections[Number(choice.value)]));
    runs.replaceChildren(...copies);
    const axis = Math.max(...copies.map((copy) => Number(copy.dataset.length)));
    stage.follow(copies.map((copy) => new Run(copy, axis)));
  };
  choices.forEach((choice) => choice.addEventListener("change", show));
  document.getElementById("stacked").addEventListener("change", (event) =>
    runs.classList.toggle("stacked", event.target.checked));
  show();
}

/** A run as the page has it, with its name, and without what a stage has added. */
function copyOfRun(section) {
  const copy = section.querySelector(".run").cloneNode(true);
  copy.querySelectorAll(".cursor, .future").forEach((added) => added.remove());
  copy.querySelectorAll(".chosen, .tick.drawn").forEach((added) => added.remove());
  copy.querySelector(".track").style.width = "";
  const title = element("p", "run-title");
  title.textContent = section.dataset.title;
  copy.prepend(title);
  return copy;
}

function setUp() {
  document.documentElement.classList.add("has-script");
  const sections = [...document.querySelectorAll(".lesson")];
  for (const section of sections.filter(hasPicture)) {
    new Stage(section.querySelector(".stage")).follow([new Run(section.querySelector(".run"))]);
  }
  setUpComparison(sections);
  document.querySelector(".present").addEventListener("click", () => present(true));
  document.querySelector(".leave").addEventListener("click", () => present(false));
  document.querySelector(".next").addEventListener("click", () => toNeighbour(1));
  document.querySelector(".previous").addEventListener("click", () => toNeighbour(-1));
  document.querySelectorAll(".predict").forEach((box) =>
    box.addEventListener("change", () => predict(box.checked)));
  addEventListener("resize", fitPictures);
  fitPictures();
  document.addEventListener("keydown", onKey);
}

setUp();
