#ifndef ABLATE_STAGE_PROCESS_H
#define ABLATE_STAGE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// A program in a session of its own, with a leader that ends the whole session when the program has
/// ended, when it is told to, and when the process that started it is gone.
struct ablate_stage_process {
    /// The leader: to be waited for.
    pid_t leader;
    /// The program itself, a child of the leader; 0 where the leader died before it could say.
    pid_t program;
    /// What the program and its children print on standard output and error. To be closed.
    int output;
    /// Tells the leader what to do; closed, it kills. To be closed.
    int control;
    /// Gives the program's end, an `ablate_stage_end`, or nothing. To be closed.
    int report;
};

/// How a program has ended.
struct ablate_stage_end {
    /// As wait() gives it.
    int32_t status;
    /// Whether somebody outside of the session has asked it to end: SIGTERM, SIGINT or SIGHUP came to the
    /// leader too.
    int32_t was_asked;
    /// The most memory that the program, or one of the processes that it has waited for, has had.
    /// Units: bytes; 0 where it is no more than its leader's, which cannot be told apart from it.
    int64_t peak_memory;
    /// Processor time of the program and of the processes that it has waited for. Units: seconds.
    double processor_seconds;
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
/// `variable` ("NAME=value"). Returns one that cannot be ended; 0 when none is left.
pid_t ablate_stage_end_orphans(const char *variable);

/// Asks the program to end (SIGTERM to the session), or ends the session at once; also where the leader
/// is stopped.
void ablate_stage_stop(const struct ablate_stage_process *process, int at_once);

#endif
