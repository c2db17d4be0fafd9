/** A currency's mint keys as its mint shows them: checked one by one, and held to what was seen before. */
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { RevocationCertificate, StatementKeyCertificate } from '../protocol/attestations.ts';
import type { Cdd, MintKeyCertificate } from '../protocol/documents.ts';
import type { ResponseMintKeyCertificates } from '../protocol/messages/mint-key-certificates.ts';
import { contradictsStatementKey, doubtsAboutRevocation, doubtsAboutStatementKey } from './attested.ts';
import type { Context } from './context.ts';
import { nameOfKey, timesOf } from './keys.ts';
import { ask } from './speak.ts';
import type { KnownCurrency, Stopped } from './state.ts';
import { CLOCK_SKEW, contradictionIn, doubtsAboutKey } from './trust.ts';

/** A key list that fits what was seen before: what is new of it, and what is known with it. */
export interface KeyList {
  readonly certificates: readonly MintKeyCertificate[];
  readonly known: Pick<KnownCurrency, 'checked' | 'excused' | 'revocations' | 'statementKey'>;
}

/** A key list that contradicts what was seen before. */
export interface Contradiction {
  readonly contradiction: Stopped;
}

/** What is known of a currency, as far as its keys are held to it. */
interface Held {
  readonly cdd: Cdd;
  readonly currency: KnownCurrency | undefined;
  readonly certificates: ReadonlyMap<string, MintKeyCertificate>;
  readonly statementKey: StatementKeyCertificate | undefined;
  readonly revocations: ReadonlyMap<string, RevocationCertificate>;
}

/**
 * Asks for all mint keys whose coins live. One bad one, and none is taken. With `accepting`, a person has seen that
 * the list contradicts what was seen before and takes it as it is: keys that it lacks are excused.
 */
export async function fetchKeyList(
  context: Context,
  cdd: Cdd,
  { accepting }: { readonly accepting: boolean },
): Promise<KeyList | Contradiction | Refusal> {
  const answer = await ask(context, cdd, { type: 'request mint key certificates' });
  if (answer instanceof Refusal) return answer;
  const known = heldOf(context, cdd);
  const listed = await withWord(context, known, answer, accepting);
  if (listed instanceof Refusal || 'contradiction' in listed) return listed;
  const held = accepting
    ? listed
    : await withWordOn(context, listed, missingFrom(context, listed, answer.keys));
  if (held instanceof Refusal || 'contradiction' in held) return held;
  const hidden = accepting ? await fetchHidden(context, held) : [];
  if (hidden instanceof Refusal) return hidden;
  const fresh = freshKeys(context, held, [...answer.keys, ...hidden], accepting);
  if (fresh instanceof Refusal || 'contradiction' in fresh) return fresh;
  const missing = missingFrom(context, held, answer.keys);
  const [lost] = missing;
  if (lost !== undefined && !accepting) {
    const what = `${nameOfKey(cdd, lost)} was shown before and is not shown any more, although its coins still live`;
    return contradiction(context.clock(), what);
  }
  const shown = new Set(answer.keys.map(({ mint_key }) => mint_key.id));
  const excused = [...(held.currency?.excused ?? []), ...missing.map(({ mint_key }) => mint_key.id)].filter(
    (id) => !shown.has(id),
  );
  return {
    certificates: fresh,
    known: {
      checked: context.clock(),
      ...(held.statementKey === undefined ? {} : { statementKey: held.statementKey }),
      ...(held.revocations.size === 0 ? {} : { revocations: [...held.revocations.values()] }),
      ...(excused.length === 0 ? {} : { excused }),
    },
  };
}

/**
 * Mint keys that no list shows, asked for by their ids: the mint keys of somebody's coins. One that the mint admits
 * to then, and hides from those who do not ask, is a contradiction.
 */
export async function fetchUnlisted(
  context: Context,
  cdd: Cdd,
  ids: readonly string[],
): Promise<readonly MintKeyCertificate[] | Contradiction | Refusal> {
  const found = await fetchByIds(context, cdd, ids);
  if (found instanceof Refusal) return found;
  const held = heldOf(context, cdd);
  const fresh = freshKeys(context, held, found, false);
  if (fresh instanceof Refusal || 'contradiction' in fresh) return fresh;
  const [hidden] = fresh.filter((each) => isAlive(context, held, each));
  if (hidden === undefined || isFull(context, held)) return fresh;
  const what = `${nameOfKey(cdd, hidden)} is shown only to those who ask for it by its number`;
  return contradiction(
    context.clock(),
    what,
    fresh.map(({ mint_key }) => mint_key.id),
  );
}

/** The mark that a contradiction leaves, in words for a person. */
export function contradiction(
  since: Instant,
  what: string,
  hidden: readonly string[] = [],
  statementKey?: StatementKeyCertificate,
): Contradiction {
  const details =
    `${what}; an issuer that shows different keys to different people can trace their coins, so nothing more is ` +
    'done with this currency. Its coins stay in this wallet. Ask the issuer why, and ask others what they were ' +
    'shown; add the currency again, accepting the keys shown now, only if the answer convinces you';
  const shown = statementKey === undefined ? {} : { statementKey };
  return { contradiction: { since, details, hidden, ...shown } };
}

