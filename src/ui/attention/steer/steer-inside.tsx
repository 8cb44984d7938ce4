import { useState } from 'react';
import { useStore } from 'zustand';
import { regionOf } from '../../../protocol/region.ts';
import { cleanText } from '../../../state/address.ts';
import { chipsOf } from '../../../state/words.ts';
import { useAddress, useTexts } from '../../context.ts';
import { Button } from '../../controls/button.tsx';
import { Check } from '../../controls/check.tsx';
import { Disclosure } from '../../controls/disclosure.tsx';
import { Field } from '../../controls/field.tsx';
import { Segments } from '../../controls/segments.tsx';
import { SteerSave } from '../../saving/steer-save.tsx';
import shell from '../../shell/shell.module.css';
import { Account } from './account.tsx';
import { brush, putBrushDown } from './brush.ts';
import { StepWindowField } from './step-window.tsx';
import { useChangeEdit, useEdit } from './use-edit.ts';
import { WordEditor } from './word-editor.tsx';

/** Right of the steering: the chosen word, words to add, fine control, and the account of what was changed. */
export function SteerInside() {
  const texts = useTexts();
  const { steer } = texts;
  const shown = useEdit();
  const change = useChangeEdit();
  const selected = useAddress((address) => address.attention.words.at(-1));
  const { edit, reading, steering, recipe, plain } = shown;
  if (!reading) return <p className={shell.small}>{texts.run.soon}</p>;
  const index = chipsOf(reading)
    .filter((chip) => chip.special === undefined)
    .findIndex(({ key }) => key === selected);
  return (
    <>
      {index >= 0 ? (
        <WordEditor key={`${index} ${reading.words[index]?.text}`} shown={shown} index={index} />
      ) : (
        <p className={shell.small}>{steer.chooseWord}</p>
      )}
      <AddWords />
      <div className={shell.group}>
        <Disclosure summary={steer.fine}>
          <StepWindowField
            from={steer.mapsFrom}
            until={steer.maps}
            value={edit.crossSteps}
            onChange={(crossSteps) => change({ crossSteps })}
          />
          <StepWindowField
            from={steer.selfFrom}
            until={steer.self}
            value={edit.selfSteps}
            onChange={(selfSteps) => change({ selfSteps })}
          />
          <p className={shell.small}>{steer.windowHint}</p>
          <Check
            label={steer.renormalise}
            checked={edit.renormalise}
            onChange={(renormalise) => change({ renormalise })}
          />
        </Disclosure>
        {plain || !steering ? (
          <p className={shell.small}>{steer.same}</p>
        ) : (
          <>
            <Account lines={steering.account} recipe={recipe} />
            <SteerSave steering={steering} />
          </>
        )}
      </div>
    </>
  );
}

/** Style, weather, time: words at the end of the prompt, for all of the picture or for a painted part. */
function AddWords() {
  const { steer } = useTexts();
  const change = useChangeEdit();
  const { edit, reading } = useEdit();
  const painting = useStore(brush);
  const [words, setWords] = useState('');
  const [where, setWhere] = useState<'everywhere' | 'inside'>('everywhere');
  const add = (): void => {
    const clean = cleanText(words.replaceAll(';', ' '), 80);
    if (clean === '' || !reading) return;
    const within = where === 'inside' && painting.cells.includes(1) ? regionOf(painting.cells) : null;
    const before = reading.words.map(({ text }) => text).join(' ');
    putBrushDown();
    setWords('');
    change({
      prompt: `${before} ${clean}`.slice(0, 220),
      method: 'refine',
      crossSteps: [0, 0.8],
      recolour: null,
      within: within ?? edit.within,
    });
  };
  return (
    <form
      className={shell.group}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Field label={steer.add} hint={steer.addHint}>
        {(ids) => (
          <input {...ids} value={words} lang="en" onChange={({ target }) => setWords(target.value)} />
        )}
      </Field>
      {words !== '' && (
        <>
          <Segments
            label={steer.where}
            value={where}
            options={[
              { value: 'everywhere', label: steer.everywhere },
              { value: 'inside', label: steer.inside },
            ]}
            onChange={(next) => {
              setWhere(next);
              if (next === 'inside') brush.setState({ use: 'within', cells: new Uint8Array(256) });
              else putBrushDown();
            }}
          />
          <Button type="submit" look="primary">
            {steer.apply}
          </Button>
        </>
      )}
    </form>
  );
}
