// Before anything is drawn: the depth at which this reader reads, that of the link or the last one,
// and the colours, which the theme's own script would settle when both logos have been drawn.
(() => {
  const wanted = [new URLSearchParams(location.search).get("depth")];
  try {
    wanted.push(localStorage.getItem("depth"));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a browser may keep its store shut
  }
  const depth = wanted.find((name) => name === "story" || name === "proofs" || name === "code");
  const page = document.documentElement;
  page.dataset.depth = depth ?? "story";
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (page.dataset.theme === "auto") page.dataset.theme = isDark ? "dark" : "light";
})();
