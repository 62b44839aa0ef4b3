/** The credit figure: recorded trainings with learned feedback, rule by rule and layer by layer. */

import { createLife, createLoop, onNextFrame, watchLooks } from "./parts/life.js";
import {
  make,
  makeAnnouncer,
  makeButton,
  makeCheckbox,
  makeChoice,
  makeSlider,
} from "./parts/elements.js";
import { makePlot } from "./parts/plot.js";
import { makeCompass } from "./parts/credit_compass.js";
import { makeTraining } from "./parts/credit_training.js";
import { describeRuns, sayDegrees } from "./parts/credit_words.js";
import {
  findFloor,
  lastEpochOf,
  pickLayer,
  summarizeRecord,
  traceMeans,
} from "./numerics/credit_runs.js";

const EPOCH_MILLISECONDS = 350;
const LOOKS = [
  ...["first", "second", "third", "fourth", "muted"].map((colour) => ({ colour, dashed: false })),
  ...["ink", "first", "second", "third", "fourth", "muted"].map((colour) => ({
    colour,
    dashed: true,
  })),
];
const FRESH_LOOKS = { colour: "alarm", dashed: true };
const ANGLES = {
  "feedback B to the transpose Wᵀ": { name: "weightAngles", first: 2 },
  "error fed back to the true error": { name: "errorAngles", first: 1 },
};

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const life = createLife();
  const networks = makeChoice({ label: "network", options: Object.keys(model.get("records")) });
  const rules = model.get("labels").map((label) => ({ label, ...makeCheckbox(label) }));
  const ruleBox = make("fieldset", { class: "lae-choice" }, [
    make("legend", { text: "rules" }),
    ...rules.map(({ root }) => root),
  ]);
  const slider = makeSlider({
    label: "epoch",
    min: 0,
    max: 1,
    say: (epoch) => `${epoch} of ${slider.input.max}`,
  });
  const play = makeButton("play");
  const angles = makeChoice({
    label: "angles over the epochs, degrees:",
    options: Object.keys(ANGLES),
  });
  const announcer = makeAnnouncer(life);
  const views = makeViews();
  const training = makeTraining(life, model);
  const root = make("div", { class: "lae-live lae-credit" }, [
    networks.root,
    ruleBox,
    make("div", { class: "lae-row" }, [slider.root, play]),
    announcer.root,
    views.accuracy.root,
    views.compasses,
    angles.root,
    views.layers,
    training.root,
  ]);
  angles.value = Object.keys(ANGLES)[0];

  const show = (changes) =>
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
  const draw = () => {
    const shown = listShown(model);
    const last = lastEpochFor(model);
    const epoch = Math.min(model.get("epoch"), last);
    networks.value = model.get("network");
    for (const { label, input } of rules) input.checked = model.get("rules").includes(label);
    slider.input.max = String(last);
    slider.value = epoch;
    views.draw(shown, epoch, last, ANGLES[angles.value]);
    announcer.say(describeRuns(model.get("network"), epoch, last, shown));
  };
  const redraw = onNextFrame(life, draw);
  const player = makePlayer(life, root, model, show, play);
  life.listen(play, "click", player.toggle);
  life.listen(networks.root, "change", () => show({ network: networks.value }));
  life.listen(ruleBox, "change", () =>
    show({ rules: rules.filter(({ input }) => input.checked).map(({ label }) => label) }),
  );
  life.listen(angles.root, "change", redraw);
  life.listen(slider.input, "input", () => {
    player.pause();
    show({ epoch: slider.value });
  });
  life.listen(root, "change", () => model.save_changes());
  life.follow(model, ["network", "rules", "epoch", "fresh"], redraw);
  el.append(root);
  watchLooks(life, root, redraw);
  draw();
  return life.end;
}

/** @returns {number} the last epoch of the chosen network's recorded runs */
function lastEpochFor(model) {
  return Math.max(...Object.values(model.get("records")[model.get("network")]).map(lastEpochOf));
}

/** The recorded runs that are wanted, each with its looks, and one trained again at the end. */
function listShown(model) {
  const [network, labels] = [model.get("network"), model.get("labels")];
  const records = model.get("records")[network];
  const shown = model
    .get("rules")
    .map((label) => ({
      label,
      record: records[label],
      ...LOOKS[labels.indexOf(label) % LOOKS.length],
    }));
  const fresh = model.get("fresh");
  if (fresh.network === network)
    shown.push({
      label: `${fresh.rule} with seed ${fresh.record.seeds[0]}`,
      record: fresh.record,
      ...FRESH_LOOKS,
    });
  return shown;
}

