import { type LocalRun, runLocally, templateSerializer } from 'lintel/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, graph, shop, small } from './shop';

const { app, stack, orders, reader } = shop();

test('judges by the rules', () => {
  expect(stack).toPassRules();
  expect(small).not.toPassRules();
  expect(() => expect(small).toPassRules()).toThrow(/expected all rules to pass[^]*FunctionMemory/);
});

test('knows who may do what', () => {
  expect(stack).toGrant(reader, 'dynamodb:GetItem', orders);
  expect(stack).not.toGrant(reader, 'dynamodb:PutItem', orders);
  expect(() => expect(stack).toGrantOnly(reader, 'dynamodb:GetItem', orders)).toThrow(/dynamodb:Query/);
});

test('keeps snapshots', () => {
  expect(stack).toMatchTemplateSnapshot();
  expect(stack).toMatchTemplateSnapshot('again');
  expect(graph).toMatchGraphSnapshot();
  expect(stack).toMatchAccessSnapshot();
});

test('compares with snapshots', () => {
  expect(graph).toMatchGraphSnapshot();
  expect(small).toMatchTemplateSnapshot();
});

test('prints a template as the serializer does', () => {
  expect.addSnapshotSerializer(templateSerializer);
  expect(stack).toMatchSnapshot();
});

let run: LocalRun;
beforeAll(async () => {
  run = await runLocally(app, { issuers: 'local' });
});
afterAll(() => run.stop());

test('runs the app', async () => {
  expect(await ask(run)).toEqual({ table: run.nameOf(orders), id: '7' });
});
