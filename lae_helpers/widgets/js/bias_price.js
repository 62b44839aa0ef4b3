/** The price of the bias: a slider between PCA and PCA of data that nobody has centred. */

import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeSlider } from "./parts/elements.js";
import { follow, listen } from "./parts/listening.js";
import { covarianceOfCloud, makeBiasBoard } from "./parts/bias_board.js";
import { describePrice } from "./parts/bias_words.js";
import { makeSumBar } from "./parts/sum_bar.js";
import { decompose } from "./numerics/cloud.js";
import { solvePriced } from "./numerics/biases.js";

/** @typedef {import("./traits.d.ts").BiasPriceTraits} Traits */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const covariance = covarianceOfCloud();
  const first = decompose(covariance).angle;
  const keep = () => model.save_changes();
  const board = makeBiasBoard(
    signal,
    () => model.get("mean"),
    (mean) => model.set("mean", mean),
    keep,
  );
  const slider = makeSlider({
    label: "γ",
    min: 0,
    max: 100,
    say: (place) => (place / 100).toFixed(2),
  });
  const bar = makeSumBar();
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-bias-price" }, [
    board.root,
    make("div", { class: "lae-side" }, [
      slider.root,
      make("p", { class: "lae-ends lae-small" }, [
        make("span", { text: "0: PCA" }),
        make("span", { text: "1: not centred" }),
      ]),
      bar.root,
      announcer.root,
    ]),
  ]);
  const draw = () => {
    const [gamma, mean] = [model.get("gamma"), model.get("mean")];
    const { network, error, price } = solvePriced(covariance, mean, gamma);
    board.draw(network, false);
    slider.value = Math.round(100 * gamma);
    bar.draw({ error, "price β‖b₂‖²": price });
    announcer.say(describePrice(network, gamma, mean, first));
  };
  const redraw = onNextFrame(signal, draw);
  listen(signal, slider.input, "input", () => model.set("gamma", slider.value / 100));
  listen(signal, root, "change", keep);
  follow(signal, model, ["gamma", "mean"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

export default { render };
