import type { App } from 'aws-cdk-lib';
import { ConcurrencyBudget } from 'lintel/aws';
import { ClickstreamStack } from '../clickstream/clickstream-stack';
import { ImportStack } from '../file-import/import-stack';
import { IngestStack } from '../ingest-queue/ingest-stack';
import { ReportStack } from '../nightly-report/report-stack';
import { OrdersStack } from '../orders-api/orders-stack';
import { PaymentsStack } from '../payments-webhook/payments-stack';

/** A shop of the other examples: customers' requests come first, and what happens behind them is capped. */
export function buildShop(app: App): ConcurrencyBudget {
  const env = { account: '111122223333', region: 'eu-west-1' };
  new OrdersStack(app, 'ShopOrders', { env });
  new PaymentsStack(app, 'ShopPayments', { env });
  const background = [
    new IngestStack(app, 'ShopIngest', { env }),
    new ClickstreamStack(app, 'ShopClicks', { env }),
    new ReportStack(app, 'ShopReport', { env }),
    new ImportStack(app, 'ShopImports', { env }),
  ];

  const budget = ConcurrencyBudget.of(app, { accountLimit: 1000 });
  for (const stack of background) budget.cap(stack, 20);
  return budget;
}
