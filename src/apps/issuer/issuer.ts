import { join } from 'node:path';
import { amount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { DAY } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { openBank } from '../../bank/bank.ts';
import type { Bank } from '../../bank/bank.ts';
import type { BankStore, CashierKey } from '../../bank/ports.ts';
import { foundCurrency } from '../../mint/found.ts';
import { openMint } from '../../mint/mint.ts';
import type { Mint } from '../../mint/mint.ts';
import type { MintStore } from '../../mint/ports.ts';
import { makeCashierKey, signEd25519 } from '../../signers/ed25519.ts';
import { openLanes } from '../../signers/lanes.ts';
import type { Lanes } from '../../signers/lanes.ts';
import type { LogEvent } from '../log.ts';
import { openSqliteBankStore } from '../../stores/bank-sqlite.ts';
import { openLedgerThread } from '../../stores/ledger-thread.ts';

/** What an issuer is started with. The founding parts count at the first start only; later they are in the books. */
export interface IssuerOptions {
  readonly folder: string;
  readonly url: string;
  readonly clock: Clock;
  readonly report: (event: LogEvent) => void;
  readonly progress: (made: number, of: number) => void;
  readonly founding: { readonly name: string; readonly suite: string; readonly treasury: Amount };
}

/** Mint and bank of one currency, put together. */
export interface Issuer {
  readonly mint: Mint;
  readonly bank: Bank;
  /** Whether so much waits to be signed that more should come back later. */
  readonly isBusy: () => boolean;
  close(): Promise<void>;
}

/** The demo currency: powers of two, so that any amount takes few coins. */
const DENOMINATIONS = Array.from({ length: 20 }, (_, power) => amount(2 ** power));
const FUND_AT_ONCE = amount(100_000);
const FUND_A_DAY = amount(10_000_000);
const YEAR = 365 * DAY;
/** µs of one core. */
const BACKLOG_MOST = 2_000_000;

/** Opens the issuer whose books are in a folder, founding a currency at the first start. */
export async function openIssuer(options: IssuerOptions): Promise<Issuer | Refusal> {
  const bankStore = openSqliteBankStore(join(options.folder, 'bank.sqlite'));
  if (bankStore instanceof Refusal) return bankStore;
  const mintStore = await openLedgerThread(join(options.folder, 'mint.sqlite'));
  if (mintStore instanceof Refusal) {
    await bankStore.close();
    return mintStore;
  }
  const lanes = await openLanes();
  const close = async () => {
    await Promise.all([lanes.close(), mintStore.close(), bankStore.close()]);
  };
  const issuer = await assemble(options, { bankStore, mintStore, lanes });
  if (issuer instanceof Refusal) await close();
  return issuer instanceof Refusal ? issuer : { ...issuer, close };
}

interface Rooms {
  readonly bankStore: BankStore;
  readonly mintStore: MintStore;
  readonly lanes: Lanes;
}

async function assemble(options: IssuerOptions, rooms: Rooms): Promise<Omit<Issuer, 'close'> | Refusal> {
  const { bankStore, mintStore, lanes } = rooms;
  const founded = await mintStore.load();
  const bankCashier = await bankStore.load();
  if (founded !== undefined && !founded.cashiers.some((each) => each.publicKey === bankCashier?.publicKey)) {
    return refuse(
      'not possible',
      `the bank in ${options.folder} is not the one that this mint takes fundings from`,
    );
  }
  const cashier = bankCashier ?? (await foundBank(bankStore));
  const currency = founded ?? (await foundMint(options, rooms, cashier));
  const { cdd_location: location, issuer_cipher_suite: suite, id } = currency.cddc.cdd;
  if (location !== options.url) {
    return refuse(
      'not possible',
      `${options.folder} holds a currency that lives at ${location}, not at ${options.url}; choose its port, or another folder with --data`,
    );
  }
  await lanes.load(
    currency.keys.map(({ certificate: { mint_key: key }, secret }) => ({
      keyId: key.id,
      suite,
      publicKey: key.public_mint_key,
      secret,
    })),
  );
  const mint = await openMint({
    store: mintStore,
    signer: lanes,
    clock: options.clock,
    report: options.report,
  });
  const bank = await openBank({
    store: bankStore,
    clock: options.clock,
    currency: id,
    sign: (secret, bytes) => Promise.resolve(signEd25519(secret, bytes)),
    tellMint: async (request) => {
      const answer = await mint.answer(request);
      return answer instanceof Refusal ? answer : undefined;
    },
    askTreasury: async () => (await mint.counters()).treasury,
    orderMost: FUND_AT_ONCE,
  });
  for (const { name } of await bank.settle()) options.report({ event: 'funding refused', name });
  return { mint, bank, isBusy: () => lanes.backlog > BACKLOG_MOST };
}

async function foundBank(store: BankStore): Promise<CashierKey> {
  const key = makeCashierKey();
  await store.found(key);
  return key;
}

async function foundMint(options: IssuerOptions, { mintStore, lanes }: Rooms, cashier: CashierKey) {
  const founding = {
    ...options.founding,
    divisor: 1,
    denominations: DENOMINATIONS,
    url: options.url,
    additionalInfo: 'A demonstration. Its coins are worth nothing.',
    cashiers: [{ publicKey: cashier.publicKey, limitPerOperation: FUND_AT_ONCE, limitPerDay: FUND_A_DAY }],
    descriptionLives: 10 * YEAR,
    keysSignFor: YEAR,
    coinsLiveFor: 2 * YEAR,
  };
  const currency = await foundCurrency(lanes, founding, options.clock(), options.progress);
  await mintStore.found(currency);
  return currency;
}
