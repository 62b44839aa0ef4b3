// Three depths of reading: the story, with its proofs, with its code. What a depth leaves out is
// folded, never gone: a link, a search or a click opens it.

(() => {
  const DEPTHS = ["story", "proofs", "code"];
  const page = document.documentElement;
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = document.querySelectorAll("details.fold");
  if (!folds.length) return;

  /** Close what the depth leaves out, and open the rest. @param {string} depth */
  function fold(depth) {
    for (const one of folds) {
      const first = DEPTHS.indexOf(one.dataset.depth ?? "");
      one.open = first >= 0 && first <= DEPTHS.indexOf(depth);
      one.dataset.ready = "";
    }
  }

  /** Open all that hides what the address points to. */
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    let hidden = false;
    for (
      let one = target.closest("details");
      one;
      one = one.parentElement?.closest("details") ?? null
    ) {
      hidden ||= !one.open;
      one.open = true;
    }
    if (hidden) target.scrollIntoView({ behavior: "instant" });
  }

  /** What is at the top of the window stays there. @param {() => void} change */
  function inPlace(change) {
    const top = [...document.querySelectorAll(".bd-article :is(p, h1, h2, h3, figure)")].find(
      (element) => element.checkVisibility() && element.getBoundingClientRect().top > 60,
    );
    const before = top?.getBoundingClientRect().top ?? 0;
    change();
    if (!top?.checkVisibility()) return;
    scrollBy({ top: top.getBoundingClientRect().top - before, behavior: "instant" });
  }

  /** @param {string} depth */
  function choose(depth) {
    page.dataset.depth = depth;
    inPlace(() => fold(depth));
    const address = new URL(location.href);
    if (depth === "story") address.searchParams.delete("depth");
    else address.searchParams.set("depth", depth);
    history.replaceState(history.state, "", address);
    remember(depth);
  }

  /** @param {string} depth */
  function remember(depth) {
    try {
      localStorage.setItem("depth", depth);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // a browser may keep its store shut
    }
  }

  function makeSwitch() {
    const fieldset = document.createElement("fieldset");
    fieldset.className = "depths";
    const legend = document.createElement("legend");
    legend.textContent = "Depth of reading";
    fieldset.append(legend);
    for (const depth of DEPTHS) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "depth", value: depth });
      input.checked = page.dataset.depth === depth;
      input.addEventListener("change", () => choose(depth));
      label.append(input, document.createTextNode(depth));
      fieldset.append(label);
    }
    return fieldset;
  }

  const depth = page.dataset.depth ?? "story";
  fold(depth);
  if (new URLSearchParams(location.search).has("depth")) remember(depth);
  document.querySelector(".article-header-buttons")?.prepend(makeSwitch());
  reveal();
  addEventListener("hashchange", reveal);
  /** @type {HTMLDetailsElement[]} */
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details")].filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();
