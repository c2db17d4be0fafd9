/** For tests only: rows of a host. */
import { amount } from '../../base/amount.ts';
import type { DropRow, InvoiceRow, LetterRow, MemberRow, Passkey, SessionRow } from '../../host/state.ts';

export const NOW = Date.parse('2026-11-21T12:00:00Z');

/** 32 hexadecimal digits that begin with a number. */
export const idOf = (number: number): string => number.toString(16).padStart(32, '0');

export function member(number: number, fields: Partial<MemberRow> = {}): MemberRow {
  return {
    id: idOf(number),
    name: `Ada ${number}`,
    handle: `ada ${number}`,
    created: NOW + number,
    language: 'de',
    recipient: 'age1ada',
    identity: 'abcdef',
    locks: [
      { kind: 'password', salt: '00ff', sealed: '01' },
      { kind: 'phrase', sealed: '02' },
      { kind: 'passkey', credential: `credential ${number}`, sealed: '03' },
    ],
    passkeys: [passkey(`credential ${number}`)],
    secondFactor: number % 2 === 1,
    ...fields,
  };
}

export function passkey(credential: string, counter = 0): Passkey {
  const transports = ['internal', 'hybrid'];
  return { credential, publicKey: 'cHVi', counter, transports, name: 'Ädas "phone"', created: NOW };
}

export function session(hash: string, of: number, fields: Partial<SessionRow> = {}): SessionRow {
  return {
    hash,
    member: idOf(of),
    kind: 'page',
    label: 'Firefox',
    created: NOW,
    seen: NOW + 1,
    expires: NOW + 100,
    sealed: 'aa',
    ...fields,
  };
}

export function letter(number: number, of: number, fields: Partial<LetterRow> = {}): LetterRow {
  return {
    id: idOf(number),
    member: idOf(of),
    folder: 'inbox',
    time: NOW + number,
    sealedTo: 'recipient',
    sealed: Uint8Array.of(0, 1, 255, number),
    ...fields,
  };
}

export function drop(number: number, of: number, fields: Partial<DropRow> = {}): DropRow {
  return {
    id: idOf(number),
    member: idOf(of),
    letter: idOf(7),
    created: NOW,
    expires: NOW + 100,
    sealed: Uint8Array.of(9, 0, number),
    ...fields,
  };
}

export function invoice(number: number, of: number, fields: Partial<InvoiceRow> = {}): InvoiceRow {
  return {
    id: idOf(number),
    member: idOf(of),
    currency: 'c'.repeat(64),
    location: 'http://mint.test/',
    amount: amount(Number.MAX_SAFE_INTEGER),
    subject: 'Überweisung "€" \u{1f4b6}',
    created: NOW,
    state: 'open',
    letter: '',
    ...fields,
  };
}
