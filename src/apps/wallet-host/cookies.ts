/** The two cookies, and the token that proves that a form is one of ours. */
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { utf8 } from '../../base/bytes.ts';
import { fromBase64url, toBase64url } from '../../base/base64url.ts';
import type { Site } from './site.ts';

/** Bytes of a session's secret, and of what stands in for it before there is one. */
const SECRET = 32;

/** The longest that browsers keep a cookie, in seconds. Whether it still opens anything is for the host to say. */
const KEPT = 400 * 24 * 60 * 60;

/** With the prefix `__Host-`, browsers take it over HTTPS only, for this very host and all its paths. */
const names = (isSecure: boolean) =>
  isSecure
    ? { session: '__Host-specie', form: '__Host-specie-form' }
    : { session: 'specie', form: 'specie-form' };

/** The session's secret as the browser gives it; empty where it gives none. */
export function sessionCookie(site: Site, context: Context): string {
  const secret = getCookie(context, names(site.isSecure).session) ?? '';
  return isSecret(secret) ? secret : '';
}

/** Signs the browser in, or out with an empty secret. */
export function putSessionCookie(site: Site, context: Context, secret: string): void {
  const { session } = names(site.isSecure);
  if (secret === '') deleteCookie(context, session, { path: '/', secure: site.isSecure });
  else setCookie(context, session, secret, optionsOf(site));
}

/** What ties the forms of a browser to it that is not signed in; given where it has none. */
export function formCookie(site: Site, context: Context): string {
  const { form } = names(site.isSecure);
  const known = getCookie(context, form) ?? '';
  if (isSecret(known)) return known;
  const made = toBase64url(site.randomness(SECRET));
  setCookie(context, form, made, optionsOf(site));
  return made;
}

/** The token in a browser's forms: of its session's secret, or of its form cookie. */
export function formToken(site: Site, secret: string): string {
  const key = fromBase64url(secret);
  if (key === undefined) throw new Error('a form cannot be tied to this');
  return toBase64url(site.secrets.subkey(key, 'specie form'));
}

/** Compares in a time that tells nothing of either. */
export function isToken(given: string, expected: string): boolean {
  const [one, other] = [utf8(given), utf8(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text) && fromBase64url(text)?.length === SECRET;
}

/** Lax: a link in a mail opens signed in. What changes something is a form with a token. */
function optionsOf(site: Site) {
  return { path: '/', httpOnly: true, secure: site.isSecure, sameSite: 'Lax', maxAge: KEPT } as const;
}
