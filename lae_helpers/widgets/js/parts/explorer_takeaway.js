/** "Take these weights with you": the explorer's state as Python and as a link, and the way back. */

import { make, makeButton } from "./elements.js";
import { fromFragment, toFragment, toPython } from "./link.js";
import { listen, onEnd } from "./listening.js";
import { sayNumber } from "./numbers.js";
import { ownDataOf } from "./own_data.js";
import { publish } from "./readouts.js";
import { transposeGap } from "../numerics/autoencoder.js";

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
  /** @param {number | string} name */
  const isMeant = (name) => means(name, root);
  const copyLink = () => {
    if (ownDataOf(model)) {
      note.textContent =
        "No link: it cannot carry your data, which stay in this page. Copy as Python instead, which reads them from your file.";
      return;
    }
    const fragment = toFragment(model, session.descent(), nameOf(root));
    try {
      fromFragment(fragment, model, isMeant);
    } catch (error) {
      note.textContent = `No link: ${messageOf(error)}. Copy as Python instead, or press Reset.`;
      return;
    }
    copy(location.href.split("#")[0] + fragment, "Link");
  };
  listen(signal, asPython, "click", () =>
    copy(toPython(model, session.descent()), ownDataOf(model) ? "Python" : "Three lines of Python"),
  );
  listen(signal, asLink, "click", copyLink);

  let taken = "";
  const read = () => {
    if (location.hash === taken) return;
    taken = "";
    try {
      const state = fromFragment(location.hash, model, isMeant);
      if (!state) return;
      taken = location.hash;
      const { walk, figure, ...settings } = state;
      session.settle({ playing: false, ...settings }, walk);
      note.textContent = "";
      root.parentElement?.classList.add("lae-touched");
      root.parentElement?.scrollIntoView();
    } catch (error) {
      note.textContent = `The link's settings are damaged and were ignored: ${messageOf(error)}.`;
      root.open = true;
    }
  };

  /**
   * On the website, take the state out of the address, a damaged one ignored with a note, and tell
   * the page's sentences the gap.
   */
  function readAddress() {
    if (model.widget_manager) return;
    if (!ownDataOf(model)) {
      listen(signal, window, "hashchange", read);
      listen(signal, document, "lae-mounted", read); // a link may mean a figure that comes later
      read();
    }
    const tell = () => publish(root, { gap: sayNumber(transposeGap(session.descent().weights)) });
    onEnd(signal, session.watch(tell));
    tell();
  }
  return { root, readAddress };
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {Element} element @returns {Element[]} the figures of its page */
const figuresOf = (element) => [...element.ownerDocument.querySelectorAll(".lae-figure")];

/** The label of the figure that an element is in; its place on the page if it has none. @param {Element} element */
const nameOf = (element) =>
  element.closest("[id^='fig-']")?.id ??
  figuresOf(element).findIndex((figure) => figure.contains(element));

/**
 * Whether a link means the explorer that an element is in. A link to a figure that is no explorer,
 * or no longer there, means the first explorer of the page.
 *
 * @param {number | string} name
 * @param {Element} element
 */
function means(name, element) {
  const meant = typeof name === "string" ? document.getElementById(name) : figuresOf(element)[name];
  const live = meant?.querySelector(".lae-live");
  if (meant && !live) return false; // not yet
  const explorer = live?.matches(".lae-explorer") ? live : document.querySelector(".lae-explorer");
  return Boolean(explorer?.contains(element));
}
