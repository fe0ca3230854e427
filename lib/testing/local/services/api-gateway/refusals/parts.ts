import type { Range } from '../../../../../core/facts/fact';
import type { Deployed, Deployment } from '../../../kernel/deployment';
import { type JsonObject, asList, number, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';

/** A part of an API, such as a method. */
export interface Part {
  readonly deployed: Deployed;
  /** Its properties, with null for what is not known. */
  readonly given: JsonObject;
  /** Whether an OpenAPI document has it, as those that SAM writes, and not a template. */
  readonly imported: boolean;
}

/** Why API Gateway refuses to create a part; empty if it accepts it. */
export type Judge = (part: Part, parts: Parts) => readonly string[];

/** The parts of all APIs. */
export class Parts {
  private readonly kinds = new Map<string, Kind>();

  /** @param deployment that has them */
  constructor(private readonly deployment: Deployment) {}

  /** All of a type, in the order of the templates. */
  ofType(type: string): readonly Part[] {
    return this.kind(type).all;
  }

  /** The one of a type with this `Ref`; undefined if the templates have none. */
  named(ref: unknown, type: string): Part | undefined {
    return typeof ref === 'string' ? this.kind(type).byRef.get(ref) : undefined;
  }

  /** The parts of a type that belong to an API; none if the API is not known. */
  of(api: unknown, type: string): readonly Part[] {
    return this.kind(type).byApi.get(text(api) ?? '') ?? [];
  }

  /** The parts of a type that belong to the same API as a part. */
  beside({ given }: Part, type: string): readonly Part[] {
    return this.of(apiOf(given), type);
  }

  /** Those of the same type and API that come before a part. */
  before(part: Part): readonly Part[] {
    const all = this.beside(part, part.deployed.type);
    return all.slice(0, Math.max(0, all.indexOf(part)));
  }

  /** The API of a part; undefined if the templates do not have it. */
  api({ given }: Part, type: string): Part | undefined {
    return this.named(apiOf(given), type);
  }

  /** Whether any API may have parts of a type that are not known to be its own, such as those of a nested stack. */
  isOpen(type: string): boolean {
    const isUnclear = this.ofType(type).some((one) => apiOf(one.given) === undefined);
    return isUnclear || this.ofType('AWS::CloudFormation::Stack').length > 0;
  }

  /** Whether an API may have parts of a type that were not read: also those of its document, or of a copied API. */
  mayHaveMore({ given }: Part, type: string): boolean {
    return ['Body', 'BodyS3Location', 'CloneFrom'].some((name) => given[name] !== undefined) || this.isOpen(type);
  }

  private kind(type: string): Kind {
    const known = this.kinds.get(type) ?? this.read(type);
    this.kinds.set(type, known);
    return known;
  }

  private isImported({ resource: { id, template } }: Deployed): boolean {
    const { resources, templates } = this.deployment.model;
    return !resources.has(id) || templates.get(template)?.ofSam === true;
  }

  private read(type: string): Kind {
    const all = this.deployment.ofType(type).map((deployed) => ({
      deployed,
      given: deployed.given,
      imported: this.isImported(deployed),
    }));
    const byApi = new Map<string, Part[]>();
    for (const part of all) {
      const api = apiOf(part.given);
      if (api === undefined) continue;
      const own = byApi.get(api);
      if (own) own.push(part);
      else byApi.set(api, [part]);
    }
    return { all, byApi, byRef: new Map(all.map((part) => [part.deployed.ref, part])) };
  }
}

interface Kind {
  readonly all: readonly Part[];
  readonly byApi: ReadonlyMap<string, readonly Part[]>;
  readonly byRef: ReadonlyMap<string, Part>;
}

/** Reports each part of some types that API Gateway refuses to create, with the reasons. */
export function reportRefusals(context: LocalContext, judges: Readonly<Record<string, Judge>>): void {
  const parts = new Parts(context.deployment);
  for (const [type, judge] of Object.entries(judges)) {
    for (const part of parts.ofType(type)) {
      const resource = part.deployed.displayName;
      for (const fault of new Set(judge(part, parts)))
        context.unsupported({ resource, type, reason: `AWS refuses to create it: ${fault}` });
    }
  }
}

/** A text; undefined for anything else and for a dynamic reference, which only the deployment reads. */
export function knownText(value: unknown): string | undefined {
  const known = text(value);
  return known?.includes('{{resolve:') === true ? undefined : known;
}

/** The known texts in a list. */
export function knownTexts(value: unknown): readonly string[] {
  return asList(value)
    .map(knownText)
    .filter((item) => item !== undefined);
}

/** Whether two parts belong to different APIs, as far as they are known. */
export function areApart({ given: one }: Part, { given: other }: Part): boolean {
  const [first, second] = [apiOf(one), apiOf(other)];
  return first !== undefined && second !== undefined && first !== second;
}

/** The fault of a known value that does not have a form. */
export function unless(pattern: RegExp, value: unknown, fault: string): readonly string[] {
  const known = knownText(value);
  return known === undefined || pattern.test(known) ? [] : [fault];
}

/** The fault of a known value that is none of a list. */
export function amiss(value: unknown, allowed: readonly string[], fault: string): readonly string[] {
  const known = knownText(value);
  return known === undefined || allowed.includes(known) ? [] : [fault];
}

/** The fault of a known number outside a range. */
export function outside(value: unknown, { min, max }: Range, fault: string): readonly string[] {
  const known = number(value);
  return known === undefined || (known >= min && known <= max) ? [] : [fault];
}

/** The fault of a property that is left out. */
export function lacking(value: unknown, fault: string): readonly string[] {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? [fault] : [];
}

/** A setting that CloudFormation takes as a boolean or its text. */
export function isTrue(value: unknown): boolean {
  return String(value) === 'true';
}

function apiOf({ RestApiId, ApiId }: JsonObject): string | undefined {
  return text(RestApiId ?? ApiId);
}
