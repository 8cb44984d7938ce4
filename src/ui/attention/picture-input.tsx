import { useState } from 'react';
import { cleanText, LIMITS } from '../../state/address.ts';
import { PictureChooser } from '../concepts/picture-chooser.tsx';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Range } from '../controls/range.tsx';
import { Segments } from '../controls/segments.tsx';
import { FailureMessage } from '../failure.tsx';
import { share } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { PromptField } from '../prompt-field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import styles from './inside/inside.module.css';
import { ModeChoice } from './mode-choice.tsx';

/** Left of the inspection of a given picture: the picture, the prompt, how far towards noise and how. */
export function PictureInput() {
  const texts = useTexts();
  const { inside } = texts;
  const vitrine = useVitrine();
  const run = useRun('inspect');
  const address = useAddress(({ attention }) => attention);
  const [prompt, setPrompt] = useDraft(address.prompt);
  const [noise, setNoise] = useDraft(address.noise);
  const [steps, setSteps] = useDraft(address.steps);
  const [empty, setEmpty] = useState(false);
  const inspect = (change: { readonly by?: 'noise' | 'inversion' } = {}): void => {
    const clean = cleanText(prompt);
    setEmpty(clean === '');
    if (clean === '') return;
    vitrine.change('attention', { prompt: clean, noise, steps, ...change }, 'push');
    vitrine.run();
  };
  return (
    <>
      <ModeChoice />
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          inspect();
        }}
      >
        <PromptField
          label={texts.attention.prompt}
          model={address.model}
          draft={prompt}
          committed={address.prompt}
          empty={empty}
          onChange={setPrompt}
          onRun={inspect}
        />
        <Range
          label={inside.noise}
          value={noise}
          min={5}
          max={100}
          step={5}
          format={(value) => share(value / 100)}
          onChange={setNoise}
        />
        <Segments
          label={inside.by}
          value={address.by}
          options={[
            { value: 'noise', label: inside.byNoise },
            { value: 'inversion', label: inside.byInversion },
          ]}
          onChange={(by) => inspect({ by })}
        />
        {run.status === 'running' ? (
          <ProgressLine
            progress={run.progress}
            describe={({ done, total }) => texts.run.step({ done, total })}
            onCancel={vitrine.runs.inspect.cancel}
          />
        ) : (
          <Button type="submit" look="primary">
            {inside.inspect}
          </Button>
        )}
        {run.status === 'failed' && run.failure.code !== 'cancelled' && (
          <FailureMessage failure={run.failure} />
        )}
        <Disclosure summary={texts.page.more}>
          <p className={shell.small}>{inside.noiseHint}</p>
          <NumberField label={texts.attention.steps} value={steps} range={LIMITS.steps} onChange={setSteps} />
        </Disclosure>
      </form>
      {run.status === 'done' && (
        <figure className={styles.frame}>
          <PixelsCanvas pixels={run.result.reconstruction} className={styles.pixels} label={inside.guess} />
          <figcaption>
            {inside.guess}, {inside.guessError({ value: share(run.result.error) })}
          </figcaption>
        </figure>
      )}
      <PictureChooser
        image={address.image}
        onChoose={(image) => {
          vitrine.change('attention', { image }, 'push');
          vitrine.run();
        }}
      />
    </>
  );
}
