import { Duration } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { fromHandlers, running, shop, stopRuns } from '../support';

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const fn = fromHandlers(stack, 'Traced', 'traced', { timeout: Duration.seconds(10) });
      new HttpApi(stack, 'Http', { defaultIntegration: new HttpLambdaIntegration('Traced', fn) });
      new RestApi(stack, 'Rest', { cloudWatchRole: false }).root.addMethod('GET', new LambdaIntegration(fn));
      fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    }),
  );
});
afterAll(stopRuns);

test.each(['Shop/Http', 'Shop/Rest', 'Shop/Traced/FunctionUrl'])(
  'an invocation by %s belongs to the trace of its request',
  async (name) => {
    const { header, own } = (await (await fetch(run.urls[name]!)).json()) as Record<'header' | 'own', string>;
    expect(header).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(own).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(own.startsWith(`${header};`)).toBe(true);
  },
);
