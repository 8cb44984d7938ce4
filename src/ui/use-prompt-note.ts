import { useEffect } from 'react';
import { useRun, useTexts, useVitrine } from './context.ts';

const PAUSE_MS = 250;

/** What the model will not read of a prompt that is being typed, said before it runs; undefined when it reads all. */
export function usePromptNote(model: string, draft: string, committed: string): string | undefined {
  const texts = useTexts();
  const { readPrompt } = useVitrine().runs;
  const run = useRun('readPrompt');
  // What is committed has been, or is being, read by the run itself.
  const wanted = draft.trim() !== '' && draft !== committed;
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => readPrompt.start({ model, prompt: draft }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, model, draft, readPrompt]);
  if (run.status !== 'done' || run.params.prompt !== draft || run.params.model !== model) {
    return undefined;
  }
  const { words, cut } = run.result;
  const unknown = [...new Set(words.filter(({ known }) => !known).map(({ text }) => text))];
  const notes = [
    unknown.length > 0 && texts.prompt.unknown({ words: unknown.join(', ') }),
    cut.length > 0 && texts.prompt.cut({ words: cut.join(' ') }),
  ].filter((note) => note !== false);
  return notes.length > 0 ? notes.join(' ') : undefined;
}
