/** Colours of the page's theme, read off the style sheet, and the map from numbers to them. */

/**
 * @typedef {"encoder" | "decoder" | "first" | "second" | "third" | "fourth" | "fifth" | "sixth" | "muted" | "ink" | "alarm"} ColourName
 * @typedef {[number, number, number]} Colour red, green and blue from 0 to 255
 * @typedef {{zero: Colour, positive: Colour, negative: Colour, ink: Colour}} Theme
 */

const MIDDLE = 128; // of the levels of a channel

/**
 * @param {Element} element inside of the figure
 * @returns {Theme}
 */
export function readTheme(element) {
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
 * Paint numbers as pixels: white (or the dark) at zero, one colour for each sign.
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
  }
  canvas.classList.toggle("lae-painted-dark", theme.zero[0] < MIDDLE);
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < values.length; i += 1) {
    const share = limit > 0 ? Math.min(Math.abs(values[i]) / limit, 1) : 0;
    const end = values[i] < 0 ? theme.negative : theme.positive;
    for (let c = 0; c < 3; c += 1) {
      image.data[4 * i + c] = theme.zero[c] + share * (end[c] - theme.zero[c]);
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
