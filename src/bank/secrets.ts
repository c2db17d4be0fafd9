/** What the bank derives from secrets: it keeps hashes only, so that its books open no account and buy no coins. */
import { bytesToHex } from '../base/bytes.ts';
import { hashOf } from '../protocol/ids.ts';
import { readCode, writeCode } from './codes.ts';

/** 100 bits: nobody guesses one, whatever the bank lets people try. */
const VOUCHER_CHARACTERS = 20;
/** 50 bits: a slip of the pen names no other order. */
const PAYMENT_REFERENCE_CHARACTERS = 10;
const ACCOUNT_NUMBER_DIGITS = 10;

/** By what an account is kept: a hash of its token, 64 hex digits. */
export function tokenHash(token: string): string {
  return hashOf({ token, type: 'account token' });
}

/** An account's number, 10 hex digits: short enough to tell others, and no way back to the token. */
export function accountNumber(token: string): string {
  return hashOf({ token, type: 'account number' }).slice(0, ACCOUNT_NUMBER_DIGITS);
}

/**
 * A voucher's code. From the bank's own secret, so that a poor reference does no harm, and from the teller's, so that
 * whoever has the bank's books has no codes.
 */
export function voucherCode(bankSecret: Uint8Array, reference: string, number: number): string {
  const hash = hashOf({ number, reference, secret: bytesToHex(bankSecret), type: 'voucher code' });
  return writeCode(hash, VOUCHER_CHARACTERS);
}

/** By what a voucher is kept: a hash of its code, 64 hex digits. Undefined when the text can be no code. */
export function voucherHash(text: string): string | undefined {
  const code = readCode(text, VOUCHER_CHARACTERS);
  return code === undefined ? undefined : hashOf({ code, type: 'voucher' });
}

/** By what an issue of vouchers is kept: a hash of the teller's secret reference. */
export function batchHash(reference: string): string {
  return hashOf({ reference, type: 'voucher batch' });
}

/** What a customer writes on a transfer: 10 characters that say nothing of the transaction reference. */
export function paymentReference(transactionReference: string): string {
  const hash = hashOf({ transaction_reference: transactionReference, type: 'payment reference' });
  return writeCode(hash, PAYMENT_REFERENCE_CHARACTERS);
}

/** The payment reference that a person typed; undefined when it can be none. */
export function readPaymentReference(text: string): string | undefined {
  return readCode(text, PAYMENT_REFERENCE_CHARACTERS);
}
