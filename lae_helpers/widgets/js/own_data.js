/** How a reader brings data: a file, or digits drawn by hand; loaded when it is asked for. */

import { make, makeButton, makeCheckbox, makeName, makeSelect } from "./parts/elements.js";
import { squareLayout } from "./parts/features.js";
import { listen, onEnd } from "./parts/listening.js";
import { makeStandIn } from "./parts/own_models.js";
import { makePad } from "./parts/pad.js";
import { startWorker } from "./parts/worker.js";
import { writeNpy } from "./numerics/npy.js";
import { learnTable } from "./numerics/tables.js";

/**
 * @typedef {import("./parts/own_data.js").Own} Own
 * @typedef {import("./numerics/tables.js").Learned} Learned
 * @typedef {import("./numerics/tables.js").Given} Given
 * @typedef {import("./parts/features.js").Layout} Layout
 * @typedef {{done?: number, learned?: Learned, refused?: string}} Said
 * @typedef {Parameters<typeof learnTable>[1]} Options
 */

const LARGEST_FILE = 400e6; // bytes
const SLICE = 12; // milliseconds, where the page itself has to work
const REPORTS = 100; // milliseconds between two reports of a worker
const SIDE = 28;
const DRAWN = "drawn.npy";
const FEWEST_DRAWN = 3;
const SHAPES = { most: 8, long: 4 }; // image shapes to choose from; a side over the other

/** @param {{given: Given, options: Options}} work @param {(said: Said) => void} say */
function learn({ given, options }, say) {
  try {
    const steps = learnTable(given, options);
    let told = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        say({ learned: step.value });
        return;
      }
      if (performance.now() - told < REPORTS) continue;
      told = performance.now();
      say({ done: step.value });
    }
  } catch (error) {
    say({ refused: sayRefusal(error) });
  }
}

/** The same in the page, a slice at a time. @type {(work: Parameters<typeof learn>[0], say: (said: Said) => void) => () => void} */
function learnHere({ given, options }, say) {
  const steps = learnTable(given, options);
  let timer = 0;
  const go = () => {
    const until = performance.now() + SLICE;
    try {
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) {
          say({ learned: step.value });
          return;
        }
        if (performance.now() < until) continue;
        say({ done: step.value });
        timer = setTimeout(go);
        return;
      }
    } catch (error) {
      say({ refused: sayRefusal(error) });
    }
  };
  timer = setTimeout(go);
  return () => clearTimeout(timer);
}

/** @param {unknown} error */
const sayRefusal = (error) =>
  error instanceof RangeError
    ? error.message
    : "This file cannot be read as a table: save it as CSV, or as NPY by np.save.";

/**
 * Fill the place that was opened.
 *
 * @param {import("./parts/own_data.js").Door} door
 * @returns {(file: File) => void} takes a file that was dropped
 */
