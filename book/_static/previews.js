// What a link leads to, shown beside it while the pointer or the focus rests there.

(() => {
  const DELAY = 250; // milliseconds
  const MARGIN = 12; // pixels
  const PREVIEWED = /^(thm|prop|cor|lem|def|rem|ex|fig|equation|symbol|id)[-\d]/;
  const root = document.documentElement.dataset.content_root ?? "./";
  const base = new URL(root, location.href).href;
  /** @type {Map<string, (content: string) => void>} */
  const waiting = new Map();
  /** @type {Map<string, Promise<string>>} */
  const loaded = new Map();
  const box = document.createElement("div");
  box.className = "preview bd-article";
  box.id = "preview";
  box.popover = "manual";
  box.setAttribute("role", "tooltip");
  document.body.append(box);
  /** @type {HTMLAnchorElement | null} */
  let shown = null;
  /** @type {HTMLAnchorElement | null} */
  let wanted = null;
  let timer = 0;

  /** Called by the scripts in the folder of previews. */
  window.preview = (name, content) => waiting.get(name)?.(content);

  /** @param {string} name @returns {Promise<string>} */
  function load(name) {
    const content = new Promise((resolve, reject) => {
      waiting.set(name, resolve);
      const script = document.createElement("script");
      script.src = `${root}_static/previews/${name}.js`;
      script.onerror = () => reject(new Error(`${name} has no preview`));
      document.head.append(script);
    });
    loaded.set(name, content);
    return content;
  }

  /** @param {HTMLAnchorElement} link @returns {string} page and id, or nothing */
  function nameOf(link) {
    const [page, id] = link.href.split("#");
    if (!id || !PREVIEWED.test(id) || !page.startsWith(base)) return "";
    return `${page.slice(base.length).replace(/\?.*|\.html.*/g, "")}/${decodeURIComponent(id)}`;
  }

  /** @param {HTMLAnchorElement} link */
  async function show(link) {
    const name = nameOf(link);
    const content = await (loaded.get(name) ?? load(name)).catch(() => "");
    if (!content || shown !== link) return;
    box.innerHTML = content;
    box.showPopover();
    link.setAttribute("aria-describedby", box.id);
    if (link.title) {
      link.ariaLabel = link.title; // one note is enough
      link.removeAttribute("title");
    }
    place(link);
  }

  /** @param {HTMLAnchorElement} link */
  function place(link) {
    const at = link.getClientRects()[0];
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const left = Math.min(at.left, innerWidth - width - MARGIN);
    const below = at.bottom + MARGIN / 2;
    const above = at.top - height - MARGIN / 2;
    box.style.left = `${Math.max(MARGIN, left)}px`;
    box.style.top = `${below + height > innerHeight && above > 0 ? above : below}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidePopover();
  }

  /** @param {Event} event */
  function begin(event) {
    if (!(event.target instanceof Element)) return;
    /** @type {HTMLAnchorElement | null} */
    const link = event.target.closest(".bd-article a.internal[href*='#']:not(.headerlink)");
    const left = !link && !box.contains(event.target);
    if (left && event.type === "pointerover" && wanted === document.activeElement) return;
    clearTimeout(timer);
    if (!left && (!link || link === shown)) return;
    wanted = link;
    timer = setTimeout(() => {
      hide();
      if (!link || !nameOf(link)) return;
      shown = link;
      show(link);
    }, DELAY);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") begin(event);
  });
  document.addEventListener("focusin", begin);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("pointerdown", hide);
})();
