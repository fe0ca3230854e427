import path from 'node:path';
import { parseText } from './document';
import { link } from './link';
import type { Model } from './model';

/** How to name a template. */
export interface TemplateOptions {
  /**
   * The name of the template in the model.
   * @default - the last part of the file's path, or `template`
   */
  readonly name?: string;
  /**
   * The file it was read from, for messages and line numbers.
   * @default - line numbers are left out
   */
  readonly file?: string;
}

/**
 * Reads one CloudFormation template, JSON or YAML.
 * @throws ReadError when it is not a template, or has a transform that only CloudFormation can expand
 */
export function readTemplate(
  text: string,
  { file, name = file === undefined ? 'template' : path.basename(file) }: TemplateOptions = {},
): Model {
  const shown = file ?? name;
  return link([{ origin: { name, file, shown }, text: parseText(text, shown) }]);
}
