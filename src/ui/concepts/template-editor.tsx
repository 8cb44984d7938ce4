import { conceptPrompts, TEMPLATES } from '../../protocol/templates.ts';
import { cleanTemplates } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Disclosure } from '../controls/disclosure.tsx';
import { Field } from '../controls/field.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import parts from './parts.module.css';

/** How a word becomes a vector of the text tower: the sentences it is put into, to read and to change. */
export function TemplateEditor({ example }: { readonly example: string }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { templates, vectors } = useAddress((address) => address.concepts);
  const [draft, setDraft] = useDraft(templates.join('\n'));
  const wanted = draft.split('\n').filter((line) => line.trim() !== '');
  const usable = cleanTemplates(wanted);
  const lost = usable === TEMPLATES ? wanted.length : wanted.length - usable.length;
  const use = (next: readonly string[]): void => {
    vitrine.change('concepts', { templates: next }, 'push');
    setDraft(next.join('\n'));
    vitrine.run();
  };
  return (
    <Disclosure summary={texts.parts.templates}>
      {vectors === 'means' && <p className={shell.small}>{texts.parts.templatesMeans}</p>}
      <Field
        label={texts.parts.templatesLabel}
        hint={texts.parts.templatesHint}
        error={lost > 0 ? texts.parts.templatesLost({ count: lost }) : undefined}
      >
        {(ids) => (
          <textarea
            {...ids}
            className={parts.area}
            lang="en"
            spellCheck={false}
            value={draft}
            onChange={({ target }) => setDraft(target.value)}
          />
        )}
      </Field>
      <div className={shell.row}>
        <Button onClick={() => use(usable)}>{texts.parts.templatesUse}</Button>
        <Button look="quiet" onClick={() => use(TEMPLATES)}>
          {texts.parts.templatesUsual}
        </Button>
      </div>
      <p className={shell.small}>{texts.parts.templatesRead({ concept: example })}</p>
      <ul className={shell.small} lang="en">
        {conceptPrompts(example, usable).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Disclosure>
  );
}
