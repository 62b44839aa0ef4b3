/** How far the pairs were apart, from the start to now, with a line where the switch was turned. */

import { make } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [600, 40];
const SHORTEST = 12; // seconds: the least that the width stands for
const FINEST = 0.05; // seconds between two points
const MOST = 800; // points: then every other one goes

/** @typedef {{points: [seconds: number, gap: number][], switches: [seconds: number, on: boolean][]}} Trace */

/** @returns {Trace} */
export const beginTrace = () => ({ points: [], switches: [] });

/** @param {Trace} trace @param {number} seconds since the start @param {number} gap */
export function addPoint(trace, seconds, gap) {
  const last = trace.points[trace.points.length - 1];
  if (last && seconds - last[0] < FINEST) return;
  if (trace.points.length >= MOST) trace.points = trace.points.filter((_, i) => i % 2 === 0);
  trace.points.push([seconds, gap]);
}

export function makeGapTrace() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "lae-gap-trace");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true"); // the sentence says it
  const [curve, marks] = ["curve", "marks"].map((name) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `lae-${name}`);
    svg.append(path);
    return path;
  });
  const root = make("div", { class: "lae-trace" }, [
    make("span", { class: "lae-small", text: "so far" }),
    svg,
  ]);

  /** @param {Trace} trace */
  function draw({ points, switches }) {
    const end = Math.max(SHORTEST, ...points.slice(-1).map(([seconds]) => seconds));
    const most = points.reduce((high, [, gap]) => Math.max(high, gap), 1);
    /** @param {number} seconds */
    const x = (seconds) => ((seconds / end) * WIDTH).toFixed(1);
    const line = points.map(([seconds, gap]) => {
      const y = HEIGHT - 2 - (gap / most) * (HEIGHT - 4);
      return `${x(seconds)} ${y.toFixed(1)}`;
    });
    curve.setAttribute("d", line.length ? `M${line.join("L")}` : "");
    marks.setAttribute("d", switches.map(([seconds]) => `M${x(seconds)} 0V${HEIGHT}`).join(""));
  }
  return { root, draw };
}
