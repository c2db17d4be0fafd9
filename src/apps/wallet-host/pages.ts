/** Every page, by its path: read from top to bottom. */
import { HOST_LIMITS } from '../../host/limits.ts';
import { Objection, object } from '../../host/objections.ts';
import type { OpenMember } from '../../host/open-member.ts';
import type { LetterView } from '../../host/schemas.ts';
import type { TitlesView } from '../../host/titles/schemas.ts';
import type { Html, Look, Notice, Values } from '../../pages/look.ts';
import {
  buyPage,
  codesPage,
  composePage,
  currenciesPage,
  errorPage,
  historyPage,
  inboxPage,
  notFoundPage,
  notePage,
  payOutPage,
  giveTitlesPage,
  payPage,
  pursePage,
  receivePage,
  receiveTitlesPage,
  recoverPage,
  redeemPage,
  requestPage,
  requestsPage,
  secondFactorPage,
  sentPage,
  settingsPage,
  signInPage,
  signUpPage,
  signedOutPage,
  titleServersPage,
  titlesPage,
  verifyTitlesPage,
  welcomePage,
} from '../../pages/pages.ts';
import { listing } from '../../pages/views.ts';
import { qrParts } from '../../transports/handover-parts.ts';
import { goOn, shown } from './answers.ts';
import type { Answer } from './answers.ts';
import { stackFile, table, titleFile } from './files.ts';
import { isMemberVisit, lookOf, ownPath } from './visit.ts';
import type { MemberVisit, Visit } from './visit.ts';

/** A page as it is shown to somebody; `values` is what the address says, or what was typed into its form before. */
export interface Page {
  readonly path: string;
  /** Whether somebody has to be signed in for it. */
  readonly isForMembers: boolean;
  /**
   * What the address may prefill. Whoever makes an address chooses what stands there: nothing by which somebody is led to
   * pay a stranger from their bank, or to take a stranger's words for their own.
   */
  readonly query: readonly string[];
  readonly show: (visit: Visit, values: Values, notice?: Notice) => Promise<Answer>;
}

type Shows<Who> = (visit: Who, look: Look, values: Values) => Html | Answer | Promise<Html | Answer>;

/** `place`: the page's path, and behind `?` what its address may prefill. */
function open(place: string, show: Shows<Visit>): Page {
  const { path, query } = parted(place);
  const answer = async (visit: Visit, values: Values, notice?: Notice): Promise<Answer> =>
    asAnswer(await show(visit, lookOf(visit, notice, path), values));
  return { path, isForMembers: false, query, show: answer };
}

function members(place: string, show: Shows<MemberVisit>): Page {
  const { path, query } = parted(place);
  const answer = async (visit: Visit, values: Values, notice?: Notice): Promise<Answer> => {
    if (!isMemberVisit(visit)) return object('signed out');
    return asAnswer(await show(visit, lookOf(visit, notice, path), values));
  };
  return { path, isForMembers: true, query, show: answer };
}

function parted(place: string): Pick<Page, 'path' | 'query'> {
  const [path = '', names = ''] = place.split('?');
  return { path, query: names.split('&') };
}

function asAnswer(made: Html | Answer): Answer {
  return made instanceof Objection || 'kind' in made ? made : shown(made);
}

