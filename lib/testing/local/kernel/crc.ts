/** A checksum of 32 bits or more, in network byte order. */
export type Checksum = (data: Buffer) => Buffer;

/** CRC-32, and CRC-32 by Castagnoli. */
export const crc32 = crcOf32(0xedb88320);
export const crc32c = crcOf32(0x82f63b78);

/** CRC-64/NVME, which S3 computes by default. */
export const crc64nvme: Checksum = (data) => {
  TABLE_64 ??= table64(0x9a6c9329n, 0xac4bc9b5n);
  const { high, low } = TABLE_64;
  let upper = 0xffffffff;
  let lower = 0xffffffff;
  for (const byte of data) {
    const index = (lower ^ byte) & 0xff;
    lower = ((lower >>> 8) | (upper << 24)) ^ low[index]!;
    upper = (upper >>> 8) ^ high[index]!;
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE(~upper >>> 0);
  result.writeUInt32BE(~lower >>> 0, 4);
  return result;
};

let TABLE_64: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

function crcOf32(polynomial: number): Checksum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
  return (data) => {
    let value = 0xffffffff;
    for (const byte of data) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!;
    const result = Buffer.alloc(4);
    result.writeUInt32BE(~value >>> 0);
    return result;
  };
}

function table64(high: bigint, low: bigint): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const polynomial = (high << 32n) | low;
  const values = Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return {
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
    low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
  };
}
