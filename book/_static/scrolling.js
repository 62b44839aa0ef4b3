// What scrolls can be reached by the keyboard. The theme sees to it once, when a page loads; code in
// a folded solution has no size then. A size that changes later, by unfolding too, is seen here.
// Formulas, code and tables say by their edge that more of them follows; a formula that is a little
// too wide is set smaller instead.

const BLOCKS =
  "pre, .cell_output > .output, .cell_output .text_html, .pst-scrollable-table-container";
const FORMULA = ".formula, span.math";
const NEARLY = 2; // pixels
const SMALLEST = 0.75; // of the size in which formulas are set

/** Set a formula smaller, if that is enough for it to fit. @param {HTMLElement} formula */
function fit(formula) {
  formula.style.removeProperty("--share");
  for (let share = 1; formula.scrollWidth > formula.clientWidth + NEARLY;) {
    share *= (formula.clientWidth - 1) / formula.scrollWidth; // a cell of a table shrinks along
    if (share < SMALLEST) {
      formula.style.removeProperty("--share");
      return;
    }
    formula.style.setProperty("--share", `${Math.floor(100 * share) / 100}`);
  }
}

/** @param {HTMLElement} element */
function mark(element) {
  if (element.matches(FORMULA)) fit(element);
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
document.fonts.ready.then(() => watch(FORMULA)); // what fits depends on the font
addEventListener("resize", () => {
  // What was set smaller may have room again.
  for (const formula of document.querySelectorAll("[style*='--share']")) {
    if (formula instanceof HTMLElement) mark(formula);
  }
});
