/** One person's way to a wallet host: HTTP from an address of their own, with the cookies that the host gives. */
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Bytes of the body as they came. */
  readonly size: number;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How it looks from here that a program was killed, or does not run yet. */
const GONE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** The longest that an answer may take, in milliseconds: what takes longer hangs. */
const PATIENCE = 60_000;

export class HostClient {
  readonly origin: string;
  readonly #agent: Agent;
  readonly #cookies = new Map<string, string>();

  /** `address`: any of 127.0.0.0/8, so that the host takes each person for somebody else. */
  constructor(url: string, address = '127.0.0.1') {
    this.origin = new URL(url).origin;
    // The host's name has addresses of both families.
    this.#agent = new Agent({ keepAlive: true, localAddress: address, family: 4 });
  }

  get hasCookies(): boolean {
    return this.#cookies.size > 0;
  }

  /** Asks once; undefined when there was no answer, so that nobody knows whether it was done. */
  async ask(
    method: string,
    path: string,
    { headers = {}, body }: Question = {},
  ): Promise<Answer | undefined> {
    try {
      const answer = await this.#exchange(method, path, headers, body);
      for (const cookie of answer.headers['set-cookie'] ?? []) this.#keep(cookie);
      return answer;
    } catch (error) {
      if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  /** The header that gives the cookies back, as a browser does. */
  cookies(): Readonly<Record<string, string>> {
    return { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.origin), { method, headers, agent: this.#agent });
      asked.setTimeout(PATIENCE, () => asked.destroy(new Error(`${method} ${path.split('?')[0]} hangs`)));
      asked.once('error', reject);
      asked.once('response', (response) => resolve(whole(response)));
      asked.end(body);
    });
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

async function whole(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: body.toString('utf8'),
    size: body.length,
  };
}

/** The fields that a page's form to `action` brings along by itself, such as its token; undefined where there is none. */
export function hiddenFields(page: string, action: string): Readonly<Record<string, string>> | undefined {
  const forms = page.match(/<form\b[^]*?<\/form>/g) ?? [];
  const form = forms.find((each) => attributes(each.slice(0, each.indexOf('>')))['action'] === action);
  if (form === undefined) return undefined;
  const inputs = (form.match(/<input\b[^>]*>/g) ?? []).map(attributes);
  const hidden = inputs.filter(({ type }) => type === 'hidden');
  return Object.fromEntries(hidden.map(({ name = '', value = '' }) => [name, value]));
}

function attributes(tag: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** Text as it is shown, from its HTML. */
export function unescaped(html: string): string {
  return html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
