import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OBJECTIONS, object } from '../host/objections.ts';
import type { Objection, ObjectionName } from '../host/objections.ts';
import type { LetterView } from '../host/schemas.ts';
import { REFUSALS } from '../base/refusal.ts';
import { formsOf, tagsOf } from './markup.test-helper.ts';
import type { Tag } from './markup.test-helper.ts';
import {
  composePage,
  inboxPage,
  offerPage,
  payPage,
  receivePage,
  sentPage,
  settingsPage,
  signInPage,
} from './pages.ts';
import { GETS, POSTS, mayBring, routeOf } from './routes.test-helper.ts';
import {
  DUCATS,
  account,
  currency,
  doorLook,
  invoice,
  letter,
  memberLook,
  offer,
  samples,
} from './samples.test-helper.ts';
import { STYLE } from './style.ts';
import { TITLE_LETTER } from './title-samples.test-helper.ts';
import { TEXTS } from './texts/index.ts';
import { listing } from './views.ts';
import { objectionText } from './wording.ts';

const LANGUAGES = ['en', 'de'] as const;
const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>' style="color:red" &lt;b&gt;`;

interface Made {
  readonly name: string;
  readonly html: string;
  readonly tags: readonly Tag[];
}

async function all(say?: (text: string) => string): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (const language of LANGUAGES) {
    for (const { name, render } of samples(say)) {
      const html = String(await render(language));
      made.push({ name: `${name} (${language})`, html, tags: tagsOf(html) });
    }
  }
  return made;
}

const plain = await all();
const hostile = await all((text) => (text === '' ? '' : text + HOSTILE));

function begun(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ isEnd }) => !isEnd);
}

/** A page without its texts: tags, and the names of their attributes. */
function shapeOf(tags: readonly Tag[]): readonly string[] {
  return tags.map(
    ({ name, attributes, isEnd }) => `${isEnd ? '/' : ''}${name} ${[...attributes.keys()].join(' ')}`,
  );
}

function values(tags: readonly Tag[], attribute: string): readonly string[] {
  return tags.flatMap(({ attributes }) => attributes.get(attribute) ?? []);
}

