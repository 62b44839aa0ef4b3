/** The plane with the two images of the unit vectors, to be dragged or moved by keys, or turned. */

import { makeHandle, moveByKeys } from "./arrow_keys.js";
import { make } from "./elements.js";
import { multiplyMatrices, rotationBy, snapColumn, snapToSigns } from "../numerics/two_by_two.js";
import { sayFixed, sayNumber } from "./numbers.js";
import { listen } from "./listening.js";

const SIDE = 320;
const STEP = 0.05;
const FINE_STEP = 0.01;
const NAMES = ["Ge₁", "Ge₂"];
const COLOURS = ["first", "second"];
const DEGREES = 5;
const GRIP = 1.05; // of the largest coordinate, from the centre

/**
 * @typedef {import("../numerics/two_by_two.js").Matrix2} Matrix2
 * @typedef {[number, number]} Pair
 * @typedef {(x: number, y: number) => string} ToPoint from the plane to the drawing
 */

/**
 * A column that is dragged snaps to what leaves needles still; keys step past it.
 *
 * @param {AbortSignal} signal
 * @param {{entry: number, getMatrix: () => Matrix2, onMove: (j: number, column: [number, number]) => void,
 *          onTurn: (G: Matrix2) => void, onRest: () => void}} options `entry` is the largest
 *   coordinate; `onMove` says where a column is wanted, `onTurn` which G, both columns turned,
 *   `onRest` that the gesture has ended
 */
export function makeLadderPlane(signal, { entry, getMatrix, onMove, onTurn, onRest }) {
  const reach = 1.25 * entry;
  /** @param {number} x */
  const place = (x) => (SIDE / 2) * (1 + x / reach);
  const drawing = make("div", { class: "lae-drawing", "aria-hidden": "true" });
  const handles = NAMES.map((name, j) =>
    makeHandle({
      name: `lae-handle-${COLOURS[j]}`,
      label: `arrow ${name}, moved by the arrow keys`,
      limit: entry,
    }),
  );
  const grip = makeHandle({ name: "lae-handle-turn", label: "turn both arrows", limit: 180 });
  const root = make("div", { class: "lae-plane" }, [drawing, ...handles, grip]);
  let active = -1;

  /** @param {Matrix2} G @param {boolean} held whether it is at the edge of what is let in */
  function draw(G, held) {
    /** @type {ToPoint} */
    const point = (x, y) => `${place(x).toFixed(2)} ${place(-y).toFixed(2)}`;
    const parts = [
      ...drawFrame(point, entry),
      `<path d="${traceImage(G, point)}" class="lae-image"/>`,
      active < 0 ? "" : drawSingularLine(G, 1 - active, reach, point, held),
      ...[0, 1].map((j) => drawArrow(G, j, point)),
    ];
    drawing.innerHTML = `<svg viewBox="0 0 ${SIDE} ${SIDE}">${parts.join("")}</svg>`;
    handles.forEach((handle, j) => {
      const [x, y] = [G[0][j], G[1][j]];
      handle.style.left = `${(100 * place(x)) / SIDE}%`;
      handle.style.top = `${(100 * place(-y)) / SIDE}%`;
      handle.setAttribute("aria-valuenow", x.toFixed(3));
      handle.setAttribute("aria-valuetext", `x ${sayNumber(x)}, y ${sayNumber(y)}`);
    });
    const length = (GRIP * entry) / Math.hypot(G[0][0], G[1][0]);
    grip.style.left = `${(100 * place(-length * G[0][0])) / SIDE}%`;
    grip.style.top = `${(100 * place(length * G[1][0])) / SIDE}%`;
    grip.setAttribute("aria-valuenow", angleOf(G).toFixed(1));
    grip.setAttribute("aria-valuetext", `Ge₁ at ${sayFixed(angleOf(G), 1)}°`);
  }

  /** @param {PointerEvent} event @returns {Pair} */
  const read = ({ clientX, clientY }) => {
    const { left, top, width } = root.getBoundingClientRect();
    return [
      ((2 * (clientX - left)) / width - 1) * reach,
      (1 - (2 * (clientY - top)) / width) * reach,
    ];
  };

  handles.forEach((handle, j) => {
    /** @type {Pair | null} */
    let offset = null;
    /** @returns {Pair} */
    const column = () => [getMatrix()[0][j], getMatrix()[1][j]];
    listen(signal, handle, "pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      const [x, y] = read(event);
      const [cx, cy] = column();
      offset = [cx - x, cy - y];
    });
    listen(signal, handle, "pointermove", (event) => {
      if (!offset) return;
      const [x, y] = read(event);
      onMove(j, snapColumn(getMatrix(), j, [x + offset[0], y + offset[1]]));
    });
    listen(signal, handle, "lostpointercapture", () => {
      offset = null;
      onRest();
    });
    moveByKeys(signal, handle, {
      onMove(right, up, fine) {
        const step = fine ? FINE_STEP : STEP;
        const [x, y] = column();
        onMove(j, [roundOff(x + step * right), roundOff(y + step * up)]);
      },
      onRest,
    });
    listen(signal, handle, "focus", () => {
      active = j;
      onMove(j, column());
    });
    listen(signal, handle, "blur", () => {
      active = -1;
      onMove(j, column());
      onRest();
    });
  });

  /** @type {{from: Matrix2, angle: number} | null} */
  let turning = null;
  /** @param {Matrix2} from @param {number} angle in degrees */
  const turn = (from, angle) => onTurn(multiplyMatrices(rotationBy(angle), from));
  /** @param {Pair} point */
  const angleAt = ([x, y]) => (Math.atan2(y, x) * 180) / Math.PI;
  listen(signal, grip, "pointerdown", (event) => {
    if (event.button !== 0) return;
    grip.setPointerCapture(event.pointerId);
    turning = { from: getMatrix(), angle: angleAt(read(event)) };
  });
  listen(signal, grip, "pointermove", (event) => {
    if (!turning) return;
    const turned = rotationBy(angleAt(read(event)) - turning.angle);
    onTurn(snapToSigns(multiplyMatrices(turned, turning.from)));
  });
  listen(signal, grip, "lostpointercapture", () => {
    turning = null;
    onRest();
  });
  moveByKeys(signal, grip, {
    onMove(right, up, fine) {
      const step = fine ? 1 : DEGREES;
      const now = angleOf(getMatrix());
      // On a whole number of steps, so that keys, too, come to the four flips of signs.
      const wanted = step * Math.round(now / step + right + up);
      turn(getMatrix(), Math.max(-180, Math.min(180, wanted)) - now);
    },
    onRest,
  });
  return { root, draw };
}

