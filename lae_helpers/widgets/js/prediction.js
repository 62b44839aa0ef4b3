/** A question with room for the reader's answer; the truth comes when the reader has committed. */

import { make, makeAnnouncer, makeButton, makeChoice } from "./parts/elements.js";
import { onNextFrame, watchLooks } from "./parts/frames.js";
import { coverResults } from "./parts/prediction_cover.js";
import { describeDistance } from "./parts/prediction_words.js";
import { follow, listen, onEnd } from "./parts/listening.js";
import { judge } from "./numerics/predictions.js";
import { keepPrediction, nameOf, readPredictions } from "./parts/prediction_store.js";
import { makeAnswer } from "./parts/prediction_answers.js";

const INVITATION = "Commit to an answer, and the page shows its own.";

/** @typedef {import("./traits.d.ts").PredictionTraits} Traits */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const asked = {
    kind: model.get("kind"),
    question: model.get("question"),
    options: model.get("options"),
    truth: model.get("truth"),
    axes: model.get("axes"),
    positions: model.get("positions"),
    tolerance: model.get("tolerance"),
  };
  const commit = makeButton("Commit", { class: "lae-primary" });
  const pass = makeButton("Just show me");
  const again = makeButton("Predict again");
  const sure = makeChoice({ label: "I am", options: model.get("confidences") });
  const announcer = makeAnnouncer(signal, 0);
  const answer = makeAnswer(signal, asked, () => {
    commit.disabled = false;
  });
  const before = make("div", { class: "lae-row" }, [sure.root, commit, pass]);
  const root = make("div", { class: "lae-live lae-prediction", role: "group" }, [
    make("p", { class: "lae-heading", text: asked.question }),
    answer.root,
    before,
    announcer.root,
    again,
  ]);
  root.setAttribute("aria-label", `Prediction: ${asked.question}`);
  el.append(root);
  const page = whereIs(root);
  const cover = coverResults(signal, root);

  const draw = () => {
    const committed = model.get("committed");
    const guess = model.get("guess");
    answer.show(guess, committed ? asked.truth : null);
    sure.value = model.get("sure");
    before.hidden = committed;
    again.hidden = !committed;
    commit.disabled = !answer.guess().length;
    cover(!committed);
    root.classList.toggle("lae-answered", committed);
    announcer.say(committed ? describe(guess) : INVITATION);
  };
  /** @param {number[]} guess */
  const describe = (guess) => {
    const said = guess.length ? `${describeDistance(asked, guess)} ` : "";
    return said + model.get("why");
  };
  /** @param {Partial<Traits>} traits */
  const set = (traits) => {
    for (const [name, value] of Object.entries(traits)) {
      model.set(/** @type {keyof Traits} */ (name), value);
    }
    model.save_changes();
    draw();
  };
  listen(signal, commit, "click", () => {
    const guess = answer.guess();
    set({ guess, sure: sure.value, committed: true });
    if (page) keepPrediction({ ...page, ...kept(guess) });
    again.focus();
  });
  listen(signal, pass, "click", () => {
    set({ guess: [], committed: true });
    again.focus();
  });
  listen(signal, again, "click", () => {
    set({ guess: [], committed: false });
    commit.focus();
  });
  /** @param {number[]} guess */
  const kept = (guess) => ({
    question: asked.question,
    guess,
    said: describeDistance(asked, guess),
    hit: judge(asked.kind, guess, asked.truth, asked.axes, asked.tolerance).hit,
    sure: sure.value,
  });
  const redraw = onNextFrame(signal, draw);
  follow(signal, model, ["guess", "committed", "sure"], redraw);
  watchLooks(signal, root, redraw);
  const earlier = page && readPredictions()[nameOf(page)];
  if (earlier && earlier.question === asked.question && !model.get("committed")) {
    model.set("guess", earlier.guess);
    model.set("sure", /** @type {Traits["sure"]} */ (earlier.sure));
    model.set("committed", true);
  }
  draw();
  if (page && location.hash === `#${page.anchor}`) stayInView(signal, root);
  return () => ending.abort();
}

/**
 * What was linked to stays in view while the figures above it take their places, until the reader
 * moves.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} root
 */
function stayInView(signal, root) {
  const watcher = new ResizeObserver(() => root.scrollIntoView());
  watcher.observe(document.body);
  const leave = () => watcher.disconnect();
  for (const event of /** @type {const} */ (["wheel", "pointerdown", "touchstart", "keydown"])) {
    listen(signal, document.body, event, leave);
  }
  onEnd(signal, leave);
}

/**
 * Where on the website a question stands; its anchor is made here.
 *
 * @param {HTMLElement} root
 */
function whereIs(root) {
  const article = root.closest(".bd-article");
  if (!article) return null;
  const place = [...document.querySelectorAll(".lae-prediction")].indexOf(root);
  root.id = `prediction-${place + 1}`;
  const chapter = article.querySelector("h1")?.firstChild?.textContent ?? document.title;
  const title = article.querySelector("h1")?.innerText.replace(/#$/, "").trim();
  const page = location.pathname.split("/").pop() ?? "";
  return { page, chapter: title ?? chapter, anchor: root.id };
}

export default { render };
