/** The plane of the cloud figure: points, the line with its grip, the mean with its own. */

import { angleOf, directionAt, dot } from "../numerics/cloud.js";
import { listen } from "./listening.js";
import { sayFixed } from "./numbers.js";
import { makeGrip, placeIn } from "./grip.js";
import { makeMeanGrip } from "./mean_grip.js";
import {
  drawDots,
  drawLines,
  drawSegments,
  goFrom,
  makeLabel,
  makePointPlane,
  placeOn,
  pointAt,
  wayOut,
} from "./plane.js";

/** @typedef {import("../numerics/cloud.js").Point} Point */

const LAST = 179; // degrees

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
