import type { Refusal } from '../base/refusal.ts';

/** A key as documents carry it: `type` names its kind, the other fields are BigInts and whole numbers. */
export type KeyDocument = { readonly type: string; readonly [field: string]: string | number };

/**
 * Where a wallet's secrets for one coin come from: derived from the phrase, so that the same call gives the same
 * bytes again. `label` keeps the uses apart; `length` is in bytes.
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

/**
 * One cipher suite: its mathematics, free of any platform. `Key` is a public key that was read and checked.
 * Blinds and signatures are BigInts as text; payloads are canonical bytes (spec/protocol.md).
 */
export interface CipherSuite<Key = unknown> {
  /** The CDD's `issuer_cipher_suite`. */
  readonly name: string;
  readonly promises: Promises;
  /** Bits of a new master key and of new mint keys. */
  readonly keyBits: { readonly master: number; readonly mint: number };

  /** Reads a public key document; refuses one of another kind, with missing or extra fields, or out of range. */
  readKey(document: KeyDocument): Key | Refusal;

  /** Why a wallet should not trust this key, as one sentence; undefined when there is no reason. */
  weakness(key: Key): string | undefined;

  /** Whether the master key signed these canonical bytes. */
  verifyDocument(master: Key, document: Uint8Array, signature: string): boolean;

  /** Wallet: the blind that hides a payload from the mint. The same secrets give the same blind. */
  prepare(key: Key, payload: Uint8Array, secrets: CoinSecrets): string;

  /** Mint: whether a blind is in range for the key; others are refused before anything is committed. */
  accepts(key: Key, blind: string): boolean;

  /** Wallet: the coin's signature out of the mint's answer, checked; a refusal when the mint did not sign rightly. */
  unblind(key: Key, payload: Uint8Array, blindSignature: string, secrets: CoinSecrets): string | Refusal;

  /** Whoever saw both, as far as the suite allows: whether a blind signature is the mint's answer to a blind. */
  answers(key: Key, blind: string, blindSignature: string): boolean;

  /** Anyone the suite allows: whether the signature makes the payload a coin. */
  verify(key: Key, payload: Uint8Array, signature: string): boolean;

  /**
   * The private operation in plain arithmetic: what the native signers are tested against. Slow and not constant
   * time; never used to issue.
   */
  signPlainly(secret: KeyDocument, blind: string): string;
}