export const PAGES: readonly Page[] = [
  open('/', (visit, look, values) => (visit.session === undefined ? welcomePage(look, values) : home(visit))),
  open('/signin?next', (visit, look, values) =>
    isMemberVisit(visit) ? home(visit) : signInPage(look, values),
  ),
  open('/signin/passkey?next', (visit, look, values) => {
    const { session } = visit;
    if (session === undefined) return goOn('/signin');
    return session.member === undefined
      ? secondFactorPage(look, { name: session.who.name }, values)
      : goOn('/inbox');
  }),
  open('/signup?next', (visit, look, values) =>
    isMemberVisit(visit) ? home(visit) : signUpPage(look, values),
  ),
  open('/recover', (_visit, look, values) => recoverPage(look, values)),
  open('/signedout', (_visit, look) => signedOutPage(look)),
  // They are shown once, in answer to signing up, and on request in the settings.
  members('/words', () => goOn('/settings')),

  members('/inbox?page', ({ member }, look, values) => inboxPage(look, folder(member.inbox(), values))),
  members('/inbox/:id', async (visit, look, values) => readLetter(visit, look, values)),
  members('/sent?page', ({ member }, look, values) => sentPage(look, folder(member.sent(), values))),
  members('/sent/:id', (visit, look, values) => {
    const letter = sentLetter(visit);
    if (letter instanceof Objection) return letter;
    const handover = letter.kind === 'titles' ? visit.member.titles.handover(letter.id) : undefined;
    const passedOn = handover instanceof Objection ? undefined : handover;
    return sentPage(look, { ...folder(visit.member.sent(), values, letter), handover: passedOn });
  }),
  members('/sent/:id/note', (visit, look) => {
    const letter = sentLetter(visit);
    if (letter instanceof Objection) return letter;
    return letter.link === '' ? object('no drop') : notePage(look, letter);
  }),
  members('/sent/:id/codes', (visit, look) => codes(visit, look)),
  members('/sent/:id/coins.oc', (visit) => {
    const stack = visit.member.stack(idOf(visit));
    return stack instanceof Objection ? stack : stackFile(stack);
  }),

  members('/sent/:id/handover.title', (visit) => {
    const handover = visit.member.titles.handover(idOf(visit));
    return handover instanceof Objection ? handover : titleFile(handover);
  }),

  members('/compose?to&currency', ({ member }, look, values) => composePage(look, member.purses(), values)),
  open('/receive', (_visit, look, values) => receivePage(look, values)),
  members('/request', async ({ member }, look, values) => {
    const invoices = await member.invoices();
    if (invoices instanceof Objection) return invoices;
    return requestsPage(look, { invoices, purses: member.purses() }, values);
  }),
  members('/request/:id', async (visit, look) => {
    const invoice = await visit.member.invoice(idOf(visit));
    if (invoice instanceof Objection) return invoice;
    return invoice.isOwn ? requestPage(look, invoice) : goOn(`/pay/${invoice.id}`);
  }),
  open('/pay/:id', async (visit, look, values) => {
    const { member, site } = visit;
    const invoice = await (member === undefined
      ? site.host.invoice(idOf(visit))
      : member.invoice(idOf(visit)));
    if (invoice instanceof Objection) return invoice;
    const purse = member?.purses().find(({ currency }) => currency.id === invoice.currency);
    return payPage(look, { invoice, purse }, values);
  }),

  members('/purse', ({ member }, look) =>
    pursePage(look, { purses: member.purses(), pending: pending(member) }),
  ),
  members('/history?search&page', ({ member }, look, values) => {
    const search = searchOf(values);
    return historyPage(look, { entries: listing(member.history(search), pageOf(values)), search });
  }),
  members('/history.csv?search', ({ member }, _look, values) => table(member.history(searchOf(values)))),
  members('/buy?currency', async ({ member }, look, values) => {
    const currency = chosen(member, values);
    const rails = currency === '' ? [] : await member.rails(currency);
    const desk = {
      purses: member.purses(),
      currency,
      pending: pending(member).filter(({ kind }) => kind === 'buy'),
    };
    return buyPage(look, { ...desk, rails: rails instanceof Objection ? undefined : rails }, values);
  }),
  members('/redeem?currency', async ({ member }, look, values) =>
    redeemPage(look, await bankDesk(member, values), values),
  ),
  members('/payout?currency', async ({ member }, look, values) =>
    payOutPage(look, await bankDesk(member, values), values),
  ),
  members('/currencies', async ({ member }, look, values) => {
    const offered = await member.offers();
    if (offered instanceof Objection) return offered;
    return currenciesPage(look, { all: member.currencies(), offered }, values);
  }),
  members('/titles', ({ member }, look) =>
    withTitles(member, (view) => titlesPage(look, { view, said: [] })),
  ),
  members('/titles/give?class&to', ({ member }, look, values) =>
    withTitles(member, (view) => giveTitlesPage(look, { view, titleClass: values['class'] ?? '' }, values)),
  ),
  members('/titles/receive', async ({ member }, look, values) => {
    const addresses = await member.titles.addresses();
    return addresses instanceof Objection ? addresses : receiveTitlesPage(look, addresses, values);
  }),
  members('/titles/verify?class&serial', async ({ member }, look, values) => {
    const classes = await member.titles.classes();
    if (classes instanceof Objection) return classes;
    return verifyTitlesPage(look, { classes, looks: undefined }, values);
  }),
  members('/titles/servers', ({ member }, look, values) =>
    withTitles(member, (view) => titleServersPage(look, view.servers, values)),
  ),
  members('/settings', async ({ member, session }, look, values) => {
    const account = await member.account(session.row.hash);
    if (account instanceof Objection) return account;
    return settingsPage(
      look,
      { account, hasMoney: member.hasMoney(), hasTitles: member.hasTitles() },
      values,
    );
  }),
];

