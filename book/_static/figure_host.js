/**
 * Mounts the book's interactive figures without a kernel.
 *
 * The executed page holds, as MyST-NB wrote them, the views of its widgets (each names a model) and
 * the state of their models (with the front end in `_esm`). What is long in it the build has put
 * into scripts beside the pages, a part each; they come one figure after the other, the one nearest
 * to what the reader sees first. A part that is lost, as where a line drops, is asked for once more
 * after a pause, and then when its reader wishes.
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
  class LostPart extends Error {}
  /** @type {Map<string, unknown>} */
  const called = new Map();

  /** @param {string} name @returns {Promise<void>} */
  async function call(name, isLast = false) {
    const script = document.createElement("script");
    script.src = `${PARTS}${name}.js`;
    const coming = new Promise((resolve) => {
      script.onload = () => resolve(true);
      script.onerror = () => resolve(false);
    });
    document.head.append(script);
    if (await coming) return;
    if (isLast) throw new LostPart(`${script.src} is missing`);
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE);
    });
    await call(name, true);
  }

  /** What a part holds, which its script tells. @param {string} name @returns {Promise<unknown>} */
  async function fetchPart(name) {
    const coming = called.get(name) ?? (name in (window.figureParts ?? {}) || call(name));
    called.set(name, coming);
    try {
      await coming;
    } catch (error) {
      called.delete(name);
      throw error;
    }
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

  /** Mount after what is being mounted or ended. @param {() => void} begin says what waits */
  function mountLater(begin) {
    mounting = mounting.then(begin).then(mountNext).catch(console.error);
  }

  /** @param {Element} view @param {Element} figure */
  function offerAgain(view, figure) {
    const note = document.createElement("p");
    note.className = "lae-lost";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.textContent = "Try again";
    button.addEventListener("click", () => {
      note.remove();
      mountLater(() => waiting.push(view));
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
        if (!(error instanceof LostPart)) return;
        models.delete(id);
        offerAgain(view, figure);
      });
      mounted.add(ending.then(() => end));
      await ending;
    }
    await mountNext();
  }

  function mountAll() {
    mountLater(() => {
      waiting = [...document.querySelectorAll(`script[type="${TYPE}-view+json"]`)];
    });
  }

  mountAll();
  addEventListener("pagehide", () => {
    waiting = []; // a page that is left mounts nothing more
    const ended = [...mounted].map((ending) => ending.then((end) => end()));
    mounted.clear();
    mountLater(() => Promise.all(ended));
  });
  addEventListener("pageshow", (event) => event.persisted && mountAll());
})();
