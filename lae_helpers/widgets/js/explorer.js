/** The explorer: gradient descent on a linear autoencoder, and all that it learns, in the page. */

import { make, makeAnnouncer } from "./parts/elements.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { ACTIONS, makeControls } from "./parts/explorer_controls.js";
import { makeExplorerView } from "./parts/explorer_view.js";
import { readPixelBasis, sessionOf } from "./parts/explorer_session.js";
import { makeTakeaway } from "./parts/explorer_takeaway.js";
import { INVARIANCE_GROUPS } from "./numerics/constants.js";
import {
  describeAction,
  describeCoordinates,
  describeDescent,
  portray,
} from "./numerics/portrait.js";
import { retraceAll } from "./numerics/retracing.js";
import { follow, onEnd } from "./parts/listening.js";

const REDUCED_INTERVAL = 1000; // milliseconds between pictures where motion is to be reduced

/** @typedef {import("./traits.d.ts").ExplorerTraits} Traits */

/**
 * The session belongs to the model: it is made before any view, and outlives each.
 *
 * @param {{model: import("./traits.d.ts").Model<Traits>}} props
 */
function initialize({ model }) {
  sessionOf(model);
}

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const session = sessionOf(model);
  const controls = makeControls(model);
  const view = makeExplorerView();
  const announcer = makeAnnouncer(signal);
  const takeaway = makeTakeaway(signal, model, session);
  const effect = make("p", { class: "lae-effect", "aria-live": "polite" });
  const note = make("p", { class: "lae-small" });
  const reason = make("p", { class: "lae-reason" });
  const more = make("details", { class: "lae-more" }, [
    make("summary", { text: "Start, step size and ways to fail" }),
    make("div", { class: "lae-row" }, [controls.problem.root, controls.seed.root]),
    reason,
    make("div", { class: "lae-row" }, [controls.automatic.root, controls.rate.root]),
    note,
  ]);
  const root = make("div", { class: "lae-live lae-explorer" }, [
    make("div", { class: "lae-row" }, [
      controls.play,
      controls.step,
      controls.reset,
      controls.speed.root,
    ]),
    make("div", { class: "lae-row" }, [controls.regularizer.root]),
    make("div", { class: "lae-row" }, [
      controls.lam.root,
      controls.components.root,
      controls.size.root,
    ]),
    announcer.root,
    view.root,
    make("div", { class: "lae-group" }, [
      make("p", { class: "lae-heading", text: "Touch the symmetry" }),
      make(
        "div",
        { class: "lae-row" },
        controls.actions.map(({ button }) => button),
      ),
      effect,
    ]),
    more,
    takeaway.root,
  ]);

  let pixels = readPixelBasis(model);
  const takeProblem = () => {
    const { preset } = model.get("_problems")[model.get("problem")];
    pixels = readPixelBasis(model);
    reason.textContent = preset?.reason ?? "";
    if (preset) more.open = true;
  };
  const draw = () => {
    const descent = session.descent();
    const regularizer = model.get("regularizer");
    const lam = model.get("lam");
    const portrait = portray(descent, regularizer, lam);
    view.draw(descent, portrait, pixels);
    controls.show(session);
    announcer.say(
      session.retracing()
        ? `Retracing the recorded steps: ${session.left().toLocaleString("en-GB")} to go.`
        : describeDescent(descent, regularizer, lam, portrait),
    );
    const action = session.lastAction();
    const said = action
      ? describeAction(
          ACTIONS[action.group],
          INVARIANCE_GROUPS[regularizer].replace("^k", "ᵏ"),
          action.before,
          action.after,
          descent.totalVariance,
        )
      : "";
    if (effect.textContent !== said) effect.textContent = said;
    note.textContent = describeCoordinates(descent, model.get("learning_rate"));
  };
  const redraw = onNextFrame(signal, draw);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let drawn = 0;
  const loop = createLoop(signal, root, (time, seconds) => {
    session.work(time, seconds);
    if (still.matches && session.busy() && time - drawn < REDUCED_INTERVAL) return;
    drawn = time;
    draw();
  });
  const update = () => {
    loop.run(session.busy());
    if (!session.busy()) redraw();
  };
  onEnd(signal, session.watch(update));
  follow(signal, model, ["problem"], () => {
    takeProblem();
    redraw();
  });
  follow(signal, model, ["speed"], redraw);
  controls.connect(signal, session);
  el.append(root);
  watchLooks(signal, root, redraw);
  takeaway.readAddress();
  takeProblem();
  draw();
  update();
  return () => ending.abort();
}

export default { initialize, render, tasks: { retrace: retraceAll } };
