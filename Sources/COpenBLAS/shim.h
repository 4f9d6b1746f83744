#include <cblas.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What the importing module was compiled for, as far as it matters here. The functions are inlined
// into the module that calls them, so that they see its target.

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

#if defined(__x86_64__)
#include <cpuid.h>

// The first instruction set that the importing module was compiled for and this processor or its
// operating system lacks; NULL when there is none. The attribute takes the module's target away from
// this one function: it is compiled for plain x86-64 and so runs on every processor.
__attribute__((target("arch=x86-64"), noinline)) static const char *ablate_missing_instructions(
    void) {
    unsigned a = 0, b = 0, c = 0, d = 0, leaf1c, leaf7b = 0, leaf7c = 0, state = 0;
    unsigned leaf71a = 0, extendedc = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return "CPUID";
    leaf1c = c;
    if (leaf1c & (1u << 27)) {
        unsigned high;
        __asm__ volatile("xgetbv" : "=a"(state), "=d"(high) : "c"(0));
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        unsigned subleaves = a;
        leaf7b = b;
        leaf7c = c;
        if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) leaf71a = a;
    }
    if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) extendedc = c;
    (void)leaf7b; (void)leaf7c; (void)leaf71a; (void)extendedc; (void)state;
#define ABLATE_NEEDS(word, bit, name) if (!((word) >> (bit) & 1u)) return name;
#ifdef __SSE4_2__
    ABLATE_NEEDS(leaf1c, 20, "SSE4.2")
#endif
#ifdef __AVX__
    if ((state & 6u) != 6u) return "AVX";
    ABLATE_NEEDS(leaf1c, 28, "AVX")
#endif
#ifdef __FMA__
    ABLATE_NEEDS(leaf1c, 12, "FMA")
#endif
#ifdef __F16C__
    ABLATE_NEEDS(leaf1c, 29, "F16C")
#endif
#ifdef __MOVBE__
    ABLATE_NEEDS(leaf1c, 22, "MOVBE")
#endif
#ifdef __LZCNT__
    ABLATE_NEEDS(extendedc, 5, "LZCNT")
#endif
#ifdef __BMI__
    ABLATE_NEEDS(leaf7b, 3, "BMI1")
#endif
#ifdef __BMI2__
    ABLATE_NEEDS(leaf7b, 8, "BMI2")
#endif
#ifdef __AVX2__
    ABLATE_NEEDS(leaf7b, 5, "AVX2")
#endif
#ifdef __AVX512F__
    if ((state & 0xE6u) != 0xE6u) return "AVX-512F";
    ABLATE_NEEDS(leaf7b, 16, "AVX-512F")
#endif
#ifdef __AVX512DQ__
    ABLATE_NEEDS(leaf7b, 17, "AVX-512DQ")
#endif
#ifdef __AVX512IFMA__
    ABLATE_NEEDS(leaf7b, 21, "AVX-512IFMA")
#endif
#ifdef __AVX512CD__
    ABLATE_NEEDS(leaf7b, 28, "AVX-512CD")
#endif
#ifdef __AVX512BW__
    ABLATE_NEEDS(leaf7b, 30, "AVX-512BW")
#endif
#ifdef __AVX512VL__
    ABLATE_NEEDS(leaf7b, 31, "AVX-512VL")
#endif
#ifdef __AVX512VBMI__
    ABLATE_NEEDS(leaf7c, 1, "AVX-512VBMI")
#endif
#ifdef __AVX512VBMI2__
    ABLATE_NEEDS(leaf7c, 6, "AVX-512VBMI2")
#endif
#ifdef __GFNI__
    ABLATE_NEEDS(leaf7c, 8, "GFNI")
#endif
#ifdef __AVX512VNNI__
    ABLATE_NEEDS(leaf7c, 11, "AVX-512VNNI")
#endif
#ifdef __AVX512BITALG__
    ABLATE_NEEDS(leaf7c, 12, "AVX-512BITALG")
#endif
#ifdef __AVX512VPOPCNTDQ__
    ABLATE_NEEDS(leaf7c, 14, "AVX-512VPOPCNTDQ")
#endif
#ifdef __AVXVNNI__
    ABLATE_NEEDS(leaf71a, 4, "AVX-VNNI")
#endif
#ifdef __AVX512BF16__
    ABLATE_NEEDS(leaf71a, 5, "AVX-512BF16")
#endif
#undef ABLATE_NEEDS
    return (const char *)0;
}

// Starts the program anew, once, with OpenBLAS's kernels for Haswell, where it has chosen others and this processor can
// run them; returns where nothing is to be done, or nothing can be. See NumericBackend.chooseKernels.
__attribute__((target("arch=x86-64"), noinline)) static void ablate_choose_kernels(
    char *const arguments[]) {
    static const char library[] = "OPENBLAS_CORETYPE", mark[] = "ABLATE_CHOSE_KERNELS", kernels[] = "Haswell";
    if (getenv(mark)) {
        // What OpenBLAS has read; programs that this one starts have the environment that the caller gave.
        unsetenv(mark);
        unsetenv(library);
        return;
    }
    if (getenv(library) || !strstr(openblas_get_config(), "DYNAMIC_ARCH") ||
        !strcmp(openblas_get_corename(), kernels))
        return;
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
    if (setenv(library, kernels, 1) || setenv(mark, "1", 1)) return;
    execv("/proc/self/exe", arguments);
    unsetenv(mark);
    unsetenv(library);
}
#else
static inline const char *ablate_missing_instructions(void) { return (const char *)0; }
static inline void ablate_choose_kernels(char *const arguments[]) { (void)arguments; }
#endif
