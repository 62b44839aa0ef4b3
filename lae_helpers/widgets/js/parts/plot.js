/** Curves and points over two axes, each linear or logarithmic, drawn as SVG in the page's colours. */

import { make } from "./elements.js";
import { sayFigures, sayPower } from "./numbers.js";
import { widthOf } from "./sizes.js";

const SVG = "http://www.w3.org/2000/svg";
const FEW_DECADES = 2;
const PERCENTS = [0, 20, 40, 60, 80, 90, 95, 98, 100];
const KEY_WIDTH = 32;
const NEAREST_TICKS = 28; // pixels
const FAR_TICKS = 55; // pixels, where there is room for them
const FEW_TICKS = 4; // steps of a short axis, if they fit
const MARGIN = { left: 50, right: 12, top: 8, bottom: 36 };

/**
 * @typedef {import("./colours.js").ColourName} ColourName
 * @typedef {"line" | "dashes" | "dots" | "rings" | "uprights"} Shape the last is lines from bottom to
 *   top, wherever a point has its height
 * @typedef {object} Series
 * @property {string} label
 * @property {ColourName} colour a name of the style sheet
 * @property {Shape} shape
 * @property {number[]} [dash] of a line, strokes and gaps in widths of it
 * @property {[number, number][]} points those that are not finite are left out
 * @typedef {object} Axis
 * @property {(value: number) => number} place in pixels
 * @property {(pixel: number) => number} find what stands there
 * @property {number[]} ends
 * @property {number[]} ticks
 */

/** @typedef {ReturnType<typeof makePlot>} Plot */

/** @param {ArrayLike<number>} values @returns {[number, number][]} points, counted from one */
export const numberPoints = (values) => Array.from(values, (value, i) => [i + 1, value]);

/**
 * @param {{title: string, xLabel: string, xLog?: boolean, xFromZero?: boolean, yLog?: boolean,
 *   yToHundred?: boolean, height?: number}} options `xFromZero`: the scale is log(1 + x), with a
 *   place for 0; `yToHundred`: it is -log(101 - y), with room for the last percents
 */
