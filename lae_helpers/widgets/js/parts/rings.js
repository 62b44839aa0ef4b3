/** How close axes are to the principal directions: a ring each, that closes as the angle falls to 0°. */

import { make } from "./elements.js";
import { flash } from "./flash.js";
import { CLOSE } from "../numerics/portrait.js";

const RING = `<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><circle class="lae-arc" cx="12" cy="12" r="9" pathLength="90" stroke-dasharray="0 90"/><path d="M7.5 12.5l3 3.5 6-8"/></svg>`;

/** @param {number} angle in degrees @returns {string} */
const sayAngle = (angle) => (Number.isNaN(angle) ? "–" : `${angle.toFixed(angle < 9.95 ? 1 : 0)}°`);

/** @param {number} count @param {HTMLElement} parent @param {() => HTMLElement} create */
export function keepChildren(parent, count, create) {
  while (parent.children.length > count) parent.lastChild?.remove();
  while (parent.children.length < count) parent.append(create());
}

/** A labelled band of cells, one a component. @param {string} label @param {string} [name] */
export function makeBand(label, name = "") {
  const cells = make("div", { class: "lae-pair-cells" });
  const root = make("div", { class: `lae-pair-band ${name}`, role: "img", "aria-label": label }, [
    make("p", { class: "lae-heading", text: label }),
    cells,
  ]);
  return { root, cells };
}

/** @param {string} label above the rings @param {string} said what a screen reader hears of them */
export function makeRings(label, said) {
  const { root, cells } = makeBand(label, "lae-rings");
  /** @type {boolean[]} */
  let before = [];

  /** @param {number[]} angles NaN where there is none @param {string[]} cosines in words */
  function draw(angles, cosines) {
    keepChildren(cells, angles.length, () => {
      const cell = make("div", { class: "lae-ring" });
      cell.innerHTML = `${RING}<span></span>`;
      return cell;
    });
    const found = angles.map((angle) => angle <= CLOSE);
    angles.forEach((angle, j) => {
      const cell = cells.children[j];
      const words = sayAngle(angle);
      const text = cell.lastChild;
      if (!text || text.textContent === words) return;
      text.textContent = words;
      const closed = Number.isNaN(angle) ? 0 : 90 - angle;
      cell.querySelector(".lae-arc")?.setAttribute("stroke-dasharray", `${closed.toFixed(1)} 90`);
      cell.classList.toggle("lae-closed", found[j]);
      if (found[j] && before[j] === false) flash(cell, "found");
    });
    before = found;
    const heard = `${said}: ${cosines.join(", ")}`;
    if (root.getAttribute("aria-label") !== heard) root.setAttribute("aria-label", heard);
  }
  return { root, draw };
}
