/** `vitrine sites FILE.onnx [--json]`: the sites of any ONNX file. */

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { ExternalFiles } from '../../onnx/initializer.ts';
import { openGraph } from '../../onnx/open-graph.ts';
import type { Inventory } from '../../onnx/sites/inventory.ts';
import { locateSites } from '../../onnx/sites/locate.ts';
import type { Dimension } from '../../onnx/value-info.ts';
import { OnnxError } from '../../onnx/wire.ts';
import { type Command, CommandError, callerPath, MISUSED } from './command.ts';

export const sites: Command = {
  usage: 'sites FILE.onnx [--json]   the located sites of a model, and what is not understood',
  run: async (args, print) => {
    const { file, json } = readArguments(args);
    const path = callerPath(file);
    const inventory = locate(path, file);
    print(json ? `${JSON.stringify(siteReport(inventory))}\n` : siteTable(inventory));
  },
};

/** The file's own weights, seen from its graph; no file beside it can have this name. */
const OWN_WEIGHTS = '.';

function readArguments(args: readonly string[]): { file: string; json: boolean } {
  const files = args.filter((argument) => !argument.startsWith('-'));
  const unknown = args.find((argument) => argument.startsWith('-') && argument !== '--json');
  if (unknown !== undefined) throw new CommandError(`sites: unknown option ${unknown}`, MISUSED);
  const [file] = files;
  if (file === undefined || files.length !== 1) {
    throw new CommandError(`sites: expected one file, got ${files.length}`, MISUSED);
  }
  return { file, json: args.includes('--json') };
}

function locate(path: string, label: string): Inventory {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new CommandError(`cannot read ${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    const { model, left } = openGraph(bytes, OWN_WEIGHTS);
    const beside = filesBeside(path);
    const files: ExternalFiles = (location) => (location === OWN_WEIGHTS ? bytes : beside(location));
    const inventory = locateSites(model, { files });
    return { ...inventory, unresolved: [...left, ...inventory.unresolved] };
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new CommandError(`${label} is not usable as ONNX (${error.code}): ${error.message}`);
  }
}

/** Weights that a model keeps beside itself, read when asked for; a location outside of the model's folder is not followed. */
function filesBeside(model: string): ExternalFiles {
  const read = new Map<string, Uint8Array | undefined>();
  return (location) => {
    if (read.has(location)) return read.get(location);
    const path = normalize(location);
    let bytes: Uint8Array | undefined;
    if (!isAbsolute(path) && !path.startsWith('..')) {
      try {
        bytes = readFileSync(join(dirname(model), path));
      } catch {
        // Only constant masks are looked at: without them an attention's `causal` is not known, which is an answer.
        bytes = undefined;
      }
    }
    read.set(location, bytes);
    return bytes;
  };
}

/** The public form: `{"sites": [{"name", "kind", "axes", "tensor"}], "unresolved": [{"node", "opType", "reason"}]}`. */
export function siteReport({ sites: found, unresolved }: Inventory) {
  return {
    sites: found.map(({ name, kind, axes, tensor }) => ({ name, kind, axes, tensor })),
    unresolved: unresolved.map(({ node, opType, reason }) => ({ node, opType, reason })),
  };
}

function axisLabel(axis: string, size: Dimension): string {
  return size === null || size === axis ? axis : `${axis} ${size}`;
}

function siteTable({ sites: found, unresolved, towers }: Inventory): string {
  const rows = found.map(({ name, axes, shape, tensor }) => [
    name,
    axes.map((axis, index) => axisLabel(axis, shape?.[index] ?? null)).join(', '),
    tensor,
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([name = '', axes = '', tensor = '']) =>
    `${name.padEnd(widths[0]!)}  [${axes}]${' '.repeat(widths[1]! - axes.length)}  ${tensor}`.trimEnd(),
  );
  const parts = towers.map(({ name, blocks }) => `${name} (${blocks} blocks)`).join(', ');
  const summary = `${found.length} sites${parts ? ` in ${parts}` : ''}, ${unresolved.length} unresolved`;
  const open = unresolved.map(({ node, opType, reason }) => `unresolved  ${opType} ${node}: ${reason}`);
  return `${[...lines, ...open, summary].join('\n')}\n`;
}
