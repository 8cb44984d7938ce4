/** Sets of concepts to start from, in the words of the drawn world's models. */
export const PRESETS = {
  colours: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white'],
  objects: [
    ...['car', 'bus', 'house', 'tree', 'flower', 'person', 'dog', 'cat', 'bird', 'boat', 'ball', 'kite'],
    ...['taxi', 'truck', 'tower', 'bench', 'lamp', 'umbrella', 'balloon', 'plane', 'duck', 'mushroom'],
  ],
  places: ['lawn', 'road', 'beach', 'sea', 'desert', 'city'],
  time: ['day', 'night', 'sunset'],
  weather: ['clear', 'rain', 'snow'],
  state: ['resting', 'falling', 'floating'],
  light: ['lit from the left', 'lit from the right'],
  material: ['plain', 'wooden', 'brick'],
  pattern: ['plain', 'striped', 'dotted', 'checked'],
  position: ['left', 'right'],
  count: ['one', 'two', 'three'],
  sky: ['sun', 'moon', 'cloud'],
} as const satisfies Record<string, readonly string[]>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];
