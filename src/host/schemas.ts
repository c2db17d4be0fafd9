/**
 * What goes into a host and comes out of it: one schema each. The API validates by them, the forms are read into them, the
 * pages show them, and spec/wallet-host.openapi.json is made of them. Amounts are of the currency's smallest unit.
 */
import Type from 'typebox';
import type { Static, TObject, TProperties } from 'typebox';
import { HOST_LIMITS } from './limits.ts';

export const Strict = <Fields extends TProperties>(fields: Fields): TObject<Fields> =>
  Type.Object(fields, { additionalProperties: false });

export const CurrencyId = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'the id of a currency' });
const Id = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'an id: 32 hexadecimal digits' });
export const Positive = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'of the smallest unit',
});
export const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Time = Type.String({ description: 'ISO 8601, UTC' });
export const Text = (maxLength: number, description = '') => Type.String({ maxLength, description });

export const Name = Type.String({
  minLength: 1,
  maxLength: HOST_LIMITS.name,
  description: "a member's name",
});
export const Password = Type.String({ minLength: 1, maxLength: HOST_LIMITS.password });

/** What comes in. */
export const SignUpInput = Strict({
  name: Name,
  password: Password,
  phrase: Text(HOST_LIMITS.phrase, 'twelve words of a wallet to bring along; empty for a new one'),
});
export type SignUpInput = Static<typeof SignUpInput>;
export const SignInInput = Strict({ name: Name, password: Password });
export type SignInInput = Static<typeof SignInInput>;
export const RecoverInput = Strict({ name: Name, phrase: Text(HOST_LIMITS.phrase), password: Password });
export type RecoverInput = Static<typeof RecoverInput>;

export const PayInput = Strict({
  to: Text(HOST_LIMITS.to, 'a name on this host, an e-mail address, or empty for nobody in particular'),
  currency: CurrencyId,
  amount: Positive,
  subject: Text(HOST_LIMITS.subject),
  text: Text(HOST_LIMITS.text),
});
export type PayInput = Static<typeof PayInput>;
export const LookInput = Strict({
  text: Type.String({
    minLength: 1,
    maxLength: HOST_LIMITS.handover,
    description: 'a link, coins as text, or the JSON of an .oc file',
  }),
});
export type LookInput = Static<typeof LookInput>;
export const TakeInput = Strict({
  text: LookInput.properties.text,
  accept: Type.Boolean({ description: 'whether to add the currency where it is not known yet' }),
});
export type TakeInput = Static<typeof TakeInput>;
export const InvoiceInput = Strict({
  currency: CurrencyId,
  amount: Positive,
  subject: Text(HOST_LIMITS.subject),
});
export type InvoiceInput = Static<typeof InvoiceInput>;
export const CurrencyInput = Strict({
  url: Type.String({ minLength: 1, maxLength: HOST_LIMITS.url }),
  acceptKeys: Type.Boolean({
    description: 'go on with a currency that was stopped because its keys contradict those seen before',
  }),
});
export type CurrencyInput = Static<typeof CurrencyInput>;
export const BuyInput = Strict({
  currency: CurrencyId,
  amount: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'of the smallest unit; 0 with a voucher: what it is worth',
  }),
  rail: Text(200, 'one of the rails of the currency'),
  voucher: Text(200, "a voucher's code; empty on other rails"),
});
export type BuyInput = Static<typeof BuyInput>;
export const RedeemInput = Strict({
  currency: CurrencyId,
  amount: Positive,
  to: Text(
    200,
    "'account': this wallet's own account at the bank; another account's number; or empty: against a receipt alone",
  ),
});
export type RedeemInput = Static<typeof RedeemInput>;
export const PayOutInput = Strict({
  currency: CurrencyId,
  amount: Positive,
  to: Text(200, 'where the money goes, in words for the bank'),
});
export type PayOutInput = Static<typeof PayOutInput>;

/** What comes out. */
export const CurrencyView = Strict({
  id: CurrencyId,
  name: Type.String(),
  divisor: Type.Integer({ minimum: 1, description: 'smallest units in one main unit' }),
  location: Type.String(),
  about: Type.String(),
  suite: Type.String(),
  promises: Strict({
    untraceable: Type.Boolean(),
    verifiableBy: Type.Union([Type.Literal('anyone'), Type.Literal('issuer')]),
    safeOffline: Type.Boolean(),
    rounds: Type.Integer({
      minimum: 1,
      maximum: 2,
      description: 'exchanges to make a coin; with two, an account at the bank is needed',
    }),
    leftUnblinded: Type.Boolean({
      description: 'whether this wallet leaves a blinding off that the suite offers',
    }),
    caution: Type.String({ description: 'a weakness to know, in English; empty where none is known' }),
  }),
  stopped: Type.String({ description: 'why nothing more is done with it; empty where it goes on' }),
});
export type CurrencyView = Static<typeof CurrencyView>;

/** An amount as it can be shown by itself. */
const Money = {
  currency: CurrencyId,
  currencyName: Type.String(),
  divisor: Type.Integer({ minimum: 1 }),
  amount: Whole,
};

