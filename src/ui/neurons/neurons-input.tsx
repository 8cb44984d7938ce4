import { LIMITS, RECIPES } from '../../state/address.ts';
import { defaultSite, dissectableSites } from '../../state/sites.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Select } from '../controls/select.tsx';
import { FailureMessage } from '../failure.tsx';
import { share } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { useModels } from '../use-models.ts';
import { DataField } from './data-field.tsx';
import { unitSiteLabel } from './unit-site-label.ts';

/** Left of the neurons view: which layer, on how many scenes. */
export function NeuronsInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const committed = useAddress((address) => address.neurons);
  const run = useRun('dissect');
  const sites = useRun('sites');
  const [scenes, setScenes] = useDraft(committed.scenes);
  const [seed, setSeed] = useDraft(committed.seed);
  const [noise, setNoise] = useDraft(committed.noise);
  const [recipe, setRecipe] = useDraft(committed.recipe);
  const list = sites.status === 'done' ? dissectableSites(sites.result) : [];
  const known = list.some(({ name }) => name === committed.site);
  const [site, setSite] = useDraft(committed.site);
  const chosen = list.some(({ name }) => name === site) ? site : (defaultSite(list)?.name ?? '');
  const models = useModels(committed.model, 'contrastive', 'backbone', 'diffusion');
  const { neurons } = texts;
  return (
    <>
      <p className={shell.lead}>{neurons.lead}</p>
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          vitrine.change(
            'neurons',
            { site: chosen, scenes, seed, recipe, noise, run: true, unit: 'none', off: [], trial: false },
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
              { model, site: '', run: false, unit: 'none', survey: false, off: [], trial: false },
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
        <Select
          label={neurons.recipeLabel}
          hint={neurons[`recipeHint_${recipe}`]}
          value={recipe}
          options={RECIPES.map((value) => ({ value, label: neurons[`recipe_${value}`] }))}
          onChange={(value) => setRecipe(RECIPES.find((entry) => entry === value) ?? 'netdissect')}
        />
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
        {run.status === 'running' ? (
          <>
            <ProgressLine
              progress={run.progress}
              describe={({ done, total }) =>
                `${run.progress?.pass === 'count' ? neurons.passCount : neurons.passThreshold}, ${neurons.sceneOf({ done, total })}`
              }
              onCancel={vitrine.runs.dissect.cancel}
            />
            {run.progress?.resumedAt !== undefined && (
              <p className={shell.small}>
                {neurons.resumed({ share: share(run.progress.resumedAt / run.progress.total) })}
              </p>
            )}
          </>
        ) : (
          <Button type="submit" look="primary" disabled={chosen === ''}>
            {neurons.dissect}
          </Button>
        )}
        {run.status === 'failed' &&
          (run.failure.code === 'cancelled' ? (
            <Message
              tone="note"
              action={
                <>
                  <Button onClick={() => vitrine.runs.dissect.start(run.params)}>{neurons.resume}</Button>
                  <Button look="quiet" onClick={vitrine.neurons.startOver}>
                    {neurons.startOver}
                  </Button>
                </>
              }
            >
              {run.kept
                ? texts.run.stoppedKept
                : run.progress?.rows
                  ? neurons.partialStopped
                  : texts.run.stopped}{' '}
              {neurons.paused}
            </Message>
          ) : (
            <FailureMessage failure={run.failure} />
          ))}
      </form>
    </>
  );
}
