/** Currencies that a wallet may want to know: what is at an address, and what else the host's own issuers issue. */
import { MINUTE } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { decodeResponse, encode } from '../protocol/codec.ts';
import type { Cddc } from '../protocol/documents.ts';
import { fetchDescription } from '../wallet/currency.ts';
import { doubtsAboutCurrency } from '../wallet/trust.ts';
import { currencyInfo } from '../wallet/views.ts';
import type { CurrencyInfo } from '../wallet/wallet.ts';
import type { HostParts } from './ports.ts';
import { Turns } from './turns.ts';

type OffersParts = Pick<HostParts, 'messenger' | 'clock' | 'currencies'>;

/** What the host's issuers issue besides is asked for again after so long. */
const LISTED_FOR = MINUTE;

/**
 * Descriptions as their issuers give them, checked, for people to read before they choose: nobody's wallet knows anything by
 * them. Whoever adds a currency looks at it anew, and at its keys.
 */
export class Offers {
  readonly #parts: OffersParts;
  readonly #turns = new Turns();
  #listed: { readonly at: Instant; readonly infos: readonly CurrencyInfo[] } | undefined;

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

  /** The other currencies of the host's issuers. Of an issuer that does not answer there are none. */
  offered(): Promise<readonly CurrencyInfo[]> {
    return this.#turns.run('offered', async () => {
      const now = this.#parts.clock();
      if (this.#listed === undefined || now - this.#listed.at >= LISTED_FOR) {
        const found = await Promise.all(this.#parts.currencies.map((url) => this.#beside(url)));
        const byId = new Map(found.flat().map((info) => [info.id, info]));
        this.#listed = { at: now, infos: [...byId.values()].toSorted(byLocation) };
      }
      return this.#listed.infos;
    });
  }

  /** What an issuer says that it issues. It speaks for its own place alone: elsewhere it could send people to anybody. */
  async #beside(url: string): Promise<readonly CurrencyInfo[]> {
    const request = encode({ type: 'request currencies', message_reference: 0 });
    const bytes = await this.#parts.messenger.exchange(url, request);
    const answer = bytes instanceof Refusal ? bytes : decodeResponse(bytes);
    if (answer instanceof Refusal || answer.type !== 'response currencies') return [];
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
