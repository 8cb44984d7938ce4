/** Sets of concepts to start from, in the words of the drawn world's models. */
export const PRESETS = {
  colours: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white'],
  objects: ['car', 'bus', 'house', 'tree', 'flower', 'person', 'dog', 'cat', 'bird', 'boat', 'ball', 'kite'],
  places: ['lawn', 'road', 'beach', 'sea', 'desert', 'city'],
} as const satisfies Record<string, readonly string[]>;
