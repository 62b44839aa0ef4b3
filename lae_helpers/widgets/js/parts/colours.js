/** Colours of the page's theme, read off the style sheet, and the map from numbers to them. */

/**
 * @typedef {"encoder" | "decoder" | "first" | "second" | "third" | "fourth" | "fifth" | "sixth" | "muted" | "ink" | "alarm"} ColourName
 * @typedef {[number, number, number]} Colour red, green and blue from 0 to 255
 * @typedef {{zero: Colour, positive: Colour, negative: Colour, ink: Colour}} Theme
 */

const MIDDLE = 128; // of the levels of a channel
const LEVELS = 255; // on each side of zero

/** @type {WeakMap<Element, Theme>} */
let themes = new WeakMap();

/** To be called when the page may look different. */
export function forgetThemes() {
  themes = new WeakMap();
}

/**
 * The theme at an element, read once: what a style computes is dear.
 *
 * @param {Element} element inside of the figure
 * @returns {Theme}
 */
export function readTheme(element) {
  const known = themes.get(element);
  if (known) return known;
  const theme = computeTheme(element);
  if (element.isConnected) themes.set(element, theme);
  return theme;
}

/** @param {Element} element @returns {Theme} */
function computeTheme(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const read = (name) => parseColour(style.getPropertyValue(`--lae-${name}`));
  return {
    zero: read("zero"),
    positive: read("positive"),
    negative: read("negative"),
    ink: read("ink"),
  };
}

/**
 * @param {string} text as in the style sheet: #rrggbb
 * @returns {Colour}
 */
function parseColour(text) {
  const digits = text.trim().slice(1);
  /** @param {number} i */
  const channel = (i) => parseInt(digits.slice(i, i + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

/**
 * @typedef {object} Painting what a canvas shows
 * @property {Float64Array} values
 * @property {number} limit
 * @property {Uint32Array} ramp
 * @property {ImageData} image
 */

/** @type {WeakMap<HTMLCanvasElement, Painting>} */
const paintings = new WeakMap();

/** @type {Map<string, Uint32Array>} */
const ramps = new Map();

/**
 * The colours of a theme as pixels, from the negative end over zero to the positive one.
 *
 * @param {Theme} theme
 * @returns {Uint32Array} 2 LEVELS + 1 of them
 */
function rampOf({ zero, positive, negative }) {
  const key = [zero, positive, negative].join();
  const known = ramps.get(key);
  if (known) return known;
  const bytes = new Uint8ClampedArray(4 * (2 * LEVELS + 1));
  for (let level = -LEVELS; level <= LEVELS; level += 1) {
    const end = level < 0 ? negative : positive;
    const at = 4 * (level + LEVELS);
    zero.forEach((from, c) => {
      bytes[at + c] = from + (Math.abs(level) / LEVELS) * (end[c] - from);
    });
    bytes[at + 3] = 255;
  }
  const ramp = new Uint32Array(bytes.buffer);
  ramps.set(key, ramp);
  return ramp;
}

/**
 * Paint numbers as pixels: white (or the dark) at zero, one colour for each sign. What is there
 * already is not painted again.
 *
 * @param {HTMLCanvasElement} canvas gets one pixel a number
 * @param {ArrayLike<number>} values row by row
 * @param {number} columns
 * @param {number} limit magnitude of the full colour
 * @param {Theme} theme
 */
export function paint(canvas, values, columns, limit, theme) {
  const rows = values.length / columns;
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    paintings.delete(canvas);
  }
  const ramp = rampOf(theme);
  const there = paintings.get(canvas);
  if (there?.ramp === ramp && there.limit === limit && isSame(there.values, values)) return;
  canvas.classList.toggle("lae-painted-dark", theme.zero[0] < MIDDLE);
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = there?.image ?? context.createImageData(columns, rows);
  fill(new Uint32Array(image.data.buffer), values, limit, ramp);
  context.putImageData(image, 0, 0);
  paintings.set(canvas, { values: Float64Array.from(values), limit, ramp, image });
}

/**
 * @param {Uint32Array} pixels
 * @param {ArrayLike<number>} values
 * @param {number} limit
 * @param {Uint32Array} ramp
 */
function fill(pixels, values, limit, ramp) {
  const unit = limit > 0 ? LEVELS / limit : 0;
  for (let i = 0; i < pixels.length; i += 1) {
    const level = Math.round(values[i] * unit) || 0; // of what is no number, too
    pixels[i] = ramp[Math.max(-LEVELS, Math.min(level, LEVELS)) + LEVELS];
  }
}

/** @param {ArrayLike<number>} one @param {ArrayLike<number>} other of the same length */
function isSame(one, other) {
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return false;
  return true;
}
