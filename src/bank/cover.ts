/** Whether the mint can issue what the bank sells: asked before anyone pays. */
import { amount, isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Statement } from '../protocol/attestations.ts';
import { askFor, distrust, statementKey } from './attest.ts';
import type { OpenBank } from './parts.ts';
import { COINS } from './postings.ts';

export interface Cover {
  /** What may still be sold. */
  readonly left: number;
  /** What the balance of `coins` may come to with it. */
  readonly coinsMost: Amount;
}

/**
 * What the mint can still issue beyond all that is paid. Paid and not minted yet is the balance of `coins` less the
 * float. Receipts that are not collected yet make it look more than it is: then the bank sells less, never more.
 */
export async function coverOf(bank: OpenBank): Promise<Cover | Refusal> {
  const statement = await askStatement(bank);
  if (statement instanceof Refusal) return statement;
  if (statement.power === 'off') return refuse('switched off', 'the mint does not issue now');
  // Read after the statement: what is minted in between moves from treasury to float and changes neither sum.
  const coins = await bank.store.balance(COINS);
  const unminted = Math.max(0, coins - statement.float);
  const left = Math.max(0, statement.treasury - unminted);
  const coinsMost = coins + left;
  return { left, coinsMost: amount(isAmount(coinsMost) ? coinsMost : 0) };
}

/** The mint's signed word on treasury and float. */
async function askStatement(bank: OpenBank): Promise<Statement | Refusal> {
  const answer = await askFor(bank, { message_reference: 0, type: 'request float' }, 'response float');
  if (answer instanceof Refusal) return answer;
  const key = statementKey(bank, answer.statement_key);
  if (key instanceof Refusal) return key;
  const { signature, statement } = answer.signed_statement;
  if (statement.issuer_id !== bank.cddc.cdd.id) {
    return refuse('unknown', 'statement.issuer_id: another currency');
  }
  return (await distrust(bank, key, statement, signature, 'statement')) ?? statement;
}
