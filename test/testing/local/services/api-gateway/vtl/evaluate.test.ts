import { evaluateTemplate } from '../../../../../../lib/testing/local/services/api-gateway/vtl/evaluate';

const evaluate = (template: string, body = '{"a":{"b":[1,2]},"text":"it\'s \\"x\\""}') =>
  evaluateTemplate(template, {
    body,
    params: { path: { id: '7' }, querystring: { q: 'find' }, header: { 'x-one': 'first', 'x-two': 'second' } },
    context: { requestId: 'r-1', identity: { sourceIp: '127.0.0.1' } },
    stageVariables: { table: 'orders' },
  });

test.each([
  ["$input.json('$.a.b')", '[1,2]'],
  ["$input.path('$.a.b[1]')", '2'],
  ["#set($root = $input.path('$'))$root.text", 'it\'s "x"'],
  ["$input.params('id') $input.params('q') $input.params('X-One')", '7 find first'],
  [
    '#foreach($h in $input.params().header.keySet())$h=$input.params().header.get($h);#end',
    'x-one=first;x-two=second;',
  ],
  ["$util.urlEncode('a b&c=(ü)*')", 'a+b%26c%3D%28%C3%BC%29*'],
  ["$util.urlDecode('a+b%26')", 'a b&'],
  ["$util.base64Decode($util.base64Encode('ü'))", 'ü'],
  ["$util.escapeJavaScript($input.path('$.text'))", 'it\\\'s \\"x\\"'],
  ['$util.parseJson(\'{"n":5}\').n', '5'],
  ['$context.requestId $context.identity.sourceIp $stageVariables.table', 'r-1 127.0.0.1 orders'],
  ["#if($input.params('id') == '7')yes#{else}no#end", 'yes'],
])('%s', (template, expected) => {
  expect(evaluate(template)).toBe(expected);
});

test('refuses a JSONPath that it does not understand', () => {
  expect(() => evaluate("$input.json('$..b')")).toThrow("the JSONPath '$..b' is not understood here");
});
