import { expose } from 'comlink';
import { createEngine } from '../engine.ts';
import { fakeHost } from './fake-host.ts';
import { fakeJobs } from './fake-jobs.ts';

expose(createEngine(fakeHost(), fakeJobs));
