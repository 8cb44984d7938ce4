import { useStore } from 'zustand';
import { MODEL_BYTES } from '../../state/models.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Segments } from '../controls/segments.tsx';
import { megabytes } from '../figures.ts';
import styles from './shell.module.css';

/** Where the computing happens: device, threads, isolation. Each limit says why on hover and to screen readers. */
export function Footer() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { info, status } = useStore(vitrine.engine.store);
  return (
    <footer className={styles.footer}>
      {info === undefined ? (
        <p role="status">{status === 'failed' ? '' : texts.status.starting}</p>
      ) : (
        <>
          <Segments
            label={texts.status.device}
            value={info.device}
            options={[
              { value: 'wasm', label: texts.status.wasm },
              {
                value: 'webgpu',
                label: texts.status.webgpu,
                disabled: info.webgpu === 'unavailable',
                title: info.webgpu === 'available' ? undefined : webgpuReason(info.webgpu, texts.status),
              },
            ]}
            onChange={(device) => void vitrine.switchDevice(device)}
          />
          {info.webgpu !== 'available' && <p>{webgpuReason(info.webgpu, texts.status)}</p>}
          <p>{texts.status.threads({ count: info.threads })}</p>
          {info.isolated ? <p>{texts.status.isolated}</p> : <p>{texts.status.notIsolatedWhy}</p>}
        </>
      )}
      <p>{texts.status.models({ megabytes: megabytes(MODEL_BYTES) })}</p>
      <p>{texts.status.local}</p>
    </footer>
  );
}

function webgpuReason(
  webgpu: 'unavailable' | 'software',
  texts: { readonly noWebgpu: string; readonly softwareWebgpu: string },
): string {
  return webgpu === 'unavailable' ? texts.noWebgpu : texts.softwareWebgpu;
}
