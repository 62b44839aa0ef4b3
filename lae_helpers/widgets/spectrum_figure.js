/** The spectrum figure: what every singular value of W2 must be at the minimum, as λ moves. */

import { createLife, onNextFrame, watchLooks } from "./parts/life.js";
import { make, makeAnnouncer, makeSlider } from "./parts/elements.js";
import { makePlot } from "./parts/plot.js";
import { mapSingularValues } from "./numerics/spectrum.js";

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const life = createLife();
  const [least, most] = model.get("lam_range").map(Math.log10);
  const slider = makeSlider({
    label: "strength λ",
    min: 0,
    max: 200,
    say: () => model.get("lam").toPrecision(3),
  });
  const plot = makePlot({ title: "singular values of W₂ at the minimum under the sum", xLabel: "principal direction", height: 230 });
  const announcer = makeAnnouncer(life);
  const root = make("div", { class: "lae-live lae-spectrum" }, [slider.root, announcer.root, plot.root]);

  const draw = () => {
    const variances = model.get("variances");
    const lam = model.get("lam");
    slider.value = Math.round((200 * (Math.log10(lam) - least)) / (most - least));
    const values = mapSingularValues("sum", variances.map(() => lam), variances).map(Math.sqrt);
    const measured = model.get("measured");
    plot.draw({
      x: [0.5, variances.length + 0.5],
      y: [0, 1],
      series: [
        { label: "theory, √(1 − λ/vᵢ)", colour: "first", shape: "rings", points: number(values) },
        ...measured.map(({ lam: strength, values: found }) => ({
          label: `measured at λ = ${strength}`,
          colour: /** @type {const} */ ("second"),
          shape: /** @type {const} */ ("dots"),
          points: number(found),
        })),
      ],
    });
    announcer.say(describe(values, variances, lam));
  };
  const redraw = onNextFrame(life, draw);
  life.listen(slider.input, "input", () => {
    model.set("lam", Number((10 ** (least + (slider.value / 200) * (most - least))).toPrecision(3)));
    model.save_changes();
  });
  life.follow(model, ["lam", "variances", "measured"], redraw);
  el.append(root);
  watchLooks(life, root, redraw);
  draw();
  return life.end;
}

/** @param {number[]} values @returns {[number, number][]} counted from one */
function number(values) {
  return values.map((value, i) => [i + 1, value]);
}

/** @param {number[]} values @param {number[]} variances @param {number} lam */
function describe(values, variances, lam) {
  const alive = values.filter((value) => value > 0).length;
  if (alive === 0) return `λ = ${lam} is at least the largest variance, ${variances[0].toPrecision(3)}: every component is given up.`;
  const dead = values.length - alive;
  const lost = dead ? `; ${dead} of ${values.length} components, those of variance at most λ, are given up` : "";
  return `λ = ${lam}: the singular values run from ${values[0].toFixed(3)} to ${values[alive - 1].toFixed(3)}${lost}.`;
}

export default { render };
