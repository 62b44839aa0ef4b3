/** The plane of chapter 3's figures: a cloud, and an autoencoder with one code over it. */

import { decompose, directionAt, drawPoints, momentOf } from "../numerics/cloud.js";
import { BIAS_RATIO, BIAS_SEED } from "../numerics/constants.js";
import { rebuild } from "../numerics/biases.js";
import { make } from "./elements.js";
import { makeMeanGrip } from "./mean_grip.js";
import {
  drawArrow,
  drawDots,
  drawLines,
  drawSegments,
  goFrom,
  makeLabel,
  makePointPlane,
  placeOn,
} from "./plane.js";

/** @typedef {import("../numerics/cloud.js").Point} Point */
/** @typedef {import("../numerics/biases.js").Network} Network */

const BEYOND = 0.3;
/** @type {Point} */
const ORIGIN = [0, 0];

export const covarianceOfCloud = () => momentOf(drawPoints(BIAS_SEED, BIAS_RATIO));

/**
 * @param {AbortSignal} signal
 * @param {() => Point} readMean
 * @param {(mean: Point) => void} moveTo
 * @param {() => void} keep
 */
export function makeBiasBoard(signal, readMean, moveTo, keep) {
  const plane = makePointPlane();
  const mean = makeMeanGrip(signal, plane.root, readMean, moveTo, keep);
  const first = makeLabel(plane.root, "u₁");
  const names = ["W₁", "W₂", "b₂"].map((text, i) =>
    make("span", { class: `lae-name lae-name-${i}`, "aria-hidden": "true", text }),
  );
  plane.root.append(...names);
  const { angle } = decompose(covarianceOfCloud());

  /** @param {Network} network @param {boolean} withEncoder */
  function draw(network, withEncoder) {
    const { encoder, decoder, bias } = network;
    const middle = readMean();
    const points = drawPoints(BIAS_SEED, BIAS_RATIO, middle);
    const images = points.map((point) => rebuild(network, point));
    /** @type {[Point, Point][]} */
    const ways = points.map((point, i) => [point, images[i]]);
    const length = Math.hypot(...decoder);
    const direction = /** @type {Point} */ (decoder.map((x) => x / length));
    plane.draw([
      drawLines("lae-best", middle, [directionAt(angle)]),
      drawSegments("lae-lost", ways),
      drawDots("lae-dots", points),
      drawLines("lae-column", bias, [direction]),
      drawDots("lae-images", images),
      drawArrow("lae-bias", ORIGIN, bias),
      withEncoder ? drawArrow("lae-row", ORIGIN, encoder) : "",
      drawArrow("lae-column-arrow", bias, decoder),
    ]);
    mean.draw(middle);
    first.draw(middle, angle);
    const places = [
      beyond(encoder, encoder),
      beyond(goFrom(bias, decoder, 1), decoder),
      beyond(goFrom(bias, bias, -0.5), [bias[1], -bias[0]]),
    ];
    names.forEach((name, i) => placeOn(name, places[i]));
    names[0].hidden = !withEncoder;
    names[2].hidden = Math.hypot(...bias) < 0.3;
  }
  return { root: plane.root, draw };
}

/** @param {Point} tip @param {Point} way @returns {Point} a little farther that way */
const beyond = (tip, way) => goFrom(tip, way, BEYOND / Math.max(Math.hypot(...way), BEYOND));
