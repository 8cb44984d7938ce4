import { useStore } from 'zustand';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import shell from './shell.module.css';

/** Says that WebGPU failed and jobs went on elsewhere; until the visitor has read it, or chosen a device. */
export function FallbackNotice() {
  const texts = useTexts();
  const { engine, switchDevice } = useVitrine();
  const { fallback, info, switching } = useStore(engine.store);
  if (!fallback) return null;
  return (
    <Message
      tone="note"
      action={
        <div className={shell.row}>
          {info !== undefined && info.webgpu !== 'unavailable' && fallback.why !== 'differs' && (
            <Button look="quiet" disabled={switching} onClick={() => void switchDevice('webgpu')}>
              {texts.runtime.tryAgain}
            </Button>
          )}
          <Button look="quiet" onClick={engine.dismissFallback}>
            {texts.page.dismiss}
          </Button>
        </div>
      }
    >
      {texts.runtime[`fallback_${fallback.why}`]}
    </Message>
  );
}
