import { normalizeTemplate } from './normalize';
import type { TemplateSource } from '../sources';
import { isStack, isTemplate, isTemplateJson, templateOf } from './template-of';

/** What jest passes to a serializer to print the value it returns. */
type Printer<Config, Refs> = (value: unknown, config: Config, indentation: string, depth: number, refs: Refs) => string;

/** Templates already normalised, so that printing one does not call the serializer again. */
const normalized = new WeakSet<object>();

/**
 * A jest serializer: stacks and templates are normalised wherever they appear in a snapshot.
 * @example expect.addSnapshotSerializer(templateSerializer);
 */
export const templateSerializer = {
  /** Whether this serializer prints the value: a stack, a template, or a template as JSON. */
  test(value: unknown): boolean {
    if (isStack(value) || isTemplate(value)) return true;
    return isTemplateJson(value) && !normalized.has(value);
  },

  /** Prints the normalised template as jest prints any object. */
  serialize<Config, Refs>(
    value: TemplateSource,
    config: Config,
    indentation: string,
    depth: number,
    refs: Refs,
    print: Printer<Config, Refs>,
  ): string {
    const template = normalizeTemplate(templateOf(value));
    normalized.add(template);
    return print(template, config, indentation, depth, refs);
  },
};
