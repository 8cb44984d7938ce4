import { Tabs } from 'radix-ui';
import { NEURON_PANELS } from '../../state/address.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { ComparePanel } from './compare-panel.tsx';
import { LayersPanel } from './layers-panel.tsx';
import styles from './neurons.module.css';
import { PaintPanel } from './paint-panel.tsx';
import { PicturePanel } from './picture-panel.tsx';
import { RefereePanel } from './referee-panel.tsx';
import { UnitsPanel } from './units-panel.tsx';
import { WordsPanel } from './words-panel.tsx';

const panels = {
  units: UnitsPanel,
  words: WordsPanel,
  layers: LayersPanel,
  picture: PicturePanel,
  compare: ComparePanel,
  referee: RefereePanel,
  paint: PaintPanel,
};

/** Middle of the neurons view: seven ways of looking at a layer's units. */
export function NeuronsStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const panel = useAddress((address) => address.neurons.panel);
  return (
    <Tabs.Root
      className={styles.panels}
      value={panel}
      activationMode="manual"
      onValueChange={(value) => {
        const next = NEURON_PANELS.find((name) => name === value);
        if (!next) return;
        vitrine.change('neurons', { panel: next }, 'push');
        vitrine.run();
      }}
    >
      <Tabs.List className={styles.panelNames} aria-label={texts.neurons.panels}>
        {NEURON_PANELS.map((name) => (
          <Tabs.Trigger key={name} value={name} className={styles.panelName}>
            {texts.neurons[`panel_${name}`]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {NEURON_PANELS.map((name) => {
        const Content = panels[name];
        return (
          <Tabs.Content key={name} value={name} tabIndex={-1} className={styles.panel}>
            <Content />
          </Tabs.Content>
        );
      })}
    </Tabs.Root>
  );
}