function heldOf({ book }: Context, cdd: Cdd): Held {
  const currency = book.currencies.get(cdd.id);
  const { revocations = [], statementKey } = currency ?? {};
  return {
    cdd,
    currency,
    certificates: book.certificatesOf(cdd.id),
    statementKey,
    revocations: new Map(revocations.map((each) => [each.revocation.mint_key_id, each])),
  };
}

/** What is held, with the statement key and the revocations of the answer. */
async function withWord(
  { clock, verifyEd25519 }: Context,
  held: Held,
  answer: ResponseMintKeyCertificates,
  accepting: boolean,
): Promise<Held | Contradiction | Refusal> {
  const shown = answer.statement_key ?? (accepting ? held.currency?.stopped?.statementKey : undefined);
  if (shown !== undefined) {
    const doubts = doubtsAboutStatementKey(held.cdd, shown);
    if (doubts !== undefined) return doubts;
    const other = contradictsStatementKey(held.statementKey, shown);
    if (other !== undefined && !accepting) return contradiction(clock(), other, [], shown);
  }
  const statementKey = shown ?? held.statementKey;
  const revocations = new Map(held.revocations);
  for (const certificate of answer.revocations ?? []) {
    if (statementKey === undefined)
      return refuse('bad signature', 'revocations: there is no statement key to verify them with');
    const doubts = await doubtsAboutRevocation(verifyEd25519, statementKey, certificate);
    if (doubts !== undefined) return doubts;
    const { mint_key_id: id } = certificate.revocation;
    if (!revocations.has(id)) revocations.set(id, certificate);
  }
  return { ...held, statementKey, revocations };
}

/** What the mint says of keys that its list lacks: they may have been revoked while this wallet was away. */
async function withWordOn(
  context: Context,
  held: Held,
  missing: readonly MintKeyCertificate[],
): Promise<Held | Contradiction | Refusal> {
  if (missing.length === 0) return held;
  const answer = await ask(context, held.cdd, {
    mint_key_ids: missing.slice(0, LIMITS.coinsPerRequest).map(({ mint_key }) => mint_key.id),
    type: 'request mint key certificates',
  });
  return answer instanceof Refusal ? answer : withWord(context, held, answer, false);
}

/** Of the keys shown those that are new, or that a person accepts in the place of what was known. */
function freshKeys(
  context: Context,
  held: Held,
  shown: readonly MintKeyCertificate[],
  accepting: boolean,
): readonly MintKeyCertificate[] | Contradiction | Refusal {
  const known = new Map(held.certificates);
  const excused = new Set(held.currency?.excused);
  // Keys whose coins have expired trace nobody any more; one of them may have been revoked while nobody looked.
  const isOver = (id: string) => isExpired(context, known.get(id));
  const countsForNothing = (id: string) => excused.has(id) || held.revocations.has(id) || isOver(id);
  const fresh: MintKeyCertificate[] = [];
  for (const certificate of shown) {
    const { id } = certificate.mint_key;
    const isNew = !known.has(id) || accepting;
    const doubts = isNew ? doubtsAboutKey(held.cdd, certificate) : undefined;
    if (doubts !== undefined) return doubts;
    const other = accepting ? undefined : contradictionIn(held.cdd, known, certificate, countsForNothing);
    if (other !== undefined) return contradiction(context.clock(), other);
    if (!isNew) continue;
    known.set(id, certificate);
    fresh.push(certificate);
  }
  return fresh;
}

/** Keys that were shown before, whose coins live, and that the list lacks. A list that is full says nothing of others. */
function missingFrom(
  context: Context,
  held: Held,
  shown: readonly MintKeyCertificate[],
): readonly MintKeyCertificate[] {
  if (shown.length >= LIMITS.mintKeyCertificates) return [];
  const listed = new Set([...shown.map(({ mint_key }) => mint_key.id), ...(held.currency?.excused ?? [])]);
  return [...held.certificates.values()].filter(
    (each) => !listed.has(each.mint_key.id) && isAlive(context, held, each),
  );
}

/** Whether the key's coins live by any clock that may be right. */
function isAlive({ clock }: Context, { revocations }: Held, certificate: MintKeyCertificate): boolean {
  const revocation = revocations.get(certificate.mint_key.id)?.revocation;
  return timesOf(certificate, revocation).expires > clock() + CLOCK_SKEW;
}

function isExpired({ clock }: Context, certificate: MintKeyCertificate | undefined): boolean {
  return certificate !== undefined && timesOf(certificate).expires < clock();
}

function isFull(context: Context, held: Held): boolean {
  const alive = [...held.certificates.values()].filter((each) => isAlive(context, held, each));
  return alive.length >= LIMITS.mintKeyCertificates;
}

function fetchHidden(
  context: Context,
  { cdd, currency }: Held,
): Promise<readonly MintKeyCertificate[] | Refusal> {
  return fetchByIds(context, cdd, currency?.stopped?.hidden ?? []);
}

async function fetchByIds(
  context: Context,
  cdd: Cdd,
  ids: readonly string[],
): Promise<readonly MintKeyCertificate[] | Refusal> {
  if (ids.length === 0) return [];
  const answer = await ask(context, cdd, {
    mint_key_ids: ids.slice(0, LIMITS.coinsPerRequest),
    type: 'request mint key certificates',
  });
  if (answer instanceof Refusal) return answer;
  return answer.keys.filter(({ mint_key }) => ids.includes(mint_key.id));
}
