import type { LocalContext, LocalService } from '../../kernel/service';
import { FunctionUrl } from './function-url';

const URL_TYPE = 'AWS::Lambda::Url';

/** Lambda function URLs, each on its own port. */
export function functionUrls(context: LocalContext): LocalService {
  const served: FunctionUrl[] = [];
  const urls = new Map<string, string>();

  async function start(): Promise<void> {
    for (const deployed of context.deployment.ofType(URL_TYPE)) {
      const url = new FunctionUrl(context, deployed);
      served.push(url);
      urls.set(deployed.resource.id, await url.start(context.portFor(deployed)));
    }
  }

  return {
    resourceTypes: [URL_TYPE],
    writers: [URL_TYPE],
    urls,
    start,
    stop: async () => void (await Promise.all(served.map((url) => url.stop()))),
  };
}
