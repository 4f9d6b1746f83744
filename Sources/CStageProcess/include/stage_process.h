#ifndef ABLATE_STAGE_PROCESS_H
#define ABLATE_STAGE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// A program in a session of its own, with a leader that ends the whole session when the program has
/// ended, when it is told to, and when the process that started it is gone.
struct ablate_stage_process {
    /// The leader: to be waited for.
    pid_t leader;
    /// What the program and its children print on standard output and error. To be closed.
    int output;
    /// Tells the leader what to do; closed, it kills. To be closed.
    int control;
    /// Gives the program's end: four bytes of its wait status, or nothing. To be closed.
    int report;
};

/// Starts a program; returns 0 or an error number.
///
/// @param path      of the program, absolute.
/// @param arguments ends with NULL; the first is the program's own name.
/// @param variables ends with NULL; the environment.
/// @param folder    where it runs.
int ablate_stage_start(
    const char *path, char *const arguments[], char *const variables[], const char *folder,
    struct ablate_stage_process *process);

/// Ends what a leader has left that was killed by somebody else: the processes whose environment has
/// `variable` ("NAME=value").
void ablate_stage_end_orphans(const char *variable);

/// Asks the program to end (SIGTERM to the session), or ends the session at once.
void ablate_stage_stop(const struct ablate_stage_process *process, int at_once);

#endif
