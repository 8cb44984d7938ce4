import type { Failure } from '../protocol/errors.ts';
import type { Texts } from '../text/texts.ts';
import { useTexts, useVitrine } from './context.ts';
import { Button } from './controls/button.tsx';
import { Message } from './controls/message.tsx';
import { megabytes } from './figures.ts';

/** What went wrong and the way out, in words. `subject` is the file's name where there is one. */
export function wordFailure(failure: Failure, texts: Texts, subject = ''): string {
  const { error } = texts;
  const detail = (name: string): string => String(failure.detail?.[name] ?? '');
  switch (failure.code) {
    case 'cancelled':
      return error.cancelled;
    case 'bad-prompt':
      return error.badPrompt;
    case 'bad-image':
      return wordImage(failure, error, subject);
    case 'bad-captions':
      return error.badCaptions({ name: detail('name') });
    case 'bad-parameter':
      return error.badParameter({ name: detail('name'), allowed: detail('allowed') });
    case 'bad-link':
      return detail('field') === 'image' ? error.linkImage : error.badLink({ field: detail('field') });
    case 'model-missing':
      return error.modelMissing({ id: detail('id') });
    case 'model-corrupt':
      return error.modelCorrupt({ file: detail('file') });
    case 'unsupported':
      return wordUnsupported(detail('found'), detail('what'), error);
    case 'gated':
      return error.gated({ id: detail('id') });
    case 'quota':
      return error.quota({ megabytes: megabytes(Number(detail('bytes'))) });
    case 'busy':
      return error.busy;
    case 'offline':
      return error.offline;
    case 'network':
      return detail('host') === '' ? error.network : error.unreachable({ host: detail('host') });
    case 'device':
      return error.device;
    case 'memory':
      return error.memory;
    case 'worker-missing':
      return error.workerMissing;
    case 'worker-boot':
      return error.workerBoot;
    case 'worker-crashed':
      return error.workerCrashed;
    case 'internal':
      return error.internal({ message: failure.message });
  }
}

/** Of a whole model, what was found and what would work; of a part of one, what it is. */
function wordUnsupported(found: string, what: string, error: Texts['error']): string {
  switch (found) {
    case 'sound':
      return error.noView({ found: error.foundSound({ what }) });
    case 'text':
      return error.noView({ found: error.foundText({ what }) });
    case 'files':
      return error.noView({ found: error.foundFiles({ what }) });
    case 'inputs':
      return error.noView({ found: error.foundInputs({ what }) });
    case 'more-inputs':
      return error.noView({ found: error.foundMoreInputs({ what }) });
    case 'no-onnx':
      return error.noOnnx;
    case 'cross':
      return error.crossReader;
    case 'convolutions':
      return error.noAttention;
    case 'pooled':
      return error.pooledReader;
    case 'no-data':
      return error.noData({ what });
    default:
      return error.unsupported({ what });
  }
}

function wordImage(failure: Failure, error: Texts['error'], name: string): string {
  if (name === '') return error.badImage;
  switch (failure.detail?.reason) {
    case 'too-large':
      return error.hugeImage({ name, limit: '8000 × 8000' });
    case 'truncated':
    case 'undecodable':
      return error.brokenImage({ name });
    default:
      return error.notImage({ name });
  }
}

/** A job's failure beside its cause, with the button that leads on. Stopping is no failure and is worded by the view. */
export function FailureMessage({
  failure,
  subject = '',
}: {
  readonly failure: Failure;
  readonly subject?: string;
}) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const worker = ['worker-missing', 'worker-boot', 'worker-crashed', 'memory', 'internal'].includes(
    failure.code,
  );
  const again = ['network', 'offline', 'model-corrupt', 'device'].includes(failure.code);
  // A link from somebody who has a model of the hub's: it can be had here too.
  const id = String(failure.detail?.id ?? '');
  const openable = failure.code === 'model-missing' && /^[\w.-]+\/[\w.-]+$/.test(id);
  return (
    <Message
      tone="error"
      action={
        <>
          {openable && (
            <Button
              onClick={() => {
                vitrine.change('models', { open: id }, 'replace');
                vitrine.show('models');
              }}
            >
              {texts.models.fetchIt}
            </Button>
          )}
          {worker && <Button onClick={() => void vitrine.restart()}>{texts.status.restart}</Button>}
          {again && <Button onClick={() => vitrine.run()}>{texts.run.again}</Button>}
        </>
      }
    >
      {wordFailure(failure, texts, subject)}
    </Message>
  );
}
