/**
 * One conversation with an OData v2 service: cookies, CSRF token, credentials. SAP ties the token to the session cookies, so both are
 * sent together; a 403 with `x-csrf-token: Required` means that the session ended, and is answered by fetching both anew
 * (SAP Gateway, cross-site request forgery protection: https://help.sap.com/docs/SAP_GATEWAY).
 * It lives as long as one operation: a connector keeps no state.
 */
import type { CallContext } from '../kit/connector';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { reading, sendAuthorized } from '../kit/outbound';
import { authorizations, settingsOf } from './manifest';

export type Service = 'salesOrder' | 'delivery' | 'attachment';

/** How often one write fetches a fresh token before the refusal is believed. */
const tokenAttempts = 2;

export class Session {
  private readonly cookies = new Map<string, string>();
  private readonly root: string;
  private readonly client: string | undefined;
  private token: string | undefined;

  constructor(
    private readonly call: CallContext,
    service: Service,
  ) {
    const settings = settingsOf(call.settings);
    this.root = {
      salesOrder: settings.salesOrderPath,
      delivery: settings.deliveryPath,
      attachment: settings.attachmentPath,
    }[service];
    this.client = settings.sapClient;
  }

  /** Reads below the service root; asks for a CSRF token on the way, which saves a call before a write. */
  async read(path: string): Promise<HttpResponse> {
    const response = await reading(() =>
      this.exchange({ method: 'GET', path, headers: { 'x-csrf-token': 'Fetch' } }),
    );
    this.keepToken(response);
    return response;
  }

  /** Sends a change, conditional on `etag` where there is one. */
  write(
    method: 'PATCH' | 'POST' | 'DELETE',
    path: string,
    json: unknown,
    etag: string | undefined,
  ): Promise<HttpResponse> {
    return this.underCsrf({
      method,
      path,
      ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
      ...(json === undefined ? {} : { json }),
    });
  }

  /** Sends a file; its name and owner stand in the headers. */
  upload(path: string, body: Uint8Array, headers: Record<string, string>): Promise<HttpResponse> {
    return this.underCsrf({ method: 'POST', path, headers, body });
  }

  private async underCsrf(request: HttpRequest): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.token === undefined) await this.fetchToken();
      const response = await this.exchange({
        ...request,
        headers: { 'x-csrf-token': this.token ?? '', ...request.headers },
      });
      if (!needsToken(response) || attempt > tokenAttempts) return response;
      this.token = undefined;
      this.cookies.clear();
    }
  }

  private async fetchToken(): Promise<void> {
    this.keepToken(
      await reading(() => this.exchange({ method: 'GET', path: '/', headers: { 'x-csrf-token': 'Fetch' } })),
    );
  }

  private keepToken(response: HttpResponse): void {
    const token = response.headers['x-csrf-token'];
    if (token !== undefined && token.toLowerCase() !== 'required') this.token = token;
  }

  private async exchange(request: HttpRequest): Promise<HttpResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await sendAuthorized(this.call, authorizations(this.call), {
      ...request,
      path: this.address(request.path),
      headers: { accept: 'application/json', ...request.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    this.keepCookies(response);
    return response;
  }

  private address(path: string): string {
    if (this.client === undefined) return this.root + path;
    return `${this.root}${path}${path.includes('?') ? '&' : '?'}sap-client=${this.client}`;
  }

  private keepCookies(response: HttpResponse): void {
    for (const line of (response.headers['set-cookie'] ?? '').split('\n')) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (at > 0) this.cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    }
  }
}

function needsToken(response: HttpResponse): boolean {
  return response.status === 403 && response.headers['x-csrf-token']?.toLowerCase() === 'required';
}
