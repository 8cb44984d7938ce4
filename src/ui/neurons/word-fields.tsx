import { useStore } from 'zustand';
import { LIMITS } from '../../state/address.ts';
import { judgeOf, readWordList } from '../../state/naming.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Message } from '../controls/message.tsx';
import { Select } from '../controls/select.tsx';
import shell from '../shell/shell.module.css';
import { useModels } from '../use-models.ts';
import styles from './neurons.module.css';

/** The words that units may be named with, and who matches them with pictures. */
export function WordFields(props: { readonly words: string; readonly onWords: (words: string) => void }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { wordList, judge, model } = useAddress((address) => address.neurons);
  const list = useStore(vitrine.neurons.wordList);
  const chosen = judgeOf({ judge, model });
  const judges = useModels(chosen, 'contrastive');
  const { naming } = texts;
  const take = async (file: File): Promise<void> => {
    const read = readWordList(file.name, await file.text());
    vitrine.neurons.wordList.setState(read, true);
    vitrine.change('neurons', { wordList: read.name, naming: false }, 'push');
  };
  return (
    <>
      {wordList === '' ? (
        <Field label={naming.words} hint={naming.wordsHint}>
          {(ids) => (
            <textarea
              {...ids}
              rows={4}
              maxLength={LIMITS.unitWords}
              value={props.words}
              onChange={({ target }) => props.onWords(target.value.replace(/[\r\n]+/g, ', '))}
            />
          )}
        </Field>
      ) : list?.name === wordList ? (
        <p>
          <b>{naming.listNow({ name: list.name, count: list.words.length })}</b>
        </p>
      ) : (
        <Message tone="caution">{naming.listAgain({ name: wordList })}</Message>
      )}
      <div className={shell.row}>
        <label className={styles.opener}>
          <input
            type="file"
            className={styles.file}
            accept=".txt,.csv,text/plain,text/csv"
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file) void take(file);
              // The same file may be chosen again after it was changed.
              target.value = '';
            }}
          />
          <span className={styles.open}>{naming.list}</span>
        </label>
        {wordList !== '' && (
          <Button
            look="quiet"
            onClick={() => vitrine.change('neurons', { wordList: '', naming: false }, 'push')}
          >
            {naming.listNone}
          </Button>
        )}
      </div>
      <Select
        label={naming.judge}
        value={chosen}
        options={judges}
        onChange={(value) => vitrine.change('neurons', { judge: value, naming: false }, 'push')}
      />
    </>
  );
}
