/** Every page with invented views: for tests, and to be looked at (scripts/preview-pages.ts). */
import { object } from '../host/objections.ts';
import type {
  AccountView,
  BankView,
  CurrencyView,
  EntryView,
  InvoiceView,
  LetterView,
  OfferView,
  PurseView,
} from '../host/schemas.ts';
import type { Html, Look } from './look.ts';
import * as pages from './pages.ts';
import { TEXTS } from './texts/index.ts';
import { TITLE_LETTER, addresses, looks, many, titles } from './title-samples.test-helper.ts';
import type { Language } from './texts/index.ts';
import { listing } from './views.ts';

export const NOW = Date.parse('2026-11-21T10:30:00Z');
export const DUCATS = 'a3f1'.repeat(16);
export const HOURS = '7b20'.repeat(16);
const LETTER = '4f9a1c07be52d8366f01a2b3c4d5e6f7';

/** How a page looks to somebody signed in. */
export function memberLook(language: Language, path: string, over: Partial<Look> = {}): Look {
  return {
    texts: TEXTS[language],
    language,
    member: 'ada',
    csrf: 'a-token-against-forgery',
    once: 'Rk0x5Wl2Q0aXk9c1x1XG2w',
    unread: 2,
    path,
    host: 'wallet.example',
    hasMailServer: true,
    now: NOW,
    zone: 'Europe/Berlin',
    assets: (name) => `/assets/0123456789abcdef/${name}`,
    ...over,
  };
}

/** How it looks to somebody at the door. */
export function doorLook(language: Language, path: string, over: Partial<Look> = {}): Look {
  return memberLook(language, path, { member: undefined, unread: 0, ...over });
}

/** What others have written is made hostile by `say`. */
type Say = (text: string) => string;

export interface Sample {
  readonly name: string;
  readonly path: string;
  readonly render: (language: Language) => Html;
}

/** All pages; `over` is laid over each one's look. */
export function samples(say: Say = (text) => text, over: Partial<Look> = {}): readonly Sample[] {
  const all = [
    ...entrySamples(say),
    ...letterSamples(say),
    ...offerSamples(say),
    ...moneySamples(say),
    ...titleSamples(say),
  ];
  return all.map(({ name, path, draw }) => ({ name, path, render: (language) => draw(language, over) }));
}

interface Drawing {
  readonly name: string;
  readonly path: string;
  readonly draw: (language: Language, over: Partial<Look>) => Html;
}

type Rendering = (look: Look) => Html;

function inside(name: string, path: string, render: Rendering, own: Partial<Look> = {}): Drawing {
  return { name, path, draw: (language, over) => render(memberLook(language, path, { ...own, ...over })) };
}

function outside(name: string, path: string, render: Rendering, own: Partial<Look> = {}): Drawing {
  return { name, path, draw: (language, over) => render(doorLook(language, path, { ...own, ...over })) };
}

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

function entrySamples(say: Say): readonly Drawing[] {
  const carried = { text: say('specie1.abc'), next: say('/pay/1') };
  const wrong = { notice: { kind: 'objection' as const, objection: object('wrong password') } };
  return [
    outside('welcome', '/', (look) => pages.welcomePage(look, {})),
    outside('sign-in', '/signin', (look) => pages.signInPage(look, { name: say('ada') }), wrong),
    outside('sign-in-carrying', '/signin', (look) => pages.signInPage(look, carried)),
    outside('sign-in-next', '/signin', (look) => pages.signInPage(look, { next: carried.next })),
    outside('sign-up', '/signup', (look) => pages.signUpPage(look, {})),
    outside('sign-up-again', '/signup', (look) =>
      pages.signUpPage(look, { name: say('ada'), phrase: say(PHRASE), ...carried }),
    ),
    outside('second-factor', '/signin/passkey', (look) =>
      pages.secondFactorPage(look, { name: say('ada') }, carried),
    ),
    outside('recover', '/recover', (look) =>
      pages.recoverPage(look, { name: say('ada'), phrase: say(PHRASE) }),
    ),
    inside('words-new', '/words', (look) => pages.wordsPage(look, { phrase: PHRASE, isNew: true }, carried)),
    inside('words', '/settings/words', (look) => pages.wordsPage(look, { phrase: PHRASE, isNew: false }, {})),
    outside('signed-out', '/signedout', pages.signedOutPage),
    outside('closed', '/settings/close', pages.closedPage),
    outside('error', '/pay/x', (look) => pages.errorPage(look, object('unreachable', say('mint.example')))),
    inside('not-found', '/nowhere', pages.notFoundPage),
    inside('broken', '/compose', (look) => pages.brokenPage(look, true)),
    outside('broken-outside', '/signin', (look) => pages.brokenPage(look, false)),
  ];
}

