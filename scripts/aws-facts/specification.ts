import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from 'node:fs';

/** Properties by name; those that are objects with theirs, `'*'` where the names inside are the user's, all others 1. */
export interface Properties {
  readonly [name: string]: Properties | '*' | 1;
}

interface PropertyType {
  readonly type: string;
  readonly reference?: { readonly $ref: string };
  readonly element?: PropertyType;
  readonly types?: readonly PropertyType[];
}
type Declared = Readonly<Record<string, { readonly type: PropertyType }>>;
interface Database {
  lookup(kind: 'resource', field: string, how: 'equals', value: string): readonly { readonly properties: Declared }[];
  all(kind: 'resource'): readonly { readonly cloudFormationType: string }[];
  get(kind: 'typeDefinition', id: string): { readonly properties: Declared };
}

/** CloudFormation's own specification, as CDK's package has it. */
export class Specification {
  readonly version: string;
  private readonly database: Database;

  constructor(root: string) {
    this.version = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
    const load = createRequire(path.join(root, 'package.json'))(root) as { loadAwsServiceSpecSync(): Database };
    this.database = load.loadAwsServiceSpecSync();
  }

  types(): readonly string[] {
    return this.database.all('resource').map(({ cloudFormationType }) => cloudFormationType);
  }

  properties(type: string): Properties | undefined {
    const [resource] = this.database.lookup('resource', 'cloudFormationType', 'equals', type);
    return resource && this.of(resource.properties, []);
  }

  private of(declared: Declared, above: readonly string[]): Properties {
    return Object.fromEntries(Object.entries(declared).map(([name, { type }]) => [name, this.shape(type, above)]));
  }

  private shape(type: PropertyType, above: readonly string[]): Properties | '*' | 1 {
    const id = type.reference?.$ref;
    if (type.type === 'ref' && id !== undefined) {
      return above.includes(id) || above.length > 5
        ? 1
        : this.of(this.database.get('typeDefinition', id).properties, [...above, id]);
    }
    if (type.type === 'array') return this.shape(type.element!, above);
    if (['map', 'json', 'tag'].includes(type.type)) return '*';
    if (type.type !== 'union') return 1;
    const shapes = (type.types ?? []).map((one) => this.shape(one, above));
    const objects = shapes.filter((shape) => typeof shape === 'object');
    if (objects.length > 0) return Object.assign({}, ...objects) as Properties;
    return shapes.includes('*') ? '*' : 1;
  }
}
