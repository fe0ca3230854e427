import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findConfig, readConfig } from '../../../lib/rules/config/read-config';
import { selectRules } from '../../../lib/rules/config/select-rules';
import { RULES } from '../../../lib/rules/rules/registry';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-config-'));
const below = path.join(scratch, 'services', 'orders');
mkdirSync(below, { recursive: true });
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = path.join(scratch, 'lintel.yaml');
const known = RULES.map(({ id }) => id);
const config = (text: string) => {
  writeFileSync(file, text);
  return readConfig(file, known);
};
const refusal = (text: string): string[] => {
  try {
    config(text);
  } catch (error) {
    return (error as Error).message.replaceAll(` (${file})`, '').split('\n');
  }
  return [];
};

test('is found above the working directory, and may be empty', () => {
  writeFileSync(file, '');
  expect(findConfig(below, known)).toMatchObject({ file, rules: {}, acceptedChanges: [] });
  expect(findConfig(tmpdir(), known)).toBeUndefined();
});

test('ignores files, directories and patterns, from its own directory on', () => {
  const { ignores } = config('ignore: [vendor, ./services/*/cdk.out/, "**/*.sample.yaml"]');
  const at = (...names: string[]) => ignores(path.join(scratch, ...names));
  expect([at('vendor', 'deep', 'a.yaml'), at('services', 'orders', 'cdk.out', 'Shop.template.json')]).toEqual([
    true,
    true,
  ]);
  expect([at('a.sample.yaml'), at('services', 'b.sample.yaml')]).toEqual([true, true]);
  expect([at('vendored.yaml'), at('services', 'template.yaml'), ignores('/elsewhere/vendor/a.yaml')]).toEqual([
    false,
    false,
    false,
  ]);
});

test('has accepted changes of access', () => {
  const { acceptedChanges } = config(
    'access: { accept: [{ change: c1, reason: reviewed, expires: 2027-03-31 }, { change: c2, reason: for good }] }',
  );
  expect(acceptedChanges).toEqual([
    { change: 'c1', reason: 'reviewed', expires: '2027-03-31' },
    { change: 'c2', reason: 'for good', expires: undefined },
  ]);
});

test('refuses what it does not know, and says what was meant, all at once', () => {
  expect(
    refusal(`
profil: all
rules: { FunctionTracng: off, FunctionMemory: of }
ignore: vendor
access: { accept: [{ change: c1, expires: soon, until: 1 }] }
`),
  ).toEqual([
    "'profil' is unknown; did you mean 'profile'?",
    '\'ignore\' must be a list, got "vendor"; begin each line below it with a dash',
    "'rules.FunctionTracng' is unknown; did you mean 'FunctionTracing'?",
    "'rules.FunctionMemory' must be error or warning or off, got \"of\"; did you mean 'off'?",
    "'access.accept.0.until' is unknown; there are change, reason, expires",
    "'access.accept.0.reason' must say why it is accepted, got nothing; give the reason",
    '\'access.accept.0.expires\' must be a day, got "soon"; write it as 2027-03-31',
  ]);
});

test.each(['rules: [', 'profile: all\nprofile: essential', '- a list'])(
  'refuses what is no configuration: %s',
  (text) => {
    expect(refusal(text)).toHaveLength(1);
  },
);

describe('rules that are chosen', () => {
  const severities = (selection: Parameters<typeof selectRules>[1]) =>
    Object.fromEntries(selectRules(RULES, selection).map(({ id, severity }) => [id, severity]));

  test('are all, unless a profile or the configuration says otherwise', () => {
    expect(Object.keys(severities({}))).toEqual(known);
    const essential = severities({ profile: 'essential' });
    expect(essential.FunctionUrlPublic).toBe('error');
    expect(essential.FunctionTracing).toBeUndefined();
    expect(severities({ config: { profile: 'essential', rules: {} } })).toEqual(essential);
    expect(severities({ profile: 'all', config: { profile: 'essential', rules: {} } })).toEqual(severities({}));
  });

  test('have the severity that the configuration gives them, also outside of the profile', () => {
    const chosen = severities({
      config: {
        profile: 'essential',
        rules: { FunctionTracing: 'warning', FunctionMemory: 'off', ApiAccessLogs: 'error' },
      },
    });
    expect([chosen.FunctionTracing, chosen.FunctionMemory, chosen.ApiAccessLogs]).toEqual([
      'warning',
      undefined,
      'error',
    ]);
  });
});
