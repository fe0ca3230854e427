import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Defaults } from 'lintel/aws';
import { judge as judgeModel, type Model, readAssembly, RULES } from 'lintel/rules';
import { changesBetween } from '../../../lib/cli/diff/changes';
import { read } from '../../../lib/core/model/read';
import { judge } from '../../aws/packs';
import { fileNameOf, MINIMAL, RELEASE } from './minimal-uses';

let sources: string;
let handler: string;

beforeAll(() => {
  sources = mkdtempSync(path.join(tmpdir(), 'lintel-minimal-'));
  handler = path.join(sources, 'handler.ts');
  writeFileSync(handler, 'export const handler = async () => ({ batchItemFailures: [] });\n');
});
afterAll(() => rmSync(sources, { recursive: true, force: true }));

describe.each(Object.entries(MINIMAL))('the minimal %s', (use, make) => {
  test('passes CloudFormation’s validation, AwsSolutions and Serverless without an error', () => {
    const stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Shop');
    make(stack, handler);
    expect(judge(stack).errors).toEqual([]);
  });

  describe('in an app', () => {
    let model: Model;
    beforeAll(() => {
      const app = new App({ builtinCloudFormationValidation: false });
      make(new Stack(app, 'Shop'), handler);
      model = readAssembly(app.synth().directory);
    });

    test('passes our own rules without an error or a warning, and leaves nothing unknown', () => {
      const { findings, unknown, failures } = judgeModel(model, { rules: RULES });
      expect({ findings, unknown, failures }).toEqual({ findings: [], unknown: [], failures: [] });
    });

    const kept = path.join(RELEASE, fileNameOf(use));
    // A pattern that is new since then has none.
    if (existsSync(kept)) {
      test('replaces and removes nothing that holds data, where the last release is deployed', () => {
        const { changes, unknownTypes } = changesBetween(read(kept), model);
        const lost = changes.filter(({ stateful, effect }) => stateful || effect === 'of another type');
        expect({ lost, unknownTypes }).toEqual({ lost: [], unknownTypes: [] });
      });
    }
  });
});

describe('every minimal use', () => {
  test.each(Object.entries(MINIMAL))(
    'of %s keeps its logs as the team says, and its functions have what the team set',
    (_, make) => {
      const app = new App({ builtinCloudFormationValidation: false });
      const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
      const key = new Key(stack, 'TeamKey', { enableKeyRotation: true });
      Defaults.of(app)
        .logs({ retention: RetentionDays.TWO_YEARS, encryptionKey: key })
        .functions({
          tags: { team: 'payments' },
          environmentEncryption: key,
          permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'edge'),
        });
      make(stack, handler);
      const model = readAssembly(app.synth().directory);
      const text = (value: unknown) => JSON.stringify(value) ?? '';
      for (const { logicalId, properties } of model.ofType('AWS::Logs::LogGroup')) {
        expect([logicalId, properties.RetentionInDays, text(properties.KmsKeyId)]).toEqual([
          logicalId,
          731,
          expect.stringContaining('TeamKey'),
        ]);
      }
      for (const fn of model.ofType('AWS::Lambda::Function').filter(({ properties }) => properties.LoggingConfig)) {
        const { Tags, KmsKeyArn, Role } = fn.properties;
        expect([fn.logicalId, text(Tags), text(KmsKeyArn)]).toEqual([
          fn.logicalId,
          expect.stringContaining('payments'),
          expect.stringContaining('TeamKey'),
        ]);
        expect([fn.logicalId, text(model.target(Role)?.properties.PermissionsBoundary)]).toEqual([
          fn.logicalId,
          expect.stringContaining('edge'),
        ]);
      }
    },
  );
});

test('no use of the last release has gone', () => {
  const uses = Object.keys(MINIMAL).map(fileNameOf);
  expect(new Set(uses).size).toBe(uses.length);
  expect(readdirSync(RELEASE).filter((name) => !uses.includes(name))).toEqual([]);
});