const SUBJECTS = [
  'Lunch at the harbour',
  'Half of the rent',
  '',
  'Birthday',
  'Tickets for Saturday',
  'Books',
];
const NAMES = ['grace', 'noether', '', 'emmy.n', 'turing', 'sophie-germain'];

export function letter(over: Partial<LetterView> = {}, say: Say = (text) => text): LetterView {
  return {
    id: LETTER,
    folder: 'inbox',
    way: 'name',
    from: say('grace'),
    to: say('ada'),
    subject: say('Lunch at the harbour'),
    text: say('Thank you for paying yesterday.\n\nThe soup was better than the view, and the view was good.'),
    time: '2026-11-21T08:12:00.000',
    state: 'taken',
    reason: '',
    link: '',
    isKnown: true,
    location: say('https://mint.example/ducats/'),
    isRead: true,
    kind: 'money',
    serials: [],
    change: [],
    currency: DUCATS,
    currencyName: say('Ducats'),
    divisor: 100,
    amount: 1850,
    ...over,
  };
}

function letters(folder: 'inbox' | 'sent', count: number, say: Say): LetterView[] {
  const states: readonly LetterView['state'][] =
    folder === 'inbox'
      ? ['taken', 'taken', 'arrived', 'taken', 'arriving', 'refused']
      : ['taken', 'not taken', 'taken', 'arrived', 'taken back', 'taken'];
  return Array.from({ length: count }, (_, index) => {
    const at = index % 6;
    return letter(
      {
        id: index === 0 ? LETTER : index.toString(16).padStart(32, '0'),
        folder,
        from: say(NAMES[at] ?? ''),
        to: say(NAMES[(at + 1) % 6] ?? ''),
        subject: say(SUBJECTS[at] ?? ''),
        time: new Date(NOW - index * 31 * 3_600_000 - 8_000_000).toISOString(),
        state: states[at] ?? 'taken',
        isRead: folder === 'sent' || index > 1,
        amount: [1850, 42000, 500, 2500, 123456789, 75][at] ?? 1,
      },
      say,
    );
  });
}

