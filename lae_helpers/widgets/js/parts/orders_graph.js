/** The graph of the six orders: a button each, and where the network is among them. */

import { make, makeButton } from "./elements.js";
import { listen } from "./listening.js";
import { sayNumber } from "./numbers.js";
import {
  EDGES,
  ORDERS,
  countInversions,
  lossAbove,
  placeAmongOrders,
  startNear,
} from "../numerics/orders.js";

const [WIDTH, HEIGHT] = [340, 330];
const [ACROSS, UP] = [36, 50]; // of a unit in the plane of the orders
const FARTHEST = 0.02; // of a unit between two points of the trail

/**
 * @typedef {import("../numerics/orders.js").Order} Order
 * @typedef {[x: number, y: number]} Pair
 */

/** @param {Pair} point @returns {Pair} */
const put = ([x, y]) => [WIDTH / 2 + ACROSS * x, HEIGHT / 2 - UP * y];

/** @param {Order} order @returns {Pair} */
function placeOrder(order) {
  const three = [1, 1, 1];
  return put(placeAmongOrders(startNear(order, three, [0, 0, 0], new Float64Array(18))));
}

/** @param {AbortSignal} signal @param {(order: Order) => void} onChoose */
export function makeOrdersGraph(signal, onChoose) {
  const drawing = make("div", { "aria-hidden": "true" });
  const buttons = ORDERS.map((order) => {
    const [x, y] = placeOrder(order);
    const sides = [Math.sign(Math.round(x - WIDTH / 2)), Math.sign(Math.round(y - HEIGHT / 2))];
    const away = sides[0] ? [sides[0], 0] : [0, sides[1]]; // out of the way of the network
    const style = `left: ${(100 * x) / WIDTH}%; top: ${(100 * y) / HEIGHT}%; --lae-x: ${away[0]}; --lae-y: ${away[1]}`;
    const button = makeButton("", { style });
    listen(signal, button, "click", () => onChoose(order));
    return button;
  });
  const root = make("div", { class: "lae-graph", role: "group", "aria-label": "Orders" }, [
    drawing,
    ...buttons,
  ]);
  /** @type {Pair[]} */
  let trail = [];
  const edges = EDGES.map(
    (pair) => `M${pair.map((order) => placeOrder(order).join(" ")).join("L")}`,
  );

  /** @param {number[]} variances @param {number[]} strengths @param {boolean} turning */
  function label(variances, strengths, turning) {
    buttons.forEach((button, i) => {
      const order = ORDERS[i];
      const index = countInversions(order);
      const above = lossAbove(order, variances, strengths);
      const ways = turning
        ? index === 0 ? "nothing grows" : `${index} ${index === 1 ? "entry grows" : "entries grow"}`
        : index === 0 ? "the minimum" : `${index} ${index === 1 ? "way" : "ways"} down`; // prettier-ignore
      button.replaceChildren(
        make("strong", { text: order.join(" ") }),
        make("span", { text: ways }),
        make("span", { text: turning || index === 0 ? "" : `+${sayNumber(above)}` }),
      );
      button.setAttribute("aria-label", `order ${order.join(" ")}: ${ways}; start near it`);
    });
  }

  /** @param {import("../numerics/autoencoder.js").Weights} weights @param {Order | null} near */
  function draw(weights, near) {
    const here = placeAmongOrders(weights);
    const last = trail[trail.length - 1];
    if (!last || Math.hypot(here[0] - last[0], here[1] - last[1]) > FARTHEST) trail.push(here);
    const way = [...trail, here].map((point) => put(point).map((c) => c.toFixed(1)).join(" ")); // prettier-ignore
    const [x, y] = put(here);
    const corners = ORDERS.map((order) => {
      const [cx, cy] = placeOrder(order);
      return `<circle class="lae-corner" cx="${cx}" cy="${cy}" r="4"/>`;
    });
    drawing.innerHTML =
      `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}"><path class="lae-edge" d="${edges.join("")}"/>${corners.join("")}` +
      `<path class="lae-trail" d="M${way.join("L")}"/>` +
      `<circle class="lae-here" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="8"/></svg>`;
    buttons.forEach((button, i) => {
      button.classList.toggle("lae-near", near !== null && String(ORDERS[i]) === String(near));
    });
  }
  return {
    root,
    label,
    draw,
    forget() {
      trail = [];
    },
  };
}
