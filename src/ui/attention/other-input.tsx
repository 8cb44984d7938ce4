import { cleanText, LIMITS } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { Select } from '../controls/select.tsx';
import { PromptField } from '../prompt-field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { useModels } from '../use-models.ts';

/** The second picture of a comparison: another prompt, another seed, another model, or all of them. */
export function OtherInput() {
  const { steer } = useTexts();
  const vitrine = useVitrine();
  const address = useAddress(({ attention }) => attention);
  const [prompt, setPrompt] = useDraft(address.otherPrompt);
  const [seed, setSeed] = useDraft(address.otherSeed);
  const [model, setModel] = useDraft(address.otherModel);
  const models = useModels(model, 'diffusion');
  const compare = (): void => {
    const clean = cleanText(prompt);
    if (clean === '') return;
    vitrine.change('attention', { otherPrompt: clean, otherSeed: seed, otherModel: model }, 'push');
    vitrine.run();
  };
  return (
    <form
      noValidate
      className={shell.group}
      onSubmit={(event) => {
        event.preventDefault();
        compare();
      }}
    >
      <PromptField
        label={steer.otherPrompt}
        model={model === '' ? address.model : model}
        draft={prompt}
        committed={address.otherPrompt}
        empty={false}
        onChange={setPrompt}
        onRun={compare}
      />
      <Select
        label={steer.otherModel}
        value={model}
        options={[
          { value: '', label: steer.sameModel },
          ...models.filter(({ value }) => value !== address.model),
        ]}
        onChange={setModel}
      />
      <NumberField label={steer.otherSeed} value={seed} range={LIMITS.seed} onChange={setSeed} />
      <Button type="submit">{steer.compare}</Button>
    </form>
  );
}
