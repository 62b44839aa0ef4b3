/** What a reader answers with, a control for every kind of question. */

import { make, makeButton, makeChoice, makeSlider } from "./elements.js";
import { drawStroke, fillGaps, shareOf, valueAt } from "../numerics/predictions.js";
import { listen } from "./listening.js";
import { makePlot } from "./plot.js";
import { sayNumber } from "./numbers.js";

/**
 * @typedef {import("../traits.d.ts").PredictionTraits} Traits
 * @typedef {import("../numerics/predictions.js").Axis} Axis
 * @typedef {object} Answer
 * @property {HTMLElement} root
 * @property {() => number[]} guess empty as long as nothing has been chosen; an order is one from the start
 * @property {(guess: number[], truth: number[] | null) => void} show the truth once it may be seen
 */

const POSITIONS = 200; // of a slider
const MOST_KNOTS = 8; // of a curve that is drawn by keys

/**
 * @param {AbortSignal} signal
 * @param {Pick<Traits, "kind" | "question" | "options" | "axes" | "positions">} asked
 * @param {() => void} onAnswer
 * @returns {Answer}
 */
export function makeAnswer(signal, asked, onAnswer) {
  switch (asked.kind) {
    case "choice":
      return makeOptions(signal, asked.options, onAnswer);
    case "order":
      return makeOrder(signal, asked.options, onAnswer);
    case "number":
      return makeNumberLine(signal, asked.axes[0], onAnswer);
    case "point":
      return makePoint(signal, asked.question, asked.axes, onAnswer);
    default:
      return makeCurve(signal, asked.question, asked.axes, asked.positions, onAnswer);
  }
}

/** @param {AbortSignal} signal @param {string[]} options @param {() => void} onAnswer @returns {Answer} */
function makeOptions(signal, options, onAnswer) {
  const choice = makeChoice({ label: "your answer", options });
  listen(signal, choice.root, "change", onAnswer);
  return {
    root: choice.root,
    guess: () => choice.inputs.flatMap((input, i) => (input.checked ? [i] : [])),
    show(guess, truth) {
      choice.value = guess.length ? options[guess[0]] : "";
      choice.labels.forEach((label, i) => {
        label.classList.toggle("lae-true", truth?.[0] === i);
        choice.inputs[i].disabled = truth !== null;
      });
    },
  };
}

/** @param {AbortSignal} signal @param {string[]} options @param {() => void} onAnswer @returns {Answer} */
function makeOrder(signal, options, onAnswer) {
  const list = make("ol", { class: "lae-order" });
  let order = options.map((_, i) => i);
  /** @param {number} from @param {number} to */
  const move = (from, to) => {
    order.splice(to, 0, ...order.splice(from, 1));
    draw(null);
    onAnswer();
    const [up, down] = list.children[to].querySelectorAll("button");
    const same = to < from ? up : down;
    (same.disabled ? (to < from ? down : up) : same).focus();
  };
  /** @param {number[] | null} truth */
  const draw = (truth) =>
    list.replaceChildren(
      ...order.map((option, place) => {
        const up = makeButton("↑", { "aria-label": `${options[option]}: earlier` });
        const down = makeButton("↓", { "aria-label": `${options[option]}: later` });
        up.disabled = place === 0 || truth !== null;
        down.disabled = place === order.length - 1 || truth !== null;
        const right = truth ? ` (${truth.indexOf(option) + 1})` : "";
        return make("li", {}, [up, down, make("span", { text: options[option] + right })]);
      }),
    );
  listen(signal, list, "click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (!button) return;
    const place = [...list.children].indexOf(/** @type {Element} */ (button.parentElement));
    move(place, button.nextElementSibling?.matches("button") ? place - 1 : place + 1);
  });
  return {
    root: list,
    guess: () => [...order],
    show(guess, truth) {
      if (guess.length) order = guess.map(Number);
      draw(truth);
    },
  };
}

