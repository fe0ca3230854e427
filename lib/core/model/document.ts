import { parseJson } from './json-document';
import type { Position } from './text-position';
import type * as Yaml from './yaml-document';

/** A parsed text: plain data, with YAML's short forms (`!Ref`) expanded, and the location of its parts. */
export interface ParsedText {
  readonly data: unknown;
  /** Whether the text has loops or transforms: `Transform`, `Fn::ForEach`. */
  readonly transforms: boolean;
  /** The location of a path, or of its nearest existing ancestor. */
  locate(path: readonly string[]): Position;
}

/**
 * Parses JSON or YAML.
 * @throws ReadError when it is neither, has duplicate keys, or is nested too deep
 */
export function parseText(text: string, file: string): ParsedText {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { ...parseJson(text, file), transforms: hasTransforms(text) };
    } catch (error) {
      // YAML's flow style starts with the same characters; its parser gives the better message too.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  const { parseYaml } = require('./yaml-document') as typeof Yaml;
  return parseYaml(text, file);
}

/** Cheap: most templates have neither word. */
function hasTransforms(text: string): boolean {
  return text.includes('Transform') || text.includes('Fn::ForEach');
}
