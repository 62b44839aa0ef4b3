/** A compass: the transpose points up, and every rule's feedback as far off as it is. */

import { make } from "./elements.js";

const COMPASS = { width: 210, height: 222, reach: 118 };
const MOST_GAIN = 1.6;

/**
 * @typedef {object} Needle
 * @property {import("./colours.js").ColourName} colour a name of the style sheet
 * @property {number[]} dash strokes and gaps in widths of the line; none for an unbroken one
 * @property {number} angle degrees from the transpose
 * @property {number} gain length relative to the transpose
 * @property {boolean} [ring] a ring at its tip is all that is drawn of it
 */

/** @param {string} title */
export function makeCompass(title) {
  const box = make("div", { class: "lae-compass" });
  const { width, height } = COMPASS;
  const drawing = make("div");
  box.append(make("p", { class: "lae-small", text: title }), drawing);

  /** @param {Needle[]} needles @param {string} said what a screen reader says of it */
  function draw(needles, said) {
    drawing.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img">
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
  return [10 + length * Math.sin(radians), COMPASS.height - 24 - length * Math.cos(radians)];
}

function drawDial() {
  const [x, y] = placeTip(0, 0);
  const [upX, upY] = placeTip(0, 1);
  const [sideX, sideY] = placeTip(90, 1);
  const r = COMPASS.reach;
  return `<path d="M${upX} ${upY}A${r} ${r} 0 0 1 ${sideX} ${sideY}" fill="none" stroke="var(--lae-faint)"/>
    <path d="M${x} ${y}H${sideX + 60}M${x} ${y}V${upY - 60}" stroke="var(--lae-faint)"/>
    <text x="${upX + 6}" y="${upY - 50}">Wᵀ, 0°</text><text x="${sideX}" y="${sideY + 16}" text-anchor="middle">90°</text>`;
}

/** @param {Needle} needle */
function drawNeedle({ colour, dash, angle, gain, ring = false }) {
  const [x, y] = placeTip(0, 0);
  const [tipX, tipY] = placeTip(angle, gain).map((place) => place.toFixed(1));
  const stroke = `fill="none" stroke="var(--lae-${colour})" stroke-width="2.5"`;
  if (ring) return `<circle cx="${tipX}" cy="${tipY}" r="7" ${stroke}/>`;
  const dashes = dash.length
    ? ` stroke-dasharray="${dash.map((part) => 2.5 * part).join(" ")}"`
    : "";
  return `<path d="M${x} ${y}L${tipX} ${tipY}" ${stroke}${dashes}/><circle cx="${tipX}" cy="${tipY}" r="4.5" fill="var(--lae-${colour})"/>`;
}
