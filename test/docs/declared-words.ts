import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A word of a class: an argument of its constructor, or a method. */
export interface Word {
  readonly name: string;
  readonly place: string;
}

/** A class of an entry point, with what its users write. */
export interface Declared {
  readonly name: string;
  readonly words: readonly Word[];
}

type Node = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeAliasDeclaration;

const sources = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
  const known = sources.get(file);
  if (known) return known;
  const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  sources.set(file, parsed);
  return parsed;
}

function moduleAt(from: string, name: string): string | undefined {
  if (!name.startsWith('.')) return undefined;
  const at = path.join(path.dirname(from), name);
  return [`${at}.ts`, path.join(at, 'index.ts')].find((file) => existsSync(file));
}

/** The declaration of a name as a file of this repository sees it; undefined for one of a package. */
function find(file: string, name: string): { file: string; node: Node } | undefined {
  for (const statement of sourceOf(file).statements) {
    if (
      (ts.isInterfaceDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement)) &&
      statement.name?.text === name
    )
      return { file, node: statement };
  }
  for (const statement of sourceOf(file).statements) {
    const clause = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : ts.isExportDeclaration(statement)
        ? statement.exportClause
        : undefined;
    if (!clause || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) continue;
    for (const element of clause.elements) {
      if (element.name.text !== name) continue;
      const module = (statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral | undefined;
      const target = module && moduleAt(file, module.text);
      return target ? find(target, (element.propertyName ?? element.name).text) : undefined;
    }
  }
  return undefined;
}

function placeOf(file: string, node: ts.Node): string {
  const { line } = sourceOf(file).getLineAndCharacterOfPosition(node.getStart());
  return `${file}:${line + 1}`;
}

function literals(type: ts.TypeNode | undefined): string[] {
  if (!type) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(literals);
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [];
}

/** The members of a type, with those of the types of this repository that it is made of. */
function members(file: string, type: ts.TypeNode | ts.ExpressionWithTypeArguments): Word[] {
  if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type))
    return type.types.flatMap((one) => members(file, one));
  if (ts.isParenthesizedTypeNode(type)) return members(file, type.type);
  if (ts.isTypeLiteralNode(type)) return ownMembers(file, type.members);
  const [name, args] = ts.isTypeReferenceNode(type)
    ? [type.typeName.getText(), type.typeArguments]
    : ts.isExpressionWithTypeArguments(type)
      ? [type.expression.getText(), type.typeArguments]
      : [undefined, undefined];
  if (name === undefined) return [];
  const of = args?.[0];
  if (['Omit', 'Pick'].includes(name) && of) {
    const keys = literals(args[1]);
    return members(file, of).filter((word) => keys.includes(word.name) === (name === 'Pick'));
  }
  if (['Partial', 'Readonly', 'Required'].includes(name) && of) return members(file, of);
  const found = find(file, name);
  if (!found) return [];
  const { node } = found;
  if (ts.isTypeAliasDeclaration(node)) return members(found.file, node.type);
  if (ts.isClassDeclaration(node)) return [];
  return [
    ...ownMembers(found.file, node.members),
    ...(node.heritageClauses ?? []).flatMap(({ types }) => types.flatMap((base) => members(found.file, base))),
  ];
}

function ownMembers(file: string, all: ts.NodeArray<ts.TypeElement>): Word[] {
  return all
    .filter((member) => member.name !== undefined)
    .map((member) => ({ name: member.name!.getText(), place: placeOf(file, member) }));
}

/** The methods that users of a class call, with those of the classes of this repository that it extends. */
function methods(file: string, node: ts.ClassDeclaration): Word[] {
  const inherited = (node.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap(({ types }) => types.map(({ expression }) => find(file, expression.getText())))
    .flatMap((base) => (base && ts.isClassDeclaration(base.node) ? methods(base.file, base.node) : []));
  return [...ownMethods(file, node), ...inherited];
}

function ownMethods(file: string, node: ts.ClassDeclaration): Word[] {
  return node.members.flatMap((member) => {
    if (!ts.isMethodDeclaration(member) || !ts.isIdentifier(member.name)) return [];
    const hidden = ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
    const isOverride = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Override;
    const internal = ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
    if (hidden || isOverride || internal) return [];
    const { text } = member.name;
    const options = member.parameters.flatMap(({ type }) => (type ? members(file, type) : []));
    return [
      { name: `${text}()`, place: placeOf(file, member) },
      ...options.map((option) => ({ name: `${text}({ ${option.name} })`, place: option.place })),
    ];
  });
}

/** The classes of an entry point, each with its words, and once each. */
export function declaredBy(index: string): Declared[] {
  return sourceOf(index).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      return [];
    return statement.exportClause.elements.flatMap(({ name: { text: name }, isTypeOnly }) => {
      const found = isTypeOnly ? undefined : find(index, name);
      if (!found || !ts.isClassDeclaration(found.node)) return [];
      const { node, file } = found;
      const constructor = node.members.find(ts.isConstructorDeclaration);
      const props = constructor?.parameters
        .filter(({ type, name: parameter }) => type && /^(args|props|all)$/.test(parameter.getText()))
        .flatMap(({ type }) => members(file, type!));
      const words = [...(props ?? []), ...methods(file, node)];
      return [{ name, words: [...new Map(words.map((word) => [word.name, word])).values()] }];
    });
  });
}

/** The words of a type that an entry point or a file has. */
export function wordsOf(file: string, type: string): readonly Word[] {
  const found = find(file, type);
  if (!found || ts.isClassDeclaration(found.node)) throw new Error(`${file} has no type ${type}`);
  const { node } = found;
  return ts.isTypeAliasDeclaration(node)
    ? members(found.file, node.type)
    : [
        ...ownMembers(found.file, node.members),
        ...(node.heritageClauses ?? []).flatMap(({ types }) => types.flatMap((base) => members(found.file, base))),
      ];
}
