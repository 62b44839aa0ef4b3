/** The reconstruction figure: an image rebuilt by PCA from more and more numbers. */

import { readDoubles, readPixels, readSmallIntegers } from "./parts/bytes.js";
import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeSlider } from "./parts/elements.js";
import { sayFixed, sayNumber } from "./parts/numbers.js";
import { countFeatures, makeBarKey } from "./parts/features.js";
import { makePicture, makeThumbnails } from "./parts/pictures.js";
import { makePlot } from "./parts/plot.js";
import { codeTerm, rebuildImage, shareKept, squaredErrors } from "./numerics/rebuilding.js";
import { follow, listen } from "./parts/listening.js";
import { withOwnData } from "./parts/own_data.js";

/**
 * @typedef {import("./traits.d.ts").ReconstructionTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 * @typedef {ReturnType<typeof readImages>} Images
 */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const data = readImages(model);
  const chooser = makeThumbnails({
    label: data.labels.length ? "sample" : "row",
    names: data.images.map((row, i) =>
      data.labels.length ? `${data.labels[i]}, row ${row}` : `row ${row}`,
    ),
    labels: data.labels.length ? data.labels : data.images.map(String),
    looks: data.looks,
  });
  const slider = makeSlider({ label: "numbers kept, k", min: 0, max: data.m, say: String });
  const pictures = {
    original: makePicture(data.looks),
    rebuilt: makePicture(data.looks),
    residual: makePicture(),
    last: makePicture(),
  };
  const plot = makePlot({ title: "Squared error", xLabel: "numbers kept, k", height: 210 });
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-reconstruction" }, [
    chooser.root,
    slider.root,
    announcer.root,
    make(
      "div",
      { class: "lae-pictures" },
      Object.values(pictures).map((picture) => picture.root),
    ),
    makeBarKey(data.layout),
    plot.root,
  ]);

  const draw = () => {
    const k = model.get("k");
    const i = data.images.indexOf(model.get("image"));
    chooser.value = i;
    slider.value = k;
    const digit = data.labels.length ? `this ${data.labels[i]}` : `row ${data.images[i]}`;
    drawPictures(pictures, data, i, k);
    drawErrors(plot, data, i, k, digit);
    announcer.say(describeRebuilding(data, i, k, digit));
  };
  const drawSoon = onNextFrame(signal, draw);
  const redraw = () => {
    data.originals.forEach((original, i) => chooser.draw(i, 0, original, data.layout, data.limit));
    draw();
  };
  listen(signal, slider.input, "input", () => {
    slider.sayValue();
    model.set("k", slider.value);
  });
  listen(signal, slider.input, "change", () => model.save_changes());
  listen(signal, chooser.root, "change", () => {
    model.set("image", data.images[chooser.value]);
    model.save_changes();
  });
  follow(signal, model, ["k", "image"], drawSoon);
  el.append(root);
  watchLooks(signal, root, onNextFrame(signal, redraw));
  redraw();
  return () => ending.abort();
}

/**
 * What the model holds, as numbers; an entry an image in `originals`, `codes` and `errors`.
 *
 * @param {Model} model
 */
function readImages(model) {
  const layout = model.get("features");
  const size = countFeatures(layout);
  const [low, high] = model.get("pixel_range");
  const images = model.get("images");
  const mean = readDoubles(model.get("mean"));
  const directions = readSmallIntegers(model.get("directions"));
  const m = directions.length / size;
  const codes = split(readDoubles(model.get("codes")), m);
  const beyond = readDoubles(model.get("errors_beyond"));
  return {
    images,
    labels: model.get("labels"),
    count: model.get("n_samples"),
    layout,
    limit: Math.max(-low, high),
    looks: /** @type {import("./parts/pictures.js").Looks} */ (
      low < 0 || "names" in layout ? "signed" : "grey"
    ),
    m,
    basis: { mean, directions, scales: readDoubles(model.get("scales")) },
    originals: split(
      Float64Array.from(
        readPixels(model.get("pixels")),
        (level) => low + (level * (high - low)) / 255,
      ),
      size,
    ),
    codes,
    errors: codes.map((code, i) =>
      squaredErrors(
        code.map((x) => x * x),
        beyond[i],
      ),
    ),
    average: squaredErrors(readDoubles(model.get("variances")), model.get("variance_beyond")),
  };
}

