import path from 'node:path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Acknowledgement, Model } from '../core/model/model';
import { readAssemblyAgain } from '../core/model/read-assembly';
import { packageVersion } from '../core/version';
import { findConfig } from './config/read-config';
import { selectRules } from './config/select-rules';
import { NAMESPACE } from './identity';
import { judge } from './judge';
import { statement, subject } from './report/grouped';
import type { AcknowledgedFinding, Report, ReportedFinding } from './report/report';
import type { Rule } from './rule';
import { RULES } from './rules/registry';

/** Which rules judge. */
export interface LintelChecksProps {
  /**
   * The rules.
   * @default - all of them, as the project's `lintel.yaml` chooses among them
   */
  readonly rules?: readonly Rule[];
}

/**
 * Judges a CDK app by the rules during synthesis, alongside cdk-nag's packs if there are any:
 *
 * ```ts
 * Validations.of(app).addPlugins(new LintelChecks());
 * ```
 *
 * It judges the templates as they are deployed, escape hatches and nested stacks included. Errors / fail the synthesis;
 * warnings and unknown verdicts are only shown. A finding is accepted by
 * `Validations.of(construct).acknowledge({ id: 'Lintel::QueueEncryption', reason: 'public data; expires 2027-03-31' })`,
 * for one finding by `Lintel::PlaintextSecret[TOKEN]`.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class LintelChecks implements IPolicyValidationPlugin {
  /** The namespace of the ids of findings. */
  readonly name = NAMESPACE;
  /** The version of this package. */
  readonly version = packageVersion();
  /** Ids of the rules. */
  readonly ruleIds: string[];
  private readonly rules: readonly Rule[] | undefined;

  constructor({ rules }: LintelChecksProps = {}) {
    this.rules = rules;
    this.ruleIds = (rules ?? RULES).map(({ id }) => id);
  }

  /** Called by the CDK after it wrote the templates. */
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const judged = this.judge(context);
    const violations = [
      ...judged.findings.map((finding) => violationOf(finding, finding.severity)),
      ...judged.unknown.map((finding) => violationOf(finding, 'info')),
      ...judged.acknowledged.filter(({ by }) => by !== undefined && by.in === undefined).map(accepted),
      ...judged.failures.map(({ message }) => failure(message, context.stackTemplates[0]!.stackConstructPath)),
    ];
    const count = (test: (finding: AcknowledgedFinding) => boolean): number => judged.acknowledged.filter(test).length;
    // The platform knows neither kind, so it could not list them as suppressed.
    const passedOver = [
      ["findings in aws-cdk-lib's own helpers", count(({ by }) => by === undefined)],
      ['findings acknowledged in metadata', count(({ by }) => by?.in === 'template')],
    ] as const;
    const metadata = passedOver.filter(([, found]) => found > 0).map(([what, found]) => [what, String(found)]);
    return {
      success: judged.summary.errors === 0 && judged.failures.length === 0,
      violations,
      pluginVersion: this.version,
      ...(metadata.length > 0 ? { metadata: Object.fromEntries(metadata) as Record<string, string> } : {}),
    };
  }

  private judge({ stackTemplates, appConstruct }: IPolicyValidationContext): Report {
    const model = readAssemblyAgain(outdirOf(appConstruct) ?? path.dirname(stackTemplates[0]!.templatePath));
    // Only the stacks of the stage on which the plugin was registered, each with its nested stacks.
    const files = new Set(stackTemplates.map(({ templatePath }) => path.resolve(templatePath)));
    const templates = new Set<string>();
    for (const { name, file, parent } of model.templates.values()) {
      if (parent ? templates.has(parent.template) : file !== undefined && files.has(path.resolve(file)))
        templates.add(name);
    }
    const acknowledgements = acknowledgementsOf(appConstruct, model);
    const known = RULES.map(({ id }) => id);
    const rules = this.rules ?? selectRules(RULES, { config: findConfig(process.cwd(), known) });
    return judge(model, { rules, known, templates, acknowledgements });
  }
}

/**
 * The acknowledgements of an app: those in the assembly, on constructs in its stacks, and those above on the app or a
 * stage, which the assembly leaves out.
 */
export function acknowledgementsOf(app: IConstruct, assembly: Model): Acknowledgement[] {
  const above = constructsAboveStacks(app).flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([id, reason]) => ({ id, reason, path: node.path })),
  );
  return [...assembly.acknowledgements, ...above];
}

function constructsAboveStacks(construct: IConstruct): IConstruct[] {
  if ('stackName' in construct && 'templateFile' in construct) return [];
  return [construct, ...construct.node.children.flatMap(constructsAboveStacks)];
}

function violationOf(finding: ReportedFinding, severity: string): PolicyViolation {
  const { path: constructPath, resource, template, property, remedy, acknowledge, expired, id } = finding;
  const name = acknowledge.slice(`${NAMESPACE}::`.length);
  return {
    // The platform hides every acknowledged name, expired or not; under another name the finding stays visible.
    ruleName: expired ? `${name}(acknowledgement-expired)` : name,
    description: `${subject(finding)}: ${statement(finding)}`,
    severity,
    fix: remedy,
    ruleMetadata: { id },
    violatingResources: [
      {
        // The path alone would name the construct, but not the property in the platform's report.
        constructPath,
        resourceLogicalId: resource,
        templatePath: template,
        locations: [property ? `Properties.${property}` : 'Properties'],
      },
    ],
  };
}

/** Under the acknowledged name, so that the platform's report lists it as suppressed, with the reason. */
function accepted(finding: AcknowledgedFinding): PolicyViolation {
  const ruleName = finding.by!.id.slice(`${NAMESPACE}::`.length);
  return { ...violationOf(finding, finding.severity), ruleName };
}

/** On some construct, since the platform skips a violation without one. */
function failure(message: string, constructPath: string): PolicyViolation {
  return {
    ruleName: 'NotJudged',
    description: message,
    severity: 'fatal',
    violatingResources: [{ constructPath, locations: [] }],
  };
}

function outdirOf(app: IConstruct): string | undefined {
  return 'outdir' in app && typeof app.outdir === 'string' ? app.outdir : undefined;
}
