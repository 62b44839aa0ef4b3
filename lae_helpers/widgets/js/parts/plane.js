/** A square of the plane with a cloud of points in it, lines and grips over it. */

import { make } from "./elements.js";
import { REACH } from "../numerics/constants.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";
const FAR = 4 * REACH;

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