describe('what others have written', () => {
  it('never becomes markup', () => {
    const shapes = new Map(plain.map(({ name, tags }) => [name, shapeOf(tags)]));
    for (const { name, tags } of hostile) assert.deepEqual(shapeOf(tags), shapes.get(name), name);
    const seen = hostile.filter(({ html }) => html.includes('&lt;script&gt;alert(1)'));
    assert.ok(seen.length > hostile.length / 2, 'most pages show something that others have written');
  });

  it('is no address that a click would run', async () => {
    const about = currency({ location: 'javascript:alert(1)' });
    const pages = [
      await offerPage(memberLook('en', '/receive/look'), offer({ about }), 'x'),
      await payPage(
        memberLook('en', '/pay/x'),
        { invoice: invoice({ location: 'javascript:alert(1)' }), purse: undefined },
        {},
      ),
    ];
    for (const page of pages) {
      const hrefs = values(tagsOf(String(page)), 'href');
      assert.ok(
        hrefs.every((href) => /^(?:[/#]|https:\/\/|data:image\/svg\+xml)/.test(href)),
        hrefs.join(' '),
      );
    }
  });

  it('is typed again as it was, with a line break at its beginning', async () => {
    const page = String(await composePage(memberLook('en', '/compose'), [], {}));
    assert.ok(!page.includes('<textarea'));
    const typed = hostile.find(({ name }) => name === 'compose-again (en)');
    const area = typed?.tags.find((tag) => tag.name === 'textarea' && !tag.isEnd);
    // The browser drops the first line break; the one that was typed is the second.
    assert.ok(area?.text.startsWith('\n\nThank you'), JSON.stringify(area?.text.slice(0, 20)));
  });
});

describe('every page', () => {
  it('says in which language it is, and has one title and one first heading', () => {
    for (const { name, tags, html } of plain) {
      const [root] = tags;
      assert.equal(root?.attributes.get('lang'), name.slice(-3, -1));
      assert.equal(begun(tags).filter((tag) => tag.name === 'h1').length, 1, name);
      assert.ok((tags.find((tag) => tag.name === 'title')?.text.length ?? 0) > 16, name);
      assert.ok(!/undefined|\[object|NaN|Invalid Date/.test(html), name);
    }
  });

  it('has its headings in order', () => {
    for (const { name, tags } of plain) {
      const levels = begun(tags)
        .filter((tag) => /^h[1-6]$/.test(tag.name))
        .map((tag) => Number(tag.name[1]));
      assert.equal(levels[0], 1, name);
      for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 1) + 1, name);
    }
  });

  it('has no script and no style within it, as the content security policy demands', () => {
    for (const { name, tags } of plain) {
      for (const tag of begun(tags)) {
        assert.notEqual(tag.name, 'style', name);
        assert.ok(tag.name !== 'script' || (tag.attributes.has('src') && tag.text.trim() === ''), name);
        const forbidden = [...tag.attributes.keys()].filter((key) => key === 'style' || key.startsWith('on'));
        assert.deepEqual(forbidden, [], `${name}: ${tag.name}`);
      }
    }
  });

  it('has every id once, and all that is referred to', () => {
    for (const { name, tags } of plain) {
      const ids = values(begun(tags), 'id');
      assert.equal(new Set(ids).size, ids.length, `${name}: ${ids.join(' ')}`);
      const selectors = ['data-copy', 'data-drop', 'data-camera', 'data-fragment'].flatMap((key) =>
        values(tags, key),
      );
      const named = ['aria-describedby', 'aria-labelledby', 'for', 'popovertarget'].flatMap((key) =>
        values(tags, key),
      );
      const inside = values(tags, 'href').filter((href) => href.startsWith('#') && href !== '#');
      for (const id of [
        ...selectors.map((each) => each.slice(1)),
        ...named,
        ...inside.map((each) => each.slice(1)),
      ])
        assert.ok(ids.includes(id), `${name}: ${id}`);
      for (const tag of tags) assert.ok(!tag.attributes.has('data-live') || tag.attributes.has('id'), name);
    }
  });

  it('leads only to where there is something', () => {
    for (const { name, tags } of plain) {
      const links = tags.filter((tag) => tag.name === 'a').flatMap((tag) => tag.attributes.get('href') ?? []);
      for (const href of links.filter((each) => each.startsWith('/')))
        assert.ok(GETS.includes(routeOf(href)), `${name}: ${href}`);
    }
  });

  it('says where one is', () => {
    const inbox = plain.find(({ name }) => name === 'inbox (en)');
    const current = inbox?.tags.filter((tag) => tag.attributes.get('aria-current') === 'page') ?? [];
    assert.deepEqual(values(current, 'href'), ['/inbox', '/inbox']);
  });
});

describe('every form', () => {
  it('goes where the table says, with the fields that it says, and the token against forgery', () => {
    const reached = new Set<string>();
    for (const { name, tags } of plain) {
      for (const { tag, tags: within } of formsOf(tags)) {
        const action = tag.attributes.get('action') ?? '';
        if (tag.attributes.get('method') === 'get') {
          assert.ok(GETS.includes(action), `${name}: ${action}`);
          assert.ok(!values(within, 'name').includes('csrf'), name);
          continue;
        }
        const route = routeOf(action);
        reached.add(route);
        assert.ok(route in POSTS, `${name}: ${action}`);
        for (const field of values(within, 'name'))
          assert.ok(mayBring(route, field), `${name}: ${route} ${field}`);
        const token = within.find((each) => each.attributes.get('name') === 'csrf');
        assert.equal(token?.attributes.get('value'), 'a-token-against-forgery', name);
        const hasFile = within.some((each) => each.attributes.get('type') === 'file');
        assert.equal(
          tag.attributes.get('enctype'),
          hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded',
        );
      }
    }
    assert.deepEqual([...reached].sort(), Object.keys(POSTS).sort());
  });

  it('names what moves money, so that it moves once', () => {
    const moving = [
      '/compose',
      '/receive/take',
      '/request',
      '/pay/:id',
      '/pay/:id/coins',
      '/buy',
      '/redeem',
      '/payout',
      '/sent/:id/takeback',
      '/inbox/:id/take',
      '/titles/give',
      '/titles/receive',
      '/titles/claim',
    ];
    for (const { name, tags } of plain) {
      for (const { tag, tags: within } of formsOf(tags)) {
        const route = routeOf(tag.attributes.get('action') ?? '');
        if (tag.attributes.get('method') === 'get') continue;
        assert.equal(values(within, 'name').includes('once'), moving.includes(route), `${name}: ${route}`);
      }
    }
  });

  it('has a label for each field, and never shows a password again', () => {
    for (const { name, tags } of hostile) {
      const labels = values(
        tags.filter((tag) => tag.name === 'label'),
        'for',
      );
      for (const tag of begun(tags).filter((each) => ['input', 'textarea', 'select'].includes(each.name))) {
        const type = tag.attributes.get('type');
        if (type === 'hidden') continue;
        assert.ok(
          labels.includes(tag.attributes.get('id') ?? 'none'),
          `${name}: ${tag.attributes.get('name') ?? ''}`,
        );
        assert.ok(type !== 'password' || !tag.attributes.has('value'), name);
      }
    }
  });
});

describe('passwords', () => {
  it('are asked for with whose they are, so that they are kept under the right name', () => {
    for (const { name, tags } of plain) {
      for (const { tags: within } of formsOf(tags)) {
        const kinds = within
          .filter((tag) => tag.attributes.get('type') === 'password')
          .map((tag) => tag.attributes.get('autocomplete') ?? '');
        for (const kind of kinds) assert.match(kind, /^(?:current|new)-password$/, name);
        const whose = values(within, 'autocomplete').filter((each) => each.startsWith('username'));
        assert.equal(whose.length, kinds.length === 0 ? 0 : 1, name);
      }
    }
  });
});

describe('an e-mail', () => {
  const open = letter({ folder: 'sent', state: 'not taken', way: 'mail', to: 'bo@mail.example' });
  const said = async (over: { hasMailServer: boolean }) =>
    String(await sentPage(memberLook('en', '/sent', over), { letters: listing([open], 1), letter: open })) +
    String(await composePage(memberLook('en', '/compose', over), [], {}));

  it('is said to be sent only where there is a mail server', async () => {
    assert.match(await said({ hasMailServer: true }), /Sent by e-mail to bo@mail\.example/);
    const laid = await said({ hasMailServer: false });
    assert.doesNotMatch(laid, /Sent by e-mail/);
    assert.match(laid, /lies in this host’s folder/);
  });
});

describe('what is worth money', () => {
  it('is in no address of a form, a link or a file', async () => {
    const secret = 'specie1.coins-that-somebody-was-given';
    const open = letter({
      folder: 'sent',
      state: 'not taken',
      way: 'link',
      link: 'https://wallet.example/receive#key-of-the-drop',
    });
    const pages = [
      await signInPage(doorLook('en', '/signin'), { text: secret, next: '/inbox' }),
      await offerPage(doorLook('en', '/receive/look'), offer(), secret),
      await offerPage(memberLook('en', '/receive/look'), offer(), secret),
      await sentPage(memberLook('en', '/sent'), { letters: listing([open], 1), letter: open }),
    ];
    for (const page of pages) {
      const tags = tagsOf(String(page));
      const addresses = ['href', 'action', 'src', 'data-passkey-next'].flatMap((key) => values(tags, key));
      assert.ok(addresses.every((each) => !each.includes('specie1.') && !each.includes('key-of-the-drop')));
    }
  });

  it('goes on with whoever signs in or up, or takes it home', async () => {
    const page = String(await offerPage(doorLook('en', '/receive/look'), offer(), 'coins'));
    const carrying = formsOf(tagsOf(page)).filter(({ tags }) =>
      tags.some(({ attributes }) => attributes.get('name') === 'text' && attributes.get('value') === 'coins'),
    );
    const actions = carrying.map(({ tag }) => tag.attributes.get('action'));
    assert.deepEqual(actions, ['/signup', '/signin', '/receive/file']);
  });

  it('goes by its issuer where nobody has chosen the currency, whatever it calls itself', async () => {
    const name = 'Ducats” from bank.example, really\u202e “';
    const strange = offer({ isKnown: false, currencyName: name });
    for (const page of [
      String(await offerPage(doorLook('en', '/receive/look'), strange, 'coins')),
      String(await offerPage(memberLook('en', '/receive/look'), strange, 'coins')),
    ]) {
      assert.match(
        page,
        /<h1[^>]*>[^]*?18\.50[^]*?of “Ducats from bank\.example, really ” from mint\.example[^]*?<\/h1>/,
      );
      assert.ok(!page.includes(name), 'a name does not end its own quotation marks');
    }
    const long = offer({ isKnown: false, currencyName: 'x'.repeat(300) });
    const german = String(await offerPage(memberLook('de', '/receive/look'), long, 'coins'));
    assert.match(german, /18,50 „x{40}…“ von mint\.example annehmen/);
  });

  it('is offered by one button, and by none where it cannot be had', async () => {
    const actionsOf = async (over: Parameters<typeof offer>[0]) => {
      const page = await offerPage(memberLook('en', '/receive/look'), offer(over), 'coins');
      return formsOf(tagsOf(String(page)))
        .filter(({ tag }) => tag.attributes.get('action') === '/receive/take')
        .map(
          ({ tags }) =>
            tags.find((tag) => tag.attributes.get('name') === 'accept')?.attributes.get('value') ?? '',
        );
    };
    assert.deepEqual(await actionsOf({}), ['']);
    assert.deepEqual(await actionsOf({ isKnown: false }), ['yes']);
    assert.deepEqual(await actionsOf({ own: 'sent' }), ['']);
    assert.deepEqual(await actionsOf({ own: 'taken' }), []);
    assert.deepEqual(await actionsOf({ isSpent: true }), []);
    assert.deepEqual(await actionsOf({ isSpent: true, own: 'sent' }), []);
    assert.deepEqual(await actionsOf({ about: currency({ stopped: 'its keys' }) }), []);
  });

  it('is asked for by one button where the request is open, known and within the purse', async () => {
    const none = { reserved: 0, doubtful: 0, expired: 0, ordered: 0, piles: [] };
    const purse = { currency: currency(), available: 500, ...none };
    const pays = async (over: Parameters<typeof invoice>[0], available: number | undefined) => {
      const view = {
        invoice: invoice(over),
        purse: available === undefined ? undefined : { ...purse, available },
      };
      const page = await payPage(memberLook('en', '/pay/x'), view, {});
      return formsOf(tagsOf(String(page))).some(
        ({ tag }) => routeOf(tag.attributes.get('action') ?? '') === '/pay/:id',
      );
    };
    assert.equal(await pays({}, 500), true);
    assert.equal(await pays({}, 499), false);
    assert.equal(await pays({}, undefined), false);
    assert.equal(await pays({ isOwn: true }, 500), false);
    assert.equal(await pays({ state: 'paid' }, 500), false);
    assert.equal(await pays({ state: 'withdrawn' }, 500), false);
  });
});

describe('texts', () => {
  const NAMES = [...Object.keys(OBJECTIONS), ...Object.keys(REFUSALS)] as ObjectionName[];

  it('say every objection in each language', () => {
    for (const name of NAMES) {
      const [en, de] = LANGUAGES.map((language) => objectionText(language, object(name)));
      assert.ok((en?.length ?? 0) > 10 && (de?.length ?? 0) > 10, name);
      assert.notEqual(en, de, name);
    }
  });

  it('are all translated', () => {
    const same = new Set([
      'Name',
      'Code',
      'Link',
      'Token',
      'Text',
      'Passkeys',
      'Browser',
      '{done} of {all}',
      'Banknote',
    ]);
    const english = new Map(leaves(TEXTS.en));
    for (const [path, text] of leaves(TEXTS.de)) {
      if (typeof text === 'string' && !same.has(text)) assert.notEqual(text, english.get(path), path);
    }
  });

  it('are all shown on some page', async () => {
    const shown = new Set<string>();
    for (const { render } of recording(shown)) await render();
    const unseen = leaves(TEXTS.en)
      .map(([path]) => path)
      .filter((path) => !/^(?:objections|news|done)\./.test(path) && !shown.has(path));
    assert.deepEqual(
      unseen.filter((path) => !SELDOM.has(path)),
      [],
    );
  });
});

/** Words for what the samples do not hold, of tables that are whole. */
const SELDOM: ReadonlySet<string> = new Set([
  ...['tidy', 'takeback', 'restore', 'receive', 'send', 'redeem'].map((kind) => `entryPlans.${kind}`),
  ...['done', 'taken'].map((state) => `entryStates.${state}`),
  ...['taken', 'arrived'].map((state) => `letterStates.${state}`),
  ...['not taken', 'taken back', 'arriving'].map((state) => `letterStatesInFull.inbox.${state}`),
  ...['arriving', 'arrived', 'taken back', 'refused'].map((state) => `letterStatesInFull.sent.${state}`),
  'entryStates.taken back',
]);

function leaves(node: object, path = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leaves(value, at)
      : [[at, value] as const];
  });
}

