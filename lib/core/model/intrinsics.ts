import { basisOf, addBasis } from './basis';
import { Conditions } from './conditions';
import { cidrBlocks, deployed, jsonText, mapped, selected, split } from './functions';
import { MAX_VALUES, parameterValue } from './parameters';
import type { Sections } from './sections';
import { type Assumptions, isList, isMap, toText } from './select';
import { subParts } from './sub-text';
import { concatenate, distribute, literalText } from './text';
import { Choice, Reference, Secret, Unknown, type Value } from './values';
import { isRecord, recordOf, type JsonObject } from '../record';

/** Values that a template gets from others. */
export interface Links {
  /** The value that a parent template passes for a parameter; undefined if none. */
  parameter(name: string): Value | undefined;
  /** The value of another template's export. */
  imported(name: string): Value | undefined;
  /** An output of a stack, by the stack's name. */
  stackOutput(stack: string, output: string): Value | undefined;
  /** An attribute decided by another template, such as an output of a nested stack. */
  attribute(logicalId: string, attribute: string): Value | undefined;
}

/** Values nested deeper than this are unknown; CloudFormation's own limits are far lower. */
const MAX_DEPTH = 100;

/** A longer text is not encoded: nested functions grow it each time. */
const MAX_ENCODED = 1_000_000;

/** How a value is evaluated. */
interface EvaluationContext {
  readonly assumed: Assumptions;
  readonly defaults: boolean;
}

/** Resolves a template's values for rules and evaluators. */
export class Intrinsics {
  readonly conditions: Conditions;
  /** The conditions that the values so far depend on. */
  readonly chosen = new Set<string>();
  /** Parameters judged with several values, with those values. */
  readonly ranging = new Map<string, Set<string>>();
  private depth = 0;

  /**
   * @param template the name of the template; ids of resources start with it
   */
  constructor(
    private readonly template: string,
    private readonly sections: Sections,
    private readonly links: Links,
  ) {
    this.conditions = new Conditions(sections.conditions, (raw) => this.at(raw, { assumed: {}, defaults: false }));
  }

  /**
   * The value of a piece of the template; undefined for `AWS::NoValue`.
   * @param assumed conditions that hold wherever the piece applies: its resource's
   */
  value(raw: unknown, assumed: Assumptions = {}): Value | undefined {
    return this.at(raw, { assumed, defaults: true });
  }

  private at(raw: unknown, context: EvaluationContext): Value | undefined {
    if (typeof raw === 'string') return literalText(raw);
    if (raw === null || typeof raw === 'number' || typeof raw === 'boolean') return raw;
    if (typeof raw !== 'object') return undefined;
    if (this.depth === MAX_DEPTH) return new Unknown(`it is nested in more than ${MAX_DEPTH} levels`);
    this.depth += 1;
    const value = Array.isArray(raw) ? this.list(raw, context) : this.map(raw as JsonObject, context);
    this.depth -= 1;
    return value;
  }