/** Epoch by epoch, while it is on screen; at once to the end where motion is not welcome. */
function makePlayer(life, root, model, show, button) {
  let next = 0;
  let playing = false;
  const run = (wanted) => {
    playing = wanted;
    button.textContent = playing ? "pause" : "play";
    loop.run(playing);
    if (!playing) model.save_changes();
  };
  const loop = createLoop(life, root, (time) => {
    if (time < next) return;
    next = time + EPOCH_MILLISECONDS;
    const last = lastEpochFor(model);
    const epoch = Math.min(model.get("epoch") + 1, last);
    show({ epoch });
    if (epoch === last) run(false);
  });
  const toggle = () => {
    if (playing) return run(false);
    const last = lastEpochFor(model);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      show({ epoch: model.get("epoch") >= last ? 0 : last });
      return model.save_changes();
    }
    if (model.get("epoch") >= last) show({ epoch: 0 });
    return run(true);
  };
  const pause = () => {
    if (playing) run(false);
  };
  return { toggle, pause };
}

/** Accuracy over the epochs, a compass a layer at this epoch, and angles over the epochs. */
function makeViews() {
  const accuracy = makePlot({
    title: "Test accuracy, %: mean over the seeds, and each seed at this epoch",
    xLabel: "epoch",
    height: 210,
  });
  const compasses = make("div", { class: "lae-compasses" });
  const layers = make("div", { class: "lae-side-by-side" });
  let made = { key: "", dials: [], plots: [] };

  function rebuild(nLayers, first) {
    const key = `${nLayers} ${first}`;
    if (made.key === key) return;
    const dials = Array.from({ length: nLayers }, (_, i) => makeCompass(i + 2));
    const plots = Array.from({ length: nLayers }, (_, i) =>
      makePlot({ title: `layer ${i + first}`, xLabel: "epoch", height: 170 }),
    );
    const caption = make("p", {
      class: "lae-small",
      text: "Feedback at this epoch: the turn of a needle is its angle to the transpose, its length the length of B relative to W.",
    });
    compasses.replaceChildren(caption, ...dials.map(({ root }) => root));
    layers.replaceChildren(...plots.map(({ root }) => root));
    made = { key, dials, plots };
  }

  function draw(shown, epoch, last, { name, first }) {
    const floor = findFloor(shown.map(({ record }) => record));
    const inPercent = (record) =>
      record.accuracies.map((seeds) =>
        seeds.map((share) => (100 * share < floor ? NaN : 100 * share)),
      );
    accuracy.draw({
      x: [0, last],
      y: [floor, 100],
      series: listCurves(shown, inPercent, epoch, true),
    });
    const nLayers = shown.length ? shown[0].record.gains[0][0].length : made.dials.length;
    rebuild(nLayers, first);
    made.dials.forEach((dial, i) => dial.draw(...listNeedles(shown, epoch, i)));
    made.plots.forEach((plot, i) =>
      plot.draw({
        x: [0, last],
        y: [0, 95],
        series: listCurves(shown, (record) => pickLayer(record[name], i), epoch, false),
      }),
    );
  }
  return { accuracy, compasses, layers, draw };
}

/** The mean of every run up to this epoch, and where its seeds are now. */
function listCurves(shown, tableOf, epoch, named) {
  return shown.flatMap(({ label, record, colour, dashed }) => {
    const table = tableOf(record);
    const at = Math.min(epoch, table.length - 1);
    return [
      {
        label: named ? label : "",
        colour,
        shape: dashed ? "dashes" : "line",
        points: traceMeans(table, at),
      },
      { label: "", colour, shape: "dots", points: table[at].map((value) => [at, value]) },
    ];
  });
}

/** @returns {[import("./parts/credit_compass.js").Needle[], string]} needles, and what they say */
function listNeedles(shown, epoch, layer) {
  const found = shown.map(({ label, record, colour, dashed }) => ({
    label,
    colour,
    dashed,
    ...summarizeRecord(record, epoch).layers[layer],
  }));
  const said = found
    .map(({ label, angle, gain }) => `${label} ${sayDegrees(angle)}, length ${gain.toFixed(2)}`)
    .join("; ");
  return [found, `Feedback of layer ${layer + 2}: ${said || "no rule chosen"}`];
}

export default { render };
