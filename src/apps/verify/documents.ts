import { Refusal } from '../../base/refusal.ts';
import type { Document, Request, Response } from '../../protocol/catalogue.ts';
import { decodeAny } from '../../protocol/codec.ts';
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
  readonly payloads: readonly Payload[];
  readonly blinds: readonly Blind[];
  readonly blindSignatures: readonly { readonly reference: string; readonly blind_signature: string }[];
}

const NOTHING: Parts = {
  cddcs: [],
  certificates: [],
  coins: [],
  payloads: [],
  blinds: [],
  blindSignatures: [],
};

/** What a document or message holds of each kind. */
export function partsOf(content: ReadFile['content']): Parts {
  if (content instanceof Refusal) return NOTHING;
  switch ((content as Document | Request | Response).type) {
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
    default:
      return partsOfMessage(content as Partial<MessageParts>);
  }
}

/** The fields in which messages carry parts; the same name means the same everywhere in the protocol. */
interface MessageParts {
  readonly cddc: Cddc;
  readonly keys: readonly MintKeyCertificate[];
  readonly coins: readonly Coin[];
  readonly blinds: readonly Blind[];
  readonly blind_signatures: Parts['blindSignatures'];
}

function partsOfMessage(message: Partial<MessageParts>): Parts {
  return {
    ...NOTHING,
    cddcs: message.cddc === undefined ? [] : [message.cddc],
    certificates: message.keys ?? [],
    coins: message.coins ?? [],
    blinds: message.blinds ?? [],
    blindSignatures: message.blind_signatures ?? [],
  };
}
