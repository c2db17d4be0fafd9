/** A browser without a window: cookies, redirects, forms. Scripts do not run, so what works here works without them. */
import assert from 'node:assert/strict';

export interface Page {
  readonly status: number;
  /** Where it is, redirects followed. */
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

export class Browser {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** Every answer's head, redirects too. */
  readonly heads: { readonly path: string; readonly status: number; readonly headers: Headers }[] = [];

  constructor(url: string) {
    this.origin = new URL(url).origin;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.#go(path, { headers: { accept: 'text/html', ...headers } });
  }

  /** Sends a form of a page: its hidden fields, and what is typed into the others. */
  async submit(
    from: string | Page,
    action: string,
    typed: Readonly<Record<string, string | Blob>> = {},
  ): Promise<Page> {
    const page = typeof from === 'string' ? await this.get(from) : from;
    const hidden = hiddenFields(page, action);
    const values: Record<string, string | Blob> = {};
    for (const { name, value } of hidden) values[name] = value;
    return this.post(action, { ...values, ...typed });
  }

  /** Posts fields as they are. */
  post(
    path: string,
    fields: Readonly<Record<string, string | Blob>>,
    headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Page> {
    const hasFile = Object.values(fields).some((value) => typeof value !== 'string');
    const body = hasFile ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') body.append(name, value);
      else (body as FormData).append(name, value, 'coins.oc');
    }
    return this.#go(path, { method: 'POST', body, headers });
  }

  async #go(path: string, init: RequestInit): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(this.origin + path, { ...init, headers, redirect: 'manual' });
    this.#keep(response.headers);
    this.heads.push({ path, status: response.status, headers: response.headers });
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) {
      await response.arrayBuffer();
      return this.#go(location, { headers: { accept: 'text/html' } });
    }
    return { status: response.status, path, headers: response.headers, text: await response.text() };
  }

  #keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/max-age=0\b/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
  }
}

/** The hidden fields of the form that goes to `action`. */
export function hiddenFields(page: Page, action: string): readonly Field[] {
  const forms = [...page.text.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)];
  const form = forms.find(([, head = '']) => new RegExp(`action="${RegExp.escape(action)}"`).test(head));
  assert.ok(form !== undefined, `${page.path} has a form to ${action}: ${page.status} ${sayings(page)}`);
  return [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => ({ name, value: unescaped(value) }),
  );
}

/** The page's words, without its marks. */
export function sayings({ text }: Page): string {
  const main = text.slice(text.indexOf('<main'));
  return unescaped(main.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
