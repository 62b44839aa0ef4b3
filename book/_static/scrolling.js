// What scrolls can be reached by the keyboard. The theme sees to it once, when a page loads; code in
// a folded solution has no size then. A size that changes later, by unfolding too, is seen here.
// Formulas, code and tables say by their edge that more of them follows.

const BLOCKS =
  "pre, .cell_output > .output, .cell_output .text_html, .pst-scrollable-table-container";
const FORMULA = "mjx-container[display='true'], span.math";
const NEARLY = 2; // pixels

/** @param {HTMLElement} element */
function mark(element) {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight, scrollLeft } = element;
  const wide = scrollWidth > clientWidth + NEARLY;
  if (!element.matches(FORMULA)) element.tabIndex = wide || scrollHeight > clientHeight ? 0 : -1;
  else if (wide) element.tabIndex = 0;
  element.toggleAttribute("data-more", wide && scrollLeft + clientWidth < scrollWidth - NEARLY);
}

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target instanceof HTMLElement) mark(target);
  }
});

/** @param {string} which */
function watch(which) {
  for (const element of document.querySelectorAll(which)) {
    if (!(element instanceof HTMLElement)) continue;
    if (getComputedStyle(element).overflowX !== "auto") continue;
    watcher.observe(element);
    element.addEventListener("scroll", () => mark(element), { passive: true });
  }
}

watch(BLOCKS);
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise; // formulas are set after this script has run
  watch(FORMULA);
});
