/** `npm start`: installs, builds, serves. After the first time it needs no network. */
import { install, run, runPackage } from './run.mjs';

const port = process.env.PORT ?? '4173';
if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
  console.error(`PORT must be a number from 1 to 65535, not "${port}".`);
  process.exit(1);
}
install();
const built = runPackage('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
if (built !== 0) process.exit(built);
console.log(`\nVitrine is at http://localhost:${port}/ (stop it with Ctrl+C)\n`);
process.exit(
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--logLevel', 'warn'], { PORT: port }),
);
