/** What a wallet host keeps its members' secrets by: the port Secrets on OpenSSL and age. */
import { argon2, createHash } from 'node:crypto';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Secrets } from '../host/ports.ts';
import { openBytes, sealBytes, subkey } from './vault/seal.ts';

/** What guessing one password costs. */
export interface StretchCost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
}

/** RFC 9106, section 4, the second recommended option; with it four lanes and 32 bytes of result. */
const RECOMMENDED: StretchCost = { memory: 65_536, passes: 3 };
const LANES = 4;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** At once: each takes its memory and, for a tenth of a second, a core. */
const AT_ONCE = 2;
/** Waiting: about five seconds of work. Who comes later is better told than kept. */
const MOST_WAITING = 100;

/** The secrets of a host. Only tests and simulations have another cost: what was locked under one does not open under another. */
export function memberSecrets(cost: StretchCost = RECOMMENDED): Secrets {
  const gate = new Gate(AT_ONCE, MOST_WAITING);
  return {
    stretch: (password, salt) => gate.pass(() => stretched(password, salt, cost)),
    subkey,
    seal: sealBytes,
    open: openBytes,
    hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    newIdentity,
    sealTo,
    openWith,
  };
}

function stretched(password: string, salt: Uint8Array, cost: StretchCost): Promise<Uint8Array> {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes`);
  const parameters = {
    message: Buffer.from(password),
    nonce: salt,
    parallelism: LANES,
    tagLength: KEY_BYTES,
    memory: cost.memory,
    passes: cost.passes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => {
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
}

/** Lets so many through at once and so many wait, in the order in which they came. */
class Gate {
  #free: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number, mostWaiting: number) {
    this.#free = atOnce;
    this.#most = mostWaiting;
  }

  /** Undefined, and nothing done, when too many wait. */
  async pass<Result>(job: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#free > 0) this.#free--;
    else if (this.#waiting.length >= this.#most) return undefined;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await job();
    } finally {
      // The place goes straight to the next, so that nobody who comes now overtakes.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

async function newIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

async function sealTo(recipient: string, bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}

async function openWith(identity: string, sealed: Uint8Array): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch {
    // Whoever leaves a letter can leave bytes that are none: age says so by throwing.
    return undefined;
  }
}
