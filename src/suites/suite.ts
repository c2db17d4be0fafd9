import type { Instant } from '../base/dates.ts';
import type { Refusal } from '../base/refusal.ts';

/** A key as documents carry it: `type` names its kind, the other fields are BigInts and whole numbers. */
export type KeyDocument = { readonly type: string; readonly [field: string]: string | number };

/**
 * Where a wallet's secrets come from: derived from the phrase, so that the same call gives the same bytes again.
 * `label` keeps the uses apart; `length` is in bytes. One source belongs to one coin, another to the account.
 */
export type CoinSecrets = (label: string, length: number) => Uint8Array;

/** What a suite promises to the people who use its coins. The wallet says it in words. */
export interface Promises {
  /** Whether the mint cannot tell which withdrawal a coin came from. */
  readonly untraceable: boolean;
  /** Who can check a coin without asking the mint. */
  readonly verifiableBy: 'anyone' | 'the mint';
  /** Whether spending a coin twice reveals who did, so that it may be taken offline. */
  readonly safeOffline: boolean;
  /** Exchanges between wallet and mint to make a coin. */
  readonly rounds: 1 | 2;
  /** A weakness to know before choosing it, as one sentence; empty where none is known. */
  readonly caution: string;
}

/** How a currency's master key signs its documents. `Key` is a public key that was read and checked. */
export interface DocumentScheme<Key = unknown> {
  /** Reads a public key document; refuses one of another kind, with missing or extra fields, or out of range. */
  readKey(document: KeyDocument): Key | Refusal;
  /** Why a wallet should not trust this key, as one sentence; undefined when there is no reason. */
  weakness(key: Key): string | undefined;
  /** Whether the key signed these canonical bytes; the signature is a BigInt. */
  verify(key: Key, document: Uint8Array, signature: string): boolean;
}

/** What a wallet adds to a payload and its secrets to make a blind. */
export interface Preparation {
  /** Two rounds: the mint's answer to the first, for this coin. */
  readonly commitment?: string;
  /** Two rounds: the account's secrets. */
  readonly account?: CoinSecrets;
  /** Whether the coin is to be blinded; only a suite with `blinding: 'optional'` may be told not to. */
  readonly blinded?: boolean;
}

/** To whom, when and for how much a coin is handed over. Suites that are not safe offline take no notice of it. */
export interface Payment {
  /** The account that alone may bring the coin to the mint, a BigInt; empty: whoever has it. */
  readonly payee: string;
  readonly time: Instant;
  /** Of the whole payment, in the smallest unit. */
  readonly amount: number;
}

/**
 * One cipher suite: its mathematics, free of any platform. `Key` is a mint key's public part that was read and checked.
 * Blinds and signatures are BigInts as text; payloads are canonical bytes (spec/protocol.md).
 *
 * A coin's signature has up to three forms. *Held*: as the purse keeps it; it may hold secrets and leaves the wallet in
 * no other form than `hand` gives it. *Handed*: as the next holder gets it and checks it. *Shown*: as the mint gets it,
 * without whatever would tell the mint where the coin was withdrawn. In most suites the three are the same.
 */
export interface CipherSuite<Key = unknown, MasterKey = unknown> {
  /** The CDD's `issuer_cipher_suite`. */
  readonly name: string;
  readonly promises: Promises;
  /** Whether the wallet blinds: by the suite's nature, as it likes, or not at all. */
  readonly blinding: 'always' | 'optional' | 'never';
  readonly documents: DocumentScheme<MasterKey>;
  /** Suites of two rounds: accounts, and who opens a withdrawal. */
  readonly accounts?: AccountScheme;
  /** Suites that are safe offline: what a payment says, and what two of them give away. */
  readonly offline?: OfflineScheme<Key>;

  /** Reads a mint key's public document; refuses one of another kind, with missing or extra fields, or out of range. */
  readKey(document: KeyDocument): Key | Refusal;

  /** Why a wallet should not trust this mint key, as one sentence; undefined when there is no reason. */
  weakness(key: Key): string | undefined;

