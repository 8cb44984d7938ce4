/**
 * The parts of ONNX's schema that tests need, as a protobufjs JSON descriptor: the oracle's own reading of the format.
 * Field numbers are those of onnx.proto (ONNX 1.19, Apache-2.0).
 */

type Field = { id: number; type: string; rule?: 'repeated' };
type Message = { fields: Record<string, Field> };

const field = (id: number, type: string): Field => ({ id, type });
const repeated = (id: number, type: string): Field => ({ id, type, rule: 'repeated' });
const message = (fields: Record<string, Field>): Message => ({ fields });

export const ONNX_DESCRIPTOR = {
  nested: {
    ModelProto: message({
      irVersion: field(1, 'int64'),
      producerName: field(2, 'string'),
      graph: field(7, 'GraphProto'),
      opsetImport: repeated(8, 'OperatorSetIdProto'),
    }),
    OperatorSetIdProto: message({ domain: field(1, 'string'), version: field(2, 'int64') }),
    GraphProto: message({
      node: repeated(1, 'NodeProto'),
      name: field(2, 'string'),
      initializer: repeated(5, 'TensorProto'),
      input: repeated(11, 'ValueInfoProto'),
      output: repeated(12, 'ValueInfoProto'),
      valueInfo: repeated(13, 'ValueInfoProto'),
    }),
    NodeProto: message({
      input: repeated(1, 'string'),
      output: repeated(2, 'string'),
      name: field(3, 'string'),
      opType: field(4, 'string'),
      attribute: repeated(5, 'AttributeProto'),
      domain: field(7, 'string'),
    }),
    AttributeProto: message({
      name: field(1, 'string'),
      f: field(2, 'float'),
      i: field(3, 'int64'),
      s: field(4, 'bytes'),
      t: field(5, 'TensorProto'),
      g: field(6, 'GraphProto'),
      floats: repeated(7, 'float'),
      ints: repeated(8, 'int64'),
      graphs: repeated(11, 'GraphProto'),
      type: field(20, 'int32'),
    }),
    TensorProto: message({
      dims: repeated(1, 'int64'),
      dataType: field(2, 'int32'),
      floatData: repeated(4, 'float'),
      int32Data: repeated(5, 'int32'),
      int64Data: repeated(7, 'int64'),
      name: field(8, 'string'),
      rawData: field(9, 'bytes'),
      doubleData: repeated(10, 'double'),
      externalData: repeated(13, 'StringStringEntryProto'),
      dataLocation: field(14, 'int32'),
    }),
    StringStringEntryProto: message({ key: field(1, 'string'), value: field(2, 'string') }),
    ValueInfoProto: message({ name: field(1, 'string'), type: field(2, 'TypeProto') }),
    TypeProto: message({ tensorType: field(1, 'TensorTypeProto') }),
    TensorTypeProto: message({ elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') }),
    TensorShapeProto: message({ dim: repeated(1, 'DimensionProto') }),
    DimensionProto: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
};
