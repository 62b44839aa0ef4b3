// What is copied has the TeX of its formulas: their letters alone would have lost what is raised,
// lowered or a fraction.

/** @param {Node} node @returns {Element | null | undefined} */
const formulaOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest("math");

/** @param {Range} range @returns {HTMLElement} what a selection holds, formulas whole */
function contentOf(range) {
  const whole = range.cloneRange();
  const first = formulaOf(range.startContainer);
  const last = formulaOf(range.endContainer);
  if (first) whole.setStartBefore(first);
  if (last) whole.setEndAfter(last);
  const content = document.createElement("div");
  content.append(whole.cloneContents());
  return content;
}

/** @param {Element} formula @returns {string} */
function texOf(formula) {
  const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
  return mark + (formula.querySelector("annotation")?.textContent ?? "") + mark;
}

document.addEventListener("copy", (event) => {
  const { target } = event;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
  const selection = getSelection();
  if (!selection?.rangeCount || !event.clipboardData) return;
  const content = contentOf(selection.getRangeAt(0));
  const formulas = content.querySelectorAll("math");
  if (!formulas.length) return;
  event.clipboardData.setData("text/html", content.innerHTML);
  for (const formula of formulas) formula.replaceWith(texOf(formula));
  for (const block of content.querySelectorAll("p, li, div, h1, h2, h3, tr")) block.append("\n");
  const text = (content.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
});