function letterSamples(say: Say): readonly Drawing[] {
  const open = { folder: 'sent', from: say('ada'), to: '', state: 'not taken', way: 'link' } as const;
  const link = 'https://wallet.example/receive#hV6rW1o0cYt8s3nJkz2QmA';
  const inbox = letters('inbox', 6, say);
  const sent = letters('sent', 6, say);
  const reading = (read: LetterView, all = inbox) => ({ letters: listing(all, 1), letter: read });
  const at = `/sent/${LETTER}`;
  return [
    inside('inbox', '/inbox', (look) =>
      pages.inboxPage(look, { letters: listing(inbox, 1), letter: undefined }),
    ),
    inside(
      'inbox-empty',
      '/inbox',
      (look) => pages.inboxPage(look, { letters: listing([], 1), letter: undefined }),
      {
        unread: 0,
        notice: { kind: 'done', key: 'welcome' },
      },
    ),
    inside('inbox-long', '/inbox', (look) =>
      pages.inboxPage(look, { letters: listing(letters('inbox', 180, say), 2), letter: undefined }),
    ),
    inside('letter', `/inbox/${LETTER}`, (look) => pages.inboxPage(look, reading(letter({}, say)))),
    inside('letter-waits', `/inbox/${LETTER}`, (look) =>
      pages.inboxPage(look, reading(letter({ state: 'arrived' }, say))),
    ),
    inside('letter-unknown', `/inbox/${LETTER}`, (look) =>
      pages.inboxPage(look, reading(letter({ state: 'arrived', isKnown: false, from: '' }, say))),
    ),
    inside('inbox-unknown', '/inbox', (look) =>
      pages.inboxPage(look, {
        letters: listing([letter({ state: 'arrived', isKnown: false }, say), ...inbox], 1),
        letter: undefined,
      }),
    ),
    inside('letter-refused', `/inbox/${LETTER}`, (look) =>
      pages.inboxPage(
        look,
        reading(letter({ state: 'refused', reason: say('A coin was spent before.') }, say)),
      ),
    ),
    inside('sent', '/sent', (look) => pages.sentPage(look, { letters: listing(sent, 1), letter: undefined })),
    inside('sent-empty', '/sent', (look) =>
      pages.sentPage(look, { letters: listing([], 1), letter: undefined }),
    ),
    inside('sent-link', at, (look) => pages.sentPage(look, reading(letter({ ...open, link }, say), sent)), {
      notice: { kind: 'done', key: 'link' },
    }),
    inside('sent-mail', at, (look) =>
      pages.sentPage(
        look,
        reading(letter({ ...open, link, way: 'mail', to: say('alan@mail.example') }, say), sent),
      ),
    ),
    inside(
      'sent-mail-lies',
      at,
      (look) =>
        pages.sentPage(
          look,
          reading(letter({ ...open, link, way: 'mail', to: say('alan@mail.example') }, say), sent),
        ),
      { hasMailServer: false, notice: { kind: 'done', key: 'mailLaid' } },
    ),
    inside('sent-not-mailed', at, (look) =>
      pages.sentPage(
        look,
        reading(
          letter({ ...open, link, way: 'mail', to: say('alan@mail.example'), reason: say('smtp: no') }, say),
          sent,
        ),
      ),
    ),
    inside('sent-arriving', at, (look) =>
      pages.sentPage(
        look,
        reading(letter({ folder: 'sent', state: 'arriving', from: say('ada'), to: say('grace') }, say), sent),
      ),
    ),
    inside('sent-taken', at, (look) =>
      pages.sentPage(
        look,
        reading(letter({ folder: 'sent', from: say('ada'), to: say('grace') }, say), sent),
      ),
    ),
    inside('note', `${at}/note`, (look) =>
      pages.notePage(look, letter({ ...open, link, subject: say('For your birthday') }, say)),
    ),
    inside('note-large', `${at}/note`, (look) =>
      pages.notePage(
        look,
        letter(
          {
            ...open,
            link,
            amount: 123456789,
            currency: HOURS,
            currencyName: say('Hours of the neighbourhood circle'),
            subject: '',
          },
          say,
        ),
      ),
    ),
    inside('note-middle', `${at}/note`, (look) =>
      pages.notePage(look, letter({ ...open, link, amount: 1234500 }, say)),
    ),
    inside('codes', `${at}/codes`, (look) =>
      pages.codesPage(look, {
        letter: letter({ ...open, link }, say),
        text: `specie1.${'eJyNkk1v2zAMhv'.repeat(60)}`,
        parts: ['SP1:1/3:0a1b2c3d:', 'SP1:2/3:0a1b2c3d:', 'SP1:3/3:0a1b2c3d:'].map(
          (part, index) => part + `${String(index)}eJyNkk1v2zAMhv`.repeat(45),
        ),
      }),
    ),
    inside('codes-one', `${at}/codes`, (look) =>
      pages.codesPage(look, {
        letter: letter({ ...open, link }, say),
        text: 'specie1.abc',
        parts: ['specie1.abc'],
      }),
    ),
    inside('compose', '/compose', (look) => pages.composePage(look, purses(say), {})),
    inside('compose-no-mail', '/compose', (look) => pages.composePage(look, purses(say).slice(0, 1), {}), {
      hasMailServer: false,
    }),
    inside(
      'compose-again',
      '/compose',
      (look) =>
        pages.composePage(look, purses(say).slice(0, 1), {
          to: say('nobody'),
          amount: say('18,50'),
          subject: say('Lunch'),
          text: say('\nThank you'),
        }),
      { notice: { kind: 'objection', objection: object('not enough', say('there is 1.00 in the purse')) } },
    ),
    inside('compose-none', '/compose', (look) => pages.composePage(look, [], {})),
    inside('compose-empty', '/compose', (look) =>
      pages.composePage(look, [purse({ available: 0, piles: [] }, say)], {}),
    ),
  ];
}

