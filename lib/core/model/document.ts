import type * as Yaml from './yaml-document';
import { locateInJson, type Position } from './json-location';

/** A parsed text: plain data, with YAML's short forms (`!Ref`) spelled out, and where its parts stand. */
export interface ParsedText {
  /** The data. */
  readonly data: unknown;
  /** Whether the text has loops or transforms: `Transform`, `Fn::ForEach`. */
  readonly transforms: boolean;
  /** Where a path stands; the nearest place above it where the path ends earlier. */
  locate(path: readonly string[]): Position;
}

/**
 * Parses JSON or YAML.
 * @throws ReadError when it is neither
 */
export function parseText(text: string, file: string): ParsedText {
  if (/^\s*[{[]/.test(text)) {
    try {
      const data: unknown = JSON.parse(text);
      return { data, transforms: hasTransforms(text), locate: (path) => locateInJson(text, path) };
    } catch {
      // YAML's flow style starts with the same characters; its parser gives the better message too.
    }
  }
  const { parseYaml } = require('./yaml-document') as typeof Yaml;
  return parseYaml(text, file);
}

/** Cheap: most templates have neither word. */
function hasTransforms(text: string): boolean {
  return text.includes('Transform') || text.includes('Fn::ForEach');
}
