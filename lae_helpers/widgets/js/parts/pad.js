/** A pad to draw small images on, with a pointer or the arrow keys. */

import { paint, readTheme } from "./colours.js";
import { make, makeButton } from "./elements.js";
import { listen } from "./listening.js";

const REACH = 1.7; // pixels of ink around the pen
const FULL = 1.4; // ink at its centre, of which at most 1 is seen
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {AbortSignal} signal @param {number} side pixels */
export function makePad(signal, side) {
  const canvas = make("canvas", {
    class: "lae-grey lae-pad",
    tabindex: 0,
    role: "application",
    "aria-label":
      "Pad to draw on: with a pointer, or with the arrow keys; with Shift they move without ink",
  });
  canvas.setAttribute("data-lm-suppress-shortcuts", "true");
  const add = makeButton("Add this one");
  const wipe = makeButton("Wipe");
  const root = make("div", { class: "lae-pad-box" }, [canvas]);
  /** @type {Float64Array[]} */
  const images = [];
  let image = new Float64Array(side * side);
  /** @type {[number, number]} */
  let pen = [side / 2, side / 2];

  const draw = () => paint(canvas, image, side, 1, readTheme(canvas));
  /** @param {[number, number]} to @param {boolean} inked */
  const move = (to, inked) => {
    const apart = Math.hypot(to[0] - pen[0], to[1] - pen[1]);
    const length = inked ? Math.max(1, Math.ceil(2 * apart)) : 0;
    for (let step = 1; step <= length; step += 1) {
      const [x, y] = [0, 1].map((axis) => pen[axis] + ((to[axis] - pen[axis]) * step) / length);
      image.forEach((ink, at) => {
        const reach = Math.hypot((at % side) + 0.5 - x, Math.floor(at / side) + 0.5 - y);
        image[at] = Math.max(ink, Math.min(1, FULL * (1 - reach / REACH)));
      });
    }
    pen = to;
    if (inked) draw();
  };
  /** @param {PointerEvent} event @returns {[number, number]} */
  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * side,
      ((event.clientY - box.top) / box.height) * side,
    ];
  };
  listen(signal, canvas, "pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen = placeOf(event);
    move(pen, true);
  });
  listen(signal, canvas, "pointermove", (event) => {
    if (event.buttons) move(placeOf(event), true);
  });
  listen(signal, canvas, "keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const to = [0, 1].map((axis) => Math.max(0.5, Math.min(side - 0.5, pen[axis] + arrow[axis])));
    move([to[0], to[1]], !event.shiftKey);
  });
  listen(signal, wipe, "click", () => {
    image = new Float64Array(side * side);
    draw();
  });
  listen(signal, add, "click", () => {
    if (!image.some((ink) => ink > 0)) return;
    images.push(image);
    image = new Float64Array(side * side);
    draw();
    root.dispatchEvent(new CustomEvent("lae-drawn"));
  });
  requestAnimationFrame(draw);
  return { root, add, wipe, images: () => images };
}
