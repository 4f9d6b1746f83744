#include <cblas.h>

// What the importing module was compiled for, as far as it matters here. The functions are inlined into
// the module that calls them, so that they see its target.

static inline const char *ablate_compiled_for(void) {
#if defined(__AVX512F__) && defined(__AVX512BF16__)
    return "x86-64 with AVX-512 and BF16";
#elif defined(__AVX512F__)
    return "x86-64 with AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
    return "x86-64-v3 (AVX2, FMA)";
#elif defined(__x86_64__)
    return "x86-64";
#elif defined(__aarch64__)
    return "arm64";
#else
    return "unknown";
#endif
}
