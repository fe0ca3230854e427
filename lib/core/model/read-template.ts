import { CloudFormation } from './cloudformation';
import { parseText } from './document';
import { Model } from './model';

/** How a template is called. */
export interface TemplateOptions {
  /**
   * The name of the template in the model.
   * @default - the file, or `template`
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
 * @throws ReadError when it is not one, or has a transform that only CloudFormation can expand
 */
export function readTemplate(text: string, { file, name = file ?? 'template' }: TemplateOptions = {}): Model {
  const template = new CloudFormation({ name, file, shown: file ?? name }, parseText(text, file ?? name), {
    parameter: () => undefined,
    imported: () => undefined,
    stackOutput: () => undefined,
    attribute: () => undefined,
  });
  return new Model(
    [template.template()],
    template.resources((_, metadata) => ({
      path: typeof metadata['aws:cdk:path'] === 'string' ? metadata['aws:cdk:path'] : undefined,
    })),
  );
}
