/**
 * What each figure's model holds: the traits of its Python class, one a line.
 * `tests/widgets/test_traits.py` compares the two.
 */

import type { AnyModel, RenderProps } from "@anywidget/types";
import type { Regularizer } from "./numerics/regularizers.js";
import type { FeedbackRecord } from "./numerics/feedback_runs.js";
import type { Rule, Settings } from "./numerics/mirror.js";
import type { Penalized } from "./numerics/shrinkage.js";
import type { Order } from "./numerics/orders.js";
import type { Tall } from "./numerics/subspace.js";
import type { Limits, Matrix2 } from "./numerics/two_by_two.js";
import type { Entry } from "./numerics/descent.js";
import type { Looks } from "./parts/feedback_views.js";
import type { Layout } from "./parts/features.js";
import type { Axis, Kind } from "./numerics/predictions.js";
import type { Request } from "./parts/explorer_session.js";

export type Model<Traits extends object> = AnyModel<Traits>;
export type View<Traits extends object> = Pick<RenderProps<Traits>, "model" | "el">;
export type Range = [least: number, most: number];

export interface BiasPriceTraits {
  gamma: number;
  mean: [x: number, y: number];
}

export interface CloudTraits {
  angle: number;
  ratio: number;
  mean: [x: number, y: number];
  centred: boolean;
  seed: number;
}

export interface AlignmentTraits {
  beta: number;
  singular_values: number[];
  looks: Record<string, Looks>;
  room: number;
}

export interface FeedbackTraits {
  network: string;
  rules: string[];
  epoch: number;
  labels: string[];
  looks: Record<string, Looks>;
  records: Record<string, Record<string, FeedbackRecord>>;
  fresh: { network?: string; rule?: string; record?: FeedbackRecord };
  busy: boolean;
  progress: number;
  status: string;
  trainable: boolean;
  _most_seed: number;
}

/** A problem of the explorer as Python describes it. */
export interface ProblemDescription {
  spectrum: number[];
  reference: number[] | null;
  variances: number[];
  rest: number;
  saddle: Range | null;
  spread: Range;
  basis: number[] | null;
  layout: Layout;
  preset: Preset | null;
}

export interface Preset {
  reason: string;
  regularizer: Regularizer;
  lam: number;
  n_components: number;
  start_size: number;
  learning_rate: number;
}

export interface ExplorerTraits {
  _own_data: string;
  problem: string;
  regularizer: Regularizer;
  lam: number;
  n_components: number;
  seed: number;
  start_size: number;
  learning_rate: number;
  speed: number;
  playing: boolean;
  walk: Entry[];
  _problems: Record<string, ProblemDescription>;
  _basis: DataView;
  _basis_scales: DataView;
  _limits: ExplorerLimits;
  _encoder: DataView;
  _decoder: DataView;
  _request: [name: Request | "", count: number];
}

export interface ExplorerLimits {
  lam: Range;
  n_components: Range;
  seed: Range;
  start_size: Range;
  learning_rate: Range;
  speeds: number[];
}

export interface ImagePagerTraits {
  index: number;
  labels: string[];
  captions: string[][];
  features: Layout;
  pixels: DataView;
  full: number;
}

export interface LadderTraits {
  _own_data: string;
  matrix: Matrix2;
  lam: number;
  lams: [number, number];
  variances: [number, number];
  limits: Limits;
}

export interface LateBiasTraits {
  mean: [x: number, y: number];
  seed: number;
  bias: "learned" | "best";
  step: number;
}

export interface LandscapeTraits {
  variance: number;
  lam: number;
  regularizer: "none" | "product" | "sum";
  w1: number;
  w2: number;
  limit: number;
}

export interface MirrorTraits {
  walk: [label: string, count: number][];
  seed: number;
  shape: [above: number, below: number];
  rests: Record<string, [angle: number, gain: number]>;
  looks: Record<string, Looks>;
  _rules: Record<string, Rule>;
  _settings: Settings & { runs: number };
  _weights: DataView;
  _activity: DataView;
  _scale: number;
}

export interface OrdersTraits {
  variances: number[];
  lams: number[];
  rule: "different strengths" | "rotation";
  order: Order;
}

export interface ReconstructionTraits {
  _own_data: string;
  k: number;
  image: number;
  images: number[];
  labels: string[];
  n_samples: number;
  features: Layout;
  pixel_range: Range;
  mean: DataView;
  directions: DataView;
  scales: DataView;
  codes: DataView;
  pixels: DataView;
  errors_beyond: DataView;
  variances: DataView;
  variance_beyond: number;
}

/** Singular values of a decoder that was trained at a strength. */
export interface Trained {
  lam: number;
  values: number[];
}

export interface SubspaceTraits {
  variances: [number, number];
  gap: number;
  lam: number;
  iterations: number;
  start: Tall;
  limits: { gap: Range; lam_shares: Range; iterations: number };
}

export interface SpectrumTraits {
  _own_data: string;
  variances: number[];
  lam: number;
  regularizer: Penalized;
  measured: Trained[];
  lam_range: Range;
  spread: Range;
}

export interface TransposeTraits {
  price: boolean;
  playing: boolean;
  shows: "weights" | "directions";
  start: "large" | "small";
  seed: number;
  n_components: number;
  lam: number;
  features: Layout;
  _sizes: Record<"large" | "small", number>;
  _spectrum: DataView;
  _rest: number;
  _basis: DataView;
  _basis_scales: DataView;
}

export interface WayBackTraits {
  angle: number;
  seed: number;
  widths: [nInputs: number, nHidden: number, nOutputs: number];
  classes: number[];
  coordinates: DataView;
  scale: number;
  n_steps: number;
  learning_rate: number;
}

export interface FourLossesTraits {
  position: number;
  playing: boolean;
  seed: number;
  n_components: number;
  lam: number;
  features: Layout;
  spread: Range;
  start_size: number;
  n_steps: number;
  n_positions: number;
  _spectrum: DataView;
  _rest: number;
  _basis: DataView;
  _basis_scales: DataView;
}

export interface PredictionTraits {
  guess: number[];
  committed: boolean;
  sure: string;
  kind: Kind;
  question: string;
  why: string;
  options: string[];
  truth: number[];
  axes: Axis[];
  positions: number[];
  tolerance: number;
  confidences: string[];
}
