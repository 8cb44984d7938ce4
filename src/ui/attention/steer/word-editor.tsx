import { useState } from 'react';
import { useStore } from 'zustand';
import { regionCells, regionOf } from '../../../protocol/region.ts';
import { PAINT_STRENGTH, paintEdit, recolourEdit } from '../../../protocol/usual-edits.ts';
import { cleanText } from '../../../state/address.ts';
import { PRESETS } from '../../../state/presets.ts';
import { useAddress, useTexts } from '../../context.ts';
import { Button } from '../../controls/button.tsx';
import { Check } from '../../controls/check.tsx';
import { Field } from '../../controls/field.tsx';
import { Range } from '../../controls/range.tsx';
import { Segments } from '../../controls/segments.tsx';
import { Select } from '../../controls/select.tsx';
import { fixed } from '../../figures.ts';
import shell from '../../shell/shell.module.css';
import { useDraft } from '../../use-draft.ts';
import { brush, putBrushDown } from './brush.ts';
import { type SteerShown, useChangeEdit } from './use-edit.ts';
import { useRested } from './use-rested.ts';

/** Everything that can be done to one word. `index` is its place in the second prompt. */
export function WordEditor({ shown, index }: { readonly shown: SteerShown; readonly index: number }) {
  const texts = useTexts();
  const { steer } = texts;
  const change = useChangeEdit();
  const prompt = useAddress((address) => address.attention.prompt);
  const painting = useStore(brush);
  const { edit, reading, sourceReading } = shown;
  const words = reading?.words.map(({ text }) => text) ?? [];
  const word = words[index] ?? '';
  const first = sourceReading?.words[index]?.text ?? word;
  const [instead, setInstead] = useDraft(word);
  const [strength, setStrength] = useState(edit.paint?.strength ?? PAINT_STRENGTH);
  const committed = edit.weights.find((entry) => entry.word === index)?.weight ?? 1;
  const [weight, setWeight] = useDraft(committed);
  const commitWeight = useRested((value: number) => {
    const rest = edit.weights.filter((entry) => entry.word !== index);
    change({ weights: value === 1 ? rest : [...rest, { word: index, weight: value }] });
  });

  const kin = Object.values(PRESETS).find((list: readonly string[]) => list.includes(first)) ?? [];
  const replace = (text: string): void => {
    const clean = cleanText(text.replaceAll(';', ' '), 40);
    if (clean === '' || clean === word) return;
    const next = words.map((old, at) => (at === index ? clean : old)).join(' ');
    const same = next.split(' ').length === (sourceReading?.words.length ?? 0);
    change({
      prompt: next === prompt ? '' : next,
      method: same ? 'replace' : 'refine',
      crossSteps: [0, 0.8],
      recolour: null,
    });
  };
  const reweigh = (value: number): void => {
    setWeight(value);
    commitWeight(value);
  };
  const paintable = phrase(words, index);
  const colours: readonly string[] = PRESETS.colours;
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{steer.wordIs({ word })}</h2>
      {kin.length > 0 ? (
        <Select
          label={steer.instead}
          value={word}
          options={[...new Set([word, first, ...kin])].map((value) => ({ value, label: value }))}
          onChange={replace}
        />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            replace(instead);
          }}
        >
          <Field label={steer.instead}>
            {(ids) => (
              <input {...ids} value={instead} lang="en" onChange={({ target }) => setInstead(target.value)} />
            )}
          </Field>
        </form>
      )}
      <Range
        label={steer.weight}
        value={weight}
        min={-2}
        max={4}
        step={0.1}
        format={fixed}
        onChange={reweigh}
      />
      <p className={shell.small}>{steer.weightHint}</p>
      {edit.prompt === '' && colours.includes(word) && (
        <>
          <Select
            label={steer.recolour}
            value={edit.recolour?.word === index ? edit.recolour.to : ''}
            options={[
              { value: '', label: steer.recolourNone },
              ...colours.filter((colour) => colour !== word).map((value) => ({ value, label: value })),
            ]}
            onChange={(to) =>
              change(
                to === ''
                  ? { recolour: null, ...(edit.blend === index && { blend: null }) }
                  : recolourEdit({ word: index, to, recipe: edit.recolour?.recipe ?? 'B' }),
              )
            }
          />
          {edit.recolour?.word === index && (
            <>
              <Segments
                label={steer.recipe}
                value={edit.recolour.recipe}
                options={[
                  { value: 'A', label: steer.recipeA },
                  { value: 'B', label: steer.recipeB },
                ]}
                onChange={(recipe) => edit.recolour && change({ recolour: { ...edit.recolour, recipe } })}
              />
              <p className={shell.small}>{steer.recipeHint}</p>
            </>
          )}
        </>
      )}
      {painting.use === 'look' ? (
        <>
          <p className={shell.small}>{steer.painting}</p>
          <Range
            label={steer.strength}
            value={strength}
            min={0}
            max={12}
            step={0.5}
            format={fixed}
            onChange={setStrength}
          />
          <div className={shell.row}>
            <Button
              look="primary"
              disabled={!painting.cells.includes(1)}
              onClick={() => {
                const region = regionOf(painting.cells);
                putBrushDown();
                change({
                  ...paintEdit(paintable, region, strength),
                  method: edit.prompt === '' ? 'own' : edit.method,
                });
              }}
            >
              {steer.paintDone}
            </Button>
            <Button
              look="quiet"
              onClick={() => {
                putBrushDown();
                if (edit.paint) change({ paint: null, method: 'refine', selfSteps: [0, 0.4] });
              }}
            >
              {steer.paintClear}
            </Button>
          </div>
        </>
      ) : (
        <Button
          onClick={() =>
            brush.setState({
              use: 'look',
              cells: edit.paint ? regionCells(edit.paint.region) : new Uint8Array(256),
            })
          }
        >
          {steer.paint}
        </Button>
      )}
      <Check
        label={steer.keepRest}
        checked={edit.blend === index}
        onChange={(checked) => change({ blend: checked ? index : null })}
      />
    </div>
  );
}

/** The word with the words right before it that belong to its phrase ("a red car"): they have to move together. */
function phrase(words: readonly string[], index: number): readonly number[] {
  const colours: readonly string[] = PRESETS.colours;
  const found = [index];
  const objects: readonly string[] = PRESETS.objects;
  if (colours.includes(words[index] ?? '') && objects.includes(words[index + 1] ?? '')) found.push(index + 1);
  for (let at = index - 1; at >= 0 && (colours.includes(words[at]!) || /^an?$/.test(words[at]!)); at -= 1) {
    found.unshift(at);
  }
  return found;
}
