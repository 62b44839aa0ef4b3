/**
 * Long work beside the page: a worker of the figure's own module text, as no other file can be asked
 * for from a folder on disk. What it can do are the `tasks` of the module's default export.
 */

const SERVE = `
self.onmessage = ({ data: { task, given } }) =>
  figure.tasks[task](given, (said) => self.postMessage(said));`;

const EXPORT = "export default";

/**
 * @template Said
 * @param {{get: (name: never) => unknown}} model whose module it is
 * @param {string} task
 * @param {unknown} given what `structuredClone` can copy
 * @param {{hear: (said: Said) => void, fail: () => void}} listeners `fail` where no worker can start
 * @returns {() => void} ends it
 */
export function startWorker(model, task, given, { hear, fail }) {
  const module = String(model.get(/** @type {never} */ ("_esm")));
  const at = module.lastIndexOf(EXPORT); // the entry comes last
  const source = `${module.slice(0, at)}const figure = ${module.slice(at + EXPORT.length)}`;
  const address = URL.createObjectURL(new Blob([source, SERVE], { type: "text/javascript" }));
  /** @type {Worker | null} */
  let worker = null;
  const end = () => {
    worker?.terminate();
    worker = null;
    URL.revokeObjectURL(address);
  };
  const giveUp = () => {
    end();
    fail();
  };
  try {
    worker = new Worker(address);
  } catch {
    queueMicrotask(giveUp); // the page may forbid it
    return end;
  }
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    giveUp();
  };
  worker.postMessage({ task, given });
  return end;
}
