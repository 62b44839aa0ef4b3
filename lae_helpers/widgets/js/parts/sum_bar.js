/** Two numbers as one bar, side by side, whose whole length is their sum. */

import { make } from "./elements.js";

export function makeSumBar() {
  const pieces = [0, 1].map((i) => make("span", { class: `lae-piece lae-piece-${i}` }));
  const labels = [0, 1].map((i) => make("span", { class: `lae-part lae-part-${i}` }));
  const sum = make("span", {});
  const root = make("div", { class: "lae-sum", "aria-hidden": "true" }, [
    make("div", { class: "lae-bar" }, pieces),
    make("p", {}, [labels[0], " + ", labels[1], " = ", sum]),
  ]);
  return {
    root,
    /** @param {Record<string, number>} values two, by their names */
    draw(values) {
      const total = Object.values(values).reduce((one, other) => one + other);
      Object.entries(values).forEach(([name, value], i) => {
        pieces[i].style.width = `${((100 * value) / total).toFixed(3)}%`;
        labels[i].textContent = `${name} ${value.toFixed(2)}`;
      });
      sum.textContent = total.toFixed(2);
    },
  };
}
