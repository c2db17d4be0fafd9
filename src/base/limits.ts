/** Every limit on what comes in, with its reason. A front, a mint and a wallet apply the same ones. */
export const LIMITS = {
  /** Bytes of one message: a renewal of the most coins and blinds under 4096-bit keys fits with room to spare. */
  messageBytes: 1_048_576,
  /** Nesting of JSON: a coin in a renewal is the deepest document, at five. */
  jsonDepth: 8,
  /** Values in one message: the largest renewal or answer holds under 4,000; checking them costs time by the value. */
  jsonValues: 16_384,
  /** Coins or blinds of one request: bounds what one request costs the mint to about 0.1 s of one core. */
  coinsPerRequest: 256,
  /** Denominations of one currency, and mint keys asked for at once: powers of two up to 2^53 need 54. */
  denominations: 64,
  /** Mint key certificates in one answer: every denomination with a past, a present and a coming key. */
  mintKeyCertificates: 256,
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
  waitingRequests: 10_000,
  /** Orders at the bank that nobody has paid yet; beyond that the bank says busy. */
  unpaidOrders: 100_000,
  /** Bits of an RSA modulus under which a wallet takes no currency (NIST SP 800-131A). */
  rsaBits: 2_048,
  /** Bits of an RSA modulus above which a key is refused: it would cost too much to check. */
  rsaBitsMost: 8_192,
  /** References in a row that the mint does not know before a restore stops looking. */
  restoreGap: 20,
} as const;