  /** Wallet: the blind that stands for a payload at the mint. The same arguments give the same blind. */
  prepare(key: Key, payload: Uint8Array, secrets: CoinSecrets, how?: Preparation): string;

  /** Mint: whether a blind is in range for the key; others are refused before anything is committed. */
  accepts(key: Key, blind: string): boolean;

  /**
   * Wallet: the coin's signature as it is held, out of the mint's answer, checked; a refusal when the mint did not sign
   * rightly. `how` holds the account where the suite has any; whether the coin was blinded it sees by itself.
   */
  unblind(
    key: Key,
    payload: Uint8Array,
    blindSignature: string,
    secrets: CoinSecrets,
    how?: Pick<Preparation, 'account'>,
  ): string | Refusal;

  /** Wallet: held → handed. What was handed before stays as it is; refused where it was handed to another payee. */
  hand(key: Key, payload: Uint8Array, held: string, payment: Payment): string | Refusal;

  /** Wallet: handed → shown. Never throws; what is none of this suite's comes back as it is. */
  show(handed: string): string;

  /** Whoever saw both, as far as the suite allows: whether a blind signature is the mint's answer to a blind. */
  answers(key: Key, blind: string, blindSignature: string): boolean;

  /**
   * Whoever is handed a coin: whether the signature, as it is handed, makes the payload a coin. Where only the mint can
   * tell (`verifiableBy`): whether it has the right form.
   */
  verify(key: Key, payload: Uint8Array, handed: string): boolean;

  /**
   * The private operations in plain arithmetic: what the native signers are tested against. Slow and not constant time;
   * never used to issue. `verifyPlainly` is the mint's check of a coin as it is shown.
   */
  signPlainly(secret: KeyDocument, blind: string): string;
  verifyPlainly(secret: KeyDocument, payload: Uint8Array, shown: string): boolean;
}

/** Accounts of a suite of two rounds. Identities, commitments, nonces and proofs are BigInts as text. */
export interface AccountScheme {
  /** Wallet: what the account is known by. */
  identity(account: CoinSecrets): string;
  /** Wallet: a proof that it knows the identity's secret, bound to these bytes. */
  prove(account: CoinSecrets, context: Uint8Array): string;
  /** Anyone: whether the proof holds. False for an identity that is none: the neutral element, a point off the curve. */
  proves(identity: string, context: Uint8Array, proof: string): boolean;
  /** The nonce, 64 hexadecimal digits, that a commitment or a blind is about; undefined where it is neither. */
  nonceOf(text: string): string | undefined;
  /** Mint, in plain arithmetic: the first round for one coin, with this nonce (64 hexadecimal digits). */
  commitPlainly(secret: KeyDocument, identity: string, nonce: string): string;
}

/** What a suite that is safe offline can read out of coins as they are handed. */
export interface OfflineScheme<Key = unknown> {
  /**
   * Wallet: the serial of a coin to come, before there is a payload. It holds fast what answers payments, so that one
   * coin id never stands for two coins, of which each could be handed over once without anybody being named.
   */
  serial(key: Key, secrets: CoinSecrets, account: CoinSecrets): string;
  /** The serial that the payload must have, out of any form of a coin's signature; undefined for what is none. */
  serialOf(signature: string): string | undefined;
  /** What a handed coin says of its payment; undefined for one that is only held. */
  paymentOf(signature: string): Payment | undefined;
  /**
   * Who handed one coin over twice, out of both forms of it: the identity, and its secret as the proof. Undefined where
   * the two are the same payment, or no two of this coin. `coinId` has 64 hexadecimal digits.
   */
  expose(key: Key, coinId: string, first: string, second: string): Exposure | undefined;
  /** Anyone: whether the secret is the identity's. */
  isExposed(exposure: Exposure): boolean;
}

/** The account that handed a coin over twice, and the proof: its secret, which nobody else could have. */
export interface Exposure {
  readonly identity: string;
  readonly secret: string;
}

/** `hand` and `show` of the suites whose coins have one form. */
export const ONE_FORM = {
  hand: (_key: unknown, _payload: Uint8Array, held: string): string => held,
  show: (handed: string): string => handed,
} as const;
