import { ConceptBars } from '../../charts/concept-bars.tsx';
import type { Classification } from '../../protocol/classify.ts';
import { isOwn } from '../../state/models.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts } from '../context.ts';
import { FailureMessage } from '../failure.tsx';
import { share } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import shell from '../shell/shell.module.css';
import styles from './neurons.module.css';

/** What a classifier of the visitor's sees in the picture, which it shows when it stands `alone`; nothing for models that give no classes. */
export function TopClasses({ alone }: { readonly alone: boolean }) {
  const texts = useTexts();
  const model = useAddress((address) => address.neurons.model);
  const run = useRun('classify');
  const shown = shownOf(run);
  if (!isOwn(model)) return null;
  if (run.status === 'failed' && run.failure.code !== 'cancelled') {
    return <FailureMessage failure={run.failure} />;
  }
  if (shown?.params.model !== model || shown.result.count === 0) return null;
  const { classes, count, image } = shown.result;
  const { runtime } = texts;
  const unnamed = classes.every(({ label }) => label === '');
  return (
    <section className={shell.group} aria-label={runtime.classes}>
      <h2 className={shell.heading}>{runtime.classes}</h2>
      {alone && <PixelsCanvas pixels={image} className={styles.seen} label={texts.neurons.pictureImage} />}
      <ConceptBars
        bars={classes.map(barOf(runtime.classNumber))}
        domain={[0, 1]}
        format={share}
        texts={{
          caption: runtime.classes,
          label: runtime.className,
          value: texts.concepts.probabilityColumn,
          inside: runtime.classInside,
        }}
      />
      <p className={shell.small}>
        {runtime.classesHint({ count, uniform: share(1 / count) })}
        {unnamed && ` ${runtime.classesUnnamed}`}
      </p>
    </section>
  );
}

/** Grey is what plain grey gets: a class that is high there is high for everything. */
function barOf(numbered: (parameters: { readonly number: number }) => string) {
  return ({ index, label, probability, grey }: Classification['classes'][number]) => ({
    key: String(index),
    label: label === '' ? numbered({ number: index }) : label,
    value: probability,
    band: { low: 0, high: grey },
  });
}
