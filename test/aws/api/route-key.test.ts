import { parametersOf, parseRoute, routeChecks, routeId } from '../../../lib/aws/api/route-key';
import { failuresOf } from '../../../lib/core/check/check';

const problems = (kind: 'http' | 'rest', ...keys: string[]) =>
  failuresOf(routeChecks(kind, keys)).map(({ message }) => message);

test.each([
  ['GET /'],
  ['GET /orders'],
  ['POST /orders/{id}/lines/{line}'],
  ['ANY /files/{proxy+}'],
  ['OPTIONS /a.b_c-d:e'],
])('accepts %s in both kinds', (key) => {
  expect([...problems('http', key), ...problems('rest', key)]).toEqual([]);
});

test.each([['$default'], ['GET /@me'], ['GET /a~b%20c']])('accepts %s in an HTTP API', (key) => {
  expect(problems('http', key)).toEqual([]);
});

test.each([
  ['GET', "'routes' must be 'METHOD /path', got 'GET'; write a method, one blank and a path, such as 'GET /orders'"],
  ['/orders', "must be 'METHOD /path'"],
  ['GET orders', "must be 'METHOD /path'"],
  ['GET  /orders', "must be 'METHOD /path'"],
  ['', "must be 'METHOD /path', got ''"],
  ['get /orders', "must start with one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, got 'get /orders'"],
  ['FETCH /orders', 'must start with one of GET'],
  ['GET /orders/', "must not end in a slash, got 'GET /orders/'; write '/orders'"],
  ['GET //', "must not end in a slash, got 'GET //'; write '/'"],
  ['GET /a//b', "must not have the segment '' in its path"],
  ['GET /orders/{id', "must not have the segment '{id' in its path"],
  ['GET /orders/x-{id}', "must not have the segment 'x-{id}' in its path"],
  ['GET /orders/{}', "must not have the segment '{}' in its path"],
  ['GET /orders?x=1', "must not have the segment 'orders?x=1' in its path"],
  ['GET /{proxy+}/a', "must not continue after a greedy parameter, got 'GET /{proxy+}/a'; move '{proxy+}' to the end"],
  ['GET /{id}/a/{id}', 'must not name two parameters the same'],
])('refuses %p', (key, message) => {
  for (const kind of ['http', 'rest'] as const) expect(problems(kind, key)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ['$default', "must not be '$default' with kind 'rest'"],
  ['GET /@me', "must not have the segment '@me' in its path"],
])('refuses %s in a REST API', (key, message) => {
  expect(problems('rest', key)).toEqual([expect.stringContaining(message)]);
});

test('refuses an API without routes', () => {
  expect(problems('http')).toEqual([
    "'routes' must have at least one route, got []; add one, such as 'GET /orders': 'src/list-orders.ts'",
  ]);
});

describe('two names at one position', () => {
  const clash = (a: string, b: string) =>
    `'routes' must name the parameter ${a} as in 'GET /orders/${a}', not ${b}, got`;

  test.each([
    ['the same method', 'GET /orders/{b}'],
    ['another method', 'PUT /orders/{b}'],
    ['a longer path', 'GET /orders/{b}/lines'],
  ])('refuses them for %s', (_, key) => {
    expect(problems('http', 'GET /orders/{a}', key)).toEqual([expect.stringContaining(clash('{a}', '{b}'))]);
  });

  test('refuses each of several', () => {
    expect(problems('http', 'GET /{a}/{b}', 'GET /{x}/{y}')).toHaveLength(2);
  });

  test('refuses a greedy beside a simple parameter in a REST API only', () => {
    const keys = ['GET /files/{name}', 'GET /files/{proxy+}'];
    expect(problems('http', ...keys)).toEqual([]);
    expect(problems('rest', ...keys)).toHaveLength(1);
  });

  test('accepts one name, and different names elsewhere', () => {
    const keys = ['GET /orders/{id}', 'PUT /orders/{id}', 'GET /customers/{customer}', 'GET /orders/open'];
    expect(problems('rest', ...keys)).toEqual([]);
  });
});

test('reports everything at once', () => {
  expect(problems('http', 'get /a', 'GET /a/', 'GET /{x}', 'GET /{y}')).toHaveLength(3);
});

test('parts of a route, and the id of its construct', () => {
  const route = parseRoute('GET /orders/{id}/files/{proxy+}');
  expect(route).toEqual({ key: route.key, method: 'GET', path: '/orders/{id}/files/{proxy+}' });
  expect(parametersOf(route)).toEqual(['id', 'proxy']);
  expect(['GET /', 'GET /orders/{id}', '$default'].map((key) => routeId(parseRoute(key)))).toEqual([
    'GET',
    'GET orders {id}',
    '$default',
  ]);
});

test('refuses a path for which CDK builds no ARN in an HTTP API, and shows its beginning', () => {
  const longest = `GET /${'a'.repeat(999)}`;
  expect(problems('http', longest)).toEqual([]);
  expect(problems('http', `${longest}b`)).toEqual([
    `'routes' must have a path of at most 1000 characters, which is all that CDK takes, not 1001, got '${longest.slice(0, 300)}...'; shorten it, or take the rest of the path as a parameter: '/files/{proxy+}'`,
  ]);
  expect(problems('rest', `${longest}b`)).toEqual([]);
});