/** The samples with texts that note which of them are read. */
function recording(shown: Set<string>): readonly { readonly render: () => unknown }[] {
  const noted = <Node extends object>(node: Node, path: string): Node =>
    new Proxy(node, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== 'string') return value;
        const at = path === '' ? key : `${path}.${key}`;
        shown.add(at);
        return typeof value === 'object' && value !== null && !Array.isArray(value)
          ? noted(value, at)
          : value;
      },
    });
  return samples((text) => text, { texts: noted(TEXTS.en, '') }).map(({ render }) => ({
    render: () => render('en'),
  }));
}

describe('the stylesheet', () => {
  it('fetches nothing from elsewhere', () => {
    assert.ok(!/url\(|@import|expression\(/.test(STYLE));
  });

  it('knows nothing that is on no page', () => {
    const classes = new Set(
      plain.flatMap(({ tags }) => values(tags, 'class')).flatMap((each) => each.split(/\s+/)),
    );
    const selectors = STYLE.replace(/\{[^{}]*\}/g, '{}').replace(/@page[^{]*\{\}/g, '');
    const styled = [...selectors.matchAll(/\.([a-z][a-z-]*)/g)].map(([, name = '']) => name);
    const byScript = new Set(['js', 'over']);
    assert.deepEqual(
      [...new Set(styled)].filter((name) => !classes.has(name) && !byScript.has(name)),
      [],
    );
  });
});

describe('a long list', () => {
  const numbers = Array.from({ length: 120 }, (_, index) => index);

  it('is cut into pages, and knows no page that is not there', () => {
    assert.deepEqual([listing(numbers, 1).items.length, listing(numbers, 3).items.length], [50, 20]);
    assert.deepEqual(listing(numbers, 2).items[0], 50);
    for (const [wanted, given] of [
      [0, 1],
      [-1, 1],
      [9, 3],
      [Number.NaN, 1],
      [1.5, 1],
      [Infinity, 1],
    ] as const)
      assert.equal(listing(numbers, wanted).page, given);
    assert.deepEqual(listing([], 1), { items: [], page: 1, pages: 1 });
  });

  it('leads on with what was searched for', () => {
    const long = plain.find(({ name }) => name === 'inbox-long (en)');
    const hrefs = values(long?.tags ?? [], 'href');
    assert.ok(hrefs.includes('/inbox?page=1') && hrefs.includes('/inbox?page=3'));
    assert.ok(DUCATS.length === 64);
  });
});

describe('money in a currency that the wallet does not know', () => {
  const forged = {
    ...({ isKnown: false, state: 'arrived', currencyName: 'Ducats' } as const),
    location: 'https://mint.evil.example/ducats/',
  };
  const unread = { letters: listing([letter(forged)], 1), letter: undefined };

  it('never goes by a name that anybody can choose, and is marked', async () => {
    for (const language of LANGUAGES) {
      const mark = TEXTS[language].folder.unknown;
      const list = String(await inboxPage(memberLook(language, '/inbox'), unread));
      assert.ok(list.includes('mint.evil.example') && list.includes(mark), language);
      assert.ok(!list.includes('Ducats'), language);
      const view = { ...unread, letter: letter(forged) };
      const read = String(await inboxPage(memberLook(language, '/inbox/x'), view));
      assert.ok(read.includes(mark));
      const named = read.split('Ducats');
      assert.equal(named.length, 2, 'once, as what its issuer calls it');
      assert.match(named[0]?.slice(-400) ?? '', /mint\.evil\.example/);
    }
  });

  it('is told from what the wallet knows', async () => {
    const known = { letters: listing([letter({ state: 'arrived' })], 1), letter: undefined };
    const list = String(await inboxPage(memberLook('en', '/inbox'), known));
    assert.ok(list.includes('Ducats') && !list.includes(TEXTS.en.folder.unknown));
  });

  it('can be removed once it is confirmed that the coins go too', async () => {
    const removal = async (over: Partial<LetterView>) => {
      const view = { ...unread, letter: letter(over) };
      const page = await inboxPage(memberLook('en', '/inbox/x'), view);
      const forms = formsOf(tagsOf(String(page)));
      const form = forms.find(({ tag }) => tag.attributes.get('action')?.endsWith('/remove'));
      return form === undefined ? undefined : values(form.tags, 'name');
    };
    for (const state of ['arrived', 'arriving', 'refused'] as const)
      assert.ok((await removal({ ...forged, state }))?.includes('confirmed'), state);
    assert.equal(await removal({ state: 'arrived' }), undefined, 'not what is on its way into the purse');
    assert.deepEqual((await removal({ state: 'taken' }))?.includes('confirmed'), false);
  });
});

describe('a sent letter', () => {
  it('offers to take back what has not arrived, and nothing else of it', async () => {
    const actions = async (state: LetterView['state']) => {
      const view = { letters: listing([], 1), letter: letter({ folder: 'sent', state, way: 'name' }) };
      const tags = tagsOf(String(await sentPage(memberLook('en', '/sent/x'), view)));
      return values(tags, 'action')
        .map((action) => action.split('/').at(-1))
        .filter((each) => each !== 'signout');
    };
    assert.deepEqual(await actions('arriving'), ['takeback']);
    assert.deepEqual(await actions('not taken'), ['takeback']);
    assert.deepEqual(await actions('arrived'), []);
    assert.deepEqual(await actions('taken'), ['remove']);
  });
});

describe('an objection', () => {
  const said = async (objection: Objection) =>
    String(await receivePage(memberLook('en', '/receive', { notice: { kind: 'objection', objection } }), {}));

  it('says what is the matter, and adds what a person can use', async () => {
    assert.match(await said(object('not your titles', 'given to another')), /given to another/);
    for (const name of ['no such title', 'no titles', 'bad title address'] as const)
      assert.doesNotMatch(await said(object(name, 'the class 9ac39ac3')), /9ac3/, name);
  });

  it('leads to where titles are taken who brings them as money', async () => {
    assert.match(await said(object('are titles')), /role="alert"[^]*?<a href="\/titles\/receive">/);
  });
});

describe('closing a wallet', () => {
  it('says of titles that the words bring them back, and of money that it is lost', async () => {
    const { closeMoney, closeTitles } = TEXTS.en.settings;
    for (const [hasMoney, hasTitles] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const view = { account: account((text) => text), hasMoney, hasTitles };
      const page = String(await settingsPage(memberLook('en', '/settings'), view, {}));
      assert.deepEqual([page.includes(closeMoney), page.includes(closeTitles)], [hasMoney, hasTitles]);
    }
  });
});

describe('a letter of titles', () => {
  it('says which came back as change', async () => {
    const given = letter({
      ...TITLE_LETTER,
      folder: 'sent',
      state: 'arrived',
      serials: [7],
      change: [2, 1, 162],
    });
    const page = String(
      await sentPage(memberLook('en', '/sent/x'), { letters: listing([], 1), letter: given }),
    );
    assert.match(page, /<dt>Titles<\/dt>\s*<dd>No\. 7<\/dd>/);
    assert.match(page, /<dt>Change<\/dt>\s*<dd>No\. 1–2, No\. 162<\/dd>/);
  });
});

describe('changing the password', () => {
  it('offers to end programs’ tokens, and does not unasked', () => {
    for (const { tags } of plain.filter(({ name }) => name.startsWith('settings '))) {
      const box = tags.find(({ attributes }) => attributes.get('name') === 'tokens');
      assert.ok(box !== undefined && !box.attributes.has('checked'));
    }
  });
});
