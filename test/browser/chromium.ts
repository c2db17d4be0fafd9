/** The browser that the walks go through: a Chromium of the system's. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Why the walks are left out; false where there is a browser. */
export const WITHOUT_CHROMIUM: string | false =
  findChromium() === undefined ? 'there is no Chromium here: install it, or name one by CHROMIUM' : false;

/** Where Chromium is: what CHROMIUM names, or the first that is on the path. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it. `film`, if given, is what its camera sees, over and over: a .mjpeg file, read when a camera is started. */
export function startChromium(film?: string): Promise<Browser> {
  const camera = [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${film ?? ''}`,
  ];
  return chromium.launch({
    executablePath: findChromium() ?? '',
    // Root has no sandbox, and what is opened here is our own.
    chromiumSandbox: false,
    args: film === undefined ? [] : camera,
  });
}
