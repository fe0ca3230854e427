import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { items } from '../model/select';
import type { Value } from '../model/values';

/** A resource of the model whose ARN a text starts with, and the rest. */
export interface Found {
  readonly resource: Resource;
  /** The text after its ARN: `/index/*`, or empty. */
  readonly rest: string;
}

/** Finds the resources of a model by their ARNs and names. */
export class ArnIndex {
  private readonly byArn = new Map<string, Resource>();
  private readonly types = new Set<string>();
  private byRef?: ReadonlyMap<string, readonly Resource[]>;

  constructor(
    private readonly model: Model,
    private readonly names: Names,
  ) {
    for (const resource of model.resources.values()) {
      this.types.add(resource.type);
      const arn = names.arn(resource);
      if (arn === undefined) continue;
      if (!this.byArn.has(arn)) this.byArn.set(arn, resource);
      if (!arn.endsWith(':*')) continue;
      const bare = arn.slice(0, -2);
      if (!this.byArn.has(bare)) this.byArn.set(bare, resource);
    }
  }

  /** The resource whose ARN a text starts with; undefined if there is none. */
  find(text: string): Found | undefined {
    for (
      let end = text.length;
      end > 0;
      end = Math.max(text.lastIndexOf(':', end - 1), text.lastIndexOf('/', end - 1))
    ) {
      const resource = this.byArn.get(text.slice(0, end));
      if (resource) return { resource, rest: text.slice(end) };
    }
    return undefined;
  }

  /**
   * The resources that a value names, in every branch: by reference, ARN or `Ref` value.
   * @param types the possible types; a name alone is ambiguous
   */
  named(value: Value | undefined, template: string, ...types: readonly string[]): readonly Resource[] {
    if (types.length > 0 && !types.some((type) => this.types.has(type))) return [];
    const direct = this.model.target(value);
    if (direct) return types.length === 0 || types.includes(direct.type) ? [direct] : [];
    const found = items(value).flatMap((item) => {
      const target = this.model.target(item);
      return target ? [target] : this.byText(this.names.text(item, template));
    });
    const matching = types.length === 0 ? found : found.filter(({ type }) => types.includes(type));
    return matching.length < 2 ? matching : [...new Set(matching)];
  }

  private byText(text: string | undefined): readonly Resource[] {
    if (text === undefined) return [];
    const found = this.find(text);
    return found ? (found.rest === '' ? [found.resource] : []) : (this.refs().get(text) ?? []);
  }

  private refs(): ReadonlyMap<string, readonly Resource[]> {
    if (this.byRef) return this.byRef;
    const byRef = new Map<string, Resource[]>();
    for (const resource of this.model.resources.values()) {
      const text = this.names.attribute(resource);
      if (text === undefined) continue;
      const known = byRef.get(text);
      if (known) known.push(resource);
      else byRef.set(text, [resource]);
    }
    return (this.byRef = byRef);
  }
}

const indexes = new WeakMap<Names, ArnIndex>();

/** The index of a model under certain names, built once. */
export function arnIndex(model: Model, names: Names): ArnIndex {
  const known = indexes.get(names);
  if (known) return known;
  const index = new ArnIndex(model, names);
  indexes.set(names, index);
  return index;
}
