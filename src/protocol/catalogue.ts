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
  'request order': RequestOrder,
  'request order status': RequestOrderStatus,
  'request test payment': RequestTestPayment,
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
  'response order': ResponseOrder,
} as const satisfies Record<string, Type.TSchema>;

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
  | RequestOrder
  | RequestOrderStatus
  | RequestTestPayment;

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
  | ResponseOrder;

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
  | Order;
