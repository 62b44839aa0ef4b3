/**
 * Principal component analysis of a table, in the page. Mirrors `lae_helpers.pca.fit_pca`.
 *
 * @typedef {object} Decomposition
 * @property {Float64Array} mean
 * @property {Float64Array} directions one after the other, orthonormal, in each the entry of largest
 *   magnitude positive
 * @property {Float64Array} variances descending
 * @property {number} total variance, of all directions
 * @property {boolean} converged
 */

/**
 * The leading part of a principal component analysis: a symmetric matrix of the shorter side, made
 * tridiagonal by Householder's reflections, its eigenvalues by QL with implicit shifts (Bowdler,
 * Martin, Reinsch and Wilkinson 1968), and of the vectors the leading ones only, by the same
 * rotations and reflections backwards.
 *
 * One function with all that it needs, so that its text can go to a worker; it gives the share done.
 *
 * @param {Float64Array} numbers rows × columns; will hold the centred numbers over a power of two
 * @param {number} rows
 * @param {number} columns
 * @param {number} most directions
 * @returns {Generator<number, Decomposition>}
 */
export function* decompose(numbers, rows, columns, most) {
  const CHUNK = 128; // numbers of a vector that are multiplied at a time
  const ROUNDING = 2 ** -52;
  const WORST = 1e-9; // residual of a pair, over the largest eigenvalue

  /** The mean in two passes, so that one far larger than the spread loses no digit. */
  function centre() {
    const mean = new Float64Array(columns);
    for (let pass = 0; pass < 2; pass += 1) {
      const sums = new Float64Array(columns);
      for (let i = 0, at = 0; i < rows; i += 1) {
        for (let j = 0; j < columns; j += 1, at += 1) sums[j] += (numbers[at] - mean[j]) / rows;
      }
      for (let j = 0; j < columns; j += 1) mean[j] += sums[j];
    }
    let largest = 0;
    for (let i = 0, at = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1, at += 1) {
        numbers[at] -= mean[j];
        largest = Math.max(largest, Math.abs(numbers[at]));
      }
    }
    const scale = largest > 0 ? 2 ** Math.ceil(Math.log2(largest)) : 1;
    for (let at = 0; at < numbers.length; at += 1) numbers[at] /= scale;
    return { mean, scale };
  }

  /**
   * Inner products of the columns, or of the rows, over the number of rows.
   *
   * @param {number} count of vectors
   * @param {number} length of each
   * @param {number} step between vectors in `numbers`
   * @param {number} stride between the entries of one
   * @returns {Generator<number, Float64Array>} symmetric, count × count
   */
  function* multiply(count, length, step, stride) {
    const padded = count + (count % 2);
    const matrix = new Float64Array(count * count);
    const block = new Float64Array(padded * CHUNK);
    for (let begin = 0; begin < length; begin += CHUNK) {
      const size = Math.min(CHUNK, length - begin);
      block.fill(0);
      for (let a = 0; a < count; a += 1) {
        for (let i = 0, at = a * step + begin * stride; i < size; i += 1, at += stride) {
          block[a * CHUNK + i] = numbers[at];
        }
      }
      addProducts(matrix, block, count, padded);
      yield Math.min(1, (begin + CHUNK) / length);
    }
    for (let a = 0; a < count; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        matrix[a * count + b] /= rows;
        matrix[b * count + a] = matrix[a * count + b];
      }
    }
    return matrix;
  }

  /**
   * Two by two at a time: every number that is read is used twice.
   *
   * @param {Float64Array} matrix its lower half
   * @param {Float64Array} block padded × CHUNK
   * @param {number} count
   * @param {number} padded
   */
  function addProducts(matrix, block, count, padded) {
    for (let a = 0; a < padded; a += 2) {
      const one = a * CHUNK;
      const two = one + CHUNK;
      for (let b = 0; b <= a; b += 2) {
        const three = b * CHUNK;
        const four = three + CHUNK;
        let s = 0;
        let t = 0;
        let u = 0;
        let v = 0;
        for (let i = 0; i < CHUNK; i += 1) {
          const p = block[one + i];
          const q = block[two + i];
          const x = block[three + i];
          const y = block[four + i];
          s += p * x;
          t += p * y;
          u += q * x;
          v += q * y;
        }
        matrix[a * count + b] += s;
        if (b + 1 <= a && b + 1 < count) matrix[a * count + b + 1] += t;
        if (a + 1 < count) {
          matrix[(a + 1) * count + b] += u;
          if (b + 1 < count) matrix[(a + 1) * count + b + 1] += v;
        }
      }
    }
  }

  /**
   * Reflections into tridiagonal form, in the lower half; row i keeps the vector of its reflection.
   *
   * @param {Float64Array} A n × n, symmetric; its upper half stays
   * @param {number} n
   * @returns {Generator<number, {d: Float64Array, e: Float64Array, sizes: Float64Array}>}
   */
  function* tridiagonalize(A, n) {
    const [d, e, sizes] = [0, 1, 2].map(() => new Float64Array(n));
    for (let i = n - 1; i > 0; i -= 1) {
      const row = i * n;
      d[i] = A[row + i];
      let scale = 0;
      for (let k = 0; k < i; k += 1) scale += Math.abs(A[row + k]);
      if (i === 1 || scale === 0) {
        e[i] = A[row + i - 1];
        continue;
      }
      let h = 0;
      for (let k = 0; k < i; k += 1) {
        A[row + k] /= scale;
        h += A[row + k] ** 2;
      }
      const f = A[row + i - 1];
      const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      A[row + i - 1] = f - g;
      sizes[i] = h;
      reflect(A, n, i, h, e);
      if (i % 16 === 0) yield 1 - (i / n) ** 3;
    }
    d[0] = A[0];
    return { d, e, sizes };
  }

  /** Both sides of the block before row i. @type {(A: Float64Array, n: number, i: number, h: number, e: Float64Array) => void} */
  function reflect(A, n, i, h, e) {
    const row = i * n;
    for (let j = 0; j < i; j += 1) e[j] = 0;
    for (let j = 0, at = 0; j < i; j += 1, at = j * n) {
      const v = A[row + j];
      let sum = A[at + j] * v;
      for (let k = 0; k < j; k += 1) {
        sum += A[at + k] * A[row + k];
        e[k] += A[at + k] * v;
      }
      e[j] += sum;
    }
    let product = 0;
    for (let j = 0; j < i; j += 1) {
      e[j] /= h;
      product += e[j] * A[row + j];
    }
    const half = product / (h + h);
    for (let j = 0; j < i; j += 1) e[j] -= half * A[row + j];
    for (let j = 0, at = 0; j < i; j += 1, at = j * n) {
      const f = A[row + j];
      const g = e[j];
      for (let k = 0; k <= j; k += 1) A[at + k] -= f * e[k] + g * A[row + k];
    }
  }

  /**
   * Eigenvalues of a tridiagonal matrix, in `d`, and the rotations that took it there.
   *
   * @param {Float64Array} d diagonal
   * @param {Float64Array} below the diagonal, from 1
   */
  function iterate(d, below) {
    const n = d.length;
    const e = new Float64Array(n);
    e.set(below.subarray(1));
    let rotations = new Float64Array(8 * n);
    let places = new Float64Array(4 * n);
    let count = 0;
    let size = 0;
    let settled = true;
    for (let l = 0; l < n; l += 1) {
      size = Math.max(size, Math.abs(d[l]) + Math.abs(e[l]));
      for (let turn = 0; ; turn += 1) {
        let m = l;
        while (m < n - 1 && Math.abs(e[m]) > ROUNDING * size) m += 1;
        if (m === l) break;
        if (turn === 60) {
          settled = false;
          break;
        }
        if (count + m - l > places.length) {
          [rotations, places] = [grow(rotations), grow(places)];
        }
        let g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1));
        let sine = 1;
        let cosine = 1;
        let shift = 0;
        for (let i = m - 1; i >= l; i -= 1) {
          const f = sine * e[i];
          const b = cosine * e[i];
          const r = Math.sqrt(f * f + g * g);
          e[i + 1] = r;
          sine = r > 0 ? f / r : 0;
          cosine = r > 0 ? g / r : 1;
          g = d[i + 1] - shift;
          const s = (d[i] - g) * sine + 2 * cosine * b;
          shift = sine * s;
          d[i + 1] = g + shift;
          g = cosine * s - b;
          rotations[2 * count] = cosine;
          rotations[2 * count + 1] = sine;
          places[count] = i;
          count += 1;
        }
        d[l] -= shift;
        e[l] = g;
        e[m] = 0;
      }
    }
    return { rotations, places, count, settled };
  }

  /** As much room again. @param {Float64Array} array */
  function grow(array) {
    const larger = new Float64Array(2 * array.length);
    larger.set(array);
    return larger;
  }

  /**
   * Take eigenvectors of the diagonal matrix back to those of the first one.
   *
   * @param {Float64Array} Z n × m, columns of the identity
   * @param {number} m
   * @param {ReturnType<typeof iterate>} steps
   * @param {Float64Array} A with the reflections
   * @param {Float64Array} sizes
   */
  function takeBack(Z, m, { rotations, places, count }, A, sizes) {
    const n = sizes.length;
    for (let r = count - 1; r >= 0; r -= 1) {
      const [cosine, sine] = [rotations[2 * r], rotations[2 * r + 1]];
      for (let j = 0, one = places[r] * m, two = one + m; j < m; j += 1) {
        const x = Z[one + j];
        const y = Z[two + j];
        Z[one + j] = cosine * x + sine * y;
        Z[two + j] = cosine * y - sine * x;
      }
    }
    const shares = new Float64Array(m);
    for (let i = 2; i < n; i += 1) {
      if (sizes[i] === 0) continue;
      shares.fill(0);
      for (let k = 0; k < i; k += 1) {
        const u = A[i * n + k] / sizes[i];
        for (let j = 0, at = k * m; j < m; j += 1) shares[j] += u * Z[at + j];
      }
      for (let k = 0; k < i; k += 1) {
        const u = A[i * n + k];
        for (let j = 0, at = k * m; j < m; j += 1) Z[at + j] -= u * shares[j];
      }
    }
  }

  /**
   * The largest residual of the pairs, over the largest eigenvalue.
   *
   * @param {Float64Array} A upper half
   * @param {Float64Array} diagonal
   * @param {Float64Array} Z n × m
   * @param {Float64Array} values m
   */
  function measure(A, diagonal, Z, values) {
    const [n, m] = [diagonal.length, values.length];
    const R = new Float64Array(n * m);
    for (let a = 0; a < n; a += 1) {
      for (let b = a; b < n; b += 1) {
        const entry = a === b ? diagonal[a] : A[a * n + b];
        if (entry === 0) continue;
        for (let j = 0; j < m; j += 1) {
          R[a * m + j] += entry * Z[b * m + j];
          if (b > a) R[b * m + j] += entry * Z[a * m + j];
        }
      }
    }
    return R.reduce((worst, sum, at) => Math.max(worst, Math.abs(sum - values[at % m] * Z[at])), 0);
  }

  /**
   * Make a direction of length one and orthogonal to those before it; another one if it vanishes.
   *
   * @param {Float64Array} directions
   * @param {number} j
   */
  function straighten(directions, j) {
    const own = directions.subarray(j * columns, (j + 1) * columns);
    for (let start = 0; ; start += 1) {
      if (start) own.forEach((_, i) => (own[i] = Math.sin((j + start) * (i + 1) * (i + 2))));
      const before = norm(own);
      for (let pass = 0; pass < 2; pass += 1) {
        for (let p = 0; p < j; p += 1) {
          const other = directions.subarray(p * columns, (p + 1) * columns);
          let overlap = 0;
          for (let i = 0; i < columns; i += 1) overlap += own[i] * other[i];
          for (let i = 0; i < columns; i += 1) own[i] -= overlap * other[i];
        }
      }
      const length = norm(own);
      if (length > 1e-8 * before) {
        for (let i = 0; i < columns; i += 1) own[i] /= length;
        return;
      }
    }
  }

  /** @param {Float64Array} vector */
  const norm = (vector) => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));

  /** @param {Float64Array} directions @param {number} m */
  function fixSigns(directions, m) {
    for (let j = 0; j < m; j += 1) {
      const own = directions.subarray(j * columns, (j + 1) * columns);
      const largest = own.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
      if (largest < 0) own.forEach((x, i) => (own[i] = -x));
    }
  }

  const { mean, scale } = centre();
  yield 0.02;
  const wide = columns > rows;
  const [n, length] = wide ? [rows, columns] : [columns, rows];
  const matrix = yield* share(
    wide ? multiply(n, length, columns, 1) : multiply(n, length, 1, columns),
    0.02,
    0.6,
  );
  const diagonal = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]);
  const { d, e, sizes } = yield* share(tridiagonalize(matrix, n), 0.6, 0.85);
  const steps = iterate(d, e);
  yield 0.88;
  const m = Math.min(most, n);
  const order = Array.from(d.keys())
    .sort((a, b) => d[b] - d[a])
    .slice(0, m);
  const Z = new Float64Array(n * m);
  order.forEach((from, j) => (Z[from * m + j] = 1));
  const values = Float64Array.from(order, (from) => d[from]);
  takeBack(Z, m, steps, matrix, sizes);
  yield 0.95;
  const residual = measure(matrix, diagonal, Z, values);
  const directions = new Float64Array(m * columns);
  for (let j = 0; j < m; j += 1) {
    const own = directions.subarray(j * columns, (j + 1) * columns);
    if (!wide) for (let i = 0; i < n; i += 1) own[i] = Z[i * m + j];
    else {
      for (let i = 0, at = 0; i < rows; i += 1) {
        for (let p = 0; p < columns; p += 1, at += 1) own[p] += Z[i * m + j] * numbers[at];
      }
      straighten(directions, j);
    }
  }
  fixSigns(directions, m);
  const total = diagonal.reduce((sum, x) => sum + x, 0) * scale * scale;
  return {
    mean,
    directions,
    variances: values.map((value) => Math.max(0, value) * scale * scale),
    total,
    converged: steps.settled && residual <= WORST * values[0],
  };

  /** @type {<T>(parts: Generator<number, T>, from: number, to: number) => Generator<number, T>} */
  function* share(parts, from, to) {
    for (;;) {
      const { done, value } = parts.next();
      if (done) return value;
      yield from + (to - from) * value;
    }
  }
}
