/** How figures say numbers: with a true minus, and no minus zero. */

/** @type {Record<string, string>} */
const RAISED = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

/** @param {number} value @returns {string} three digits, a power of ten where zeros would be many */
export function sayNumber(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return sayPower(value);
  return size < 100 ? sayFigures(value, 3) : withMinus(Math.round(value));
}

/** @param {number} value @param {number} figures at most, without zeros at the end @returns {string} */
export function sayFigures(value, figures) {
  return withMinus(Number(value.toPrecision(figures)));
}

/** @param {number} value @param {number} [digits] after the point, all of them said @returns {string} */
export function sayFixed(value, digits = 2) {
  return withMinus(value.toFixed(digits));
}

/** @param {number} value @returns {string} two digits at most and a power of ten */
export function sayPower(value) {
  const [digits, exponent] = value.toExponential(1).split("e").map(Number);
  return `${withMinus(digits)} · 10${[...String(exponent)].map((letter) => RAISED[letter]).join("")}`;
}

/** @param {number | string} number */
function withMinus(number) {
  const text = String(number);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
