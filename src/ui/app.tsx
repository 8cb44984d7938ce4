import { Tabs } from 'radix-ui';
import { lazy, Suspense, useEffect } from 'react';
import { VIEWS, type View } from '../state/address.ts';
import { loadTexts } from '../text/languages.ts';
import { AttentionView } from './attention/attention-view.tsx';
import { useAddress, useLanguage, useTexts, useVitrine } from './context.ts';
import { Boundary } from './shell/boundary.tsx';
import { DropAnywhere } from './shell/drop.tsx';
import { Footer } from './shell/footer.tsx';
import { Header } from './shell/header.tsx';
import { Notices } from './shell/notices.tsx';
import styles from './shell/shell.module.css';

// The first view comes with the page; the others follow while the first is being looked at.
const loadConcepts = () => import('./concepts/concepts-view.tsx');
const loadNeurons = () => import('./neurons/neurons-view.tsx');
const loadAsk = () => import('./ask/ask-view.tsx');
const loadModels = () => import('./models/models-view.tsx');
const ConceptsView = lazy(async () => ({ default: (await loadConcepts()).ConceptsView }));
const NeuronsView = lazy(async () => ({ default: (await loadNeurons()).NeuronsView }));
const AskView = lazy(async () => ({ default: (await loadAsk()).AskView }));
const ModelsView = lazy(async () => ({ default: (await loadModels()).ModelsView }));

const views = {
  attention: AttentionView,
  concepts: ConceptsView,
  neurons: NeuronsView,
  ask: AskView,
  models: ModelsView,
};

export function App() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const view = useAddress((address) => address.view);
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${texts.page[view]} · ${texts.page.title}`;
  }, [language, texts, view]);
  useEffect(() => {
    const load = () =>
      void Promise.all([loadConcepts(), loadNeurons(), loadAsk(), loadModels(), loadTexts()]);
    const timer = setTimeout(load, 3000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Tabs.Root
      className={styles.page}
      value={view}
      activationMode="manual"
      onValueChange={(value) => vitrine.show(value as View)}
    >
      <button type="button" className={styles.skip} onClick={skip}>
        {texts.page.skip}
      </button>
      <Header />
      <Boundary>
        <Notices />
      </Boundary>
      <main className={styles.main}>
        {VIEWS.map((name) => {
          const Content = views[name];
          return (
            <Tabs.Content key={name} value={name} tabIndex={-1}>
              <Boundary>
                <Suspense>
                  <Content />
                </Suspense>
              </Boundary>
            </Tabs.Content>
          );
        })}
      </main>
      <Footer />
      <DropAnywhere />
    </Tabs.Root>
  );
}

/** A button and no link: the fragment of the address is the page's state. */
function skip(): void {
  document.getElementById('exhibit')?.focus();
}