/** Of Ge₁, in degrees. @param {Matrix2} G */
const angleOf = (G) => (Math.atan2(G[1][0], G[0][0]) * 180) / Math.PI;

/** @param {number} x */
const roundOff = (x) => Number(x.toFixed(12));

/**
 * Axes, the unit circle, and where a flip of signs puts the unit vectors.
 *
 * @param {ToPoint} point
 * @param {number} entry
 */
function drawFrame(point, entry) {
  const marks = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 1],
    [0, -1, 1],
  ];
  return [
    `<path d="M${point(-entry, 0)}L${point(entry, 0)}M${point(0, -entry)}L${point(0, entry)}" class="lae-axes"/>`,
    `<path d="${traceImage(
      [
        [1, 0],
        [0, 1],
      ],
      point,
    )}" class="lae-unit"/>`,
    ...marks.map(
      ([x, y, j]) =>
        `<path d="M${point(x, y)}m0 -6l6 6l-6 6l-6 -6z" fill="none" stroke="var(--lae-${COLOURS[j]})"/>`,
    ),
  ];
}

/** The image of the unit circle. @param {Matrix2} G @param {ToPoint} point */
function traceImage([[a, b], [c, d]], point) {
  const dots = Array.from({ length: 97 }, (_, i) => {
    const [x, y] = [Math.cos((2 * Math.PI * i) / 96), Math.sin((2 * Math.PI * i) / 96)];
    return point(a * x + b * y, c * x + d * y);
  });
  return `M${dots.join("L")}Z`;
}

/**
 * The line of the arrow at rest: with the other one on it, det G would be zero.
 *
 * @param {Matrix2} G
 * @param {number} j which arrow is at rest
 * @param {number} reach
 * @param {ToPoint} point
 * @param {boolean} held
 */
function drawSingularLine(G, j, reach, point, held) {
  const length = Math.hypot(G[0][j], G[1][j]);
  const [x, y] = [(G[0][j] / length) * 1.5 * reach, (G[1][j] / length) * 1.5 * reach];
  const far = (-0.55 * reach) / Math.max(Math.abs(x), Math.abs(y));
  const [left, top] = point(far * x, far * y)
    .split(" ")
    .map(Number);
  const above = x * y < 0 ? -1 : 1;
  return (
    `<path d="M${point(-x, -y)}L${point(x, y)}" class="lae-singular${held ? " lae-held" : ""}"/>` +
    `<text x="${left - above * 8}" y="${top - 8}" text-anchor="${above > 0 ? "end" : "start"}">det G = 0</text>`
  );
}

/**
 * An arrow and its name, which keeps to the side where the other arrow is not.
 *
 * @param {Matrix2} G
 * @param {number} j
 * @param {ToPoint} point
 */
function drawArrow(G, j, point) {
  const [x, y] = [G[0][j], G[1][j]];
  const side = (j === 0 ? 1 : -1) * Math.sign(G[0][0] * G[1][1] - G[0][1] * G[1][0]);
  const away = 0.27 / Math.hypot(x, y);
  const [left, top] = point(x + away * (x + side * y), y + away * (y - side * x))
    .split(" ")
    .map(Number);
  const colour = `var(--lae-${COLOURS[j]})`;
  const dashes = j === 1 ? ' stroke-dasharray="7 3"' : "";
  return (
    `<path d="M${point(0, 0)}L${point(x, y)}" stroke="${colour}" stroke-width="3" fill="none"${dashes}/>` +
    `<text x="${left}" y="${top + 5}" text-anchor="middle" style="fill: ${colour}">${NAMES[j]}</text>`
  );
}