const STRANGE: CurrencyView['promises'] = {
  ...{ untraceable: false, verifiableBy: 'issuer', safeOffline: true },
  ...{ rounds: 2, leftUnblinded: false, caution: '' },
};

const LEFT_UNBLINDED: CurrencyView['promises'] = { ...STRANGE, safeOffline: false, leftUnblinded: true };

export function currency(over: Partial<CurrencyView> = {}, say: Say = (text) => text): CurrencyView {
  return {
    id: DUCATS,
    name: say('Ducats'),
    divisor: 100,
    location: 'https://mint.example/',
    about: say('Ducats of the harbour market. One ducat buys one loaf of bread there.'),
    suite: 'RSA-SHA384-PSS-Randomized',
    promises: {
      ...{ untraceable: true, verifiableBy: 'anyone', safeOffline: false },
      ...{ rounds: 1, leftUnblinded: false, caution: '' },
    },
    stopped: '',
    ...over,
  };
}

function purse(over: Partial<PurseView> = {}, say: Say = (text) => text): PurseView {
  const day = (days: number) => new Date(NOW + days * 86_400_000).toISOString().slice(0, -1);
  return {
    currency: currency({}, say),
    available: 31687,
    reserved: 0,
    doubtful: 0,
    expired: 0,
    ordered: 0,
    piles: [
      [12800, 1],
      [6400, 2],
      [3200, 1],
      [1600, 1],
      [400, 1],
      [200, 2],
      [100, 3],
      [50, 1],
      [20, 4],
      [5, 17],
      [1, 2],
    ].map(([denomination = 0, coins = 0], index) => ({
      denomination,
      coins,
      expires: day(200 + 30 * (index % 3)),
    })),
    ...over,
  };
}

function purses(say: Say): PurseView[] {
  const hours = currency(
    { id: HOURS, name: say('Hours'), divisor: 1, location: 'https://hours.example/' },
    say,
  );
  return [
    purse({ ordered: 5000, reserved: 125 }, say),
    purse(
      {
        currency: hours,
        available: 7,
        doubtful: 5,
        expired: 2,
        piles: [
          { denomination: 4, coins: 1, expires: '2027-06-01T00:00:00' },
          { denomination: 1, coins: 3, expires: '2027-06-01T00:00:00' },
        ],
      },
      say,
    ),
  ];
}

export function offer(over: Partial<OfferView> = {}, say: Say = (text) => text): OfferView {
  return {
    currency: DUCATS,
    currencyName: say('Ducats'),
    divisor: 100,
    amount: 1850,
    coins: 7,
    subject: say('Lunch at the harbour'),
    text: say('Thank you for paying yesterday.'),
    from: say('grace'),
    about: currency({}, say),
    isKnown: true,
    own: '',
    isSpent: false,
    ...over,
  };
}

