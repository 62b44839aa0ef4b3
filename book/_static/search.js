// On the page of the search: formulas of titles and of excerpts as a reader writes them, not as TeX.

(() => {
  // A title that holds all that was asked for: a statement's, a section's. Before any page or name.
  const STATEMENT_SCORE = 40;
  const SECTION_SCORE = 30;
  const UNREAD =
    ".cell_input, .lae-live, .bd-header-article, #jb-print-docs-body, .bd-sidebar-secondary, summary";
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
    Gamma: "Γ",
    Theta: "Θ",
    Omega: "Ω",
    Phi: "Φ",
    Psi: "Ψ",
    Pi: "Π",
    Xi: "Ξ",
    ell: "ℓ",
    omega: "ω",
    psi: "ψ",
    angle: "∠",
    mapsto: "↦",
    perp: "⊥",
    leftarrow: "←",
    langle: "⟨",
    rangle: "⟩",
    prod: "Π",
    int: "∫",
    notin: "∉",
    tau: "τ",
    pi: "π",
    phi: "φ",
    varphi: "φ",
    chi: "χ",
    nu: "ν",
    xi: "ξ",
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
  for (const name of "max min log exp cos sin tan tanh cosh ln det".split(" ")) {
    SIGNS[name] = name;
  }
  /** @type {Record<string, string>} */
  const LOWERED = { i: "ᵢ", j: "ⱼ", k: "ₖ", l: "ₗ", m: "ₘ", n: "ₙ", r: "ᵣ", t: "ₜ" };
  /** @type {Record<string, string>} */
  const RAISED = { k: "ᵏ", l: "ˡ", n: "ⁿ", t: "ᵗ" };
  const PART = String.raw`(\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|\w) *`;
  const FRACTION = new RegExp(String.raw`\\[dt]?frac *` + PART + PART, "g");

  /** @param {string} index */
  const lower = (index) =>
    /\d/.test(index) ? String.fromCharCode(0x2080 + Number(index)) : (LOWERED[index] ?? index);
  /** @param {string} index */
  const raise = (index) => (/\d/.test(index) ? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(index)] : RAISED[index]);
  /** @param {string} part */
  const group = (part) => (/^\{? *\\?\w+ *\}?$/.test(part) ? part : `(${part})`);
  /** @param {string} tex @returns {string} */
  const read = (tex) =>
    tex
      .replace(/\\[()[\]]/g, "")
      .replace(/\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\\\|&/g, " ")
      .replace(FRACTION, (_, top, bottom) => `${group(top)}/${group(bottom)} `)
      .replace(/\\([a-zA-Z]+) ?/g, (_, name) => SIGNS[name] ?? "")
      .replace(/\^(?:([\dklnt])|\{([\dklnt])\})/g, (_, one, same) => raise(one ?? same))
      .replace(/_(?:(\w)|\{(\w)\})/g, (_, one, same) => lower(one ?? same))
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

  /** @param {Set<string>} terms @returns {Result[]} what has all these words in its title */
  function findTitles(terms) {
    const { alltitles, docnames, filenames, titles } = Search._index;
    const stemmer = new Stemmer();
    return Object.entries(alltitles).flatMap(([title, places]) => {
      const words = splitQuery(title.toLowerCase()).map((word) => stemmer.stemWord(word));
      if (![...terms].every((term) => words.includes(term))) return [];
      const share = terms.size / words.length;
      return places
        .filter(([, id]) => id && !/^(module|sol)-/.test(id))
        .map(([file, id]) => [
          docnames[file],
          `${titles[file]} > ${title}`,
          `#${id}`,
          null,
          share + (STATEMENT.test(id ?? "") ? STATEMENT_SCORE : SECTION_SCORE),
          filenames[file],
        ]);
    });
  }

  const { setIndex, htmlToText, performObjectSearch, performTermsSearch } = Search;
  if (Search.hasIndex()) improve(Search._index);
  Search.setIndex = (index) => {
    improve(index);
    setIndex(index);
  };
  Search.performTermsSearch = (terms, excluded) => [
    ...performTermsSearch(terms, excluded),
    ...(terms.size ? findTitles(terms) : []),
  ];
  Search.performObjectSearch = (name, terms) =>
    name.length > 2 ? performObjectSearch(name, terms) : []; // a letter is in half of all names
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const formula of page.querySelectorAll(".math")) {
      formula.textContent = read(formula.querySelector("annotation")?.textContent ?? "");
    }
    for (const hidden of page.querySelectorAll(UNREAD)) hidden.remove();
    return htmlToText(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ").trim();
  };
})();
