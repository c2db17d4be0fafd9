/** Every document and message there is, by its `type`. Types, validation and spec/schemata/ all come from here. */
import type Type from 'typebox';
import {
  Blind,
  BlindSignature,
  Cdd,
  Cddc,
  Coin,
  CoinStack,
  MintKey,
  MintKeyCertificate,
  Payload,
} from './documents.ts';
import {
  Receipt,
  Revocation,
  RevocationCertificate,
  SignedReceipt,
  SignedStatement,
  Statement,
  StatementKey,
  StatementKeyCertificate,
} from './attestations.ts';
import { Founding, OperatorOrder, Policy, SignedOrder } from './governance.ts';
import { JournalEntry, SignedEntry } from './journal.ts';
import { RequestCurrencies, ResponseCurrencies } from './messages/currencies.ts';
import { RequestFloat, ResponseFloat } from './messages/float.ts';
import { RequestJournal, ResponseJournal } from './messages/journal.ts';
import {
  RequestOperate,
  RequestPendingOrders,
  ResponseOperate,
  ResponsePendingOrders,
} from './messages/operate.ts';
import { ReceiptsWanted, RequestReceipts, ResponseReceipts } from './messages/receipts.ts';
import { RequestReserveDeposit, ResponseReserveDeposit } from './messages/reserve.ts';
import { RequestAccount, RequestOpenAccount, ResponseAccount } from './messages/account.ts';
import { RequestPayment, RequestVoucher, ResponseVoucher } from './messages/payment.ts';
import { RequestPayout, ResponsePayout } from './messages/payout.ts';
import { RequestCommitments, ResponseCommitments } from './messages/commitments.ts';
import { DoublePayment, RequestDoublePayments, ResponseDoublePayments } from './messages/double-payments.ts';
import {
  Registration,
  RequestRegistration,
  ResponseRegistration,
  SignedRegistration,
} from './messages/registration.ts';
import { RequestRails, ResponseRails } from './messages/rails.ts';
import { RequestShowReceipt, ResponseShowReceipt } from './messages/show-receipt.ts';
import {
  RequestApproveRegistration,
  RequestBalances,
  RequestConfirmPayment,
  RequestForgetIdentity,
  RequestIdentityHolder,
  RequestIssueVouchers,
  RequestPayoutPaid,
  RequestPendingPayouts,
  RequestUnpaidOrders,
  RequestWaitingRegistrations,
  ResponseApproveRegistration,
  ResponseBalances,
  ResponseConfirmPayment,
  ResponseForgetIdentity,
  ResponseIdentityHolder,
  ResponseIssueVouchers,
  ResponsePayoutPaid,
  ResponsePendingPayouts,
  ResponseUnpaidOrders,
  ResponseWaitingRegistrations,
} from './messages/teller.ts';
import { RequestCddSerial, ResponseCddSerial } from './messages/cdd-serial.ts';
import { RequestCddc, ResponseCddc } from './messages/cddc.ts';
import { RequestCoinStatus, ResponseCoinStatus } from './messages/coin-status.ts';
import { Funding, RequestFund, ResponseFund } from './messages/fund.ts';
import { RequestMintKeyCertificates, ResponseMintKeyCertificates } from './messages/mint-key-certificates.ts';
import { RequestMint, ResponseMint } from './messages/mint.ts';
import {
  Order,
  RequestOrder,
  RequestOrderStatus,
  RequestTestPayment,
  ResponseOrder,
} from './messages/order.ts';
import { RequestRedeem, ResponseRedeem } from './messages/redeem.ts';
import { ResponseDelay, ResponseError } from './messages/refusals.ts';
import { RequestRenew } from './messages/renew.ts';
import { RequestResume } from './messages/resume.ts';

export const DOCUMENTS = {
  cdd: Cdd,
  'cdd certificate': Cddc,
  'mint key': MintKey,
  'mint key certificate': MintKeyCertificate,
  payload: Payload,
  coin: Coin,
  coinstack: CoinStack,
  'blinded payload hash': Blind,
  'blind signature': BlindSignature,
  funding: Funding,
  order: Order,
  'statement key': StatementKey,
  'statement key certificate': StatementKeyCertificate,
  statement: Statement,
  'signed statement': SignedStatement,
  receipt: Receipt,
  'signed receipt': SignedReceipt,
  'receipts wanted': ReceiptsWanted,
  registration: Registration,
  'signed registration': SignedRegistration,
  'double payment': DoublePayment,
  'mint key revocation': Revocation,
  'mint key revocation certificate': RevocationCertificate,
  policy: Policy,
  founding: Founding,
  'operator order': OperatorOrder,
  'signed operator order': SignedOrder,
  'journal entry': JournalEntry,
  'signed journal entry': SignedEntry,
} as const satisfies Record<string, Type.TSchema>;

export const REQUESTS = {
  'request cdd serial': RequestCddSerial,
  'request cddc': RequestCddc,
  'request mint key certificates': RequestMintKeyCertificates,
  'request mint': RequestMint,
  'request renew': RequestRenew,
  'request resume': RequestResume,
  'request redeem': RequestRedeem,
  'request coin status': RequestCoinStatus,
  'request fund': RequestFund,
  'request rails': RequestRails,
  'request order': RequestOrder,
  'request order status': RequestOrderStatus,
  'request test payment': RequestTestPayment,
  'request payment': RequestPayment,
  'request voucher': RequestVoucher,
  'request open account': RequestOpenAccount,
  'request account': RequestAccount,
  'request payout': RequestPayout,
  'request show receipt': RequestShowReceipt,
  'request float': RequestFloat,
  'request journal': RequestJournal,
  'request operate': RequestOperate,
  'request pending orders': RequestPendingOrders,
  'request receipts': RequestReceipts,
  'request reserve deposit': RequestReserveDeposit,
  'request currencies': RequestCurrencies,
  'request registration': RequestRegistration,
  'request commitments': RequestCommitments,
  'request double payments': RequestDoublePayments,
} as const satisfies Record<string, Type.TSchema>;

