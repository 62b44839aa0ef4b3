/**
 * What a view listens to and runs: all of it ends when its signal is aborted.
 *
 * @typedef {DocumentEventMap & HTMLElementEventMap & WindowEventMap & {"lae-mounted": Event,
 *   "lae-own-data": CustomEvent<import("./own_data.js").Own | null>, "lae-drawn": Event}} Events
 */

/**
 * @template {keyof Events} Type
 * @param {AbortSignal} signal
 * @param {EventTarget} target
 * @param {Type} type
 * @param {(event: Events[Type]) => void} listener
 */
export function listen(signal, target, type, listener) {
  target.addEventListener(type, /** @type {EventListener} */ (listener), { signal });
}

/**
 * Call a listener whenever one of these traits changes.
 *
 * @template {object} Traits
 * @param {AbortSignal} signal
 * @param {import("../traits.d.ts").Model<Traits>} model
 * @param {(keyof Traits & string)[]} names
 * @param {() => void} listener
 */
export function follow(signal, model, names, listener) {
  for (const name of names) {
    model.on(`change:${name}`, listener);
    onEnd(signal, () => model.off(`change:${name}`, listener));
  }
}

/** @param {AbortSignal} signal @param {() => void} cleanUp */
export function onEnd(signal, cleanUp) {
  signal.addEventListener("abort", cleanUp, { once: true });
}
