import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { amount } from '../../base/amount.ts';
import type { KeptAnswer, KeptFunding } from '../../mint/ledger.ts';
import type { Intent, KeptDoublePayment, KeptIntent, KeptReceipt } from '../../mint/ports.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** All of an intent but what has columns of its own. */
type Body = Omit<Intent, 'reference' | 'kind'>;

export function writeBody({ moves, blinds, spends, payee, expires, lapses }: Intent): string {
  const body: Body = { moves, blinds, spends, payee, expires, lapses };
  return JSON.stringify(body);
}

export function readIntent(row: Row): KeptIntent {
  return {
    ...(JSON.parse(text(row, 'body')) as Body),
    reference: text(row, 'reference'),
    kind: text(row, 'kind') as Intent['kind'],
    state: text(row, 'state') as KeptIntent['state'],
  };
}

export function readFunding(row: Row): KeptFunding {
  return {
    reference: text(row, 'reference'),
    cashier: text(row, 'cashier'),
    amount: amount(count(row, 'amount')),
    expires: count(row, 'expires'),
    day: count(row, 'day'),
    document: text(row, 'document'),
  };
}

export function readReceipt(row: Row): KeptReceipt {
  return {
    sequence: count(row, 'sequence'),
    redemption: text(row, 'redemption'),
    amount: amount(count(row, 'amount')),
    payee: text(row, 'payee'),
    time: count(row, 'time'),
  };
}

/** Where no payment was told, the column is empty. */
export function readAnswer(row: Row): KeptAnswer {
  const payment = text(row, 'payment');
  const answer = text(row, 'answer');
  return payment === '' ? { answer } : { answer, payment };
}

export function readDoublePayment(row: Row): KeptDoublePayment {
  return {
    number: count(row, 'number'),
    keyId: text(row, 'key_id'),
    coinId: text(row, 'coin_id'),
    first: text(row, 'first'),
    second: text(row, 'second'),
  };
}

export function text(row: Row | undefined, column: string): string {
  return field(row, column, 'string') as string;
}

export function count(row: Row | undefined, column: string): number {
  return field(row, column, 'number') as number;
}

export function blob(row: Row, column: string): Uint8Array {
  return field(row, column, 'object') as Uint8Array;
}

/** The tables are STRICT: another type here is a file of another program. */
function field(row: Row | undefined, column: string, type: 'string' | 'number' | 'object'): SQLInputValue {
  const value = row?.[column];
  if (value === undefined || typeof value !== type)
    throw new Error(`the books hold no ${column} of type ${type}`);
  return value;
}
