import { useMemo } from 'react';
import { checkChoice, type Heats, heatsOf, USUAL_CHOICE } from '../../state/heat.ts';
import { type Finished, type Run, shownOf } from '../../state/run.ts';
import { type Chip, chipsOf, probeChips, resolveWords } from '../../state/words.ts';
import { useAddress, useRun } from '../context.ts';

/** What the attention view shows: the finished generation, its chips, the heatmaps of the visitor's choice. */
export interface Shown {
  readonly run: Run<'generate'>;
  readonly finished: Finished<'generate'> | undefined;
  readonly chips: readonly Chip[];
  /** Chips that are lit. */
  readonly lit: readonly Chip[];
  /** Words of the address that the prompt does not have. */
  readonly missingWords: readonly string[];
  readonly missingParts: readonly ('layer' | 'head' | 'step')[];
  readonly choice: ReturnType<typeof checkChoice>['choice'];
  readonly heats: Heats | undefined;
}

/** Computing is kept in `state/heat.ts`, by generation and choice: several components may ask in one render. */
export function useAttention(): Shown {
  const generate = useRun('generate');
  const inspect = useRun('inspect');
  const mode = useAddress((address) => address.attention.mode);
  const recipe = useAddress((address) => address.attention.recipe);
  const run = useMemo(
    () => (mode === 'picture' ? asGeneration(inspect) : generate),
    [mode, inspect, generate],
  );
  const words = useAddress((address) => address.attention.words);
  const layer = useAddress((address) => address.attention.layer);
  const head = useAddress((address) => address.attention.head);
  const step = useAddress((address) => address.attention.step);
  const special = useAddress((address) => address.attention.special);
  const finished = shownOf(run);
  const result = finished?.result;
  return useMemo(() => {
    const base = { run, finished };
    if (!result) {
      return {
        ...base,
        chips: [],
        lit: [],
        missingWords: [],
        missingParts: [],
        choice: USUAL_CHOICE,
        heats: undefined,
      };
    }
    const all = [...chipsOf(result.reading), ...probeChips(result.probes)];
    // Padding has many tokens: its map is computed when it is asked for.
    const chips = special ? all : all.filter((chip) => chip.special === undefined);
    const { found, missing } = resolveWords(chips, words);
    const checked = checkChoice(result, { layer, head, step });
    const heats = heatsOf(result, chips, { ...checked.choice, recipe });
    return {
      ...base,
      chips,
      lit: found,
      missingWords: missing,
      missingParts: checked.missing,
      choice: checked.choice,
      heats,
    };
  }, [run, finished, result, words, special, layer, head, step, recipe]);
}

/** An inspection is a generation of a given picture: everything that is shown of one is shown of the other. */
function asGeneration(run: Run<'inspect'>): Run<'generate'> {
  if (run.status === 'idle') return run;
  if (run.status === 'done') return { ...run };
  return { ...run, kept: run.kept && { ...run.kept } };
}