function open({ signal, source, place, hand }) {
  const id = makeName();
  const picker = make("input", { type: "file", id, accept: ".csv,.tsv,.txt,.npy" });
  const even = makeCheckbox("every column to the same spread (for units that differ)");
  const drawn = makePad(signal, SIDE);
  const use = makeButton("Learn the drawings", { disabled: true });
  const save = makeButton("Save them as NPY", { disabled: true });
  const count = make("p", { class: "lae-small" });
  const said = make("p", { class: "lae-small lae-own-said", role: "status" });
  const bar = make("progress", { max: 1, "aria-label": "reading and decomposing", hidden: true });
  const stop = makeButton("Stop", { hidden: true });
  const shapes = make("div");
  place.append(
    make("p", {
      class: "lae-small",
      text: "A table, a sample a row, as CSV or NPY (images of any shape too): choose a file, or drop it on the figure. It is read and decomposed here, in this page, and sent nowhere.",
    }),
    make("div", { class: "lae-row" }, [
      make("label", { for: id, text: "file" }),
      picker,
      even.root,
    ]),
    make("div", { class: "lae-row" }, [bar, stop]),
    said,
    shapes,
    make("details", {}, [
      make("summary", { text: "Or draw" }),
      make("div", { class: "lae-row" }, [
        drawn.root,
        make("div", {}, [
          make("div", { class: "lae-row" }, [drawn.add, drawn.wipe]),
          make("div", { class: "lae-row" }, [use, save]),
          count,
        ]),
      ]),
    ]),
  );

  /** @type {{given: Given, name: string} | null} */
  let last = null;
  let end = () => {};
  onEnd(signal, () => end());

  /** @param {boolean} busy */
  const showBusy = (busy) => {
    bar.hidden = stop.hidden = !busy;
    bar.value = 0;
  };
  /** @param {Given} given @param {string} name */
  const start = (given, name) => {
    end();
    last = { given, name };
    showBusy(true);
    said.textContent = `Reading ${name} …`;
    const work = { given, options: { even: even.input.checked, most: 64, nShown: 10 } };
    /** @param {Said} news */
    const hear = ({ done, learned, refused }) => {
      if (done !== undefined) bar.value = done;
      if (done !== undefined && done > 0.4) said.textContent = `Decomposing ${name} …`;
      if (refused !== undefined) {
        showBusy(false);
        said.textContent = `${name}: ${refused}`;
      }
      if (learned) {
        end();
        showBusy(false);
        said.textContent = `${name} is learned.`;
        offer(learned, name);
      }
    };
    const model = { get: () => source };
    end = startWorker(model, "learn", work, { hear, fail: () => (end = learnHere(work, hear)) });
  };

  /** Let the figures learn it, and let the reader say how a row is drawn. @param {Learned} learned @param {string} name */
  const offer = (learned, name) => {
    const layouts = listLayouts(learned);
    const select = makeSelect({ label: "a row is drawn as", options: Object.keys(layouts) });
    const give = () =>
      hand({
        ...learned,
        layout: layouts[select.value],
        said: describe(learned, name),
        lines: sayPython(learned, name),
        makeStandIn,
      });
    listen(signal, select.input, "change", give);
    shapes.replaceChildren(select.root);
    give();
  };

  /** @param {File} file */
  const take = async (file) => {
    if (file.size > LARGEST_FILE) {
      said.textContent = `${file.name} is too large for a page: ${Math.round(file.size / 1e6)} MB, of at most ${LARGEST_FILE / 1e6}. Leave some rows out.`;
      return;
    }
    try {
      start({ bytes: new Uint8Array(await file.arrayBuffer()) }, file.name);
    } catch {
      said.textContent = `${file.name} cannot be read: choose a file, not a folder, and choose it again if it has changed.`;
    }
  };
  listen(signal, picker, "change", () => {
    const [file] = picker.files ?? [];
    if (file) take(file);
    picker.value = "";
  });
  listen(signal, even.input, "change", () => last && start(last.given, last.name));
  listen(signal, stop, "click", () => {
    end();
    showBusy(false);
    said.textContent = "Stopped: the figure learns what it did before.";
    picker.focus();
  });

  const showDrawn = () => {
    const n = drawn.images().length;
    use.disabled = n < FEWEST_DRAWN;
    save.disabled = n === 0;
    count.textContent =
      n < FEWEST_DRAWN
        ? `${n} drawn. N drawings span at most N − 1 directions: draw at least ${FEWEST_DRAWN}, and k + 1 for k components.`
        : `${n} drawn: enough for k = ${n - 1} components at most.`;
  };
  const gather = () => Float64Array.from(drawn.images().flatMap((image) => Array.from(image)));
  listen(signal, drawn.root, "lae-drawn", showDrawn);
  listen(signal, use, "click", () => {
    const rows = drawn.images().length;
    const table = {
      ...{ numbers: gather(), rows, columns: SIDE * SIDE, names: null, labels: null, notes: [] },
      shape: /** @type {[number, number]} */ ([SIDE, SIDE]),
      python: "np.load(FILE)",
    };
    start({ table }, DRAWN);
  });
  listen(signal, save, "click", () => {
    const bytes = writeNpy(gather(), [drawn.images().length, SIDE, SIDE]);
    const href = URL.createObjectURL(new Blob([bytes]));
    make("a", { href, download: DRAWN }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  });
  showDrawn();
  return take;
}

/** @param {Learned} learned @param {string} name */
function describe({ rows, columns, notes, factor, evened, variances, converged }, name) {
  const sizes = [rows, columns].map((size) => size.toLocaleString("en-GB"));
  return [
    `The figures of this page that take data learn ${name}: ${sizes[0]} samples of ${sizes[1]} numbers, centred; they stay in this page.`,
    ...notes,
    evened ? "Every column was divided by its spread." : "",
    factor === 1
      ? ""
      : `All numbers were multiplied by ${factor}, so that λ reaches the variances.`,
    converged
      ? ""
      : `The decomposition did not settle: of its ${variances.length} directions the last may be wrong.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** What Python has to do for the same X. @param {Learned} learned @param {string} name */
function sayPython({ python, factor, evened, shape, rows }, name) {
  const [call, rest = ""] = python.split("FILE");
  const flat = shape ? `.reshape(${rows}, -1)` : "";
  return [
    call.startsWith("pd") ? "import numpy as np\nimport pandas as pd" : "import numpy as np",
    `X = ${call}${JSON.stringify(name)}${rest}${flat}${name === DRAWN ? "  # saved in the page" : "  # your own file"}`,
    ...(evened ? ["X = X / np.where(np.ptp(X, axis=0) > 0, X.std(axis=0), 1.0)"] : []),
    ...(factor === 1 ? [] : [`X = ${factor} * X`]),
  ];
}

/**
 * Ways to draw a row, the likeliest first.
 *
 * @param {Learned} learned
 * @returns {Record<string, Layout>}
 */
function listLayouts({ columns, names, shape }) {
  const bars = { bars: { names: names ?? Array.from({ length: columns }, (_, i) => `${i + 1}`) } };
  const sides = Array.from({ length: columns }, (_, i) => i + 1)
    .filter((rows) => columns % rows === 0 && rows > 1 && rows < columns)
    .map((rows) => ({ rows, columns: columns / rows }))
    .filter((s) => Math.max(s.rows / s.columns, s.columns / s.rows) <= SHAPES.long)
    .sort((a, b) => Math.abs(Math.log(a.rows / a.columns)) - Math.abs(Math.log(b.rows / b.columns)))
    .slice(0, SHAPES.most);
  const given = shape ? [{ rows: shape[0], columns: shape[1] }] : [];
  const images = Object.fromEntries(
    [...given, ...sides].map((side) => [`an image of ${side.rows} × ${side.columns}`, side]),
  );
  const numbered = !names || new Set(names.map((name) => name.replace(/\d+/g, ""))).size === 1;
  const square = squareLayout(columns);
  const pixels = shape || (numbered && columns >= 16 && square.rows * square.columns === columns);
  return pixels ? { ...images, ...bars } : { ...bars, ...images };
}

export default { open, tasks: { learn } };
