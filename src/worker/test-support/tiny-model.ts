import type { SessionSource } from '../../jobs/runtime.ts';

/** A field of a protobuf message: a whole number below 128, a text, or an embedded message. */
type Field = readonly [number: number, value: number | string | readonly Field[]];

function encode(message: readonly Field[]): number[] {
  return message.flatMap(([number, value]) => {
    if (typeof value === 'number') return [number << 3, value];
    const bytes = typeof value === 'string' ? [...new TextEncoder().encode(value)] : encode(value);
    if (bytes.length > 16383) throw new RangeError('longer than two bytes of length can say');
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
    return [(number << 3) | 2, ...length, ...bytes];
  });
}

const float = 1;
const tensor = (name: string): Field[] => [
  [1, name],
  [
    2,
    [
      [
        1,
        [
          [1, float],
          [2, [[1, [[1, 3]]]]],
        ],
      ],
    ],
  ],
];

function model(graph: readonly Field[]): Uint8Array<ArrayBuffer> {
  const add: Field[] = [
    [1, 'a'],
    [1, 'b'],
    [2, 'sum'],
    [4, 'Add'],
  ];
  // ModelProto: ir_version, opset_import, graph; field numbers as in onnx.proto.
  return Uint8Array.from(
    encode([
      [1, 8],
      [8, [[2, 17]]],
      [7, [[1, add], [2, 'tiny'], ...graph, [12, tensor('sum')]]],
    ]),
  );
}

/** sum = a + b, all of three floats. */
export const addModel = model([
  [11, tensor('a')],
  [11, tensor('b')],
]);

/** sum = a + b, where b lies at byte 8 of the file `weights`: the way large models are opened without copying them. */
export function addExternal(b: readonly [number, number, number]): SessionSource {
  const entry = (key: string, value: string): Field => [
    13,
    [
      [1, key],
      [2, value],
    ],
  ];
  const place = [entry('location', 'weights'), entry('offset', '8'), entry('length', '12')];
  const graph = model([
    [5, [[1, 3], [2, float], [8, 'b'], ...place, [14, 1]]],
    [11, tensor('a')],
  ]);
  const data = new Uint8Array(20);
  data.set(new Uint8Array(Float32Array.from(b).buffer), 8);
  return { graph, weights: { path: 'weights', data } };
}
