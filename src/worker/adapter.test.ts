import { describe, expect, it } from 'vitest';
import { findAdapter } from './adapter.ts';

const gpu = (adapter: object | null) => ({ requestAdapter: async () => adapter });

describe('findAdapter', () => {
  it('is unavailable without WebGPU, without an adapter, and when asking fails', async () => {
    expect(await findAdapter(undefined)).toBe('unavailable');
    expect(await findAdapter(gpu(null))).toBe('unavailable');
    expect(await findAdapter({ requestAdapter: () => Promise.reject(new Error('blocked')) })).toBe(
      'unavailable',
    );
  });

  it('tells software adapters by flag or name', async () => {
    expect(await findAdapter(gpu({ info: { vendor: 'google', architecture: 'swiftshader' } }))).toBe(
      'software',
    );
    expect(await findAdapter(gpu({ info: { vendor: 'x', isFallbackAdapter: true } }))).toBe('software');
    expect(await findAdapter(gpu({ isFallbackAdapter: true }))).toBe('software');
  });

  it('is available on a real one', async () => {
    expect(await findAdapter(gpu({ info: { vendor: 'apple', architecture: 'metal-3' } }))).toBe('available');
  });
});
