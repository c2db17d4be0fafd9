/** Order files: an order with its signatures, and the description by which its amounts are read. */
import { canonicalBytes } from '../../../base/canonical.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { decodeDocument } from '../../../protocol/codec.ts';
import type { Cddc } from '../../../protocol/documents.ts';
import type { SignedOrder } from '../../../protocol/governance.ts';
import { signEd25519 } from '../../../signers/ed25519.ts';
import { createFile, replaceFile } from '../../../signers/vault/file.ts';
import { actionInWords, dated } from '../../audit/words.ts';
import { openCddc } from '../../verify/check.ts';
import { fileError, readFile } from '../files.ts';
import type { OperatorKey } from './key.ts';

/** Made by `operator order`, passed from hand to hand, and handed in by `operator submit`. */
export interface OrderFile {
  /** Signed by the currency's master key, so that whoever signs offline can trust how amounts are written. */
  readonly description: Cddc;
  readonly signed_order: SignedOrder;
  readonly type: typeof ORDER_TYPE;
  /** Where it is to be handed in. */
  readonly url: string;
}

const ORDER_TYPE = 'specie order file';

/** A new order file without signatures. */
export function orderFile(url: string, description: Cddc, order: SignedOrder['order']): OrderFile {
  const signed_order = { order, signatures: [], type: 'signed operator order' } as const;
  return { description, signed_order, type: ORDER_TYPE, url };
}

/** The order file with one more signature; an earlier one of the same key gives way. */
export function withSignature(file: OrderFile, { publicKey, secret }: OperatorKey): OrderFile {
  const { order, signatures, type } = file.signed_order;
  const others = signatures.filter((each) => each.operator !== publicKey);
  const signature = signEd25519(secret, canonicalBytes(order));
  return {
    ...file,
    signed_order: { order, signatures: [...others, { operator: publicKey, signature }], type },
  };
}

/** What an order file says, in plain words. */
export function orderInWords({ description, signed_order, url }: OrderFile): readonly string[] {
  const { order, signatures } = signed_order;
  const { cdd } = description;
  const signed =
    signatures.length === 0
      ? 'Nobody has signed it yet.'
      : `Signed by ${signatures.map((each) => each.operator).join(', ')}.`;
  const [first = '', ...rest] = actionInWords(order.action, cdd);
  return [
    `An order for ${cdd.currency_name} (${order.issuer_id}), to be handed in at ${url}:`,
    `  ${first}`,
    ...rest.map((line) => `    ${line}`),
    `It can be executed until ${dated(order.expires)}. ${signed}`,
  ];
}

/** Reads an order file, and checks that its description is that of the currency which the order is for. */
export function readOrderFile(path: string): OrderFile | Refusal {
  let text: string;
  try {
    text = new TextDecoder().decode(readFile(path));
  } catch (error) {
    return fileError(error, path);
  }
  return parsedOrder(text, path);
}

function parsedOrder(text: string, path: string): OrderFile | Refusal {
  const none = (why: string) => refuse('malformed', `the file ${path} holds no order${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Whatever is no JSON is no order file: that is the answer.
    return none('; make one with order');
  }
  if (typeof value !== 'object' || value === null) return none('; make one with order');
  const { description, signed_order, type, url } = value as Partial<Record<string, unknown>>;
  if (type !== ORDER_TYPE || typeof url !== 'string') return none('; make one with order');
  const signed = decoded(signed_order);
  if (signed instanceof Refusal) return none(` that can be read (${signed.details})`);
  if (signed?.type !== 'signed operator order') return none('; make one with order');
  const cddc = decoded(description);
  if (cddc instanceof Refusal) return none(` that can be read (${cddc.details})`);
  if (cddc?.type !== 'cdd certificate') return none('; make one with order');
  const opened = openCddc(cddc);
  if (opened instanceof Refusal || cddc.cdd.id !== signed.order.issuer_id) {
    return refuse('distrusted', `the description in the file ${path} is not that of the order's currency`);
  }
  return { description: cddc, signed_order: signed, type: ORDER_TYPE, url };
}

function decoded(value: unknown): ReturnType<typeof decodeDocument> | undefined {
  return typeof value === 'object' ? decodeDocument(Buffer.from(JSON.stringify(value))) : undefined;
}

/** Writes a new order file, never over another. */
export function createOrderFile(path: string, file: OrderFile): Refusal | undefined {
  return attempt(path, () =>
    createFile(path, written(file))
      ? undefined
      : refuse('not possible', `the file ${path} exists already; choose another name`),
  );
}

/** Writes an order file in its own place: whoever reads it has the old one or the new one. */
export function replaceOrderFile(path: string, file: OrderFile): Refusal | undefined {
  return attempt(path, () => {
    replaceFile(path, written(file));
    return undefined;
  });
}

function attempt(path: string, work: () => Refusal | undefined): Refusal | undefined {
  try {
    return work();
  } catch (error) {
    return fileError(error, path);
  }
}

function written(file: OrderFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
