/** What travels to the threads that check signatures: many checks in one piece of memory, which is handed over uncopied. */
import type { SignatureCheck } from '../../title/server/ports.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A length before each: little-endian, as every machine reads it that Node runs on. */
const HEAD_BYTES = 4;

/** Checks one after the other: the length of the bytes, public key, signature, bytes. */
export function packChecks(checks: readonly SignatureCheck[]): ArrayBuffer {
  const each = HEAD_BYTES + KEY_BYTES + SIGNATURE_BYTES;
  const parcel = new Uint8Array(checks.reduce((sum, { bytes }) => sum + each + bytes.length, 0));
  const view = new DataView(parcel.buffer);
  let at = 0;
  for (const { publicKey, signature, bytes } of checks) {
    view.setUint32(at, bytes.length, true);
    parcel.set(publicKey, at + HEAD_BYTES);
    parcel.set(signature, at + HEAD_BYTES + KEY_BYTES);
    parcel.set(bytes, at + each);
    at += each + bytes.length;
  }
  return parcel.buffer;
}

/** The checks of a parcel, as views into it. */
export function unpackChecks(parcel: ArrayBuffer): readonly SignatureCheck[] {
  const view = new DataView(parcel);
  const checks: SignatureCheck[] = [];
  for (let at = 0; at < parcel.byteLength;) {
    const length = view.getUint32(at, true);
    at += HEAD_BYTES;
    checks.push({
      publicKey: new Uint8Array(parcel, at, KEY_BYTES),
      signature: new Uint8Array(parcel, at + KEY_BYTES, SIGNATURE_BYTES),
      bytes: new Uint8Array(parcel, at + KEY_BYTES + SIGNATURE_BYTES, length),
    });
    at += KEY_BYTES + SIGNATURE_BYTES + length;
  }
  return checks;
}

/** Whether a check can travel: what has another length is false without being looked at. */
export function isWhole({ publicKey, signature }: SignatureCheck): boolean {
  return publicKey.length === KEY_BYTES && signature.length === SIGNATURE_BYTES;
}