/** @param {Float64Array} numbers @param {number} length @returns {Float64Array[]} */
function split(numbers, length) {
  return Array.from({ length: numbers.length / length }, (_, i) =>
    numbers.subarray(i * length, (i + 1) * length),
  );
}

/**
 * @param {Record<"original" | "rebuilt" | "residual" | "last", ReturnType<typeof makePicture>>} pictures
 * @param {Images} images
 * @param {number} i
 * @param {number} k
 */
function drawPictures(pictures, { basis, originals, codes, layout, limit }, i, k) {
  const rebuilt = rebuildImage(basis, codes[i], k);
  const looks = { layout, limit };
  const centred = "names" in layout ? " − μ" : "";
  const code = k ? sayFixed(codes[i][k - 1]) : "";
  pictures.original.draw(originals[i], { ...looks, named: `original y${centred}` });
  pictures.rebuilt.draw(rebuilt, {
    ...looks,
    named: `rebuilt ŷ${centred}`,
    said: k ? `from ${k} ${k === 1 ? "number" : "numbers"}` : "the mean",
  });
  pictures.residual.draw(
    rebuilt.map((pixel, p) => originals[i][p] - pixel),
    { ...looks, named: "residual y − ŷ" },
  );
  pictures.last.draw(k ? codeTerm(basis, codes[i][k - 1], k - 1) : rebuilt.map(() => 0), {
    ...looks,
    named: "last term added",
    said: k ? `${code} × direction ${k}` : "none yet",
  });
}

/**
 * @param {import("./parts/plot.js").Plot} plot
 * @param {Images} images
 * @param {number} i
 * @param {number} k
 * @param {string} digit
 */
function drawErrors(plot, { errors, average, count, m }, i, k, digit) {
  const top = Math.max(errors[i][0], average[0]);
  /** @param {Float64Array} values @returns {[number, number][]} */
  const curve = (values) => Array.from(values, (value, j) => [j, value]);
  plot.draw({
    x: [0, m],
    y: [0, top],
    series: [
      {
        label: "",
        colour: "muted",
        shape: "dashes",
        points: [
          [k, 0],
          [k, top],
        ],
      },
      { label: digit, colour: "first", shape: "line", points: curve(errors[i]) },
      {
        label: `average over all ${sayMany(count)} samples`,
        colour: "second",
        shape: "dashes",
        points: curve(average),
      },
      { label: "", colour: "first", shape: "rings", points: [[k, errors[i][k]]] },
      { label: "", colour: "second", shape: "dots", points: [[k, average[k]]] },
    ],
  });
}

/** @param {number} count */
const sayMany = (count) => count.toLocaleString("en-GB");
/** @param {number} share */
const sayShare = (share) => `${(100 * share).toFixed(1)} %`;

/**
 * The errors, and the shares kept of the squared distance from the mean image, in words.
 *
 * @param {Images} images
 * @param {number} i
 * @param {number} k
 * @param {string} digit
 */
function describeRebuilding({ errors, average, count }, i, k, digit) {
  const all = `over all ${sayMany(count)} samples`;
  const [whole, total] = [sayNumber(errors[i][0]), sayNumber(average[0])];
  if (k === 0) {
    return `With no numbers every sample is rebuilt as the mean. The squared error of ${digit} is ${whole}; on average ${all} it is ${total}, the total variance.`;
  }
  const own = `With ${k} ${k === 1 ? "number" : "numbers"} the squared error of ${digit} is ${sayNumber(errors[i][k])}: of its squared distance from the mean, ${whole}, ${sayShare(shareKept(errors[i], k))} is kept.`;
  return `${own} On average ${all} the error is ${sayNumber(average[k])} of ${total}, and ${sayShare(shareKept(average, k))} is kept.`;
}

export default withOwnData({ render }, "reconstruction");
