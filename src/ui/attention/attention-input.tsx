import { useState } from 'react';
import { PLAIN_EDIT } from '../../protocol/steer.ts';
import { cleanText, LIMITS } from '../../state/address.ts';
import { isOwn } from '../../state/models.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import controls from '../controls/controls.module.css';
import { Disclosure } from '../controls/disclosure.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Select } from '../controls/select.tsx';
import { PromptField } from '../prompt-field.tsx';
import { RunFailure } from '../run-failure.tsx';
import styles from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { useModels, useSampling } from '../use-models.ts';
import { ModeChoice } from './mode-choice.tsx';

/** Left of the attention view: the prompt, what the sampler needs, the button; errors stand under what caused them. */
export function AttentionInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('generate');
  const committedPrompt = useAddress((address) => address.attention.prompt);
  const [prompt, setPrompt] = useDraft(committedPrompt);
  const [model, setModel] = useDraft(useAddress((address) => address.attention.model));
  const [seed, setSeed] = useDraft(useAddress((address) => address.attention.seed));
  const [steps, setSteps] = useDraft(useAddress((address) => address.attention.steps));
  const [guidance, setGuidance] = useDraft(useAddress((address) => address.attention.guidance));
  const [empty, setEmpty] = useState(false);

  const generate = (fresh: { readonly seed?: number } = {}): void => {
    const clean = cleanText(prompt);
    setEmpty(clean === '');
    if (clean === '') return;
    // Read when needed: lighting a word must not draw this form again.
    const committed = vitrine.address.getState().attention;
    // Words that the new prompt still has stay lit.
    const kept = committed.words.filter(
      (key) => key.startsWith('[') || clean.includes(key.split('~')[0] ?? key),
    );
    const inputs = { prompt: clean, model, seed, steps, guidance, ...fresh };
    vitrine.change(
      'attention',
      {
        ...inputs,
        words: clean === committed.prompt ? committed.words : kept,
        // An edit counts the words of its prompt.
        ...(clean !== committed.prompt && { edit: PLAIN_EDIT }),
      },
      'push',
    );
    vitrine.run();
  };

  const models = useModels(model, 'diffusion');
  const sampling = useSampling();
  const choose = (chosen: string): void => {
    setModel(chosen);
    const usual = sampling(chosen);
    if (!usual) return;
    setSteps(usual.steps);
    setGuidance(usual.guidance);
  };
  const running = run.status === 'running';
  return (
    <>
      <ModeChoice />
      <form
        noValidate
        className={styles.group}
        onSubmit={(event) => {
          event.preventDefault();
          generate();
        }}
      >
        <PromptField
          label={texts.attention.prompt}
          {...(!isOwn(model) && { hint: texts.attention.promptHint })}
          model={model}
          draft={prompt}
          committed={committedPrompt}
          empty={empty}
          onChange={(draft) => {
            setPrompt(draft);
            setEmpty(false);
          }}
          onRun={generate}
        />
        {running ? (
          <ProgressLine
            progress={run.progress}
            describe={({ done, total }) => texts.run.step({ done, total })}
            onCancel={vitrine.runs.generate.cancel}
          />
        ) : (
          <Button type="submit" look="primary">
            {texts.run.generate}
          </Button>
        )}
        <p className={controls.hidden} role="status">
          {run.status === 'done' && texts.run.finished}
        </p>
        <RunFailure run={run} />
        <div className={styles.split}>
          <Disclosure summary={texts.page.more}>
            <Select label={texts.attention.model} value={model} options={models} onChange={choose} />
            <NumberField label={texts.attention.seed} value={seed} range={LIMITS.seed} onChange={setSeed} />
            <NumberField
              label={texts.attention.steps}
              value={steps}
              range={LIMITS.steps}
              onChange={setSteps}
            />
            <NumberField
              label={texts.attention.guidance}
              hint={texts.attention.guidanceHint}
              value={guidance}
              range={LIMITS.guidance}
              step={0.5}
              onChange={setGuidance}
            />
          </Disclosure>
          <Button
            look="quiet"
            disabled={running}
            onClick={() => {
              const next = crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000;
              setSeed(next);
              generate({ seed: next });
            }}
          >
            {texts.attention.newSeed}
          </Button>
        </div>
      </form>
    </>
  );
}
