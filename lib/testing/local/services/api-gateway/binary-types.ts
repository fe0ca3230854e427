import { header, type HttpRequest } from '../../kernel/call';
import { texts } from '../../kernel/json';
import { IntegrationFailure } from './integration-failure';

/** Whether a media type is one of an API's binary ones. */
export class BinaryTypes {
  private readonly types: readonly string[];

  /** @param types `BinaryMediaTypes` of the API */
  constructor(types: unknown) {
    this.types = texts(types).map((one) => one.replaceAll('~1', '/').toLowerCase());
  }

  /** Whether a `Content-Type`, or the first type in `Accept`, is binary. */
  has(type: string | undefined): boolean {
    const media = (type ?? '').split(/[,;]/)[0]!.trim().toLowerCase();
    return this.types.some(
      (one) => one === '*/*' || one === media || (one.endsWith('/*') && media.startsWith(one.slice(0, -1))),
    );
  }

  /** Whether a client accepts a binary response. */
  accepted(request: HttpRequest): boolean {
    return this.has(header(request, 'accept'));
  }
}

/**
 * Converts a body between API and integration: bytes, or text for templates.
 * @param binary whether it is binary on arrival
 * @param handling `ContentHandling` of the integration or its response
 * @param textWanted whether it becomes text without `handling`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 * @throws IntegrationFailure when text to be converted to bytes is not base64
 */
export function converted(body: Buffer, binary: boolean, handling: unknown, textWanted: boolean): Buffer | string {
  const toText = handling === 'CONVERT_TO_TEXT' || (handling !== 'CONVERT_TO_BINARY' && textWanted);
  if (toText) return body.toString(binary ? 'base64' : 'utf8');
  if (binary) return body;
  const text = body.toString().trim();
  if (!/^[\w+/-]*={0,2}$/.test(text)) throw new IntegrationFailure('a body to be converted to binary is not base64');
  return Buffer.from(text, 'base64');
}
