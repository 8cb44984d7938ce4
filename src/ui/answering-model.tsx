import { useTexts } from './context.ts';
import { Select } from './controls/select.tsx';
import { useModels } from './use-models.ts';

/** Which model answers: the page's own, then the visitor's. No choice is shown where there is one model only. */
export function AnsweringModel({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (model: string) => void;
}) {
  const texts = useTexts();
  const models = useModels(value, 'generative');
  if (models.length < 2) return null;
  return <Select label={texts.attention.model} value={value} options={models} onChange={onChange} />;
}
