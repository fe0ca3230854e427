import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeWorkersCaching } from '../../../../lib/rules/rules/edge/edge-workers-caching';
import { describeMistakes, judgeAll } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeWorkersCaching, graphWith, [
  {
    mistake: 'a cache before the Worker',
    change: { 'worker.cacheOptions': { enabled: true } },
    message: 'is answered for from a cache without running',
    open: { 'worker.cacheOptions': { enabled: UNKNOWN_TEXT } },
  },
  {
    mistake: 'a cache before one entrypoint',
    change: { 'worker.exports': { Pages: { type: 'worker', cache: { enabled: true } } } },
    message: 'is answered for from a cache without running',
    open: { 'worker.exports': { Pages: { type: 'worker', cache: { enabled: UNKNOWN_TEXT } } } },
  },
]);

test('an entrypoint without a cache may stand before others that have one', () => {
  const off = { type: 'worker', cache: { enabled: false } };
  const model = graphWith({ 'worker.cacheOptions': { enabled: true }, 'worker.exports': { default: off } });
  expect(judgeAll(model, [edgeWorkersCaching])).toMatchObject({ findings: [], unknown: [] });
});
