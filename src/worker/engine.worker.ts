/** The engine's thread. `expose` runs before anything is awaited: a call that comes earlier would never be answered. */
import { expose } from 'comlink';
import { jobs } from '../jobs/registry.ts';
import { createEngine } from './engine.ts';
import { libraryJobs } from './library/library-jobs.ts';
import { browserMachine } from './machine.ts';
import { createHost } from './runtime.ts';

const machine = browserMachine();
const host = createHost(machine);
expose(createEngine(host, { ...jobs, ...libraryJobs(machine.library, host) }));
