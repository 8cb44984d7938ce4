import { useTexts } from '../context.ts';
import shell from '../shell/shell.module.css';
import { ShelfChooser } from './shelf-chooser.tsx';
import { useCheck } from './use-check.ts';

/** Left of the data check: what it does, and the pairs it looks at. */
export function CheckInput() {
  const texts = useTexts();
  const check = useCheck();
  return (
    <>
      <p className={shell.lead}>{texts.parts.checkLead}</p>
      <p className={shell.small}>{texts.parts.checkWhat}</p>
      {check && check.changed.length > 0 && (
        <p className={shell.small}>
          {texts.parts.checkDemo({ count: check.changed.length })}{' '}
          {texts.parts.checkFound({ found: check.found, count: check.changed.length })}
        </p>
      )}
      <ShelfChooser />
    </>
  );
}
