/**
 * A reader's own data in place of a figure's: the figure is shown again on a stand-in for its model,
 * which Python does not hear of, and all figures of the page follow until it is put back.
 *
 * @typedef {import("../numerics/tables.js").Learned & {
 *   layout: import("./features.js").Layout, said: string, lines: string[],
 *   makeStandIn: typeof import("./own_models.js").makeStandIn
 * }} Own `said` tells what they are; `lines` of Python read the same numbers into X
 * @typedef {"explorer" | "ladder" | "reconstruction" | "spectrum"} Kind
 * @typedef {{signal: AbortSignal, source: string, place: HTMLElement, hand: (own: Own) => void}} Door
 * @typedef {{open: (door: Door) => (file: File) => void}} Opening
 */

import { make, makeButton } from "./elements.js";
import { listen, onEnd } from "./listening.js";

/** @type {Own | null} */
let current = null; // a figure that comes back to its page finds it again

/** What a model that stands in holds; undefined for any other. @param {object} model */
export const ownDataOf = (model) => /** @type {{own?: Own}} */ (model).own;

/**
 * @template {{_own_data: string}} Traits
 * @param {{initialize?: (props: {model: import("../traits.d.ts").Model<Traits>}) => void,
 *          render: (view: import("../traits.d.ts").View<Traits>) => () => void,
 *          tasks?: Record<string, unknown>}} frontEnd
 * @param {Kind} kind
 */
export function withOwnData(frontEnd, kind) {
  /** @param {import("../traits.d.ts").View<Traits>} view */
  function render({ model, el }) {
    const ending = new AbortController();
    const { signal } = ending;
    const stage = make("div");
    const door = makeDoor(signal, model.get("_own_data"), Boolean(model.widget_manager));
    let end = () => {};

    /** @param {Own | null} own */
    const show = (own) => {
      let shown = model;
      let said = own?.said ?? "";
      try {
        if (own) shown = /** @type {typeof model} */ (own.makeStandIn(own, kind, model));
      } catch (error) {
        said = error instanceof Error ? error.message : String(error);
      }
      const focused = door.root.contains(document.activeElement) ? document.activeElement : null;
      end();
      stage.replaceChildren();
      if (shown !== model) frontEnd.initialize?.({ model: shown });
      end = frontEnd.render({ model: shown, el: stage });
      stage.querySelector(".lae-live")?.append(door.root);
      door.say(said, own !== null);
      if (focused instanceof HTMLElement) focused.focus();
    };
    listen(signal, document, "lae-own-data", ({ detail }) => {
      current = detail;
      show(detail);
    });
    listen(signal, el, "dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    listen(signal, el, "drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      door.take(file);
    });
    el.append(stage);
    onEnd(signal, () => end());
    show(current);
    return () => ending.abort();
  }
  return { ...frontEnd, render };
}

/**
 * What a reader opens to bring data; the rest of it is loaded then.
 *
 * @param {AbortSignal} signal
 * @param {string} source of the rest
 * @param {boolean} inLab
 */
function makeDoor(signal, source, inLab) {
  const said = make("p", { class: "lae-small" });
  const back = makeButton(inLab ? "Put the first data back" : "Put the digits back");
  const place = make("div");
  const details = make("details", {}, [make("summary", { text: "Your own data" }), place]);
  const news = make("div", { class: "lae-row" });
  const root = make("div", { class: "lae-own" }, [news, details]);
  /** @type {Promise<(file: File) => void> | null} */
  let opened = null;
  const open = () => {
    opened ??= load(source).then((rest) => rest.open({ signal, source, place, hand: spread }));
    return opened;
  };
  listen(signal, details, "toggle", () => details.open && open());
  listen(signal, back, "click", () => {
    root.querySelector("summary")?.focus();
    spread(null);
  });
  return {
    root,
    /** @param {File} file */
    take(file) {
      details.open = true;
      open().then((read) => read(file));
    },
    /** @param {string} sentence @param {boolean} own whether data of the reader's are there */
    say(sentence, own) {
      said.textContent = sentence;
      news.replaceChildren(...(own ? [said, back] : []));
    },
  };
}

/** To all figures of the page. @param {Own | null} detail */
function spread(detail) {
  document.dispatchEvent(new CustomEvent("lae-own-data", { detail }));
}

/** @param {string} source @returns {Promise<Opening>} */
function load(source) {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return import(address)
    .then(({ default: opening }) => opening)
    .finally(() => URL.revokeObjectURL(address));
}
