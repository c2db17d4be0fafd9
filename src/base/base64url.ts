/** Bytes as base64url without padding (RFC 4648, section 5), for what stands in links and cookies. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += LETTERS.charAt((held >> bits) & 63);
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + LETTERS.charAt((held << (6 - bits)) & 63);
}

/** The bytes; undefined for what `toBase64url` would not have written so. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value === -1) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >> bits);
    }
    held &= (1 << bits) - 1;
  }
  const read = Uint8Array.from(bytes);
  return toBase64url(read) === text ? read : undefined;
}
