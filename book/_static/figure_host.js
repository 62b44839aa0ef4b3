/**
 * Mounts the book's interactive figures without a kernel.
 *
 * The executed page holds, as MyST-NB wrote them, the views of its widgets (each names a model) and
 * the state of their models (with the front end in `_esm`). Both are read here; nothing is fetched.
 */
(() => {
  const TYPE = "application/vnd.jupyter.widget";

  /** What a front end sees of its model; without a kernel, a change stays in the page. */
  class Model {
    constructor(state) {
      this.state = state;
      this.listeners = new Map();
    }
    get(name) {
      return this.state[name];
    }
    set(name, value) {
      if (Object.is(this.state[name], value)) return;
      this.state[name] = value;
      this.emit(`change:${name}`, this, value);
      this.emit("change", this);
    }
    on(type, listener) {
      this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    }
    off(type, listener) {
      const kept = (this.listeners.get(type) ?? []).filter((l) => listener && l !== listener);
      this.listeners.set(type, kept);
    }
    emit(type, ...values) {
      for (const listener of this.listeners.get(type) ?? []) listener(...values);
    }
    save_changes() {}
    send() {}
  }

  function decode({ state, buffers = [] }) {
    const decoded = { ...state };
    for (const { path, data } of buffers) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const owner = path.slice(0, -1).reduce((part, key) => part[key], decoded);
      owner[path[path.length - 1]] = new DataView(bytes.buffer);
    }
    return decoded;
  }

  const modules = new Map(); // a figure that comes back finds its module with all that it remembers

  async function load(source) {
    if (!modules.has(source)) {
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      modules.set(source, import(address).finally(() => URL.revokeObjectURL(address)));
    }
    const { default: frontEnd } = await modules.get(source);
    return typeof frontEnd === "function" ? await frontEnd() : frontEnd;
  }

  async function mount(view, model, cleanUps) {
    const figure = view.parentElement;
    const frontEnd = await load(model.get("_esm"));
    const el = document.createElement("div");
    el.append(Object.assign(document.createElement("style"), { textContent: model.get("_css") }));
    const ends = [() => el.remove()];
    const end = () => ends.splice(0).reverse().forEach((cleanUp) => cleanUp?.());
    cleanUps.push(end);
    try {
      ends.push(await frontEnd.initialize?.({ model }));
      figure.append(el);
      ends.push(await frontEnd.render({ model, el }));
    } catch (error) {
      end(); // the picture stays
      throw error;
    }
    for (const fallback of figure.querySelectorAll(".lae-fallback")) fallback.hidden = true;
  }

  function start() {
    const models = new Map();
    for (const script of document.querySelectorAll(`script[type="${TYPE}-state+json"]`)) {
      for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state)) {
        models.set(id, new Model(decode(entry)));
      }
    }
    const cleanUps = [];
    const mountAll = () => {
      for (const view of document.querySelectorAll(`script[type="${TYPE}-view+json"]`)) {
        const model = models.get(JSON.parse(view.textContent).model_id);
        if (model) mount(view, model, cleanUps).catch((error) => console.error(error));
      }
    };
    mountAll();
    addEventListener("pagehide", () => cleanUps.splice(0).forEach((cleanUp) => cleanUp()));
    addEventListener("pageshow", (event) => event.persisted && mountAll());
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
