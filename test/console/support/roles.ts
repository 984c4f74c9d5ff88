/** What each role is offered, what the server refuses all the same, and how far a limited person sees. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { ConsolePage, PageOptions } from './browser';
import { password, type World } from './world';

export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

interface Offered {
  /** To act on a case. */
  acts: boolean;
  holds: boolean;
  repairs: boolean;
  opensEditor: boolean;
  administers: boolean;
  /** To check the chains of the audit. */
  checks: boolean;
}
const none: Offered = {
  acts: false,
  holds: false,
  repairs: false,
  opensEditor: false,
  administers: false,
  checks: false,
};
const offers: Record<string, Offered> = {
  viewer: none,
  operator: { ...none, acts: true, repairs: true },
  supervisor: { ...none, acts: true, repairs: true, holds: true, checks: true },
  analyst: { ...none, opensEditor: true },
  admin: { acts: true, repairs: true, holds: true, checks: true, opensEditor: true, administers: true },
};

export function describeRoles(
  opened: (options: PageOptions) => Promise<ConsolePage>,
  world: () => World,
): void {
  const as = async (name: string): Promise<ConsolePage> => {
    const one = await opened({ token: null });
    await one.open('');
    await signIn(one.page, name);
    return one;
  };
  const offeredTo = async ({ page, open, settled }: ConsolePage): Promise<Offered> => {
    const has = async (location: string, mark: string, role: 'button' | 'link' | 'tab', name: RegExp) => {
      await open(location);
      await page.locator(mark).first().waitFor();
      await settled();
      return (await page.getByRole(role, { name }).count()) > 0;
    };
    const aCase = `cases/${world().caseId}`;
    return {
      acts: await has(aCase, 'text=The case in five sentences', 'button', /^(Take over|More|Close)$/),
      opensEditor: await has(aCase, 'svg[role=group]', 'link', /, step 1$/),
      holds: await has('partners/erp', 'text=SAP S/4HANA', 'button', /^Hold$/),
      repairs: await has(`dead-letters/${world().letterId}`, 'main .panel', 'button', /^Show the payload$/),
      checks: await has('audit', 'main table', 'button', /^Check$/),
      administers: await has('admin', '[role=tab]', 'tab', /^Users$/),
    };
  };

  for (const [role, expected] of Object.entries(offers))
    it(`offers the role ${role} what it may do, and nothing else`, async () => {
      const one = await as(`the-${role}`);
      assert.deepEqual(await offeredTo(one), expected);
      await one.context.close();
    });

  it('is refused by the server what its page does not offer, and without the proof that it is its page', async () => {
    const { page, context } = await as('the-viewer');
    const write = (path: string, body: object, proof: boolean): Promise<{ status: number; code: string }> =>
      page.evaluate(postFrom, { path, body, proof });
    const note = { action: 'hold', reason: 'r' };
    assert.deepEqual(await write('partners/erp/actions', note, true), { status: 403, code: 'forbidden' });
    const view = { name: 'Forged', location: 'cases' };
    assert.equal((await write('views', view, false)).status, 403);
    assert.equal((await write('views', view, true)).status, 201);
    assert.equal(await page.evaluate('document.cookie'), '', 'no script reads the session');
    assert.equal(await page.evaluate('sessionStorage.length'), 0, 'no secret is kept where scripts read');
    await context.close();
  });

  it('keeps somebody limited to a partner to it, and says what is not for them', async () => {
    const { page, open, context } = await as('the-limited');
    await page.getByRole('link', { name: /^Open cases: \d+/ }).waitFor();
    await page.getByText('every 20 s').waitFor();
    await open('partners');
    await page.getByRole('link', { name: /tms/i }).first().waitFor();
    assert.equal(await page.getByText('SAP S/4HANA').count(), 0);
    await open('analytics');
    await page.getByRole('alert').first().waitFor();
    await context.close();
  });

  it('leads to the first set-up and to the provider where the server offers them', async () => {
    const { page, open, context } = await opened({ token: null });
    const oidc = { title: 'the works', path: '/auth/oidc' };
    await page.route('**/api/v1/sign-in', (route) =>
      route.fulfill({ json: { password: true, setup: true, oidc } }),
    );
    await open('');
    const { url } = world().scene;
    const leadsTo = async (part: string): Promise<string> => {
      const href = await page.locator(`a[href*="${part}"]`).getAttribute('href');
      return new URL(href ?? '', page.url()).href;
    };
    assert.equal(await leadsTo('setup'), `${url}/setup/`);
    assert.equal(await leadsTo('oidc'), `${url}/auth/oidc`);
    await context.close();
  });

  it('opens the editor for an analyst without another sign-in', async () => {
    const { page, open, context, complaints } = await as('the-analyst');
    await open(`cases/${world().caseId}`);
    await page.getByRole('link', { name: /, step 1$/ }).click();
    await page.waitForURL(/\/editor\//);
    await page.waitForFunction('window.RED && RED.nodes && RED.nodes.workspace("intake")');
    assert.equal(await page.locator('#node-dialog-login-username').count(), 0);
    await context.close();
    // Node-RED's own page is not what is looked after here.
    complaints.length = 0;
  });
}

/** In the page: a write as a script of it would send it. */
async function postFrom({ path, body, proof }: { path: string; body: object; proof: boolean }) {
  const me = (await (await fetch('../api/v1/me')).json()) as { csrfToken: string };
  const response = await fetch(`../api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...(proof && { 'x-csrf-token': me.csrfToken }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { code?: string };
  return { status: response.status, code: answer.code ?? '' };
}
