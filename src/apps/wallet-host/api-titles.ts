/** What programs can do with titles. */
import Type from 'typebox';
import { Objection } from '../../host/objections.ts';
import { LetterView } from '../../host/schemas.ts';
import {
  ClaimInput,
  GiveInput,
  HandoverInput,
  TitleAddressView,
  TitleClassView,
  TitleInput,
  TitleLookView,
  TitleServerInput,
  TitleServerView,
  TitleView,
  TitlesView,
  UrlInput,
} from '../../host/titles/schemas.ts';
import { forMembers, strict } from './api-route.ts';
import type { ApiRoute } from './api-route.ts';

export const TITLES: readonly ApiRoute[] = [
  forMembers('GET', '/titles', {
    what: 'The titles that the wallet holds, what was done with them, and the title servers that it knows',
    output: TitlesView,
    run: async ({ member }) => member.titles.view(),
  }),
  forMembers('POST', '/titles/give', {
    what: 'Give titles, or an amount of a class with change out of the pool of its server: to a name, or to an address. It cannot be taken back. What is given is a letter among those that were sent',
    isOnce: true,
    input: GiveInput,
    output: LetterView,
    counts: () => ['pay'],
    run: ({ member, once }, input) => member.titles.give(input, once),
  }),
  forMembers('GET', '/letters/:id/handover', {
    what: 'The handover of titles that were given: for the wallet of whom they were given to',
    output: strict({ handover: Type.String() }),
    run: async ({ member, id }) => {
      const handover = member.titles.handover(id);
      return handover instanceof Objection ? handover : { handover };
    },
  }),
  forMembers('GET', '/titles/addresses', {
    what: 'An address at each title server, to be told to one giver; it stays until something was received by it',
    output: Type.Array(TitleAddressView),
    run: ({ member }) => member.titles.addresses(),
  }),
  forMembers('POST', '/titles/addresses', {
    what: 'Another address at a title server',
    input: strict({ server: TitleServerView.properties.id }),
    output: Type.Array(TitleAddressView),
    counts: () => ['currency'],
    run: ({ member }, { server }) => member.titles.newAddress(server),
  }),
  forMembers('POST', '/titles/receive', {
    what: 'Take titles that somebody handed over',
    isOnce: true,
    input: HandoverInput,
    output: Type.Array(TitleView),
    counts: () => ['pay'],
    run: ({ member }, input) => member.titles.receive(input),
  }),
  forMembers('POST', '/titles/inspect', {
    what: 'Whose the titles of a handover are: its proofs are verified, and the server is asked whether they still hold. Nothing is taken',
    input: HandoverInput,
    output: Type.Array(TitleLookView),
    counts: () => ['look'],
    run: ({ member }, input) => member.titles.inspect(input),
  }),
  forMembers('POST', '/titles/look', {
    what: 'Whose a title is, by a proof that its server gives now',
    input: TitleInput,
    output: TitleLookView,
    counts: () => ['look'],
    run: ({ member }, input) => member.titles.look(input),
  }),
  forMembers('POST', '/titles/claim', {
    what: 'Claim a title that a condition binds, with its secret; or take it back once its time is over',
    isOnce: true,
    input: ClaimInput,
    counts: () => ['pay'],
    run: ({ member }, input) => member.titles.claim(input),
  }),
  forMembers('POST', '/titles/check', {
    what: 'Ask the servers about every title: what they say of those that are held no more, in English',
    output: Type.Array(Type.String()),
    counts: () => ['currency'],
    run: ({ member }) => member.titles.check(),
  }),
  forMembers('POST', '/titles/restore', {
    what: 'Look for titles of the twelve words in the log of a title server',
    input: UrlInput,
    output: TitlesView,
    counts: () => ['currency'],
    run: ({ member }, { url }) => member.titles.restore(url),
  }),
  forMembers('GET', '/titles/classes', {
    what: 'The classes of all title servers that answer',
    output: Type.Array(TitleClassView),
    counts: () => ['look'],
    run: ({ member }) => member.titles.classes(),
  }),
  forMembers('POST', '/titles/servers', {
    what: 'Know another title server. Whoever runs it sees which pseudonym gives what to which, and titles are public: `confirmed` says that this is known',
    input: TitleServerInput,
    output: TitleServerView,
    counts: () => ['currency'],
    run: ({ member }, input) => member.titles.addServer(input),
  }),
];
