/** Finds a Chromium for tests: environment variable, an installed Chrome or Chromium, Playwright's own, else none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const command of commands) {
      const path = join(folder, command);
      if (folder !== '' && existsSync(path)) return path;
    }
  }
  return undefined;
}

function playwrightsOwn() {
  try {
    const path = createRequire(import.meta.url)('playwright').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // playwright is not installed yet
  }
}

/** @returns {string | undefined} path of an executable */
export function findBrowser() {
  const named = process.env.VITRINE_BROWSER;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`VITRINE_BROWSER names no file: ${named}`);
    return named;
  }
  return onPath() ?? installed.find((path) => existsSync(path)) ?? playwrightsOwn();
}

/** Installs a Chromium when {@link findBrowser} finds none: Playwright's, else Debian's; throws when both fail. */
export function requireBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.log('No Chrome or Chromium found: installing one.');
  const playwright = join('node_modules', 'playwright', 'cli.js');
  const attempts = [
    [process.execPath, [playwright, 'install', '--with-deps', 'chromium']],
    ['sh', ['-c', 'apt-get update -qq && apt-get install -y -qq chromium']],
  ];
  for (const [command, args] of attempts) {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    const installed = status === 0 ? findBrowser() : undefined;
    if (installed) return installed;
  }
  throw new Error('No browser: install Chrome or Chromium, or set VITRINE_BROWSER to its executable.');
}
