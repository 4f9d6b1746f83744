#ifndef ABLATE_PROCESSOR_H
#define ABLATE_PROCESSOR_H

// Tells the processor that this thread waits in a loop: whoever shares the core computes on, and leaving the loop is quick.
static inline void processor_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
