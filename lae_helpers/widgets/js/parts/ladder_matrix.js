/** G in numbers to type, and the groups that hold it. */

import { make } from "./elements.js";

const SETS = [
  ["GL(2)", "none and product still"],
  ["O(2)", "and the sum"],
  ["{±1}²", "and the non-uniform sum"],
];

/** G as four numbers to type. @param {number} entry the largest */
export function makeMatrixInputs(entry) {
  const names = ["G₁₁", "G₁₂", "G₂₁", "G₂₂"];
  const inputs = names.map((name) =>
    make("input", { type: "number", min: -entry, max: entry, step: 0.05, "aria-label": name }),
  );
  const root = make("div", { class: "lae-matrix", role: "group", "aria-label": "entries of G" }, [
    make("span", { text: "G =", "aria-hidden": "true" }),
    make("div", { class: "lae-brackets" }, inputs),
  ]);
  return {
    root,
    inputs,
    /**
     * @param {import("../numerics/two_by_two.js").Matrix2} G
     * @param {boolean} isRefused
     * @param {HTMLInputElement | null} edited is left alone
     */
    draw(G, isRefused, edited) {
      inputs.forEach((input, i) => {
        input.setAttribute("aria-invalid", String(isRefused));
        const text = String(Number(G[Math.floor(i / 2)][i % 2].toFixed(3)));
        if (input !== edited && input.value !== text) input.value = text;
      });
    },
  };
}

/** The three groups, one in the other, with a mark in the smallest that holds G. */
export function makeGroups() {
  const boxes = SETS.map(([name, still]) => {
    const mark = make("span", { class: "lae-mark", text: "● G" });
    const label = make("p", {}, [make("strong", { text: name }), ` ${still} `, mark]);
    return { name, mark, box: make("div", { class: "lae-set" }, [label]) };
  });
  boxes.slice(1).forEach(({ box }, i) => boxes[i].box.append(box));
  return {
    root: boxes[0].box,
    /** @param {import("../numerics/ladder.js").LadderGroup} group */
    draw(group) {
      const inside = boxes.findIndex(({ name }) => name === group);
      boxes.forEach(({ box, mark }, i) => {
        box.classList.toggle("lae-holds", i <= inside);
        mark.style.visibility = i === inside ? "" : "hidden"; // and keeps its place
      });
    },
  };
}
