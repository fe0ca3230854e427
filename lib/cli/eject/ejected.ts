import path from 'node:path';
import { readJsonObject } from '../../core/model/files';
import { isRecord, type JsonObject } from '../../core/record';
import { rebuildable } from '../watch/recipes';
import { Expressions } from './expressions';
import { bundledCode, stagedCode } from './handlers';
import { Included, type L1 } from './included';
import { type Code, list, quoted } from './layout';
import { classNameOf, Names, pascal } from './names';
import { inOrder, referred } from './order';
import type { Output } from './output';
import { Outside, type Prop } from './outside';
import { sectionOf, type Selection } from './selection';
import { Statements } from './statements';
import { written } from './written';

/** A construct as plain CDK code. */
export interface Ejected {
  /** Name of the class. */
  readonly className: string;
  /** The file: TypeScript. */
  readonly text: string;
  /** What the class needs from other constructs. */
  readonly props: readonly Prop[];
  /** What somebody must do, or know. */
  readonly notes: readonly string[];
  /** Pitfalls that go unnoticed until they fail: reported last. */
  readonly warnings: readonly string[];
  /** What has no place in the code. */
  readonly unread: readonly string[];
}

/**
 * The resources of a construct as L1 constructs of one class, with their logical ids.
 * @param out folder for what the code needs from this package; undefined if only the text is requested
 */
export function ejected(selection: Selection, out: Output | undefined): Ejected {
  const { construct, file, template, paths } = selection;
  const className = classNameOf(construct.split('/').at(-1)!);
  const included = new Included(file, template);
  const remarks = { notes: new Set<string>(), unread: new Set(selection.unread) };
  const warnings: string[] = [];
  const names = new Names(construct);
  const all = sectionOf(template, 'Resources');
  const ids = inOrder(
    selection.resources.filter((id) => all[id]!.Type !== 'AWS::CDK::Metadata'),
    all,
  );
  const resources = ids.map((id) => included.resource(id));
  const modules = new Map(resources.flatMap(({ module, importPath }) => (module ? [[module, importPath!]] : [])));
  names.reserve(modules.keys());
  const own = new Set(ids);
  const shared = sharedWith(template, own);
  const variables = new Map(resources.map((one) => [one.logicalId, names.after(paths.get(one.logicalId)!, one.kind)]));
  const variable = (id: string) => (shared.has(id) ? `this.${variables.get(id)!}` : variables.get(id)!);
  const outside = new Outside(selection, names);
  const assets = new Assets(selection, out, remarks, names);
  let current: L1 | undefined;
  let keys: ReadonlySet<string> = new Set();
  const expressions = new Expressions({
    resolve: (value) => included.resolve(value),
    ref: (id) => (own.has(id) ? `${variable(id)}.ref` : outside.ref(id)),
    attribute: (id, name) =>
      own.has(id)
        ? attributeOf(
            variable(id),
            resources.find((one) => one.logicalId === id)!,
            name,
          )
        : outside.attribute(id, name),
    imported: (name) => outside.imported(name),
    asset: (value) => assets.codeOf(value, current),
    isOfTemplate: (name) => keys.has(name),
    text: (text) => assets.look(text, current),
  });
  const statements = new Statements({
    expressions,
    variable,
    isShared: (id) => shared.has(id),
    isOwn: (id) => own.has(id),
    dependency: (id) => outside.dependency(id),
    constructId: (id) => names.constructId(variables.get(id)!),
  });
  const body = resources.map((one) => {
    current = one;
    keys = new Set(keysOf(one.raw.Properties));
    if (one.raw.Type === 'AWS::CloudFormation::Stack')
      remarks.unread.add(`${paths.get(one.logicalId)}: is a nested stack`);
    if (/Lambda::Version|ApiGateway::Deployment/.test(String(one.raw.Type)))
      warnings.push(
        `${paths.get(one.logicalId)!.replace(/\/Resource$/, '')} is created once per logical id: your changes are NOT in effect until you also change its id (see the comment)`,
      );
    return statements.resource(one);
  });
  current = undefined;
  for (const id of selection.outputs)
    body.push(statements.output(id, included.output(id), names.after(paths.get(id)!, 'output')));
  const fields = resources
    .filter(({ logicalId }) => shared.has(logicalId))
    .map(
      ({ logicalId, module, className: kind }) => `readonly ${variables.get(logicalId)!}: ${module ?? 'cdk'}.${kind};`,
    );
  const text = written({
    construct,
    className,
    modules,
    props: outside.props,
    fields,
    body,
    helpers: assets.helpers,
    notes: [...remarks.notes, ...warnings],
  });
  return { className, text, props: outside.props, notes: [...remarks.notes], warnings, unread: [...remarks.unread] };
}

