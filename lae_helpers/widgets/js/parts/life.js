/**
 * The life of one view of a figure: all that it listens to and runs ends with it.
 *
 * @typedef {DocumentEventMap & HTMLElementEventMap & WindowEventMap} Events
 * @typedef {object} Life
 * @property {<Type extends keyof Events>(target: EventTarget, type: Type,
 *   listener: (event: Events[Type]) => void) => void} listen
 * @property {<Traits extends object>(model: import("../traits.d.ts").Model<Traits>,
 *   names: (keyof Traits & string)[], listener: () => void) => void} follow
 * @property {(cleanUp: () => void) => void} onEnd
 * @property {() => void} end
 */

/** @returns {Life} */
export function createLife() {
  /** @type {(() => void)[]} */
  const cleanUps = [];
  /** @param {() => void} cleanUp */
  const onEnd = (cleanUp) => void cleanUps.push(cleanUp);
  return {
    onEnd,
    listen(target, type, listener) {
      const typed = /** @type {EventListener} */ (listener);
      target.addEventListener(type, typed);
      onEnd(() => target.removeEventListener(type, typed));
    },
    follow(model, names, listener) {
      for (const name of names) {
        model.on(`change:${name}`, listener);
        onEnd(() => model.off(`change:${name}`, listener));
      }
    },
    end() {
      for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
    },
  };
}

/**
 * Call `tick` on every frame while it is running and on screen, and never otherwise.
 *
 * @param {Life} life
 * @param {Element} element what has to be on screen
 * @param {(milliseconds: number) => void} tick
 * @returns {{run: (running: boolean) => void}}
 */
export function createLoop(life, element, tick) {
  let running = false;
  let visible = false;
  let frame = 0;
  /** @param {number} time */
  const next = (time) => {
    frame = requestAnimationFrame(next);
    tick(time);
  };
  const update = () => {
    const wanted = running && visible && !document.hidden;
    if (wanted && !frame) frame = requestAnimationFrame(next);
    if (!wanted && frame) {
      cancelAnimationFrame(frame);
      frame = 0;
    }
  };
  const observer = new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    update();
  });
  observer.observe(element);
  life.onEnd(() => observer.disconnect());
  life.listen(document, "visibilitychange", update);
  /** @param {boolean} wanted */
  const run = (wanted) => {
    running = wanted;
    update();
  };
  life.onEnd(() => run(false));
  return { run };
}

/**
 * Call `draw` once on the next frame, however often it is asked for.
 *
 * @param {Life} life
 * @param {() => void} draw
 * @returns {() => void}
 */
export function onNextFrame(life, draw) {
  let frame = 0;
  life.onEnd(() => cancelAnimationFrame(frame));
  return () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
}

/**
 * Call `redraw` when the page turns dark or light, and when the element changes its width, as it
 * does on its way into the page.
 *
 * @param {Life} life
 * @param {Element} element
 * @param {() => void} redraw
 */
export function watchLooks(life, element, redraw) {
  const themes = new MutationObserver(redraw);
  const attributes = ["class", "data-theme", "data-jp-theme-light", "data-jp-theme-name"];
  for (const target of [document.documentElement, document.body]) {
    themes.observe(target, { attributes: true, attributeFilter: attributes });
  }
  life.onEnd(() => themes.disconnect());
  let width = 0;
  const sizes = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    replacePictures(element);
    redraw();
  });
  sizes.observe(element);
  life.onEnd(() => sizes.disconnect());
}

/** The pictures that stand in for figures in a JupyterLab without a kernel. @param {Element} element */
function replacePictures(element) {
  for (const picture of element.closest(".jp-OutputArea")?.querySelectorAll(".lae-stand-in") ??
    []) {
    picture.remove();
  }
}
