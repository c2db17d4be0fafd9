/** A coin's life in a currency of any suite, as messages that its issuer answers with 200: mutations begin with them. */
import { createHash } from 'node:crypto';
import { DAY, SECOND, writeDate } from '../../src/base/dates.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { Bank } from '../../src/bank/bank.ts';
import type { MintRequest } from '../../src/mint/mint.ts';
import {
  commitmentsRequest,
  fundRequest,
  registrationOf,
  secretsOf,
} from '../../src/mint/mint.test-helper.ts';
import {
  bought,
  mintRequest,
  prepared,
  redeemRequest,
  renewRequest,
  resumeRequest,
} from '../../src/mint/place.test-helper.ts';
import type { Place, Wanted } from '../../src/mint/place.test-helper.ts';
import type { Request } from '../../src/protocol/catalogue.ts';
import { coinId } from '../../src/protocol/ids.ts';
import { registrationContext } from '../../src/protocol/messages/registration.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';

export interface Life {
  /** Exchanges it takes to make a coin: of two, the first is over after a while. */
  readonly rounds: 1 | 2;
  /** Requests that would be answered now, some for the first time. */
  examples(): Promise<readonly Json[]>;
}

/** Longer than a first round stays open. */
const ROUND_IS_OVER = 11 * SECOND;

const ORDER = 'c1';

/** Begins with what is asked for once: an order, and an account that is registered where coins take two rounds. */
export async function beginLife(place: Place, bank: Bank): Promise<Life> {
  const standing = [...bankRequests(place), ...(await doublePaid(place))];
  for (const request of bankRequests(place)) await asked(bank.answer(request), request);
  const { rounds } = place.mint.keyring.suite.promises;
  let turn = 0;
  return {
    rounds,
    examples: async () => {
      if (rounds === 2) place.now += ROUND_IS_OVER;
      return [...standing, ...(await coinRequests(place, `${++turn}`))].map((each) => each as Json);
    },
  };
}

async function asked(answer: Promise<unknown>, request: Request): Promise<void> {
  const told = await answer;
  if (told instanceof Refusal) throw new Error(`the example ${request.type}: ${told.toString()}`);
}

/** What a customer asks of the bank: all of it can be asked again. */
function bankRequests({ mint }: Place): Request[] {
  const { cdd, suite } = mint.keyring;
  const token = createHash('sha256').update('alice').digest('hex');
  const order = { message_reference: 1, transaction_reference: ORDER };
  const requests: Request[] = [
    { ...order, amount: 5, currency: cdd.id, rail: 'test', type: 'request order' },
    { ...order, type: 'request test payment' },
    { ...order, type: 'request order status' },
    { message_reference: 1, token, type: 'request open account' },
    { message_reference: 1, token, type: 'request account' },
  ];
  if (suite.accounts === undefined) return requests;
  const { identity } = registrationOf(mint.keyring, 'alice').registration;
  const proof = suite.accounts.prove(secretsOf('alice'), registrationContext(cdd.id, token));
  return [...requests, { identity, message_reference: 1, proof, token, type: 'request registration' }];
}

/** A coin that was handed over twice, where that is found out: both redemptions, and who asks for it. */
async function doublePaid(place: Place): Promise<MintRequest[]> {
  const after = { after: 0, message_reference: 1, type: 'request double payments' } as const;
  if (place.mint.keyring.suite.offline === undefined) return [];
  // Nobody else's: who is found out withdraws no more.
  const wanted: Wanted = { reference: 'd1', wallet: 'eve', coins: { double: 2 } };
  const [coming] = await prepared(place, wanted);
  if (coming === undefined) throw new Error('the example has a coin');
  const funding = fundRequest(place.mint.keyring, 'd1', 2, { expires: writeDate(place.now + DAY) });
  await place.ask(funding, 'response fund');
  const answer = await place.ask(mintRequest('d1', [coming]), 'response mint');
  const redemptions = [1, 2].map((amount) =>
    redeemRequest([coming.paid(answer, { payee: '', time: place.now, amount })]),
  );
  for (const each of redemptions) await place.mint.answer(each);
  const { double_payments } = await place.ask(after, 'response double payments');
  if (double_payments.length !== 1) throw new Error('the example was not found out');
  return [after, ...redemptions];
}

/** Coins bought, renewed, redeemed: what was asked before is answered as before, the rest is new. */
async function coinRequests(place: Place, turn: string): Promise<Request[]> {
  const { keyring } = place.mint;
  const wanted = (reference: string, wallet: string, ...values: number[]): Wanted => ({
    reference: `${reference}${turn}`,
    wallet,
    coins: Object.fromEntries(values.map((value, index) => [`${reference}${turn} ${index}`, value])),
  });
  const coins = await bought(place, `a${turn}`, 4, 2, 1);
  const [four, ...rest] = coins;
  if (four === undefined) throw new Error('the example has three coins');
  const [toMint, toRenew] = [wanted('e', `bob${turn}`, 2, 1), wanted('f', `carol${turn}`, 2, 2)];
  const fund = fundRequest(keyring, toMint.reference, 3, { expires: writeDate(place.now + DAY) });
  await asked(place.mint.answer(fund), fund);
  const minting = mintRequest(toMint.reference, await prepared(place, toMint));
  const renewal = renewRequest(toRenew.reference, [four], await prepared(place, toRenew));
  const requests: Request[] = [
    fund,
    minting,
    renewal,
    redeemRequest(rest),
    resumeRequest(`a${turn}`),
    {
      coin_ids: coins.map(({ payload }) => coinId(payload)),
      message_reference: 1,
      type: 'request coin status',
    },
  ];
  if (keyring.suite.accounts === undefined) return requests;
  const open = [
    ...[toMint, toRenew].map(({ reference, wallet = '', coins: values }) =>
      commitmentsRequest(keyring, wallet, reference, Object.values(values), place.now),
    ),
    commitmentsRequest(keyring, `dave${turn}`, `g${turn}`, [1], place.now),
  ];
  return [...requests, ...open];
}