export const RESPONSES = {
  'response cdd serial': ResponseCddSerial,
  'response cddc': ResponseCddc,
  'response mint key certificates': ResponseMintKeyCertificates,
  'response mint': ResponseMint,
  'response redeem': ResponseRedeem,
  'response delay': ResponseDelay,
  'response error': ResponseError,
  'response coin status': ResponseCoinStatus,
  'response fund': ResponseFund,
  'response rails': ResponseRails,
  'response order': ResponseOrder,
  'response voucher': ResponseVoucher,
  'response account': ResponseAccount,
  'response payout': ResponsePayout,
  'response show receipt': ResponseShowReceipt,
  'response float': ResponseFloat,
  'response journal': ResponseJournal,
  'response operate': ResponseOperate,
  'response pending orders': ResponsePendingOrders,
  'response receipts': ResponseReceipts,
  'response reserve deposit': ResponseReserveDeposit,
  'response currencies': ResponseCurrencies,
  'response registration': ResponseRegistration,
  'response commitments': ResponseCommitments,
  'response double payments': ResponseDoublePayments,
} as const satisfies Record<string, Type.TSchema>;

/** What a bank's teller asks, over the bank's own socket only: `decodeRequest` knows none of these. */
export const TELLER_REQUESTS = {
  'request unpaid orders': RequestUnpaidOrders,
  'request confirm payment': RequestConfirmPayment,
  'request issue vouchers': RequestIssueVouchers,
  'request pending payouts': RequestPendingPayouts,
  'request payout paid': RequestPayoutPaid,
  'request balances': RequestBalances,
  'request waiting registrations': RequestWaitingRegistrations,
  'request approve registration': RequestApproveRegistration,
  'request forget identity': RequestForgetIdentity,
  'request identity holder': RequestIdentityHolder,
} as const satisfies Record<string, Type.TSchema>;

export const TELLER_RESPONSES = {
  'response unpaid orders': ResponseUnpaidOrders,
  'response confirm payment': ResponseConfirmPayment,
  'response issue vouchers': ResponseIssueVouchers,
  'response pending payouts': ResponsePendingPayouts,
  'response payout paid': ResponsePayoutPaid,
  'response balances': ResponseBalances,
  'response waiting registrations': ResponseWaitingRegistrations,
  'response approve registration': ResponseApproveRegistration,
  'response forget identity': ResponseForgetIdentity,
  'response identity holder': ResponseIdentityHolder,
} as const satisfies Record<string, Type.TSchema>;

export type TellerRequest =
  | RequestUnpaidOrders
  | RequestConfirmPayment
  | RequestIssueVouchers
  | RequestPendingPayouts
  | RequestPayoutPaid
  | RequestBalances
  | RequestWaitingRegistrations
  | RequestApproveRegistration
  | RequestForgetIdentity
  | RequestIdentityHolder;

export type TellerResponse =
  | ResponseUnpaidOrders
  | ResponseConfirmPayment
  | ResponseIssueVouchers
  | ResponsePendingPayouts
  | ResponsePayoutPaid
  | ResponseBalances
  | ResponseWaitingRegistrations
  | ResponseApproveRegistration
  | ResponseForgetIdentity
  | ResponseIdentityHolder;

export type Request =
  | RequestCddSerial
  | RequestCddc
  | RequestMintKeyCertificates
  | RequestMint
  | RequestRenew
  | RequestResume
  | RequestRedeem
  | RequestCoinStatus
  | RequestFund
  | RequestRails
  | RequestOrder
  | RequestOrderStatus
  | RequestTestPayment
  | RequestPayment
  | RequestVoucher
  | RequestOpenAccount
  | RequestAccount
  | RequestPayout
  | RequestShowReceipt
  | RequestFloat
  | RequestJournal
  | RequestOperate
  | RequestPendingOrders
  | RequestReceipts
  | RequestReserveDeposit
  | RequestCurrencies
  | RequestRegistration
  | RequestCommitments
  | RequestDoublePayments;

export type Response =
  | ResponseCddSerial
  | ResponseCddc
  | ResponseMintKeyCertificates
  | ResponseMint
  | ResponseRedeem
  | ResponseDelay
  | ResponseError
  | ResponseCoinStatus
  | ResponseFund
  | ResponseRails
  | ResponseOrder
  | ResponseVoucher
  | ResponseAccount
  | ResponsePayout
  | ResponseShowReceipt
  | ResponseFloat
  | ResponseJournal
  | ResponseOperate
  | ResponsePendingOrders
  | ResponseReceipts
  | ResponseReserveDeposit
  | ResponseCurrencies
  | ResponseRegistration
  | ResponseCommitments
  | ResponseDoublePayments;

export type Document =
  | Cdd
  | Cddc
  | MintKey
  | MintKeyCertificate
  | Payload
  | Coin
  | CoinStack
  | Blind
  | BlindSignature
  | Funding
  | Order
  | StatementKey
  | StatementKeyCertificate
  | Statement
  | SignedStatement
  | Receipt
  | SignedReceipt
  | ReceiptsWanted
  | Registration
  | SignedRegistration
  | DoublePayment
  | Revocation
  | RevocationCertificate
  | Policy
  | Founding
  | OperatorOrder
  | SignedOrder
  | JournalEntry
  | SignedEntry;