function* keysOf(value: unknown): Iterable<string> {
  if (Array.isArray(value)) for (const one of value) yield* keysOf(one);
  else if (isRecord(value)) {
    for (const [name, one] of Object.entries(value)) {
      yield name;
      yield* keysOf(one);
    }
  }
}

/** Own resources that others in the stack refer to. */
function sharedWith(template: JsonObject, own: ReadonlySet<string>): ReadonlySet<string> {
  const others = ['Resources', 'Outputs'].flatMap((section) => Object.entries(sectionOf(template, section)));
  return new Set(
    others.filter(([id]) => !own.has(id)).flatMap(([, raw]) => [...referred(raw)].filter((id) => own.has(id))),
  );
}

/** Typed if the construct has the attribute, as almost all do. */
function attributeOf(variable: string, { construct }: L1, name: string): string {
  const typed = `attr${pascal(name)}`;
  const value = (construct as unknown as Readonly<Record<string, unknown>>)[typed];
  return typeof value === 'string' ? `${variable}.${typed}` : `${variable}.getAtt(${quoted(name)}).toString()`;
}

/** Assets of an assembly, and the code that recreates them. */
class Assets {
  readonly helpers = new Set<'bundled' | 'staged'>();
  private readonly files: JsonObject;
  private readonly recipes: ReadonlyMap<string, ReturnType<typeof rebuildable>[number]['recipe']>;

  constructor(
    private readonly selection: Selection,
    private readonly out: Output | undefined,
    private readonly remarks: { readonly notes: Set<string>; readonly unread: Set<string> },
    private readonly names: Names,
  ) {
    const manifest = selection.file.replace(/\.template\.json$/, '.assets.json');
    const { files, dockerImages }: JsonObject = manifest === selection.file ? {} : readJsonObject(manifest);
    this.files = { ...(isRecord(files) && files), ...(isRecord(dockerImages) && dockerImages) };
    const folder = path.dirname(selection.file);
    this.recipes = new Map(rebuildable(folder, process.cwd()).map(({ fn, recipe }) => [fn, recipe]));
  }

  /** The code of a function or a layer, as code. */
  codeOf(value: JsonObject, resource: L1 | undefined): Code | undefined {
    const hash = hashIn(value.s3Key);
    const source = hash === undefined ? undefined : this.source(hash);
    if (source === undefined || resource === undefined) return undefined;
    const fn = this.pathOf(resource);
    const recipe = this.recipes.get(fn);
    const id = quoted(this.names.constructId(this.names.after(`${fn}/Code`, 'code')));
    if (recipe === undefined) {
      this.helpers.add('staged');
      return list('staged(', ['this', id, stagedCode(fn, source, this.out, this.remarks)], ')');
    }
    this.helpers.add('bundled');
    return list('bundled(', ['this', id, ...bundledCode(fn, recipe, source, this.out, this.remarks)], ')');
  }

  /** An asset in a place where our code cannot recreate it. */
  look(text: string, resource: L1 | undefined): void {
    const hash = hashIn(text);
    if (hash === undefined || resource === undefined || this.files[hash] === undefined) return;
    this.remarks.unread.add(`${this.pathOf(resource)}: refers to an asset of the assembly (${hash.slice(0, 8)}...)`);
  }

  private source(hash: string): string | undefined {
    const file = this.files[hash];
    const source = isRecord(file) && isRecord(file.source) ? file.source.path : undefined;
    return typeof source === 'string' ? path.resolve(path.dirname(this.selection.file), source) : undefined;
  }

  private pathOf({ logicalId }: L1): string {
    return this.selection.paths.get(logicalId)!.replace(/\/(Resource|Default)$/, '');
  }
}

const hashIn = (text: unknown): string | undefined =>
  typeof text === 'string' ? /[0-9a-f]{64}/.exec(text)?.[0] : undefined;
