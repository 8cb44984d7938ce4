import type { Film } from '../../protocol/capture.ts';
import type { Pixels } from '../../protocol/image.ts';

/** Standard deviations of a component that fill the range of a colour channel, to either side. */
const SPREAD = 2.5;

/** How latents of any number of channels become colours: three directions of channel space, and their scale. */
export interface LatentColours {
  paint(latents: Float32Array): Pixels;
}

/**
 * Latents as colour: the three principal components over channels of the film's clean end (power iteration, seeded by position),
 * each centred at mid-grey. The same film gives the same colours for each of its frames and for its noised ones.
 */
export function latentColours({ latentDims: [channels, height, width], latents }: Film): LatentColours {
  const plane = height * width;
  const last = latents.subarray(latents.length - channels * plane);
  const means = Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < plane; i += 1) sum += last[c * plane + i]!;
    return sum / plane;
  });
  const covariance = Array.from({ length: channels }, (_, a) =>
    Array.from({ length: channels }, (_, b) => {
      let sum = 0;
      for (let i = 0; i < plane; i += 1) {
        sum += (last[a * plane + i]! - means[a]!) * (last[b * plane + i]! - means[b]!);
      }
      return sum / plane;
    }),
  );
  const components = principal(covariance, Math.min(3, channels));
  return {
    paint: (frame) => {
      const data = new Uint8ClampedArray(plane * 4).fill(255);
      for (let i = 0; i < plane; i += 1) {
        for (let colour = 0; colour < 3; colour += 1) {
          const component = components[colour];
          let value = 0;
          for (let c = 0; component && c < channels; c += 1) {
            value += component.direction[c]! * (frame[c * plane + i]! - means[c]!);
          }
          const scale = component ? SPREAD * Math.sqrt(component.variance) || 1 : 1;
          data[4 * i + colour] = 127.5 * (1 + value / scale);
        }
      }
      return { width, height, data };
    },
  };
}

/** A frame of the forward process: the film's clean end, noised with its own first frame to the signal power of frame `index`. */
export function forwardFrame({ latentDims, latents, signal }: Film, index: number): Float32Array {
  const size = latentDims[0] * latentDims[1] * latentDims[2];
  const clean = latents.subarray(latents.length - size);
  const noise = latents.subarray(0, size);
  const alpha = signal[index] ?? 1;
  return clean.map((value, at) => Math.sqrt(alpha) * value + Math.sqrt(1 - alpha) * noise[at]!);
}

/** What went into step `index`; the last frame is what came out. */
export function filmFrame({ latentDims, latents }: Film, index: number): Float32Array {
  const size = latentDims[0] * latentDims[1] * latentDims[2];
  return latents.subarray(index * size, (index + 1) * size);
}

function principal(
  matrix: readonly (readonly number[])[],
  count: number,
): readonly { readonly direction: readonly number[]; readonly variance: number }[] {
  const rest = matrix.map((row) => [...row]);
  return Array.from({ length: count }, (_, order) => {
    let direction = rest.map((_, c) => 1 + ((c + order) % 3) / 10);
    let variance = 0;
    for (let round = 0; round < 60; round += 1) {
      const next = rest.map((row) => row.reduce((sum, value, c) => sum + value * direction[c]!, 0));
      variance = Math.hypot(...next);
      // Nothing varies in what is left: no direction.
      if (variance < 1e-9) return { direction: next.map(() => 0), variance: 0 };
      direction = next.map((value) => value / variance);
    }
    rest.forEach((row, a) => {
      row.forEach((value, b) => {
        row[b] = value - variance * direction[a]! * direction[b]!;
      });
    });
    return { direction, variance };
  });
}
