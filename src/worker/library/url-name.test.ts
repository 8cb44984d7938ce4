import { expect, test } from 'vitest';
import { urlName } from './url-name.ts';

test.each([
  ['https://a.example/b/my%20model.onnx?download=1', 'my model.onnx'],
  ['https://a.example/b/%E6%A8%A1.onnx#x', '模.onnx'],
  // No text in UTF-8 has these bytes.
  ['https://a.example/%E0%A4%A.onnx', '%E0%A4%A.onnx'],
  ['https://a.example/', ''],
])('%s is called %s', (url, name) => {
  expect(urlName(url)).toBe(name);
});
