import type { Amount } from '../base/amount.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Cdd, Cddc, MintKey } from '../protocol/documents.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import { keyId } from '../protocol/ids.ts';
import type { Cashier, Currency, KeyMaker, NewKey, StoredKey } from './ports.ts';

/** What a currency is to be. Amounts are of the smallest unit, spans of time in milliseconds. */
export interface Founding {
  readonly name: string;
  readonly suite: string;
  readonly divisor: number;
  readonly denominations: readonly Amount[];
  /** Where it is reached: the draft's examples use one URL for everything, and so do we. */
  readonly url: string;
  readonly additionalInfo: string;
  readonly treasury: Amount;
  readonly cashiers: readonly Cashier[];
  readonly descriptionLives: number;
  readonly keysSignFor: number;
  readonly coinsLiveFor: number;
}

/** Makes a currency: master key, description, a mint key for each denomination, all certified. */
export async function foundCurrency(
  maker: KeyMaker,
  founding: Founding,
  now: Instant,
  progress: (made: number, of: number) => void,
): Promise<Currency> {
  const master = await maker.make(founding.suite, 'master');
  const certify = (document: Canonical) =>
    maker.signDocument(founding.suite, master.secret, canonicalBytes(document));
  const cdd = describe(founding, master, now);
  const cddc: Cddc = { cdd, signature: await certify(cdd), type: 'cdd certificate' };
  let made = 0;
  const makeKey = async (denomination: Amount): Promise<StoredKey> => {
    const key = await maker.make(founding.suite, 'mint');
    const mintKey = describeKey(founding, cdd, key, denomination, now);
    const signature = await certify(mintKey);
    progress(++made, founding.denominations.length);
    return {
      certificate: { mint_key: mintKey, signature, type: 'mint key certificate' },
      secret: key.secret,
    };
  };
  const keys = await Promise.all(founding.denominations.map(makeKey));
  return {
    cddc,
    masterSecret: master.secret,
    keys,
    cashiers: founding.cashiers,
    treasury: founding.treasury,
  };
}

function describe(founding: Founding, master: NewKey, now: Instant): Cdd {
  const service: [number, string][] = [[10, founding.url]];
  return {
    additional_info: founding.additionalInfo,
    cdd_expiry_date: writeDate(now + founding.descriptionLives),
    cdd_location: founding.url,
    cdd_serial: 1,
    cdd_signing_date: writeDate(now),
    currency_divisor: founding.divisor,
    currency_name: founding.name,
    denominations: [...founding.denominations],
    id: keyId(master.publicKey),
    info_service: service,
    invalidation_service: service,
    issuer_cipher_suite: founding.suite,
    issuer_public_master_key: master.publicKey,
    protocol_version: PROTOCOL_VERSION,
    renewal_service: service,
    type: 'cdd',
    validation_service: service,
  };
}

function describeKey(founding: Founding, cdd: Cdd, key: NewKey, denomination: Amount, now: Instant): MintKey {
  return {
    cdd_serial: cdd.cdd_serial,
    coins_expiry_date: writeDate(now + founding.coinsLiveFor),
    denomination,
    id: keyId(key.publicKey),
    issuer_id: cdd.id,
    public_mint_key: key.publicKey,
    sign_coins_not_after: writeDate(now + founding.keysSignFor),
    sign_coins_not_before: writeDate(now),
    type: 'mint key',
  };
}
