/** A person at a browser: fills in forms by their fields' names, and notes whatever a page complains of. */
import assert from 'node:assert/strict';
import type { ObjectionName } from '../../src/host/objections.ts';
import { TEXTS } from '../../src/pages/texts/index.ts';
import type { Texts } from '../../src/pages/texts/index.ts';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

export interface Device {
  readonly size: { readonly width: number; readonly height: number };
  readonly hasTouch: boolean;
  /** Whether scripts run. */
  readonly scripts: boolean;
  readonly locale: 'en-GB' | 'de-DE';
}

export const DESK: Device = {
  size: { width: 1280, height: 900 },
  hasTouch: false,
  scripts: true,
  locale: 'en-GB',
};
export const PHONE: Device = {
  size: { width: 390, height: 844 },
  hasTouch: true,
  scripts: true,
  locale: 'de-DE',
};
export const WITHOUT_SCRIPTS: Device = { ...DESK, scripts: false };

/** The longest that a page may take, in milliseconds: a hang is told as what was waited for. */
const PATIENCE = 30_000;

/** What is filled in, by the fields' names: text, an option's or a choice's value, whether a box is ticked, a file. */
export type Filling = Readonly<Record<string, string | boolean | { readonly file: string }>>;

export class Visitor {
  readonly page: Page;
  /** Errors of scripts, of the content security policy, and of what the pages load. */
  readonly complaints: string[];
  /** What the pages say in this visitor's language. */
  readonly texts: Texts;
  readonly #host: string;
  readonly #device: Device;

  private constructor(page: Page, host: string, device: Device, complaints: string[] = []) {
    this.complaints = complaints;
    this.page = page;
    this.texts = TEXTS[device.locale === 'de-DE' ? 'de' : 'en'];
    this.#host = host;
    this.#device = device;
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (message) => {
      const isExpected = /Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (/^(error|warning)$/.test(message.type()) && !isExpected)
        this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${String(error)}`));
    page.on('response', (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.url()}: ${response.status()}`);
    });
  }

  static async arrive(browser: Browser, host: string, device: Device): Promise<Visitor> {
    const options: BrowserContextOptions = {
      viewport: device.size,
      hasTouch: device.hasTouch,
      isMobile: device.hasTouch,
      javaScriptEnabled: device.scripts,
      locale: device.locale,
      timezoneId: 'Europe/Berlin',
      baseURL: host,
      acceptDownloads: true,
    };
    const context = await browser.newContext(options);
    return new Visitor(await context.newPage(), host, device);
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Visitor> {
    return new Visitor(await this.context.newPage(), this.#host, this.#device, this.complaints);
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The path of the page that is open, with its query. */
  get path(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.#host).href);
    if (this.#device.scripts) await this.page.locator('html.js').waitFor();
  }

  /** The form that posts to `action`; one that has all of `fields` where there are several. */
  form(action: string, fields: readonly string[] = []): Locator {
    const has = fields.map((name) => `:has([name="${name}"])`).join('');
    return this.page.locator(`form[action="${action}"]${has}`).filter({ visible: true }).first();
  }

  /** Fills in and sends the form that posts to `action`, by its button, and waits for the page that comes of it. */
  async send(action: string, filling: Filling = {}): Promise<void> {
    const form = this.form(action, Object.keys(filling));
    await this.fill(form, filling);
    await this.press(form.locator('button:not([type=button])').first());
  }

  async fill(form: Locator, filling: Filling): Promise<void> {
    for (const [name, value] of Object.entries(filling)) {
      const field = form.locator(`[name="${name}"]`);
      if (typeof value === 'object') await field.setInputFiles(value.file);
      else if (typeof value === 'boolean') await field.setChecked(value);
      else await this.#enter(field, value);
    }
  }

  async #enter(field: Locator, value: string): Promise<void> {
    const kind = await field.first().evaluate((element) => element.getAttribute('type') ?? element.tagName);
    if (kind === 'radio') await field.and(this.page.locator(`[value="${value}"]`)).check();
    else if (kind === 'SELECT') await field.selectOption(value);
    else if (kind !== 'hidden') await field.fill(value);
  }

  /** Presses what leads to another page, and waits for that. */
  async press(button: Locator): Promise<void> {
    await this.going(() => button.click());
  }

  /** Waits for the page that something leads to. */
  async going(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([this.page.waitForEvent('domcontentloaded'), act()]);
  }

  /** Saves what a button or link gives as a file. */
  async save(button: Locator, path: string): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    await download.saveAs(path);
    return download.suggestedFilename();
  }

  /** Waits until the page says something. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.locator('main').getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Asserts that what was asked for was done: the page says so. */
  async isDone(): Promise<void> {
    await this.page.locator('main > .notice').first().waitFor();
    const bad = this.page.locator('main > .notice.bad');
    assert.equal(await bad.count(), 0, `${this.path}: ${(await bad.allTextContents()).join()}`);
  }

  /** Asserts that something was not done, and that the page says why. */
  async objects(name: ObjectionName): Promise<void> {
    await this.page.locator('[role=alert]', { hasText: this.texts.objections[name] }).first().waitFor();
  }

  /** Marks the page: the answer throws where it was loaded again since. */
  async stays(): Promise<() => Promise<void>> {
    await this.page.evaluate(() => document.documentElement.setAttribute('data-mark', 'here'));
    return async () => {
      assert.equal(
        await this.page.locator('html[data-mark]').count(),
        1,
        `${this.path} was not loaded again`,
      );
    };
  }

  /** Where this visitor is and what the page says, and what was complained of; for who looks into a failure. */
  async lastSeen(): Promise<string> {
    if (this.page.isClosed()) return 'has left';
    const text = await this.page.locator('body').innerText();
    return `${this.page.url()}: ${text}\n${this.complaints.join('\n')}`;
  }

  /** What the page's main part says. */
  async text(): Promise<string> {
    return (await this.page.locator('main').innerText()).replace(/\s+/g, ' ');
  }

  /** Closes the browser; nothing may have been complained of. */
  async leave(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.complaints, []);
  }
}
