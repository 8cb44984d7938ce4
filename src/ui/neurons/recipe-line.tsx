import { shownOf } from '../../state/run.ts';
import { useRun, useTexts } from '../context.ts';
import { seconds, share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';

/** How the table came about, and the ways out of the page. */
export function RecipeLine() {
  const texts = useTexts();
  const finished = shownOf(useRun('dissect'));
  if (!finished) return null;
  const { quantile, scenes, seed, elapsedMs, device, recipe: used } = finished.result;
  const { neurons } = texts;
  const { data } = finished.params;
  const recipe = neurons[`recipe_${used}`];
  const pictures = data
    ? neurons.fromData({ pictures: scenes, name: data.name })
    : neurons.fromSeed({ scenes, seed });
  return (
    <div className={shell.row} style={{ justifyContent: 'space-between' }}>
      <p className={shell.small}>
        {used === 'per-image'
          ? neurons.recipePerImage({ recipe, pictures })
          : neurons.recipe({ recipe, percent: share(quantile), pictures })}
      </p>
      <p className={shell.small}>
        {texts.run.took({ seconds: seconds(elapsedMs), device: texts.status[device] })}
      </p>
      <SaveButtons
        kinds={['csv', 'json']}
        save={async (kind) => {
          const { saveNeurons } = await import('../saving/save-neurons.ts');
          saveNeurons(kind, finished);
        }}
      />
    </div>
  );
}
