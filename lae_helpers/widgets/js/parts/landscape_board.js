/** The large plane, with its axes, and the start of the path that a reader moves over it. */

import { makeHandle, moveByKeys } from "./arrow_keys.js";
import { make } from "./elements.js";
import { N_CONTOURS } from "../numerics/constants.js";
import { makePlane } from "./landscape_plane.js";
import { sayFixed } from "./numbers.js";
import { listen } from "./listening.js";
import { sayTick } from "./plot.js";

const COARSE = 0.05;
const FINE = 0.01;
const KEY = [
  ["lae-minimum", "M13 8h0", "minima"],
  ["lae-saddle", "M8 3L18 13M8 13L18 3", "saddle"],
  ["lae-path-start", "M13 8h0", "start"],
  ["lae-path-end", "M13 8h0", "end of the path"],
  ["lae-kept", "M0 8H26", "w₁² − w₂² as at the start"],
  ["lae-watershed", "M0 8H26", "w₁ = −w₂, into the saddle"],
];

/** @param {number} limit @param {HTMLElement} note to stand below the key */
export function makeBoard(limit, note) {
  const plane = makePlane({ limit, nPoints: 97, nLevels: N_CONTOURS, withGuides: true });
  const label = "Start of the path: left and right change w₁, up and down change w₂";
  const handle = makeHandle({ name: "", label, limit });
  plane.root.append(handle);
  const key = makeLandscapeKey();
  const ticks = [-limit, -limit / 2, 0, limit / 2, limit];
  const root = make("div", { class: "lae-board" }, [
    makeAxisLabels(
      "lae-up",
      "decoder weight w₂",
      ticks.map((tick) => [tick, `bottom: ${percent(tick, limit)}`]),
    ),
    plane.root,
    makeAxisLabels(
      "lae-across",
      "encoder weight w₁",
      ticks.map((tick) => [tick, `left: ${percent(tick, limit)}`]),
    ),
    key.root,
    note,
  ]);

  /** @param {import("./landscape_plane.js").PlaneContent} content @param {number} w1 @param {number} w2 */
  function draw(content, w1, w2) {
    plane.draw(content);
    key.draw(plane.root);
    handle.style.left = percent(w1, limit);
    handle.style.bottom = percent(w2, limit);
    handle.setAttribute("aria-valuenow", String(w1));
    handle.setAttribute("aria-valuetext", `w₁ = ${sayFixed(w1)}, w₂ = ${sayFixed(w2)}`);
  }

  /**
   * Let the reader move the start: by arrow keys, by dragging, by a click or a tap anywhere.
   *
   * @param {AbortSignal} signal
   * @param {{read: () => number[], place: (w1: number, w2: number) => void, keep: () => void}} start
   */
  function letMove(signal, { read, place, keep }) {
    let dragging = false;
    /** @param {MouseEvent} event */
    const placeAt = (event) => {
      const box = plane.root.getBoundingClientRect();
      const [x, y] = [
        (event.clientX - box.left) / box.width,
        (event.clientY - box.top) / box.height,
      ];
      place(limit * (2 * x - 1), limit * (1 - 2 * y));
    };
    listen(signal, plane.root, "pointerdown", (event) => {
      // A finger may be about to scroll: it drags the handle only, and elsewhere it taps.
      if (event.button !== 0 || (event.pointerType === "touch" && event.target !== handle)) return;
      dragging = true;
      plane.root.setPointerCapture(event.pointerId);
      placeAt(event);
    });
    listen(signal, plane.root, "pointermove", (event) => dragging && placeAt(event));
    const drop = () => {
      if (dragging) keep();
      dragging = false;
    };
    listen(signal, plane.root, "pointerup", drop);
    listen(signal, plane.root, "pointercancel", drop);
    listen(signal, plane.root, "click", (event) => {
      if (event.target !== handle) {
        placeAt(event);
        keep();
      }
      handle.focus({ preventScroll: true });
    });
    moveByKeys(signal, handle, {
      onMove(right, up, fine) {
        const [w1, w2] = read();
        const far = fine ? FINE : COARSE;
        place(w1 + far * right, w2 + far * up);
      },
      onRest: keep,
    });
  }
  return { root, draw, letMove };
}

/** @param {number} value @param {number} limit */
function percent(value, limit) {
  return `${(50 * (1 + value / limit)).toFixed(3)}%`;
}

/** @param {string} name @param {string} title @param {[number, string][]} ticks with their styles */
function makeAxisLabels(name, title, ticks) {
  const labels = ticks.map(([tick, style]) =>
    make("span", { class: "lae-tick", style, text: sayTick(tick, false) }),
  );
  return make("div", { class: `lae-axis ${name}`, "aria-hidden": "true" }, [
    ...labels,
    make("span", { class: "lae-title", text: title }),
  ]);
}

/** Names what is on the plane, and only that. */
function makeLandscapeKey() {
  const entries = KEY.map(([name, d, label]) => {
    const entry = make("span", { class: "lae-key" });
    entry.innerHTML = `<svg width="26" height="16" aria-hidden="true"><path class="${name}" d="${d}"/></svg>`;
    entry.append(label);
    return entry;
  });
  /** @param {HTMLElement} plane */
  const draw = (plane) => {
    entries.forEach((entry, i) => {
      const name = KEY[i][0];
      const shown = name === "lae-minimum" ? ".lae-minimum, .lae-valley" : `.${name}`;
      entry.style.visibility = plane.querySelector(shown) ? "" : "hidden"; // and keeps its place
    });
  };
  return { root: make("p", { class: "lae-small" }, entries), draw };
}
