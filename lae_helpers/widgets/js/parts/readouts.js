/** Numbers for the sentences around a figure, which the page's host writes into them. */

/**
 * @param {Element} root of the figure
 * @param {Record<string, string>} numbers in words, by name
 */
export function publish(root, numbers) {
  root.dispatchEvent(new CustomEvent("lae-numbers", { bubbles: true, detail: numbers }));
}
