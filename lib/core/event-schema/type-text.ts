import { isRecord } from '../record';
import { pointed } from './comparison';
import type { JsonSchema } from './json-schema';

/**
 * Writes JSON Schemas as types of TypeScript. What a type cannot say is left open: it is never narrower than the schema. An
 * object has the fields that the schema names, and no others, so that a misspelt one is found.
 */
export class TypeWriter {
  /** Types by their names, with what they are; those that schemas refer to are among them. */
  readonly types = new Map<string, string>();
  private readonly names = new Map<string, string>();

  /** @param root the document that the schemas refer to */
  constructor(private readonly root: JsonSchema) {}

  /** Gives a schema a name, which is unique among the types. @returns the name */
  named(preferred: string, schema: JsonSchema): string {
    const name = this.free(preferred);
    this.types.set(name, 'unknown');
    this.types.set(name, this.textOf(schema));
    return name;
  }

  /** What a schema is in TypeScript. */
  textOf(schema: unknown, deep = 0): string {
    if (schema === false) return 'never';
    if (!isRecord(schema) || deep > 40) return 'unknown';
    const { $ref: reference, ...beside } = schema;
    const parts = typeof reference === 'string' ? [this.referred(reference)] : [];
    const { allOf, anyOf, oneOf } = schema;
    if (Array.isArray(allOf)) parts.push(...allOf.map((one) => this.textOf(one, deep + 1)));
    for (const ways of [anyOf, oneOf]) {
      if (Array.isArray(ways)) parts.push(union(ways.map((one) => this.textOf(one, deep + 1))));
    }
    return intersection([this.own(beside, deep), ...parts]);
  }

  private own(schema: JsonSchema, deep: number): string {
    if ('const' in schema) return literal(schema.const);
    if (Array.isArray(schema.enum)) return union(schema.enum.map(literal));
    const { type } = schema;
    const types = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : impliedBy(schema);
    return types === undefined ? 'unknown' : union(types.map((one) => this.ofType(one, schema, deep)));
  }

  private ofType(type: string, schema: JsonSchema, deep: number): string {
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return type;
      case 'number':
      case 'integer':
        return 'number';
      case 'array':
        return this.list(schema, deep);
      case 'object':
        return this.object(schema, deep);
      default:
        return 'unknown';
    }
  }

  private list({ items, prefixItems, additionalItems, minItems }: JsonSchema, deep: number): string {
    const fixed = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const rest = Array.isArray(items) ? additionalItems : items;
    const all = this.textOf(rest ?? true, deep + 1);
    if (fixed.length === 0) return `readonly ${grouped(all)}[]`;
    const least = typeof minItems === 'number' ? minItems : 0;
    const texts = fixed.map((one, index) => {
      const text = grouped(this.textOf(one, deep + 1));
      return index < least ? text : `${text}?`;
    });
    return `readonly [${[...texts, ...(all === 'never' ? [] : [`...${grouped(all)}[]`])].join(', ')}]`;
  }

  private object(schema: JsonSchema, deep: number): string {
    const { properties, required, additionalProperties: further, patternProperties } = schema;
    const own = isRecord(properties) ? Object.entries(properties) : [];
    const needed = Array.isArray(required) ? required.map(String) : [];
    const indent = '  '.repeat(deep + 1);
    const members = own.map(([name, property]) => {
      const inner = this.textOf(property, deep + 1);
      return `${comment(property, indent)}${indent}readonly ${key(name)}${needed.includes(name) ? '' : '?'}: ${inner};\n`;
    });
    for (const name of needed.filter((one) => !own.some(([known]) => known === one)))
      members.push(`${indent}readonly ${key(name)}: unknown;\n`);
    const others = isRecord(further) ? this.textOf(further, deep + 1) : 'unknown';
    const open = isRecord(further) || isRecord(patternProperties) || (members.length === 0 && further !== false);
    const named = members.length > 0 || isRecord(patternProperties);
    if (open) members.push(`${indent}readonly [name: string]: ${named ? 'unknown' : others};\n`);
    return members.length === 0 ? '{ readonly [name: string]: never }' : `{\n${members.join('')}${'  '.repeat(deep)}}`;
  }

  /** What a reference within the document points to, by a name: it may refer to itself. */
  private referred(reference: string): string {
    const known = this.names.get(reference);
    if (known !== undefined) return known;
    const target = pointed(this.root, reference);
    if (target === undefined) return 'unknown';
    const [last = ''] = reference.split('/').slice(-1);
    const name = this.free(identifier(last === '#' ? 'Root' : last));
    this.names.set(reference, name);
    this.types.set(name, 'unknown');
    // What is nothing but a reference to itself is nothing.
    const text = this.textOf(target);
    this.types.set(name, text === name ? 'unknown' : text);
    return name;
  }

  private free(preferred: string): string {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? preferred : `${preferred}${number}`;
      if (!this.types.has(name)) return name;
    }
  }
}

/** A text as a name of TypeScript: `Order paid/2` is `OrderPaid2`. */
export function identifier(text: string): string {
  const words = text.split(/[^A-Za-z0-9_$]+/).filter(Boolean);
  const name = words.map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`).join('');
  return /^[A-Za-z_$]/.test(name) ? name : `_${name}`;
}

/** A text as the name of a member. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A text as a comment, which it cannot end. */
export function commented(text: string, indent: string): string {
  const lines = text.replace(/\*\//g, '*\\/').split(/\r?\n|\u2028|\u2029/);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

function comment(schema: unknown, indent: string): string {
  const description = isRecord(schema) ? schema.description : undefined;
  return typeof description === 'string' && description.trim() !== '' ? commented(description.trim(), indent) : '';
}

/** Object and list keywords without a type also allow other values; authors mean objects or lists. */
function impliedBy(schema: JsonSchema): readonly string[] | undefined {
  if ('properties' in schema) return ['object'];
  if ('items' in schema || 'prefixItems' in schema) return ['array'];
  return undefined;
}

function literal(value: unknown): string {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? JSON.stringify(value) : 'unknown';
}

function union(texts: readonly string[]): string {
  const all = [...new Set(texts)].filter((text) => text !== 'never');
  if (all.includes('unknown')) return 'unknown';
  return all.length === 0 ? 'never' : all.length === 1 ? all[0]! : all.map(grouped).join(' | ');
}

function intersection(texts: readonly string[]): string {
  const all = [...new Set(texts)].filter((text) => text !== 'unknown');
  return all.length === 0 ? 'unknown' : all.length === 1 ? all[0]! : all.map(grouped).join(' & ');
}

/** A union, an intersection or a list within something else: in parentheses. */
function grouped(text: string): string {
  // Text in quotation marks or brackets is one part.
  let outer = text.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/\/\*\*[^]*?\*\//g, '');
  for (let before = ''; before !== outer;) {
    before = outer;
    outer = outer.replace(/\{[^{}()[\]]*\}|\([^{}()[\]]*\)|\[[^{}()[\]]*\]/g, '');
  }
  return /[|&]/.test(outer) || outer.startsWith('readonly ') ? `(${text})` : text;
}
