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
  const { quantile, scenes, seed, elapsedMs, device } = finished.result;
  return (
    <div className={shell.row} style={{ justifyContent: 'space-between' }}>
      <p className={shell.small}>{texts.neurons.recipe({ percent: share(quantile), scenes, seed })}</p>
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
