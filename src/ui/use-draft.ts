import { useState } from 'react';

/** A value being edited: follows the committed one whenever that changes, and is the visitor's own until then. */
export function useDraft<T>(committed: T): readonly [T, (draft: T) => void] {
  const [draft, setDraft] = useState(committed);
  const [seen, setSeen] = useState(committed);
  if (!Object.is(seen, committed)) {
    setSeen(committed);
    setDraft(committed);
    return [committed, setDraft];
  }
  return [draft, setDraft];
}
