import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertThat, type LocalRun, runLocally } from 'lintel/testing';
import { ask, graph, shop, small } from './shop';

const { app, stack, orders, reader } = shop();

test('judges by the rules', () => {
  assertThat(stack).toPassRules();
  assertThat(small).not.toPassRules();
  assert.throws(() => assertThat(small).toPassRules(), {
    name: 'AssertionError',
    message: /expected all rules to pass[^]*FunctionMemory/,
  });
  assert.throws(() => assertThat(stack).not.toPassRules(), /expected a finding, but all rules pass/);
});

test('knows who may do what', () => {
  assertThat(stack).toGrant(reader, 'dynamodb:GetItem', orders);
  assertThat(stack).not.toGrant(reader, 'dynamodb:PutItem', orders);
  assert.throws(() => assertThat(stack).toGrantOnly(reader, 'dynamodb:GetItem', orders), /dynamodb:Query/);
});

test('keeps snapshots', (t) => {
  const keep = () => {
    assertThat(stack, t).toMatchTemplateSnapshot();
    assertThat(graph, t).toMatchGraphSnapshot();
    assertThat(stack, t).toMatchAccessSnapshot();
  };
  if ('assert' in t && typeof t.assert === 'object' && t.assert !== null && 'snapshot' in t.assert) keep();
  else assert.throws(keep, /the snapshots of node:test need Node.js 22.3/);
  assert.throws(() => assertThat(stack).toMatchTemplateSnapshot(), /needs the context of its test/);
});

let run: LocalRun;
before(async () => {
  run = await runLocally(app, { issuers: 'local' });
});
after(() => run.stop());

test('runs the app', async () => {
  assert.deepEqual(await ask(run), { table: run.nameOf(orders), id: '7' });
});