export const LETTER_STATES = [
  'arriving', // on its way: the issuer has not answered yet
  'arrived', // in the member's inbox, not yet in the purse; or at the other member's
  'taken', // in the purse; or somebody has it
  'not taken', // sent, and nobody has it yet
  'taken back',
  'refused',
] as const;
export const LetterView = Strict({
  ...Money,
  id: Id,
  folder: Type.Union([Type.Literal('inbox'), Type.Literal('sent')]),
  kind: Type.Union([Type.Literal('money'), Type.Literal('titles')], {
    description: 'titles: the currency is a class of titles, and the location its title server',
  }),
  serials: Type.Array(Whole, { description: 'of the titles, as far as they are known' }),
  change: Type.Array(Whole, { description: 'of the titles that came back out of the pool of the server' }),
  way: Type.Union(
    [Type.Literal('name'), Type.Literal('mail'), Type.Literal('link'), Type.Literal('address')],
    {
      description: 'to a name on this host, by e-mail, by a link to whoever has it, or titles to an address',
    },
  ),
  from: Type.String({ description: 'a name; empty: someone' }),
  to: Type.String({ description: 'a name, an e-mail address; empty: nobody in particular' }),
  subject: Type.String(),
  text: Type.String(),
  time: Time,
  state: Type.Enum(LETTER_STATES),
  reason: Type.String({ description: 'why it was refused, or was not mailed yet; else empty' }),
  link: Type.String({ description: 'the link that gives the coins away; empty where there is none' }),
  isKnown: Type.Boolean({ description: 'whether the wallet knows the currency' }),
  location: Type.String({
    description: 'where the currency is issued; its name is worth nothing while it is not known',
  }),
  isRead: Type.Boolean(),
});
export type LetterView = Static<typeof LetterView>;

export const OfferView = Strict({
  ...Money,
  coins: Whole,
  subject: Type.String(),
  text: Type.String(),
  from: Type.String({ description: 'a name on this host that left it here; empty: someone' }),
  about: CurrencyView,
  isKnown: Type.Boolean({ description: 'whether this wallet knows the currency' }),
  own: Type.Union([Type.Literal(''), Type.Literal('sent'), Type.Literal('taken')], {
    description: 'whether this wallet has sent these coins itself, or taken them before',
  }),
  isSpent: Type.Boolean({ description: 'whether somebody has taken them' }),
});
export type OfferView = Static<typeof OfferView>;

export const PileView = Strict({
  denomination: Whole,
  coins: Whole,
  /** The soonest. */
  expires: Time,
});
export const PurseView = Strict({
  currency: CurrencyView,
  available: Whole,
  reserved: Whole,
  doubtful: Type.Integer({
    minimum: 0,
    description:
      'came back from the twelve words and may have been paid to somebody; not used before it is cleared',
  }),
  expired: Whole,
  ordered: Type.Integer({ minimum: 0, description: 'bought and not here yet' }),
  piles: Type.Array(PileView),
});
export type PurseView = Static<typeof PurseView>;

/** What twelve words brought back in a currency. */
export const FoundView = Strict({
  amount: Type.Integer({ minimum: 0 }),
  doubtful: Type.Integer({ minimum: 0, description: 'of these, not used before it is cleared' }),
});
export type FoundView = Static<typeof FoundView>;

/** What became of coins that were doubtful. */
export const ClearedView = Strict({
  amount: Type.Integer({ minimum: 0, description: 'can be spent now' }),
  gone: Type.Integer({
    minimum: 0,
    description: 'was spent meanwhile, and is no part of the purse any more',
  }),
});
export type ClearedView = Static<typeof ClearedView>;

export const EntryView = Strict({
  ...Money,
  number: Whole,
  kind: Type.Enum(['buy', 'receive', 'takeback', 'tidy', 'send', 'redeem', 'payout', 'restore']),
  state: Type.Enum(['pending', 'done', 'refused', 'sent', 'taken', 'taken back']),
  time: Time,
  subject: Type.String(),
  who: Type.String({ description: 'the other side, where it is known' }),
  instructions: Type.String({ description: 'how to pay a purchase; else empty' }),
  reason: Type.String(),
  payee: Type.String(),
  receipt: Type.Integer({ minimum: 0, description: 'the number of the receipt; 0: none' }),
  letter: Type.String({ description: 'the letter that it belongs to; empty: none' }),
});
export type EntryView = Static<typeof EntryView>;

export const InvoiceView = Strict({
  ...Money,
  id: Id,
  from: Type.String({ description: 'who asks' }),
  subject: Type.String(),
  time: Time,
  state: Type.Union([Type.Literal('open'), Type.Literal('paid'), Type.Literal('withdrawn')]),
  link: Type.String(),
  isOwn: Type.Boolean(),
  location: Type.String(),
});
export type InvoiceView = Static<typeof InvoiceView>;

export const RailView = Strict({ name: Type.String() });
export const BankView = Strict({
  currency: CurrencyId,
  number: Type.String({ description: 'what others pay to' }),
  balance: Whole,
  entries: Type.Array(Strict({ time: Time, amount: Type.Integer(), text: Type.String() })),
  payouts: Type.Array(Strict({ amount: Whole, to: Type.String(), state: Type.String() })),
});
export type BankView = Static<typeof BankView>;

export const SessionView = Strict({
  id: Type.String({ description: 'to end it by' }),
  kind: Type.Union([Type.Literal('page'), Type.Literal('half'), Type.Literal('token')]),
  label: Type.String(),
  created: Time,
  seen: Time,
  isThis: Type.Boolean(),
});
export const AccountView = Strict({
  name: Type.String(),
  language: Type.String(),
  created: Time,
  secondFactor: Type.Boolean(),
  passkeys: Type.Array(
    Strict({
      credential: Type.String(),
      name: Type.String(),
      created: Time,
      opens: Type.Boolean({ description: 'whether it signs in without the password' }),
    }),
  ),
  sessions: Type.Array(SessionView),
});
export type AccountView = Static<typeof AccountView>;
