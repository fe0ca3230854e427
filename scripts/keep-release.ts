// Keeps the templates of every minimal use, when a version is released: later ones are held against them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { fileNameOf, MINIMAL, RELEASE } from '../test/patterns/aws/minimal-uses';

const withoutMetadata = (name: string, value: unknown) => (name === 'Metadata' ? undefined : value);
const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-release-'));
const handler = path.join(scratch, 'handler.ts');
writeFileSync(handler, 'export const handler = async () => ({ batchItemFailures: [] });\n');
rmSync(RELEASE, { recursive: true, force: true });
mkdirSync(RELEASE, { recursive: true });
for (const [use, make] of Object.entries(MINIMAL)) {
  const app = new App({ outdir: path.join(scratch, fileNameOf(use)), builtinCloudFormationValidation: false });
  make(new Stack(app, 'Shop'), handler);
  const text = readFileSync(app.synth().getStackByName('Shop').templateFullPath, 'utf8');
  const { Resources, Parameters, Conditions, Mappings } = JSON.parse(text, withoutMetadata) as Record<string, unknown>;
  writeFileSync(
    path.join(RELEASE, fileNameOf(use)),
    `${JSON.stringify({ Parameters, Conditions, Mappings, Resources })}\n`,
  );
}
rmSync(scratch, { recursive: true, force: true });
