import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The arrows of src/README.md: what each folder may import, itself included. Tests may import anything. */
const arrows: Record<string, readonly string[]> = {
  tensor: [],
  protocol: ['tensor'],
  onnx: ['tensor'],
  world: [],
  datasets: ['tensor'],
  exports: ['tensor', 'protocol'],
  text: ['protocol'],
  methods: ['tensor', 'protocol'],
  families: ['tensor', 'protocol', 'onnx'],
  jobs: ['tensor', 'protocol', 'onnx', 'world', 'datasets', 'methods', 'families'],
  worker: ['tensor', 'protocol', 'onnx', 'families', 'jobs'],
  headless: ['tensor', 'protocol', 'onnx', 'world', 'jobs'],
  evaluation: ['tensor', 'protocol', 'onnx', 'world', 'methods', 'families', 'jobs', 'headless'],
  fuzz: ['tensor', 'protocol', 'onnx', 'datasets', 'state'],
  charts: ['tensor', 'protocol'],
  client: ['tensor', 'protocol'],
  state: ['tensor', 'protocol', 'datasets', 'methods', 'text', 'client'],
  ui: ['tensor', 'protocol', 'text', 'client', 'charts', 'state', 'exports'],
};

/** Packages with one owner: the only folders that may import them. */
const owners: Record<string, readonly string[]> = {
  'onnxruntime-web': ['worker'],
  'onnxruntime-node': ['headless'],
  comlink: ['client', 'worker'],
  '@xenova/transformers': ['worker', 'headless', 'evaluation'],
  react: ['ui', 'charts', 'main.tsx'],
  zustand: ['state', 'ui'],
};

const root = import.meta.dirname;

function files(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|test-support|goldens/.test(path));
}

function imports(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** The top folder (or file) of src that a relative import reaches; undefined for a package. */
function target(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(root, join(root, path, '..', specifier))
    .replaceAll('\\', '/')
    .split('/')[0];
}

describe('the house', () => {
  const sources = files();

  it('is not empty', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  it('has arrows that point downward only', () => {
    const wrong = sources.flatMap((path) => {
      const folder = path.split('/')[0] ?? '';
      const allowed = arrows[folder];
      if (allowed === undefined) return path.includes('/') ? [`${path}: unknown folder`] : [];
      return imports(path)
        .map((specifier) => target(path, specifier))
        .filter((to) => to !== undefined && to !== folder && to !== '..' && !allowed.includes(to))
        .map((to) => `${path} imports ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps each package with its owner', () => {
    const wrong = sources.flatMap((path) => {
      const folder = path.split('/')[0] ?? '';
      return imports(path)
        .filter((specifier) =>
          Object.entries(owners).some(
            ([name, folders]) =>
              (specifier === name || specifier.startsWith(`${name}/`)) && !folders.includes(folder),
          ),
        )
        .map((specifier) => `${path} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });
});
