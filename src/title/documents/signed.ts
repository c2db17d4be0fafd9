/** What is hashed and what is signed about titles: each under a domain of its own, so that nothing passes for another. */
import { sha256 as portable } from '@noble/hashes/sha2.js';
import { concatBytes, sameBytes, utf8 } from '../../base/bytes.ts';
import { Writer } from './bytes.ts';
import { formBytes } from './codec.ts';
import {
  GroupHead,
  Holding,
  RootStatement,
  Sealed,
  TitleClass,
  TitleClassCertificate,
  TitleTerms,
  Transfer,
} from './documents.ts';
import type { TransferInput } from './documents.ts';
import type { Form } from './form.ts';
import { leafHash } from './merkle.ts';
import type { Sha256 } from './merkle.ts';

const TERMS = utf8('specie title terms 1\0');
const CLASS = utf8('specie title class 1\0');
const TRANSFER = utf8('specie title transfer 1\0');
const SIGNED_TRANSFER = utf8('specie title transfer, signed 1\0');
const HEAD = utf8('specie title group 1\0');
const ROOT = utf8('specie title root 1\0');
const SEAL = utf8('specie title seal 1\0');
const HOLDING_LEAF = Uint8Array.of(1);
const CLASS_LEAF = Uint8Array.of(2);

/** A class's id, 32 bytes. */
export function classId(terms: TitleTerms): Uint8Array {
  return portable(concatBytes(TERMS, formBytes(TitleTerms, terms)));
}

/** What a class's issuer signs. */
export function classSigned(titleClass: TitleClass): Uint8Array {
  return concatBytes(CLASS, formBytes(TitleClass, titleClass));
}

/** A transfer's hash, 32 bytes: what it is known by. It names the server, so that no other takes it. */
export function transferHash(server: Uint8Array, transfer: Transfer, sha256: Sha256 = portable): Uint8Array {
  return writing(Transfer, transfer, TRANSFER, server).lend(sha256);
}

/** The same of a transfer as its form has written it already. */
export function transferHashOf(server: Uint8Array, bytes: Uint8Array, sha256: Sha256 = portable): Uint8Array {
  const to = new Writer();
  to.raw(TRANSFER);
  to.raw(server);
  to.raw(bytes);
  return to.lend(sha256);
}

/** What holders sign of a transfer with this hash. */
export function transferSigned(hash: Uint8Array): Uint8Array {
  return concatBytes(SIGNED_TRANSFER, hash);
}

/**
 * Who has to sign for an input at a moment (milliseconds since 1970): its holder, or where a condition's time is over the
 * fallback.
 */
export function signerOf({ holder, condition }: TransferInput, now: number): Uint8Array {
  return condition !== undefined && now >= condition.until ? condition.fallback : holder;
}

/** Those who have to sign a transfer: each once, in the order of the inputs. */
export function signersOf({ inputs }: Transfer, now: number): readonly Uint8Array[] {
  const signers: Uint8Array[] = [];
  for (const input of inputs) {
    const signer = signerOf(input, now);
    if (!signers.some((each) => sameBytes(each, signer))) signers.push(signer);
  }
  return signers;
}

/** What the server's signature over a group covers. */
export function headSigned(server: Uint8Array, head: GroupHead): Uint8Array {
  return concatBytes(HEAD, server, formBytes(GroupHead, head));
}

/** The hash of a head, 32 bytes: what the next one names. */
export function headHash(server: Uint8Array, head: GroupHead, sha256: Sha256 = portable): Uint8Array {
  return sha256(headSigned(server, head));
}

/** What the server's signature over its root statement covers. */
export function rootSigned(server: Uint8Array, statement: RootStatement): Uint8Array {
  return concatBytes(ROOT, server, formBytes(RootStatement, statement));
}

/** What a proof's seal covers: as much of the holding as a transfer repeats of it. */
export function holdingSealed(held: Sealed): Uint8Array {
  return writing(Sealed, held, SEAL).finish();
}

/** The seal on a holding, by who can seal. */
export function sealOf(held: Sealed, seal: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  return writing(Sealed, held, SEAL).lend(seal);
}

/** A holding as an entry of its group's tree. */
export function holdingEntry(holding: Holding): Uint8Array {
  return writing(Holding, holding, HOLDING_LEAF).finish();
}

/** The hash of a holding as a leaf of its group's tree. */
export function holdingLeaf(holding: Holding, sha256: Sha256 = portable): Uint8Array {
  return writing(Holding, holding, HOLDING_LEAF).lend((entry) => leafHash(entry, sha256));
}

/** A class's version as the one entry of its group's tree. */
export function classEntry(certificate: TitleClassCertificate): Uint8Array {
  return writing(TitleClassCertificate, certificate, CLASS_LEAF).finish();
}

/** A document behind what tells it from others. */
function writing<Value>(form: Form<Value>, value: Value, ...before: readonly Uint8Array[]): Writer {
  const to = new Writer();
  for (const bytes of before) to.raw(bytes);
  form.write(value, to);
  return to;
}
