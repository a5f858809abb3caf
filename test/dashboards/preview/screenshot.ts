import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WIDTH } from './page.ts';

/** Has Chromium write a picture of a page as PNG. */
export async function screenshot(html: string, height: number, file: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-preview-'));
  const source = join(directory, 'page.html');
  writeFileSync(source, html);
  try {
    await promisify(execFile)(
      'chromium',
      [
        '--headless',
        // It runs as root in containers, and opens nothing but this page.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--hide-scrollbars',
        `--user-data-dir=${join(directory, 'profile')}`,
        `--window-size=${WIDTH},${height}`,
        `--screenshot=${file}`,
        `file://${source}`,
      ],
      { timeout: 120_000 },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
