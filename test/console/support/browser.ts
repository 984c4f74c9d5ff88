/** A Chromium over a whole Reroute with its sandbox, and pages of the console that are signed in. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const browserFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: browserFlags });

export interface PageOptions {
  language?: 'en' | 'de';
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** Instead of the admin token; null leaves the page signed out. */
  token?: string | null;
}

/** A page with an ear for what goes wrong in it. */
export interface ConsolePage {
  page: Page;
  context: BrowserContext;
  complaints: string[];
  /** Opens a screen by its address and waits until its head stands. */
  open(location: string): Promise<void>;
  /** Until nothing on it is still being loaded; the event stream keeps the network busy for ever. */
  settled(): Promise<void>;
}

export async function consolePage(
  browser: Browser,
  url: string,
  adminToken: string,
  options: PageOptions = {},
): Promise<ConsolePage> {
  const { language = 'en', scheme = 'light', width = 1440, height = 900, token = adminToken } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: language === 'de' ? 'de-DE' : 'en-GB',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    ([kept, spoken]) => {
      if (kept) sessionStorage.setItem('reroute.token', kept);
      localStorage.setItem('reroute.language', spoken ?? 'en');
    },
    [token, language] as const,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refusal of the API is shown by the screen and is no fault of the page.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    async open(location) {
      await page.goto(`${url}/console/#/${location}`);
      await page.locator('h1').waitFor();
    },
    async settled() {
      await page.waitForFunction(() => document.querySelectorAll('.mantine-Skeleton-root').length === 0);
    },
  };
}

const axeSource = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** WCAG 2.2 A and AA, as far as a machine can tell (https://github.com/dequelabs/axe-core). */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    return axe.run({
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
      resultTypes: ['violations'],
    });
  });
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(' '))
        .join(' | ')}`,
  );
  assert.deepEqual(told, []);
}

declare const window: object;
declare const document: { querySelectorAll(selector: string): { length: number } };
declare const sessionStorage: { setItem(name: string, value: string): void };
declare const localStorage: { setItem(name: string, value: string): void };
