/** A line that turns by itself to another angle, in a moment. */

import { createLoop } from "./frames.js";

const SECONDS = 0.8;

/**
 * At once for readers who want no motion.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} root
 * @param {(angle: number) => void} show
 * @param {() => void} done
 */
export function makeTurn(signal, root, show, done) {
  let [from, by, share] = [0, 0, 1];
  const loop = createLoop(signal, root, (_, seconds) => {
    share = Math.min(1, share + seconds / SECONDS);
    show(from + by * share * share * (3 - 2 * share));
    if (share === 1) {
      stop();
      done();
    }
  });
  const stop = () => loop.run(false);
  return {
    stop,
    /** The short way round. @param {number} angle @param {number} to both in degrees */
    start(angle, to) {
      [from, by, share] = [angle, ((((to - angle + 90) % 180) + 180) % 180) - 90, 0];
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
        show(to);
        done();
      } else loop.run(true);
    },
  };
}
