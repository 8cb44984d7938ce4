/** What protobufjs makes of an ONNX file, in a form that can be compared with the index. */

import protobuf from 'protobufjs';
import type { ModelIndex } from '../model-index.ts';
import { ONNX_DESCRIPTOR } from './onnx-descriptor.ts';

const root = protobuf.Root.fromJSON(ONNX_DESCRIPTOR);
export const ModelProto = root.lookupType('ModelProto');

type OracleTensor = {
  name: string;
  dims: string[];
  dataType: number;
  rawData: Uint8Array;
  floatData: number[];
  int32Data: number[];
  int64Data: string[];
  externalData: { key: string; value: string }[];
  dataLocation: number;
};
type OracleValue = {
  name: string;
  type: {
    tensorType: { elemType: number; shape: { dim: { dimValue: string; dimParam: string }[] } | null } | null;
  } | null;
};
type OracleNode = { opType: string; domain: string; name: string; input: string[]; output: string[] };
export type OracleModel = {
  graph: {
    node: OracleNode[];
    initializer: OracleTensor[];
    input: OracleValue[];
    output: OracleValue[];
    valueInfo: OracleValue[];
  } | null;
  opsetImport: { domain: string; version: string }[];
};

export function decodeWithOracle(bytes: Uint8Array): OracleModel {
  return ModelProto.toObject(ModelProto.decode(bytes), { longs: String, defaults: true }) as OracleModel;
}

/** The oracle's reading as plain data. */
export function oracleSummary(model: OracleModel) {
  const values = (list: OracleValue[]) =>
    list.map(({ name, type }) => ({
      name,
      elementType: type?.tensorType?.elemType ?? 0,
      dims:
        type?.tensorType?.shape?.dim.map(({ dimValue, dimParam }) =>
          dimParam !== '' ? dimParam : Number(dimValue),
        ) ?? null,
    }));
  const graph = model.graph!;
  return {
    nodes: graph.node.map(({ opType, domain, name, input, output }) => ({
      opType,
      domain: domain === 'ai.onnx' ? '' : domain,
      name,
      inputs: input,
      outputs: output,
    })),
    initializers: graph.initializer.map(({ name, dims, dataType, rawData }) => ({
      name,
      dims: dims.map(Number),
      dataType,
      raw: rawData.length,
    })),
    inputs: values(graph.input),
    outputs: values(graph.output),
    valueInfo: values(graph.valueInfo),
    opsets: Object.fromEntries(
      model.opsetImport.map(({ domain, version }) => [domain === 'ai.onnx' ? '' : domain, Number(version)]),
    ),
  };
}

/** The index's reading in the same form. A dimension that the file leaves open is 0 to protobuf, null to the index. */
export function indexSummary(index: ModelIndex): ReturnType<typeof oracleSummary> {
  const values = (list: Iterable<ModelIndex['inputs'][number]>) =>
    [...list].map(({ name, elementType, dims }) => ({
      name,
      elementType,
      dims: dims?.map((d) => d ?? 0) ?? null,
    }));
  return {
    nodes: index.nodes.map(({ opType, domain, name, inputs, outputs }) => ({
      opType,
      domain,
      name,
      inputs: [...inputs],
      outputs: [...outputs],
    })),
    initializers: [...index.initializers.values()].map(({ name, dims, dataType, raw }) => ({
      name,
      dims: [...dims],
      dataType,
      raw: raw ? raw.end - raw.start : 0,
    })),
    inputs: values(index.inputs),
    outputs: values(index.outputs),
    valueInfo: values(index.valueInfo.values()),
    opsets: Object.fromEntries(index.opsets),
  };
}
