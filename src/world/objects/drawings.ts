import type { Kind } from '../catalogue.ts';
import { ball } from './ball.ts';
import { bird } from './bird.ts';
import { boat } from './boat.ts';
import { bus } from './bus.ts';
import { car } from './car.ts';
import { cat } from './cat.ts';
import { dog } from './dog.ts';
import type { Drawing } from './drawing.ts';
import { flower } from './flower.ts';
import { house } from './house.ts';
import { kite } from './kite.ts';
import { person } from './person.ts';
import { tree } from './tree.ts';

export const DRAWINGS: Readonly<Record<Kind, Drawing>> = {
  car,
  bus,
  house,
  tree,
  flower,
  person,
  dog,
  cat,
  bird,
  boat,
  ball,
  kite,
};
