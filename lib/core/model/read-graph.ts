import { existsSync } from 'node:fs';
import path from 'node:path';
import { type GraphResource, pathOf, type ResourceGraph, SECRET_TEXT, UNKNOWN_TEXT } from './graph';
import { acknowledgedInStacks, STACK, stackTemplates } from './graph-stacks';
import { Model, type Resource, type SourceLocation, type UnreadNote } from './model';
import { piecesOf, readPlaceholder, readPseudo } from './placeholder';
import { type AwsType, awsType } from './pulumi-aws';
import { joinParts, type Translated } from './pulumi-parts';
import { asCloudFormation } from './pulumi-properties';
import { pulumiWords } from './pulumi-words';
import { ReadError } from './read-error';
import { type EdgeForms, edgeForms } from './edge-workers';
import { link } from './link';
import { concatenate } from './text';
import { Reference, Secret, Unknown, type Value } from './values';

/** How to name a graph. */
export interface GraphOptions {
  /**
   * The name of the program in the model: `project/stack`.
   * @default - the last part of the file's path, or `program`
   */
  readonly name?: string;
  /**
   * The file it was read from.
   * @default - it was not
   */
  readonly file?: string;
}

/** Whether data has the form of a Pulumi graph. */
export function isGraph(data: unknown): data is ResourceGraph {
  if (typeof data !== 'object' || data === null || !('resources' in data) || !Array.isArray(data.resources))
    return false;
  return data.resources.every(
    (resource: unknown) =>
      typeof resource === 'object' &&
      resource !== null &&
      'type' in resource &&
      'name' in resource &&
      'inputs' in resource,
  );
}

/**
 * Reads the graph of a Pulumi program. Resources of Pulumi's AWS provider become CloudFormation resources; a stack with
 * its template in the graph is read with its content; all others keep their type and inputs.
 * @throws ReadError when it is not a graph, or has no resources
 */
export function readGraph(
  graph: ResourceGraph,
  { file, name = file === undefined ? 'program' : path.basename(file) }: GraphOptions = {},
): Model {
  if (!isGraph(graph)) {
    throw new ReadError(
      file ?? name,
      "is not a Pulumi graph: it has no list of 'resources'",
      'write it with synthesize()',
    );
  }
  if (graph.resources.length === 0) {
    throw new ReadError(file ?? name, 'has no resources', 'make sure the program creates some before it ends');
  }
  return new GraphReader(graph, name, file).model();
}

class GraphReader {
  private readonly byKey: ReadonlyMap<string, GraphResource>;
  private readonly stacks: Model;
  private readonly edge: EdgeForms;

  constructor(
    private readonly graph: ResourceGraph,
    private readonly name: string,
    private readonly file: string | undefined,
  ) {
    this.byKey = new Map(graph.resources.map((resource) => [keyOf(resource), resource]));
    this.stacks = this.readStacks();
    this.edge = edgeForms(graph.resources);
  }

  model(): Model {
    const outputs = Object.entries(this.graph.outputs ?? {}).map(([output, raw]): [string, Value] => [
      output,
      this.value(raw, new Set(), ''),
    ]);
    const own = joinParts([...this.graph.resources, ...this.edge.beside].map((resource) => this.resource(resource)));
    return new Model(
      [
        {
          name: this.name,
          file: this.file,
          outputs: Object.fromEntries(outputs),
          unread: [...this.components(), ...own.unread],
        },
        ...this.stacks.templates.values(),
      ],
      [...own.resources, ...this.stacks.resources.values()],
      acknowledgedInStacks(this.graph.resources, (resource) => this.idOf(keyOf(resource))),
    );
  }

  /** Components whose provider creates their resources outside the graph. */
  private components(): UnreadNote[] {
    return this.graph.resources
      .filter(({ options }) => options?.remote === true)
      .map((component) => ({
        kind: 'component',
        logicalId: keyOf(component),
        reason: `what the provider of ${component.type} creates is not part of the program`,
      }));
  }

