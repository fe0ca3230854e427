import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { watchedFunction } from './of-function';

/** A construct around one function, whose metrics it has. */
export abstract class HandlerConstruct extends Construct {
  /** The function. */
  abstract readonly handler: IFunction;

  /** How often the handler was called. */
  metricInvocations(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricInvocations(options);
  }

  /** Invocations that failed. */
  metricErrors(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricErrors(options);
  }

  /** Invocations that were refused, for too many running at once. */
  metricThrottles(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricThrottles(options);
  }

  /** Milliseconds that an invocation took, on average. */
  metricDuration(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricDuration(options);
  }
}
