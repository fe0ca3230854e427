import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Stack, Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly Violation[];
    readonly suppressedViolations?: readonly (Violation & { readonly reason: string })[];
  }[];
}

interface Violation {
  readonly ruleName: string;
  readonly severity: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** What cdk-nag's AwsSolutions and Serverless packs say of a stack: its errors, and what is acknowledged with a reason. */
export interface Judgement {
  readonly errors: string[];
  readonly acknowledged: Record<string, string>;
}

/** Judges the app of a stack, as `cdk synth` does with the packs as plugins. Each finding is `rule path`. */
export function judge(stack: Stack): Judgement {
  const app = Stage.of(stack)!;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(), new ServerlessChecks());
  // Warnings are printed and errors thrown; the report has both.
  const print = jest.spyOn(console, 'error').mockImplementation();
  try {
    app.synth({ force: true });
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed') throw error;
  } finally {
    print.mockRestore();
  }
  const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  const plugins = report.pluginReports;
  return {
    errors: plugins.flatMap(({ violations }) =>
      violations.filter(({ severity }) => severity !== 'warning').flatMap(places),
    ),
    acknowledged: Object.fromEntries(
      plugins.flatMap(({ suppressedViolations = [] }) =>
        suppressedViolations.flatMap((violation) => places(violation).map((place) => [place, violation.reason])),
      ),
    ),
  };
}

function places({ ruleName, violatingConstructs }: Violation): string[] {
  return violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`);
}
