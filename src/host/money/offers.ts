/** Currencies that a wallet may want to know: what is at an address, and what else the host's own issuers issue. */
import { MINUTE } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { decodeResponse, encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { fetchDescription } from '../../wallet/currency.ts';
import { doubtsAboutCurrency } from '../../wallet/trust.ts';
import { currencyInfo } from '../../wallet/views.ts';
import type { CurrencyInfo } from '../../wallet/wallet.ts';
import type { HostParts } from '../ports.ts';

type OffersParts = Pick<HostParts, 'messenger' | 'clock' | 'currencies'>;

/** What the host's issuers issue besides is asked for again after so long. */
const LISTED_FOR = MINUTE;

/**
 * Descriptions as their issuers give them, checked, for people to read before they choose: nobody's wallet knows anything by
 * them. Whoever adds a currency looks at it anew, and at its keys.
 */
export class Offers {
  readonly #parts: OffersParts;
  readonly #listed = new Map<string, readonly CurrencyInfo[]>();
  #tried: Instant | undefined;

  constructor(parts: OffersParts) {
    this.#parts = parts;
  }

  /** The currency at an address. Refuses as adding it would, but for its keys. */
  async describe(url: string): Promise<CurrencyInfo | Refusal> {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      return refuse('malformed', 'the address of a currency begins with https:// or http://');
    const cddc = await fetchDescription(this.#parts, url);
    if (cddc instanceof Refusal) return cddc;
    return doubtsAboutCurrency(cddc, this.#parts.clock()) ?? infoOf(cddc);
  }

  /** The currencies of the host's issuers, as they were last listed: nobody waits for an issuer. */
  offered(): readonly CurrencyInfo[] {
    const byId = new Map([...this.#listed.values()].flat().map((info) => [info.id, info]));
    return [...byId.values()].toSorted(byLocation);
  }

  /** Lists them anew where that was long ago. Of an issuer that does not answer it stays as it was. */
  async keepUp(): Promise<void> {
    const { clock, currencies } = this.#parts;
    if (this.#tried !== undefined && clock() - this.#tried < LISTED_FOR) return;
    this.#tried = clock();
    await Promise.all(
      currencies.map(async (url) => {
        const listed = await this.#listAt(url);
        if (listed !== undefined) this.#listed.set(url, listed);
      }),
    );
  }

  /** What an issuer says that it issues. It speaks for its own place alone: elsewhere it could send people to anybody. */
  async #listAt(url: string): Promise<readonly CurrencyInfo[] | undefined> {
    const request = encode({ type: 'request currencies', message_reference: 0 });
    const bytes = await this.#parts.messenger.exchange(url, request);
    const answer = bytes instanceof Refusal ? bytes : decodeResponse(bytes);
    if (answer instanceof Refusal || answer.type !== 'response currencies') return undefined;
    const { origin } = new URL(url);
    return answer.currencies
      .filter(({ cdd }) => URL.canParse(cdd.cdd_location) && new URL(cdd.cdd_location).origin === origin)
      .filter((cddc) => doubtsAboutCurrency(cddc, this.#parts.clock()) === undefined)
      .map(infoOf);
  }
}

function infoOf(cddc: Cddc): CurrencyInfo {
  return currencyInfo({ id: cddc.cdd.id, cddc });
}

function byLocation(left: CurrencyInfo, right: CurrencyInfo): number {
  return left.location.localeCompare(right.location);
}
