import type { Tower } from '../../onnx/sites/inventory.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type ModelGraph, readWeight } from '../graph.ts';
import { readLinear } from '../linear.ts';

/** From the last residual state to logits. */
export interface Readout {
  readonly norm: {
    readonly kind: 'layer' | 'rms';
    /** Ones where the file has none. */
    readonly scale: Float32Array;
    readonly bias: Float32Array | null;
    readonly epsilon: number;
  };
  readonly unembedding: Tensor<readonly ['width', 'token']>;
}

/** Null where the logits are not a final norm and one matrix away from the tower's last state. */
export function readReadout(
  graph: ModelGraph,
  bytes: Uint8Array,
  tower: Pick<Tower, 'final'> | undefined,
): Readout | null {
  if (!tower?.final?.norm || !tower.final.projection) return null;
  const { kind, scale, bias, epsilon } = tower.final.norm;
  const { dims, data } = readLinear(graph, bytes, tower.final.projection);
  return {
    norm: {
      kind,
      scale: scale === null ? new Float32Array(dims[0]).fill(1) : readWeight(graph, bytes, scale).data,
      bias: bias === null ? null : readWeight(graph, bytes, bias).data,
      epsilon,
    },
    unembedding: tensor(['width', 'token'], dims, data),
  };
}
