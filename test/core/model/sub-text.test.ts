import { replaceSubVariables, subParts, subVariables } from '../../../lib/core/model/sub-text';

test.each<[string, readonly unknown[]]>([
  ['plain', ['plain']],
  ['a-${Stage}-b', ['a-', { variable: 'Stage' }, '-b']],
  ['${Queue.Arn}', ['', { variable: 'Queue.Arn' }, '']],
  ['${ AWS::Region }', ['', { variable: 'AWS::Region' }, '']],
  ['${!Literal}', ['', '${Literal}', '']],
  ['{{resolve:ssm:x}} $ {A} ${', ['{{resolve:ssm:x}} $ {A} ${']],
])('divides %s at its variables', (text, parts) => {
  expect(subParts(text)).toEqual(parts);
});

test('lists variables, but no literals', () => {
  expect(subVariables('${A}-${!B}-${C.D}')).toEqual(['A', 'C.D']);
});

test('replaces the variables it is told to, and leaves the others as they are', () => {
  const by = (name: string) => (name === 'AWS::Region' ? 'eu-west-1' : undefined);
  expect(replaceSubVariables('${AWS::Region} ${ AWS::Region } ${Other} ${!AWS::Region}', by)).toBe(
    'eu-west-1 eu-west-1 ${Other} ${!AWS::Region}',
  );
});
