import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How to get a browser, for who has none. */
export const howToGet = `There is no Chromium here, and the page is tested in a real one. Get it with
  sudo apt-get install chromium        on Debian
  npx playwright-core install chromium anywhere else
or name one that is here: CHROMIUM=/path/to/chromium.`;

/** The browser that the page is tested with: the one that `CHROMIUM` names, the system's, or playwright's own. */
export const findChromium = (): string | undefined =>
	[process.env['CHROMIUM'], ...usual, chromium.executablePath()].find((path) => path && existsSync(path));
