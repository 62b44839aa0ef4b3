/** The arrow keys, as directions in a plane. */

/** @type {Record<string, [x: number, y: number]>} */
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** @param {KeyboardEvent} event @returns {boolean} */
export const isArrow = ({ key }) => key in DIRECTIONS;

/**
 * Where an arrow key points to, and null for another key or one of a shortcut.
 *
 * @param {KeyboardEvent} event
 * @returns {[x: number, y: number] | null}
 */
export function directionOf(event) {
  if (!isArrow(event) || event.altKey || event.ctrlKey || event.metaKey) return null;
  return DIRECTIONS[event.key];
}
