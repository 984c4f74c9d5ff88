/** The console in a real browser over a real runtime: each screen's main task, both languages, accessibility, layout. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { adminToken } from '../runtime/scene';
import { findChromium, need } from '../support';
import {
  assertAccessible,
  type ConsolePage,
  consolePage,
  openBrowser,
  type PageOptions,
} from './support/browser';
import { servedBelow } from './support/prefix';
import { describeRoles, signIn } from './support/roles';
import { startWorld, type World } from './support/world';

describe('The console', function () {
  this.timeout(90_000);
  let world: World;
  let browser: Browser | undefined;
  const pages: ConsolePage[] = [];
  let main: ConsolePage;

  const opened = async (options: PageOptions = {}): Promise<ConsolePage> => {
    assert.ok(browser);
    const page = await consolePage(browser, world.scene.url, adminToken, options);
    pages.push(page);
    return page;
  };

  before(async function () {
    const executablePath = need(this, 'chromium', findChromium());
    world = await startWorld();
    browser = await openBrowser(executablePath);
    main = await opened();
  });
  after(async () => {
    await browser?.close();
    await world?.scene.stop();
  });
  afterEach(() => {
    for (const { complaints } of pages) assert.deepEqual(complaints.splice(0), []);
  });

  it('lets people in by name and password, tells them apart by role, and lets them out', async () => {
    const { page, open, context } = await opened({ token: null });
    await open('');
    await page.getByLabel('Name').fill('the-viewer');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await signIn(page, 'the-viewer');
    assert.equal(
      (await context.cookies()).every(({ httpOnly }) => httpOnly),
      true,
    );
    await open(`cases/${world.caseId}`);
    await page.getByText('The case in five sentences').waitFor();
    assert.equal(
      await page.getByRole('button', { name: 'Take over' }).count(),
      0,
      'a viewer is offered nothing',
    );
    await open('partners/erp');
    await page.getByText('SAP S/4HANA').first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Hold' }).count(), 0);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Name').waitFor();
    assert.deepEqual(await context.cookies(), []);
  });

  it('works behind a path prefix: its files, its sign-in, its writes and its stream', async () => {
    const front = await servedBelow('/ops', world.scene.url);
    try {
      assert.ok(browser);
      const behind = await consolePage(browser, front.url, adminToken, { token: null });
      pages.push(behind);
      await behind.open('');
      await signIn(behind.page, 'the-operator');
      await behind.page.getByText('live', { exact: true }).waitFor();
      await behind.open(`cases/${world.caseId}`);
      await behind.page.getByText('The case in five sentences').waitFor();
      await behind.page.getByRole('button', { name: 'Account' }).click();
      await behind.page.getByRole('menuitem', { name: 'Sign out' }).click();
      await behind.page.getByLabel('Name').waitFor();
      await behind.context.close();
    } finally {
      await front.close();
    }
  });

  describeRoles(opened, () => world);

  it('shows how things stand, and each number leads to the list behind it', async () => {
    const { page, open } = main;
    await open('');
    await page.getByRole('link', { name: /^Open cases: \d+/ }).waitFor();
    await page.locator('ol a[aria-label*="cases, S"]').first().click();
    await page.getByRole('heading', { name: /^Cases · [1-9]/ }).waitFor();
    assert.match(page.url(), /severity=S\d&detectedFrom=/);
  });

  it('narrows cases by facets and identifiers; the address is the view, and can be kept', async () => {
    const { page, open } = main;
    await open('cases');
    await page.getByRole('checkbox', { name: /^Carrier rejected/ }).click();
    await page.getByRole('heading', { name: 'Cases · 3' }).waitFor();
    assert.match(page.url(), /code=CARRIER_REJECTED/);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Rejected');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: Rejected').waitFor();
    await open(`cases?q=${world.order}`);
    await page.getByRole('heading', { name: 'Cases · 1' }).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Rejected' }).click();
    await page.getByRole('heading', { name: 'Cases · 3' }).waitFor();
  });

  it('is triaged by keyboard, and acts on a frozen selection', async () => {
    const { page, open } = main;
    await open('cases?code=PICKUP_MISSED,CARRIER_REJECTED');
    await page.locator('[role=row][data-active=true]').waitFor();
    const first = await page.locator('[role=row][data-active=true]').getAttribute('id');
    await page.keyboard.press('j');
    await page.locator(`[role=row][data-active=true]:not(#${first})`).waitFor();
    await page.keyboard.press('k');
    await page.locator(`#${first}[data-active=true]`).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 chosen').waitFor();
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Morning round');
    await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
    await page.getByText('2 done, 0 had moved on, 0 refused').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next and previous case').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.getByRole('textbox', { name: 'Find an order, shipment or screen' }).fill(world.order);
    await page.getByText(`Trace ${world.order}`).click();
    await page.getByRole('heading', { name: `Trace · ${world.order}` }).waitFor();
  });

  it('tells a case: what, why, decided by which row, sent, confirmed; and acts on it with a reason', async () => {
    const { page, open } = main;
    await open(`cases/${world.caseId}`);
    await page.getByText(/Row \d+ of short-pick/).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^erp: / })
      .first()
      .waitFor();
    await page.getByRole('link', { name: /, step 1$/ }).waitFor();
    const href = await page.getByRole('link', { name: /, step 1$/ }).getAttribute('href');
    assert.match(href ?? '', /^\.\.\/editor\/#node\//);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: /^Add a note/ }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Called the warehouse');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a note' }).click();
    await page.getByText('Called the warehouse', { exact: true }).waitFor();
  });

  it('changes by itself when something happens elsewhere', async () => {
    const { page, open } = main;
    const { items } = await world.scene.get<{ items: { id: string; version: number }[] }>(
      '/api/v1/cases?code=PICKUP_MISSED&limit=1',
    );
    const [target] = items;
    assert.ok(target);
    await open(`cases/${target.id}`);
    await page.getByText('The case in five sentences').waitFor();
    await world.scene.post(`/api/v1/cases/${target.id}/actions`, {
      action: 'note',
      expectedVersion: target.version,
      reason: 'Said by somebody else',
    });
    await page.getByText('Said by somebody else', { exact: true }).waitFor();
  });

  it('traces an order to any moment, with where its identifiers come from', async () => {
    const { page, open } = main;
    await open(`trace?identifier=${world.order}`);
    await page.getByText('Where the identifiers come from').waitFor();
    const heading = page.getByRole('heading', { name: /^What happened \(\d+\)/ });
    const whole = await heading.textContent();
    await page.getByRole('slider').press('Home');
    await page.getByRole('heading', { name: 'What happened (1)' }).waitFor();
    assert.notEqual(await heading.textContent(), whole);
  });

  it('repairs a dead letter: the payload as it came, what it is read as, an edit that is checked', async () => {
    const { page, open } = main;
    await open('dead-letters?partner=tms');
    await page.getByRole('button', { name: 'Plan a replay' }).first().waitFor();
    await open(`dead-letters/${world.letterId}`);
    await page.getByRole('button', { name: 'Show the payload' }).click();
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(await page.locator('img[src=x]').count(), 0, "a partner's text stays text");
    await page.getByRole('button', { name: 'Edit' }).click();
    const box = page.getByRole('textbox', { name: 'As it came' });
    await box.fill((await box.inputValue()).replace('booking.delayed', 'booking.cancelled'));
    assert.equal(
      await page.getByRole('button', { name: 'Replay as edited' }).isDisabled(),
      true,
      'not checked yet',
    );
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('cell', { name: '/events/0/type' }).waitFor();
    await page.getByRole('cell', { name: '"booking.cancelled"' }).waitFor();
  });

  it('previews a replay, carries it out, and hands over a receipt', async () => {
    const { page, open } = main;
    await open('dead-letters');
    await open(`dead-letters/${world.letterId}`);
    await page.getByRole('button', { name: 'Show the payload' }).click();
    await page.getByRole('button', { name: 'Replay as it came' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('The partner says it is right');
    await page.getByRole('dialog').getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Carry this out' }).waitFor();
    await page.getByRole('button', { name: 'Carry this out' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Looked at it');
    await page.getByRole('dialog').getByRole('button', { name: 'Carry out' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Go');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page
      .getByText(/^(done|failed|finished)$/)
      .first()
      .waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Receipt' }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^replay-.*\.ndjson$/);
  });

  it('holds a partner with a forecast, resumes it, and tries a delivery', async () => {
    const { page, open } = main;
    await open('partners/tms');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText(/deliveries an hour lately/).waitFor();
    await page.getByRole('textbox', { name: 'Reason' }).fill('They asked for it');
    await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
    await page.getByText(/^Held by/).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('They are back');
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Hold' }).waitFor();
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"a":1}');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('Not fit to be recorded').waitFor();
  });

  it('shows who did what and why, and that the chains hold', async () => {
    const { page, open } = main;
    await open('audit?subject=partner:tms');
    await page
      .getByRole('cell', { name: /^They asked for it/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText(/^All [\d,]+ entries hold$/).waitFor();
  });

  it('shows trends and scorecards, sorts them, and exports them', async () => {
    const { page, open } = main;
    await open('analytics?by=code');
    await page.getByRole('link', { name: 'Short pick' }).waitFor();
    await page.getByRole('button', { name: 'Detected' }).click();
    await page.locator('th[aria-sort=descending], th[aria-sort=ascending]').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'scorecards-code.csv');
  });

  it('administers users and tokens; a token is shown once', async () => {
    const { page, open } = main;
    await open('admin');
    await page.getByRole('cell', { name: 'the-operator' }).waitFor();
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('reports');
    await page.getByRole('textbox', { name: 'Reason' }).fill('Weekly report');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    await page.getByText(/^rr_[0-9a-f]{12}_/).waitFor();
  });

  const screens = [
    '',
    'cases',
    'trace',
    'dead-letters',
    'replays',
    'partners',
    'partners/erp',
    'analytics',
    'audit',
    'admin',
  ];
  for (const [language, scheme] of [
    ['en', 'light'],
    ['de', 'dark'],
  ] as const) {
    it(`keeps nobody out: WCAG 2.2 AA in ${language}, ${scheme}`, async () => {
      const { page, open, settled } = await opened({ language, scheme });
      for (const screen of [...screens, `cases/${world.caseId}`, `trace?identifier=${world.order}`]) {
        await open(screen);
        await settled();
        assert.equal(await page.locator('html').getAttribute('lang'), language);
        await assertAccessible(page).catch((error: unknown) => {
          throw new Error(`${screen}: ${error instanceof Error ? error.message : String(error)}`);
        });
      }
    });
  }

  it('stands as it should on a desk and on a tablet', async () => {
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
    ] as const) {
      const { page, open } = await opened({ width, height });
      for (const screen of ['', `cases/${world.caseId}`]) {
        await open(screen);
        await page.locator('.panel').nth(3).waitFor();
        const layout = await page.evaluate(layoutOf);
        assert.ok(
          layout.overflow <= 0,
          `${screen} at ${width} is wider than the window by ${layout.overflow}`,
        );
        assert.deepEqual(layout.overlaps, [], `${screen} at ${width}: panels lie over each other`);
        assert.deepEqual(layout.cut, [], `${screen} at ${width}: words are cut`);
        assert.ok(layout.panels >= 5, `${screen} at ${width} shows ${layout.panels} panels`);
      }
    }
  });

  it('is usable within a second once the browser has its files', async () => {
    const { page, open } = main;
    await open('');
    const startedAt = Date.now();
    await page.reload();
    await page.getByRole('link', { name: /^Open cases: \d+/ }).waitFor();
    const took = Date.now() - startedAt;
    // The bar is one second; machines that run other tests beside this one get three.
    assert.ok(took < 3_000, `it took ${took} ms`);
  });
});

/** In the page: fonts differ between machines, so what is compared is how things stand to each other, not their pixels. */
function layoutOf() {
  interface Box {
    left: number;
    right: number;
    top: number;
    bottom: number;
  }
  const { document } = globalThis as unknown as {
    document: {
      documentElement: { scrollWidth: number; clientWidth: number };
      querySelectorAll(selector: string): Iterable<{
        getBoundingClientRect(): Box;
        textContent: string;
        scrollWidth: number;
        clientWidth: number;
      }>;
    };
  };
  const panels = [...document.querySelectorAll('.panel')];
  const boxes = panels.map((panel) => panel.getBoundingClientRect());
  const over = (a: Box, b: Box): boolean =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    overlaps: boxes.flatMap((box, index) =>
      boxes.slice(index + 1).some((other) => over(box, other))
        ? [panels[index]?.textContent.slice(0, 40)]
        : [],
    ),
    cut: [...document.querySelectorAll('h1, h2, button')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.textContent),
    panels: panels.length,
  };
}
