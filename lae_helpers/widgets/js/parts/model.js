/** What figures do with their models. */

/**
 * Set several traits, one after the other.
 *
 * @template {object} Traits
 * @param {import("../traits.d.ts").Model<Traits>} model
 * @param {Partial<Traits>} changes
 */
export function setTraits(model, changes) {
  for (const name of /** @type {(keyof Traits)[]} */ (Object.keys(changes))) {
    model.set(name, /** @type {Traits[keyof Traits]} */ (changes[name]));
  }
}
