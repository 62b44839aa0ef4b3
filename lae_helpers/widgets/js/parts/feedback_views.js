/** What the feedback figure draws: accuracies, compasses and angles of the runs on show. */

import {
  findCeiling,
  findFloor,
  pickLayer,
  summarizeRecord,
  traceMeans,
} from "../numerics/feedback_runs.js";
import { makeCompass } from "./feedback_compass.js";
import { sayDegrees } from "./feedback_words.js";
import { make } from "./elements.js";
import { makePlot } from "./plot.js";

/**
 * @typedef {import("../numerics/feedback_runs.js").FeedbackRecord} FeedbackRecord
 * @typedef {ReturnType<typeof makeCompass>} Compass
 * @typedef {{colour: import("./colours.js").ColourName, dash: number[]}} Looks
 * @typedef {{label: string, record: FeedbackRecord} & Looks} Shown
 * @typedef {{name: "weightAngles" | "errorAngles", first: number}} AnglesOf `first` is the layer that
 *   the angles begin with
 */

/** Accuracy over the epochs, a compass a layer at this epoch, and angles over the epochs. */
export function makeViews() {
  const accuracy = makePlot({
    title: "Test accuracy, %: mean over the seeds, and each seed at this epoch",
    xLabel: "epoch",
    yToHundred: true,
    height: 230,
  });
  const compasses = make("div", { class: "lae-compasses" });
  const layers = make("div", { class: "lae-side-by-side" });
  /** @type {{key: string, dials: Compass[], plots: import("./plot.js").Plot[]}} */
  let made = { key: "", dials: [], plots: [] };

  /** @param {number} nLayers @param {number} first layer of the plots */
  function rebuild(nLayers, first) {
    const key = `${nLayers} ${first}`;
    if (made.key === key) return;
    const dials = Array.from({ length: nLayers }, (_, i) => makeCompass(`layer ${i + 2}`));
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

  /**
   * @param {Shown[]} shown
   * @param {number} epoch
   * @param {number} last epoch
   * @param {AnglesOf} angles
   */
  function draw(shown, epoch, last, { name, first }) {
    const records = shown.map(({ record }) => record);
    const floor = findFloor(records);
    /** @param {FeedbackRecord} record */
    const inPercent = (record) =>
      record.accuracies.map((seeds) =>
        seeds.map((share) => (100 * share < floor ? NaN : 100 * share)),
      );
    accuracy.draw({
      x: [0, last],
      y: [floor, findCeiling(records)],
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

/**
 * The mean of every run up to this epoch, and where its seeds are now.
 *
 * @param {Shown[]} shown
 * @param {(record: FeedbackRecord) => number[][]} tableOf
 * @param {number} epoch
 * @param {boolean} named whether the curves have labels
 */
function listCurves(shown, tableOf, epoch, named) {
  /** @param {Shown} one @returns {import("./plot.js").Series[]} */
  const listCurve = ({ label, record, colour, dash }) => {
    const table = tableOf(record);
    const at = Math.min(epoch, table.length - 1);
    return [
      {
        label: named ? label : "",
        colour,
        shape: "line",
        dash,
        points: traceMeans(table, at),
      },
      { label: "", colour, shape: "dots", points: table[at].map((value) => [at, value]) },
    ];
  };
  return shown.flatMap(listCurve);
}

/**
 * Needles, and what they say.
 *
 * @param {Shown[]} shown
 * @param {number} epoch
 * @param {number} layer counted from zero
 * @returns {[import("./feedback_compass.js").Needle[], string]}
 */
function listNeedles(shown, epoch, layer) {
  const found = shown.map(({ label, record, colour, dash }) => ({
    label,
    colour,
    dash,
    ...summarizeRecord(record, epoch).layers[layer],
  }));
  const said = found
    .map(({ label, angle, gain }) => `${label} ${sayDegrees(angle)}, length ${gain.toFixed(2)}`)
    .join("; ");
  return [found, `Feedback of layer ${layer + 2}: ${said || "no rule chosen"}`];
}
