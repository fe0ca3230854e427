import { areChunksSigned } from '../../../../lib/testing/local/kernel/chunk-signatures';
import type { Signature } from '../../../../lib/testing/local/kernel/sigv4';

// The examples of S3's own documentation of streamed uploads.
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const CHUNKS = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];
const TRAILED = [
  'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
];
const TRAILER = (signature: string) => `x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;

const seed = (signature: string): Signature => ({
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  scope: '20130524/us-east-1/s3/aws4_request',
  service: 's3',
  signedHeaders: [],
  date: '20130524T000000Z',
  signature,
});

function isSigned(kind: string, first: string, chunks: readonly string[], trailer = '\r\n'): boolean {
  const bytes = [65_536, 1024, 0].map((size) => 'a'.repeat(size));
  const body = bytes.map((data, index) => `${data.length.toString(16)};chunk-signature=${chunks[index]}\r\n${data}`);
  const request = {
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers: [['x-amz-content-sha256', kind]] as const,
    body: Buffer.from(body.join('\r\n') + trailer),
    sourceIp: '127.0.0.1',
  };
  return areChunksSigned(request, seed(first), SECRET);
}

const PLAIN = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SEED = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
const TRAILED_SEED = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';

test('each chunk is signed with the signature before it', () => {
  expect(isSigned(PLAIN, SEED, CHUNKS)).toBe(true);
});

test.each([0, 1, 2])('refuses a body whose chunk %s has the signature of another', (index) => {
  expect(isSigned(PLAIN, SEED, CHUNKS.with(index, CHUNKS[(index + 1) % 3]!))).toBe(false);
});

test('refuses chunks without a signature, and those of another head', () => {
  expect(isSigned(PLAIN, SEED, CHUNKS.with(1, ''))).toBe(false);
  expect(isSigned(PLAIN, TRAILED_SEED, CHUNKS)).toBe(false);
});

test('what comes behind the chunks is signed as well', () => {
  const kind = `${PLAIN}-TRAILER`;
  const signature = 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435';
  expect(isSigned(kind, TRAILED_SEED, TRAILED, TRAILER(signature))).toBe(true);
  expect(isSigned(kind, TRAILED_SEED, TRAILED, TRAILER(CHUNKS[0]!))).toBe(false);
  expect(isSigned(kind, TRAILED_SEED, TRAILED, '\r\n')).toBe(false);
});
