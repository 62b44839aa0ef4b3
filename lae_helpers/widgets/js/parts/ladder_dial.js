/** One dial of the ladder: a needle on a scale that tells 0, a thousandth and ten thousand apart. */

import { make } from "./elements.js";
import { sayChange } from "./ladder_words.js";
import { sayTick } from "./plot.js";

const SMALLEST = 1e-4;
const LARGEST = 1e4;
const TICKS = [0, 0.01, 1, 100, 1e4];
const [MIDDLE, BASE, RADIUS] = [85, 84, 56];

/**
 * @param {{name: string, group: string}} options
 */
export function makeLadderDial({ name, group }) {
  const strength = make("p", { class: "lae-small" });
  const drawing = make("div", { class: "lae-drawing", "aria-hidden": "true" });
  const value = make("p", { class: "lae-change" });
  const root = make("div", { class: "lae-dial" }, [
    make("p", { class: "lae-heading", text: name }),
    strength,
    drawing,
    value,
    make("p", { class: "lae-small", text: `still exactly on ${group.replace("}", "}\u2060")}` }), // no break before ²
  ]);

  /** @param {number} change @param {number} tolerance @param {string} strengths */
  function draw(change, tolerance, strengths) {
    const moved = Math.abs(change) > tolerance;
    root.classList.toggle("lae-moved", moved);
    strength.textContent = strengths;
    value.textContent = moved ? `ΔJ = ${sayChange(change, tolerance)}` : "still";
    const parts = [
      `<path d="M${onArc(0, RADIUS)}A${RADIUS} ${RADIUS} 0 0 1 ${onArc(1, RADIUS)}" class="lae-arc"/>`,
      ...TICKS.map(drawDialTick),
      drawNeedle(moved ? Math.abs(change) : 0, moved),
    ];
    drawing.innerHTML = `<svg viewBox="0 0 170 104">${parts.join("")}</svg>`;
  }
  return { root, draw };
}

/**
 * From 0 at rest to 1 at the end of the scale: linear below `SMALLEST`, logarithmic above.
 *
 * @param {number} size
 */
function placeOnDial(size) {
  return Math.min(1, Math.log1p(size / SMALLEST) / Math.log1p(LARGEST / SMALLEST));
}

/** @param {number} share @param {number} radius */
function onArc(share, radius) {
  const angle = Math.PI * (1 - share);
  return `${(MIDDLE + radius * Math.cos(angle)).toFixed(2)} ${(BASE - radius * Math.sin(angle)).toFixed(2)}`;
}

/** @param {number} tick */
function drawDialTick(tick) {
  const share = placeOnDial(tick);
  const anchor = Math.abs(share - 0.5) < 0.1 ? "middle" : share < 0.5 ? "end" : "start";
  const [x, y] = onArc(share, RADIUS + 6).split(" ");
  return (
    `<path d="M${onArc(share, RADIUS - 4)}L${onArc(share, RADIUS + 4)}" class="lae-tick"/>` +
    `<text x="${x}" y="${Number(y) + (anchor === "middle" ? 0 : 4)}" text-anchor="${anchor}">${sayTick(tick, true)}</text>`
  );
}

/** At rest thin, with an open hub; moved thick, with a full one. @param {number} size @param {boolean} moved */
function drawNeedle(size, moved) {
  const kind = moved ? "lae-needle lae-needle-moved" : "lae-needle";
  return `<path d="M${MIDDLE} ${BASE}L${onArc(placeOnDial(size), RADIUS - 7)}" class="${kind}"/><circle cx="${MIDDLE}" cy="${BASE}" r="6" class="${kind}"/>`;
}
