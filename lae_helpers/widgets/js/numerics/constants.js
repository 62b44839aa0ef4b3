/** Written by tools/share_constants.py out of the Python: change values there. */

/** The regularisers, and the group that leaves the loss with each unchanged. */
export const INVARIANCE_GROUPS = /** @type {const} */ ({
  none: "GL(k)",
  product: "GL(k)",
  sum: "O(k)",
  "non-uniform sum": "{±1}^k",
});

/** The norm of weights that have grown, which the rate at a small start has to suit too. */
export const GROWN_NORM = 1;

/** Gradient descent on the smallest autoencoder: its end, and its step as a share of 1/L. */
export const MOST_STEPS = 20000;
export const TOLERANCE = 1e-7;
export const STEP_SHARE = 0.25;

/** Its contours: how many, and the lowest as a share of the range. */
export const N_CONTOURS = 16;
export const LOWEST_CONTOUR = 0.003;

/** Points in the plane: how many, and the degrees of the direction of variance one. */
export const N_POINTS = 60;
export const AXIS = 30;

/** Further samples of them, with the seed of the first; the plane on show, and their mean. */
export const N_OTHERS = 40;
export const FIRST_OTHER = 10000;
export const REACH = 3.2;
export const FARTHEST_MEAN = 1.5;

/** The smallest autoencoder with biases: its cloud, rate, spread of the first weights, steps. */
export const BIAS_SEED = 0;
export const BIAS_RATIO = 0.2;
export const BIAS_RATE = 0.02;
export const BIAS_START = 0.35;
export const BIAS_STEPS = 900;
