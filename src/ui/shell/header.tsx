import { Tabs } from 'radix-ui';
import { useEffect, useState } from 'react';
import { LANGUAGES, VIEWS } from '../../state/address.ts';
import { writeLink } from '../../state/link.ts';
import { languageNames } from '../../text/languages.ts';
import { useLanguage, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Segments } from '../controls/segments.tsx';
import { type Theme, themes, useTheme } from '../theme.ts';
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
            label: languageNames[value],
            icon: value === 'en' ? 'EN' : '中',
          }))}
          onChange={vitrine.setLanguage}
        />
        <Segments
          label={texts.page.theme}
          value={theme}
          options={themes.map((value) => ({ value, label: names[value], icon: <ThemeIcon theme={value} /> }))}
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
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 6000);
    return () => clearTimeout(timer);
  }, [outcome]);
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
    <span>
      <Button look="quiet" title={texts.page.linkPromise} onClick={() => void copy()}>
        {texts.page.copyLink}
      </Button>
      <output className={styles.copied} aria-live="polite">
        {outcome === 'copied' && `${texts.page.copied}. ${texts.page.linkPromise}`}
        {outcome === 'failed' && texts.page.copyFailed}
      </output>
    </span>
  );
}

const rays = 'M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6 13 13M3 13l1.4-1.4M11.6 4.4 13 3';

/** Half a disc follows the system, a sun is light, a moon is dark. */
function ThemeIcon({ theme }: { readonly theme: Theme }) {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.25" aria-hidden="true">
      {theme === 'auto' && (
        <>
          <circle cx="8" cy="8" r="5.5" />
          <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
        </>
      )}
      {theme === 'light' && (
        <>
          <circle cx="8" cy="8" r="2.75" />
          <path d={rays} />
        </>
      )}
      {theme === 'dark' && <path d="M13 9.6A5.5 5.5 0 1 1 6.4 3a4.5 4.5 0 0 0 6.6 6.6z" />}
    </svg>
  );
}
