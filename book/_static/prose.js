/**
 * Sentences that act on the figures of their page, and numbers in them that follow a figure.
 *
 * `<a href="#fig-name" data-set='{"trait": value}'>` sets traits of the figure of that label; where
 * there is no live figure, it leads to it like any other link. `<span data-follows="fig-name"
 * data-number="name">` shows what that figure publishes under the name.
 */
(() => {
  /** @typedef {{get: (name: string) => unknown, set: (name: string, value: unknown) => void}} Model */

  /** @type {Map<Element, Model>} */
  const models = new Map();
  const LINK = "#explorer=";

  /** @param {Element} element @returns {string} the label of the figure that it is in */
  const labelOf = (element) => element.closest("[id^='fig-']")?.id ?? "";

  /** @param {Element} link @returns {[Element, Model] | undefined} the live figure it speaks of */
  const figureOf = (link) =>
    [...models].find(([figure]) => `#${labelOf(figure)}` === link.getAttribute("href"));

  document.addEventListener("lae-mounted", (event) => {
    if (!(event instanceof CustomEvent) || !(event.target instanceof Element)) return;
    models.set(event.target, event.detail);
    for (const link of document.querySelectorAll("a[data-set]")) {
      if (!figureOf(link)) continue;
      link.classList.add("acts");
      link.setAttribute("title", "Sets the figure");
    }
    tellLostLink();
  });

  document.addEventListener("lae-numbers", (event) => {
    if (!(event instanceof CustomEvent) || !(event.target instanceof Element)) return;
    const label = labelOf(event.target);
    for (const place of document.querySelectorAll(`[data-follows="${label}"]`)) {
      const text = event.detail[place.getAttribute("data-number") ?? ""];
      if (text !== undefined && place.textContent !== text) place.textContent = text;
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-set]") : null;
    const found = link && figureOf(link);
    if (!link || !found || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [figure, model] = found;
    const settings = Object.entries(JSON.parse(link.getAttribute("data-set") ?? "{}"));
    for (const [name, value] of settings) model.set(name, value);
    figure.querySelector(".lae-live")?.classList.add("lae-touched"); // and so paper shows it
    figure.scrollIntoView({ block: "nearest" });
  });

  /** A link to an explorer that is not here says so at the top, and where the explorer is. */
  function tellLostLink() {
    const isHere = [...models.values()].some((model) => model.get("_problems"));
    const mounted = models.size >= document.querySelectorAll(".lae-figure").length;
    document.querySelector(".lost-link")?.remove();
    if (isHere || !mounted || !location.hash.startsWith(LINK)) return;
    const note = document.createElement("p");
    note.className = "lost-link";
    note.setAttribute("role", "alert");
    note.textContent = "This link holds a state of the explorer, which is not on this page. ";
    /** @type {HTMLAnchorElement | null} */
    const there = document.querySelector("a[href*='#fig-groups-explorer']");
    if (there) {
      const link = document.createElement("a");
      link.href = there.href.split("#")[0] + location.hash;
      link.textContent = "Open it where the explorer is.";
      note.append(link);
    }
    document.querySelector("main h1, h1")?.after(note);
    note.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", tellLostLink);
  addEventListener("DOMContentLoaded", tellLostLink);
})();
