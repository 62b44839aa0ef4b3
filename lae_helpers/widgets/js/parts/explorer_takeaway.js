/** "Take these weights with you": the explorer's state as Python and as a link, and the way back. */

import { make, makeButton } from "./elements.js";
import { fromFragment, toFragment, toPython } from "./link.js";
import { listen } from "./listening.js";

/**
 * @param {AbortSignal} signal
 * @param {import("../traits.d.ts").Model<import("../traits.d.ts").ExplorerTraits>} model
 * @param {import("./explorer_session.js").Session} session
 */
export function makeTakeaway(signal, model, session) {
  const asPython = makeButton("Copy as Python");
  const asLink = makeButton("Copy link", { hidden: Boolean(model.widget_manager) });
  const note = make("p", { class: "lae-small", role: "status" });
  const text = make("textarea", {
    readonly: true,
    "aria-label": "The state as text",
    hidden: true,
  });
  const root = make("details", {}, [
    make("summary", { text: "Take these weights with you" }),
    make("div", { class: "lae-row" }, [asPython, asLink]),
    note,
    text,
  ]);

  /**
   * Copy, and show what was copied to those whose clipboard is closed.
   *
   * @param {string} content
   * @param {string} what
   */
  const copy = async (content, what) => {
    text.hidden = false;
    text.value = content;
    try {
      await navigator.clipboard.writeText(content);
      note.textContent = `${what} copied.`;
    } catch {
      text.select();
      note.textContent = `${what}: select the text below and copy it.`;
    }
  };
  const copyLink = () => {
    const fragment = toFragment(model, session.descent(), placeOf(root));
    try {
      fromFragment(fragment, model, placeOf(root));
    } catch (error) {
      note.textContent = `No link: ${messageOf(error)}. Copy as Python instead, or press Reset.`;
      return;
    }
    copy(location.href.split("#")[0] + fragment, "Link");
  };
  listen(signal, asPython, "click", () =>
    copy(toPython(model, session.descent()), "Three lines of Python"),
  );
  listen(signal, asLink, "click", copyLink);

  const read = () => {
    try {
      const state = fromFragment(location.hash, model, placeOf(root));
      if (!state) return;
      const { walk, figure, ...settings } = state;
      session.settle({ playing: false, ...settings }, walk);
      note.textContent = "";
      root.parentElement?.scrollIntoView();
    } catch (error) {
      note.textContent = `The link's settings are damaged and were ignored: ${messageOf(error)}.`;
      root.open = true;
    }
  };

  /** On the website, take the state out of the address; a damaged one is ignored, with a note. */
  function readAddress() {
    if (model.widget_manager) return;
    listen(signal, window, "hashchange", read);
    read();
  }
  return { root, readAddress };
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** Which of the page's figures an element is in: a link is for one of them. @param {Element} element */
function placeOf(element) {
  return [...document.querySelectorAll(".lae-figure")].findIndex((figure) =>
    figure.contains(element),
  );
}
