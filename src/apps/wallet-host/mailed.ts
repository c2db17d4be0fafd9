import type { Site } from './site.ts';

/** Whether a payment to `to` goes by e-mail: an address, and not a name at this host. */
export function isMailed({ url }: Pick<Site, 'url'>, to: string): boolean {
  const at = to.lastIndexOf('@');
  return (
    at >= 0 &&
    to
      .slice(at + 1)
      .trim()
      .toLowerCase() !== url.hostname
  );
}
