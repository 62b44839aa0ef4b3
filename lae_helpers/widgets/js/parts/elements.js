/** Elements, native and labelled: what a reader touches, and what a figure says. */

import { onEnd } from "./listening.js";

// A page may hold several copies of this module, a figure each, and their names must not meet.
const COPY = Math.random().toString(36).slice(2, 8);
let nNames = 0;

/** @returns {string} a name that nothing else on the page has */
export const makeName = () => `lae-${COPY}-${(nNames += 1)}`;

// JupyterLab would take their keys, arrows above all, for the cells of its notebook.
const TOUCHED = ["button", "input", "select", "summary", "textarea"];

/**
 * @typedef {Record<string, string | number | boolean>} Attributes
 */

/**
 * Make an element with attributes and children; `class` and `text` are attributes too.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  if (TOUCHED.includes(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** Without a change for the page where there is none. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Set what a control shows, if it is another thing: of every value that is set the browser takes note
 * by a layout of the page, on every frame.
 *
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {string} value
 */
function setValue(input, value) {
  if (input.value !== value) input.value = value;
}

/** @param {string} label @param {Attributes} [attributes] */
export function makeButton(label, attributes = {}) {
  return make("button", { type: "button", text: label, ...attributes });
}

/**
 * A slider with its label before and its value after it.
 *
 * @param {{label: string, min: number, max: number, step?: number,
 *          say: (position: number) => string}} options `say` puts a position into words
 */
export function makeSlider({ label, min, max, step = 1, say }) {
  const id = makeName();
  const input = make("input", { type: "range", id, min, max, step });
  const output = make("span", { class: "lae-value", "aria-hidden": "true" });
  const root = make("div", { class: "lae-slider" }, [
    make("label", { for: id, text: label }),
    input,
    output,
  ]);
  return {
    root,
    input,
    get value() {
      return Number(input.value);
    },
    set value(position) {
      setValue(input, String(position));
      this.sayValue();
    },
    sayValue() {
      const said = say(Number(input.value));
      setText(output, said);
      if (input.getAttribute("aria-valuetext") !== said) input.setAttribute("aria-valuetext", said);
    },
  };
}

/**
 * One of a few: a group of radio buttons.
 *
 * @template {string} Option
 * @param {{label: string, options: Option[]}} options
 */
export function makeChoice({ label, options }) {
  const name = makeName();
  const inputs = options.map((value) => make("input", { type: "radio", name, value }));
  const labels = inputs.map((input) =>
    make("label", {}, [input, make("span", { text: input.value })]),
  );
  const root = make("fieldset", { class: "lae-choice" }, [
    make("legend", { text: label }),
    ...labels,
  ]);
  return {
    root,
    inputs,
    labels,
    /** The first one where none is chosen. @returns {Option} */
    get value() {
      return options[inputs.findIndex((input) => input.checked)] ?? options[0];
    },
    /** @param {Option | ""} chosen */
    set value(chosen) {
      for (const input of inputs) {
        if (input.checked !== (input.value === chosen)) input.checked = input.value === chosen;
      }
    },
  };
}

/**
 * One of many: a select.
 *
 * @template {string} Option
 * @param {{label: string, options: Option[]}} options
 */
export function makeSelect({ label, options }) {
  const id = makeName();
  const input = make(
    "select",
    { id },
    options.map((text) => make("option", { text, value: text })),
  );
  const root = make("div", { class: "lae-select" }, [
    make("label", { for: id, text: label }),
    input,
  ]);
  return {
    root,
    input,
    /** @returns {Option} */
    get value() {
      return options[input.selectedIndex];
    },
    /** @param {Option} chosen */
    set value(chosen) {
      setValue(input, chosen);
    },
  };
}

/**
 * A number to type.
 *
 * @param {{label: string, min: number, max: number, step: number | "any"}} options
 */
export function makeNumber({ label, min, max, step }) {
  const id = makeName();
  const input = make("input", { type: "number", id, min, max, step });
  const root = make("div", { class: "lae-number" }, [
    make("label", { for: id, text: label }),
    input,
  ]);
  return {
    root,
    input,
    /** @returns {number | null} what was typed, if it is in range and a step of it */
    get typed() {
      return input.value === "" || !input.checkValidity() ? null : Number(input.value);
    },
    /** @param {number} otherwise @returns {number} what was typed, if it is in range */
    accepted(otherwise) {
      if (input.value === "" || !input.checkValidity()) input.value = String(otherwise);
      return Number(input.value);
    },
    /** @param {number | ""} number */
    set value(number) {
      if (document.activeElement !== input) setValue(input, String(number));
    },
  };
}

/** @param {string} label */
export function makeCheckbox(label) {
  const input = make("input", { type: "checkbox" });
  return { root: make("label", { class: "lae-checkbox" }, [input, label]), input };
}

/**
 * A sentence that a screen reader says when it has come to rest, not on every frame.
 *
 * @param {AbortSignal} signal
 * @param {number} [pause] milliseconds without a change before it is said
 */
export function makeAnnouncer(signal, pause = 700) {
  const seen = make("p", { class: "lae-sentence", "aria-hidden": "true" });
  const heard = make("p", { class: "lae-heard", role: "status" });
  const root = make("div", {}, [seen, heard]);
  let timer = 0;
  onEnd(signal, () => clearTimeout(timer));
  return {
    root,
    /** @param {string} sentence */
    say(sentence) {
      if (seen.textContent === sentence) return;
      seen.textContent = sentence;
      clearTimeout(timer);
      timer = setTimeout(() => {
        heard.textContent = sentence;
      }, pause);
    },
    /** What does not wait for rest. @param {string} sentence */
    tell(sentence) {
      heard.textContent = sentence;
    },
  };
}
