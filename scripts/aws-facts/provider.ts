import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Inputs by name; those that are objects with theirs, all others 1. */
export interface Inputs {
  readonly [name: string]: Inputs | 1;
}

/** A type of a provider. */
export interface ProviderType {
  readonly inputs: Inputs;
  readonly outputs: readonly string[];
}

/** What the declarations of a provider's package say of its types, by token. */
export interface ProviderPackage {
  readonly version: string;
  readonly types: ReadonlyMap<string, ProviderType>;
}

/** Reads the declarations of a provider's package. */
export function readPackage(root: string): ProviderPackage {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const nested = interfacesIn(path.join(root, 'types/input.d.ts'));
  const types = new Map<string, ProviderType>();
  for (const file of declarationsIn(root)) {
    const [, token] =
      /(?:static |\.)__pulumiType = '([^']+)'/.exec(readFileSync(file.replace(/\.d\.ts$/, '.js'), 'utf8')) ?? [];
    const found = token === undefined ? undefined : typeIn(file, nested);
    if (token !== undefined && found !== undefined) types.set(token, found);
  }
  return { version, types };
}

function declarationsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'types', 'config'].includes(entry.name) ? [] : declarationsIn(place);
    return place.endsWith('.d.ts') && existsSync(place.replace(/\.d\.ts$/, '.js')) ? [place] : [];
  });
}

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** Interfaces of the nested types, by their name below `inputs`. */
function interfacesIn(file: string): ReadonlyMap<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Statement, names: readonly string[]): void => {
    if (ts.isInterfaceDeclaration(node)) found.set([...names, node.name.text].join('.'), node);
    else if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body)) {
      for (const statement of node.body.statements) visit(statement, [...names, node.name.text]);
    }
  };
  for (const statement of parsed(file).statements) visit(statement, []);
  return found;
}

function typeIn(file: string, nested: ReadonlyMap<string, ts.InterfaceDeclaration>): ProviderType | undefined {
  const { statements } = parsed(file);
  const resource = statements.find(ts.isClassDeclaration);
  const inputs = statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text.endsWith('Args'));
  if (!resource) return undefined;
  const outputs = resource.members.filter(ts.isPropertyDeclaration).filter((member) => {
    return !member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  });
  return { inputs: inputs ? membersOf(inputs, nested, []) : {}, outputs: outputs.map(({ name }) => name.getText()) };
}

function membersOf(
  declaration: ts.InterfaceDeclaration,
  nested: ReadonlyMap<string, ts.InterfaceDeclaration>,
  above: readonly string[],
): Inputs {
  const entries = declaration.members.filter(ts.isPropertySignature).map((member): [string, Inputs | 1] => {
    const reference = member.type && referenceIn(member.type);
    const below = reference === undefined || above.includes(reference) ? undefined : nested.get(reference);
    const deep = below && above.length < 5 ? membersOf(below, nested, [...above, reference!]) : 1;
    return [member.name.getText(), deep];
  });
  return Object.fromEntries(entries);
}

/** The first nested type that a type names: `lambda.FunctionEnvironment` of `Input<inputs.lambda.FunctionEnvironment>`. */
function referenceIn(type: ts.Node): string | undefined {
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (name.startsWith('inputs.')) return name.slice('inputs.'.length);
  }
  return ts.forEachChild(type, referenceIn);
}
