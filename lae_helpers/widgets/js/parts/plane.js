/** A square of the plane with a cloud of points in it, lines and grips over it. */

import { make } from "./elements.js";
import { directionAt } from "../numerics/cloud.js";
import { REACH } from "../numerics/constants.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";
const FAR = 4 * REACH;
const INSIDE = 0.9 * REACH; // a square for handles and names
const BESIDE = 0.25;
const HEAD = 0.25;

/** @typedef {import("../numerics/cloud.js").Point} Point */

/** A square from -REACH to REACH; what is drawn is SVG of the plane's own coordinates. */
export function makePointPlane() {
  const svg = document.createElementNS(SVG_NAMES, "svg");
  svg.setAttribute("viewBox", `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`);
  svg.setAttribute("aria-hidden", "true");
  const group = document.createElementNS(SVG_NAMES, "g");
  group.setAttribute("transform", "scale(1 -1)");
  svg.append(group);
  const root = make("div", { class: "lae-points" }, [svg]);
  const axes = drawStroke("lae-axes", `M${-FAR} 0H${FAR}M0 ${-FAR}V${FAR}`);
  return {
    root,
    /** @param {string[]} strokes */
    draw(strokes) {
      group.innerHTML = axes + strokes.join("");
    },
  };
}

/** @param {HTMLElement} element @param {Point} point in the plane */
export function placeOn(element, [x, y]) {
  element.style.left = `${(50 * (1 + x / REACH)).toFixed(3)}%`;
  element.style.bottom = `${(50 * (1 + y / REACH)).toFixed(3)}%`;
}

/**
 * @param {string} name
 * @param {Point} from
 * @param {Point} by
 */
export function drawArrow(name, from, by) {
  const [tip, length] = [goFrom(from, by, 1), Math.hypot(...by)];
  if (length < 1e-3) return "";
  const [dx, dy] = [by[0] / length, by[1] / length];
  const head = Math.min(HEAD, length / 2);
  /** @param {number} side @returns {Point} */
  const barb = (side) => [
    tip[0] - head * (dx + side * dy * 0.6),
    tip[1] - head * (dy - side * dx * 0.6),
  ];
  return drawStroke(name, `M${say(from)}L${say(tip)}M${say(barb(1))}L${say(tip)}L${say(barb(-1))}`);
}

/** @param {number} x from 0 to 1 @param {number} y @returns {Point} in the plane */
export const pointAt = (x, y) => [REACH * (2 * x - 1), REACH * (2 * y - 1)];

/** @param {string} name of its class @param {string} d */
export const drawStroke = (name, d) => `<path class="${name}" d="${d}"/>`;

/** @param {string} name @param {Point[]} points dots of a size that the style sheet gives */
export const drawDots = (name, points) =>
  drawStroke(name, points.map((point) => `M${say(point)}h0`).join(""));

/** @param {string} name @param {[Point, Point][]} pairs segments between them */
export const drawSegments = (name, pairs) =>
  drawStroke(name, pairs.map(([from, to]) => `M${say(from)}L${say(to)}`).join(""));

/** @param {string} name @param {Point} through @param {Point[]} directions whole lines */
export const drawLines = (name, [x, y], directions) =>
  drawSegments(
    name,
    directions.map(([dx, dy]) => [
      [x - FAR * dx, y - FAR * dy],
      [x + FAR * dx, y + FAR * dy],
    ]),
  );

/** @param {Point} point */
const say = ([x, y]) => `${x.toFixed(4)} ${y.toFixed(4)}`;

/**
 * A name near the rim, beside a line.
 *
 * @param {HTMLElement} plane
 * @param {string} name
 */
export function makeLabel(plane, name) {
  const root = make("span", { class: "lae-name", "aria-hidden": "true", text: name });
  plane.append(root);
  return {
    root,
    /** @param {Point} middle @param {number} angle */
    draw(middle, angle) {
      const direction = directionAt(angle);
      const [x, y] = goFrom(middle, direction, 0.85 * wayOut(middle, direction));
      placeOn(root, [x - BESIDE * direction[1], y + BESIDE * direction[0]]);
    },
  };
}

/** @param {Point} point @param {Point} direction @param {number} far @returns {Point} */
export const goFrom = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];

/** How far it is to near the rim. @param {Point} point @param {Point} direction */
export const wayOut = (point, direction) =>
  Math.min(
    ...direction.map((d, i) =>
      Math.abs(d) < 1e-9 ? Infinity : (Math.sign(d) * INSIDE - point[i]) / d,
    ),
  );
