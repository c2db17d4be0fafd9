/** Every limit on what comes in, with its reason. A front, a mint and a wallet apply the same ones. */
export const LIMITS = {
  /** Bytes of one message: a renewal of the most coins and blinds under 4096-bit keys fits with room to spare. */
  messageBytes: 1_048_576,
  /** Nesting of JSON: a rule's role, in a currency founded by an order, in a page of the journal is the deepest. */
  jsonDepth: 14,
  /** Values in one message: the largest renewal or answer holds under 4,000; checking them costs time by the value. */
  jsonValues: 16_384,
  /** Coins or blinds of one request: bounds what one request costs the mint to about 0.1 s of one core. */
  coinsPerRequest: 256,
  /** Characters of a released reserve's sealed stack: a message of the most bytes, less room for the order beside it. */
  sealedStack: 1_000_000,
  /** Of these, coins of one mint key in a withdrawal: few are open at once, for whoever has many forges one more (P256-BRANDS, ROS). */
  coinsPerWithdrawal: 4,
  /** Denominations of one currency, and mint keys asked for at once: powers of two up to 2^53 need 54. */
  denominations: 64,
  /** Mint key certificates in one answer: every denomination with a past, a present and a coming key. */
  mintKeyCertificates: 256,
  /** Mint keys whose books are open: four times what a schedule may keep alive, for what other schedules, revocations and restores leave. */
  openMintKeys: 1_024,
  /** Denominations of those keys, of whichever description: what one statement sums up. */
  openDenominations: 256,
  /** Bytes of description terms in canonical form: with its keys and signature, `currencies` of them fit into a message. */
  descriptionBytes: 24_576,
  /** Operators of one currency, and signatures under one order. */
  operators: 32,
  /** Rules of one policy. */
  rules: 64,
  /** Bytes of an order, or of a founding, in canonical form: 32 rules of all roles, and still 14 of them in a message. */
  orderBytes: 65_536,
  /** Commas of an order or of a founding: the largest policy in a founding has under 3,000. */
  orderValues: 4_000,
  /** Days for which an order may be written: its serial is remembered as long. */
  orderDays: 90,
  /** Orders that wait for signatures; beyond that the mint says busy. */
  pendingOrders: 32,
  /** Of those, orders that one operator began: nobody can take all the places. */
  pendingOrdersEach: 4,
  /** Entries in one answer; fewer where they would be too large together. */
  journalPage: 64,
  /** Double payments in one answer: each holds a coin's signature twice. */
  doublePaymentsPage: 64,
  /** Receipts in one answer. */
  receiptsPage: 256,
  /** Currencies of one box: each has a ledger thread of its own. */
  currencies: 32,
  /** Digits of a BigInt: an RSA value of 8192 bits. */
  bigIntDigits: 2_048,
  /** Digits of a serial or a transaction reference: 256 bits. */
  serialDigits: 64,
  /** Characters of a subject: a few sentences. */
  subject: 1_000,
  /** Characters of a name, a blind's reference or a description. */
  shortText: 200,
  /** Characters of free text that an issuer adds about itself. */
  additionalInfo: 10_000,
  /** Characters of a URL, as browsers and proxies bear it. */
  url: 2_000,
  /** Services of one kind in a description. */
  services: 16,
  /** Requests to mint that wait for their payment; the oldest goes first, and its wallet just sends it again. */
  waitingRequests: 1_000,
  /** Orders at the bank that nobody has paid yet; beyond that the bank says busy. */
  unpaidOrders: 100_000,
  /** Accounts at a bank; beyond that it opens no more until its keepers raise this. */
  accounts: 1_000_000,
  /** Entries of an account in one answer: the last ones. */
  accountEntries: 50,
  /** Payouts of one account that wait to be paid; a person has to see to each. */
  pendingPayouts: 20,
  /** Vouchers issued at once: a sheet or a roll of them. */
  vouchersAtOnce: 1_000,
  /** Orders or payouts in one answer to a teller; the others come when these are done. */
  tellerPage: 256,
  /** Accounts of a bank's ledger beside its customers': one for each rail, and five. */
  ledgerAccounts: 32,
  /** Bits of an RSA modulus under which a wallet takes no currency (NIST SP 800-131A). */
  rsaBits: 2_048,
  /** Bits of an RSA modulus above which a key is refused: it would cost too much to check. */
  rsaBitsMost: 8_192,
  /** References in a row that the mint does not know before a restore stops looking. */
  restoreGap: 20,
} as const;
