/** The plane of the cloud figure: points, the line with its grip, the mean with its own. */

import { FARTHEST_MEAN, REACH } from "../numerics/constants.js";
import { angleOf, directionAt, dot } from "../numerics/cloud.js";
import { make } from "./elements.js";
import { listen } from "./listening.js";
import { sayFixed } from "./numbers.js";
import { makeGrip, placeIn } from "./grip.js";
import { drawDots, drawLines, drawSegments, makePointPlane, placeOn, pointAt } from "./plane.js";

/** @typedef {import("../numerics/cloud.js").Point} Point */

const INSIDE = 0.9 * REACH; // the grip of the line stays in that square
const LAST = 179; // degrees
const BESIDE = 0.25;

/**
 * @param {AbortSignal} signal
 * @param {object} cloud
 * @param {() => {angle: number, mean: Point}} cloud.read
 * @param {(angle: number) => void} cloud.turnTo
 * @param {(mean: Point) => void} cloud.moveTo
 * @param {() => void} cloud.keep
 */
export function makeCloudBoard(signal, { read, turnTo, moveTo, keep }) {
  const plane = makePointPlane();
  /** @type {Point} */
  let middle = [0, 0];
  let shown = 0; // the angle of the grip, on one of the two ends of the line

  /** @param {number} x @param {number} y */
  const aimAt = (x, y) => {
    const [px, py] = pointAt(x, y);
    const [dx, dy] = [px - middle[0], py - middle[1]];
    shown = (Math.atan2(dy, dx) * 180) / Math.PI;
    turnTo(Math.round(angleOf([dx, dy])));
  };
  const line = makeGrip(signal, plane.root, {
    label: "Angle of the line",
    name: "lae-line-grip",
    limit: 180,
    drag: aimAt,
    step: (right, up, fine) => {
      const by = right + up;
      if (Number.isFinite(by)) turnTo(read().angle + by * (fine ? 0.1 : 1));
      else turnTo(by < 0 ? 0 : LAST);
    },
    keep,
  });
  line.root.setAttribute("aria-valuemin", "0");
  const mean = makeMeanGrip(signal, plane.root, () => read().mean, moveTo, keep);
  const [best, first] = ["", "u₁"].map((name) => makeLabel(plane.root, name));
  listen(signal, plane.root, "click", (event) => {
    if (event.target === line.root || event.target === mean.root) return;
    aimAt(...placeIn(plane.root, event));
    keep();
  });

  /**
   * @param {{points: Point[], mean: Point, centred: boolean, angle: number, best: number,
   *          first: number, others: number[]}} cloud angles in degrees: of the line, of the best of
   *   those through the same point, of u₁, of u₁ in other samples
   * @param {{lost: number}} split
   */
  function draw(cloud, { lost }) {
    const { points, centred, angle } = cloud;
    middle = centred ? cloud.mean : [0, 0];
    const direction = directionAt(angle);
    const feet = points.map(([x, y]) =>
      goFrom(middle, direction, dot([x - middle[0], y - middle[1]], direction)),
    );
    /** @type {[Point, Point][]} */
    const ways = points.map((point, i) => [point, feet[i]]);
    plane.draw([
      centred
        ? drawLines("lae-others", middle, cloud.others.map(directionAt))
        : drawLines("lae-first", cloud.mean, [directionAt(cloud.first)]),
      drawLines("lae-best", middle, [directionAt(cloud.best)]),
      drawSegments("lae-lost", ways),
      drawLines("lae-line", middle, [direction]),
      drawDots("lae-dots", points),
      drawDots("lae-feet", feet),
    ]);
    if (Math.cos(((angle - shown) * Math.PI) / 180) < 0) shown = angle + 180;
    else shown = angle;
    const end = directionAt(shown);
    placeOn(line.root, goFrom(middle, end, wayOut(middle, end)));
    line.say(angle, `${sayFixed(angle, 0)}°, error ${sayFixed(lost)}`);
    mean.draw(cloud.mean);
    first.root.hidden = centred;
    first.draw(cloud.mean, cloud.first);
    best.root.textContent = centred ? "u₁" : "w";
    best.draw(middle, cloud.best);
  }
  return { root: plane.root, draw };
}

/**
 * The grip of the mean; arrows move it by a tenth.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} plane
 * @param {() => Point} read
 * @param {(mean: Point) => void} moveTo
 * @param {() => void} keep
 */
export function makeMeanGrip(signal, plane, read, moveTo, keep) {
  /** @param {number} x @param {number} y */
  const place = (x, y) => moveTo([toHundredth(x), toHundredth(y)]);
  const grip = makeGrip(signal, plane, {
    label: "Mean of the points: left and right, up and down",
    name: "lae-mean-grip",
    limit: FARTHEST_MEAN,
    drag: (x, y) => place(...pointAt(x, y)),
    step: (right, up, fine) => {
      const [x, y] = read();
      const far = fine ? 0.01 : 0.1;
      place(x + far * right, y + far * up);
    },
    keep,
  });
  return {
    root: grip.root,
    /** @param {Point} mean */
    draw(mean) {
      placeOn(grip.root, mean);
      grip.say(mean[0], `(${mean.map((x) => sayFixed(x)).join(", ")})`);
    },
  };
}

/**
 * A name near the rim, beside a line.
 *
 * @param {HTMLElement} plane
 * @param {string} name
 */
function makeLabel(plane, name) {
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
const goFrom = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];

/** How far it is to the rim. @param {Point} point @param {Point} direction */
const wayOut = (point, direction) =>
  Math.min(
    ...direction.map((d, i) =>
      Math.abs(d) < 1e-9 ? Infinity : (Math.sign(d) * INSIDE - point[i]) / d,
    ),
  );

/** @param {number} value */
const toHundredth = (value) =>
  Math.min(FARTHEST_MEAN, Math.max(-FARTHEST_MEAN, Math.round(100 * value) / 100)) + 0; // no minus zero
