/** What stands at the head of every answer, and what must stand at the head of a request that changes something. */
import type { Context } from 'hono';

/**
 * Nothing but this host's own files, no script or style within pages, no frames. A MediaStream needs no media-src; `data:`
 * is for the little icon that no file is worth.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PERMISSIONS_POLICY = [
  'camera=(self)',
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  'clipboard-write=(self)',
  ...['microphone', 'geolocation', 'payment', 'usb', 'serial', 'display-capture'].map(
    (feature) => `${feature}=()`,
  ),
].join(', ');

const ON_EVERYTHING = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Permissions-Policy': PERMISSIONS_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Tells other sites nothing. With no-referrer a browser would send our own forms without their origin.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** Two years, as https://hstspreload.org asks for; subdomains are somebody else's. */
const STRICT_TRANSPORT_SECURITY = 'max-age=63072000';

/** Puts the headers on an answer before it is made; whoever makes it may set `Cache-Control` anew. */
export function putHeaders(context: Context, isSecure: boolean): void {
  for (const [name, value] of Object.entries(ON_EVERYTHING)) context.header(name, value);
  if (isSecure) context.header('Strict-Transport-Security', STRICT_TRANSPORT_SECURITY);
}

/**
 * Whether a request that changes something comes from a page of ours, as far as its head says: no page can change what
 * browsers put there. Where they do not say from which site (Fetch Metadata comes with HTTPS and on this very machine),
 * they say from which origin. What is no browser may leave both out, and has no cookie that it did not come by itself.
 */
export function isFromHere(header: (name: string) => string | undefined, origin: string): boolean {
  const site = header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const from = header('origin');
  return from === undefined || from === origin;
}

/** The languages that somebody reads, most wanted first, as `Accept-Language` says (RFC 9110, 12.5.4). */
export function languagesOf(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((each) => each.trim());
      const weight = parameters.find((each) => each.startsWith('q='))?.slice(2);
      return {
        language: tag.toLowerCase().split('-')[0] ?? '',
        weight: weight === undefined ? 1 : Number(weight),
      };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ language }) => language);
}

const BROWSERS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\bEdg/, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Which browser it is, in a few words for a list of sessions; empty where it does not say. */
export function browserOf(userAgent: string): string {
  const named = (table: typeof BROWSERS): readonly string[] => {
    const found = table.find(([mark]) => mark.test(userAgent));
    return found === undefined ? [] : [found[1]];
  };
  return [...named(BROWSERS), ...named(SYSTEMS)].join(', ');
}
