/** Everything the world can contain. Label ids are positions in these lists plus one, and 0 is "no label": only append. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const OBJECTS = [
  'car',
  'bus',
  'house',
  'tree',
  'flower',
  'person',
  'dog',
  'cat',
  'bird',
  'boat',
  'ball',
  'kite',
  'taxi',
  'truck',
  'tower',
  'bench',
  'lamp',
  'umbrella',
  'balloon',
  'plane',
  'duck',
  'mushroom',
] as const;
export type Kind = (typeof OBJECTS)[number];

export const SKY_OBJECTS = ['sun', 'moon', 'cloud'] as const;
export type SkyKind = (typeof SKY_OBJECTS)[number];

/** sRGB, 0 to 255. Distinct from each other, and a little deeper than the places of the same name. */
export const COLOURS = {
  red: [222, 50, 46],
  orange: [246, 138, 30],
  yellow: [252, 216, 52],
  green: [40, 150, 70],
  blue: [42, 96, 212],
  purple: [136, 66, 186],
  pink: [250, 140, 192],
  brown: [136, 84, 44],
  black: [42, 42, 48],
  white: [247, 247, 245],
} as const satisfies Record<string, Rgb>;
export type Colour = keyof typeof COLOURS;
export const COLOUR_NAMES = Object.keys(COLOURS) as Colour[];

export const PLACES = ['lawn', 'road', 'beach', 'sea', 'desert', 'city'] as const;
export type Place = (typeof PLACES)[number];

export const TIMES = ['day', 'night', 'sunset'] as const;
export type Time = (typeof TIMES)[number];

export const WEATHERS = ['clear', 'rain', 'snow'] as const;
export type Weather = (typeof WEATHERS)[number];

/** The side that the light comes from. */
export const LIGHTS = ['left', 'right'] as const;
export type Light = (typeof LIGHTS)[number];

/** Resting on the ground or on another thing, falling through the air, floating in the air or in the water. */
export const STATES = ['resting', 'falling', 'floating'] as const;
export type State = (typeof STATES)[number];

/** Of a thing's own surface; `PATTERNED` can have one. A person wears it on the shirt, a boat on the sails. */
export const PATTERNS = ['plain', 'striped', 'dotted', 'checked'] as const;
export type Pattern = (typeof PATTERNS)[number];
export const PATTERNED: ReadonlySet<Kind> = new Set<Kind>([
  'person',
  'boat',
  'ball',
  'kite',
  'truck',
  'umbrella',
  'balloon',
  'plane',
]);

/** What the walls of a `BUILT` thing are made of. */
export const BUILDS = ['plain', 'wood', 'brick'] as const;
export type Build = (typeof BUILDS)[number];
export const BUILT: ReadonlySet<Kind> = new Set<Kind>(['house', 'tower', 'bench', 'boat']);

/** What stands behind the things and has no colour of its own to choose. */
export const STUFF = ['sky', 'ground', 'water', 'hill', 'building', 'cactus'] as const;

export const PARTS = [
  'body',
  'wheel',
  'window',
  'door',
  'roof',
  'wall',
  'chimney',
  'light',
  'bumper',
  'trunk',
  'foliage',
  'petal',
  'centre',
  'stem',
  'leaf',
  'head',
  'hair',
  'shirt',
  'trousers',
  'arm',
  'leg',
  'shoe',
  'ear',
  'eye',
  'nose',
  'mouth',
  'tail',
  'wing',
  'beak',
  'hull',
  'sail',
  'mast',
  'band',
  'frame',
  'string',
  'sign',
  'cargo',
  'cabin',
  'battlement',
  'seat',
  'backrest',
  'shade',
  'pole',
  'canopy',
  'handle',
  'envelope',
  'basket',
  'fin',
  'cap',
  'spot',
] as const;
export type Part = (typeof PARTS)[number];

export const MATERIALS = [
  'grass',
  'asphalt',
  'sand',
  'water',
  'stone',
  'metal',
  'glass',
  'rubber',
  'brick',
  'wood',
  'leaf',
  'fur',
  'feather',
  'skin',
  'cloth',
  'paper',
  'air',
  'snow',
  'plaster',
] as const;
export type Material = (typeof MATERIALS)[number];

export const TEXTURES = [
  'plain',
  'gradient',
  'striped',
  'dotted',
  'wavy',
  'tufted',
  'gridded',
  'bricked',
  'checked',
  'planked',
] as const;
export type Texture = (typeof TEXTURES)[number];

/** Broden's six categories, in the order of the label planes. */
export const CATEGORIES = ['scene', 'object', 'part', 'material', 'texture', 'color'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The first twelve kinds have the first labels; what came later is appended behind everything that was there. */
const FIRST_KINDS = 12;

/** Scene labels are per pixel: the sky carries the time of day, everything below it the place. */
export const LABELS = {
  scene: [...PLACES, ...TIMES],
  object: [
    ...(OBJECTS.slice(0, FIRST_KINDS) as readonly Kind[]),
    ...SKY_OBJECTS,
    ...STUFF,
    ...(OBJECTS.slice(FIRST_KINDS) as readonly Kind[]),
  ],
  part: PARTS,
  material: MATERIALS,
  texture: TEXTURES,
  color: [...COLOUR_NAMES, 'grey'],
} as const satisfies Record<Category, readonly string[]>;
export type Label<C extends Category> = (typeof LABELS)[C][number];

const ids = new Map<string, number>();
for (const category of CATEGORIES) {
  LABELS[category].forEach((label, position) => {
    ids.set(`${category}/${label}`, position + 1);
  });
}

/** The id of a label inside its category, 1 to 255. */
export function labelId<C extends Category>(category: C, label: Label<C>): number {
  const id = ids.get(`${category}/${label}`);
  if (id === undefined) throw new RangeError(`unknown ${category} label: ${label}`);
  return id;
}