/** What an address prefills, as far as the page lets it. */
export function prefilled({ query }: Page, visit: Visit): Values {
  const given = visit.request.req.query();
  const values = query.map((name) => [name, name === 'next' ? ownPath(visit, given[name], '') : given[name]]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Values;
}

/** The page that a form shows again, by its path in the table. */
export function pageAt(path: string): Page {
  const page = PAGES.find((each) => each.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page;
}

/** An objection as a page of its own; where nothing is, the page that says so. */
export function objectionPage(visit: Visit, objection: Objection): Html {
  const look = lookOf(visit);
  return objection.name === 'unknown' && objection.details === ''
    ? notFoundPage(look)
    : errorPage(look, objection);
}

/** Where somebody who is signed in begins. */
function home(visit: Visit): Answer {
  return goOn(isMemberVisit(visit) ? '/inbox' : '/signin/passkey');
}

export function idOf({ request }: Visit): string {
  return request.req.param('id') ?? '';
}

function pageOf(values: Values): number {
  return Number(values['page'] ?? 1);
}

function searchOf(values: Values): string {
  return (values['search'] ?? '').slice(0, HOST_LIMITS.subject);
}

function folder(letters: readonly LetterView[], values: Values, letter?: LetterView) {
  return { letters: listing(letters, pageOf(values)), letter };
}

async function readLetter(visit: MemberVisit, look: Look, values: Values): Promise<Html | Answer> {
  const { member } = visit;
  const letter = member.letter(idOf(visit));
  if (letter instanceof Objection) return letter;
  if (letter.folder !== 'inbox') return goOn(`/sent/${letter.id}`);
  if (!letter.isRead && visit.request.req.method === 'GET') {
    const read = await member.markRead(letter.id);
    if (read instanceof Objection) return read;
  }
  const unread = member.unread();
  return inboxPage({ ...look, unread }, folder(member.inbox(), values, letter));
}

function sentLetter(visit: MemberVisit): LetterView | Objection {
  const letter = visit.member.letter(idOf(visit));
  return letter instanceof Objection || letter.folder === 'sent' ? letter : object('no letter');
}

function codes(visit: MemberVisit, look: Look): Html | Answer {
  const letter = sentLetter(visit);
  if (letter instanceof Objection) return letter;
  const stack = visit.member.stack(letter.id);
  if (stack instanceof Objection) return stack;
  const text = visit.site.handover.write(stack);
  return codesPage(look, { letter, text, parts: qrParts(text) });
}

function pending(member: OpenMember) {
  return member.history('').filter(({ state }) => state === 'pending');
}

function withTitles(member: OpenMember, show: (view: TitlesView) => Html): Html | Answer {
  const view = member.titles.view();
  return view instanceof Objection ? view : show(view);
}

/** The currency that the address names, or the first one; empty where there is none. */
function chosen(member: OpenMember, values: Values): string {
  const [first] = member.currencies();
  const wanted = member.currencies().find(({ id }) => id === values['currency']);
  return (wanted ?? first)?.id ?? '';
}

async function bankDesk(member: OpenMember, values: Values) {
  const currency = chosen(member, values);
  const bank = currency === '' ? undefined : await member.bank(currency);
  return { purses: member.purses(), currency, bank: bank instanceof Objection ? undefined : bank };
}
