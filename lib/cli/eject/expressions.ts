import { Token } from 'aws-cdk-lib';
import { isRecord, type JsonObject } from '../../core/record';
import { after, before, type Code, inTemplate, key, list, quoted } from './layout';
import { isIntrinsic } from '../../core/model/is-intrinsic';

/** What an expression needs from its context. Each result is code. */
export interface Surroundings {
  /** A token as CloudFormation has it. */
  resolve(value: unknown): unknown;
  /** `Ref` of a resource or a parameter. */
  ref(logicalId: string): string;
  /** `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): string;
  /** `Fn::ImportValue` of a name. */
  imported(name: string): string;
  /** An object that names an asset of the app; undefined where it does not. */
  asset(value: JsonObject): Code | undefined;
  /** Whether the template has a property of this name: constructs rename properties, except where they take raw JSON. */
  isOfTemplate(name: string): boolean;
  /** Called with every string, to find assets in other places. */
  text(text: string): void;
}

/** Values as code. */
export class Expressions {
  constructor(private readonly around: Surroundings) {}

  /** Props of a construct, or a part of them; tokens stand for intrinsic functions. */
  value(value: unknown, isJson = false): Code {
    if (typeof value === 'string') return Token.isUnresolved(value) ? this.token(value) : this.literal(value);
    if (typeof value === 'number' && Token.isUnresolved(value)) return call('cdk.Token.asNumber', this.token(value));
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
    if (value instanceof Date) return `new Date('${value.toISOString()}')`;
    if (Array.isArray(value)) {
      if (Token.isUnresolved(value)) return call('cdk.Token.asList', this.token(value));
      return list(
        '[',
        value.filter((one) => one !== undefined).map((one) => this.value(one, isJson)),
        ']',
      );
    }
    if (Token.isUnresolved(value)) return isJson ? this.token(value) : call('cdk.Token.asAny', this.token(value));
    const isPlain = isJson || this.isJson(value);
    return this.object(value as JsonObject, (one) => this.value(one, isPlain));
  }

  /** Whether an object is JSON that CDK passes through, not a struct of a construct's props. */
  isJson(value: unknown): boolean {
    if (!isRecord(value) || Token.isUnresolved(value)) return false;
    const names = Object.keys(value);
    return names.length > 0 && names.every((name) => this.around.isOfTemplate(name));
  }

  /** JsonObject template JSON, intrinsic functions included, where an object may hold anything. */
  raw(value: unknown): Code {
    if (Array.isArray(value))
      return list(
        '[',
        value.map((one) => this.raw(one)),
        ']',
      );
    if (!isRecord(value)) return this.value(value);
    if (isIntrinsic(value) || isCondition(value)) return this.intrinsic(value);
    return this.object(value, (one) => this.raw(one));
  }

  private object(value: JsonObject, inner: (one: unknown) => Code): Code {
    const asset = this.around.asset(value);
    if (asset !== undefined) return asset;
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return '{}';
    return list(
      '{ ',
      entries.map(([name, one]) => after(`${key(name)}: `, inner(one))),
      ' }',
    );
  }

  private literal(text: string): Code {
    this.around.text(text);
    const json = text.includes(MARK) ? undefined : structured(text);
    return json === undefined ? quoted(text) : call('JSON.stringify', this.value(json));
  }

  private token(value: unknown): Code {
    const resolved = this.around.resolve(value);
    return typeof resolved === 'string' ? this.literal(resolved) : this.raw(resolved);
  }

  private intrinsic(value: JsonObject): Code {
    const [[name, argument]] = Object.entries(value) as [[string, unknown]];
    const parts = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
    switch (name) {
      case 'Ref':
        return PSEUDO.get(String(argument)) ?? this.around.ref(String(argument));
      case 'Fn::GetAtt': {
        const [id, ...attribute] = parts.length > 1 ? parts : String(argument).split('.');
        return this.around.attribute(String(id), attribute.join('.'));
      }
      case 'Fn::ImportValue':
        return typeof argument === 'string' ? this.around.imported(argument) : this.plain(name, argument);
      case 'Fn::Join':
        return this.joined(parts[0], parts[1]);
      case 'Fn::Sub': {
        const [text, variables] = parts;
        this.around.text(String(text));
        const given = variables === undefined ? [] : [this.raw(variables)];
        return list('cdk.Fn.sub(', [quoted(String(text)), ...given], ')');
      }
      case 'Fn::Select':
        return this.selected(parts[0], parts[1]);
      case 'Fn::Base64':
        return call('cdk.Fn.base64', this.raw(argument));
      default:
        return this.plain(name, argument);
    }
  }

