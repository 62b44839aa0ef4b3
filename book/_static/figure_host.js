/**
 * Mounts the book's interactive figures without a kernel.
 *
 * The executed page holds, as MyST-NB wrote them, the views of its widgets (each names a model) and
 * the state of their models (with the front end in `_esm`). Both are read here; nothing is fetched.
 */
(() => {
  const TYPE = "application/vnd.jupyter.widget";

  /**
   * @typedef {Record<string, unknown>} State
   * @typedef {(...values: unknown[]) => void} Listener
   * @typedef {(() => void) | void} CleanUp
   * @typedef {object} FrontEnd
   * @property {(props: {model: Model}) => CleanUp | Promise<CleanUp>} [initialize]
   * @property {(props: {model: Model, el: HTMLElement}) => CleanUp | Promise<CleanUp>} render
   * @typedef {object} SavedModel
   * @property {State} state
   * @property {{path: string[], data: string}[]} [buffers]
   */

  /** What a front end sees of its model; without a kernel, a change stays in the page. */
  class Model {
    /** @param {State} state */
    constructor(state) {
      this.state = state;
      /** @type {Map<string, Listener[]>} */
      this.listeners = new Map();
    }
    /** @param {string} name */
    get(name) {
      return this.state[name];
    }
    /** @param {string} name @param {unknown} value */
    set(name, value) {
      if (Object.is(this.state[name], value)) return;
      this.state[name] = value;
      this.emit(`change:${name}`, this, value);
      this.emit("change", this);
    }
    /** @param {string} type @param {Listener} listener */
    on(type, listener) {
      this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    }
    /** @param {string} type @param {Listener} [listener] all of them if not given */
    off(type, listener) {
      const kept = (this.listeners.get(type) ?? []).filter((l) => listener && l !== listener);
      this.listeners.set(type, kept);
    }
    /** @param {string} type @param {unknown[]} values */
    emit(type, ...values) {
      for (const listener of this.listeners.get(type) ?? []) listener(...values);
    }
    save_changes() {}
    send() {}
  }

  /** @param {SavedModel} saved @returns {State} with its buffers in their places */
  function decode({ state, buffers = [] }) {
    const decoded = { ...state };
    for (const { path, data } of buffers) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      let owner = decoded;
      for (const key of path.slice(0, -1)) owner = /** @type {State} */ (owner[key]);
      owner[path[path.length - 1]] = new DataView(bytes.buffer);
    }
    return decoded;
  }

  /** @type {Map<string, Promise<{default: FrontEnd}>>} */
  const modules = new Map(); // a figure that comes back finds its module with all that it remembers

  /** @param {string} source */
  function load(source) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return import(address).finally(() => URL.revokeObjectURL(address));
  }

  /** @param {Element} figure @param {Model} model @param {CleanUp[]} ends gets what ends it */
  async function mount(figure, model, ends) {
    const source = String(model.get("_esm"));
    const loading = modules.get(source) ?? load(source);
    modules.set(source, loading);
    const { default: frontEnd } = await loading;
    const el = document.createElement("div");
    el.append(Object.assign(document.createElement("style"), { textContent: model.get("_css") }));
    ends.push(() => el.remove());
    ends.push(await frontEnd.initialize?.({ model }));
    figure.append(el);
    ends.push(await frontEnd.render({ model, el }));
    for (const fallback of figure.querySelectorAll(".lae-fallback")) {
      fallback.toggleAttribute("hidden", true);
    }
    figure.dispatchEvent(new CustomEvent("lae-mounted", { bubbles: true, detail: model }));
  }

  /** @type {Map<string, Model>} */
  const models = new Map();
  for (const script of document.querySelectorAll(`script[type="${TYPE}-state+json"]`)) {
    /** @type {{state: Record<string, SavedModel>}} */
    const saved = JSON.parse(script.textContent);
    for (const [id, entry] of Object.entries(saved.state)) {
      models.set(id, new Model(decode(entry)));
    }
  }
  /** @type {Set<Promise<() => void>>} */
  const mounted = new Set(); // what ends each figure: a promise, as the page may be left while it loads

  function mountAll() {
    for (const view of document.querySelectorAll(`script[type="${TYPE}-view+json"]`)) {
      const model = models.get(JSON.parse(view.textContent).model_id);
      const figure = view.parentElement;
      if (!model || !figure) continue;
      /** @type {CleanUp[]} */
      const ends = [];
      const end = () =>
        ends
          .splice(0)
          .reverse()
          .forEach((cleanUp) => cleanUp?.());
      const mounting = mount(figure, model, ends).catch((error) => {
        end(); // the picture stays
        console.error(error);
      });
      mounted.add(mounting.then(() => end));
    }
  }

  mountAll();
  addEventListener("pagehide", () => {
    for (const ending of mounted) ending.then((end) => end());
    mounted.clear();
  });
  addEventListener("pageshow", (event) => event.persisted && mountAll());
})();