export function invoice(over: Partial<InvoiceView> = {}, say: Say = (text) => text): InvoiceView {
  return {
    id: LETTER,
    from: say('grace'),
    subject: say('Two chairs, as agreed'),
    time: '2026-11-20T17:00:00.000',
    state: 'open',
    link: `https://wallet.example/pay/${LETTER}`,
    isOwn: false,
    location: 'https://mint.example/',
    currency: DUCATS,
    currencyName: say('Ducats'),
    divisor: 100,
    amount: 500,
    ...over,
  };
}

function offerSamples(say: Say): readonly Drawing[] {
  const text = say('specie1.abc');
  const other: CurrencyView['promises'] = { ...STRANGE, caution: say('For trying out only.') };
  const offered = (name: string, over: Partial<OfferView>) =>
    inside(`offer-${name}`, '/receive/look', (look) => pages.offerPage(look, offer(over, say), text));
  const pay = (name: string, over: Partial<InvoiceView>, of: PurseView | undefined) =>
    inside(`pay-${name}`, `/pay/${LETTER}`, (look) =>
      pages.payPage(look, { invoice: invoice(over, say), purse: of }, {}),
    );
  return [
    inside('receive', '/receive', (look) => pages.receivePage(look, { text: say('abc') })),
    inside('receive-titles', '/receive', (look) => pages.receivePage(look, {}), {
      notice: { kind: 'objection', objection: object('are titles') },
    }),
    outside('receive-outside', '/receive', (look) => pages.receivePage(look, {})),
    offered('known', {}),
    offered('unknown', {
      isKnown: false,
      from: '',
      coins: 1,
      text: '',
      about: currency({ promises: other }, say),
    }),
    offered('own', { own: 'sent', about: currency({ promises: LEFT_UNBLINDED }, say) }),
    offered('taken', { own: 'taken', isSpent: true }),
    offered('spent', { isSpent: true }),
    offered('stopped', { about: currency({ stopped: say('its keys contradict those seen before') }, say) }),
    outside('offer-outside', '/receive/look', (look) =>
      pages.offerPage(look, offer({ isKnown: false }, say), text),
    ),
    inside('requests', '/request', (look) =>
      pages.requestsPage(
        look,
        {
          invoices: [
            invoice({}, say),
            invoice({ state: 'paid', subject: '' }, say),
            invoice({ state: 'withdrawn' }, say),
          ],
          purses: purses(say),
        },
        {},
      ),
    ),
    inside('requests-none', '/request', (look) => pages.requestsPage(look, { invoices: [], purses: [] }, {})),
    inside(
      'request',
      `/request/${LETTER}`,
      (look) => pages.requestPage(look, invoice({ isOwn: true }, say)),
      { notice: { kind: 'done', key: 'requested' } },
    ),
    inside('request-paid', `/request/${LETTER}`, (look) =>
      pages.requestPage(look, invoice({ isOwn: true, state: 'paid', subject: '' }, say)),
    ),
    pay('member', {}, purse({}, say)),
    pay('poor', {}, purse({ available: 100 }, say)),
    pay('unknown', {}, undefined),
    pay('own', { isOwn: true }, purse({}, say)),
    pay('paid', { state: 'paid' }, purse({}, say)),
    pay('withdrawn', { state: 'withdrawn' }, purse({}, say)),
    outside('pay-outside', `/pay/${LETTER}`, (look) =>
      pages.payPage(look, { invoice: invoice({}, say), purse: undefined }, { text }),
    ),
  ];
}

function entry(over: Partial<EntryView> = {}, say: Say = (text) => text): EntryView {
  return {
    number: 1,
    kind: 'receive',
    state: 'done',
    time: '2026-11-21T08:12:00.000',
    subject: say('Lunch at the harbour'),
    who: say('grace'),
    instructions: '',
    reason: '',
    payee: '',
    receipt: 0,
    letter: LETTER,
    currency: DUCATS,
    currencyName: say('Ducats'),
    divisor: 100,
    amount: 1850,
    ...over,
  };
}

