/** Forward weights over feedback weights, and what is left between them: three images. */

import { paint } from "./colours.js";
import { make } from "./elements.js";

const BANDS = [
  { name: "encoder", text: "W, the way there" },
  { name: "decoder", text: "Bᵀ, the way back, laid beside it" },
  { name: "difference", text: "W − c Bᵀ at the best c: what no length can mend" },
];

/** The same colour means the same number in all three. */
export function makeMirrorImages() {
  const canvases = BANDS.map(() => make("canvas"));
  const root = make(
    "div",
    { class: "lae-mirror-images", role: "img" },
    BANDS.map(({ name, text }, i) =>
      make("div", { class: `lae-mirror-band lae-${name}` }, [
        make("p", { class: "lae-heading", text }),
        canvases[i],
      ]),
    ),
  );
  root.setAttribute("aria-label", `Three images. ${BANDS.map(({ text }) => text).join(". ")}.`);

  /**
   * @param {import("../numerics/mirror.js").Layer} layer
   * @param {ReturnType<typeof import("../numerics/mirror.js").compareFeedback>} found
   * @param {import("./colours.js").Theme} theme
   */
  function draw({ W, below }, { transposed, difference }, theme) {
    const limit = W.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    [W, transposed, difference].forEach((matrix, i) =>
      paint(canvases[i], matrix, below, limit, theme),
    );
  }
  return { root, draw };
}
