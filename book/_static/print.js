// Before the page is printed, the width of every display formula is measured, in ems of its own size:
// print.css sets what is wider than the paper as much smaller as it has to be.

addEventListener("beforeprint", () => {
  /** @type {NodeListOf<MathMLElement>} */
  const formulas = document.querySelectorAll(".formula > math");
  for (const one of formulas) {
    one.style.removeProperty("--ems");
    one.style.width = "max-content";
  }
  const widths = [...formulas].map(
    (one) => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize),
  );
  formulas.forEach((one, place) => {
    one.style.removeProperty("width");
    if (widths[place]) one.style.setProperty("--ems", (widths[place] + 0.02).toFixed(2));
  });
});
