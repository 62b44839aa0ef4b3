/** A compass for a layer: the transpose points up, and every rule's feedback as far off as it is. */

import { make } from "./elements.js";

const COMPASS = { width: 132, height: 150, reach: 76 };
const MOST_GAIN = 1.6;

/**
 * @typedef {object} Needle
 * @property {import("./colours.js").ColourName} colour a name of the style sheet
 * @property {boolean} dashed
 * @property {number} angle degrees from the transpose
 * @property {number} gain length relative to the transpose
 */

/** @param {number} layer */
export function makeCompass(layer) {
  const box = make("div", { class: "lae-compass" });
  const { width, height } = COMPASS;
  const drawing = make("div");
  box.append(make("p", { class: "lae-small", text: `layer ${layer}` }), drawing);

  /** @param {Needle[]} needles @param {string} said what a screen reader says of it */
  function draw(needles, said) {
    drawing.innerHTML = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
      ${drawDial()}${needles.map(drawNeedle).join("")}</svg>`;
    drawing.firstElementChild?.setAttribute("aria-label", said);
  }
  return { root: box, draw };
}

/**
 * Where the tip of a needle lies; needles longer than the dial allows end at its edge.
 *
 * @param {number} angle degrees
 * @param {number} gain
 * @returns {[number, number]}
 */
export function placeTip(angle, gain) {
  const length = COMPASS.reach * Math.min(gain, MOST_GAIN);
  const radians = (angle * Math.PI) / 180;
  return [8 + length * Math.sin(radians), COMPASS.height - 22 - length * Math.cos(radians)];
}

function drawDial() {
  const [x, y] = placeTip(0, 0);
  const [upX, upY] = placeTip(0, 1);
  const [sideX, sideY] = placeTip(90, 1);
  const r = COMPASS.reach;
  return `<path d="M${upX} ${upY}A${r} ${r} 0 0 1 ${sideX} ${sideY}" fill="none" stroke="var(--lae-faint)"/>
    <path d="M${x} ${y}H${sideX + 30}M${x} ${y}V${upY - 30}" stroke="var(--lae-faint)"/>
    <text x="${upX + 5}" y="${upY - 22}">Wᵀ, 0°</text><text x="${sideX}" y="${sideY + 16}" text-anchor="middle">90°</text>`;
}

/** @param {Needle} needle */
function drawNeedle({ colour, dashed, angle, gain }) {
  const [x, y] = placeTip(0, 0);
  const [tipX, tipY] = placeTip(angle, gain);
  const stroke = `stroke="var(--lae-${colour})" stroke-width="2.5"${dashed ? ' stroke-dasharray="6 4"' : ""}`;
  return `<path d="M${x} ${y}L${tipX.toFixed(1)} ${tipY.toFixed(1)}" ${stroke}/><circle cx="${tipX.toFixed(1)}" cy="${tipY.toFixed(1)}" r="4" fill="var(--lae-${colour})"/>`;
}
