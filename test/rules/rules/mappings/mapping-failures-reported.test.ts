import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read } from '../../../../lib/core/model/read';
import { mappingFailuresReported } from '../../../../lib/rules/rules/mappings/mapping-failures-reported';
import { describeAccepted, judgeAll, OPEN, type Resources } from '../faults';
import { queues } from '../queues/templates';

const answering = { ZipFile: 'exports.handler = async () => ({ batchItemFailures: [] });' };
const answers = { 'Worker.Code': answering };

describeAccepted(mappingFailuresReported, queues, [
  { accepts: 'a mapping that asks', change: answers },
  {
    accepts: 'a function that answers nothing of the kind',
    change: {
      'Worker.Code': { ZipFile: 'exports.handler = async () => {};' },
      'Mapping.FunctionResponseTypes': undefined,
    },
  },
  {
    accepts: 'code that is elsewhere',
    change: { 'Worker.Code': { S3Bucket: OPEN, S3Key: OPEN }, 'Mapping.FunctionResponseTypes': undefined },
  },
]);

test('MappingFailuresReported refuses a mapping that does not ask for what its function answers, by its bundle', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-bundle-'));
  mkdirSync(path.join(scratch, 'asset.1'));
  writeFileSync(path.join(scratch, 'asset.1', 'index.js'), answering.ZipFile);
  const fn = (asset: string) => ({ ...(queues as Resources).Worker, Metadata: { 'aws:asset:path': asset } });
  const { FunctionResponseTypes: _, ...properties } = queues.Mapping.Properties;
  const template = (asset: string) => ({
    Resources: { ...queues, Worker: fn(asset), Mapping: { ...queues.Mapping, Properties: properties } },
  });
  const judged = (asset: string) => {
    const file = path.join(scratch, 'Shop.template.json');
    writeFileSync(file, JSON.stringify(template(asset)));
    return judgeAll(read(file), [mappingFailuresReported]).findings;
  };
  expect(judged('asset.1')).toEqual([
    expect.stringContaining(
      'MappingFailuresReported Mapping: ignores the batchItemFailures that Shop.template.json/Worker returns',
    ),
  ]);
  expect(judged('asset.2')).toEqual([]);
  expect(judged(`../${path.basename(scratch)}-elsewhere`)).toEqual([]);
  rmSync(scratch, { recursive: true, force: true });
});
