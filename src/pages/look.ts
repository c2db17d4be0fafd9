import type { HtmlEscapedString } from 'hono/utils/html';
import type { Instant } from '../base/dates.ts';
import type { Objection } from '../host/objections.ts';
import type { DoneKey, Language, Texts } from './texts/index.ts';

/** A page or a part of one; whatever was put into it is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What is said above a page: that something was done, or why it was not. */
export type Notice =
  | { readonly kind: 'done'; readonly key: DoneKey }
  | { readonly kind: 'objection'; readonly objection: Objection };

/** What was typed into a form that has to be shown again; on a fresh page what the query prefills. By the fields' names. */
export type Values = Readonly<Record<string, string>>;

/** What every page knows besides its own view. */
export interface Look {
  readonly texts: Texts;
  readonly language: Language;
  /** Who is signed in, by name. */
  readonly member: string | undefined;
  /** Goes back with every form, as `csrf`. */
  readonly csrf: string;
  /** At random for each rendering; goes back as `once` with forms that move money: the same `once` is carried out once. */
  readonly once: string;
  readonly unread: number;
  /** The page's path, without a query. */
  readonly path: string;
  /** The host's name as people type it, such as `wallet.example`. */
  readonly host: string;
  /** Whether mails go to a mail server; else they lie in a folder of the host's. */
  readonly hasMailServer: boolean;
  readonly now: Instant;
  /** The reader's time zone, one of `Intl.supportedValuesOf('timeZone')`; UTC while it is not known. */
  readonly zone?: string | undefined;
  readonly notice?: Notice | undefined;
  /** The address of `style.css` or of a module such as `browser/start.ts`. */
  readonly assets: (name: string) => string;
}
