// On the page of the search: formulas of titles and of excerpts as a reader writes them, not as TeX.

(() => {
  const SCORE = 20; // of a statement whose title holds all that was asked for: before any page
  const STATEMENT = /^(thm|prop|cor|lem|def|rem|ex)-/;
  /** @type {Record<string, string>} */
  const SIGNS = {
    top: "ᵀ",
    lambda: "λ",
    Lambda: "Λ",
    sigma: "σ",
    Sigma: "Σ",
    delta: "δ",
    Delta: "Δ",
    mu: "μ",
    alpha: "α",
    beta: "β",
    gamma: "γ",
    eta: "η",
    kappa: "κ",
    theta: "θ",
    varepsilon: "ε",
    rho: "ρ",
    le: "≤",
    ge: "≥",
    ne: "≠",
    to: "→",
    times: "×",
    cdot: "·",
    pm: "±",
    infty: "∞",
    in: "∈",
    sqrt: "√",
    lVert: "‖",
    rVert: "‖",
    lvert: "|",
    rvert: "|",
    dots: "…",
    cdots: "…",
    sum: "Σ",
    ldots: "…",
    odot: "⊙",
    partial: "∂",
    nabla: "∇",
    propto: "∝",
    approx: "≈",
    ll: "≪",
    gg: "≫",
  };
  /** @type {Record<string, string>} */
  const DIGITS = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", i: "ᵢ", j: "ⱼ", k: "ₖ" };

  /** @param {string} tex @returns {string} */
  const read = (tex) =>
    tex
      .replace(/\\[()[\]]/g, "")
      .replace(/\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\\\|&/g, " ")
      .replace(/\\([a-zA-Z]+) ?/g, (_, name) => SIGNS[name] ?? "")
      .replace(/\^2/g, "²")
      .replace(/_\{?([0-3ijk])\}?/g, (_, index) => DIGITS[index])
      .replace(/\\[,;!: ]/g, " ")
      .replace(/\\([{}])/g, "$1")
      .replace(/(?<!\\)[{}^_]/g, "");
  const TEX = /\\[a-zA-Z]+|[_^]\{/;
  /** @param {string} title */
  const readTitle = (title) =>
    (TEX.test(title) ? read(title) : title).trim().replace(/^\((.*)\)$/, "$1");

  /** @param {Index} index */
  function improve(index) {
    index.titles = index.titles.map(readTitle);
    /** @type {Index["alltitles"]} */
    const merged = {};
    for (const [title, places] of Object.entries(index.alltitles)) {
      merged[readTitle(title)] = [...(merged[readTitle(title)] ?? []), ...places];
    }
    index.alltitles = merged;
  }

  /** @param {Set<string>} terms @returns {Result[]} the statements with all these words in the title */
  function findStatements(terms) {
    const { alltitles, docnames, filenames, titles } = Search._index;
    const stemmer = new Stemmer();
    return Object.entries(alltitles).flatMap(([title, places]) => {
      const words = splitQuery(title.toLowerCase()).map((word) => stemmer.stemWord(word));
      if (![...terms].every((term) => words.includes(term))) return [];
      const score = SCORE + terms.size / words.length;
      return places
        .filter(([, id]) => id && STATEMENT.test(id))
        .map(([file, id]) => [
          docnames[file],
          `${titles[file]} > ${title}`,
          `#${id}`,
          null,
          score,
          filenames[file],
        ]);
    });
  }

  const { setIndex, htmlToText, performTermsSearch } = Search;
  if (Search.hasIndex()) improve(Search._index);
  Search.setIndex = (index) => {
    improve(index);
    setIndex(index);
  };
  Search.performTermsSearch = (terms, excluded) => [
    ...performTermsSearch(terms, excluded),
    ...(terms.size ? findStatements(terms) : []),
  ];
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const formula of page.querySelectorAll(".math")) {
      formula.textContent = read(formula.querySelector("annotation")?.textContent ?? "");
    }
    for (const hidden of page.querySelectorAll(".cell_input, .lae-live")) hidden.remove();
    return htmlToText(page.documentElement.outerHTML, anchor);
  };
})();
