/** What has just changed lights up, and what has not: once, and not where motion is to be reduced. */

const DURATION = 1400; // milliseconds

/** @typedef {"moved" | "same" | "found"} Kind */

/** @type {Record<Kind, string>} */
const LOOKS = {
  moved: "solid var(--lae-alarm)",
  same: "dashed var(--lae-line)",
  found: "solid var(--lae-third)",
};

/** @param {Element} element @param {Kind} kind */
export function flash(element, kind) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const begin = { outline: `3px ${LOOKS[kind]}`, outlineOffset: "-3px" };
  element.animate(
    [begin, { ...begin, offset: 0.6 }, { outline: "3px solid transparent" }],
    DURATION,
  );
}
