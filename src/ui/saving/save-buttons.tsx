import { useTexts } from '../context.ts';
import { Button } from '../controls/button.tsx';
import shell from '../shell/shell.module.css';

/** What may be saved, as a row of small buttons. The code that writes files is fetched when one is pressed. */
export function SaveButtons<Kind extends 'png' | 'csv' | 'json' | 'npz' | 'svg' | 'film'>(props: {
  readonly kinds: readonly Kind[];
  readonly save: (kind: Kind) => void;
}) {
  const { exports: words } = useTexts();
  const names: Readonly<Record<'png' | 'csv' | 'json' | 'npz' | 'svg' | 'film', string>> = words;
  return (
    <fieldset className={shell.save}>
      <legend className={shell.small}>{words.label}</legend>
      {props.kinds.map((kind) => (
        <Button key={kind} look="quiet" onClick={() => props.save(kind)}>
          {names[kind]}
        </Button>
      ))}
    </fieldset>
  );
}
