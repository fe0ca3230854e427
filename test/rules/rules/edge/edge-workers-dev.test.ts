import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeWorkersDev } from '../../../../lib/rules/rules/edge/edge-workers-dev';
import { describeMistakes, judgeAll } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeWorkersDev, graphWith, [
  {
    mistake: 'a second address on workers.dev',
    change: { 'subdomain.enabled': true },
    message: 'answers on workers.dev besides its domain',
    open: { 'subdomain.enabled': UNKNOWN_TEXT },
  },
  {
    mistake: 'previews for everybody',
    change: { 'subdomain.previewsEnabled': true },
    message: 'has public previews',
    open: { 'subdomain.previewsEnabled': UNKNOWN_TEXT },
  },
]);

test('a domain of a Worker that is known only at deployment may lead to this one', () => {
  const { findings, unknown } = judgeAll(graphWith({ 'subdomain.enabled': true, 'route.script': UNKNOWN_TEXT }), [
    edgeWorkersDev,
  ]);
  expect([findings, unknown]).toEqual([[], [expect.stringContaining('which Worker a domain leads to')]]);
  const both = { 'subdomain.enabled': true, 'route.script': UNKNOWN_TEXT, 'subdomain.scriptName': UNKNOWN_TEXT };
  expect(judgeAll(graphWith(both), [edgeWorkersDev]).findings).toEqual([]);
  expect(judgeAll(graphWith({ 'subdomain.enabled': true, 'route.script': 'other' }), [edgeWorkersDev])).toMatchObject({
    findings: [],
    unknown: [],
  });
});
