/** The explorer: gradient descent on a linear autoencoder, and all that it learns, in the page. */

import { make, makeAnnouncer, makeButton, makeCheckbox, makeChoice, makeNumber, makeSelect, makeSlider } from "./parts/elements.js";
import { createLife, createLoop, onNextFrame, watchLooks } from "./parts/life.js";
import { makeExplorerView } from "./parts/explorer_view.js";
import { readPixelBasis, sessionOf } from "./parts/explorer_session.js";
import { fromFragment, mostComponents, toFragment, toPython } from "./parts/link.js";
import { REGULARIZERS } from "./numerics/autoencoder.js";
import { describeAction, describeWalk, portray, sayNumber } from "./numerics/portrait.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const LAM_POSITIONS = 160;
const REDUCED_INTERVAL = 1000; // milliseconds between pictures where motion is to be reduced
const GROUP_OF_LOSS = { none: "GL(k)", product: "GL(k)", sum: "O(k)", "non-uniform sum": "{±1}ᵏ" };
const ACTIONS = { "GL(k)": "Random G in GL(k)", "O(k)": "Random rotation in O(k)", "{±1}^k": "Flip signs" };

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const life = createLife();
  const session = sessionOf(model);
  const controls = makeControls(model);
  const view = makeExplorerView();
  const announcer = makeAnnouncer(life);
  const effect = make("p", { class: "lae-effect", "aria-live": "polite" });
  const note = make("p", { class: "lae-small" });
  const reason = make("p", { class: "lae-reason" });
  const text = /** @type {HTMLTextAreaElement} */ (make("textarea", { readonly: true, "aria-label": "The state as text", hidden: true }));
  const copied = make("p", { class: "lae-small", role: "status" });
  const root = make("div", { class: "lae-live lae-explorer" }, [
    make("div", { class: "lae-row" }, [controls.play, controls.step, controls.reset, controls.speed.root]),
    make("div", { class: "lae-row" }, [controls.regularizer.root]),
    make("div", { class: "lae-row" }, [controls.lam.root, controls.components.root]),
    announcer.root,
    view.root,
    make("div", { class: "lae-group" }, [
      make("p", { class: "lae-heading", text: "Touch the symmetry" }),
      make("div", { class: "lae-row" }, Object.values(controls.actions)),
      effect,
    ]),
    make("details", { class: "lae-more" }, [
      make("summary", { text: "Start, step size and ways to fail" }),
      make("div", { class: "lae-row" }, [controls.problem.root, controls.seed.root]),
      reason,
      make("div", { class: "lae-row" }, [controls.automatic.root, controls.rate.root]),
      note,
    ]),
    make("details", {}, [
      make("summary", { text: "Take these weights with you" }),
      make("div", { class: "lae-row" }, [controls.copyPython, controls.copyLink]),
      copied,
      text,
    ]),
  ]);

  let pixels = readPixelBasis(model);
  const draw = () => {
    const walk = session.walk();
    const regularizer = model.get("regularizer");
    const lam = model.get("lam");
    const portrait = portray(walk, regularizer, lam);
    view.draw(walk, portrait, pixels);
    controls.show(session);
    announcer.say(
      session.retracing()
        ? `Retracing the recorded steps: ${session.left().toLocaleString("en-GB")} to go.`
        : describeWalk(walk, regularizer, lam, portrait),
    );
    const action = session.lastAction();
    const said = action ? describeAction(ACTIONS[action.group], GROUP_OF_LOSS[regularizer], action.before, action.after) : "";
    if (effect.textContent !== said) effect.textContent = said;
    const preset = model.get("_problems")[model.get("problem")].preset;
    reason.textContent = preset?.reason ?? "";
    root.querySelector(".lae-more").toggleAttribute("open", root.querySelector(".lae-more").open || Boolean(preset));
    note.textContent = describeNote(walk, model);
  };
  const redraw = onNextFrame(life, draw);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let drawn = 0;
  const loop = createLoop(life, root, (time) => {
    session.work(time);
    if (still.matches && session.busy() && time - drawn < REDUCED_INTERVAL) return;
    drawn = time;
    draw();
  });
  const update = () => {
    loop.run(session.busy());
    if (!session.busy()) redraw();
  };
  life.onEnd(session.watch(update));
  life.follow(model, ["problem"], () => {
    pixels = readPixelBasis(model);
    redraw();
  });
  life.follow(model, ["speed"], redraw);
  controls.connect(life, session);
  connectCopies(life, model, session, controls, { text, copied });
  el.append(root);
  watchLooks(life, root, redraw);
  readAddress(life, model, copied);
  draw();
  update();
  return life.end;
}

/** What the figure leaves out, and which learning rate it chose. */
function describeNote(walk, model) {
  const { rest, spectrum } = walk.problem;
  const kept = spectrum.reduce((sum, variance) => sum + variance, 0);
  const share = `${((100 * kept) / (kept + rest)).toFixed(0)} %`;
  const coordinates = rest
    ? `The model lives in the ${spectrum.length} leading principal directions, which hold ${share} of the variance; the other ${sayNumber(rest)} is a constant in the loss. `
    : "";
  const whose = model.get("learning_rate") ? "set by hand" : "chosen automatically, one over a bound on the curvature";
  return `${coordinates}Learning rate ${walk.rate ? sayNumber(walk.rate) : "not chosen yet"}: ${whose}.`;
}

