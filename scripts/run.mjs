/** What `npm start` and `npm test` share: Node's version, dependencies, running a step. Built-ins only: nothing is installed yet. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Vitrine needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs a command to its end with inherited output; returns its exit status. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Runs the JavaScript of an installed package's command with this very Node. */
export function runPackage(path, args, env = {}) {
  return run(process.execPath, [join('node_modules', ...path.split('/')), ...args], env);
}

/** Installs what package-lock.json says, once: with an unchanged lock file it touches neither disk nor network. */
export function install() {
  const stamp = join('node_modules', '.vitrine-lock');
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing dependencies (once)...');
  const status = run('npm', ['ci', '--no-audit', '--no-fund']);
  if (status !== 0) process.exit(status);
  writeFileSync(stamp, lock);
}