function entries(say: Say): EntryView[] {
  const plain = { who: '', letter: '', subject: '' };
  return [
    entry({}, say),
    entry({ kind: 'send', state: 'sent', subject: say('Birthday'), who: '' }, say),
    entry(
      {
        kind: 'buy',
        state: 'pending',
        ...plain,
        instructions: say('Transfer to DE00 1234. Write this reference on the transfer: K7Q2-9XPM.'),
      },
      say,
    ),
    entry({ kind: 'redeem', ...plain, payee: say('0042-7719'), receipt: 12 }, say),
    entry({ kind: 'payout', state: 'pending', ...plain }, say),
    entry({ kind: 'buy', state: 'refused', ...plain, reason: say('The order was not paid in time.') }, say),
    entry({ kind: 'buy', ...plain }, say),
    entry({ kind: 'payout', ...plain }, say),
    entry({ kind: 'takeback', ...plain }, say),
    entry({ kind: 'restore', ...plain, amount: 123456789 }, say),
    entry({ kind: 'tidy', ...plain }, say),
  ];
}

function bank(say: Say): BankView {
  return {
    currency: DUCATS,
    number: say('0042-7719-3305'),
    balance: 12050,
    entries: [
      { time: '2026-11-20T10:00:00', amount: 15000, text: say('receipt 12') },
      { time: '2026-11-21T09:00:00', amount: -2950, text: say('payout') },
    ],
    payouts: [
      { amount: 2950, to: say('Ada, DE00 1234'), state: 'pending' },
      { amount: 100, to: say('Counter'), state: 'paid' },
    ],
  };
}

export function account(say: Say): AccountView {
  const session = { created: '2026-11-01T10:00:00', seen: '2026-11-21T09:00:00', isThis: false } as const;
  return {
    name: say('ada'),
    language: '',
    created: '2026-10-01T10:00:00',
    secondFactor: false,
    passkeys: [
      { credential: say('abc'), name: say('My phone'), created: '2026-10-02T10:00:00', opens: true },
      { credential: say('def'), name: say('Blue key'), created: '2026-10-03T10:00:00', opens: false },
    ],
    sessions: [
      { ...session, id: '1'.repeat(64), kind: 'page', label: say('Firefox on Linux'), isThis: true },
      { ...session, id: '2'.repeat(64), kind: 'half', label: say('Safari on iPhone') },
      { ...session, id: '3'.repeat(64), kind: 'token', label: say('bookkeeping') },
    ],
  };
}