/** @param {AbortSignal} signal @param {Axis} axis @param {() => void} onAnswer @returns {Answer} */
function makeNumberLine(signal, axis, onAnswer) {
  /** @param {number} position */
  const value = (position) => Number(valueAt(axis, position / POSITIONS).toPrecision(3));
  let touched = false;
  const slider = makeSlider({
    label: axis.label || "your number",
    min: 0,
    max: POSITIONS,
    say: (position) => (touched ? sayNumber(value(position)) : "?"),
  });
  const mark = make("span", { class: "lae-truth", "aria-hidden": "true" });
  const track = make("div", { class: "lae-track" }, [mark]);
  const [low, high] = axis.limits.map(sayNumber);
  const root = make("div", { class: "lae-number-line" }, [
    slider.root,
    track,
    make("p", { class: "lae-small lae-ends" }, [
      make("span", { text: low }),
      make("span", { text: high }),
    ]),
  ]);
  listen(signal, slider.input, "input", () => {
    touched = true;
    slider.sayValue();
    onAnswer();
  });
  return {
    root,
    guess: () => (touched ? [value(slider.value)] : []),
    show(guess, truth) {
      touched = guess.length > 0;
      slider.value = Math.round(POSITIONS * (touched ? shareOf(axis, guess[0]) : 0.5));
      slider.input.disabled = truth !== null;
      mark.hidden = truth === null;
      if (truth) mark.style.left = `${100 * shareOf(axis, truth[0])}%`;
    },
  };
}

/**
 * A point, by pointer in the plane or by two sliders.
 *
 * @param {AbortSignal} signal
 * @param {string} title
 * @param {Axis[]} axes
 * @param {() => void} onAnswer
 * @returns {Answer}
 */
function makePoint(signal, title, axes, onAnswer) {
  const plot = makePlot({ title: axes[1].label, xLabel: axes[0].label, height: 240 });
  plot.svg.setAttribute("aria-label", title);
  /** @type {number[]} */
  let point = [];
  let open = true;
  const sliders = axes.map((axis, i) =>
    makeSlider({
      label: axis.label || (i ? "up" : "to the right"),
      min: 0,
      max: POSITIONS,
      say: () => (point.length ? sayNumber(point[i]) : "?"),
    }),
  );
  /** @param {number[] | null} truth */
  const draw = (truth) => {
    plot.draw({
      x: axes[0].limits,
      y: axes[1].limits,
      series: keepDrawn([
        { label: "your point", colour: "first", shape: "dots", points: pair(point) },
        { label: "where it is", colour: "fourth", shape: "rings", points: pair(truth ?? []) },
      ]),
    });
    sliders.forEach((slider, i) => {
      slider.value = Math.round(POSITIONS * (point.length ? shareOf(axes[i], point[i]) : 0.5));
      slider.input.disabled = truth !== null;
    });
    open = truth === null;
  };
  /** @param {number[]} next */
  const set = (next) => {
    point = next.map((value) => Number(value.toPrecision(3)));
    draw(null);
    onAnswer();
  };
  sliders.forEach((slider) =>
    listen(signal, slider.input, "input", () =>
      set(sliders.map((one, i) => valueAt(axes[i], one.value / POSITIONS))),
    ),
  );
  followPen(signal, plot, (x, y) => open && set([x, y]));
  return {
    root: make("div", {}, [
      plot.root,
      make(
        "div",
        { class: "lae-row" },
        sliders.map((s) => s.root),
      ),
    ]),
    guess: () => [...point],
    show(guess, truth) {
      if (guess.length) point = [...guess];
      draw(truth);
    },
  };
}

/**
 * Without what has no point yet: the legend would name what is not to be seen.
 *
 * @param {import("./plot.js").Series[]} series
 */
const keepDrawn = (series) =>
  series.filter(({ points }) => points.some(([, y]) => Number.isFinite(y)));

/** @param {number[]} point @returns {[number, number][]} */
const pair = (point) => (point.length ? [[point[0], point[1]]] : []);

/**
 * A curve, drawn with the pointer or by a slider at some of its places.
 *
 * @param {AbortSignal} signal
 * @param {string} title
 * @param {Axis[]} axes
 * @param {number[]} positions
 * @param {() => void} onAnswer
 * @returns {Answer}
 */
