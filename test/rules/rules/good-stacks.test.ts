import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readAssembly } from '../../../lib/core/model/read-assembly';
import { type Model } from '../../../lib/core/model/model';
import { madeByCdk } from '../../../lib/rules/attribution';
import { judgeAll } from './faults';
import { goodApp } from './good-app';

let outdir: string;
beforeAll(() => {
  outdir = mkdtempSync(path.join(tmpdir(), 'lintel-rules-'));
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function synthesized(name: string, build: (app: App) => void): Model {
  const app = new App({ outdir: path.join(outdir, name), builtinCloudFormationValidation: false });
  build(app);
  return readAssembly(app.synth().directory);
}

test('says nothing about good stacks of plain constructs, CDK’s own helpers aside', () => {
  const model = synthesized('plain', goodApp);
  const helpers = [...model.resources.values()]
    .filter((resource) => madeByCdk(resource))
    .map(({ logicalId }) => logicalId);
  const { findings, unknown, failures } = judgeAll(model);
  const own = findings.filter((finding) => !helpers.some((helper) => finding.includes(` ${helper}:`)));
  expect({ own, unknown, failures }).toEqual({ own: [], unknown: [], failures: [] });
});
