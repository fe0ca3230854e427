import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';

/** A resource of a template, as a test changes it. */
export interface TemplateResource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** Synthesizes an app and changes the resources of one type in its template; gives the directory. */
export function mutated(
  app: App,
  type: string,
  change: (properties: Record<string, unknown>, id: string) => void,
  template = 'Shop.template.json',
): string {
  const { directory } = app.synth();
  const file = path.join(directory, template);
  const content = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, TemplateResource> };
  const found = Object.entries(content.Resources).filter(([, resource]) => resource.Type === type);
  if (found.length === 0) throw new Error(`there is no ${type} to change`);
  for (const [id, { Properties }] of found) change(Properties, id);
  writeFileSync(file, JSON.stringify(content));
  return directory;
}
