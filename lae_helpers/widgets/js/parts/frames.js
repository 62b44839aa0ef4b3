/** When a view draws: on the next frame, on every one, and when its page looks different. */

import { forgetThemes } from "./colours.js";
import { listen, onEnd } from "./listening.js";

const LONGEST_TICK = 0.1; // seconds

/**
 * Call `tick` on every frame while it is running and on screen, and never otherwise.
 *
 * What moves by the seconds since the last tick moves alike on every screen; a tick that comes late,
 * or after a pause, counts as a short one, so that nothing jumps.
 *
 * @param {AbortSignal} signal
 * @param {Element} element what has to be on screen
 * @param {(milliseconds: number, seconds: number) => void} tick time of the frame, and since the last
 * @returns {{run: (running: boolean) => void}}
 */
export function createLoop(signal, element, tick) {
  let running = false;
  let visible = false;
  let frame = 0;
  let last = NaN;
  /** @param {number} time */
  const next = (time) => {
    frame = requestAnimationFrame(next);
    const seconds = Math.min((time - last) / 1000, LONGEST_TICK) || 0;
    last = time;
    tick(time, seconds);
  };
  const update = () => {
    const wanted = running && visible && !document.hidden;
    if (wanted && !frame) {
      last = NaN;
      frame = requestAnimationFrame(next);
    }
    if (!wanted && frame) {
      cancelAnimationFrame(frame);
      frame = 0;
    }
  };
  const observer = new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    update();
  });
  observer.observe(element);
  onEnd(signal, () => observer.disconnect());
  listen(signal, document, "visibilitychange", update);
  /** @param {boolean} wanted */
  const run = (wanted) => {
    running = wanted;
    update();
  };
  onEnd(signal, () => run(false));
  return { run };
}

/**
 * For what need not be drawn on every frame.
 *
 * @param {number} milliseconds at least, between two times that it is due
 * @returns {(time: number) => boolean} whether it is due at a time; it counts as done then
 */
export function makePacer(milliseconds) {
  let last = -Infinity;
  return (time) => {
    if (time >= last && time - last < milliseconds) return false;
    last = time;
    return true;
  };
}

/**
 * Call `draw` once on the next frame, however often it is asked for.
 *
 * @param {AbortSignal} signal
 * @param {() => void} draw
 * @returns {() => void}
 */
export function onNextFrame(signal, draw) {
  let frame = 0;
  onEnd(signal, () => cancelAnimationFrame(frame));
  return () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
}

/**
 * Call `redraw` when the page turns dark or light, and when the element changes its width, as it
 * does on its way into the page; and mark what the reader has touched, which is then printed as it is.
 *
 * @param {AbortSignal} signal
 * @param {Element} element
 * @param {() => void} redraw
 */
export function watchLooks(signal, element, redraw) {
  for (const type of /** @type {const} */ (["pointerdown", "keydown", "input", "click"])) {
    listen(signal, element, type, () => element.classList.add("lae-touched"));
  }
  const themes = new MutationObserver(() => {
    forgetThemes();
    redraw();
  });
  const attributes = ["class", "data-theme", "data-jp-theme-light", "data-jp-theme-name"];
  for (const target of [document.documentElement, document.body]) {
    themes.observe(target, { attributes: true, attributeFilter: attributes });
  }
  onEnd(signal, () => themes.disconnect());
  let width = 0;
  const sizes = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    replacePictures(element);
    forgetThemes(); // on its way into the page
    redraw();
  });
  sizes.observe(element);
  onEnd(signal, () => sizes.disconnect());
}

/** The pictures that stand in for figures in a JupyterLab without a kernel. @param {Element} element */
function replacePictures(element) {
  for (const picture of element.closest(".jp-OutputArea")?.querySelectorAll(".lae-stand-in") ??
    []) {
    picture.remove();
  }
}
