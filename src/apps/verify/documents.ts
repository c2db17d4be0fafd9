import { Refusal } from '../../base/refusal.ts';
import type { Document, Request, Response } from '../../protocol/catalogue.ts';
import { decodeAny } from '../../protocol/codec.ts';
import type { DoublePayment } from '../../protocol/messages/double-payments.ts';
import type { Blind, Cddc, Coin, MintKeyCertificate, Payload, PublicKey } from '../../protocol/documents.ts';

/** A file as it was read: its document or message, or why it is none. */
export interface ReadFile {
  readonly name: string;
  readonly content: Document | Request | Response | PublicKey | Refusal;
}

/** Reads one file's bytes. */
export function readDocument(name: string, bytes: Uint8Array): ReadFile {
  return { name, content: decodeAny(bytes) };
}

/** The parts of a file that can be checked by themselves. */
export interface Parts {
  readonly cddcs: readonly Cddc[];
  readonly certificates: readonly MintKeyCertificate[];
  readonly coins: readonly Coin[];
  /** Whether the coins are as the mint is shown them, and not as they are handed over. */
  readonly shown: boolean;
  readonly payloads: readonly Payload[];
  readonly blinds: readonly Blind[];
  readonly blindSignatures: readonly { readonly reference: string; readonly blind_signature: string }[];
  readonly doublePayments: readonly DoublePayment[];
}

const NOTHING: Parts = {
  cddcs: [],
  certificates: [],
  coins: [],
  shown: false,
  payloads: [],
  blinds: [],
  blindSignatures: [],
  doublePayments: [],
};

/** Requests in which coins come to the mint. */
const TO_THE_MINT: readonly string[] = ['request renew', 'request redeem'];

/** What a document or message holds of each kind. */
export function partsOf(content: ReadFile['content']): Parts {
  if (content instanceof Refusal) return NOTHING;
  const { type } = content as Document | Request | Response;
  switch (type) {
    case 'cdd certificate':
      return { ...NOTHING, cddcs: [content as Cddc] };
    case 'mint key certificate':
      return { ...NOTHING, certificates: [content as MintKeyCertificate] };
    case 'coin':
      return { ...NOTHING, coins: [content as Coin] };
    case 'payload':
      return { ...NOTHING, payloads: [content as Payload] };
    case 'blinded payload hash':
      return { ...NOTHING, blinds: [content as Blind] };
    case 'blind signature':
      return { ...NOTHING, blindSignatures: [content as Parts['blindSignatures'][number]] };
    case 'double payment':
      return { ...NOTHING, doublePayments: [content as DoublePayment] };
    default:
      return { ...partsOfMessage(content as Partial<MessageParts>), shown: TO_THE_MINT.includes(type) };
  }
}

/** The fields in which messages carry parts; the same name means the same everywhere in the protocol. */
interface MessageParts {
  readonly cddc: Cddc;
  readonly keys: readonly MintKeyCertificate[];
  readonly coins: readonly Coin[];
  readonly blinds: readonly Blind[];
  readonly blind_signatures: Parts['blindSignatures'];
  readonly double_payments: readonly DoublePayment[];
}

function partsOfMessage(message: Partial<MessageParts>): Parts {
  return {
    ...NOTHING,
    cddcs: message.cddc === undefined ? [] : [message.cddc],
    certificates: message.keys ?? [],
    coins: message.coins ?? [],
    blinds: message.blinds ?? [],
    blindSignatures: message.blind_signatures ?? [],
    doublePayments: message.double_payments ?? [],
  };
}

/** Whether a signature stands anywhere in a document or message. */
export function isSigned(content: unknown): boolean {
  if (typeof content !== 'object' || content === null) return false;
  return Object.entries(content).some(([field, value]) => field.includes('signature') || isSigned(value));
}
