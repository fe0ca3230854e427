import type { HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, parseJson, recordOf, records, text } from '../../kernel/json';
import { feedsKinesis, viewOf } from './tables';

/** Images included in a view. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  KEYS_ONLY: [],
  NEW_IMAGE: ['NewImage'],
  OLD_IMAGE: ['OldImage'],
};

/**
 * Tables that feed a Kinesis stream have an engine stream with both images, whatever the template says. This shows API
 * readers only what the template's stream includes, or nothing without one.
 */
export class StreamViews {
  private readonly views = new Map<
    string,
    { readonly view: string | undefined; readonly stream: string | undefined }
  >();

  /** Registers a table. */
  add(table: Deployed): void {
    if (!feedsKinesis(table)) return;
    this.views.set(table.name, { view: viewOf(table), stream: table.attribute('StreamArn') });
  }

  /**
   * Reduces an answer to the template's view.
   * @param stream the ARN of the stream whose records these are
   */
  shown(operation: string, response: HttpResponse, stream?: string): HttpResponse {
    if (this.views.size === 0 || response.status !== 200) return response;
    const answer = recordOf(parseJson(String(response.body)));
    const shown = operation === 'GetRecords' ? this.records(answer, stream) : this.described(answer);
    return { ...response, body: JSON.stringify(shown) };
  }

  private records(answer: JsonObject, stream: string | undefined): JsonObject {
    const view = [...this.views.values()].find((one) => one.stream === stream)?.view;
    const images = view === undefined ? undefined : IMAGES[view];
    if (!images) return answer;
    const Records = records(answer.Records).map((item) => {
      const { NewImage, OldImage, ...change } = recordOf(item.dynamodb);
      const kept = Object.entries({ NewImage, OldImage }).filter(
        ([name, image]) => images.includes(name) && image !== undefined,
      );
      return { ...item, dynamodb: { ...change, ...Object.fromEntries(kept), StreamViewType: view } };
    });
    return { ...answer, Records };
  }

  private described(answer: JsonObject): JsonObject {
    const result = { ...answer };
    for (const part of ['Table', 'TableDescription', 'StreamDescription']) {
      if (answer[part] !== undefined) result[part] = this.table(recordOf(answer[part]));
    }
    if (answer.Streams !== undefined) {
      result.Streams = records(answer.Streams).filter(({ TableName }) => {
        const known = this.views.get(text(TableName) ?? '');
        return !known || known.view !== undefined;
      });
    }
    return result;
  }

  private table(description: JsonObject): JsonObject {
    const known = this.views.get(text(description.TableName) ?? '');
    if (!known) return description;
    const { StreamSpecification, LatestStreamArn, LatestStreamLabel, ...rest } = description;
    if (known.view === undefined) return rest;
    return {
      ...rest,
      ...(description.StreamViewType !== undefined && { StreamViewType: known.view }),
      ...(StreamSpecification !== undefined && {
        StreamSpecification: { ...recordOf(StreamSpecification), StreamViewType: known.view },
        LatestStreamArn,
        LatestStreamLabel,
      }),
    };
  }
}
