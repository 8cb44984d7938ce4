import { useState } from 'react';
import { cleanText, LIMITS } from '../../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../../context.ts';
import { Button } from '../../controls/button.tsx';
import { Disclosure } from '../../controls/disclosure.tsx';
import { Field } from '../../controls/field.tsx';
import styles from './inside.module.css';

/** Words that the prompt does not have: where would the model look for them in this very picture. */
export function Probes() {
  const { inside } = useTexts();
  const vitrine = useVitrine();
  const probes = useAddress((address) => address.attention.probes);
  const [word, setWord] = useState('');
  const change = (next: readonly string[], lit?: string): void => {
    const { words } = vitrine.address.getState().attention;
    const kept = words.filter((key) => !key.startsWith('?') || next.includes(key.slice(1)));
    const all = lit === undefined ? kept : [...kept, `?${lit}`].slice(-LIMITS.words);
    vitrine.change('attention', { probes: next, words: all }, 'push');
    vitrine.run();
  };
  return (
    <Disclosure summary={inside.probes} open={probes.length > 0}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const clean = cleanText(word.replaceAll(',', ' '), 40);
          if (clean === '' || probes.includes(clean) || probes.length >= LIMITS.words) return;
          setWord('');
          change([...probes, clean], clean);
        }}
      >
        <Field label={inside.probes} hint={inside.probesHint}>
          {(ids) => (
            <input {...ids} value={word} lang="en" onChange={({ target }) => setWord(target.value)} />
          )}
        </Field>
        <Button type="submit" disabled={word.trim() === ''}>
          {inside.addProbe}
        </Button>
      </form>
      <ul className={styles.probes}>
        {probes.map((probe) => (
          <li key={probe}>
            <Button
              look="quiet"
              aria-label={inside.removeProbe({ word: probe })}
              onClick={() => change(probes.filter((other) => other !== probe))}
            >
              {probe} ×
            </Button>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
