/**
 * `node scripts/screenshots.mjs` after a build: serves dist/ and writes the README's pictures of the views to
 * public/pictures/, 1440 x 900, with a palette so that each stays under 300 KB.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { requireBrowser } from './browser.mjs';

const port = process.env.PORT ?? '4198';
const outDir = process.env.OUT_DIR ?? 'dist';
const folder = 'public/pictures';
const limit = 300_000;
/** Models may run on a busy machine. */
const patience = 300_000;

/** What each picture shows, and what must be on the page before it is taken. */
const pictures = {
  attention: {
    link: 'view=attention',
    ready: (page) => page.getByRole('application').first().waitFor({ timeout: patience }),
  },
  concepts: {
    link: 'view=concepts',
    ready: (page) => page.getByRole('table').first().waitFor({ timeout: patience }),
  },
  ask: {
    link: 'view=ask&question=what%20color%20is%20the%20taxi',
    ready: (page) => page.getByText('Heads that read the picture').first().waitFor({ timeout: patience }),
  },
  neurons: {
    link: 'view=neurons&site=vision.blocks.3.mlp.post&scenes=200&run=1',
    ready: async (page) => {
      // The best detector, opened with its strongest scenes.
      await page.getByRole('grid').getByRole('row').nth(1).click({ timeout: patience });
      await page.locator('figure canvas').nth(8).waitFor({ timeout: patience });
    },
  },
};

const server = spawn(
  process.execPath,
  ['node_modules/vite/bin/vite.js', 'preview', '--logLevel', 'warn', '--outDir', outDir],
  { stdio: 'inherit', env: { ...process.env, PORT: port } },
);
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: requireBrowser(), args: sandbox });
try {
  await answering(`http://localhost:${port}/`);
  await mkdir(folder, { recursive: true });
  for (const [name, { link, ready }] of Object.entries(pictures)) {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
      locale: 'en',
    });
    await page.goto(`http://localhost:${port}/#${link}`);
    await page.getByText(/Computed here on/).waitFor({ timeout: patience });
    await ready(page);
    await page.evaluate(() => {
      document.activeElement?.blur();
      scrollTo(0, 0);
    });
    const png = await sharp(await page.screenshot({ animations: 'disabled' }))
      .png({ palette: true, colours: 256, dither: 0.6, effort: 10, compressionLevel: 9 })
      .toBuffer();
    if (png.length > limit) throw new Error(`${name}: ${png.length} bytes, more than ${limit}`);
    await writeFile(`${folder}/${name}.png`, png);
    console.log(`${folder}/${name}.png ${png.length} bytes`);
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}

async function answering(url) {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
