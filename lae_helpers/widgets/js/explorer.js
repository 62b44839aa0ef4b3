/** The explorer: gradient descent on a linear autoencoder, and all that it learns, in the page. */

import { readTheme } from "./parts/colours.js";
import { make, makeAnnouncer, setText } from "./parts/elements.js";
import { createLoop, makePacer, onNextFrame, watchLooks } from "./parts/frames.js";
import { makeControls } from "./parts/explorer_controls.js";
import { makeKicks } from "./parts/explorer_kicks.js";
import { makeExplorerPlots } from "./parts/explorer_plots.js";
import { makeExplorerView } from "./parts/explorer_view.js";
import { makeReporter, sayStatus } from "./parts/explorer_words.js";
import { makeBarKey } from "./parts/features.js";
import { readPixelBasis, sessionOf } from "./parts/explorer_session.js";
import { makeTakeaway } from "./parts/explorer_takeaway.js";
import { describeCoordinates, describeDescent, portray } from "./numerics/portrait.js";
import { REGULARIZERS } from "./numerics/regularizers.js";
import { retraceAll } from "./numerics/retracing.js";
import { follow, listen, onEnd } from "./parts/listening.js";
import { withOwnData } from "./parts/own_data.js";

const REDUCED_INTERVAL = 1000; // milliseconds between pictures where motion is to be reduced
const PLOT_INTERVAL = 80; // milliseconds between drawings of the curves

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
  const kicks = makeKicks();
  const controls = makeControls(signal, model, kicks.buttons);
  const view = makeExplorerView();
  const plots = makeExplorerPlots();
  const announcer = makeAnnouncer(signal);
  const report = makeReporter();
  const bars = make("div");
  const takeaway = makeTakeaway(signal, model, session);
  const note = make("p", { class: "lae-small" });
  const reason = make("p", { class: "lae-reason" });
  const more = make("details", { class: "lae-more" }, [
    make("summary", { text: "Start, step size and ways to fail" }),
    make("div", { class: "lae-row" }, [
      controls.problem.root,
      controls.seed.root,
      controls.size.root,
    ]),
    reason,
    make("div", { class: "lae-row" }, [controls.automatic.root, controls.rate.root]),
    note,
  ]);
  const root = make("div", { class: "lae-live lae-explorer" }, [
    view.weights,
    kicks.root,
    view.found,
    bars,
    controls.deck,
    controls.settings,
    announcer.root,
    plots.root,
    more,
    takeaway.root,
  ]);

  let pixels = readPixelBasis(model);
  const takeProblem = () => {
    const { preset } = model.get("_problems")[model.get("problem")];
    pixels = readPixelBasis(model);
    bars.replaceChildren(makeBarKey(pixels.layout));
    reason.textContent = preset?.reason ?? "";
    if (preset) more.open = true;
  };
  /** @type {import("./parts/explorer_session.js").LastAction | null} */
  let action = null;
  const draw = (plotting = true) => {
    const descent = session.descent();
    const regularizer = model.get("regularizer");
    const lam = model.get("lam");
    const portrait = portray(descent, regularizer, lam);
    const theme = readTheme(root);
    const last = session.lastAction();
    const touched = last !== null && last !== action;
    action = last;
    view.draw(descent, portrait, pixels, theme, touched && last.after !== null);
    kicks.draw(portrait.loss, last, regularizer, descent.totalVariance, touched);
    controls.show(session);
    setText(controls.status, sayStatus(session, portrait));
    announcer.say(
      session.retracing()
        ? `Retracing the recorded steps: ${session.left().toLocaleString("en-GB")} to go.`
        : describeDescent(descent, regularizer, lam, portrait),
    );
    const news = report(session, portrait);
    if (news) announcer.tell(news);
    if (!plotting) return;
    plots.draw(descent, session.present(), portrait, theme);
    controls.scrubber.draw(session.timeline(), descent.steps);
    setText(note, describeCoordinates(descent, model.get("learning_rate")));
  };
  const redraw = onNextFrame(signal, draw);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let drawn = 0;
  const plotsAreDue = makePacer(PLOT_INTERVAL);
  const loop = createLoop(signal, root, (time, seconds) => {
    session.work(time, seconds);
    if (still.matches && session.busy() && time - drawn < REDUCED_INTERVAL) return;
    drawn = time;
    draw(plotsAreDue(time) || !session.busy());
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
  const { choose } = controls.connect(session);
  listen(signal, root, "keydown", (event) => {
    const chosen = REGULARIZERS[Number(event.key) - 1];
    const typing =
      event.target instanceof Element && event.target.matches("[type=number], textarea, select");
    if (!chosen || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    choose(chosen);
  });
  el.append(root);
  watchLooks(signal, root, redraw);
  takeaway.readAddress();
  takeProblem();
  draw();
  update();
  return () => ending.abort();
}

export default withOwnData({ initialize, render, tasks: { retrace: retraceAll } }, "explorer");
