import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { LANGUAGES, VIEWS } from '../../state/address.ts';
import { writeLink } from '../../state/link.ts';
import { languageNames } from '../../text/catalogue.ts';
import { useLanguage, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import hidden from '../controls/controls.module.css';
import { Segments } from '../controls/segments.tsx';
import { themes, useTheme } from '../theme.ts';
import styles from './shell.module.css';

export function Header() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const [theme, setTheme] = useTheme();
  const names = { auto: texts.page.themeAuto, light: texts.page.themeLight, dark: texts.page.themeDark };
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{texts.page.title}</h1>
      <Tabs.List className={styles.tabs} aria-label={texts.page.views}>
        {VIEWS.map((view) => (
          <Tabs.Trigger key={view} value={view} className={styles.tab}>
            {texts.page[view]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <div className={styles.tools}>
        <CopyLink />
        <Segments
          label={texts.page.language}
          value={language}
          options={LANGUAGES.map((value) => ({
            value,
            label: value === 'en' ? 'EN' : '中',
            title: languageNames[value],
          }))}
          onChange={vitrine.setLanguage}
        />
        <Segments
          label={texts.page.theme}
          value={theme}
          options={themes.map((value) => ({ value, label: names[value] }))}
          onChange={setTheme}
        />
      </div>
    </header>
  );
}

function CopyLink() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = async (): Promise<void> => {
    const fragment = writeLink(vitrine.address.getState());
    // The address bar shows the same link, for browsers that forbid copying.
    history.replaceState(null, '', `#${fragment}`);
    try {
      await navigator.clipboard.writeText(location.href);
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  };
  return (
    <span onPointerLeave={() => setOutcome(undefined)}>
      <Button look="quiet" title={texts.page.linkPromise} onClick={() => void copy()}>
        {outcome === 'copied' ? texts.page.copied : texts.page.copyLink}
      </Button>
      <output className={outcome === 'failed' ? undefined : hidden.hidden} aria-live="polite">
        {outcome === 'copied' && `${texts.page.copied}. ${texts.page.linkPromise}`}
        {outcome === 'failed' && texts.page.copyFailed}
      </output>
    </span>
  );
}
