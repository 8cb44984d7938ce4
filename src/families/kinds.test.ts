import { expect, it } from 'vitest';
import { fixture } from '../headless/test-support/twin-folders.ts';
import { indexModel } from '../onnx/model-index.ts';
import { checkEncoder, checkUnet, refuseKind } from './kinds.ts';

const twin = (name: string) => indexModel(fixture(name));
const found = (detail: object) => expect.objectContaining({ code: 'unsupported', detail });

it('lets through what takes pictures, one or several', () => {
  for (const name of ['vit-gpt2-encoder.optimum', 'blip-encoder.legacy', 'idefics-vision.legacy']) {
    checkEncoder(twin(`files/${name}.onnx`));
  }
  checkUnet(twin('stable-diffusion/unet/model.onnx'));
  checkUnet(twin('files/unet-lcm.optimum.onnx'));
  for (const type of ['', 'clip', 'idefics3', 'something-new']) refuseKind(type);
});

it('names what was found instead', () => {
  expect(() => refuseKind('whisper')).toThrow(found({ found: 'sound', what: 'whisper' }));
  expect(() => refuseKind('t5')).toThrow(found({ found: 'text', what: 't5' }));
  expect(() => checkEncoder(twin('files/whisper-encoder.dynamo.onnx'))).toThrow(
    found({ found: 'inputs', what: 'input_features' }),
  );
  const text = 'stable-diffusion/text_encoder/model.onnx';
  expect(() => checkUnet(twin(text))).toThrow(found({ found: 'more-inputs', what: 'input_ids' }));
});
