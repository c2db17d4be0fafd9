/** The public journal: a hash chain of all that was decided about a currency, and of what was issued, by period. */
import Type from 'typebox';
import { LIMITS } from '../base/limits.ts';
import { RevocationCertificate, StatementKeyCertificate } from './attestations.ts';
import { Cddc, MintKeyCertificate } from './documents.ts';
import { AmountField, DateText, Ed25519Signature, Id, List, Strict } from './fields.ts';
import type { Written } from './fields.ts';
import { Founding, SignedOrder } from './governance.ts';

/** Of one mint key: all that was issued and redeemed since it was made. */
const KeyTotals = Strict({ issued: AmountField, mint_key_id: Id, redeemed: AmountField });
export type KeyTotals = Written<typeof KeyTotals>;

const event = <Name extends string, Fields extends Type.TProperties>(name: Name, fields: Fields) =>
  Strict({ ...fields, type: Type.Literal(name) });

export const JournalEvent = Type.Union(
  [
    event('founded', { cddc: Cddc, founding: Founding, statement_key: StatementKeyCertificate }),
    // An order with the signatures that met the policy: whoever reads along checks them again.
    event('ordered', { order: SignedOrder }),
    event('description', { cddc: Cddc }),
    event('mint key', { certificate: MintKeyCertificate }),
    event('mint key revoked', { certificate: RevocationCertificate }),
    // Nobody can bring these coins back any more: what is left of them goes from float to treasury.
    event('mint key expired', { totals: KeyTotals }),
    event('totals', { totals: List(KeyTotals, 1, LIMITS.openMintKeys) }),
    event('backup', { sha256: Id }),
    event('restored', { complete: Type.Boolean() }),
    event('currency founded', { issuer_id: Id }),
    // What the box holds of the currency that backs this one, in that currency's smallest unit.
    event('reserve held', { amount: AmountField }),
  ],
  { description: 'an event of the journal' },
);
export type JournalEvent =
  | {
      readonly type: 'founded';
      readonly cddc: Cddc;
      readonly founding: Founding;
      readonly statement_key: StatementKeyCertificate;
    }
  | { readonly type: 'ordered'; readonly order: SignedOrder }
  | { readonly type: 'description'; readonly cddc: Cddc }
  | { readonly type: 'mint key'; readonly certificate: MintKeyCertificate }
  | { readonly type: 'mint key revoked'; readonly certificate: RevocationCertificate }
  | { readonly type: 'mint key expired'; readonly totals: KeyTotals }
  | { readonly type: 'totals'; readonly totals: readonly KeyTotals[] }
  | { readonly type: 'backup'; readonly sha256: string }
  | { readonly type: 'restored'; readonly complete: boolean }
  | { readonly type: 'currency founded'; readonly issuer_id: string }
  | { readonly type: 'reserve held'; readonly amount: number };

/** `number` counts from 0; `previous` is the hash of the entry before, 64 zeros at the beginning. */
export const JournalEntry = Strict({
  event: JournalEvent,
  issuer_id: Id,
  number: AmountField,
  previous: Id,
  time: DateText,
  type: Type.Literal('journal entry'),
});
export type JournalEntry = Omit<Written<typeof JournalEntry>, 'event'> & { readonly event: JournalEvent };

export const SignedEntry = Strict({
  entry: JournalEntry,
  signature: Ed25519Signature,
  type: Type.Literal('signed journal entry'),
});
export type SignedEntry = {
  readonly entry: JournalEntry;
  readonly signature: string;
  readonly type: 'signed journal entry';
};
