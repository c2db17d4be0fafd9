/** What comes in from strangers in the place of blinds, answers and signatures, whatever the suite. */

/** Texts that are no BigInt. */
export const NO_BIGINTS: readonly string[] = [
  '',
  '00',
  '01',
  '-1',
  '+1',
  '0x1',
  ' 1',
  '1 ',
  '1\n',
  'A',
  'g',
  '1.0',
  '1e+3',
  '\u0661',
  'null',
  '\u0000',
];

const PRIME_25519 = 2n ** 255n - 19n;
const ORDER_25519 = 2n ** 252n + 27742317777372353535851937790883648493n;
const PRIME_SECP256K1 = 2n ** 256n - 2n ** 32n - 977n;
const ORDER_SECP256K1 = BigInt('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');
const PRIME_P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const ORDER_P256 = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Points of Edwards25519 of order 1, 2, 4 and 8, and other encodings of them; 64 digits, little-endian. */
export const SMALL_ORDER_25519: readonly string[] = [
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ec${'ff'.repeat(31)}`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];

/** Numbers that need no key: neutral elements, borders of groups and fields, points of small order, all too large. */
export const SPECIAL_NUMBERS: readonly string[] = [
  ...[0n, 1n, 2n, 3n, 4n].map((each) => each.toString(16)),
  ...[PRIME_25519, ORDER_25519, PRIME_SECP256K1, ORDER_SECP256K1, PRIME_P256, ORDER_P256].flatMap((border) =>
    [border - 1n, border, border + 1n].flatMap(inEveryPlace),
  ),
  ...inEveryPlace(0n),
  ...inEveryPlace(1n),
  ...SMALL_ORDER_25519.flatMap((point) => [
    stripped(point),
    stripped(point + '00'.repeat(32)),
    stripped(`${point}01${'00'.repeat(31)}`),
  ]),
  'f'.repeat(64),
  'f'.repeat(128),
  'f'.repeat(256),
  `1${'0'.repeat(1_000)}`,
  'f'.repeat(5_000),
];

/** A number of 256 bits where formats have one: alone, behind a point's first byte, with more of it behind. */
function inEveryPlace(number: bigint): string[] {
  const digits = number.toString(16).padStart(64, '0');
  const points = ['02', '03', '04'].map((first) => stripped(first + digits));
  return [
    number.toString(16),
    ...points,
    stripped(digits + digits),
    stripped(`02${digits}${digits}${digits}`),
  ];
}

function stripped(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}

/** Other spellings of a BigInt: as numbers the same. */
export function spellings(text: string): string[] {
  const others = [
    `0${text}`,
    `00${text}`,
    text.toUpperCase(),
    `0x${text}`,
    ` ${text}`,
    `${text} `,
    `${text}\n`,
    `+${text}`,
    `-${text}`,
  ];
  return others.filter((each) => each !== text);
}

/** The text with one bit flipped, at so many places from the first digit to the last; and cut, and lengthened. */
export function mangled(text: string, places: number): string[] {
  const step = Math.max(1, Math.floor(text.length / places));
  const flipped = Array.from(text).flatMap((digit, at) => {
    if (at % step !== 0 && at !== text.length - 1) return [];
    const other = (parseInt(digit, 16) ^ (1 << (Math.floor(at / step) % 4))).toString(16);
    return [text.slice(0, at) + other + text.slice(at + 1)];
  });
  const half = Math.floor(text.length / 2);
  const cut = [text.slice(1), text.slice(0, -1), text.slice(0, half), text.slice(half)];
  return [...flipped, ...cut, `${text}0`, `1${text}`, text + text];
}

/** Numbers that two others come to, digit by digit and as wholes. */
export function combinations(one: string, two: string): string[] {
  const [left, right] = [BigInt(`0x${one}`), BigInt(`0x${two}`)];
  const half = Math.floor(one.length / 2);
  return [
    ...[left + right, left > right ? left - right : right - left, left ^ right, left * right].map((each) =>
      each.toString(16),
    ),
    one.slice(0, half) + two.slice(half),
    two.slice(0, half) + one.slice(half),
  ];
}

/** At most so many of them, evenly: what takes milliseconds each is sampled. */
export function sample<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => index % step === 0);
}
