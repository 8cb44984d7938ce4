/** The prices of looking and of steering. What a moved slider costs is measured in a browser: `e2e/speed.spec.ts`. */

import type { Measure } from '../table.ts';
import { capture } from './capture.ts';
import { steer } from './steer.ts';

export const attention: Measure = async (say, options) => [
  ...(await capture(say, options)),
  ...(await steer(say, options)),
];
