import { dot, norm } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** The second moments of centred states: how much variance taking out a direction removes. */
export class StateVariance {
  readonly #covariance: Float64Array;
  readonly #width: number;
  readonly #top: number;

  /** States [image, width]; population covariance. */
  constructor(states: Tensor<readonly ['image', 'width']>) {
    const [images, width] = states.dims;
    this.#width = width;
    const mean = new Float64Array(width);
    states.data.forEach((value, at) => {
      mean[at % width] = mean[at % width]! + value / images;
    });
    this.#covariance = new Float64Array(width * width);
    const centred = new Float64Array(width);
    for (let image = 0; image < images; image += 1) {
      for (let i = 0; i < width; i += 1) centred[i] = states.data[image * width + i]! - mean[i]!;
      for (let i = 0; i < width; i += 1) {
        const value = centred[i]! / images;
        for (let j = 0; j < width; j += 1) {
          this.#covariance[i * width + j] = this.#covariance[i * width + j]! + value * centred[j]!;
        }
      }
    }
    let vector: Float64Array = unit(Float64Array.from({ length: width }, (_, i) => 1 + (i % 7)));
    for (let turn = 0; turn < 60; turn += 1) vector = unit(this.#times(vector));
    // Never below the largest eigenvalue: power iteration comes from beneath.
    this.#top = 1.05 * this.along(vector);
  }

  /** Variance of the states along a direction of length 1. */
  along(direction: ArrayLike<number>): number {
    return dot(this.#times(direction), direction);
  }

  /**
   * A random direction of length 1 along which the states vary by `variance`: what a referee compares a concept's direction with.
   * A Gaussian direction is turned towards what varies more (multiplied by the covariance) or less (by its complement) until it passes
   * the wanted variance, then bisected on the arc between the last two. Throws RangeError for a variance that no direction has.
   */
  matched(variance: number, gaussian: () => number): Float32Array {
    const start = unit(Float64Array.from({ length: this.#width }, gaussian));
    const more = this.along(start) < variance;
    let near = start;
    let far = start;
    for (let turn = 0; turn < 200; turn += 1) {
      const times = this.#times(near);
      far = unit(more ? times : near.map((value, i) => this.#top * value - times[i]!));
      if (this.along(far) >= variance === more) break;
      near = far;
      if (turn === 199) throw new RangeError(`no direction has the variance ${variance}`);
    }
    // On the arc the variance is a ratio of quadratics in the share: no product with the covariance at each step.
    const timesFar = this.#times(far);
    const [own, across, other] = [this.along(near), dot(timesFar, near), dot(timesFar, far)];
    const angle = dot(near, far);
    const varianceAt = (share: number): number => {
      const rest = 1 - share;
      const length = rest * rest + 2 * rest * share * angle + share * share;
      return (rest * rest * own + 2 * rest * share * across + share * share * other) / length;
    };
    let low = 0;
    let high = 1;
    for (let step = 0; step < 60; step += 1) {
      const share = (low + high) / 2;
      if (varianceAt(share) < variance === more) low = share;
      else high = share;
    }
    const mixed = unit(near.map((value, i) => (1 - low) * value + low * far[i]!));
    return Float32Array.from(mixed);
  }

  #times(vector: ArrayLike<number>): Float64Array {
    const width = this.#width;
    const out = new Float64Array(width);
    for (let i = 0; i < width; i += 1) {
      let sum = 0;
      for (let j = 0; j < width; j += 1) sum += this.#covariance[i * width + j]! * vector[j]!;
      out[i] = sum;
    }
    return out;
  }
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
