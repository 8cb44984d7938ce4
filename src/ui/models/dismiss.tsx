import { useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';

/** Puts the question what a model costs away. */
export function Dismiss({ label }: { readonly label: string }) {
  const { library } = useVitrine();
  return (
    <Button look="quiet" onClick={library.dismiss}>
      {label}
    </Button>
  );
}
