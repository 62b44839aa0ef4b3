// What scrolls can be reached by the keyboard. The theme sees to it once, when a page loads; code in
// a folded solution has no size then. A size that changes later, by unfolding too, is seen here.
// A formula says by its edge that more of it follows.

const SCROLLING = "pre, .cell_output > .output, .pst-scrollable-table-container";
const FORMULA = "mjx-container[display='true'], span.math";
const NEARLY = 2; // pixels

/** @param {HTMLElement} element */
function mark(element) {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight, scrollLeft } = element;
  const wide = scrollWidth > clientWidth + NEARLY;
  if (!element.matches(FORMULA)) {
    element.tabIndex = wide || scrollHeight > clientHeight ? 0 : -1;
    return;
  }
  if (wide) element.tabIndex = 0;
  element.toggleAttribute("data-more", wide && scrollLeft + clientWidth < scrollWidth - NEARLY);
}

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target instanceof HTMLElement) mark(target);
  }
});

for (const element of document.querySelectorAll(SCROLLING)) watcher.observe(element);

/** Formulas are set after this script has run. */
async function watchFormulas() {
  await window.MathJax?.startup?.promise;
  for (const formula of document.querySelectorAll(FORMULA)) {
    if (!(formula instanceof HTMLElement)) continue;
    if (getComputedStyle(formula).overflowX !== "auto") continue;
    watcher.observe(formula);
    formula.addEventListener("scroll", () => mark(formula), { passive: true });
  }
}
addEventListener("load", watchFormulas);
