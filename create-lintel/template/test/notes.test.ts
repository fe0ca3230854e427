import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { assertThat, type LocalRun, runLocally } from 'lintel/testing';
import { NotesStack } from '../lib/notes-stack';

// `npm run check` runs CloudFormation's own validator, which takes seconds.
const app = new App({ builtinCloudFormationValidation: false });
const stack = new NotesStack(app, '__Stack__');

let run: LocalRun;
before(async () => {
  run = await runLocally(app, { issuers: 'local' });
});
after(() => run.stop());

const as = (sub: string) => ({ authorization: `Bearer ${run.token({ sub })}` });
const write = (text: unknown) =>
  fetch(`${run.url}/notes`, { method: 'POST', headers: as('ann'), body: JSON.stringify({ text }) });

test('only its owner can read a note back', async () => {
  const response = await write('buy tea');
  assert.equal(response.status, 201);
  const note = (await response.json()) as { id: string };

  const own = await fetch(`${run.url}/notes/${note.id}`, { headers: as('ann') });
  assert.deepEqual(await own.json(), { owner: 'ann', id: note.id, text: 'buy tea' });
  const other = await fetch(`${run.url}/notes/${note.id}`, { headers: as('bob') });
  assert.equal(other.status, 404);
});

test('refuses a note without text, and a caller without a token', async () => {
  assert.equal((await write('')).status, 400);
  assert.equal((await fetch(`${run.url}/notes/1`)).status, 401);
});

test('every rule passes, and readers cannot write', () => {
  const { 'POST /notes': writer, 'GET /notes/{id}': reader } = stack.api.functions;
  assertThat(stack).toPassRules();
  assertThat(stack).toGrantOnly(writer!, 'dynamodb:PutItem', stack.notes);
  assertThat(stack).not.toGrant(reader!, 'dynamodb:PutItem', stack.notes);
});

test('no handler was denied anything it needs', () => {
  assert.deepEqual(
    run.report().functions.flatMap(({ denied }) => denied),
    [],
  );
});
