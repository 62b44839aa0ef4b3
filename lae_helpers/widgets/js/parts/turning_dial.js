/** A dial from 0 to 180 degrees: where a thing ought to point, and where another does. */

import { make } from "./elements.js";

const SIZE = { width: 220, height: 124 };
const CENTRE = [106, 100];
const REACH = 72;

/**
 * @typedef {object} Hand
 * @property {string} label
 * @property {import("./colours.js").ColourName} colour
 */

/** @param {{title: string, still: Hand, moving: Hand}} options */
export function makeDial({ title, still, moving }) {
  const drawing = make("div");
  const root = make("div", { class: "lae-dial" }, [
    make("p", { class: "lae-heading", text: title }),
    drawing,
  ]);

  /** @param {number} degrees */
  function draw(degrees) {
    const [x, y] = CENTRE;
    const { width, height } = SIZE;
    const [endX, endY] = placeOnDial(degrees, 0.4);
    drawing.innerHTML = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
      <path d="M${x + REACH} ${y}A${REACH} ${REACH} 0 0 0 ${x - REACH} ${y}M${x} ${y}V${y - REACH}" fill="none" stroke="var(--lae-faint)"/>
      <path d="M${x + 0.4 * REACH} ${y}A${0.4 * REACH} ${0.4 * REACH} 0 0 0 ${endX} ${endY}" fill="none" stroke="var(--lae-muted)" stroke-width="1.5"/>
      ${drawHand(0, still, -20)}${drawHand(degrees, moving, 10)}
      <text x="${x}" y="${y + 20}" text-anchor="middle">${Math.round(degrees)}°</text></svg>`;
    drawing.firstElementChild?.setAttribute(
      "aria-label",
      `${moving.label} is ${Math.round(degrees)} degrees from ${still.label}`,
    );
  }
  return { root, draw };
}

/**
 * @param {number} degrees
 * @param {number} share of the dial's radius
 * @returns {[number, number]}
 */
export function placeOnDial(degrees, share) {
  const radians = (degrees * Math.PI) / 180;
  return [
    CENTRE[0] + share * REACH * Math.cos(radians),
    CENTRE[1] - share * REACH * Math.sin(radians),
  ];
}

/** @param {number} degrees @param {Hand} hand @param {number} rise of the label over the tip */
function drawHand(degrees, { label, colour }, rise) {
  const [x, y] = placeOnDial(degrees, 1).map((place) => place.toFixed(1));
  return `<path d="M${CENTRE[0]} ${CENTRE[1]}L${x} ${y}" stroke="var(--lae-${colour})" stroke-width="3"/>
    <circle cx="${x}" cy="${y}" r="5" fill="var(--lae-${colour})"/>
    <text x="${x}" y="${Number(y) - rise}" text-anchor="middle" style="fill: var(--lae-${colour})">${label}</text>`;
}
