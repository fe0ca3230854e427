import { CloudFormation, type Origin } from './cloudformation';
import type { Annotation } from './template-resource';
import type { Files } from './beside';
import type { Decisions } from './decided';
import { type ParsedText, parseText } from './document';
import type { Links } from './intrinsics';
import { type Acknowledgement, Model, type UnreadNote } from './model';
import { orFailure, ReadError } from './read-error';
import { at, isList, isMap } from './select';
import type { Value } from './values';
import type { JsonObject } from '../record';

/** A template to link with others. */
export interface TemplateSource {
  /** Its name, file and location. */
  readonly origin: Origin;
  readonly text: ParsedText;
  /**
   * Metadata on a resource from outside the template.
   * @default - the `aws:cdk:path` in the resource's metadata
   */
  readonly annotation?: (logicalId: string, metadata: JsonObject) => Annotation;
  /**
   * Resolves the files it names.
   * @default - nowhere
   */
  readonly files?: Files;
  /**
   * What was not read for it, apart from its text.
   * @default - nothing
   */
  readonly unread?: readonly UnreadNote[];
}

/** Facts from outside the templates. */
export interface Beside {
  readonly acknowledgements?: readonly Acknowledgement[];
  /** What could not be read. */
  readonly failures?: readonly ReadError[];
  /** What a deployment decides. / @default - everything is open */
  readonly decisions?: Decisions;
}

/**
 * Builds the model of templates that are deployed together: imports, outputs of stacks and nested stacks, parameters of
 * nested stacks and values that CDK passes between regions are followed to their source. One that is not a template is
 * among the failures and hides none of the others.
 * @throws ReadError when none of them is a template
 */
export function link(
  given: readonly TemplateSource[],
  { acknowledgements = [], failures: before = [], decisions }: Beside = {},
): Model {
  const failures = [...before];
  const sources = given.flatMap((source) => [source, ...stackSetBodies(source, failures)]);
  const templates = new Map<string, CloudFormation>();
  const linker = new Linker(sources, templates);
  for (const source of sources) {
    try {
      const { origin, text, files } = source;
      templates.set(origin.name, new CloudFormation(origin, text, linker.linksOf(source), files, decisions));
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      failures.push(error);
    }
  }
  const read = sources.filter(({ origin }) => templates.has(origin.name));
  if (read.length === 0 && failures.length > 0) throw failures[0]!;
  return new Model(
    read.map(({ origin, unread }) => templates.get(origin.name)!.template(unread)),
    read.flatMap(({ origin, annotation = fromMetadata }) => templates.get(origin.name)!.resources(annotation)),
    acknowledgements,
    failures,
  );
}

/** The inline templates of stack sets, which are deployed to other accounts and regions. */
function stackSetBodies({ origin, text }: TemplateSource, failures: ReadError[]): readonly TemplateSource[] {
  const resources = memberOf(text.data, 'Resources');
  if (typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    const body = memberOf(memberOf(resource, 'Properties'), 'TemplateBody');
    if (memberOf(resource, 'Type') !== 'AWS::CloudFormation::StackSet' || typeof body !== 'string') return [];
    const name = `${origin.name}/${logicalId}`;
    const shown = `${origin.shown} (template of ${logicalId})`;
    const parent = { template: origin.name, resource: name };
    return orFailure(failures, () => [{ origin: { name, shown, parent }, text: parseText(body, shown) }]);
  });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as JsonObject)[name]
    : undefined;
}

/** The construct path that the CDK CLI adds to each resource. */
export function fromMetadata(_logicalId: string, metadata: JsonObject): Annotation {
  const path = metadata['aws:cdk:path'];
  return typeof path === 'string' ? { path } : {};
}

interface Export {
  readonly source: TemplateSource;
  readonly output: string;
}

class Linker {
  private readonly children: ReadonlyMap<string, string>;
  private exported?: ReadonlyMap<string, readonly Export[]>;
  private carried?: ReadonlyMap<string, Value>;

  constructor(
    private readonly sources: readonly TemplateSource[],
    private readonly templates: ReadonlyMap<string, CloudFormation>,
  ) {
    this.children = new Map(
      sources.flatMap(({ origin }) => (origin.parent ? [[origin.parent.resource, origin.name]] : [])),
    );
  }

  linksOf(source: TemplateSource): Links {
    const { name, parent } = source.origin;
    return {
      parameter: (parameter) => parent && this.passed(parent, parameter),
      imported: (exportName) => this.imported(source, exportName),
      stackOutput: (stack, output) => this.stackOutput(stack, output),
      attribute: (logicalId, attribute) => this.attribute(name, logicalId, attribute),
    };
  }

  private passed(parent: { template: string; resource: string }, parameter: string): Value | undefined {
    const logicalId = parent.resource.slice(parent.template.length + 1);
    const parameters = this.templates.get(parent.template)?.property(logicalId, 'Parameters');
    if (!isList(parameters)) return at(parameters, [parameter]);
    // A stack set has them as a list.
    const one = parameters.find((item) => at(item, 'ParameterKey') === parameter);
    return at(one, 'ParameterValue');
  }

  private imported(importer: TemplateSource, name: string): Value | undefined {
    this.exported ??= this.exports();
    const candidates = this.exported.get(name) ?? [];
    // Exports are unique per account and region; the same name elsewhere is another stage's.
    const found =
      candidates.find(({ source }) => environmentOf(source) === environmentOf(importer)) ??
      (candidates.length === 1 ? candidates[0] : undefined);
    return found && this.templates.get(found.source.origin.name)?.output(found.output);
  }

  private exports(): ReadonlyMap<string, readonly Export[]> {
    const exports = new Map<string, Export[]>();
    for (const source of this.sources) {
      for (const [name, output] of this.templates.get(source.origin.name)?.exports() ?? []) {
        exports.set(name, [...(exports.get(name) ?? []), { source, output }]);
      }
    }
    return exports;
  }

  private stackOutput(stack: string, output: string): Value | undefined {
    const source = this.sources.find(({ origin }) => origin.stackName === stack);
    return source && this.templates.get(source.origin.name)?.output(output);
  }

  private attribute(template: string, logicalId: string, attribute: string): Value | undefined {
    const child = this.children.get(`${template}/${logicalId}`);
    if (child !== undefined && attribute.startsWith('Outputs.')) {
      return this.templates.get(child)?.output(attribute.slice('Outputs.'.length));
    }
    if (!attribute.startsWith('/cdk/exports/')) return undefined;
    this.carried ??= this.carriedBetweenRegions();
    return this.carried.get(attribute);
  }

  /** Values that CDK's export writers store in parameters for readers in other regions, by parameter name. */
  private carriedBetweenRegions(): ReadonlyMap<string, Value> {
    return new Map(
      [...this.templates.values()].flatMap((template) =>
        Object.entries(template.sections.resources)
          .filter(([, raw]) => (raw as JsonObject).Type === 'Custom::CrossRegionExportWriter')
          .flatMap(([logicalId]) => {
            const exports = at(template.property(logicalId, 'WriterProps'), 'exports');
            return isMap(exports) ? Object.entries(exports) : [];
          }),
      ),
    );
  }
}

function environmentOf({ origin }: TemplateSource): string {
  return `${origin.environment?.account ?? ''}/${origin.environment?.region ?? ''}`;
}
