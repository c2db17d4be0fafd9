/** What a bank's teller asks for, over a socket of the bank's own. No customer's message is among them. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import {
  BigIntText,
  Count,
  DateText,
  List,
  MessageReference,
  PositiveAmount,
  ShortText,
  Strict,
  answerFields,
} from '../fields.ts';
import type { Written } from '../fields.ts';
import { Payout } from './account.ts';
import { OrderState } from './order.ts';

/** Orders on the rail *manual* that wait for their money, soonest to expire first. */
export const RequestUnpaidOrders = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request unpaid orders'),
});
export type RequestUnpaidOrders = Written<typeof RequestUnpaidOrders>;

/** No transaction reference: whoever knows one could mint the coins of the order. */
const UnpaidOrder = Strict({ amount: PositiveAmount, expires: DateText, payment_reference: ShortText });

export const ResponseUnpaidOrders = Strict({
  ...answerFields,
  orders: List(UnpaidOrder, 0, LIMITS.tellerPage),
  type: Type.Literal('response unpaid orders'),
});
export type ResponseUnpaidOrders = Written<typeof ResponseUnpaidOrders>;

/** The teller's word that an order's money has come: exactly this amount, under this payment reference. */
export const RequestConfirmPayment = Strict({
  amount: PositiveAmount,
  message_reference: MessageReference,
  payment_reference: ShortText,
  type: Type.Literal('request confirm payment'),
});
export type RequestConfirmPayment = Written<typeof RequestConfirmPayment>;

/** `confirmed_before` tells a second transfer under one reference from the first. */
export const ResponseConfirmPayment = Strict({
  ...answerFields,
  confirmed_before: Type.Boolean({ description: 'true or false' }),
  payment_reference: ShortText,
  state: OrderState,
  type: Type.Literal('response confirm payment'),
});
export type ResponseConfirmPayment = Written<typeof ResponseConfirmPayment>;

/** `reference` is 256 bits that the teller draws and keeps secret: the same one gives the same codes again. */
export const RequestIssueVouchers = Strict({
  amount: PositiveAmount,
  count: Type.Integer({
    minimum: 1,
    maximum: LIMITS.vouchersAtOnce,
    description: `a whole number from 1 to ${LIMITS.vouchersAtOnce}`,
  }),
  message_reference: MessageReference,
  reference: Type.String({
    pattern: '^[0-9a-f]{64}$',
    maxLength: 64,
    description: 'a secret reference: 64 lower-case hexadecimal digits',
  }),
  type: Type.Literal('request issue vouchers'),
});
export type RequestIssueVouchers = Written<typeof RequestIssueVouchers>;

export const ResponseIssueVouchers = Strict({
  ...answerFields,
  amount: PositiveAmount,
  codes: List(ShortText, 1, LIMITS.vouchersAtOnce),
  type: Type.Literal('response issue vouchers'),
});
export type ResponseIssueVouchers = Written<typeof ResponseIssueVouchers>;

/** Payouts that wait to be paid, oldest first. */
export const RequestPendingPayouts = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request pending payouts'),
});
export type RequestPendingPayouts = Written<typeof RequestPendingPayouts>;

const PendingPayout = Strict({
  account: ShortText,
  amount: PositiveAmount,
  number: Count,
  time: DateText,
  to: ShortText,
});

export const ResponsePendingPayouts = Strict({
  ...answerFields,
  payouts: List(PendingPayout, 0, LIMITS.tellerPage),
  type: Type.Literal('response pending payouts'),
});
export type ResponsePendingPayouts = Written<typeof ResponsePendingPayouts>;

/** The teller's word that a payout's money has gone. */
export const RequestPayoutPaid = Strict({
  message_reference: MessageReference,
  number: Count,
  type: Type.Literal('request payout paid'),
});
export type RequestPayoutPaid = Written<typeof RequestPayoutPaid>;

export const ResponsePayoutPaid = Strict({
  ...answerFields,
  paid_before: Type.Boolean({ description: 'true or false' }),
  payout: Payout,
  type: Type.Literal('response payout paid'),
});
export type ResponsePayoutPaid = Written<typeof ResponsePayoutPaid>;

/** Suites of two rounds: identities that wait to be approved, soonest to expire first. */
export const RequestWaitingRegistrations = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request waiting registrations'),
});
export type RequestWaitingRegistrations = Written<typeof RequestWaitingRegistrations>;

const WaitingRegistration = Strict({ account: ShortText, expires: DateText, identity: BigIntText });

export const ResponseWaitingRegistrations = Strict({
  ...answerFields,
  registrations: List(WaitingRegistration, 0, LIMITS.tellerPage),
  type: Type.Literal('response waiting registrations'),
});
export type ResponseWaitingRegistrations = Written<typeof ResponseWaitingRegistrations>;

/** The teller's word that the account of an identity is a person's; `identity` may be its first digits. */
export const RequestApproveRegistration = Strict({
  identity: BigIntText,
  message_reference: MessageReference,
  type: Type.Literal('request approve registration'),
});
export type RequestApproveRegistration = Written<typeof RequestApproveRegistration>;

export const ResponseApproveRegistration = Strict({
  ...answerFields,
  account: ShortText,
  approved_before: Type.Boolean({ description: 'true or false' }),
  identity: BigIntText,
  type: Type.Literal('response approve registration'),
});
export type ResponseApproveRegistration = Written<typeof ResponseApproveRegistration>;

/** Takes an account's identity back, so that it may register anew. */
export const RequestForgetIdentity = Strict({
  account: ShortText,
  message_reference: MessageReference,
  type: Type.Literal('request forget identity'),
});
export type RequestForgetIdentity = Written<typeof RequestForgetIdentity>;

/** Without `identity` where the account had none. */
export const ResponseForgetIdentity = Strict({
  ...answerFields,
  account: ShortText,
  identity: Type.Optional(BigIntText),
  type: Type.Literal('response forget identity'),
});
export type ResponseForgetIdentity = Written<typeof ResponseForgetIdentity>;

/** Whose an identity is that was registered: asked when a coin was handed over twice. */
export const RequestIdentityHolder = Strict({
  identity: BigIntText,
  message_reference: MessageReference,
  type: Type.Literal('request identity holder'),
});
export type RequestIdentityHolder = Written<typeof RequestIdentityHolder>;

export const ResponseIdentityHolder = Strict({
  ...answerFields,
  account: ShortText,
  state: Type.Union([Type.Literal('registered'), Type.Literal('taken back')], {
    description: '"registered" or "taken back"',
  }),
  type: Type.Literal('response identity holder'),
});
export type ResponseIdentityHolder = Written<typeof ResponseIdentityHolder>;

export const RequestBalances = Strict({
  message_reference: MessageReference,
  type: Type.Literal('request balances'),
});
export type RequestBalances = Written<typeof RequestBalances>;

const LedgerBalance = Strict({
  account: ShortText,
  balance: Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'a whole number of the smallest unit, negative for what the bank holds',
  }),
});

/** The ledger's accounts, those of all customers as one: the balances sum to zero. */
export const ResponseBalances = Strict({
  ...answerFields,
  accounts: List(LedgerBalance, 0, LIMITS.ledgerAccounts),
  type: Type.Literal('response balances'),
});
export type ResponseBalances = Written<typeof ResponseBalances>;