function moneySamples(say: Say): readonly Drawing[] {
  const all = purses(say);
  const rails = ['test', 'manual', 'voucher', 'account', say('barter')];
  const waiting = entries(say).filter(({ state }) => state === 'pending');
  const desk = { purses: all, currency: DUCATS, bank: bank(say) };
  const bare: AccountView = { ...account(say), passkeys: [], secondFactor: false };
  const strange = currency({ id: 'c0de'.repeat(16), promises: STRANGE }, say);
  const paused = currency({ id: HOURS, stopped: say('its keys contradict those seen before') }, say);
  const history = { entries: listing(entries(say), 1), search: '' };
  return [
    inside('purse', '/purse', (look) => pages.pursePage(look, { purses: all, pending: waiting })),
    inside('purse-empty', '/purse', (look) =>
      pages.pursePage(look, {
        purses: [purse({ available: 0, piles: [], currency: paused }, say)],
        pending: [],
      }),
    ),
    inside('purse-none', '/purse', (look) => pages.pursePage(look, { purses: [], pending: [] })),
    inside('history', '/history', (look) => pages.historyPage(look, history)),
    inside('history-search', '/history', (look) =>
      pages.historyPage(look, { entries: listing([], 1), search: say('soup & bread') }),
    ),
    inside('history-none', '/history', (look) =>
      pages.historyPage(look, { entries: listing([], 1), search: '' }),
    ),
    inside('buy', '/buy', (look) =>
      pages.buyPage(look, { purses: all, currency: DUCATS, rails, pending: waiting }, {}),
    ),
    inside('buy-one', '/buy', (look) =>
      pages.buyPage(
        look,
        { purses: all.slice(0, 1), currency: DUCATS, rails: ['manual'], pending: [] },
        { amount: say('12') },
      ),
    ),
    inside('buy-away', '/buy', (look) =>
      pages.buyPage(look, { purses: all, currency: DUCATS, rails: undefined, pending: [] }, {}),
    ),
    inside('buy-nothing', '/buy', (look) =>
      pages.buyPage(look, { purses: all, currency: DUCATS, rails: [], pending: [] }, {}),
    ),
    inside('redeem', '/redeem', (look) => pages.redeemPage(look, desk, {})),
    inside('redeem-away', '/redeem', (look) =>
      pages.redeemPage(
        look,
        { ...desk, bank: undefined },
        { to: 'other', payee: say('1'), amount: say('1') },
      ),
    ),
    inside('payout', '/payout', (look) => pages.payOutPage(look, desk, { to: say('Ada') })),
    inside('payout-new', '/payout', (look) =>
      pages.payOutPage(look, { ...desk, bank: { ...bank(say), entries: [], payouts: [] } }, {}),
    ),
    inside('currencies', '/currencies', (look) =>
      pages.currenciesPage(
        look,
        { all: [currency({}, say), paused], offered: [strange] },
        {
          url: say('https://x.example/'),
          next: say('/pay/1'),
        },
      ),
    ),
    inside('currencies-none', '/currencies', (look) =>
      pages.currenciesPage(look, { all: [], offered: [] }, {}),
    ),
    inside('currencies-add', '/currencies', (look) => pages.addPage(look, strange, { next: say('/pay/1') })),
    inside('settings', '/settings', (look) =>
      pages.settingsPage(
        look,
        { account: account(say), hasMoney: true, hasTitles: true },
        { label: say('bookkeeping') },
      ),
    ),
    inside('settings-bare', '/settings', (look) =>
      pages.settingsPage(look, { account: bare, hasMoney: false, hasTitles: false }, {}),
    ),
    inside('settings-factor', '/settings', (look) =>
      pages.settingsPage(
        look,
        {
          account: { ...account(say), secondFactor: true, language: 'de' },
          hasMoney: false,
          hasTitles: true,
        },
        {},
      ),
    ),
    inside('token-bare', '/settings/tokens', (look) =>
      pages.tokenPage(look, { label: '', secret: 'dG9rZW4' }),
    ),
    inside('token', '/settings/tokens', (look) =>
      pages.tokenPage(look, { label: say('bookkeeping'), secret: 'dG9rZW4tdGhhdC1pcy1pbnZlbnRlZA' }),
    ),
  ];
}

