import { canonicalBytes } from '../../base/canonical.ts';
import { readDate, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/documents.ts';
import type { Blind, Cddc, Coin, MintKeyCertificate, Payload } from '../../protocol/documents.ts';
import { coinId, keyId, payloadBytes } from '../../protocol/ids.ts';
import type { DoublePayment } from '../../protocol/messages/double-payments.ts';
import { suiteNamed } from '../../suites/index.ts';
import type { CipherSuite } from '../../suites/index.ts';
import { ONE_FORM } from '../../suites/suite.ts';
import type { Parts } from './documents.ts';

/**
 * What was found out about one part: remarks where it holds, a refusal where it does not. The refusal 'not possible' says
 * that nobody but the mint can find out.
 */
export type Finding = readonly string[] | Refusal;

/** A description that verified, with what is needed to check what hangs on it. */
export interface Issuer {
  readonly cddc: Cddc;
  readonly suite: CipherSuite;
  readonly master: unknown;
}

/** A mint key whose certificate verified. */
export interface CheckedKey {
  readonly certificate: MintKeyCertificate;
  readonly suite: CipherSuite;
  readonly publicKey: unknown;
}

/** What coins and blinds are checked against: only what verified itself. */
export interface Anchors {
  /** By issuer's id: each of its descriptions among the files, since an issuer may have several in turn. */
  readonly issuers: ReadonlyMap<string, readonly Issuer[]>;
  readonly keys: ReadonlyMap<string, CheckedKey>;
  readonly blinds: readonly Blind[];
}

/** Opens a description that vouches for itself: its id is the hash of its key, and the key signed it. */
export function openCddc(cddc: Cddc): Issuer | Refusal {
  const { cdd } = cddc;
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) return suite;
  const master = suite.documents.readKey(cdd.issuer_public_master_key);
  if (master instanceof Refusal) return master;
  if (cdd.protocol_version !== PROTOCOL_VERSION)
    return refuse('malformed', 'its protocol version is not known here');
  if (keyId(cdd.issuer_public_master_key) !== cdd.id)
    return wrong('its id is not the hash of its master key');
  const signed = suite.documents.verify(master, canonicalBytes(cdd), cddc.signature);
  return signed ? { cddc, suite, master } : wrong('its signature does not verify');
}

/** Opens a mint key certificate against its issuer. */
export function openCertificate(
  certificate: MintKeyCertificate,
  issuers: Anchors['issuers'],
): CheckedKey | Refusal {
  const key = certificate.mint_key;
  const descriptions = issuers.get(key.issuer_id) ?? [];
  // One master key speaks in all of an issuer's descriptions; the suite is that of the one the key was made under.
  const own = descriptions.find(({ cddc }) => cddc.cdd.cdd_serial === key.cdd_serial) ?? descriptions[0];
  if (own === undefined) return refuse('unknown', 'the certificate of its issuer is not among the files');
  const { suite, master } = own;
  const publicKey = suite.readKey(key.public_mint_key);
  if (publicKey instanceof Refusal) return publicKey;
  if (keyId(key.public_mint_key) !== key.id) return wrong('its id is not the hash of its key');
  if (!suite.documents.verify(master, canonicalBytes(key), certificate.signature)) {
    return wrong('its signature does not verify');
  }
  const named = descriptions.some(({ cddc }) => cddc.cdd.denominations.includes(key.denomination));
  return named ? { certificate, suite, publicKey } : wrong('its issuer has no such denomination');
}

/** Checks that coins handed over together are of one currency and none stands twice. */
export function checkTogether(coins: readonly Coin[]): Finding {
  const ids = new Set(coins.map((coin) => coinId(coin.payload)));
  if (ids.size !== coins.length) return refuse('malformed', 'a coin stands in it twice');
  const issuers = new Set(coins.map((coin) => coin.payload.issuer_id));
  return issuers.size > 1 ? refuse('malformed', 'its coins are of more than one currency') : [];
}

/** Checks a coin's signature, and that its key makes coins like it. `shown`: as the mint gets it. */
export function checkCoin(coin: Coin, anchors: Anchors, now: Instant, shown: boolean): Finding {
  const remarks = checkPayload(coin.payload, anchors, now);
  const key = anchors.keys.get(coin.payload.mint_key_id);
  if (remarks instanceof Refusal || key === undefined) return remarks;
  const { suite, publicKey } = key;
  const serial = suite.offline?.serialOf(coin.signature) ?? coin.payload.serial;
  if (serial !== coin.payload.serial) return wrong('a coin’s serial is not the one of its signature');
  if (!suite.verify(publicKey, payloadBytes(coin.payload), coin.signature)) {
    return shown && !isShownAsHanded(suite)
      ? onlyTheMint('what the mint is shown of a coin, it alone can check')
      : wrong('the signature of a coin does not verify');
  }
  if (suite.promises.verifiableBy === 'the mint')
    return onlyTheMint('its coins can be checked by the mint alone');
  return [...remarks, ...payment(suite, coin.signature)];
}