  private list(raw: readonly unknown[], context: EvaluationContext): Value {
    const values: Value[] = [];
    for (const item of raw) {
      const value = this.at(item, context);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  private map(raw: JsonObject, context: EvaluationContext): Value | undefined {
    const names = Object.keys(raw);
    const [name] = names;
    if (name !== undefined && names.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return addBasis(this.intrinsic(name, raw[name], context), name, () => basisOf(raw, this.sections));
    }
    const values: Record<string, Value> = {};
    for (const key of names) {
      const value = this.at(raw[key], context);
      if (value === undefined) continue;
      if (key === '__proto__') Object.defineProperty(values, key, { value, enumerable: true });
      else values[key] = value;
    }
    return values;
  }

  private intrinsic(name: string, operand: unknown, context: EvaluationContext): Value | undefined {
    const operands: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    const values = (): (Value | undefined)[] => operands.map((item) => this.at(item, context));
    switch (name) {
      case 'Ref':
        return this.reference(operand, context);
      case 'Fn::GetAtt':
        return this.attribute(operand, context);
      case 'Fn::If':
        return this.choice(operands, context);
      case 'Fn::Sub':
        return this.substituted(operands, context);
      case 'Fn::Join':
        return distribute(values(), ([delimiter, list]) => this.joined(delimiter, list));
      case 'Fn::Select':
        return distribute(values(), ([index, list]) => selected(index, list));
      case 'Fn::Split':
        return distribute(values(), ([delimiter, text]) => split(delimiter, text));
      case 'Fn::FindInMap':
        return this.found(operands, context);
      case 'Fn::Base64':
        return distribute(values(), ([text]) =>
          typeof text === 'string' && text.length < MAX_ENCODED
            ? Buffer.from(text).toString('base64')
            : deployed(name, operand),
        );
      case 'Fn::Cidr':
        return distribute(
          values(),
          ([block, count, bits]) => cidrBlocks(block, count, bits) ?? deployed(name, operand),
        );
      case 'Fn::Length':
        return distribute([this.at(operand, context)], ([list]) =>
          isList(list) ? list.length : deployed(name, operand),
        );
      case 'Fn::ToJsonString':
        return distribute([this.at(operand, context)], ([value]) => jsonText(value));
      case 'Fn::ImportValue':
        return distribute(values(), ([export_]) => this.import(export_));
      case 'Fn::GetStackOutput':
        return this.stackOutput(operand, context);
      case 'Fn::GetAZs':
        return new Unknown('the zones of a region are known only at deployment');
      default:
        return new Unknown(`${name} is known only at deployment`);
    }
  }

  private reference(operand: unknown, context: EvaluationContext): Value | undefined {
    const name = typeof operand === 'string' ? operand : toText(this.at(operand, context));
    if (name === 'AWS::NoValue') return undefined;
    if (name === undefined) return new Unknown('Ref refers to something known only at deployment');
    if (name.startsWith('AWS::')) return new Unknown(`${name} is known only at deployment`, name);
    if (Object.hasOwn(this.sections.resources, name)) return new Reference(`${this.template}/${name}`);
    if (!Object.hasOwn(this.sections.parameters, name)) {
      return new Unknown(`'${name}' is neither a parameter nor a resource of the template`);
    }
    return this.parameter(name, this.sections.parameters[name], context);
  }

  private parameter(name: string, declaration: unknown, context: EvaluationContext): Value {
    const declared = parameterValue(name, declaration, {
      defaults: context.defaults,
      nameOfComparison: (value) => this.conditions.nameOfComparison(name, value),
    });
    if (context.defaults && declared instanceof Choice) this.range(name, declaration);
    return declared instanceof Secret ? declared : (this.links.parameter(name) ?? declared);
  }

  private range(name: string, declaration: unknown): void {
    const { Default, AllowedValues } = recordOf(declaration);
    const values = [Default, ...(Array.isArray(AllowedValues) ? (AllowedValues as readonly unknown[]) : [])];
    const known = this.ranging.get(name) ?? new Set<string>();
    for (const value of values.map(toText)) if (value !== undefined) known.add(value);
    this.ranging.set(name, known);
  }

  private attribute(operand: unknown, context: EvaluationContext): Value {
    const parts: readonly unknown[] =
      typeof operand === 'string' ? [operand.replace(/\..*$/s, ''), operand.replace(/^[^.]*\.?/, '')] : list(operand);
    const [name, ...attributes] = parts.map((item) => toText(this.at(item, context)));
    const attribute = attributes.every((item) => item !== undefined) ? attributes.join('.') : '';
    if (name === undefined || attribute === '') {
      return new Unknown('Fn::GetAtt refers to something known only at deployment');
    }
    if (!Object.hasOwn(this.sections.resources, name)) {
      return new Unknown(`'${name}' is not a resource of the template`);
    }
    return this.links.attribute(name, attribute) ?? new Reference(`${this.template}/${name}`, attribute);
  }

  private choice([name, then, otherwise]: readonly unknown[], context: EvaluationContext): Value | undefined {
    if (typeof name !== 'string') return new Unknown('Fn::If names no condition');
    const outcome = this.conditions.outcome(name, context.assumed);
    if (typeof outcome === 'boolean') return this.at(outcome ? then : otherwise, context);
    if (context.defaults) this.chosen.add(outcome.condition);
    const branch = (raw: unknown, holds: boolean): Value | undefined =>
      this.at(raw, { ...context, assumed: { ...context.assumed, [outcome.condition]: holds !== outcome.negated } });
    const [first, second] = [branch(then, true), branch(otherwise, false)];
    return outcome.negated
      ? new Choice(outcome.condition, second, first)
      : new Choice(outcome.condition, first, second);
  }

  private substituted([text, variables]: readonly unknown[], context: EvaluationContext): Value {
    if (typeof text !== 'string') return new Unknown('Fn::Sub has no literal text');
    const given = typeof variables === 'object' && variables !== null ? (variables as JsonObject) : {};
    const values = new Map<string, Value | undefined>();
    const variable = (name: string): Value | undefined => {
      if (!values.has(name)) values.set(name, this.at(given[name], context));
      return values.get(name);
    };
    const parts = subParts(text).map((part): Value | undefined => {
      if (typeof part === 'string') return part;
      const { variable: name } = part;
      if (Object.hasOwn(given, name)) return variable(name);
      return name.includes('.') ? this.attribute(name, context) : this.reference(name, context);
    });
    return concatenate(parts);
  }

  private joined(delimiter: Value | undefined, list: Value | undefined): Value {
    const separator = toText(delimiter);
    if (separator === undefined || !isList(list)) return list instanceof Unknown ? list : deployed('Fn::Join', list);
    // The list's items may be Choices again, and an absent one drops its delimiter.
    return distribute(list, (chosen) =>
      concatenate(
        chosen
          .filter((item) => item !== undefined)
          .flatMap((item) => (isList(item) ? item : [item]))
          .flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
      ),
    );
  }

  private found([map, first, second, options]: readonly unknown[], context: EvaluationContext): Value {
    const rows = typeof map === 'string' ? this.sections.mappings[map] : undefined;
    const keys = [this.at(map, context), this.keyOf(first, rows, context), this.at(second, context)];
    return distribute(keys, (chosen) => {
      const open = chosen.find((key) => toText(key) === undefined);
      if (open instanceof Unknown) {
        const [name, ...others] = chosen.map((key) => toText(key) ?? (key instanceof Unknown ? key.name : undefined));
        const reason = `Fn::FindInMap depends on ${open.name ?? open.reason}`;
        const basis = [others, name === undefined ? undefined : this.sections.mappings[name]];
        return new Unknown(reason, undefined, undefined, JSON.stringify([name, ...basis]));
      }
      const found = chosen.reduce<unknown>((section, key) => {
        const name = toText(key);
        return isRecord(section) && name !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
      }, this.sections.mappings);
      const fallback = isRecord(options) ? options.DefaultValue : undefined;
      if (found === undefined && fallback === undefined) return new Unknown('Fn::FindInMap finds no such entry');
      return found === undefined ? this.at(fallback, context) : mapped(found);
    });
  }

  /**
   * The key of a mapping. A parameter without allowed values can be any of the keys: the deployment fails with another.
   * @param rows the mapping, if its name is literal
   */
  private keyOf(raw: unknown, rows: unknown, context: EvaluationContext): Value | undefined {
    const name = isRecord(raw) ? raw.Ref : undefined;
    const declared = typeof name === 'string' ? this.sections.parameters[name] : undefined;
    if (!isRecord(declared) || declared.AllowedValues !== undefined || !isRecord(rows)) return this.at(raw, context);
    const keys = Object.keys(rows);
    if (keys.length > MAX_VALUES) return new Unknown(`parameter '${String(name)}' chooses one of ${keys.length} keys`);
    return this.parameter(String(name), { ...declared, AllowedValues: keys }, context);
  }

  private import(name: Value | undefined): Value {
    const text = toText(name);
    const value = text === undefined ? undefined : this.links.imported(text);
    return (
      value ?? new Unknown(`the import ${text === undefined ? '' : `'${text}' `}comes from outside of the assembly`)
    );
  }

  private stackOutput(operand: unknown, context: EvaluationContext): Value {
    const given = this.at(operand, context);
    const [stack, output] = isMap(given) ? [toText(given.StackName), toText(given.OutputName)] : [];
    const value = stack === undefined || output === undefined ? undefined : this.links.stackOutput(stack, output);
    return value ?? new Unknown(`an output of ${stack ?? 'another stack'} comes from outside of the assembly`);
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
