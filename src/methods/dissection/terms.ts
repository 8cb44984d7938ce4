/** Logistic regression on few of many columns, chosen one after another by how much likelier each makes what was seen. */

/** A column of mostly zeros: its values other than zero, by row. */
export interface SparseColumn {
  readonly rows: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface Terms {
  /** In the order in which they were chosen. */
  readonly columns: readonly number[];
  /** Nats of log odds for a value of 1. */
  readonly weights: readonly number[];
  /** Log odds where all columns are zero. */
  readonly bias: number;
}

export interface TermLimits {
  /** Columns that may raise the odds, and that may lower them. */
  readonly raising: number;
  readonly lowering: number;
  /** What a column must add to the penalised log-likelihood, in nats. */
  readonly leastGain: number;
}

/** Variance of the Gaussian that weights are expected to come from: small samples give no certainty. */
const PRIOR_VARIANCE = 1;
/** Columns tried in full each time, those with the steepest score. */
const TRIED = 4;
const MOST_ITERATIONS = 20;
/** Longest step of a weight: far from the optimum Newton's step overshoots. */
const LONGEST_STEP = 2;
const ENOUGH = 1e-6;

/** `truth` has a value for each row. No columns are chosen when none gains enough. */
export function chooseTerms(
  columns: readonly SparseColumn[],
  truth: ArrayLike<boolean>,
  { raising, lowering, leastGain }: TermLimits,
): Terms {
  const rows = truth.length;
  const dense = new Map<number, Float64Array>();
  const column = (index: number): Float64Array => {
    const known = dense.get(index) ?? densify(columns[index]!, rows);
    dense.set(index, known);
    return known;
  };
  let chosen: readonly number[] = [];
  let best = fit([], truth, [0]);
  while (chosen.length < raising + lowering) {
    const up = best.weights.filter((weight) => weight > 0).length;
    const down = best.weights.length - up;
    const scores = columns
      .map((each, index) => ({ index, ...scoreOf(each, best.residuals, best.curvatures) }))
      .filter(
        ({ index, gradient }) => !chosen.includes(index) && (gradient > 0 ? up < raising : down < lowering),
      )
      .sort((a, b) => b.gain - a.gain)
      .slice(0, TRIED);
    let next: { readonly index: number; readonly fit: Fit } | undefined;
    for (const { index } of scores) {
      const values = [...chosen, index].map(column);
      const found = fit(values, truth, [...best.weights, 0, best.bias]);
      if (!next || found.likelihood > next.fit.likelihood) next = { index, fit: found };
    }
    if (!next || next.fit.likelihood - best.likelihood < leastGain) break;
    chosen = [...chosen, next.index];
    best = next.fit;
  }
  return { columns: chosen, weights: best.weights, bias: best.bias };
}

interface Fit {
  readonly weights: readonly number[];
  readonly bias: number;
  /** Penalised, in nats. */
  readonly likelihood: number;
  /** Truth minus probability, and the variance of the latter, by row. */
  readonly residuals: Float64Array;
  readonly curvatures: Float64Array;
}

/** Newton's method from `start` (weights, then bias). */
function fit(values: readonly Float64Array[], truth: ArrayLike<boolean>, start: readonly number[]): Fit {
  const rows = truth.length;
  const size = values.length + 1;
  const at = Float64Array.from(start);
  const residuals = new Float64Array(rows);
  const curvatures = new Float64Array(rows);
  const value = (term: number, row: number) => (term < values.length ? values[term]![row]! : 1);
  let likelihood = 0;
  for (let iteration = 0; ; iteration += 1) {
    likelihood = 0;
    for (let row = 0; row < rows; row += 1) {
      let odds = at[size - 1]!;
      for (let term = 0; term < values.length; term += 1) odds += at[term]! * values[term]![row]!;
      const probability = Math.min(1 - 1e-9, Math.max(1e-9, 1 / (1 + Math.exp(-odds))));
      likelihood += Math.log(truth[row] ? probability : 1 - probability);
      residuals[row] = (truth[row] ? 1 : 0) - probability;
      curvatures[row] = probability * (1 - probability);
    }
    for (let term = 0; term < values.length; term += 1) likelihood -= at[term]! ** 2 / (2 * PRIOR_VARIANCE);
    if (iteration === MOST_ITERATIONS) break;
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) {
      for (let row = 0; row < rows; row += 1) {
        const left = value(i, row);
        if (left === 0) continue;
        gradient[i] = gradient[i]! + left * residuals[row]!;
        const weighted = left * curvatures[row]!;
        for (let j = 0; j <= i; j += 1) {
          hessian[i * size + j] = hessian[i * size + j]! + weighted * value(j, row);
        }
      }
      // The bias has a prior too wide to matter, which keeps the system regular where all rows agree.
      const penalty = i < values.length ? 1 / PRIOR_VARIANCE : 1e-3;
      gradient[i] = gradient[i]! - penalty * at[i]!;
      hessian[i * size + i] = hessian[i * size + i]! + penalty;
    }
    const step = solve(hessian, gradient);
    const longest = step.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    const part = Math.min(1, LONGEST_STEP / longest);
    if (longest < ENOUGH) break;
    step.forEach((each, i) => {
      at[i] = at[i]! + part * each;
    });
  }
  return {
    weights: Array.from(at.subarray(0, size - 1)),
    bias: at[size - 1]!,
    likelihood,
    residuals,
    curvatures,
  };
}

/** What one more column would add to the log-likelihood, to second order. */
function scoreOf({ rows, values }: SparseColumn, residuals: Float64Array, curvatures: Float64Array) {
  let gradient = 0;
  let curvature = 1 / PRIOR_VARIANCE;
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i]!;
    const value = values[i]!;
    gradient += value * residuals[row]!;
    curvature += value * value * curvatures[row]!;
  }
  return { gradient, gain: gradient ** 2 / (2 * curvature) };
}

/** Solves a symmetric positive system, of which the lower half is given, by Cholesky. Overwrites `matrix`. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const out = right.slice();
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j]!;
    }
  }
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) out[i] = out[i]! - matrix[i * size + k]! * out[k]!;
    out[i] = out[i]! / matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) out[i] = out[i]! - matrix[k * size + i]! * out[k]!;
    out[i] = out[i]! / matrix[i * size + i]!;
  }
  return out;
}

function densify({ rows, values }: SparseColumn, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < rows.length; i += 1) out[rows[i]!] = values[i]!;
  return out;
}
