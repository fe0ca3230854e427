import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readAssembly } from '../../../lib/core/model/read-assembly';
import { readTemplate } from '../../../lib/core/model/read-template';
import { madeByCdk } from '../../../lib/rules/attribution';
import { judgeAll } from './faults';
import { goodApp } from './good-app';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const outdir = mkdtempSync(path.join(tmpdir(), 'lintel-good-'));
const app = new App({ outdir, builtinCloudFormationValidation: false });
goodApp(app);
const assembly = app.synth();
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test('says nothing about good stacks of plain constructs, CDK’s own helpers aside', () => {
  const model = readAssembly(assembly.directory);
  const helpers = [...model.resources.values()]
    .filter((resource) => madeByCdk(resource))
    .map(({ logicalId }) => logicalId);
  const { findings, unknown, failures } = judgeAll(model);
  const own = findings.filter((finding) => !helpers.some((helper) => finding.includes(` ${helper}:`)));
  expect({ own, unknown, failures }).toEqual({ own: [], unknown: [], failures: [] });
});

/** What people, tools and typing errors put where something else belongs. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, '', '*', 0, -1, 1e9, true, [], {}, [[]], [null], { Ref: 'Open' }, { Ref: 'AWS::Region' }),
  fc.constantFrom<Json>(
    { 'Fn::If': ['IsProduction', { Ref: 'AWS::NoValue' }, []] },
    { 'Fn::Sub': '${AWS::Region}-x' },
    { 'Fn::Join': [':', ['a', { Ref: 'Open' }]] },
    { 'Fn::GetAtt': ['Elsewhere', 'Arn'] },
    [{ 'Fn::If': ['IsProduction', 'a', 1] }],
  ),
);

test('breaks on no template, however odd its values', () => {
  const templates = assembly.stacks.map(({ template }) => template as { Resources: Record<string, Json> });

  fc.assert(
    fc.property(
      fc.constantFrom(...templates),
      fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 8 }),
      (template, changes) => {
        const resources = structuredClone(template.Resources);
        const places = placesIn(resources);
        for (const [index, value] of changes) {
          const { holder, name } = places[index % places.length]!;
          (holder as Record<string, Json>)[name] = value;
        }
        const text = JSON.stringify({
          Parameters: { Open: { Type: 'String' } },
          Conditions: { IsProduction: { 'Fn::Equals': [{ Ref: 'Open' }, 'production'] } },
          Resources: resources,
        });
        expect(judgeAll(readTemplate(text, { name: 'Odd' })).failures).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

/** Every place below the properties of the resources. */
function placesIn(resources: Record<string, Json>): { holder: object; name: string }[] {
  const places: { holder: object; name: string }[] = [];
  const visit = (holder: Json): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const [name, value] of Object.entries(holder)) {
      places.push({ holder, name });
      visit(value);
    }
  };
  for (const resource of Object.values(resources)) {
    visit((resource as { Properties?: Json }).Properties ?? {});
  }
  return places;
}
