// The rows of a matrix that are most like a vector: dot products of 8-bit integers, sixteen at a time.
#include <stdint.h>
#include <wasm_simd128.h>

typedef struct {
  uint32_t row;
  int32_t score;
} found;

extern uint8_t __heap_base;

// Memory for the caller to write into: its address, or 0 where there is not so much.
__attribute__((export_name("reserve"))) uint8_t *reserve(uint32_t bytes) {
  const uint32_t start = ((uint32_t)&__heap_base + 15) & ~15u;
  const uint64_t end = (uint64_t)start + bytes;
  const uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) * 65536;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) / 65536) == (uint32_t)-1) return 0;
  return (uint8_t *)start;
}

static int32_t dot(const int8_t *a, const int8_t *b, uint32_t length) {
  v128_t sums = wasm_i32x4_splat(0);
  uint32_t i = 0;
  for (; i + 16 <= length; i += 16) {
    const v128_t x = wasm_v128_load(a + i);
    const v128_t y = wasm_v128_load(b + i);
    sums = wasm_i32x4_add(sums, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extmul_low_i8x16(x, y)));
    sums = wasm_i32x4_add(sums, wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extmul_high_i8x16(x, y)));
  }
  int32_t sum = wasm_i32x4_extract_lane(sums, 0) + wasm_i32x4_extract_lane(sums, 1) +
                wasm_i32x4_extract_lane(sums, 2) + wasm_i32x4_extract_lane(sums, 3);
  for (; i < length; i++) sum += a[i] * b[i];
  return sum;
}

// Writes the best `most` rows, the best first and of equal ones the earlier; returns how many there are.
__attribute__((export_name("nearest"))) uint32_t nearest(const int8_t *rows, uint32_t count, uint32_t length,
                                                         const int8_t *vector, uint32_t most, found *best) {
  uint32_t kept = 0;
  for (uint32_t row = 0; row < count; row++) {
    const int32_t score = dot(rows + (uint64_t)row * length, vector, length);
    if (kept == most && (most == 0 || score <= best[kept - 1].score)) continue;
    uint32_t place = kept < most ? kept++ : kept - 1;
    for (; place > 0 && best[place - 1].score < score; place--) best[place] = best[place - 1];
    best[place] = (found){row, score};
  }
  return kept;
}
