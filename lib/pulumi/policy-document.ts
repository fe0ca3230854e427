import { isRecord, asList, type JsonObject } from '../core/record';

interface Document {
  readonly Version?: unknown;
  readonly Id?: unknown;
  readonly Statement: readonly JsonObject[];
}

/**
 * The result of `aws.iam.getPolicyDocument`, computed from its arguments alone: the source documents, then its
 * own statements, then those that override others with the same `sid`.
 * @returns undefined if a source document is unknown
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/
 */
export function policyDocument(inputs: JsonObject): JsonObject | undefined {
  const own: Document = {
    Version: inputs.version ?? '2012-10-17',
    Id: inputs.policyId,
    Statement: blocks(inputs.statements).map(statementOf),
  };
  const sources = documentsIn(inputs.sourcePolicyDocuments ?? inputs.sourceJson);
  const overriding = documentsIn(inputs.overridePolicyDocuments ?? inputs.overrideJson);
  if (!sources || !overriding) return undefined;
  const { Version, Id, Statement } = [...sources, own, ...overriding].reduce(merged, { Statement: [] });
  const document = given({ Version, Id, Statement });
  return {
    ...inputs,
    id: '${unknown}',
    version: Version,
    json: JSON.stringify(document, null, 2),
    minifiedJson: JSON.stringify(document),
  };
}

function merged(into: Document, document: Document): Document {
  const statements = [...into.Statement];
  for (const statement of document.Statement) {
    const same = statements.findIndex(({ Sid }) => Sid !== undefined && Sid === statement.Sid);
    if (same < 0) statements.push(statement);
    else statements[same] = statement;
  }
  return { Version: document.Version ?? into.Version, Id: document.Id ?? into.Id, Statement: statements };
}

function statementOf(block: JsonObject): JsonObject {
  return given({
    Sid: block.sid === '' ? undefined : block.sid,
    Effect: block.effect ?? 'Allow',
    Principal: principalOf(block.principals),
    NotPrincipal: principalOf(block.notPrincipals),
    Action: oneOrMore(block.actions),
    NotAction: oneOrMore(block.notActions),
    Resource: oneOrMore(block.resources),
    NotResource: oneOrMore(block.notResources),
    Condition: conditionOf(block.conditions),
  });
}

function principalOf(value: unknown): unknown {
  const principals = blocks(value);
  if (principals.length === 0) return undefined;
  const kinds: Record<string, unknown[]> = {};
  for (const { type, identifiers } of principals) (kinds[String(type)] ??= []).push(...asList(identifiers));
  if (kinds['*']?.includes('*')) return '*';
  return Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, oneOrMore(all)]));
}

function conditionOf(value: unknown): unknown {
  const conditions = blocks(value);
  if (conditions.length === 0) return undefined;
  const operators: Record<string, Record<string, unknown[]>> = {};
  for (const { test, variable, values } of conditions) {
    const keys = (operators[String(test)] ??= {});
    (keys[String(variable)] ??= []).push(...asList(values).map(withVariables));
  }
  return Object.fromEntries(
    Object.entries(operators).map(([test, keys]) => [
      test,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, oneOrMore(values)])),
    ]),
  );
}

/** Documents parsed from strings; undefined if one is unknown. */
function documentsIn(value: unknown): readonly Document[] | undefined {
  const documents: Document[] = [];
  for (const text of asList(value)) {
    try {
      const document: unknown = JSON.parse(String(text));
      if (!isRecord(document)) return undefined;
      documents.push({ ...document, Statement: blocks(document.Statement) });
    } catch {
      return undefined;
    }
  }
  return documents;
}

function blocks(value: unknown): readonly JsonObject[] {
  return asList(value).filter(isRecord);
}

function oneOrMore(value: unknown): unknown {
  const values = asList(value).map(withVariables);
  if (values.length < 2) return values[0];
  return values;
}

/** IAM variables are written `&{aws:username}` here, since `${}` is taken. */
function withVariables(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('&{', '${') : value;
}

function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
