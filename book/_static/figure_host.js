/**
 * Mounts the book's interactive figures without a kernel.
 *
 * The executed page holds, as MyST-NB wrote them, the views of its widgets (each names a model) and
 * the state of their models (with the front end in `_esm`). What is long in it the build has put
 * into scripts beside the pages, a part each; they come one figure after the other, the one nearest
 * to what the reader sees first. One that fails, as where a line drops, is tried once more after a
 * pause, and then when its reader asks.
 */
(() => {
  const TYPE = "application/vnd.jupyter.widget";
  const PAUSE = 3000; // milliseconds

  /**
   * @typedef {Record<string, unknown>} State
   * @typedef {(...values: unknown[]) => void} Listener
   * @typedef {(() => void) | void} CleanUp
   * @typedef {object} FrontEnd
   * @property {(props: {model: Model}) => CleanUp | Promise<CleanUp>} [initialize]
   * @property {(props: {model: Model, el: HTMLElement}) => CleanUp | Promise<CleanUp>} render
   * @typedef {object} SavedModel
   * @property {State} state
   * @property {Record<string, string>} [parts] of the state, by the names of its traits
   * @property {{path: string[], data?: string, part?: string}[]} [buffers]
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

  const PARTS = `${document.documentElement.dataset.content_root ?? "./"}_static/figures/`;
  /** @type {Map<string, unknown>} */
  const called = new Map();

  /** @param {string} name @returns {Promise<unknown>} */
  function call(name) {
    const script = document.createElement("script");
    script.src = `${PARTS}${name}.js`;
    const coming = new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => {
        called.delete(name);
        reject(new Error(`${script.src} is missing`));
      };
    });
    document.head.append(script);
    return coming;
  }

  /** What a part holds, which its script tells. @param {string} name @returns {Promise<unknown>} */
  async function fetchPart(name) {
    const coming = called.get(name) ?? (name in (window.figureParts ?? {}) || call(name));
    called.set(name, coming);
    await coming;
    return window.figureParts?.[name];
  }

  /** @param {SavedModel} saved @returns {Promise<Model>} with its parts in their places */
  async function complete({ state, parts = {}, buffers = [] }) {
    const decoded = { ...state };
    const traits = Object.entries(parts).map(async ([trait, name]) => {
      decoded[trait] = await fetchPart(name);
    });
    const coded = buffers.map(({ data, part }) => (part ? fetchPart(part) : data));
    const [data] = await Promise.all([Promise.all(coded), ...traits]);
    for (const [i, letters] of data.entries()) {
      const bytes = Uint8Array.from(atob(String(letters)), (letter) => letter.charCodeAt(0));
      const path = buffers[i].path;
      let owner = decoded;
      for (const key of path.slice(0, -1)) owner = /** @type {State} */ (owner[key]);
      owner[path[path.length - 1]] = new DataView(bytes.buffer);
    }
    return new Model(decoded);
  }

  /** @type {Map<string, Promise<{default: FrontEnd}>>} */
  const modules = new Map(); // a figure that comes back finds its module with all that it remembers

  /** @param {string} source */
  function load(source) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return import(address).finally(() => URL.revokeObjectURL(address));
  }

  /** @param {Element} figure @param {Promise<Model>} coming @param {CleanUp[]} ends gets what ends it */
  async function mount(figure, coming, ends) {
    const model = await coming;
    const source = String(model.get("_esm"));
    const loading = modules.get(source) ?? load(source);
    modules.set(source, loading);
    const { default: frontEnd } = await loading;
    const el = document.createElement("div");
    el.append(Object.assign(document.createElement("style"), { textContent: model.get("_css") }));
    ends.push(() => el.remove());
    ends.push(await frontEnd.initialize?.({ model }));
    const fallback = figure.querySelector(".lae-fallback");
    fallback?.toggleAttribute("hidden", true); // never both at once: what is below would move
    ends.push(() => fallback?.toggleAttribute("hidden", false));
    figure.append(el);
    ends.push(await frontEnd.render({ model, el }));
    figure.dispatchEvent(new CustomEvent("lae-mounted", { bubbles: true, detail: model }));
  }

  /** @type {Map<string, SavedModel>} */
  const saved = new Map();
  for (const script of document.querySelectorAll(`script[type="${TYPE}-state+json"]`)) {
    for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state)) {
      saved.set(id, entry);
    }
  }
  /** @type {Map<string, Promise<Model>>} */
  const models = new Map();
  /** @type {Set<Promise<() => void>>} */
  const mounted = new Set(); // what ends each figure: a promise, as the page may be left while it loads

  /** @param {string} id @returns {Promise<Model> | undefined} */
  function modelOf(id) {
    const entry = saved.get(id);
    const model = models.get(id) ?? (entry && complete(entry));
    if (model) models.set(id, model);
    return model;
  }

  /** How far a view is from what the reader sees. @param {Element} view */
  function distance(view) {
    const { top, bottom } = (view.parentElement ?? view).getBoundingClientRect();
    return Math.max(0, top - innerHeight, -bottom);
  }

  /** @type {Element[]} */
  let waiting = [];
  let mounting = Promise.resolve();
  /** @type {WeakSet<Element>} */
  const failed = new WeakSet();

  function mountWaiting() {
    mounting = mounting.then(mountNext);
  }

  /** @param {Element} view @param {Element} figure */
  function tryLater(view, figure) {
    const tryAgain = () => {
      waiting.push(view);
      mountWaiting();
    };
    if (!failed.has(view)) {
      failed.add(view);
      setTimeout(tryAgain, PAUSE);
      return;
    }
    const note = document.createElement("p");
    note.className = "lae-lost";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.textContent = "Try again";
    button.addEventListener("click", () => {
      note.remove();
      tryAgain();
    });
    note.append("The live figure did not come. ", button);
    figure.querySelector(".lae-fallback")?.append(note);
  }

  /** Mount the nearest of those that wait, and then the others. */
  async function mountNext() {
    const distances = waiting.map(distance);
    const [view] = waiting.splice(distances.indexOf(Math.min(...distances)), 1);
    if (!view) return;
    const id = JSON.parse(view.textContent).model_id;
    const model = modelOf(id);
    const figure = view.parentElement;
    if (model && figure && !figure.querySelector(".lae-live")) {
      /** @type {CleanUp[]} */
      const ends = [];
      const end = () =>
        ends
          .splice(0)
          .reverse()
          .forEach((cleanUp) => cleanUp?.());
      const ending = mount(figure, model, ends).catch((error) => {
        end(); // the picture stays
        console.error(error);
        models.delete(id);
        tryLater(view, figure);
      });
      mounted.add(ending.then(() => end));
      await ending;
    }
    await mountNext();
  }

  function mountAll() {
    waiting = [...document.querySelectorAll(`script[type="${TYPE}-view+json"]`)];
    mountWaiting();
  }

  mountAll();
  addEventListener("pagehide", () => {
    for (const ending of mounted) ending.then((end) => end());
    mounted.clear();
    waiting = []; // a page that is left mounts nothing more
  });
  addEventListener("pageshow", (event) => event.persisted && mountAll());
})();
