import { evaluateTemplate } from '../../../../../../lib/testing/local/services/api-gateway/vtl/evaluate';
import { mapOf, toText } from '../../../../../../lib/testing/local/services/api-gateway/vtl/values';

const BODY = '{"a":{"b":[1,2]},"text":"it\'s \\"x\\"","items":[{"id":"x"},{"id":"y"}],"none":null}';

function evaluate(
  template: string,
  body = BODY,
  onMissing?: () => void,
  context: Readonly<Record<string, unknown>> = {},
) {
  const known = { requestId: 'r-1', identity: { sourceIp: '127.0.0.1' }, ...context };
  const params = { path: { id: '7' }, querystring: { q: 'find' }, header: { 'X-One': 'first', 'x-two': 'second' } };
  return evaluateTemplate(
    template,
    { body, params, context: mapOf(known), stageVariables: { table: 'orders' } },
    onMissing,
  );
}

test.each([
  ["$input.json('$.a.b')", '[1,2]'],
  ["$input.path('$.a.b[1]')", '2'],
  ["#set($root = $input.path('$'))$root.text", 'it\'s "x"'],
  ["$input.params('id') $input.params('q') $input.params('X-One')", '7 find first'],
  [
    '#foreach($h in $input.params().header.keySet())$h=$input.params().header.get($h)#if($foreach.hasNext);#end#end',
    'X-One=first;x-two=second',
  ],
  ["$util.urlEncode('a b&c=(ü)*')", 'a+b%26c%3D%28%C3%BC%29*'],
  ["$util.urlDecode('a+b%26')", 'a b&'],
  ["$util.base64Decode($util.base64Encode('ü'))", 'ü'],
  ["$util.escapeJavaScript($input.path('$.text'))", 'it\\\'s \\"x\\"'],
  ['$util.parseJson(\'{"n":5}\').n', '5'],
  ['$context.requestId $context.identity.sourceIp $stageVariables.table', 'r-1 127.0.0.1 orders'],
  ["#if($input.params('id') == '7')yes#{else}no#end", 'yes'],
  ["$input.json('$.items[*].id') $input.json('$..id')", '["x","y"] ["x","y"]'],
  ["#set($n = $input.path('$.items').size() + 1 * 2)$n #foreach($i in [1..3])$i#end", '4 123'],
  ['#set($m = {"a": 1})#set($m.b = "two")$m.put("c", [1, 2])$m.get("b") $m.c[1] $m.size()', 'two 2 3'],
  [
    '#set($s = "a-b-c")$s.replaceAll("-", "+") $s.split("-")[2] $s.substring(2, 3) $s.toUpperCase().startsWith("A")',
    'a+b+c c b true',
  ],
  [
    '#set($s = "A.b")$s.replaceAll("(?i)[a\\.]", "") $s.replaceFirst("\\p{Lower}", "c") $s.matches("(?i)a\\Q.\\EB")',
    'b A.c true',
  ],
  ['#macro(twice $x)$x$x#end#twice("ab") #define($d)<$n>#end#set($n = 5)$d', 'abab <5>'],
  ['$method.request.path.id $method.request.querystring.q $method.request.header.X-One', '7 find first'],
  ['#set($empty = "")#if($empty && !$empty.empty)no#{else}yes#end', 'yes'],
  ['#if($input.path("$.missing").toString().equals("FAILED"))no#{else}yes#end', 'yes'],
  ['#foreach($i in [1, 2, 3])#if($i == 2)#break#end$i#end', '1'],
])('%s', (template, expected) => {
  expect(evaluate(template)).toBe(expected);
});

// As AWS was seen to answer: see the tests that LocalStack keeps of API Gateway itself.
describe('what is not there is empty text', () => {
  test.each([
    ['"$input.path(\'$.missing\')"', '""'],
    ['"$input.path(\'$.missing.more\')" "$undefined" "${undefined}" "$!undefined.at.all"', '"" "" "" ""'],
    ["$input.json('$.missing')", '""'],
    [
      '#set($r = $input.path("$.missing")){"body": $r, "null": #if($r == $null)"true"#else"false"#end, "empty": #if($r == "")"true"#else"false"#end}',
      '{"body": , "null": "true", "empty": "true"}',
    ],
    ['#set($r = $input.path("$.none"))[$r]', '[]'],
    ['$input.params("x-one")$input.params().header.get("x-one")', ''],
  ])('%s', (template, expected) => {
    expect(evaluate(template)).toBe(expected);
  });

  test.each([
    ['$input.body', '{}'],
    ['$input.body.any', ''],
    ["$input.json('$')", '{}'],
  ])('of an empty body: %s', (template, expected) => {
    expect(evaluate(template, '')).toBe(expected);
  });

  test('and a condition on it is true, and told', () => {
    let told = 0;
    expect(evaluate("#if($input.path('$.missing'))there#end", BODY, () => told++)).toBe('there');
    expect(evaluate('#if($context.authorizer)there#end#if("")empty is something#end', BODY, () => told++)).toBe(
      'empty is something',
    );
    expect(told).toBe(1);
  });
});

test.each([
  ['{"foo":"bar"}', '{foo=bar}'],
  ['[{"foo":"bar"}]', '[{"foo":"bar"}]'],
  ['{"foo":[{"nested":"bar"}],"b":1}', '{foo=[{"nested":"bar"}], b=1}'],
])('writes %s as Java does', (body, expected) => {
  expect(evaluate("$input.path('$')", body)).toBe(expected);
});

test('names that every object has are names like others', () => {
  const body = '{"constructor":1,"__proto__":2,"toString":{"a":3}}';
  const names = "$input.path('$.constructor') $input.path('$.__proto__') $input.path('$.toString.a')";
  expect(evaluate(`${names} [$input.path('$.hasOwnProperty')$stageVariables.constructor]`, body)).toBe('1 2 3 []');
  expect(evaluate("$input.params('constructor')$input.params('__proto__')")).toBe('');
});

test('sets overrides in the context', () => {
  const context = mapOf({ responseOverride: { header: {} } });
  const params = { path: {}, querystring: {}, header: {} };
  const template = '#set($context.responseOverride.header.X = "1")#set($context.responseOverride.status = 404)';
  evaluateTemplate(template, { body: '', params, context, stageVariables: {} });
  expect(toText(context)).toBe('{responseOverride={header={X=1}, status=404}}');
});

test.each([
  ["$input.json('$.a[?(@.b)]')", "the JSONPath '$.a[?(@.b)]' is not known here"],
  ['$context.requestId.codePointAt(1)', "the method 'codePointAt' of a string is not known here"],
])('refuses %s, which it does not know', (template, message) => {
  expect(() => evaluate(template)).toThrow(message);
});

test('refuses a body that is no JSON, where the template reads it as such', () => {
  expect(evaluate('$input.body', 'no json')).toBe('no json');
  expect(() => evaluate("$input.json('$')", 'no json')).toThrow('Could not parse request body into json');
});
