import { matchRoute, REST_RULES, type Route } from '../../../../../lib/testing/local/services/api-gateway/route-match';

/** The routes of the documented example, and a few more. */
const routes: Route<string>[] = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  'GET /orders/{id}/items',
  'ANY /orders/{id}/items',
  'GET /orders/latest/items',
  'POST /orders/{id}/{part}',
  'GET /',
].map((key) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, path, target: key };
});
const withDefault: Route<string>[] = [...routes, { method: 'ANY', target: '$default' }];

test.each([
  // As documented: a full match, then a greedy one, then `$default`.
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  // A literal segment goes before a parameter, and the method itself before ANY.
  ['GET', '/orders/latest/items', 'GET /orders/latest/items', {}],
  ['GET', '/orders/7/items', 'GET /orders/{id}/items', { id: '7' }],
  ['PUT', '/orders/7/items', 'ANY /orders/{id}/items', { id: '7' }],
  ['POST', '/orders/7/items', 'ANY /orders/{id}/items', { id: '7' }],
  ['POST', '/orders/7/notes', 'POST /orders/{id}/{part}', { id: '7', part: 'notes' }],
  ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
  ['GET', '/', 'GET /', {}],
  ['POST', '/', '$default', {}],
  ['GET', '/pets/dog/a%2Fb', 'GET /pets/dog/{id}', { id: 'a/b' }],
  ['GET', '/pets/dog/%E0%A4%A', 'GET /pets/dog/{id}', { id: '%E0%A4%A' }],
])('%s %s takes %s', (method, path, target, parameters) => {
  const match = matchRoute(withDefault, method, path);
  expect([match?.route.target, match?.parameters]).toEqual([target, parameters]);
});

test('finds nothing where nothing matches', () => {
  expect(matchRoute(routes.slice(0, 2), 'GET', '/pets/dog')).toBeUndefined();
  expect(matchRoute(routes.slice(0, 2), 'GET', '/pets/dog/1/2')).toBeUndefined();
  expect(matchRoute(routes.slice(0, 2), 'DELETE', '/pets/dog/1')).toBeUndefined();
  expect(matchRoute(routes.slice(1, 2), 'GET', '/pets/dog/')).toBeUndefined();
});

test('a full match goes before a greedy one, whatever comes first in the path', () => {
  const two: Route<string>[] = ['/pets/{proxy+}', '/{kind}/dog'].map((path) => ({ method: 'GET', path, target: path }));
  expect(matchRoute(two, 'GET', '/pets/dog')?.route.target).toBe('/{kind}/dog');
  expect(matchRoute([...two], 'GET', '/pets/dog', REST_RULES)?.route.target).toBe('/pets/{proxy+}');
});
