/** The ladder figure: which of four losses notices a G, and the groups of those that it does not. */

import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton } from "./parts/elements.js";
import { LADDER, changeLosses, findGroup, startingValues } from "./numerics/ladder.js";
import {
  blend,
  determinant,
  drawMatrix,
  findSingularValues,
  isAllowed,
  moveColumn,
  nearestOrthogonal,
  nearestSigns,
  reflectSecond,
} from "./numerics/two_by_two.js";
import { describeLadder, describeRefused } from "./parts/ladder_words.js";
import { sayNumber } from "./parts/numbers.js";
import { makeGroups, makeMatrixInputs } from "./parts/ladder_matrix.js";
import { makeLadderPlane } from "./parts/ladder_plane.js";
import { makeLadderDial } from "./parts/ladder_dial.js";
import { follow, listen } from "./parts/listening.js";
import { withOwnData } from "./parts/own_data.js";

/**
 * @typedef {import("./numerics/two_by_two.js").Matrix2} Matrix2
 * @typedef {import("./traits.d.ts").LadderTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 */

/** @type {Matrix2} */
const IDENTITY = [
  [1, 0],
  [0, 1],
];
/** @type {Record<string, (G: Matrix2) => Matrix2>} */
const MOVES = {
  "nearest orthogonal matrix": nearestOrthogonal,
  "nearest sign flip": nearestSigns,
  "reflect (Ge₂ → −Ge₂)": reflectSecond,
  "random G": () => drawMatrix(Math.random),
  identity: () => IDENTITY,
};
const TRAVEL = 600;

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const limits = model.get("limits");
  let G = IDENTITY;
  let saved = model.get("matrix");
  /** Entries as typed, while they make no G. @type {Matrix2 | null} */
  let typed = null;
  /** The entry that is being typed, before it is let in. @type {HTMLInputElement | null} */
  let edited = null;
  const readMatrix = () => {
    saved = model.get("matrix");
    if (isAllowed(saved, limits)) G = saved;
  };
  readMatrix();

  const plane = makeLadderPlane(signal, {
    entry: limits.entry,
    getMatrix: settle,
    onMove: move,
    onTurn(turned) {
      if (isAllowed(turned, limits)) G = turned;
      typed = null;
      redraw();
    },
    onRest: save,
  });
  const entries = makeMatrixInputs(limits.entry);
  const buttons = Object.keys(MOVES).map((label) => makeButton(label));
  const facts = make("p", { class: "lae-facts" });
  const sets = makeGroups();
  const announcer = makeAnnouncer(signal);
  const dials = LADDER.map(makeLadderDial);
  const note = make("p", { class: "lae-small" });
  const root = make("div", { class: "lae-live lae-ladder" }, [
    make("div", { class: "lae-top" }, [
      plane.root,
      make("div", { class: "lae-side" }, [
        entries.root,
        make("div", { class: "lae-row" }, buttons),
        facts,
        sets.root,
      ]),
    ]),
    announcer.root,
    make(
      "div",
      { class: "lae-dials" },
      dials.map((dial) => dial.root),
    ),
    note,
  ]);

  const redraw = onNextFrame(signal, draw);
  const travel = makeTravel(signal, root, (between) => {
    G = between;
    draw();
  });

  function settle() {
    travel.finish();
    return G;
  }

  /** @param {number} j @param {[number, number]} column */
  function move(j, column) {
    const moved = moveColumn(settle(), j, column, limits);
    if (String(moved) !== String(G)) typed = null;
    G = moved;
    redraw();
  }

  function save() {
    settle();
    if (saved !== G && String(saved) !== String(G)) {
      saved = G;
      model.set("matrix", G);
      model.save_changes();
    }
  }

  function draw() {
    const settings = {
      variances: model.get("variances"),
      lam: model.get("lam"),
      lams: model.get("lams"),
    };
    const changes = changeLosses(G, settings);
    const [largest, smallest] = findSingularValues(G);
    plane.draw(G, smallest <= limits.floor * (1 + 1e-6));
    entries.draw(typed ?? G, typed !== null, edited);
    const det = determinant(G);
    facts.textContent = `singular values ${sayNumber(largest)} and ${sayNumber(smallest)}; det G = ${sayNumber(det)}, the part with det G ${det > 0 ? ">" : "<"} 0`;
    sets.draw(findGroup(G, limits.tolerance));
    const one = `λ = ${settings.lam}`;
    const strengths = [
      "no penalty",
      one,
      one,
      `λ₁, λ₂ = ${settings.lams.map(sayNumber).join(", ")}`,
    ];
    dials.forEach((dial, i) => dial.draw(changes[i], limits.tolerance, strengths[i]));
    announcer.say(typed ? describeRefused(typed, limits) : describeLadder(G, changes, limits));
    note.textContent =
      `ΔJ is the change of the loss when G takes W₂ = US and W₁ = SUᵀ, S = diag(${startingValues(
        settings,
      )
        .map((s) => s.toFixed(3))
        .join(", ")}), ` +
      "to W₂G and G⁻¹W₁. Each loss is at its least on the orbit there, so no needle can go below zero. Still: |ΔJ| ≤ 10⁻⁹; in a group: within 10⁻⁹ of it.";
  }

  entries.inputs.forEach((input, i) => {
    listen(signal, input, "input", () => {
      edited = input;
    });
    listen(signal, input, "blur", () => {
      edited = null; // what was typed and taken back is no change
      redraw();
    });
    listen(signal, input, "change", () => {
      edited = null;
      const [[a, b], [c, d]] = typed ?? settle();
      const all = [a, b, c, d];
      const { entry } = limits;
      const value = input.valueAsNumber;
      if (Number.isFinite(value)) all[i] = Math.max(-entry, Math.min(entry, value));
      /** @type {Matrix2} */
      const wanted = [
        [all[0], all[1]],
        [all[2], all[3]],
      ];
      typed = isAllowed(wanted, limits) ? null : wanted;
      if (!typed) G = wanted;
      save();
      redraw();
    });
  });
  Object.values(MOVES).forEach((change, i) =>
    listen(signal, buttons[i], "click", () => {
      const from = settle();
      typed = null;
      G = change(from);
      save();
      travel.start(from, G);
      redraw();
    }),
  );
  follow(signal, model, ["matrix"], () => {
    if (model.get("matrix") === saved) return;
    travel.finish();
    typed = null;
    readMatrix();
    redraw();
  });
  follow(signal, model, ["lam", "lams", "variances"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/**
 * From one G to another in a moment, through GL(2); at once for readers who want no motion.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} root
 * @param {(between: Matrix2) => void} show
 */
function makeTravel(signal, root, show) {
  /** @type {{from: Matrix2, to: Matrix2, began: number | null} | null} */
  let path = null;
  const loop = createLoop(signal, root, (time) => {
    if (!path) return;
    path.began ??= time;
    const { from, to, began } = path;
    const t = Math.min(1, (time - began) / TRAVEL);
    if (t === 1) stop();
    show(blend(from, to, t * t * (3 - 2 * t)));
  });
  const stop = () => {
    path = null;
    loop.run(false);
  };
  return {
    /** @param {Matrix2} from @param {Matrix2} to */
    start(from, to) {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      path = { from, to, began: null };
      loop.run(true);
    },
    finish() {
      if (!path) return;
      const { to } = path;
      stop();
      show(to);
    },
  };
}

export default withOwnData({ render }, "ladder");
