/** What goes into the titles of a member and comes out of them: as in host/schemas.ts, one schema each. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { HOST_LIMITS } from '../limits.ts';
import { Strict, Text, Time, Whole } from '../schemas.ts';

const Hex = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });
const ClassId = Hex('the id of a class');
const ServerId = Hex('the id of a title server');
const Serial = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What comes in. */
export const GiveInput = Strict({
  to: Text(HOST_LIMITS.titleAddress, 'a name on this host, or an address of a wallet of titles'),
  titleClass: ClassId,
  serials: Type.Array(Serial, {
    maxItems: HOST_LIMITS.titlesAtOnce,
    uniqueItems: true,
    description: 'the titles that are given; empty: an amount',
  }),
  amount: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'what they are to be worth together, with change from the pool of the server; 0: the titles',
  }),
  subject: Text(HOST_LIMITS.subject),
  text: Text(HOST_LIMITS.text),
});
export type GiveInput = Static<typeof GiveInput>;
export const HandoverInput = Strict({
  text: Type.String({
    minLength: 1,
    maxLength: HOST_LIMITS.handover,
    description: 'a handover of titles: the JSON of a .title file',
  }),
});
export type HandoverInput = Static<typeof HandoverInput>;
export const TitleInput = Strict({ titleClass: ClassId, serial: Serial });
export type TitleInput = Static<typeof TitleInput>;
export const ClaimInput = Strict({
  ...TitleInput.properties,
  secret: Type.String({
    pattern: '^(?:[0-9a-f]{64})?$',
    description: 'claims a title that a condition binds; empty: takes it back once its time is over',
  }),
});
export type ClaimInput = Static<typeof ClaimInput>;
export const TitleServerInput = Strict({
  url: Type.String({ minLength: 1, maxLength: HOST_LIMITS.url }),
  confirmed: Type.Boolean({
    description: 'that whoever runs the server sees which pseudonym gives what to which',
  }),
});
export type TitleServerInput = Static<typeof TitleServerInput>;

/** A title server by its address. */
export const UrlInput = Strict({ url: TitleServerInput.properties.url });

/** What comes out. */
export const TitleServerView = Strict({ id: ServerId, url: Type.String() });
export type TitleServerView = Static<typeof TitleServerView>;

export const TitleClassView = Strict({
  id: ClassId,
  server: ServerId,
  issuer: Hex('the key of who issues it'),
  name: Type.String(),
  entitles: Type.String({ description: 'what a title entitles to, in the words of its issuer' }),
  unit: Type.String(),
  denominations: Type.Array(Whole),
  issued: Type.Integer({ minimum: 0, description: 'what all issued titles are worth together' }),
});
export type TitleClassView = Static<typeof TitleClassView>;

const Condition = Type.Union([
  Type.Null(),
  Strict({
    hash: Hex('SHA-256 of the secret'),
    until: Time,
    fallback: Hex('the pseudonym that has it afterwards'),
    isOver: Type.Boolean({ description: 'whether its time is over' }),
    isOwn: Type.Boolean({ description: 'whether it falls back to this wallet' }),
  }),
]);

export const TitleView = Strict({
  titleClass: ClassId,
  serial: Whole,
  denomination: Whole,
  sequence: Type.Integer({ minimum: 0, description: 'how often its holder has changed' }),
  pseudonym: Hex('who holds it: a key of this wallet for this title alone'),
  state: Type.Union([Type.Literal('held'), Type.Literal('leaving')]),
  condition: Condition,
  checked: Type.String({ description: 'when its server last said so, with a proof that verified: ISO 8601' }),
});
export type TitleView = Static<typeof TitleView>;

export const TitleOperationView = Strict({
  number: Whole,
  kind: Type.Enum(['give', 'pay', 'split', 'pool', 'claim', 'receive']),
  state: Type.Enum(['pending', 'done', 'refused']),
  titleClass: ClassId,
  amount: Whole,
  serials: Type.Array(Whole),
  time: Time,
  reason: Type.String(),
  who: Type.String({ description: 'the other side, where it is known' }),
  letter: Type.String({ description: 'the letter that it belongs to; empty: none' }),
});
export type TitleOperationView = Static<typeof TitleOperationView>;

export const TitlesView = Strict({
  servers: Type.Array(TitleServerView),
  classes: Type.Array(TitleClassView, { description: 'of all that is named in the others' }),
  titles: Type.Array(TitleView, { description: 'a thousand at most of those that never changed hands' }),
  unlisted: Type.Array(Strict({ titleClass: ClassId, count: Whole, amount: Whole }), {
    description: 'what else is held of a class',
  }),
  operations: Type.Array(TitleOperationView, { description: 'newest first' }),
});
export type TitlesView = Static<typeof TitlesView>;

export const TitleAddressView = Strict({
  server: ServerId,
  url: Type.String(),
  address: Type.String({ description: 'for one giver; it stays until something was received by it' }),
});
export type TitleAddressView = Static<typeof TitleAddressView>;

export const TitleLookView = Strict({
  titleClass: TitleClassView,
  serial: Whole,
  denomination: Whole,
  sequence: Whole,
  holder: Hex('the pseudonym that holds it'),
  isOwn: Type.Boolean({ description: 'whether that is a pseudonym of this wallet' }),
  isCurrent: Type.Boolean({ description: 'whether its server says so now' }),
  condition: Condition,
});
export type TitleLookView = Static<typeof TitleLookView>;
