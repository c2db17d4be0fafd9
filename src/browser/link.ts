/** 16 bytes as base64url: 21 characters and one that holds the last two bits. */
const KEY = /^#([\w-]{21}[AQgw])$/;

/** The drop's key in a link's fragment; undefined where there is none. */
export function keyIn(link: string): string | undefined {
  const start = link.indexOf('#');
  return start < 0 ? undefined : KEY.exec(link.slice(start))?.[1];
}
