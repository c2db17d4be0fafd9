import type { Canonical } from '../../base/canonical.ts';
import { SECOND, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type { Cdd, MintKey, MintKeyCertificate } from '../../protocol/documents.ts';
import type { KeySchedule } from '../../protocol/governance.ts';
import { keyId } from '../../protocol/ids.ts';
import type { KeyMaker, NewKey } from '../ports.ts';
import { mintKeySecret } from '../secrets.ts';

/** A mint key that is wanted: which coins it makes, and from when to when. */
export interface WantedKey {
  readonly denomination: number;
  readonly window: { readonly from: Instant; readonly until: Instant };
  readonly schedule: KeySchedule;
}

export interface MadeKey {
  readonly certificate: MintKeyCertificate;
  readonly secret: Uint8Array;
  readonly secretName: string;
}

/** Makes a mint key and has the master key certify it. */
export async function makeMintKey(
  maker: KeyMaker,
  cdd: Cdd,
  wanted: WantedKey,
  certify: (document: Canonical) => Promise<string>,
): Promise<MadeKey> {
  return certifyMintKey(cdd, await maker.make(cdd.issuer_cipher_suite, 'mint'), wanted, certify);
}

/** Has the master key certify a key of the currency's suite as the mint key that is wanted. */
export async function certifyMintKey(
  cdd: Cdd,
  { publicKey, secret }: NewKey,
  { denomination, window, schedule }: WantedKey,
  certify: (document: Canonical) => Promise<string>,
): Promise<MadeKey> {
  const mint_key: MintKey = {
    cdd_serial: cdd.cdd_serial,
    coins_expiry_date: writeDate(window.from + schedule.coins_live_seconds * SECOND),
    denomination,
    id: keyId(publicKey),
    issuer_id: cdd.id,
    public_mint_key: publicKey,
    sign_coins_not_after: writeDate(window.until),
    sign_coins_not_before: writeDate(window.from),
    type: 'mint key',
  };
  const signature = await certify(mint_key);
  return {
    certificate: { mint_key, signature, type: 'mint key certificate' },
    secret,
    secretName: mintKeySecret(mint_key.id),
  };
}
