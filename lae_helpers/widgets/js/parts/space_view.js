/** An ellipsoid with a plane in it, seen from a side that the reader chooses. */

import { makeHandle, moveByKeys } from "./arrow_keys.js";
import { make } from "./elements.js";
import { listen } from "./listening.js";
import { sayFixed } from "./numbers.js";
import { cutEllipsoid, halfAxes } from "../numerics/subspace.js";

const [WIDTH, HEIGHT] = [340, 250];
const REACH = 1.22; // of the longest half axis
const DEGREE = Math.PI / 180;
const STEP = 5; // degrees
const MOST_RISE = 85;
const N_POINTS = 73;
const NAMES = ["u₁", "u₂", "u₃"];
/** @type {Triple[]} */
const UNITS = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * @typedef {import("../numerics/subspace.js").Tall} Tall
 * @typedef {import("../numerics/subspace.js").Triple} Triple
 * @typedef {[number, number]} Pair
 */

/** @param {AbortSignal} signal @param {() => void} onTurn */
export function makeSpaceView(signal, onTurn) {
  const drawing = make("div", { class: "lae-drawing", "aria-hidden": "true" });
  const handle = makeHandle({
    name: "lae-view",
    label: "View of the ellipsoid: left and right turn it, up and down tilt it",
    limit: 180,
  });
  const root = make("div", { class: "lae-space" }, [drawing, handle]);
  let [turn, rise] = [-50, 20];

  /** @param {number} nextTurn @param {number} nextRise */
  const look = (nextTurn, nextRise) => {
    turn = nextTurn - 360 * Math.round(nextTurn / 360);
    rise = Math.max(-MOST_RISE, Math.min(MOST_RISE, nextRise));
    onTurn();
  };
  /** @type {[x: number, y: number, turn: number, rise: number] | null} */
  let held = null;
  listen(signal, handle, "pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    held = [event.clientX, event.clientY, turn, rise];
  });
  listen(signal, handle, "pointermove", (event) => {
    if (!held) return;
    const [x, y, from, above] = held;
    const upDown = event.pointerType === "touch" ? 0 : event.clientY - y; // a finger may scroll
    look(from - (event.clientX - x) / 2, above + upDown / 2);
  });
  listen(signal, handle, "lostpointercapture", () => {
    held = null;
  });
  moveByKeys(signal, handle, {
    onMove(right, up, fine) {
      const step = fine ? 1 : STEP;
      look(Math.max(-180, Math.min(180, turn + step * right)), rise + step * up);
    },
    onRest() {},
  });

  /** @param {Tall} W @param {Triple} spectrum */
  function draw(W, spectrum) {
    const axes = spectrum.map(Math.sqrt);
    const project = makeProjection(turn, rise);
    const scale = WIDTH / 2 / (REACH * axes[0]);
    /** @param {Pair} point in the plane of the picture */
    const put = ([x, y]) =>
      `${(WIDTH / 2 + scale * x).toFixed(1)} ${(HEIGHT / 2 - scale * y).toFixed(1)}`;
    /** @param {Triple} point */
    const place = (point) => put(project(point));
    /** @param {string} name @param {Triple} a @param {Triple} b half axes, if conjugate ones */
    const ellipse = (name, a, b) => {
      const [[ax, ay], [bx, by]] = [project(a), project(b)];
      const dots = trace((c, s) => put([c * ax + s * bx, c * ay + s * by]));
      return `<path class="${name}" d="M${dots.join("L")}Z"/>`;
    };
    /** @param {string} name @param {Triple} vector */
    const diameter = (name, vector) =>
      `<path class="${name}" d="M${place(stretch(vector, -1))}L${place(vector)}"/>`;
    const units = UNITS.map((unit, i) => stretch(unit, axes[i]));
    const [long, short] = halfAxes(W);
    const parts = [
      `<path class="lae-outline" d="M${outlineOf(spectrum, project).map(put).join("L")}Z"/>`,
      ellipse("lae-meridian", units[0], units[2]),
      ellipse("lae-meridian", units[1], units[2]),
      ellipse("lae-principal", units[0], units[1]),
      ...units.map((unit) => diameter("lae-axis", unit)),
      ellipse("lae-cut", ...cutEllipsoid(W, spectrum)),
      ellipse("lae-basis", long, short),
      diameter("lae-label-axis", long),
      diameter("lae-label-axis lae-shorter", short),
      ...units.map((unit, i) => {
        const [x, y] = place(stretch(unit, 1.18)).split(" ");
        return `<text x="${x}" y="${Number(y) + 4}" text-anchor="middle">${NAMES[i]}</text>`;
      }),
    ];
    drawing.innerHTML = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts.join("")}</svg>`;
    handle.setAttribute("aria-valuenow", turn.toFixed(0));
    const seen = `turned by ${sayFixed(turn, 0)}°, seen from ${sayFixed(rise, 0)}° above`;
    handle.setAttribute("aria-valuetext", seen);
  }
  return { root, draw };
}

/** @param {Triple} vector @param {number} by @returns {Triple} */
const stretch = ([x, y, z], by) => [by * x, by * y, by * z];

/**
 * @param {number} turn in degrees, round the third axis @param {number} rise in degrees, above
 * @returns {(point: Triple) => Pair}
 */
function makeProjection(turn, rise) {
  const [sine, cosine] = [Math.sin(turn * DEGREE), Math.cos(turn * DEGREE)];
  const [up, flat] = [Math.cos(rise * DEGREE), -Math.sin(rise * DEGREE)];
  return ([x, y, z]) => [cosine * y - sine * x, flat * (cosine * x + sine * y) + up * z];
}

/** @template Value @param {(cosine: number, sine: number) => Value} at */
function trace(at) {
  return Array.from({ length: N_POINTS }, (_, i) => {
    const angle = (2 * Math.PI * i) / N_POINTS;
    return at(Math.cos(angle), Math.sin(angle));
  });
}

/**
 * The ellipse that is the shadow of the ellipsoid.
 *
 * @param {Triple} spectrum squares of the half axes
 * @param {(point: Triple) => Pair} project
 */
function outlineOf(spectrum, project) {
  const shadows = UNITS.map(project);
  /** @param {0 | 1} a @param {0 | 1} b */
  const gram = (a, b) => shadows.reduce((sum, at, i) => sum + spectrum[i] * at[a] * at[b], 0);
  const first = Math.sqrt(gram(0, 0));
  const low = gram(0, 1) / first;
  const rest = Math.sqrt(gram(1, 1) - low * low);
  return trace((c, s) => /** @type {Pair} */ ([first * c, low * c + rest * s]));
}
