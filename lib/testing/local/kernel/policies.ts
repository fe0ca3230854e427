import type { PolicyDocument, Statement } from '../../../access';
import type { TemplateStatement } from '../../../core/iam/documents';
import { identitiesOf, type Identity } from '../../../core/iam/identities';
import { resourcePoliciesOf } from '../../../core/iam/resource-policies';
import type { Model, Resource } from '../../../core/model/model';
import type { Names } from '../../../core/model/names';
import type { CallerPolicies } from './caller';
import { bucketOfArn, tableOfArn } from '../../../core/arn';

/** The policies of the templates as documents: those of roles, and those of resources. */
export class Policies {
  private identities: ReadonlyMap<string, Identity> = new Map();
  private readonly resources = new Map<string, TemplateStatement[]>();
  private readonly documents = new Map<string, PolicyDocument>();
  private readonly held = new Map<string, CallerPolicies>();
  private readAt: number | undefined;

  /**
   * @param model the resources of all stacks
   * @param names their names
   * @param conditions outcomes of the templates' conditions; true if not given
   */
  constructor(
    private readonly model: Model,
    private readonly names: Names,
    private readonly conditions: Readonly<Record<string, boolean>>,
  ) {}

  /** What a role may do. */
  ofRole(role: Resource): CallerPolicies {
    this.read();
    const known = this.held.get(role.id);
    if (known) return known;
    const { policies = [], boundary } = this.identities.get(role.id) ?? {};
    const held: CallerPolicies = {
      identity: policies.map(({ statements }) => this.document(statements)),
      // A boundary that cannot be read allows nothing here: better a refusal than a false pass.
      ...(boundary && { boundary: this.document(boundary.statements) }),
    };
    this.held.set(role.id, held);
    return held;
  }

  /** Why parts of a role's policies cannot be judged: `the AWS-managed policy 'X' is not known here`. */
  problemsOf(role: Resource): readonly string[] {
    this.read();
    const { policies = [], boundary } = this.identities.get(role.id) ?? {};
    return [...policies, ...(boundary ? [boundary] : [])]
      .flatMap(({ statements }) => statements.filter((statement) => this.applies(statement)))
      .map(({ problem }) => problem)
      .filter((problem) => problem !== undefined);
  }

  /** A resource's own policy: a queue's policy, a function's permissions, a role's trust; undefined without one. */
  ofResource(arn: string): PolicyDocument | undefined {
    this.read();
    const own = this.documents.get(arn);
    if (own) return own;
    const owner = ownerOf(arn);
    const known = this.documents.get(owner);
    if (known) return known;
    const statements = this.resources.get(owner);
    if (!statements) return undefined;
    const document = this.document(statements);
    this.documents.set(owner, document);
    return document;
  }

  /** Reads them again once more is known: they may contain a custom resource's response. */
  private read(): void {
    const { model, names } = this;
    if (this.readAt === names.generation) return;
    this.readAt = names.generation;
    for (const map of [this.resources, this.documents, this.held]) map.clear();
    this.identities = new Map(
      identitiesOf(model, names).flatMap((identity) => (identity.resource ? [[identity.resource.id, identity]] : [])),
    );
    for (const { targets, statements } of resourcePoliciesOf(model, names)) {
      for (const target of targets) this.resources.set(target, [...(this.resources.get(target) ?? []), ...statements]);
    }
  }

  private document(statements: readonly TemplateStatement[]): PolicyDocument {
    const applying = statements.filter((statement) => this.applies(statement));
    return {
      Version: '2012-10-17',
      Statement: applying.flatMap(({ statement, effect }) => statement ?? (effect === 'Deny' ? [UNREAD_DENY] : [])),
    };
  }

  private applies({ when }: TemplateStatement): boolean {
    return Object.entries(when).every(([name, outcome]) => (this.conditions[name] ?? true) === outcome);
  }
}

/** An unreadable statement that denies leaves every call undecided. */
const UNREAD_DENY: Statement = { Effect: 'Deny' };

/** The resource whose policy counts: an object's bucket, an index's or stream's table. */
function ownerOf(arn: string): string {
  return bucketOfArn(tableOfArn(arn));
}
