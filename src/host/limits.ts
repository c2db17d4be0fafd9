import { LIMITS } from '../base/limits.ts';
import { TITLE_LIMITS } from '../title/documents/limits.ts';

/** Every limit of a wallet host, with its reason. */
export const HOST_LIMITS = {
  /** Characters of a member's name: it stands in a list on a phone. */
  name: 40,
  /** Characters of a password at least: what argon2id and the limits on attempts leave to a guesser is hopeless from here on. */
  passwordLeast: 10,
  /** Characters of a password at most: a phrase of words, not a file. */
  password: 200,
  /** Characters in which twelve words are looked for. */
  phrase: 300,
  /** Characters of an address: RFC 5321, 4.5.3.1. */
  to: 254,
  /** Characters of a letter's subject: a line. The protocol bears more. */
  subject: 200,
  /** Characters of a letter's text: a page. */
  text: 4_000,
  url: LIMITS.url,
  /** Characters of coins as text: the largest stack as JSON. */
  handover: LIMITS.messageBytes,
  /** Bytes of a form with a file in it. */
  formBytes: LIMITS.messageBytes + 65_536,
  /** Members of a host; its keeper may raise it. */
  members: 100_000,
  /** Sessions and tokens of one member. */
  sessions: 50,
  passkeys: 10,
  /** Letters of one member in one folder: beyond it the oldest settled ones have to be removed first. */
  letters: 20_000,
  /** Letters from one sender that one member has not opened, and their bytes: nobody fills another's inbox alone. */
  unopened: 200,
  unopenedBytes: 8 * LIMITS.messageBytes,
  /** Invoices of one member that are open. */
  openInvoices: 200,
  /** Characters of an address of a wallet of titles: some pseudonyms, their server, a check. */
  titleAddress: 2_000,
  titlesAtOnce: TITLE_LIMITS.titlesPerTransfer,
  /** Title servers that one wallet knows. */
  titleServers: 20,
  /** Addresses of one member at one title server that wait for who gives by name: each begins with fresh pseudonyms. */
  readyAddresses: 8,
  /** Wallets open at once: each holds its purse in memory. */
  openWallets: 2_000,
} as const;

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How long things live, in milliseconds. */
export const HOST_TIMES = {
  /** A browser that is not used is signed out after this. */
  page: 14 * DAY,
  /** Between password and passkey. */
  half: 5 * MINUTE,
  /** A program's token. */
  token: 366 * DAY,
  /** A wallet that nobody looks at is closed after this, and its key forgotten. */
  idle: 10 * MINUTE,
  /** A drop that nobody took is removed after this; its sender can still take the coins back. */
  drop: 366 * DAY,
  /** So long a payment is known by what its asker called it, after its letter was removed too. */
  once: DAY,
  /** The longest for which upkeep leaves a currency alone whose issuer does not answer. */
  rest: 10 * MINUTE,
  /** How often a wallet that is open looks at its title servers for titles that were issued to it. */
  issued: 5 * MINUTE,
  /** How often a wallet that is open looks whether what it sent was taken, and takes up what is pending. */
  upkeep: 20_000,
} as const;