function makeCurve(signal, title, [across, up], positions, onAnswer) {
  const plot = makePlot({ title: up.label, xLabel: across.label, yLog: up.log, height: 240 });
  plot.svg.setAttribute("aria-label", title);
  const empty = positions.map(() => NaN);
  let drawn = empty; // where the reader has been; heights has the nearest of it elsewhere
  let heights = empty;
  let open = true;
  const count = Math.min(MOST_KNOTS, positions.length);
  const knots = Array.from({ length: count }, (_, j) =>
    Math.round((j * (positions.length - 1)) / (count - 1)),
  );
  const sliders = knots.map((i) =>
    makeSlider({
      label: `at ${sayNumber(positions[i])}`,
      min: 0,
      max: POSITIONS,
      say: () => (Number.isFinite(heights[i]) ? sayNumber(heights[i]) : "?"),
    }),
  );
  /** @param {number[]} values @returns {[number, number][]} */
  const points = (values) => values.map((height, i) => [positions[i], height]);
  /** @param {number[] | null} truth */
  const draw = (truth) => {
    plot.draw({
      x: across.limits,
      y: up.limits,
      series: keepDrawn([
        { label: "your curve", colour: "first", shape: "dashes", points: points(heights) },
        { label: "what is", colour: "fourth", shape: "line", points: truth ? points(truth) : [] },
      ]),
    });
    sliders.forEach((slider, j) => {
      const height = heights[knots[j]];
      slider.value = Math.round(POSITIONS * (Number.isFinite(height) ? shareOf(up, height) : 0.5));
      slider.input.disabled = truth !== null;
    });
    open = truth === null;
  };
  const changed = () => {
    heights = fillGaps(drawn);
    draw(null);
    onAnswer();
  };
  sliders.forEach((slider, j) =>
    listen(signal, slider.input, "input", () => {
      const height = valueAt(up, slider.value / POSITIONS);
      drawn = heights.map((old) => (Number.isFinite(old) ? old : height));
      for (const next of [j - 1, j + 1]) {
        const i = knots[next];
        const there = /** @type {[number, number]} */ ([positions[i], drawn[i]]);
        if (i !== undefined) drawStroke(positions, drawn, there, [positions[knots[j]], height]);
      }
      changed();
    }),
  );
  followPen(signal, plot, (x, y, last) => {
    if (!open) return;
    drawn = [...drawn];
    /** @param {number} height */
    const within = (height) => Math.min(Math.max(height, up.limits[0]), up.limits[1]);
    const [from, before] = last ?? [x, y];
    drawStroke(positions, drawn, [from, within(before)], [x, within(y)]);
    changed();
  });
  return {
    root: make("div", { class: "lae-curve" }, [
      plot.root,
      make("details", {}, [
        make("summary", { text: "Draw it by keys" }),
        make(
          "div",
          { class: "lae-row" },
          sliders.map((slider) => slider.root),
        ),
      ]),
    ]),
    guess: () => (heights.every(Number.isFinite) ? [...heights] : []),
    show(guess, truth) {
      if (guess.length) drawn = heights = [...guess];
      draw(truth);
    },
  };
}

/**
 * Call back with the place in the plot wherever the pointer is pressed or drawn along.
 *
 * @param {AbortSignal} signal
 * @param {import("./plot.js").Plot} plot
 * @param {(x: number, y: number, last: [number, number] | null) => void} onPen
 */
function followPen(signal, plot, onPen) {
  /** @type {[number, number] | null} */
  let last = null;
  /** @param {PointerEvent} event */
  const pen = (event) => {
    const [x, y] = plot.locate(event.clientX, event.clientY);
    onPen(x, y, last);
    last = [x, y];
  };
  plot.svg.classList.add("lae-pen");
  listen(signal, plot.svg, "pointerdown", (event) => {
    plot.svg.setPointerCapture(event.pointerId);
    last = null;
    pen(event);
  });
  listen(signal, plot.svg, "pointermove", (event) => last && pen(event));
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    listen(signal, plot.svg, end, () => {
      last = null;
    });
  }
}
