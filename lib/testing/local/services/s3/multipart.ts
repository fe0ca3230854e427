/** A field or file of a form. */
export interface FormPart {
  readonly name: string;
  /** The file name, for a file. */
  readonly filename?: string;
  readonly data: Buffer;
}

/**
 * The parts of a `multipart/form-data` form; undefined if malformed.
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export function partsOf(contentType: string, body: Buffer): readonly FormPart[] | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  const parts: FormPart[] = [];
  // Nothing precedes the first boundary; the others start a line.
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const delimiter = `\r\n--${boundary}`;
  for (let at = whole.indexOf(delimiter); at >= 0;) {
    const start = at + delimiter.length;
    if (whole.toString('latin1', start, start + 2) === '--') return parts;
    const head = whole.indexOf('\r\n\r\n', start);
    const next = whole.indexOf(delimiter, start);
    if (head < 0 || next < head) return undefined;
    const part = partOf(whole.toString('utf8', start, head), whole.subarray(head + 4, Math.max(next, head + 4)));
    if (!part) return undefined;
    parts.push(part);
    at = next;
  }
  return undefined;
}

function partOf(head: string, data: Buffer): FormPart | undefined {
  const disposition = /^content-disposition:\s*form-data(.*)$/im.exec(head)?.[1] ?? '';
  const parameter = (name: string) => new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1];
  const name = parameter('name');
  const filename = parameter('filename');
  return name === undefined ? undefined : { name, data, filename };
}
