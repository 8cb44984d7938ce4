import { createStore } from 'zustand/vanilla';
import { REGION_SIDE } from '../../../protocol/steer.ts';

/** What is being painted: where a word should look, or what part of the picture may change. Becomes part of the edit when drawn. */
export interface Brush {
  readonly use: 'none' | 'look' | 'within';
  readonly cells: Uint8Array;
}

const none: Brush = { use: 'none', cells: new Uint8Array(REGION_SIDE * REGION_SIDE) };

export const brush = createStore<Brush>(() => none);

export function putBrushDown(): void {
  brush.setState(none);
}
