/** How wide elements are, without asking for a layout on every frame. */

/** @type {WeakMap<Element, number>} */
const widths = new WeakMap();

const observer =
  typeof ResizeObserver === "undefined" // in a worker
    ? null
    : new ResizeObserver((entries) => {
        for (const { target, contentRect } of entries) widths.set(target, contentRect.width);
      });

/** @param {Element} element without padding @returns {number} in pixels; 0 where it is not laid out */
export function widthOf(element) {
  const known = widths.get(element);
  if (known !== undefined) return known;
  if (element.isConnected) {
    widths.set(element, element.clientWidth);
    observer?.observe(element);
  }
  return element.clientWidth;
}
