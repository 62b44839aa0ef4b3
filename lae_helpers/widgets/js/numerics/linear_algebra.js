/** Small dense matrices as Float64Arrays, row by row. */

/**
 * The Q factor of a square matrix, R with a positive diagonal (Gram and Schmidt, twice for accuracy).
 *
 * @param {Float64Array} matrix k × k, invertible
 * @param {number} k
 * @returns {Float64Array}
 */
export function orthogonalize(matrix, k) {
  const Q = matrix.slice();
  for (let j = 0; j < k; j += 1) {
    for (let pass = 0; pass < 2; pass += 1) {
      for (let earlier = 0; earlier < j; earlier += 1) {
        const overlap = dotColumns(Q, k, k, earlier, j);
        for (let i = 0; i < k; i += 1) Q[i * k + j] -= overlap * Q[i * k + earlier];
      }
    }
    const length = Math.sqrt(dotColumns(Q, k, k, j, j));
    for (let i = 0; i < k; i += 1) Q[i * k + j] /= length;
  }
  return Q;
}

/**
 * The inverse of a square matrix, by elimination with row pivots.
 *
 * @param {Float64Array} matrix k × k, invertible
 * @param {number} k
 * @returns {Float64Array}
 */
export function invert(matrix, k) {
  const left = matrix.slice();
  const right = new Float64Array(k * k);
  for (let i = 0; i < k; i += 1) right[i * k + i] = 1;
  for (let column = 0; column < k; column += 1) {
    let pivot = column;
    for (let i = column + 1; i < k; i += 1) {
      if (Math.abs(left[i * k + column]) > Math.abs(left[pivot * k + column])) pivot = i;
    }
    for (const side of [left, right]) swapRows(side, k, pivot, column);
    const scale = 1 / left[column * k + column];
    for (let i = 0; i < k; i += 1) {
      if (i === column) continue;
      const factor = left[i * k + column] * scale;
      for (const side of [left, right]) {
        for (let j = 0; j < k; j += 1) side[i * k + j] -= factor * side[column * k + j];
      }
    }
    for (const side of [left, right]) {
      for (let j = 0; j < k; j += 1) side[column * k + j] *= scale;
    }
  }
  return right;
}

/** @param {Float64Array} matrix @param {number} k @param {number} one @param {number} other */
function swapRows(matrix, k, one, other) {
  for (let j = 0; j < k; j += 1) {
    [matrix[one * k + j], matrix[other * k + j]] = [matrix[other * k + j], matrix[one * k + j]];
  }
}

/**
 * The inner product of two columns of a rows × columns matrix.
 *
 * @param {Float64Array} matrix
 * @param {number} rows
 * @param {number} columns
 * @param {number} one
 * @param {number} other
 */
function dotColumns(matrix, rows, columns, one, other) {
  let sum = 0;
  for (let i = 0; i < rows; i += 1) sum += matrix[i * columns + one] * matrix[i * columns + other];
  return sum;
}

/**
 * Left singular vectors and singular values, by one-sided Jacobi rotations (Hestenes 1958).
 *
 * @param {Float64Array} matrix rows × columns, at least as many rows as columns
 * @param {number} rows
 * @param {number} columns
 * @returns {{vectors: Float64Array, values: Float64Array}} vectors rows × columns, values descending;
 *   where a singular value is zero the vector is zero too
 */
export function leftSingularVectors(matrix, rows, columns) {
  const work = matrix.slice();
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep += 1) {
    rotated = false;
    for (let p = 0; p < columns - 1; p += 1) {
      for (let q = p + 1; q < columns; q += 1) {
        rotated = rotateColumns(work, rows, columns, p, q) || rotated;
      }
    }
  }
  const lengths = Array.from({ length: columns }, (_, j) =>
    Math.sqrt(dotColumns(work, rows, columns, j, j)),
  );
  const order = lengths.map((_, j) => j).sort((a, b) => lengths[b] - lengths[a]);
  const vectors = new Float64Array(rows * columns);
  order.forEach((from, to) => {
    if (lengths[from] === 0) return;
    for (let i = 0; i < rows; i += 1) {
      vectors[i * columns + to] = work[i * columns + from] / lengths[from];
    }
  });
  return { vectors, values: Float64Array.from(order, (j) => lengths[j]) };
}

/**
 * Rotate two columns until they are orthogonal; false if they were.
 *
 * @param {Float64Array} work rows × columns
 * @param {number} rows
 * @param {number} columns
 * @param {number} p
 * @param {number} q
 */
function rotateColumns(work, rows, columns, p, q) {
  const alpha = dotColumns(work, rows, columns, p, p);
  const beta = dotColumns(work, rows, columns, q, q);
  const gamma = dotColumns(work, rows, columns, p, q);
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < rows; i += 1) {
    const a = work[i * columns + p];
    const b = work[i * columns + q];
    work[i * columns + p] = cosine * a - sine * b;
    work[i * columns + q] = sine * a + cosine * b;
  }
  return true;
}