  /** An index may be a parameter or from a mapping, but `cdk.Fn` takes only a number. */
  private selected(index: unknown, from: unknown): Code {
    if (!/^\d+$/.test(String(index))) return this.plain('Fn::Select', [index, from]);
    return list('cdk.Fn.select(', [String(Number(index)), this.asList(from)], ')');
  }

  /** `cdk.Fn` has no typed call that fits every argument. */
  private plain(name: string, argument: unknown): Code {
    return call('cdk.Token.asString', list('{ ', [after(`${quoted(name)}: `, this.raw(argument))], ' }'));
  }

  private asList(value: unknown): Code {
    if (Array.isArray(value)) return this.raw(value);
    const [name, argument] = isRecord(value) ? Object.entries(value)[0]! : [];
    if (name !== 'Fn::Split' || !Array.isArray(argument)) return call('cdk.Token.asList', this.raw(value));
    return list(
      'cdk.Fn.split(',
      (argument as unknown[]).map((one) => this.raw(one)),
      ')',
    );
  }

  private joined(separator: unknown, parts: unknown): Code {
    if (separator !== '' || !Array.isArray(parts)) {
      const joinedList = this.asList(parts);
      return list('cdk.Fn.join(', [quoted(String(separator)), joinedList], ')');
    }
    return this.document(parts) ?? this.template(parts);
  }

  /** Text with values in it, as a template literal. */
  private template(parts: readonly unknown[]): string {
    const pieces = parts.map((part) => {
      if (typeof part !== 'string') return `\${${flat(this.raw(part))}}`;
      this.around.text(part);
      return inTemplate(part);
    });
    return `\`${pieces.join('')}\``;
  }

  /** A JSON string with values in it, such as a state machine's definition. */
  private document(parts: readonly unknown[]): Code | undefined {
    if (parts.some((part) => typeof part === 'string' && part.includes(MARK))) return undefined;
    const values: unknown[] = [];
    const text = parts.map((part) => (typeof part === 'string' ? part : `${MARK}${values.push(part) - 1}${MARK}`));
    const json = structured(text.join(''));
    if (json === undefined) return undefined;
    return call('cdk.Stack.of(this).toJsonString', this.marked(json, values));
  }

  private marked(value: unknown, values: readonly unknown[]): Code {
    if (Array.isArray(value))
      return list(
        '[',
        value.map((one) => this.marked(one, values)),
        ']',
      );
    if (isRecord(value)) {
      const entries = Object.entries(value).map(([name, one]) => after(`${key(name)}: `, this.marked(one, values)));
      return entries.length === 0 ? '{}' : list('{ ', entries, ' }');
    }
    if (typeof value !== 'string' || !value.includes(MARK))
      return typeof value === 'string' ? quoted(value) : String(value);
    const pieces = value.split(MARK).map((piece, index) => (index % 2 === 0 ? piece : values[Number(piece)]));
    const filled = pieces.filter((piece) => piece !== '');
    return filled.length === 1 ? this.raw(filled[0]) : this.template(filled);
  }
}

/** Marks the place of a value in a JSON string; a string that contains the mark already is written as text. */
const MARK = '\u0001';

const PSEUDO: ReadonlyMap<string, string> = new Map([
  ['AWS::AccountId', 'cdk.Aws.ACCOUNT_ID'],
  ['AWS::NotificationARNs', 'cdk.Aws.NOTIFICATION_ARNS'],
  ['AWS::NoValue', 'cdk.Aws.NO_VALUE'],
  ['AWS::Partition', 'cdk.Aws.PARTITION'],
  ['AWS::Region', 'cdk.Aws.REGION'],
  ['AWS::StackId', 'cdk.Aws.STACK_ID'],
  ['AWS::StackName', 'cdk.Aws.STACK_NAME'],
  ['AWS::URLSuffix', 'cdk.Aws.URL_SUFFIX'],
]);

/** The name of a condition, in another one. */
const isCondition = (value: JsonObject): boolean =>
  typeof value.Condition === 'string' && Object.keys(value).length === 1;

/** An object or a list that JSON has, written as `JSON.stringify` does. */
function structured(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    // Control characters are escaped, except for the marks inserted above.
    const json: unknown = JSON.parse(text.replaceAll(MARK, '\\u0001'));
    return JSON.stringify(json).replaceAll('\\u0001', MARK) === text ? json : undefined;
  } catch {
    return undefined;
  }
}

const call = (name: string, argument: Code): Code =>
  typeof argument === 'string' ? `${name}(${argument})` : before(after(`${name}(`, argument), ')');

function flat(code: Code): string {
  return typeof code === 'string' ? code : `${code.open}${code.items.map(flat).join(', ')}${code.close}`;
}