/**
 * Whether the mint is shown a coin as it was handed over: where coins have one form, and where they answer payments, since
 * the mint keeps the answers.
 */
function isShownAsHanded(suite: CipherSuite): boolean {
  return suite.offline !== undefined || Reflect.get(suite, 'show') === ONE_FORM.show;
}

/** In what payment a coin was handed over, where that can be seen. */
function payment({ offline }: CipherSuite, signature: string): readonly string[] {
  const made = offline?.paymentOf(signature);
  if (made === undefined) return [];
  const payee = made.payee === '' ? 'whoever has it' : `the payee ${made.payee}`;
  return [`handed over on ${writeDate(made.time).slice(0, 10)} to ${payee}`];
}

/** Checks that two answers of one coin give away the identity, and nobody else's. */
export function checkDoublePayment(found: DoublePayment, anchors: Anchors): Finding {
  const key = anchors.keys.get(found.mint_key_id);
  if (key === undefined) return refuse('unknown', 'the certificate of a mint key is not among the files');
  const { offline } = key.suite;
  const exposure = offline?.expose(key.publicKey, found.coin_id, found.first, found.second);
  const proved =
    exposure?.identity === found.identity &&
    exposure.secret === found.secret &&
    offline?.isExposed(exposure) === true;
  return proved ? ['a coin was handed over twice'] : wrong('the answers do not give away the identity');
}

/** Checks what can be said of a payload without a signature. */
export function checkPayload(payload: Payload, anchors: Anchors, now: Instant): Finding {
  const key = anchors.keys.get(payload.mint_key_id);
  if (key === undefined) return refuse('unknown', 'the certificate of a mint key is not among the files');
  const { mint_key: mintKey } = key.certificate;
  if (payload.issuer_id !== mintKey.issuer_id) return wrong('the mint key of a coin is another issuer’s');
  if (payload.denomination !== mintKey.denomination)
    return wrong('a coin’s denomination is not its mint key’s');
  if (payload.protocol_version !== PROTOCOL_VERSION)
    return refuse('malformed', 'a coin’s protocol version is not known here');
  // The signer did not see what it signed: a coin can say anything that its maker wanted.
  const made = anchors.issuers
    .get(mintKey.issuer_id)
    ?.filter(({ cddc }) => cddc.cdd.cdd_serial === mintKey.cdd_serial);
  if (made?.some(({ cddc }) => cddc.cdd.cdd_location !== payload.cdd_location) === true)
    return wrong('a coin’s location is not its description’s');
  return past(mintKey.coins_expiry_date, 'coins expired', now);
}

/** Checks that the mint's answer fits a blind with the same reference. */
export function checkBlindSignature(answer: Parts['blindSignatures'][number], anchors: Anchors): Finding {
  const blinds = anchors.blinds.filter((each) => each.reference === answer.reference);
  if (blinds.length === 0) return refuse('unknown', 'the blind of a blind signature is not among the files');
  const keyed = blinds.filter((blind) => anchors.keys.has(blind.mint_key_id));
  if (keyed.length === 0) return refuse('unknown', 'the certificate of a mint key is not among the files');
  const fitting = keyed
    .map((blind) => ({ blind, key: anchors.keys.get(blind.mint_key_id) }))
    .find(
      ({ blind, key }) =>
        key?.suite.answers(key.publicKey, blind.blinded_payload_hash, answer.blind_signature) === true,
    );
  if (fitting === undefined) return wrong('a blind signature does not fit its blind');
  return fitting.key?.suite.promises.verifiableBy === 'the mint'
    ? onlyTheMint('its answers can be checked by the mint alone')
    : [];
}

/** Remarks on a description or key that verified: dates that have passed, keys that are short. */
export function remarksOnCddc({ cddc, suite, master }: Issuer, now: Instant): readonly string[] {
  return [...past(cddc.cdd.cdd_expiry_date, 'expired', now), ...weak(suite.documents.weakness(master))];
}

export function remarksOnKey({ certificate, suite, publicKey }: CheckedKey, now: Instant): readonly string[] {
  return [
    ...past(certificate.mint_key.coins_expiry_date, 'coins expired', now),
    ...weak(suite.weakness(publicKey)),
  ];
}

function past(date: string, what: string, now: Instant): readonly string[] {
  return (readDate(date) ?? 0) < now ? [`${what} on ${date.slice(0, 10)}`] : [];
}

function weak(weakness: string | undefined): readonly string[] {
  return weakness === undefined ? [] : [weakness];
}

function wrong(details: string): Refusal {
  return refuse('bad signature', details);
}

function onlyTheMint(details: string): Refusal {
  return refuse('not possible', details);
}
