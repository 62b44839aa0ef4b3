/** The spectrum figure: what every singular value must be at the minimum, as λ moves. */

import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeChoice, makeSlider } from "./parts/elements.js";
import { sayNumber } from "./parts/numbers.js";
import { makeSpectrumPlots } from "./parts/spectrum_plots.js";
import { FORMULAS } from "./parts/spectrum_words.js";
import { setTraits } from "./parts/model.js";
import { follow, listen } from "./parts/listening.js";
import { withOwnData } from "./parts/own_data.js";

/** @typedef {import("./traits.d.ts").SpectrumTraits} Traits */

const PENALTIES = /** @type {Traits["regularizer"][]} */ (Object.keys(FORMULAS));
const STOPS = 160; // of the slider, evenly on its logarithmic scale

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const measured = model.get("measured");
  const stops = placeStops(
    model.get("lam_range"),
    measured.map(({ lam }) => lam),
  );
  const penalties = makeChoice({ label: "penalty", options: PENALTIES });
  const slider = makeSlider({
    label: "strength λ",
    min: 0,
    max: stops.length - 1,
    say: () => sayNumber(model.get("lam")),
  });
  const trained = makeChoice({
    label: "networks trained with the sum at λ =",
    options: measured.map(({ lam }) => String(lam)),
  });
  trained.root.hidden = measured.length === 0;
  const announcer = makeAnnouncer(signal);
  const plots = makeSpectrumPlots();
  const root = make("div", { class: "lae-live lae-spectrum" }, [
    penalties.root,
    slider.root,
    trained.root,
    announcer.root,
    plots.root,
  ]);

  const draw = () => {
    const [lam, regularizer] = [model.get("lam"), model.get("regularizer")];
    penalties.value = regularizer;
    slider.value = nearest(stops, lam);
    trained.value = regularizer === "sum" ? String(lam) : "";
    announcer.say(plots.draw(model));
  };
  listen(signal, slider.input, "input", () => {
    setTraits(model, { lam: stops[slider.value] });
    slider.sayValue();
  });
  listen(signal, trained.root, "change", () =>
    setTraits(model, { regularizer: "sum", lam: Number(trained.value) }),
  );
  listen(signal, penalties.root, "change", () =>
    setTraits(model, { regularizer: penalties.value }),
  );
  listen(signal, root, "change", () => model.save_changes());
  const redraw = onNextFrame(signal, draw);
  follow(signal, model, ["lam", "regularizer", "variances", "measured"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/**
 * Strengths of three digits at even steps, and every strength of a trained network in place of the
 * nearest of them.
 *
 * @param {[number, number]} range
 * @param {number[]} trained
 * @returns {number[]} ascending
 */
export function placeStops([least, most], trained) {
  const step = Math.log(most / least) / STOPS;
  const even = Array.from({ length: STOPS + 1 }, (_, i) =>
    Number((least * Math.exp(i * step)).toPrecision(3)),
  );
  const inner = even.filter(
    (stop, i) =>
      i % STOPS === 0 || trained.every((lam) => Math.abs(Math.log(stop / lam)) > step / 2),
  );
  return [...new Set([...inner, ...trained])].sort((a, b) => a - b);
}

/** @param {number[]} stops @param {number} lam @returns {number} which stop is nearest */
function nearest(stops, lam) {
  const apart = stops.map((stop) => Math.abs(Math.log(stop / lam)));
  return apart.indexOf(Math.min(...apart));
}

export default withOwnData({ render }, "spectrum");
