// The page that lists what the reader predicted, out of the browser's own store.

(() => {
  const KEY = "lae-predictions"; // that of the figures
  const list = document.querySelector(".predictions-list");
  if (!list) return;

  /**
   * @typedef {{page: string, chapter: string, anchor: string, question: string, said: string,
   *   hit: boolean, sure: string}} Kept
   */

  /** @returns {Kept[]} in the order of the book */
  function read() {
    try {
      const all = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      return Object.values(all).sort((a, b) =>
        `${a.page}#${a.anchor}`.localeCompare(`${b.page}#${b.anchor}`, "en", { numeric: true }),
      );
    } catch (error) {
      if (error instanceof DOMException || error instanceof SyntaxError) return [];
      throw error;
    }
  }

  /**
   * @param {string} tag
   * @param {string} [text]
   * @param {(Node | string)[]} [children]
   */
  function make(tag, text = "", children = []) {
    const element = document.createElement(tag);
    element.textContent = text;
    element.append(...children);
    return element;
  }

  /** @param {Kept[]} kept @returns {string} hits among all, and among those that were certain */
  function sum(kept) {
    /** @param {Kept[]} some */
    const share = (some) => `${some.filter(({ hit }) => hit).length} of ${some.length}`;
    const certain = kept.filter(({ sure }) => sure === "certain");
    const more = certain.length ? `, ${share(certain)} of those you were certain of` : "";
    return `Hits: ${share(kept)}${more}.`;
  }

  function draw() {
    const kept = read();
    if (!list) return;
    if (!kept.length) {
      list.replaceChildren(make("p", "You have not predicted anything yet."));
      return;
    }
    const forget = make("button", "Forget all");
    forget.setAttribute("type", "button");
    forget.addEventListener("click", () => {
      localStorage.removeItem(KEY);
      draw();
    });
    const chapters = [...new Set(kept.map(({ chapter }) => chapter))];
    list.replaceChildren(
      make("p", sum(kept)),
      ...chapters.flatMap((chapter) => [
        make("h2", chapter),
        make("ul", "", kept.filter((one) => one.chapter === chapter).map(makeItem)),
      ]),
      forget,
    );
  }

  /** @param {Kept} kept */
  function makeItem({ page, anchor, question, said, hit, sure }) {
    const link = make("a", question);
    link.setAttribute("href", `${page}#${anchor}`);
    return make("li", "", [hit ? "✓ " : "✗ ", link, ` ${said} You were ${sure}.`]);
  }

  draw();
})();
