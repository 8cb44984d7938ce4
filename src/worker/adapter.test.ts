import { describe, expect, it } from 'vitest';
import { findAdapter } from './adapter.ts';

const gpu = (adapter: object | null) => ({ requestAdapter: async () => adapter });

describe('findAdapter', () => {
  it('is unavailable without WebGPU, without an adapter, and when asking fails', async () => {
    const none = { webgpu: 'unavailable', halves: false, name: '' };
    expect(await findAdapter(undefined)).toEqual(none);
    expect(await findAdapter(gpu(null))).toEqual(none);
    expect(await findAdapter({ requestAdapter: () => Promise.reject(new Error('blocked')) })).toEqual(none);
  });

  it.each([
    { info: { vendor: 'google', architecture: 'swiftshader' } },
    { info: { vendor: 'x', isFallbackAdapter: true } },
    { isFallbackAdapter: true },
  ])('tells a software adapter by flag or name: %j', async (adapter) => {
    expect((await findAdapter(gpu(adapter))).webgpu).toBe('software');
  });

  it('is available on a real one, and says what it is and can', async () => {
    const info = { vendor: 'apple', architecture: 'metal-3' };
    expect(await findAdapter(gpu({ info, features: new Set(['shader-f16']) }))).toEqual({
      webgpu: 'available',
      halves: true,
      name: 'apple metal-3',
    });
    expect(await findAdapter(gpu({ info, features: new Set() }))).toMatchObject({ halves: false });
  });
});
