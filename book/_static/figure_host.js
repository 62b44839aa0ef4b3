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
      modules.set(
        source,
        import(address).finally(() => URL.revokeObjectURL(address)),
      );
    }
    return (await modules.get(source)).default;
  }

  async function mount(figure, model, ends) {
    const frontEnd = await load(model.get("_esm"));
    const el = document.createElement("div");
    el.append(Object.assign(document.createElement("style"), { textContent: model.get("_css") }));
    ends.push(() => el.remove());
    ends.push(await frontEnd.initialize?.({ model }));
    figure.append(el);
    ends.push(await frontEnd.render({ model, el }));
    for (const fallback of figure.querySelectorAll(".lae-fallback")) fallback.hidden = true;
  }

  const models = new Map();
  for (const script of document.querySelectorAll(`script[type="${TYPE}-state+json"]`)) {
    for (const [id, entry] of Object.entries(JSON.parse(script.textContent).state)) {
      models.set(id, new Model(decode(entry)));
    }
  }
  const mounted = new Set(); // what ends each figure: a promise, as the page may be left while it loads

  function mountAll() {
    for (const view of document.querySelectorAll(`script[type="${TYPE}-view+json"]`)) {
      const model = models.get(JSON.parse(view.textContent).model_id);
      if (!model) continue;
      const ends = [];
      const end = () =>
        ends
          .splice(0)
          .reverse()
          .forEach((cleanUp) => cleanUp?.());
      const mounting = mount(view.parentElement, model, ends).catch((error) => {
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
