import { isRecord, type JsonObject } from '../../core/record';
import type { Expressions } from './expressions';
import type { L1 } from './included';
import { after, before, type Code, key, formatted, list, quoted } from './layout';
import { upperFirst } from './names';
import { reasonsFor } from './reasons';

/** What statements need from the file they are in. */
export interface FileParts {
  readonly expressions: Expressions;
  /** How a resource is called in the code. */
  variable(logicalId: string): string;
  /** Whether it is a field of the class. */
  isShared(logicalId: string): boolean;
  isOwn(logicalId: string): boolean;
  /** A resource outside the construct, as a prop. */
  dependency(logicalId: string): string;
  /** Its id below the construct. */
  constructId(logicalId: string): string;
}

const INDENT = '    ';

/** Resources and outputs as statements of a constructor. */
export class Statements {
  constructor(private readonly file: FileParts) {}

  resource(one: L1): string {
    const { logicalId, raw, module, className } = one;
    const variable = this.file.variable(logicalId);
    const type = module === undefined ? 'cdk.CfnResource' : `${module}.${className}`;
    const declared = this.file.isShared(logicalId) ? variable : `const ${variable}`;
    const args = ['this', quoted(this.file.constructId(logicalId))];
    const props = this.propsOf(one);
    const made = after(
      `${declared} = new ${type}(${args.join(', ')}${props === '{}' ? '' : ', '}`,
      props === '{}' ? '' : props,
    );
    const comments = reasonsFor(String(raw.Type), isRecord(raw.Properties) ? raw.Properties : {});
    return [
      ...comments.map((comment) => `${INDENT}// ${comment}`),
      `${INDENT}${formatted(before(made, ');'), INDENT)}`,
      ...[
        `overrideLogicalId(${quoted(logicalId)})`,
        ...policiesOf(raw),
        ...this.dependencies(one),
        ...(typeof raw.Condition === 'string' ? [`addOverride('Condition', ${quoted(raw.Condition)})`] : []),
        ...this.updatePolicies(raw),
        ...this.metadata(raw),
      ].map((call) => `${INDENT}${variable}.${call};`),
    ].join('\n');
  }

  output(logicalId: string, { value, description, exportName }: JsonObject, variable: string): string {
    const { expressions } = this.file;
    const props = list(
      '{ ',
      Object.entries({ value, description, exportName })
        .filter(([, one]) => one !== undefined)
        .map(([name, one]) => after(`${name}: `, expressions.value(one, true))),
      ' }',
    );
    const id = variable.slice(0, 1).toUpperCase() + variable.slice(1);
    const made = before(after(`const ${variable} = new cdk.CfnOutput(this, ${quoted(id)}, `, props), ');');
    return [formatted(made, INDENT), `${variable}.overrideLogicalId(${quoted(logicalId)});`]
      .map((line) => `${INDENT}${line}`)
      .join('\n');
  }

  private propsOf({ module, props, raw }: L1): Code {
    const { expressions } = this.file;
    const given = isRecord(raw.Properties) ? raw.Properties : {};
    if (module !== undefined) {
      const entries = Object.entries(props).filter(([, one]) => one !== undefined);
      // The template's own JSON: the reader drops 'null'.
      const code = ([name, one]: [string, unknown]): Code => {
        const same = given[upperFirst(name)];
        return after(
          `${key(name)}: `,
          expressions.isJson(one) && isRecord(same) ? expressions.raw(same) : expressions.value(one),
        );
      };
      return entries.length === 0 ? '{}' : list('{ ', entries.map(code), ' }');
    }
    const properties = raw.Properties === undefined ? [] : [after('properties: ', expressions.raw(raw.Properties))];
    return list('{ ', [`type: ${quoted(String(raw.Type))}`, ...properties], ' }');
  }

  private dependencies({ construct, raw: { DependsOn = [] } }: L1): readonly string[] {
    // CDK before 2.276 has only the old name.
    const method = 'addResourceDependency' in construct ? 'addResourceDependency' : 'addDependency';
    return [DependsOn].flat().map((id) => {
      const name = String(id);
      return `${method}(${this.file.isOwn(name) ? this.file.variable(name) : this.file.dependency(name)})`;
    });
  }

  private updatePolicies(raw: JsonObject): readonly string[] {
    return ['UpdatePolicy', 'CreationPolicy']
      .filter((name) => raw[name] !== undefined)
      .map((name) => `addOverride(${quoted(name)}, ${formatted(this.file.expressions.raw(raw[name]), INDENT)})`);
  }

  private metadata({ Metadata = {} }: JsonObject): readonly string[] {
    return Object.entries(Metadata as JsonObject)
      .filter(([name]) => !OF_CDK.test(name))
      .map(([name, value]) => `addMetadata(${quoted(name)}, ${formatted(this.file.expressions.raw(value), INDENT)})`);
  }
}

/** Metadata in which CDK records a resource's origin. */
const OF_CDK = /^aws:(cdk:path|asset:)/;

const POLICIES: Readonly<Record<string, string>> = {
  'Delete Delete': 'DESTROY',
  'Retain Retain': 'RETAIN',
  'Snapshot Snapshot': 'SNAPSHOT',
  'RetainExceptOnCreate Retain': 'RETAIN_ON_UPDATE_OR_DELETE',
};

function policiesOf({ DeletionPolicy, UpdateReplacePolicy }: JsonObject): readonly string[] {
  const both = POLICIES[`${String(DeletionPolicy)} ${String(UpdateReplacePolicy)}`];
  if (both !== undefined) return [`applyRemovalPolicy(cdk.RemovalPolicy.${both})`];
  return Object.entries({ DeletionPolicy, UpdateReplacePolicy })
    .filter(([, policy]) => policy !== undefined)
    .map(([name, policy]) => `addOverride(${quoted(name)}, ${quoted(String(policy))})`);
}
