import { databaseSession, type DatabaseSessionProps } from 'lintel/runtime/edge';

const bookmark = `00000001-00000002-00000003-${'a'.repeat(32)}`;
const next = bookmark.replace('2', '9');

/** What a session begins with, and the answer that is given when its database says a bookmark. */
function ask(
  init: RequestInit = {},
  props?: DatabaseSessionProps,
  says: string | null = next,
  answered = new Response('x'),
) {
  let begun = '';
  const database = {
    withSession(asked: string) {
      begun = asked;
      return { getBookmark: () => says };
    },
  };
  const { answer } = databaseSession(database, new Request('https://shop.example.com/', init), props);
  return { begun, answer: answer(answered) };
}

test.each<[RequestInit, DatabaseSessionProps | undefined, string]>([
  [{}, undefined, 'first-unconstrained'],
  [{ method: 'HEAD' }, undefined, 'first-unconstrained'],
  [{ method: 'POST' }, undefined, 'first-primary'],
  [{}, { first: 'primary' }, 'first-primary'],
  [{ method: 'POST' }, { first: 'unconstrained' }, 'first-unconstrained'],
  [{ headers: { cookie: `a=b;__Host-d1-bookmark=${bookmark}; c=d` } }, undefined, bookmark],
  [{ method: 'POST', headers: { cookie: `__Host-d1-bookmark=${bookmark}` } }, { first: 'primary' }, bookmark],
  [{ headers: { cookie: `__Host-d1-bookmark-a=${bookmark}` } }, { name: 'a' }, bookmark],
  [{ headers: { cookie: `__Host-d1-bookmark-b=${bookmark}` } }, { name: 'a' }, 'first-unconstrained'],
  [{ headers: { 'x-d1-bookmark': bookmark } }, { carry: 'header' }, bookmark],
  [{ headers: { 'x-d1-bookmark': bookmark } }, { carry: 'cookie' }, 'first-unconstrained'],
  [{ headers: { 'x-d1-bookmark': 'first-unconstrained' } }, { carry: 'header' }, 'first-primary'],
  [{ headers: { 'x-d1-bookmark': bookmark.toUpperCase() } }, { carry: 'header' }, 'first-primary'],
  [{ headers: { cookie: '__Host-d1-bookmark=' } }, undefined, 'first-primary'],
])('a session of %j with %j begins with %s', (init, props, constraint) => {
  expect(ask(init, props).begun).toBe(constraint);
});

test.each<[string | undefined, string]>([
  [undefined, 'private, no-cache'],
  ['public, max-age=60', 'private, no-cache'],
  ['max-age=60, private="x-name"', 'private, no-cache'],
  ['Private, max-age=60', 'Private, max-age=60'],
  ['no-store', 'no-store'],
])('an answer that says %s is kept by nobody else: %s', (said, control) => {
  const headers = { ...(said !== undefined && { 'cache-control': said }), 'cdn-cache-control': 'max-age=600' };
  const { answer } = ask({}, undefined, next, new Response('x', { headers }));
  expect([answer.headers.get('cache-control'), answer.headers.has('cdn-cache-control')]).toEqual([control, false]);
});

test('the bookmark goes back as it came, and beside other cookies', () => {
  const made = ask(
    {},
    { name: 'a' },
    next,
    new Response('x', { status: 201, headers: { 'set-cookie': 'own=1' } }),
  ).answer;
  expect(made.status).toBe(201);
  expect(made.headers.getSetCookie()).toEqual([
    'own=1',
    `__Host-d1-bookmark-a=${next}; Path=/; HttpOnly; Secure; SameSite=Lax`,
  ]);
  expect(ask({}, { carry: 'header', name: 'a' }).answer.headers.get('x-d1-bookmark-a')).toBe(next);
});

test('an answer before any query stays as it is', () => {
  const response = new Response('x', { headers: { 'cache-control': 'public' } });
  expect(ask({}, undefined, null, response).answer).toBe(response);
});

test('refuses what cannot be the name of a bookmark, and a binding that is not there', () => {
  expect(() => ask({}, { name: 'A b' })).toThrow("'name' must be lower-case letters, digits and dashes, got 'A b'");
  expect(() => databaseSession(undefined as never, new Request('https://a.example.com'))).toThrow(
    "There is no binding of that name; name the database in 'access': db.readWrite(...)",
  );
});
