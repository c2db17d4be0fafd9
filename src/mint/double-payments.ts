/** Suites that are safe offline: who handed a coin over twice. The ledger keeps both answers; the suite reads them. */
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { MintKeyCertificate } from '../protocol/documents.ts';
import type {
  DoublePayment,
  RequestDoublePayments,
  ResponseDoublePayments,
} from '../protocol/messages/double-payments.ts';
import type { OpenMint } from './mint.ts';
import type { Intent, KeptDoublePayment } from './ports.ts';

/** Double payments of one answer that are worked out for it: each takes some 20 ms in which nobody else is served. */
const EXPOSED_AT_ONCE = 2;
/** Of those that were worked out, so many are remembered: some 16 MB. */
const REMEMBERED = 8_192;
/** Entries of the journal read at once. */
const PAGE = 256;

/** What the mint has worked out of what is kept: it comes out the same each time. */
export interface Exposed {
  readonly byNumber: Map<number, DoublePayment | undefined>;
  /** Public keys of mint keys whose coins have expired, by id. */
  readonly formerKeys: Map<string, unknown>;
  /** The last that was reported. */
  reported: number;
  /** The accounts that handed coins over twice, and the last double payment that was looked at for them. */
  readonly identities: Set<string>;
  looked: number;
}

/** The double payments after a number; to anyone. What cannot be proved to others is not told. */
export async function listDoublePayments(
  mint: OpenMint,
  request: RequestDoublePayments,
): Promise<ResponseDoublePayments> {
  for (let { after } = request; ;) {
    const page = await mint.store.doublePayments(after, LIMITS.doublePaymentsPage);
    const double_payments = await exposedOf(mint, page);
    const last = page.at(-1);
    if (last === undefined || double_payments.length > 0)
      return { ...ok(request.message_reference), double_payments, type: 'response double payments' };
    after = last.number;
  }
}

/** The first of these that can be proved. Fewer where they have yet to be worked out: the others are the next answer. */
async function exposedOf(mint: OpenMint, page: readonly KeptDoublePayment[]): Promise<DoublePayment[]> {
  const exposed: DoublePayment[] = [];
  let fresh = 0;
  for (const kept of page) {
    if (!mint.desk.exposed.byNumber.has(kept.number)) fresh++;
    if (fresh > EXPOSED_AT_ONCE && exposed.length > 0) break;
    const told = await expose(mint, kept);
    if (told !== undefined) exposed.push(told);
  }
  return exposed;
}

/** What is said to whoever brings coins that were spent; the log hears of a double payment by its number alone. */
export async function saySpent(
  mint: OpenMint,
  { spends }: Intent,
  coinIds: readonly string[],
  twice: readonly KeptDoublePayment[],
): Promise<string> {
  const said = `coins: ${coinIds.length} of ${spends.length} spent before`;
  for (const { number } of twice) {
    if (number <= mint.desk.exposed.reported) continue;
    mint.report({ event: 'double payment', number });
    mint.desk.exposed.reported = number;
  }
  const [first] = twice;
  if (first === undefined) return said;
  const told = await expose(mint, first);
  const by = told === undefined ? '' : ` by the account ${told.identity}`;
  return `${said}; double payment ${first.number}: handed over twice${by}`;
}

/** Double payments that are looked at in one go; each takes some 20 ms. */
const LOOKED_AT_ONCE = 32;

/** Learns again, after a start, which accounts are known to everybody: their secrets are, so that anyone could act for them. */
export async function learnExposed(mint: OpenMint): Promise<void> {
  const { exposed } = mint.desk;
  if (mint.desk.ring.suite.offline === undefined) return;
  const page = await mint.store.doublePayments(exposed.looked, LOOKED_AT_ONCE);
  for (const kept of page) {
    await expose(mint, kept);
    exposed.looked = kept.number;
  }
}

async function expose(mint: OpenMint, kept: KeptDoublePayment): Promise<DoublePayment | undefined> {
  const { byNumber } = mint.desk.exposed;
  const { offline } = mint.desk.ring.suite;
  if (offline === undefined || byNumber.has(kept.number)) return byNumber.get(kept.number);
  const { number, keyId, coinId, first, second } = kept;
  const exposure = offline.expose(await publicKeyOf(mint, keyId), coinId, first, second);
  const told = exposure && {
    coin_id: coinId,
    first,
    identity: exposure.identity,
    mint_key_id: keyId,
    number,
    second,
    secret: exposure.secret,
    type: 'double payment' as const,
  };
  byNumber.set(number, told);
  if (told !== undefined) mint.desk.exposed.identities.add(told.identity);
  const [oldest] = byNumber.keys();
  if (byNumber.size > REMEMBERED && oldest !== undefined) byNumber.delete(oldest);
  return told;
}

/** Of a mint key whose coins have expired only the journal knows. */
async function publicKeyOf(mint: OpenMint, keyId: string): Promise<unknown> {
  const { ring, exposed } = mint.desk;
  const known = ring.keys.get(keyId)?.publicKey ?? exposed.formerKeys.get(keyId);
  if (known !== undefined) return known;
  const certificate = await certificateOf(mint, keyId);
  const publicKey = ring.suite.readKey(certificate.mint_key.public_mint_key);
  if (publicKey instanceof Refusal) throw new Error(publicKey.details);
  exposed.formerKeys.set(keyId, publicKey);
  return publicKey;
}

async function certificateOf({ store }: OpenMint, keyId: string): Promise<MintKeyCertificate> {
  for (let from = 0; ; from += PAGE) {
    const page = await store.journal(from, PAGE);
    if (page.length === 0) throw new Error('every mint key that made a coin stands in the journal');
    for (const { entry } of page) {
      const { event } = entry;
      if (event.type === 'mint key' && event.certificate.mint_key.id === keyId) return event.certificate;
    }
  }
}