export function makePlot({
  title,
  xLabel,
  xLog = false,
  xFromZero = false,
  yLog = false,
  yToHundred = false,
  height = 190,
}) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "lae-plot");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${title}, over ${xLabel}`);
  svg.setAttribute("height", String(height));
  const legend = make("p", { class: "lae-small" });
  const root = make("div", { class: "lae-plot-box" }, [
    make("p", { class: "lae-heading", text: title }),
    legend,
    svg,
  ]);
  let labels = "";
  /** @type {{across: Axis, up: Axis}} */
  let axes = { across: makeAxis([1, 2], xLog, 0, 1), up: makeAxis([1, 2], yLog, 0, 1) };

  /**
   * @param {{x: [number, number], y: [number, number], series: Series[]}} content the ranges of the
   *   axes; a logarithmic one of more than two decades is widened to whole ones
   */
  function draw({ x, y, series }) {
    const width = Math.round(widthOf(svg)) || 320;
    const [left, right] = [MARGIN.left, width - MARGIN.right];
    const across = xFromZero ? makeAxisFromZero(x[1], left, right) : makeAxis(x, xLog, left, right);
    const [bottom, top] = [height - MARGIN.bottom, MARGIN.top];
    const up = yToHundred ? makeAxisToHundred(y, bottom, top) : makeAxis(y, yLog, bottom, top);
    axes = { across, up };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.innerHTML = [
      ...across.ticks.map((tick) =>
        drawTick(across.place(tick), height - MARGIN.bottom, 0, sayTick(tick, xLog)),
      ),
      ...up.ticks.map((tick) =>
        drawTick(MARGIN.left, up.place(tick), width - MARGIN.right, sayTick(tick, yLog)),
      ),
      `<text x="${(MARGIN.left + width - MARGIN.right) / 2}" y="${height - 3}" text-anchor="middle">${xLabel}</text>`,
      ...series.map((one) => drawSeries(one, across, up)),
    ].join("");
    const said = series.map(({ label, points }) => `${label} ${points.length > 0}`).join();
    if (said !== labels) {
      labels = said;
      legend.replaceChildren(...series.filter(({ label }) => label).map(makeKey));
    }
  }

  /** @param {number} clientX @param {number} clientY @returns {[number, number]} what is drawn there */
  function locate(clientX, clientY) {
    const box = svg.getBoundingClientRect();
    return [axes.across.find(clientX - box.left), axes.up.find(clientY - box.top)];
  }
  return { root, svg, draw, locate };
}

/**
 * @param {[number, number]} range up to 100 at most
 * @param {number} from where the range begins, in pixels
 * @param {number} to where it ends
 */
function makeAxisToHundred([least, most], from, to) {
  /** @param {number} value */
  const scale = (value) => -Math.log(101 - value);
  const length = scale(most) - scale(least);
  /** @param {number} value */
  const place = (value) => from + ((scale(value) - scale(least)) / length) * (to - from);
  /** @param {number} pixel */
  const find = (pixel) => 101 - Math.exp(-scale(least) - ((pixel - from) / (to - from)) * length);
  const ticks = PERCENTS.filter((tick) => tick >= least && tick <= most);
  return { place, find, ends: [from, to], ticks };
}

/**
 * @param {[number, number]} range
 * @param {boolean} log
 * @param {number} from where the range begins, in pixels
 * @param {number} to where it ends
 */
function makeAxis([least, most], log, from, to) {
  /** @param {number} value */
  const scale = (value) => (log ? Math.log10(value) : value);
  let [low, high] = [scale(least), scale(most)];
  const inDecades = log && high - low > FEW_DECADES;
  if (inDecades) [low, high] = [Math.floor(low), Math.ceil(high)];
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const length = Math.abs(to - from);
  /** @param {number} value */
  const place = (value) => from + ((scale(value) - low) / (high - low)) * (to - from);
  /** @param {number} pixel */
  const find = (pixel) => {
    const scaled = low + ((pixel - from) / (to - from)) * (high - low);
    return log ? 10 ** scaled : scaled;
  };
  const ends = [from, to];
  if (log && !inDecades) return { place, find, ends, ticks: digitTicks(low, high) };
  const step = log
    ? Math.max(1, Math.ceil(((high - low) * NEAREST_TICKS) / length))
    : roundStep(
        (high - low) / Math.max(length / FAR_TICKS, Math.min(FEW_TICKS, length / NEAREST_TICKS)),
      );
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i += 1) {
    ticks.push(log ? 10 ** (i * step) : Number((i * step).toPrecision(12)));
  }
  return { place, find, ends, ticks };
}

/**
 * An axis that begins at 0, on the scale of log(1 + x).
 *
 * @param {number} most
 * @param {number} from where the axis begins, in pixels
 * @param {number} to where it ends
 */
function makeAxisFromZero(most, from, to) {
  const decade = (to - from) / Math.log10(1 + most);
  /** @param {number} value */
  const place = (value) => from + Math.log10(1 + value) * decade;
  /** @param {number} pixel */
  const find = (pixel) => 10 ** ((pixel - from) / decade) - 1;
  const step = 10 ** Math.ceil(NEAREST_TICKS / decade);
  const ticks = [0];
  for (let tick = 1; tick <= most; tick *= step) {
    if (place(tick) - from > NEAREST_TICKS) ticks.push(tick);
  }
  return { place, find, ends: [from, to], ticks };
}

/**
 * Ticks of a short logarithmic axis: some digits times the powers of ten between its ends.
 *
 * @param {number} low power of ten
 * @param {number} high power of ten
 */
function digitTicks(low, high) {
  const digits = high - low > 0.8 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const digit of digits) ticks.push(Number((digit * 10 ** power).toPrecision(3)));
  }
  return ticks.filter((tick) => Math.log10(tick) >= low - 1e-9 && Math.log10(tick) <= high + 1e-9);
}

/** @param {number} step @returns {number} the next of 1, 2, 5, 10, … */
function roundStep(step) {
  const decade = 10 ** Math.floor(Math.log10(step));
  return decade * ([1, 2, 5].find((digit) => digit * decade >= step) ?? 10);
}

/** The label of a tick. @param {number} value @param {boolean} log whether the axis is logarithmic */
export function sayTick(value, log) {
  return log && value !== 0 && (value < 0.01 || value >= 1000)
    ? sayPower(value).replace(/^1 · /, "")
    : sayFigures(value, 4);
}

/**
 * A tick with its label: on the left with a line across to `right`, or at the bottom.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} right 0 at the bottom
 * @param {string} label
 */
function drawTick(x, y, right, label) {
  return right
    ? `<path d="M${x} ${y}H${right}" stroke="var(--lae-faint)"/><text x="${x - 5}" y="${y + 4}" text-anchor="end">${label}</text>`
    : `<path d="M${x} ${y}v5" stroke="var(--lae-line)"/><text x="${x}" y="${y + 18}" text-anchor="middle">${label}</text>`;
}

/** @param {Series} series @param {Axis} across @param {Axis} up */
function drawSeries({ colour, shape, dash, points }, across, up) {
  const placed = points
    .map(([x, y]) => [across.place(x), up.place(y)])
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (shape === "uprights") {
    const [from, to] = up.ends;
    const path = placed.map(([x]) => `M${x.toFixed(1)} ${from}V${to}`).join("");
    return path && `<path d="${path}" ${strokeOf(colour, shape, dash)}/>`;
  }
  if (shape === "dots" || shape === "rings") {
    return placed.map(([x, y]) => drawMark(x, y, colour, shape)).join("");
  }
  const path = placed.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return path && `<path d="M${path}" ${strokeOf(colour, shape, dash)}/>`;
}

/** @param {ColourName} colour @param {Shape} shape @param {number[]} [dash] */
function strokeOf(colour, shape, dash = shape === "dashes" ? [3, 2] : []) {
  const dashes = dash.length ? ` stroke-dasharray="${dash.map((part) => 2 * part).join(" ")}"` : "";
  return `fill="none" stroke-width="2" stroke="var(--lae-${colour})"${dashes}`;
}

/** @param {number} x @param {number} y @param {ColourName} colour @param {Shape} shape */
function drawMark(x, y, colour, shape) {
  return shape === "dots"
    ? `<circle cx="${x}" cy="${y}" r="3.5" fill="var(--lae-${colour})"/>`
    : `<circle cx="${x}" cy="${y}" r="6" fill="none" stroke-width="2" stroke="var(--lae-${colour})"/>`;
}

/** @param {{colour: ColourName, dash: number[]}} looks @returns {HTMLElement} a line as it is drawn */
export function makeSample({ colour, dash }) {
  const sample = make("span", { class: "lae-sample" });
  sample.innerHTML = `<svg width="${KEY_WIDTH}" height="14" aria-hidden="true"><path d="M0 7H${KEY_WIDTH}" ${strokeOf(colour, "line", dash)}/></svg>`;
  return sample;
}

/** @param {Series} series @returns {HTMLElement} its sample, if there is anything to see, and its label */
function makeKey({ label, colour, shape, dash, points }) {
  const key = make("span", { class: "lae-key" });
  if (!points.length) {
    key.append(label);
    return key;
  }
  const line = shape === "uprights" ? `M${KEY_WIDTH / 2} 0V14` : `M0 7H${KEY_WIDTH}`;
  const sample =
    shape === "dots" || shape === "rings"
      ? drawMark(KEY_WIDTH / 2, 7, colour, shape)
      : `<path d="${line}" ${strokeOf(colour, shape, dash)}/>`;
  key.innerHTML = `<svg width="${KEY_WIDTH}" height="14" aria-hidden="true">${sample}</svg>`;
  key.append(label);
  return key;
}