function titleSamples(say: Say): readonly Drawing[] {
  const all = titles(say);
  const none = { servers: all.servers, classes: [], titles: [], unlisted: [], operations: [] };
  const [harbour] = all.classes;
  const sent = letter({ ...TITLE_LETTER, folder: 'sent', from: say('ada'), to: say('grace') }, say);
  const given = { ...sent, to: '', way: 'address', state: 'arrived' } as const;
  const inbox = letter(TITLE_LETTER, say);
  const reading = (read: LetterView, handover = '') => ({
    letters: listing([read], 1),
    letter: read,
    handover,
  });
  const handover = say('{"handover":"of titles"}');
  return [
    inside('titles', '/titles', (look) => pages.titlesPage(look, { view: all, said: [] })),
    inside('titles-many', '/titles', (look) => pages.titlesPage(look, { view: many(say), said: [] })),
    inside('titles-give-many', '/titles/give', (look) =>
      pages.giveTitlesPage(look, { view: many(say), titleClass: '' }, {}),
    ),
    inside('titles-none', '/titles', (look) => pages.titlesPage(look, { view: none, said: [] })),
    inside('titles-gone', '/titles', (look) =>
      pages.titlesPage(look, {
        view: { ...all, titles: [] },
        said: [say('No. 7 is held by somebody else.')],
      }),
    ),
    inside('titles-give', '/titles/give', (look) =>
      pages.giveTitlesPage(look, { view: all, titleClass: harbour?.id ?? '' }, {}),
    ),
    inside(
      'titles-give-again',
      '/titles/give',
      (look) =>
        pages.giveTitlesPage(
          look,
          { view: all, titleClass: all.classes[1]?.id ?? '' },
          {
            to: say('grace'),
            how: 'titles',
            titles: '12',
            amount: say('x'),
            subject: say('s'),
            text: say('t'),
          },
        ),
      { notice: { kind: 'objection', objection: object('not ready', say('grace')) } },
    ),
    inside('titles-give-none', '/titles/give', (look) =>
      pages.giveTitlesPage(look, { view: none, titleClass: '' }, {}),
    ),
    inside('titles-receive', '/titles/receive', (look) =>
      pages.receiveTitlesPage(look, addresses(say).slice(0, 1), {}),
    ),
    inside('titles-receive-two', '/titles/receive', (look) =>
      pages.receiveTitlesPage(look, addresses(say), { text: say('x') }),
    ),
    inside('titles-receive-none', '/titles/receive', (look) => pages.receiveTitlesPage(look, [], {})),
    inside('titles-verify', '/titles/verify', (look) =>
      pages.verifyTitlesPage(look, { classes: all.classes, looks: undefined }, { serial: say('7') }),
    ),
    inside('titles-verify-away', '/titles/verify', (look) =>
      pages.verifyTitlesPage(look, { classes: [], looks: undefined }, {}),
    ),
    inside('titles-verified', '/titles/verify', (look) =>
      pages.verifyTitlesPage(look, { classes: all.classes, looks: looks(say) }, {}),
    ),
    inside('title-servers', '/titles/servers', (look) =>
      pages.titleServersPage(look, all.servers, { url: say('https://t.example/') }),
    ),
    inside('title-servers-none', '/titles/servers', (look) => pages.titleServersPage(look, [], {})),
    inside('title-letter', `/inbox/${LETTER}`, (look) => pages.inboxPage(look, reading(inbox))),
    inside('title-letter-waits', `/inbox/${LETTER}`, (look) =>
      pages.inboxPage(look, reading({ ...inbox, state: 'arrived', serials: [] })),
    ),
    inside('title-letter-refused', `/inbox/${LETTER}`, (look) =>
      pages.inboxPage(look, reading({ ...inbox, state: 'refused', reason: say('not certified') })),
    ),
    inside('title-sent-waits', `/sent/${LETTER}`, (look) =>
      pages.sentPage(look, reading({ ...sent, state: 'arriving' })),
    ),
    inside('title-sent-lost', `/sent/${LETTER}`, (look) =>
      pages.sentPage(look, reading({ ...sent, state: 'not taken' }, handover)),
    ),
    inside('title-sent', `/sent/${LETTER}`, (look) =>
      pages.sentPage(look, reading({ ...sent, state: 'arrived', change: [1, 162] }, handover)),
    ),
    inside(
      'title-sent-address',
      `/sent/${LETTER}`,
      (look) => pages.sentPage(look, reading(given, handover)),
      {
        notice: { kind: 'done', key: 'givenAddress' },
      },
    ),
    inside('title-sent-refused', `/sent/${LETTER}`, (look) =>
      pages.sentPage(look, reading({ ...sent, state: 'refused', reason: say('no change') })),
    ),
  ];
}
