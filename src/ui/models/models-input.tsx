import { useRef, useState } from 'react';
import { pickedModel } from '../../state/intake/model-files.ts';
import { HUB, readPlace } from '../../state/place.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import styles from './models.module.css';
import { useHub } from './use-hub.ts';

/** Left of the models view: where the model is. */
export function ModelsInput() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const committed = useAddress((address) => address.models.open);
  const [open, setOpen] = useDraft(committed);
  const [bad, setBad] = useState(false);
  const hub = useHub();
  const { models } = texts;
  return (
    <>
      <p className={shell.lead}>{models.lead}</p>
      <form
        noValidate
        className={shell.group}
        onSubmit={(event) => {
          event.preventDefault();
          const place = readPlace(open, hub.base, hub.token);
          setBad(place === undefined);
          if (!place) return;
          vitrine.change('models', { open: open.trim() }, 'push');
          void vitrine.library.ask({ place, precision: '', preparation: 'read' });
        }}
      >
        <Field label={models.place} hint={models.placeHint} error={bad ? models.badPlace : undefined}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              inputMode="url"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="owner/model"
              maxLength={220}
              value={open}
              onChange={({ target }) => {
                setOpen(target.value);
                setBad(false);
              }}
            />
          )}
        </Field>
        <Button type="submit" look="primary">
          {models.ask}
        </Button>
        <Disclosure summary={models.settings} open={hub.base !== HUB}>
          <Field label={models.mirror} hint={models.mirrorHint}>
            {(ids) => (
              <input
                {...ids}
                type="url"
                autoComplete="off"
                spellCheck={false}
                placeholder={HUB}
                value={hub.typed}
                onChange={({ target }) => hub.setBase(target.value)}
              />
            )}
          </Field>
          <Field label={models.token} hint={models.tokenHint}>
            {(ids) => (
              <input
                {...ids}
                type="password"
                autoComplete="off"
                value={hub.token}
                onChange={({ target }) => hub.setToken(target.value)}
              />
            )}
          </Field>
        </Disclosure>
      </form>
      <section className={shell.group}>
        <div className={styles.pickers}>
          <Picker label={models.files} folder={false} />
          <Picker label={models.folder} folder />
        </div>
        <p className={shell.small}>{models.filesHint}</p>
      </section>
    </>
  );
}

function Picker({ label, folder }: { readonly label: string; readonly folder: boolean }) {
  const vitrine = useVitrine();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()}>{label}</Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) vitrine.openModelFiles(pickedModel(files));
        }}
      />
    </>
  );
}
