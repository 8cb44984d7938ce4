import { useEffect, useState } from 'react';
import { droppedModel, holdsModel } from '../../state/intake/model-files.ts';
import { imageFileOf } from '../../state/intake/transfer.ts';
import { useTexts, useVitrine } from '../context.ts';
import { openPictureOrSession } from '../saving/reopen.ts';
import styles from './shell.module.css';

/** A picture or a model may be dropped or pasted anywhere on the page. */
export function DropAnywhere() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const open = (transfer: DataTransfer | null): boolean => {
      const model = droppedModel(transfer);
      if (model) {
        // A folder of pictures is no model: it goes to retrieval and the data check.
        void model.then((own) => {
          if (holdsModel(own)) vitrine.openModelFiles(own);
          else vitrine.openFolder(own.files.map(({ data }) => data));
        });
        return true;
      }
      if ((transfer?.files.length ?? 0) > 1) {
        vitrine.openFolder([...(transfer?.files ?? [])]);
        return true;
      }
      const file = imageFileOf(transfer);
      if (file) void openPictureOrSession(vitrine, file);
      return file !== undefined;
    };
    const drag = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (open(event.dataTransfer)) event.preventDefault();
    };
    const paste = (event: ClipboardEvent): void => {
      if (open(event.clipboardData)) event.preventDefault();
    };
    const off = new AbortController();
    const { signal } = off;
    window.addEventListener('dragover', drag, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => off.abort();
  }, [vitrine]);
  return over ? <div className={styles.drop}>{texts.page.dropHere}</div> : null;
}
