import path from 'node:path';
import type { LocalRun } from 'lintel/testing';
import { answerOf, running, stopRuns } from '../../support';

const TEMPLATE = path.join(__dirname, '../../handlers/sam-apis/template.yaml');

let run: LocalRun;
beforeAll(async () => {
  run = await running(TEMPLATE);
});
afterAll(stopRuns);

async function call(api: string, request: string) {
  const [method = '', route = ''] = request.split(' ');
  return answerOf(await fetch(`${run.urls[`template.yaml/${api}`]}${route}`, { method }));
}

test('events of a function are resources of a REST API: the most specific path answers, for its own methods', async () => {
  const answers = ['GET /orders/1', 'PUT /orders/1', 'GET /else/where', 'GET /only'].map((one) => call('Plain', one));
  expect(
    (await Promise.all(answers)).map(({ status, body }) => [status, (body as { resource?: string }).resource]),
  ).toEqual([
    [200, '/orders/{id}'],
    [403, undefined],
    [200, '/{proxy+}'],
    [403, undefined],
  ]);
});
