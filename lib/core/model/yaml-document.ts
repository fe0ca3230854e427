import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type ParsedNode,
  type Scalar,
} from 'yaml';
import { type ParsedText } from './document';
import { positionAt } from './json-location';
import { ReadError } from './read-error';

/** Aliases may repeat a node; a text that unfolds to more nodes than this is refused. */
const MAX_NODES = 500_000;
const MAX_DEPTH = 200;

/**
 * Parses YAML, with its short forms (`!Ref`) spelled out.
 * @throws ReadError when it is not YAML
 */
export function parseYaml(text: string, file: string): ParsedText {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') {
    throw new ReadError(file, 'holds several YAML documents', 'put each template into a file of its own');
  }
  if (error) {
    const { line, column } = positionAt(text, error.pos[0]);
    throw new ReadError(
      file,
      `is neither JSON nor YAML: ${error.message} at line ${line}, column ${column}`,
      'correct it',
    );
  }
  const plain = new Plain(document, file);
  const data = plain.of(document.contents);
  return { data, transforms: true, locate: (path) => positionAt(text, startOf(document.contents, path)) };
}

/** YAML nodes as plain data. */
class Plain {
  private nodes = 0;
  private depth = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly file: string,
  ) {}

  of(node: Node | null | undefined): unknown {
    if (!node) return null;
    this.nodes += 1;
    this.depth += 1;
    if (this.nodes > MAX_NODES || this.depth > MAX_DEPTH) {
      throw new ReadError(
        this.file,
        `unfolds to more than ${MAX_NODES} values or ${MAX_DEPTH} levels`,
        'write it without aliases',
      );
    }
    const value = isAlias(node) ? this.of(node.resolve(this.document)) : this.tagged(node);
    this.depth -= 1;
    return value;
  }

  private tagged(node: Node): unknown {
    const content = this.content(node);
    return node.tag?.startsWith('!') && !node.tag.startsWith('!!') ? spelledOut(node.tag.slice(1), content) : content;
  }

  private content(node: Node): unknown {
    if (isSeq<Node>(node)) return node.items.map((item) => this.of(item));
    if (isMap<Node, Node>(node)) {
      const merged: [string, unknown][] = [];
      const own: [string, unknown][] = [];
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? (key.source ?? String(key.value)) : String(this.of(key));
        const item = this.of(value);
        if (name === '<<' && typeof item === 'object' && item !== null) merged.push(...Object.entries(item));
        else own.push([name, item]);
      }
      return Object.fromEntries([...merged, ...own]);
    }
    return scalar(node as Scalar);
  }
}

/** A scalar as CloudFormation takes it: YAML 1.1's `yes`, `no`, `on` and `off` are booleans. */
function scalar({ value, source, type }: Scalar): unknown {
  if (type === 'PLAIN' && /^(yes|no|on|off)$/i.test(source ?? '')) return /^(yes|on)$/i.test(source ?? '');
  return typeof value === 'bigint' ? Number(value) : value;
}

/** `!GetAtt A.B` is `{ 'Fn::GetAtt': ['A', 'B'] }`. */
function spelledOut(tag: string, content: unknown): unknown {
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: content };
  if (tag !== 'GetAtt' || typeof content !== 'string') return { [`Fn::${tag}`]: content };
  const dot = content.indexOf('.');
  return { 'Fn::GetAtt': dot < 0 ? [content] : [content.slice(0, dot), content.slice(dot + 1)] };
}

function startOf(root: ParsedNode | null, path: readonly string[]): number {
  let node: Node | null | undefined = root;
  let found = root?.range?.[0] ?? 0;
  for (const name of path) {
    if (isMap<Node, Node>(node)) {
      const pair: Pair<Node, Node | null> | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === name,
      );
      if (!pair) break;
      found = pair.key.range?.[0] ?? found;
      node = pair.value;
    } else if (isSeq<Node>(node) && node.items[Number(name)]) {
      node = node.items[Number(name)];
      found = node?.range?.[0] ?? found;
    } else break;
  }
  return found;
}
