import { cleanText, LIMITS, RECIPES } from '../../state/address.ts';
import { defaultSite, dissectableSites } from '../../state/sites.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { Select } from '../controls/select.tsx';
import { FailureMessage } from '../failure.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { useModels } from '../use-models.ts';
import { DataField } from './data-field.tsx';
import { DissectRun } from './dissect-run.tsx';
import { NamingRun } from './naming-run.tsx';
import { unitSiteLabel } from './unit-site-label.ts';
import { WordFields } from './word-fields.tsx';

/** Left of the neurons view: which layer, on how many scenes. */
export function NeuronsInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const committed = useAddress((address) => address.neurons);
  const sites = useRun('sites');
  const [scenes, setScenes] = useDraft(committed.scenes);
  const [seed, setSeed] = useDraft(committed.seed);
  const [noise, setNoise] = useDraft(committed.noise);
  const [words, setWords] = useDraft(committed.words);
  const naming = committed.panel === 'words';
  const [recipe, setRecipe] = useDraft(committed.recipe);
  const list = sites.status === 'done' ? dissectableSites(sites.result) : [];
  const known = list.some(({ name }) => name === committed.site);
  const [site, setSite] = useDraft(committed.site);
  const chosen = list.some(({ name }) => name === site) ? site : (defaultSite(list)?.name ?? '');
  const models = useModels(committed.model, 'contrastive', 'backbone', 'generative', 'diffusion');
  const { neurons } = texts;
  return (
    <>
      <p className={shell.lead}>{neurons.lead}</p>
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          const watched = {
            site: chosen,
            scenes,
            seed,
            noise,
            unit: 'none',
            off: [],
            trial: false,
            paint: false,
          } as const;
          vitrine.change(
            'neurons',
            naming
              ? { ...watched, words: cleanText(words, LIMITS.unitWords), naming: true }
              : { ...watched, recipe, run: true },
            'push',
          );
          vitrine.run();
        }}
      >
        <Select
          label={neurons.model}
          value={committed.model}
          options={models}
          onChange={(model) => {
            vitrine.change(
              'neurons',
              {
                ...{
                  model,
                  site: '',
                  run: false,
                  unit: 'none',
                  survey: false,
                  off: [],
                  trial: false,
                  paint: false,
                },
                naming: false,
              },
              'push',
            );
            vitrine.run();
          }}
        />
        <Select
          label={neurons.layer}
          value={chosen}
          options={list.map(({ name, units }) => ({
            value: name,
            label: [
              unitSiteLabel(name, texts),
              ...(units === undefined ? [] : [texts.site.units({ count: units })]),
            ].join(' · '),
          }))}
          onChange={setSite}
        />
        {sites.status === 'failed' && <FailureMessage failure={sites.failure} />}
        {committed.site !== '' && list.length > 0 && !known && (
          <Message tone="error">{texts.error.siteMissing({ site: committed.site })}</Message>
        )}
        <DataField />
        <NumberField
          label={neurons.scenes}
          hint={neurons.scenesHint}
          value={scenes}
          range={LIMITS.scenes}
          onChange={setScenes}
        />
        {naming ? (
          <WordFields words={words} onWords={setWords} />
        ) : (
          <Select
            label={neurons.recipeLabel}
            hint={neurons[`recipeHint_${recipe}`]}
            value={recipe}
            options={RECIPES.map((value) => ({ value, label: neurons[`recipe_${value}`] }))}
            onChange={(value) => setRecipe(RECIPES.find((entry) => entry === value) ?? 'netdissect')}
          />
        )}
        {chosen.startsWith('unet.') && (
          <NumberField
            label={neurons.noise}
            hint={neurons.noiseHint}
            value={noise}
            range={LIMITS.noise}
            step={0.05}
            onChange={setNoise}
          />
        )}
        <NumberField label={neurons.seed} value={seed} range={LIMITS.seed} onChange={setSeed} />
        {naming ? <NamingRun ready={chosen !== ''} /> : <DissectRun ready={chosen !== ''} />}
      </form>
    </>
  );
}
