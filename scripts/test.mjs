/** `npm test`: installs what it needs, the browser too, and runs everything; ends with the count of tests. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { install, runPackage } from './run.mjs';

install();
const { requireBrowser } = await import('./browser.mjs');
process.env.VITRINE_BROWSER = requireBrowser();
mkdirSync('.cache', { recursive: true });

const counted = { passed: 0, failed: 0, skipped: 0 };

function vitest(project) {
  const file = `.cache/${project}.json`;
  rmSync(file, { force: true });
  const status = runPackage('vitest/vitest.mjs', [
    ...['run', '--project', project, '--reporter', 'default', '--reporter', 'json'],
    ...['--outputFile.json', file],
  ]);
  if (existsSync(file)) {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    counted.passed += report.numPassedTests;
    counted.failed += report.numFailedTests;
    counted.skipped += report.numPendingTests;
  }
  return status;
}

function journeys() {
  const file = '.cache/e2e.json';
  rmSync(file, { force: true });
  const status = runPackage('@playwright/test/cli.js', ['test', '--reporter', 'list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  if (existsSync(file)) {
    const { stats } = JSON.parse(readFileSync(file, 'utf8'));
    counted.passed += stats.expected + stats.flaky;
    counted.failed += stats.unexpected;
    counted.skipped += stats.skipped;
  }
  return status;
}

const steps = {
  'format and lint': () => runPackage('@biomejs/biome/bin/biome', ['ci', '.']),
  types: () => runPackage('typescript/bin/tsc', ['-b']),
  'unit tests': () => vitest('node'),
  'browser tests': () => vitest('browser'),
  build: () => runPackage('vite/bin/vite.js', ['build', '--logLevel', 'warn']),
  journeys,
};

const verdicts = [];
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n--- ${name} ---`);
  const from = performance.now();
  const status = step();
  verdicts.push({ name, status, seconds: Math.round((performance.now() - from) / 1000) });
}
console.log('');
for (const { name, status, seconds } of verdicts) {
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
}
const broken = verdicts.filter(({ status }) => status !== 0).length;
console.log(
  `\n${counted.passed} passed, ${Math.max(counted.failed, broken)} failed, ${counted.skipped} skipped`,
);
process.exit(broken === 0 ? 0 : 1);
