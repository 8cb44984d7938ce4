/** The engine's thread. `expose` runs before anything is awaited: a call that comes earlier would never be answered. */
import { expose } from 'comlink';
import { jobs } from '../jobs/registry.ts';
import { createEngine } from './engine.ts';
import { browserMachine } from './machine.ts';
import { createHost } from './runtime.ts';

expose(createEngine(createHost(browserMachine()), jobs));
