import { nearest } from '../nearest';
import { isRecord, type JsonObject, recordOf } from '../record';
import { type OpenApiDocument, type Problem, resolved } from './document';

/** A parameter of an operation, as far as it was read. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonObject;
}

/** An operation of a document. */
export interface Operation {
  /** As a route: `POST /orders`. */
  readonly key: string;
  readonly operationId?: string;
  readonly parameters: readonly Parameter[];
  /** Its request body; undefined where it has none. */
  readonly body?: JsonObject;
  readonly callbacks: readonly string[];
  /**
   * What it asks of a caller: one of these, each with its scopes.
   * @default - the document says nothing
   */
  readonly security?: readonly JsonObject[];
}

/** The operations of a document, and what is wrong with it. */
export interface Operations {
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ANY = 'x-amazon-apigateway-any-method';
const BESIDE = ['summary', 'description', 'servers', 'parameters', '$ref'];

/** Reads the operations of a document whose references lead somewhere. */
export function operationsOf({ content }: OpenApiDocument): Operations {
  const problems: Problem[] = [];
  const operations = Object.entries(recordOf(content.paths)).flatMap(([path, value]) => {
    if (path.startsWith('x-')) return [];
    const row = { prop: `paths.${path}`, value: path };
    if (!path.startsWith('/')) problems.push({ ...row, rule: "must start with '/'", remedy: `write '/${path}'` });
    const item = resolved(content, value);
    if (item === undefined) problems.push({ ...row, rule: 'must be an object', remedy: 'give it its operations' });
    return item === undefined ? [] : operationsAt(content, path, recordOf(value), item, problems);
  });
  if (operations.length === 0 && problems.length === 0) {
    problems.push({ prop: 'paths', rule: 'must have an operation', remedy: 'describe what the API does' });
  }
  return { operations, problems: [...problems, ...sameIds(operations)] };
}

function operationsAt(
  content: JsonObject,
  path: string,
  written: JsonObject,
  item: JsonObject,
  problems: Problem[],
): Operation[] {
  const beside = '$ref' in written ? Object.keys(written).filter((name) => METHODS.includes(name)) : [];
  for (const name of beside) {
    const rule = "must not be used with '$ref', since it is undefined which of the two applies";
    problems.push({ prop: `paths.${path}.${name}`, rule, remedy: 'write it in one place' });
  }
  return Object.entries(item).flatMap(([name, value]) => {
    if (METHODS.includes(name) || name === ANY) {
      const operation = resolved(content, value);
      if (operation) return [operationAt(content, path, name, item, operation, problems)];
      problems.push({ prop: `paths.${path}.${name}`, rule: 'must be an object', remedy: 'describe the operation' });
    } else if (!BESIDE.includes(name) && !name.startsWith('x-')) problems.push(noMethod(path, name));
    return [];
  });
}

function noMethod(path: string, name: string): Problem {
  const meant = nearest(name, METHODS);
  const remedy = meant === undefined ? 'remove it' : `did you mean '${meant}'?`;
  return { prop: `paths.${path}.${name}`, rule: 'must be a method that API Gateway has, in lower case', remedy };
}

function operationAt(
  content: JsonObject,
  path: string,
  method: string,
  item: JsonObject,
  operation: JsonObject,
  problems: Problem[],
): Operation {
  const at = `paths.${path}.${method}`;
  const key = `${method === ANY ? 'ANY' : method.toUpperCase()} ${path}`;
  for (const servers of [item.servers, operation.servers]) {
    if (Array.isArray(servers) && servers.length > 0) {
      const remedy = "take it out of the document of this API, or drop its 'servers'";
      problems.push({ prop: `${at}.servers`, rule: 'must be those of the document', remedy });
    }
  }
  const { operationId, security } = operation;
  const required = security ?? content.security;
  const body = resolved(content, operation.requestBody);
  if (operation.requestBody !== undefined && !body) problems.push(circle(`${at}.requestBody`));
  return {
    key,
    ...(typeof operationId === 'string' && { operationId }),
    parameters: parametersAt(content, at, item.parameters, operation.parameters, problems),
    ...(body && { body }),
    callbacks: Object.keys(recordOf(operation.callbacks)),
    ...(Array.isArray(required) && { security: required.filter(isRecord) }),
  };
}

/** Those of the operation take the place of those of the path. Three headers are described elsewhere in a document. */
function parametersAt(
  content: JsonObject,
  at: string,
  ofItem: unknown,
  ofOperation: unknown,
  problems: Problem[],
): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const value of [ofItem, ofOperation].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))) {
    const parameter = resolved(content, value);
    if (!parameter) {
      problems.push(circle(`${at}.parameters`));
      continue;
    }
    const { name, in: place, required, schema, content: media } = parameter;
    if (place === 'header' && /^(accept|content-type|authorization)$/i.test(String(name))) continue;
    found.set(`${String(place)} ${String(name)}`, {
      name: String(name),
      in: String(place),
      required: required === true,
      schema: resolved(content, schema) ?? (media === undefined ? {} : { content: media }),
    });
  }
  return [...found.values()];
}

function circle(prop: string): Problem {
  return { prop, rule: 'must refer to an object', remedy: 'correct its reference, which leads nowhere or to itself' };
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html */
const MOST = 64;

function sameIds(operations: readonly Operation[]): Problem[] {
  return operations.flatMap(({ operationId, key }, index): Problem[] => {
    if (operationId !== undefined && (operationId === '' || operationId.length > MOST)) {
      const rule = `must have 1 to ${MOST} characters, as the name of an operation in API Gateway`;
      return [{ prop: `${key}.operationId`, value: operationId, rule, remedy: 'shorten it' }];
    }
    const first = operations.findIndex((one) => operationId !== undefined && one.operationId === operationId);
    if (first === -1 || first === index) return [];
    const rule = `must be unique, but '${operations[first]!.key}' has it too`;
    return [{ prop: `${key}.operationId`, value: operationId, rule, remedy: 'give each operation its own id' }];
  });
}

/** The paths at which the servers of a document begin; `/` where it names none. */
export function serverPaths({ content }: OpenApiDocument): readonly string[] {
  const { servers } = content;
  if (!Array.isArray(servers) || servers.length === 0) return ['/'];
  return [...new Set(servers.map((server) => pathOf(recordOf(server))))];
}

function pathOf({ url, variables }: JsonObject): string {
  const given = recordOf(variables);
  const filled = String(url).replace(/\{([^}]+)\}/g, (_, name: string) => String(recordOf(given[name]).default));
  const [, path = ''] = /^(?:[\w+.-]+:)?(?:\/\/[^/?#]*)?([^?#]*)/.exec(filled) ?? [];
  const plain = path.replace(/^\.?\/*/, '/').replace(/\/+$/, '');
  return plain === '' ? '/' : plain;
}
