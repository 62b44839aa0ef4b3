/** The cloud figure: points in the plane, a line to turn, and what is lost on the way to it. */

import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton, makeChoice, makeSlider } from "./parts/elements.js";
import { follow, listen } from "./parts/listening.js";
import { makeCloudBoard } from "./parts/cloud_board.js";
import { describeCloud, describeSway } from "./parts/cloud_words.js";
import { makeSumBar } from "./parts/sum_bar.js";
import { makeTurn } from "./parts/turn.js";
import { FIRST_OTHER } from "./numerics/constants.js";
import {
  addMean,
  decompose,
  drawPoints,
  momentOf,
  otherAngles,
  splitMoment,
  toHalfTurn,
} from "./numerics/cloud.js";

/** @typedef {import("./traits.d.ts").CloudTraits} Traits */

const THROUGH = /** @type {const} */ (["the mean", "the origin"]);

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const turn = makeSlider({ label: "line at", min: 0, max: 179, say: (place) => `${place}°` });
  const snap = makeButton("", { class: "lae-primary" });
  const through = makeChoice({ label: "through", options: [...THROUGH] });
  const ratio = makeSlider({ label: "v₂ / v₁", min: 1, max: 100, say: sayHundredth });
  const sample = makeButton("new sample");
  const bar = makeSumBar();
  const announcer = makeAnnouncer(signal);
  const swaying = make("p", { class: "lae-small lae-swaying" });
  const root = make("div", { class: "lae-live lae-cloud" });

  const keep = () => model.save_changes();
  /** @param {number} angle */
  const setAngle = (angle) => model.set("angle", toHalfTurn(angle));
  const turning = makeTurn(signal, root, setAngle, keep);
  /** @param {number} angle */
  const turnTo = (angle) => {
    turning.stop();
    setAngle(angle);
  };
  const readMoment = () => {
    const covariance = momentOf(drawPoints(model.get("seed"), model.get("ratio")));
    return model.get("centred") ? covariance : addMean(covariance, model.get("mean"), 1);
  };
  const board = makeCloudBoard(signal, {
    read: () => ({ angle: model.get("angle"), mean: model.get("mean") }),
    turnTo,
    moveTo: (mean) => model.set("mean", mean),
    keep,
  });
  root.append(
    board.root,
    make("div", { class: "lae-side" }, [
      bar.root,
      announcer.root,
      make("div", { class: "lae-row" }, [turn.root, snap]),
      make("div", { class: "lae-row" }, [through.root]),
      make("div", { class: "lae-row" }, [ratio.root, sample]),
      swaying,
    ]),
  );

  let others = { drawnWith: NaN, angles: [0] };
  const readOthers = () => {
    const drawnWith = model.get("ratio");
    if (others.drawnWith !== drawnWith) others = { drawnWith, angles: otherAngles(drawnWith) };
    return others.angles;
  };

  const draw = () => {
    const [angle, mean, centred] = [model.get("angle"), model.get("mean"), model.get("centred")];
    const moment = readMoment();
    const split = splitMoment(moment, angle);
    const best = decompose(moment);
    const pca = decompose(momentOf(drawPoints(model.get("seed"), model.get("ratio"))));
    const angles = readOthers();
    const points = drawPoints(model.get("seed"), model.get("ratio"), mean);
    board.draw(
      { points, mean, centred, angle, best: best.angle, first: pca.angle, others: angles },
      split,
    );
    turn.value = Math.round(angle) % 180;
    ratio.value = Math.round(100 * model.get("ratio"));
    through.value = THROUGH[centred ? 0 : 1];
    snap.textContent = `snap to ${centred ? "u₁" : "w"}`;
    bar.draw({
      error: split.lost,
      [centred ? "variance" : "kept"]: split.kept,
    });
    announcer.say(describeCloud({ split, angle, mean, centred, best, pca }));
    swaying.textContent = centred ? describeSway(model.get("ratio"), angles) : "";
  };
  const redraw = onNextFrame(signal, draw);
  listen(signal, turn.input, "input", () => turnTo(turn.value));
  listen(signal, ratio.input, "input", () => model.set("ratio", ratio.value / 100));
  listen(signal, through.root, "change", () => model.set("centred", through.value === THROUGH[0]));
  listen(signal, root, "change", keep);
  listen(signal, snap, "click", () =>
    turning.start(model.get("angle"), decompose(readMoment()).angle),
  );
  listen(signal, sample, "click", () => {
    model.set("seed", (model.get("seed") + 1) % FIRST_OTHER);
    keep();
  });
  follow(signal, model, ["angle", "ratio", "mean", "centred", "seed"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/** @param {number} place */
const sayHundredth = (place) => (place / 100).toFixed(2);

export default { render };
