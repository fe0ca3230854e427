import { readTemplate } from '../../../lib/core/model/read-template';

/** The scenarios of a template whose resources have these conditions. */
function scenarios(conditions: string, on: readonly string[], parameters = 'Stage: { Type: String }') {
  const resources = on.map((name, index) => `R${index}: { Type: X::Y::Z, Condition: ${name} }`).join(', ');
  const text = `Parameters: { ${parameters} }\nConditions: { ${conditions} }\nResources: { ${resources} }`;
  return readTemplate(text, { name: 'T' }).templates.get('T')!.scenarios!();
}

const STAGES = 'IsProd: !Equals [!Ref Stage, prod], IsTest: !Equals [test, !Ref Stage]';

test('a template without open conditions on its resources has one scenario', () => {
  expect(scenarios(STAGES, [])).toEqual([]);
  expect(scenarios('Yes: !Equals [a, a]', ['Yes'])).toEqual([]);
});

test('a condition holds or does not, and decides those that say the same or the opposite', () => {
  expect(scenarios(`${STAGES}, NotProd: !Not [Condition: IsProd]`, ['NotProd'])).toEqual([
    { IsProd: true, IsTest: false, NotProd: false },
    { IsProd: false, NotProd: true },
  ]);
});

test('comparisons of one parameter with two values never hold together', () => {
  expect(scenarios(STAGES, ['IsProd', 'IsTest'])).toEqual([
    { IsProd: true, IsTest: false },
    { IsProd: false, IsTest: true },
    { IsProd: false, IsTest: false },
  ]);
});

test('a parameter takes only the values that it may have', () => {
  const stage = 'Stage: { Type: String, AllowedValues: [prod, test] }';
  expect(scenarios(STAGES, ['IsProd', 'IsTest'], stage)).toEqual([
    { IsProd: true, IsTest: false },
    { IsProd: false, IsTest: true },
  ]);
});

test('a condition that needs another never holds without it', () => {
  const both = `${STAGES}, Both: !And [Condition: IsProd, !Equals [!Ref AWS::Region, eu-west-1]]`;
  const found = scenarios(both, ['IsProd', 'Both']);
  expect(found.map(({ IsProd, Both }) => [IsProd, Both])).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ]);
});

test('gives up on more ways than it can look at', () => {
  const names = Array.from({ length: 12 }, (_, index) => `C${index}`);
  const conditions = names.map((name) => `${name}: !Equals [!Ref ${name}, x]`).join(', ');
  const parameters = names.map((name) => `${name}: { Type: String }`).join(', ');
  expect(scenarios(conditions, names, parameters)).toEqual([]);
});