/** @param {any} model */
function makeControls(model) {
  const problems = model.get("_problems");
  const [leastLam, mostLam] = model.get("_lam_range");
  const toLam = (position) => Number((leastLam * (mostLam / leastLam) ** (position / LAM_POSITIONS)).toPrecision(3));
  const toPosition = (lam) => Math.round((LAM_POSITIONS * Math.log(lam / leastLam)) / Math.log(mostLam / leastLam));
  const controls = {
    play: makeButton("Play", { class: "lae-primary" }),
    step: makeButton("One step"),
    reset: makeButton("Reset"),
    speed: makeSlider({ label: "speed", min: 0, max: SPEEDS.length - 1, say: () => `${model.get("speed")} steps a frame` }),
    regularizer: makeChoice({ label: "regulariser", options: REGULARIZERS }),
    lam: makeSlider({ label: "strength λ", min: 0, max: LAM_POSITIONS, say: () => sayNumber(model.get("lam")) }),
    components: makeSlider({ label: "width k", min: 1, max: 16, say: String }),
    seed: makeNumber({ label: "seed", min: 0, max: 2 ** 32 - 1, step: 1 }),
    problem: makeSelect({ label: "data", options: Object.keys(problems) }),
    automatic: makeCheckbox("automatic learning rate"),
    rate: makeNumber({ label: "learning rate", min: 0.0001, max: 1, step: "any" }),
    actions: Object.fromEntries(Object.entries(ACTIONS).map(([group, label]) => [group, makeButton(label)])),
    copyPython: makeButton("Copy as Python"),
    copyLink: makeButton("Copy link", { hidden: Boolean(model.widget_manager) }),
  };

  /** Show the traits, and what can be done now. */
  const show = (session) => {
    const problem = problems[model.get("problem")];
    const walk = session.walk();
    const idle = !session.retracing();
    controls.play.textContent = model.get("playing") ? "Pause" : "Play";
    controls.play.disabled = !idle || walk.diverged;
    controls.step.disabled = !idle || walk.diverged || model.get("playing");
    controls.reset.disabled = !idle;
    for (const button of Object.values(controls.actions)) button.disabled = !idle || walk.diverged;
    controls.regularizer.value = model.get("regularizer");
    controls.lam.value = toPosition(model.get("lam"));
    controls.lam.input.disabled = model.get("regularizer") === "none";
    controls.components.input.max = String(mostComponents(problem));
    controls.components.value = model.get("n_components");
    controls.speed.value = SPEEDS.reduce((best, speed, i) => (speed <= model.get("speed") ? i : best), 0);
    controls.seed.value = model.get("seed");
    controls.problem.value = model.get("problem");
    const own = model.get("learning_rate");
    controls.automatic.input.checked = own === 0;
    controls.rate.value = own || walk.rate || "";
    controls.rate.input.disabled = own === 0;
  };

  /** Let every control set its trait. */
  const connect = (life, session) => {
    const set = (traits) => {
      for (const [name, value] of Object.entries(traits)) model.set(name, value);
      model.save_changes();
    };
    const on = (control, type, listener) => life.listen(control.input ?? control, type, listener);
    on(controls.play, "click", () => set({ playing: !model.get("playing") }));
    on(controls.step, "click", () => session.request("step"));
    on(controls.reset, "click", () => session.request("reset"));
    for (const [group, button] of Object.entries(controls.actions)) on(button, "click", () => session.request(group));
    for (const input of controls.regularizer.inputs) life.listen(input, "change", () => set({ regularizer: input.value }));
    on(controls.lam, "input", () => set({ lam: toLam(controls.lam.input.valueAsNumber) }));
    on(controls.components, "input", () => set({ n_components: controls.components.input.valueAsNumber }));
    on(controls.speed, "input", () => set({ speed: SPEEDS[controls.speed.input.valueAsNumber] }));
    on(controls.seed, "change", () => set({ seed: controls.seed.accepted(model.get("seed")) }));
    on(controls.rate, "change", () => set({ learning_rate: controls.rate.accepted(model.get("learning_rate")) }));
    on(controls.automatic, "change", () => {
      const chosen = session.walk().rate || 0.01;
      set({ learning_rate: controls.automatic.input.checked ? 0 : chosen });
    });
    on(controls.problem, "change", () => set({ playing: false, ...settingsOf(problems, controls.problem.value) }));
  };
  return { ...controls, show, connect };
}

/** The traits that go with a problem; `problem` comes last, because it starts the walk anew. */
function settingsOf(problems, name) {
  const { preset } = problems[name];
  if (!preset) return { learning_rate: 0, problem: name };
  const { regularizer, lam, n_components, learning_rate } = preset;
  return { regularizer, lam, n_components, learning_rate, problem: name };
}

/** Let the two buttons copy, and show what they copied for those whose clipboard is closed. */
function connectCopies(life, model, session, controls, { text, copied }) {
  const copy = async (content, what) => {
    text.hidden = false;
    text.value = content;
    try {
      await navigator.clipboard.writeText(content);
      copied.textContent = `${what} copied.`;
    } catch {
      text.select();
      copied.textContent = `${what}: select the text below and copy it.`;
    }
  };
  life.listen(controls.copyPython, "click", () => copy(toPython(model, session.walk()), "Three lines of Python"));
  life.listen(controls.copyLink, "click", () => copy(location.href.split("#")[0] + toFragment(model, session.walk()), "Link"));
}

/** On the website, take the state out of the address; a damaged one is ignored, with a note. */
function readAddress(life, model, note) {
  if (model.widget_manager) return;
  const read = () => {
    try {
      const state = fromFragment(location.hash, model);
      if (!state) return;
      const { walk, ...settings } = state;
      for (const [name, value] of Object.entries(settings)) model.set(name, value);
      model.set("walk", walk);
    } catch (error) {
      note.textContent = `The link's settings are damaged and were ignored: ${error.message}.`;
      note.closest("details").open = true;
    }
  };
  life.listen(window, "hashchange", read);
  read();
}

export default { render };