  private resource(resource: GraphResource): Translated {
    const { type, inputs: written } = this.edge.forms.get(keyOf(resource)) ?? resource;
    const mapping = awsType(type);
    const secrets = new Set(resource.secrets ?? []);
    const inputs = Object.fromEntries(
      Object.entries(written).map(([input, raw]): [string, Value] => [input, this.value(raw, secrets, input)]),
    );
    const read: Resource = {
      id: this.idOf(keyOf(resource)),
      logicalId: resource.name,
      type: mapping?.type ?? type,
      properties: mapping ? asCloudFormation(inputs, mapping) : inputs,
      dependsOn: (resource.dependsOn ?? []).map((key) => this.idOf(key)),
      attributes: { deletionPolicy: retained(resource) ? 'Retain' : undefined },
      metadata: {},
      template: this.name,
      path: pathOf(resource),
      origin: this.origin(keyOf(resource)),
      ...(mapping ? { words: pulumiWords(mapping) } : {}),
    };
    return { resource: read, mapping };
  }

  /** The line of the program, with its file relative to the working directory or else to the graph. */
  private origin(key: string): SourceLocation | undefined {
    const source = this.graph.sources?.[key];
    if (typeof source?.file !== 'string' || typeof source.line !== 'number') return undefined;
    const beside = this.file === undefined ? source.file : path.join(path.dirname(this.file), source.file);
    const file = path.isAbsolute(source.file) || existsSync(source.file) || !existsSync(beside) ? source.file : beside;
    return { file, line: source.line, column: source.column };
  }

  private value(raw: unknown, secrets: ReadonlySet<string>, path: string): Value {
    if (secrets.has(path) || raw === SECRET_TEXT)
      return new Secret(path === '' ? 'a secret output' : `input '${path}'`);
    if (typeof raw === 'string') return this.text(raw);
    if (Array.isArray(raw)) return raw.map((item, index) => this.value(item, secrets, `${path}.${index}`));
    if (typeof raw !== 'object' || raw === null) {
      return typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
    }
    return Object.fromEntries(
      Object.entries(raw).map(([name, item]): [string, Value] => [name, this.value(item, secrets, `${path}.${name}`)]),
    );
  }

  private text(text: string): Value {
    const pieces = piecesOf(text);
    return pieces.length === 1 ? text : concatenate(pieces.map((piece) => this.piece(piece)));
  }

  private piece(piece: string): Value {
    if (piece === SECRET_TEXT) return new Secret('a secret inside a text');
    if (piece === UNKNOWN_TEXT) return new Unknown('the program knows it only at deployment');
    const pseudo = readPseudo(piece);
    if (pseudo !== undefined) return new Unknown(`${pseudo} is known only at deployment`, pseudo);
    const named = readPlaceholder(piece);
    const target = named && this.byKey.get(`${named.type}::${named.path}`);
    if (!target) return piece;
    const { type, attribute } = named;
    if (type === STACK && attribute.startsWith('outputs/')) {
      const output = this.stacks.templates.get(this.idOf(keyOf(target)))?.outputs[attribute.slice('outputs/'.length)];
      if (output !== undefined) return output;
    }
    return new Reference(this.idOf(keyOf(target)), cloudFormationAttribute(awsType(type), attribute));
  }

  /** The templates of CloudFormation stacks that the program deploys. */
  private readStacks(): Model {
    const idOf = (resource: GraphResource) => this.idOf(keyOf(resource));
    return link(stackTemplates(this.graph.resources, { idOf, shown: this.file ?? this.name }));
  }

  private idOf(key: string): string {
    return `${this.name}/${key}`;
  }
}

function keyOf(resource: GraphResource): string {
  return `${resource.type}::${pathOf(resource)}`;
}

function retained({ options = {} }: GraphResource): boolean {
  return options.protect === true || options.retainOnDelete === true;
}

function cloudFormationAttribute(mapping: AwsType | undefined, output: string): string | undefined {
  if (!mapping) return output;
  const renamed = mapping.outputs?.[output];
  if (renamed !== undefined) return renamed === '' ? undefined : renamed;
  return output === 'id' ? undefined : output.charAt(0).toUpperCase() + output.slice(1);
}
