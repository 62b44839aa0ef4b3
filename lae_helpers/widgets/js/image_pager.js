/** The image pager: columns of several matrices, one index at a time, side by side. */

import { readSmallIntegers } from "./parts/bytes.js";
import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer } from "./parts/elements.js";
import { countFeatures, makeBarKey } from "./parts/features.js";
import { makePicture, makeThumbnails } from "./parts/pictures.js";
import { follow, listen } from "./parts/listening.js";

/**
 * @typedef {import("./traits.d.ts").ImagePagerTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const labels = model.get("labels");
  const captions = model.get("captions");
  const layout = model.get("features");
  const size = countFeatures(layout);
  const limit = model.get("full");
  const pixels = readSmallIntegers(model.get("pixels"));
  const count = pixels.length / (labels.length * size);
  /** @param {number} row @param {number} i */
  const image = (row, i) => pixels.subarray((row * count + i) * size, (row * count + i + 1) * size);
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1));
  const chooser = makeThumbnails({
    label: "index",
    names: numbers.map((number) => `index ${number}`),
    labels: numbers,
    tall: labels.length,
  });
  const pictures = labels.map(() => makePicture());
  const gallery = make(
    "div",
    { class: "lae-pictures", style: `--lae-count: ${labels.length}` },
    pictures.map(({ root }) => root),
  );
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-image-pager" }, [
    chooser.root,
    announcer.root,
    gallery,
    makeBarKey(layout),
  ]);

  const turn = () => {
    const i = model.get("index") - 1;
    chooser.value = i;
    pictures.forEach(({ draw }, row) =>
      draw(image(row, i), {
        layout,
        limit,
        named: `${labels[row]}, ${i + 1}`,
        said: captions[row][i],
      }),
    );
    announcer.say(describePage(labels, captions, i, count));
  };
  const redraw = () => {
    for (const row of labels.keys()) {
      for (let i = 0; i < count; i += 1) chooser.draw(i, row, image(row, i), layout, limit);
    }
    turn();
  };
  const turnSoon = onNextFrame(signal, turn);
  listen(signal, chooser.root, "change", () => {
    model.set("index", chooser.value + 1);
    model.save_changes();
  });
  follow(signal, model, ["index"], turnSoon);
  el.append(root);
  watchLooks(signal, root, onNextFrame(signal, redraw));
  redraw();
  return () => ending.abort();
}

/** @param {string[]} labels @param {string[][]} captions @param {number} i @param {number} count */
function describePage(labels, captions, i, count) {
  const marked = labels
    .map((label, row) => captions[row][i] && `${label}: ${captions[row][i]}.`)
    .filter(Boolean);
  return [`Index ${i + 1} of ${count}.`, ...marked].join(" ");
}

export default { render };
