import type { Kind } from '../catalogue.ts';
import { ball } from './ball.ts';
import { balloon } from './balloon.ts';
import { bench } from './bench.ts';
import { bird } from './bird.ts';
import { boat } from './boat.ts';
import { bus } from './bus.ts';
import { car } from './car.ts';
import { cat } from './cat.ts';
import { dog } from './dog.ts';
import type { Drawing } from './drawing.ts';
import { duck } from './duck.ts';
import { flower } from './flower.ts';
import { house } from './house.ts';
import { kite } from './kite.ts';
import { lamp } from './lamp.ts';
import { mushroom } from './mushroom.ts';
import { person } from './person.ts';
import { plane } from './plane.ts';
import { taxi } from './taxi.ts';
import { tower } from './tower.ts';
import { tree } from './tree.ts';
import { truck } from './truck.ts';
import { umbrella } from './umbrella.ts';

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
  taxi,
  truck,
  tower,
  bench,
  lamp,
  umbrella,
  balloon,
  plane,
  duck,
  mushroom,
};
