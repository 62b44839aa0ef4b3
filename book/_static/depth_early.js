// The depth at which this reader reads, before anything is drawn: that of the link, or the last one.
(() => {
  const wanted = [new URLSearchParams(location.search).get("depth")];
  try {
    wanted.push(localStorage.getItem("depth"));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a browser may keep its store shut
  }
  const depth = wanted.find((name) => name === "story" || name === "proofs" || name === "code");
  document.documentElement.dataset.depth = depth ?? "story";
})();
