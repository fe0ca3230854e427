import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { ParsedText } from './document';
import { MAX_DEPTH, nameTwice } from './json-document';
import { ReadError } from './read-error';
import { TextPositions } from './text-position';

/** Maximum nodes after expanding aliases. */
const MAX_NODES = 500_000;

/**
 * Parses YAML, with its short forms (`!Ref`) spelled out.
 * @throws ReadError when it is not YAML
 */
export function parseYaml(text: string, file: string): ParsedText {
  // Duplicate keys are refused below: the library's check is quadratic.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const positions = new TextPositions(text);
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') {
    throw new ReadError(file, 'holds several YAML documents', 'put each template into a separate file');
  }
  if (error && /call stack/.test(error.message)) throw tooDeep(file);
  if (error) {
    const { line, column } = positions.at(error.pos[0]);
    throw new ReadError(
      file,
      `is neither JSON nor YAML: ${error.message} at line ${line}, column ${column}`,
      'correct it',
    );
  }
  const plain = new Plain(file, positions);
  const data = plain.of(document.contents);
  const places = new Places(document.contents);
  return { data, transforms: true, locate: (path) => positions.at(places.startOf(path)) };
}

function tooDeep(file: string): ReadError {
  return new ReadError(file, `is nested in more than ${MAX_DEPTH} levels`, 'reduce the nesting');
}

/** YAML nodes as plain data. */
class Plain {
  private nodes = 0;
  private depth = 0;
  /** The anchors so far, since the library searches the whole document for each alias. */
  private readonly anchors = new Map<string, Node>();
  private insideAlias = false;

  constructor(
    private readonly file: string,
    private readonly positions: TextPositions,
  ) {}

  of(node: Node | null | undefined): unknown {
    if (!node) return null;
    this.nodes += 1;
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw tooDeep(this.file);
    if (this.nodes > MAX_NODES) {
      throw new ReadError(this.file, `expands to more than ${MAX_NODES} values`, 'write it without aliases');
    }
    const value = isAlias(node) ? this.aliased(node.source) : this.tagged(node);
    this.depth -= 1;
    return value;
  }

  private twice(name: string, key: Node): ReadError {
    return nameTwice(this.file, name, this.positions.at(key.range?.[0] ?? 0));
  }

  private aliased(name: string): unknown {
    const anchored = this.anchors.get(name);
    if (!anchored) {
      throw new ReadError(this.file, `has the alias '*${name}' without an anchor above it`, 'define the anchor first');
    }
    const outermost = !this.insideAlias;
    this.insideAlias = true;
    const value = this.of(anchored);
    if (outermost) this.insideAlias = false;
    return value;
  }

  private tagged(node: Node): unknown {
    if ('anchor' in node && node.anchor !== undefined && !this.insideAlias) this.anchors.set(node.anchor, node);
    const content = this.content(node);
    return node.tag?.startsWith('!') && !node.tag.startsWith('!!') ? spelledOut(node.tag.slice(1), content) : content;
  }

  private content(node: Node): unknown {
    if (isSeq<Node>(node)) return node.items.map((item) => this.of(item));
    if (isMap<Node, Node>(node)) {
      const merged: [string, unknown][] = [];
      const own = new Map<string, unknown>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? (key.source ?? String(key.value)) : String(this.of(key));
        const item = this.of(value);
        if (name === '<<' && typeof item === 'object' && item !== null) {
          for (const entry of Object.entries(item)) merged.push(entry);
          continue;
        }
        if (own.has(name)) throw this.twice(name, key);
        own.set(name, item);
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

/** Finds the start of parts of a document. */
class Places {
  private readonly known = new WeakMap<Node, ReadonlyMap<string, Pair<Node, Node | null>>>();

  constructor(private readonly root: ParsedNode | null) {}

  startOf(path: readonly string[]): number {
    let node: Node | null | undefined = this.root;
    let found = this.root?.range?.[0] ?? 0;
    for (const name of path) {
      if (isMap<Node, Node>(node)) {
        const pair = this.pairsOf(node).get(name);
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

  private pairsOf(map: YAMLMap<Node, Node | null>): ReadonlyMap<string, Pair<Node, Node | null>> {
    let pairs = this.known.get(map);
    if (pairs === undefined) {
      pairs = new Map(
        map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])),
      );
      this.known.set(map, pairs);
    }
    return pairs;
  }
}
