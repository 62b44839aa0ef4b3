/** The plane of the two weights: shading, contours, critical points and a path. */

import { make } from "./elements.js";
import { paint } from "./colours.js";
import { LOWEST_CONTOUR } from "../numerics/constants.js";
import { findMinima, samplePlane, scalarLoss, traceContour } from "../numerics/landscape.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";
const DARKEST = 0.45;
const MOST_POINTS = 400;

/**
 * @typedef {import("../numerics/landscape.js").ScalarLoss} ScalarLoss
 * @typedef {import("../numerics/landscape.js").DescentPath} DescentPath
 * @typedef {object} PlaneContent
 * @property {ScalarLoss} loss
 * @property {string} colour of the path, a name of the style sheet
 * @property {DescentPath} path
 * @property {import("./colours.js").Theme} theme
 */

/**
 * A square picture of the loss with both weights from -limit to limit.
 *
 * @param {{limit: number, nPoints: number, nLevels: number, withGuides: boolean}} options a lattice
 *   of so many points a side; the guides are the curve of one w1² - w2² and the watershed
 */
export function makePlane({ limit, nPoints, nLevels, withGuides }) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const svg = document.createElementNS(SVG_NAMES, "svg");
  svg.setAttribute("viewBox", `${-limit} ${-limit} ${2 * limit} ${2 * limit}`);
  svg.setAttribute("aria-hidden", "true");
  const [ground, figures] = [0, 1].map(() => document.createElementNS(SVG_NAMES, "g"));
  for (const group of [ground, figures]) group.setAttribute("transform", "scale(1 -1)");
  svg.append(ground, figures);
  const root = make("div", { class: "lae-plane" }, [canvas, svg]);
  let drawn = "";

  /** @param {PlaneContent} content */
  function draw({ loss, colour, path, theme }) {
    const wanted = JSON.stringify([loss, theme]);
    if (wanted !== drawn) {
      drawn = wanted;
      paint(canvas, shadePlane(loss, limit, nPoints), nPoints, 1, theme);
      ground.innerHTML = drawContours(loss, limit, nPoints, nLevels) + drawMinima(loss, limit);
    }
    figures.innerHTML = (withGuides ? drawGuides(loss, path, limit) : "") + drawPath(path, colour);
  }
  return { root, draw };
}

/**
 * Numbers from -DARKEST, where the loss is least, to 0, where it is greatest, a pixel each.
 *
 * @param {ScalarLoss} loss
 * @param {number} limit
 * @param {number} nPoints
 */
function shadePlane(loss, limit, nPoints) {
  const centres = Array.from({ length: nPoints }, (_, i) => limit * ((2 * i + 1) / nPoints - 1));
  const least = findMinima(loss).value;
  const range = scalarLoss(loss, limit, -limit) - least;
  const fullScale = Math.log1p(1 / LOWEST_CONTOUR);
  return samplePlane(loss, centres).map((value) => {
    const height = Math.max(0, (value - least) / range);
    return DARKEST * (Math.log1p(height / LOWEST_CONTOUR) / fullScale - 1);
  });
}

/** @param {ScalarLoss} loss @param {number} limit @param {number} nPoints @param {number} nLevels */
function drawContours(loss, limit, nPoints, nLevels) {
  const places = Array.from({ length: nPoints }, (_, i) => limit * ((2 * i) / (nPoints - 1) - 1));
  const values = samplePlane(loss, places);
  const least = findMinima(loss).value;
  const range = scalarLoss(loss, limit, -limit) - least;
  const paths = Array.from({ length: nLevels }, (_, i) => {
    const level = least + range * LOWEST_CONTOUR ** (1 - i / nLevels);
    const segments = traceContour(values, places, level).map((value) => value.toFixed(3));
    const parts = [];
    for (let j = 0; j < segments.length; j += 4) {
      parts.push(`M${segments[j]} ${segments[j + 1]}L${segments[j + 2]} ${segments[j + 3]}`);
    }
    return `<path class="lae-contour" d="${parts.join("")}"/>`;
  });
  return paths.join("");
}

/**
 * The minima as a thick curve or as dots, and the saddle as a cross.
 *
 * @param {ScalarLoss} loss
 * @param {number} limit
 */
function drawMinima(loss, limit) {
  const { shape, product } = findMinima(loss);
  if (shape === "origin") return drawDot("lae-minimum", 0, 0);
  const arm = limit / 28;
  const saddle = `<path class="lae-saddle" d="M${-arm} ${-arm}L${arm} ${arm}M${-arm} ${arm}L${arm} ${-arm}"/>`;
  if (shape === "pair") {
    const place = Math.sqrt(product);
    return saddle + drawDot("lae-minimum", place, place) + drawDot("lae-minimum", -place, -place);
  }
  const branch = trace(Math.log(product / limit), Math.log(limit), (t) => [
    Math.exp(t),
    product * Math.exp(-t),
  ]);
  return `${saddle}<path class="lae-valley" d="${branch}"/><path class="lae-valley" d="${branch}" transform="scale(-1)"/>`;
}

/**
 * The curve on which w1² - w2² is as at the start, and the line of points that flow into the saddle.
 *
 * @param {ScalarLoss} loss
 * @param {DescentPath} path
 * @param {number} limit
 */
function drawGuides(loss, { w1, w2 }, limit) {
  const imbalance = w1[0] ** 2 - w2[0] ** 2;
  const watershed =
    findMinima(loss).shape === "origin"
      ? ""
      : `<path class="lae-watershed" d="M${-limit} ${limit}L${limit} ${-limit}"/>`;
  if (imbalance === 0) return watershed;
  const onFirst = imbalance > 0;
  const sign = Math.sign(onFirst ? w1[0] : w2[0]);
  const curve = trace(-limit, limit, (other) => {
    const leading = sign * Math.sqrt(Math.abs(imbalance) + other * other);
    return onFirst ? [leading, other] : [other, leading];
  });
  return `${watershed}<path class="lae-kept" d="${curve}"/>`;
}

/** @param {DescentPath} path @param {string} colour */
function drawPath({ w1, w2, nSteps }, colour) {
  const stride = Math.max(1, Math.ceil(nSteps / MOST_POINTS));
  const points = [];
  // The first steps are the longest: none of them is left out.
  for (let i = 0; i < nSteps; i += i < MOST_POINTS ? 1 : stride) points.push(i);
  points.push(nSteps);
  const d = points.map((i) => `${w1[i].toFixed(4)} ${w2[i].toFixed(4)}`).join("L");
  const strokes = `<path class="lae-path lae-halo" d="M${d}"/><path class="lae-path" d="M${d}" stroke="var(--lae-${colour})"/>`;
  return (
    strokes +
    drawDot("lae-path-end", w1[nSteps], w2[nSteps]) +
    drawDot("lae-path-start", w1[0], w2[0])
  );
}

/**
 * A dot of a size in pixels, which the style sheet gives: a line of no length with round ends.
 *
 * @param {string} name of its class
 * @param {number} x
 * @param {number} y
 */
function drawDot(name, x, y) {
  return `<path class="${name}" d="M${x.toFixed(4)} ${y.toFixed(4)}h0"/>`;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {(t: number) => [number, number]} curve
 * @returns {string} its path over that interval
 */
function trace(from, to, curve) {
  const n = 96;
  const points = Array.from({ length: n + 1 }, (_, i) => curve(from + (i / n) * (to - from)));
  const places = points.map(([x, y]) => `${x.toFixed(4)} ${y.toFixed(4)}`);
  return `M${places.join("L")}`;
}
