/** Group elements to let act on the weights, and what each did to the loss, beside it. */

import { make, makeButton, setText } from "./elements.js";
import { flash } from "./flash.js";
import { sayNumber } from "./numbers.js";
import { INVARIANCE_GROUPS } from "../numerics/constants.js";
import { judgeAction } from "../numerics/portrait.js";
import { GROUPS } from "../numerics/random.js";

/** @typedef {import("../numerics/random.js").Group} Group */

/** @type {Record<Group, string>} */
const ACTIONS = {
  "GL(k)": "Random G in GL(k)",
  "O(k)": "Random rotation in O(k)",
  "{±1}^k": "Flip signs",
};
const PARTS = /** @type {const} */ ({
  reconstruction: "reconstruction",
  penalty: "+ penalty",
  total: "= loss",
});
const INVITATION = "Let one of these act on the weights. Which part of the loss will notice?";

export function makeKicks() {
  const buttons = GROUPS.map((group) => ({ group, button: makeButton(ACTIONS[group]) }));
  const readouts = Object.entries(PARTS).map(([part, label]) => {
    const value = make("b");
    const change = make("span", { class: "lae-change" });
    const line = make("p", {}, [make("span", { text: label }), " ", value]);
    const root = make("div", { class: "lae-readout" }, [line, change]);
    return { part: /** @type {keyof typeof PARTS} */ (part), root, value, change };
  });
  const effect = make("p", { class: "lae-effect lae-small", "aria-live": "polite" });
  const root = make("div", { class: "lae-kicks" }, [
    make("p", { class: "lae-heading", text: "touch the symmetry", "aria-hidden": "true" }),
    make(
      "div",
      { class: "lae-three", role: "group", "aria-label": "Touch the symmetry" },
      buttons.map(({ button }) => button),
    ),
    make(
      "div",
      { class: "lae-three" },
      readouts.map((readout) => readout.root),
    ),
    effect,
  ]);

  /**
   * @param {import("../numerics/descent.js").Loss} loss
   * @param {import("./explorer_session.js").LastAction | null} action
   * @param {import("../numerics/regularizers.js").Regularizer} regularizer
   * @param {number} totalVariance
   * @param {boolean} touched whether the action is new
   */
  function draw(loss, action, regularizer, totalVariance, touched) {
    const unseen = INVARIANCE_GROUPS[regularizer].replace("^k", "ᵏ");
    const judged = action && judgeAction(unseen, action.before, action.after, totalVariance);
    for (const readout of readouts) {
      const judgement = judged?.parts[readout.part];
      setText(readout.value, sayNumber(loss[readout.part]));
      setText(readout.change, judgement?.said ?? "");
      if (touched && judgement) flash(readout.root, judgement.same ? "same" : "moved");
    }
    setText(effect, judged && action ? `${ACTIONS[action.group]}: ${judged.verdict}` : INVITATION);
  }
  return { root, buttons, draw };
}
