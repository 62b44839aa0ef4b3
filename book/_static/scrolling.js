// What scrolls can be reached by the keyboard. The theme sees to it once, when a page loads; code in
// a folded solution has no size then. A size that changes later, by unfolding too, is seen here.

const SCROLLING = "pre, .cell_output > .output, .pst-scrollable-table-container";

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!(target instanceof HTMLElement)) continue;
    const scrolls =
      target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    target.tabIndex = scrolls ? 0 : -1;
  }
});

for (const element of document.querySelectorAll(SCROLLING)) watcher.observe(element);
