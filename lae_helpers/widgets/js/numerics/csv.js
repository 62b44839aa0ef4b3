/** Tables out of text: numbers between commas, semicolons, tabs or blanks. */

/**
 * One function with all that it needs, so that its text can go to a worker; it gives the share done.
 *
 * @param {Uint8Array} bytes
 * @returns {Generator<number, import("./npy.js").Table>}
 * @throws {RangeError} a sentence that says which line is wrong, and what would do
 */
export function* readCsv(bytes) {
  const MISSING = /^(na|n\/a|nan|null|none|\?|-|\.)?$/i;
  const LABEL = /^(label|labels|class|target|digit|species)$/i;
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(wide ? "utf-16le" : "utf-8").decode(bytes);
  if (text.includes("\0")) {
    throw new RangeError("The file is no text: save the table as CSV, or as NPY by np.save.");
  }
  const lines = text.split(/\r\n|\n|\r/);

  /** Of the first lines, what parts as many cells in each; blanks if nothing else does. */
  function findSeparator() {
    const first = lines.filter((line) => line.trim()).slice(0, 10);
    const plain = first.map((line) => line.replace(/"[^"]*"/g, ""));
    const fitting = ["\t", ";", ","].map((separator) => {
      const counts = plain.map((line) => line.split(separator).length - 1);
      const most = Math.max(0, ...counts);
      return { separator, most, even: counts.filter((count) => count === most).length };
    });
    const best = fitting.filter(({ most }) => most > 0).sort((a, b) => b.even - a.even)[0];
    return best?.separator ?? (plain.some((line) => /\S\s+\S/.test(line)) ? " " : ",");
  }

  const separator = findSeparator();
  const decimal =
    separator !== "," && /(^|[^\d,.])[-+]?\d+,\d+([^\d,.]|$)/.test(text.slice(0, 1e5));

  /** @param {string} line @returns {string[]} */
  function split(line) {
    if (separator === " ") return line.trim().split(/\s+/);
    if (!line.includes('"')) return line.split(separator);
    const cells = [];
    for (let at = 0; at <= line.length; at += 1) {
      const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(line.slice(at));
      const rest = at + (quoted?.[0].length ?? 0);
      const end = line.indexOf(separator, rest);
      const stop = end < 0 ? line.length : end;
      cells.push(
        quoted ? quoted[1].replaceAll('""', '"') + line.slice(rest, stop) : line.slice(at, stop),
      );
      at = stop;
    }
    return cells;
  }

  /** The record that begins at a line: cells in quotes may go on over several. @param {number} at */
  function readRecord(at) {
    let line = lines[at];
    let end = at + 1;
    while (line.includes('"') && (line.split('"').length - 1) % 2 && end < lines.length) {
      line += `\n${lines[end]}`;
      end += 1;
    }
    return { cells: split(line), end };
  }

  /** @param {string} cell */
  const toNumber = (cell) => {
    const trimmed = cell.trim();
    return trimmed === "" ? NaN : Number(decimal ? trimmed.replace(",", ".") : trimmed);
  };
  /** @param {string} cell */
  const isNumber = (cell) => Number.isFinite(toNumber(cell));

  /** @typedef {{cells: string[], line: number}} Line */

  /** @returns {Generator<number, Line[]>} all of one width */
  function* readLines() {
    const found = [];
    for (let at = 0; at < lines.length;) {
      if (!lines[at].trim()) {
        at += 1;
        continue;
      }
      const { cells, end } = readRecord(at);
      found.push({ cells, line: at + 1 });
      at = end;
      if (found.length % 500 === 0) yield (0.5 * at) / lines.length;
    }
    if (found.length === 0) throw new RangeError("The file is empty: it needs a line a sample.");
    const [{ cells: first, line }] = found;
    const odd = found.find(({ cells }) => cells.length !== first.length);
    if (!odd) return found;
    throw new RangeError(
      `Line ${odd.line} has ${odd.cells.length} cells, but line ${line} has ${first.length}: give every line as many.`,
    );
  }

  /** The columns that hold text in most lines. @param {Line[]} body @param {number[]} every */
  function findTexts(body, every) {
    const sample = body.filter((_, i) => i % Math.ceil(body.length / 200) === 0);
    return every.filter((j) => {
      const filled = sample.filter(({ cells }) => !MISSING.test(cells[j].trim()));
      return filled.filter(({ cells }) => !isNumber(cells[j])).length > filled.length / 2;
    });
  }

  /** Whether the first line names the columns. @param {string[]} first @param {number[]} texts */
  function isHeader(first, texts) {
    if (texts.length === first.length) return true;
    const [zeroth, ...others] = first;
    const start = Number(others[0]);
    const counts = others.every((cell, j) => cell !== "" && Number(cell) === start + j);
    if (counts && others.length > 1 && (zeroth === "" ? start === 0 : isCount(zeroth, start - 1))) {
      return true;
    }
    return first.some((cell, j) => !texts.includes(j) && !MISSING.test(cell) && !isNumber(cell));
  }

  /** @param {string} cell @param {number} before */
  const isCount = (cell, before) => Number(cell) === before && (before === 0 || before === 1);

  /**
   * @param {Line[]} data
   * @param {number[]} used
   * @param {(j: number) => string} called
   * @returns {Generator<number, Float64Array>}
   */
  function* readNumbers(data, used, called) {
    const numbers = new Float64Array(data.length * used.length);
    let place = 0;
    for (const [i, { cells, line }] of data.entries()) {
      for (const j of used) {
        const number = toNumber(cells[j]);
        if (!Number.isFinite(number)) throw refuse(cells[j].trim(), `Line ${line}, ${called(j)}`);
        numbers[place] = number;
        place += 1;
      }
      if (i % 500 === 0) yield 0.5 + (0.5 * i) / data.length;
    }
    return numbers;
  }

  /** @param {string} cell @param {string} where */
  function refuse(cell, where) {
    const said = MISSING.test(cell)
      ? "the number is missing; fill it in, or leave such lines out."
      : `“${cell.slice(0, 30)}” is no number; correct it, or leave the line out.`;
    return new RangeError(`${where}: ${said}`);
  }

  /** How pandas reads the same. @param {boolean} header @param {string} columns */
  function sayPandas(header, columns) {
    const named = separator === " " ? 'r"\\s+"' : JSON.stringify(separator);
    const options = [
      separator === "," ? "" : `, sep=${named}`,
      decimal ? ', decimal=","' : "",
      header ? "" : ", header=None",
      columns,
    ];
    return `pd.read_csv(FILE${options.join("")}).to_numpy(float)`;
  }

  /**
   * Which columns are numbers, which names the rows, and what is left out.
   *
   * @param {string[] | null} names
   * @param {number[]} every
   * @param {number[]} texts
   * @param {Line[]} data
   */
  function sortOut(names, every, texts, data) {
    /** @param {number} j */
    const called = (j) => (names?.[j] ? `column “${names[j]}”` : `column ${j + 1}`);
    const labelled = texts[0] ?? every.find((j) => LABEL.test(names?.[j] ?? ""));
    const isIndex =
      /^(unnamed: 0|index)?$/i.test(names?.[0] ?? "none") &&
      data.every(({ cells }, i) => toNumber(cells[0]) === i + toNumber(data[0].cells[0]));
    const used = every.filter((j) => !texts.includes(j) && j !== labelled && !(isIndex && j === 0));
    if (used.length === 0) {
      throw new RangeError("No column of the file holds numbers: numbers are what is learned.");
    }
    const notes = texts.slice(1).map((j) => `The ${called(j)} holds text and was left out.`);
    if (isIndex) notes.push("The first column counts the rows and was left out.");
    if (labelled !== undefined) notes.push(`The ${called(labelled)} names the rows.`);
    const labels = labelled === undefined ? null : data.map(({ cells }) => cells[labelled].trim());
    return { called, used, notes, labels };
  }

  const records = yield* readLines();
  const body = records.slice(1);
  const first = records[0].cells.map((cell) => cell.trim());
  const every = Array.from(first.keys());
  const texts = findTexts(body.length ? body : records, every);
  const names = body.length > 0 && isHeader(first, texts) ? first : null;
  const data = names ? body : records;
  const { called, used, notes, labels } = sortOut(names, every, texts, data);
  const last = used[used.length - 1];
  const inRow = last - used[0] === used.length - 1;
  const list = JSON.stringify(used).replaceAll(",", ", ");
  const range = `range(${used[0]}, ${last + 1})`;
  const some = `, usecols=${inRow ? range : list}`;
  return {
    numbers: yield* readNumbers(data, used, called),
    rows: data.length,
    columns: used.length,
    names: names && used.map((j) => names[j] || `column ${j + 1}`),
    shape: null,
    labels,
    notes,
    python: sayPandas(names !== null, used.length === first.length ? "" : some),
  };
}
