/** A currency's bank put together: its books, its rails, and the mint that it reaches by frames. */
import { mkdirSync } from 'node:fs';
import { ZERO } from '../../base/amount.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { LIMITS } from '../../base/limits.ts';
import { openBank } from '../../bank/bank.ts';
import type { Bank } from '../../bank/bank.ts';
import type { Registers } from '../../bank/parts.ts';
import type { AskMint, BankStore } from '../../bank/ports.ts';
import type { Rail } from '../../bank/rail.ts';
import { refusalIn } from '../../protocol/answers.ts';
import { decodeResponse, encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../../signers/ed25519.ts';
import { openSqliteBankStore } from '../../stores/bank/sqlite.ts';
import { openFramesClient } from '../../transports/frames/client.ts';
import type { FramesClient } from '../../transports/frames/client.ts';
import { readCashierLimits } from './cashier-limits.ts';
import { ledgerPath } from './folder.ts';

export interface BankOptions {
  /** Where the books are. */
  readonly folder: string;
  readonly boxSocket: string;
  /** The currency's id; may be left out where the box holds only one. */
  readonly currency: string | undefined;
  readonly rails: readonly Rail[];
  /** Whose identities are registered; left out: those that a teller has approved. */
  readonly registers?: Registers;
  readonly clock: Clock;
}

export interface RunningBank {
  /** Where its books are. */
  readonly folder: string;
  readonly bank: Bank;
  readonly cddc: Cddc;
  /** Does what is due: fundings that the mint has not heard of, receipts, the cashier's limits. Says what was refused. */
  settle(): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

/** The books in a folder, which is made for its owner alone. */
function openBankBooks(folder: string): BankStore | Refusal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openSqliteBankStore(ledgerPath({ name: '', folder }));
}

/** The public key of the cashier of these books, made at the first call: what the currency's operators have to know. */
export async function cashierOf(folder: string): Promise<string | Refusal> {
  const store = openBankBooks(folder);
  if (store instanceof Refusal) return store;
  const known = await store.load();
  const key = known ?? makeCashierKey();
  if (known === undefined) await store.found(key);
  await store.close();
  return key.publicKey;
}

/** Opens a bank. Waits for nothing: refuses where the mint does not answer, or does not know this cashier. */
export async function openRunningBank(options: BankOptions): Promise<RunningBank | Refusal> {
  const box = openFramesClient({ path: options.boxSocket, messageBytes: LIMITS.messageBytes });
  const cddc = await findCurrency(box, options.currency);
  if (cddc instanceof Refusal) {
    box.close();
    return cddc;
  }
  const store = openBankBooks(options.folder);
  const running = store instanceof Refusal ? store : await assemble(options, box, cddc, store);
  if (running instanceof Refusal) {
    if (!(store instanceof Refusal)) await store.close();
    box.close();
  }
  return running;
}

async function assemble(
  { folder, clock, rails, registers = 'approved' }: BankOptions,
  box: FramesClient,
  cddc: Cddc,
  store: BankStore,
): Promise<RunningBank | Refusal> {
  const cashier = await store.load();
  if (cashier === undefined)
    return refuse('not possible', 'this bank has no cashier yet; run specie bank init');
  const askMint = asker(box, cddc.cdd.id);
  const limits = readCashierLimits(askMint, cashier.publicKey);
  const unread = await limits.read();
  if (unread !== undefined) return unread;
  if (limits.atOnce() === undefined) {
    return refuse(
      'not possible',
      `the cashier ${cashier.publicKey} is none of this currency’s; its operators have to order its limits`,
    );
  }
  const bank = await openBank({
    store,
    clock,
    cddc,
    sign: (secret, bytes) => Promise.resolve(signEd25519(secret, bytes)),
    verify: verifyEd25519,
    askMint,
    orderMost: () => limits.atOnce() ?? ZERO,
    rails,
    registers,
  });
  return {
    folder,
    bank,
    cddc,
    settle: async () => {
      const unread = await limits.read();
      const refused = await bank.settle();
      return unread === undefined ? refused : [unread, ...refused];
    },
    close: async () => {
      await store.close();
      box.close();
    },
  };
}

/** Asks the mint of one currency, as any front does. */
export function asker(box: FramesClient, issuerId: string): AskMint {
  return async (request) => {
    const bytes = await box.ask(issuerId, encode(request));
    if (bytes === undefined) return refuse('unreachable', 'the mint does not answer');
    const answer = decodeResponse(bytes);
    return answer instanceof Refusal ? answer : (refusalIn(answer) ?? answer);
  };
}

/** All currencies of a box. */
export async function listCurrencies(box: FramesClient): Promise<readonly Cddc[] | Refusal> {
  const answer = await asker(box, '')({ type: 'request currencies', message_reference: 0 });
  if (answer instanceof Refusal) return answer;
  if (answer.type !== 'response currencies') throw new Error('the box answered another question');
  return answer.currencies;
}

async function findCurrency(box: FramesClient, wanted: string | undefined): Promise<Cddc | Refusal> {
  const currencies = await listCurrencies(box);
  if (currencies instanceof Refusal) return currencies;
  const fitting = currencies.filter(({ cdd }) => wanted === undefined || cdd.id === wanted);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  return fitting.length === 0
    ? refuse(
        'unknown',
        wanted === undefined ? 'the box holds no currency yet' : 'the box holds no such currency',
      )
    : refuse('not possible', 'the box holds several currencies; say which with --currency');
}
