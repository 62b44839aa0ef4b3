// What is copied has the TeX of its formulas: their letters alone would have lost what is raised,
// lowered or a fraction.

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection?.rangeCount || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  /** @param {Node} node */
  const formulaOf = (node) =>
    (node instanceof Element ? node : node.parentElement)?.closest("math");
  const [first, last] = [range.startContainer, range.endContainer].map(formulaOf);
  if (first) range.setStartBefore(first); // a formula is copied whole
  if (last) range.setEndAfter(last);
  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  const formulas = copied.querySelectorAll("math");
  if (!formulas.length) return;
  event.clipboardData.setData("text/html", copied.innerHTML);
  for (const formula of formulas) {
    const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
    formula.replaceWith(`${mark}${formula.querySelector("annotation")?.textContent ?? ""}${mark}`);
  }
  for (const block of copied.querySelectorAll("p, li, div, h1, h2, h3, tr")) block.append("\n");
  event.clipboardData.setData(
    "text/plain",
    (copied.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim(),
  );
  event.preventDefault();
});
