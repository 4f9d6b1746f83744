#include <fftw3.h>

// Sixteen rows to vectors of lanes and back, in Clang's portable vectors: Swift has no shuffle of two
// vectors, and what it has in place of one ends as single loads. The functions are inlined into the
// module that calls them, so that they see its target.

typedef float ablate_lanes __attribute__((vector_size(64), aligned(4)));

// out[k * stride + row] = r[row][k]
static inline __attribute__((always_inline)) void ablate_turn_vectors(
    const ablate_lanes *r, float *out, long stride) {
    ablate_lanes quads[4][4];
#pragma clang loop unroll(full)
    for (int group = 0; group < 4; group++) {
        ablate_lanes a = r[4 * group], b = r[4 * group + 1];
        ablate_lanes c = r[4 * group + 2], d = r[4 * group + 3];
        ablate_lanes low01 = __builtin_shufflevector(
            a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
        ablate_lanes high01 = __builtin_shufflevector(
            a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
        ablate_lanes low23 = __builtin_shufflevector(
            c, d, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
        ablate_lanes high23 = __builtin_shufflevector(
            c, d, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
        quads[group][0] = __builtin_shufflevector(
            low01, low23, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        quads[group][1] = __builtin_shufflevector(
            low01, low23, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
        quads[group][2] = __builtin_shufflevector(
            high01, high23, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        quads[group][3] = __builtin_shufflevector(
            high01, high23, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
    // Quarter q of quads[group][c] holds the values 4 q + c of four rows.
#pragma clang loop unroll(full)
    for (int c = 0; c < 4; c++) {
        ablate_lanes even01 = __builtin_shufflevector(
            quads[0][c], quads[1][c], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        ablate_lanes odd01 = __builtin_shufflevector(
            quads[0][c], quads[1][c], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        ablate_lanes even23 = __builtin_shufflevector(
            quads[2][c], quads[3][c], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        ablate_lanes odd23 = __builtin_shufflevector(
            quads[2][c], quads[3][c], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        *(ablate_lanes *)(out + c * stride) = __builtin_shufflevector(
            even01, even23, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        *(ablate_lanes *)(out + (4 + c) * stride) = __builtin_shufflevector(
            odd01, odd23, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        *(ablate_lanes *)(out + (8 + c) * stride) = __builtin_shufflevector(
            even01, even23, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        *(ablate_lanes *)(out + (12 + c) * stride) = __builtin_shufflevector(
            odd01, odd23, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
}

// out[k * 16 + row] = rows[row][k] * factors[k], of `count` values (a multiple of 16) a row.
static inline void ablate_multiply_and_turn(
    const float *const *rows, const float *factors, long count, float *out) {
    for (long k = 0; k < count; k += 16) {
        ablate_lanes factor = *(const ablate_lanes *)(factors + k);
        ablate_lanes r[16];
#pragma clang loop unroll(full)
        for (int row = 0; row < 16; row++) {
            r[row] = *(const ablate_lanes *)(rows[row] + k) * factor;
        }
        ablate_turn_vectors(r, out + 16 * k, 16);
    }
}

// out[row * count + k] = lanes[k * 16 + row], of `count` vectors (a multiple of 16).
static inline void ablate_turn_back(const float *lanes, long count, float *out) {
    for (long k = 0; k < count; k += 16) {
        ablate_lanes r[16];
#pragma clang loop unroll(full)
        for (int row = 0; row < 16; row++) {
            r[row] = *(const ablate_lanes *)(lanes + 16 * (k + row));
        }
        ablate_turn_vectors(r, out + k, count);
    }
}
