import type { Model, Resource } from '../../core/model/model';
import { at, toText } from '../../core/model/select';
import { Reference, Text, Unknown, type Value } from '../../core/model/values';
import { grouped, indexed } from '../../core/model/indexed';
import { named } from '../../core/model/references';

/** A function as a trigger names it. */
export interface FunctionTarget {
  readonly function: Resource;
  /** The alias or version it names; absent for the function itself (`$LATEST`). */
  readonly qualifier?: Resource;
}

/** The functions that a value names, also through an alias or a version. */
export function functionsNamed(model: Model, value: Value | undefined): FunctionTarget[] {
  return named(model, aliasCutOut(value) ?? value).flatMap((resource): FunctionTarget[] => {
    switch (resource.type) {
      case 'AWS::Lambda::Function': {
        const qualifier = aliasNamed(model, resource, value);
        return [{ function: resource, ...(qualifier ? { qualifier } : {}) }];
      }
      case 'AWS::Lambda::Alias':
      case 'AWS::Lambda::Version':
        return functionsNamed(model, at(resource, 'FunctionName')).map((target) => ({
          function: target.function,
          qualifier: resource,
        }));
      default:
        return [];
    }
  });
}

/** The alias whose name the CDK builds from its ARN: `${part 6 of the ARN}:live`. */
function aliasCutOut(value: Value | undefined): Value | undefined {
  const [first] = value instanceof Text ? value.parts : [];
  const { origin } = first instanceof Unknown ? first : {};
  return origin?.delimiter === ':' && origin.index === 6 ? origin.value : undefined;
}

/** The alias that a string names after the function: `${Function.Arn}:live`, `...:function:${Function}:live`. */
function aliasNamed(model: Model, fn: Resource, value: Value | undefined): Resource | undefined {
  if (!(value instanceof Text)) return undefined;
  const place = value.parts.findIndex((part) => part instanceof Reference && part.target === fn.id);
  const name = /^:([\w-]+)/.exec(toText(value.parts[place + 1]) ?? '')?.[1];
  return name === undefined ? undefined : aliasCalled(model, fn, name);
}

/** The alias of a function that has a name. */
export function aliasCalled(model: Model, fn: Resource, name: string): Resource | undefined {
  return model
    .ofType('AWS::Lambda::Alias')
    .find((alias) => at(alias, 'Name') === name && model.target(at(alias, 'FunctionName')) === fn);
}

const byFunction = (type: string, property: string) =>
  indexed((model) =>
    grouped(model.ofType(type), (resource) =>
      functionsNamed(model, at(resource, property)).map((target) => target.function.id),
    ),
  );

const mappings = byFunction('AWS::Lambda::EventSourceMapping', 'FunctionName');
const permissions = byFunction('AWS::Lambda::Permission', 'FunctionName');
const aliases = byFunction('AWS::Lambda::Alias', 'FunctionName');
const versions = byFunction('AWS::Lambda::Version', 'FunctionName');
const urls = byFunction('AWS::Lambda::Url', 'TargetFunctionArn');
const invokeConfigs = byFunction('AWS::Lambda::EventInvokeConfig', 'FunctionName');

/** The event source mappings of a function, those on its aliases and versions included. */
export const mappingsOf = (model: Model, fn: Resource): readonly Resource[] => mappings(model).get(fn.id) ?? [];

/** The permissions on a function, its aliases and versions. */
export const permissionsOf = (model: Model, fn: Resource): readonly Resource[] => permissions(model).get(fn.id) ?? [];

/** The aliases of a function. */
export const aliasesOf = (model: Model, fn: Resource): readonly Resource[] => aliases(model).get(fn.id) ?? [];

/** The published versions of a function. */
export const versionsOf = (model: Model, fn: Resource): readonly Resource[] => versions(model).get(fn.id) ?? [];

/** The function URLs of a function and its aliases. */
export const urlsOf = (model: Model, fn: Resource): readonly Resource[] => urls(model).get(fn.id) ?? [];

/** The settings for asynchronous invocation of a function, its aliases and versions. */
export const invokeConfigsOf = (model: Model, fn: Resource): readonly Resource[] =>
  invokeConfigs(model).get(fn.id) ?? [];

const sources = indexed((model) =>
  grouped(model.ofType('AWS::Lambda::EventSourceMapping'), (mapping) =>
    named(model, at(mapping, 'EventSourceArn')).map((source) => source.id),
  ),
);

/** The event source mappings that read from a queue, stream or table. */
export const mappingsFrom = (model: Model, source: Resource): readonly Resource[] =>
  sources(model).get(source.id) ?? [];
