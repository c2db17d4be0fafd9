/** The API's description for programs (https://spec.openapis.org/oas/v3.1.0), made of its table. */
import type Type from 'typebox';
import * as schemas from '../../host/schemas.ts';
import * as titles from '../../host/titles/schemas.ts';
import { CoinStack } from '../../protocol/documents.ts';
import type { ApiRoute } from './api-route.ts';
import { API } from './api-table.ts';

const NAMED: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[
    'AccountView',
    'BankView',
    'CurrencyView',
    'EntryView',
    'InvoiceView',
    'LetterView',
    'OfferView',
    'PurseView',
  ].map((name) => [schemas[name as 'AccountView'], name] as const),
  ...[
    'BuyInput',
    'CurrencyInput',
    'InvoiceInput',
    'LookInput',
    'PayInput',
    'PayOutInput',
    'RedeemInput',
    'TakeInput',
  ].map((name) => [schemas[name as 'PayInput'], name] as const),
  ...(
    [
      'ClaimInput',
      'GiveInput',
      'HandoverInput',
      'TitleAddressView',
      'TitleClassView',
      'TitleInput',
      'TitleLookView',
      'TitleOperationView',
      'TitleServerInput',
      'TitleServerView',
      'TitleView',
      'TitlesView',
    ] as const
  ).map((name) => [titles[name], name] as const),
  [CoinStack, 'CoinStack'],
]);

const PROBLEM = {
  type: 'object',
  required: ['error', 'details', 'next'],
  properties: {
    error: { type: 'string', description: 'which of the objections it is' },
    details: { type: 'string', description: 'the field or the limit that is meant; may be empty' },
    next: { type: 'string', description: 'what to do next' },
  },
  additionalProperties: false,
} as const;

/** The whole document. */
export function openApi(): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of API) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'A wallet host',
      version: '1',
      description:
        'Everything that the pages do. Amounts are whole numbers of the currency’s smallest unit. A token is made in the settings.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries([
        ...[...NAMED].map(([schema, name]) => [name, written(schema, true)] as const),
        ['Problem', PROBLEM],
      ]),
      responses: {
        Problem: { description: 'Why it was not done', ...content({ $ref: '#/components/schemas/Problem' }) },
      },
    },
  };
}

function operation({ isForMembers, isOnce, what, path, query, input, output }: ApiRoute) {
  const parameters = [
    ...(path.includes(':id') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []),
    ...Object.entries(query).map(([name, description]) => ({
      name,
      in: 'query',
      description,
      schema: { type: 'string' },
    })),
    ...(isOnce ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    summary: what,
    ...(isForMembers ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(input === undefined ? {} : { requestBody: { required: true, ...content(written(input)) } }),
    responses: {
      ...(output === undefined
        ? { 204: { description: 'Done' } }
        : { 200: { description: 'Done', ...content(written(output)) } }),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'chosen by the program: what is asked for twice with it within the hour is done once, unless the host was started anew meanwhile; POST /pay and POST /titles/give remember it for good',
  schema: { type: 'string', maxLength: 200 },
} as const;

function content(schema: unknown) {
  return { content: { 'application/json': { schema } } };
}

/** A schema as it stands in the document: those that have a name are referred to by it. */
function written(schema: unknown, isItsOwn = false): unknown {
  const name = NAMED.get(schema);
  if (name !== undefined && !isItsOwn) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(schema)) return schema.map((each) => written(each));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema as Type.TSchema).map(([key, value]) => [key, written(value)]),
  );
}
