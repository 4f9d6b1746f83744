#define _GNU_SOURCE
#include "stage_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>

// Runs no handlers of libraries, which may wait for threads that are not in the child. Missing in C
// libraries before 2.34.
extern pid_t _Fork(void) __attribute__((weak));
#endif

// After a fork in a process with threads only functions that are safe in signal handlers may be called:
// no memory, no standard input and output.

static pid_t plain_fork(void) {
#ifdef __linux__
    if (_Fork) return _Fork();
#endif
    return fork();
}

static void close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    if (most < 0 || most > 65536) most = 65536;
    for (int descriptor = first; descriptor < most; descriptor++) close(descriptor);
}

#ifdef __linux__
// Whether the environment that a process began with has a variable, as "NAME=value".
static int has_variable(pid_t process, const char *variable) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)process);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    char *text = NULL;
    size_t room = 0;
    int found = 0;
    while (!found && getdelim(&text, &room, 0, file) > 0) found = strcmp(text, variable) == 0;
    free(text);
    fclose(file);
    return found;
}
#endif

static int program_handle(pid_t program);

#ifdef __linux__
// Kills a process that has a variable, and not another one that has its number since; returns whether it had.
static int kill_marked(pid_t process, const char *variable) {
    if (!has_variable(process, variable)) return 0;
    int handle = program_handle(process);
    if (handle < 0) {
        // A system without handles of processes, or a process that has ended.
        if (errno != ESRCH) kill(process, SIGKILL);
        return 1;
    }
#ifdef SYS_pidfd_send_signal
    if (has_variable(process, variable)) syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0);
#else
    kill(process, SIGKILL);
#endif
    close(handle);
    return 1;
}
#endif

// Kills every child of this process; returns how many there were. Orphans of them become its children.
static int kill_children(void) {
    int count = 0;
#ifdef __linux__
    char text[8192];
    int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text);
    close(file);
    pid_t child = 0;
    for (ssize_t index = 0; index < length; index++) {
        if (text[index] >= '0' && text[index] <= '9') {
            child = child * 10 + (text[index] - '0');
        } else if (child > 0) {
            kill(child, SIGKILL);
            count++;
            child = 0;
        }
    }
#endif
    return count;
}

// Ends whatever the program has left behind, in its session and out of it.
static void end_session(void) {
    // The leader is spared: it ignores nothing, but it is in the group too.
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int round = 0; round < 1000; round++) {
        int count = kill_children();
        int status;
        while (waitpid(-1, &status, WNOHANG) > 0) {}
        if (count == 0) break;
        struct timespec moment = {0, 1000000};
        nanosleep(&moment, NULL);
    }
    kill(0, SIGKILL);
    _exit(0);
}

static int program_handle(pid_t program) {
#if defined(__linux__) && defined(SYS_pidfd_open)
    int handle = (int)syscall(SYS_pidfd_open, program, 0);
    if (handle >= 0) fcntl(handle, F_SETFD, FD_CLOEXEC);
    return handle;
#else
    return -1;
#endif
}

// In a leader: whether somebody has asked its session to end.
static volatile sig_atomic_t was_asked = 0;

static void note_request(int number, siginfo_t *facts, void *context) {
    (void)number;
    (void)context;
    // A program that ends its own helpers ('kill 0') asks nobody else. Senders of other containers are 0.
    int saved = errno;
    if (facts->si_pid <= 0 || getsid(facts->si_pid) != getsid(0)) was_asked = 1;
    errno = saved;
}

// Units: bytes.
static int64_t resident(const struct rusage *usage) {
#ifdef __linux__
    return (int64_t)usage->ru_maxrss * 1024;
#else
    return (int64_t)usage->ru_maxrss;
#endif
}

// Units: seconds.
static double processor_time(const struct rusage *usage) {
    const struct timeval *user = &usage->ru_utime, *system = &usage->ru_stime;
    return (double)(user->tv_sec + system->tv_sec)
        + 1e-6 * (double)(user->tv_usec + system->tv_usec);
}

// The leader's whole life. Descriptors: 3 control, 4 report.
static void lead(pid_t program) {
    int handle = program_handle(program);
    for (;;) {
        struct pollfd waits[2] = {{3, POLLIN, 0}, {handle, POLLIN, 0}};
        // Without a handle the program is asked after every few milliseconds.
        int ready = poll(waits, handle >= 0 ? 2 : 1, handle >= 0 ? -1 : 5);
        if (ready < 0 && errno != EINTR) end_session();
        if (waits[0].revents) {
            char command;
            ssize_t count = read(3, &command, 1);
            if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) end_session();
            if (count == 1 && command == 'K') end_session();
            // The program may be stopped: what is stopped cannot end.
            if (count == 1) {
                kill(0, SIGTERM);
                kill(0, SIGCONT);
            }
        }
        int status = 0;
        struct rusage usage, own;
        pid_t ended = wait4(program, &status, WNOHANG, &usage);
        if (ended == program || (ended < 0 && errno == ECHILD)) {
            if (ended == program) {
                // A program begins in the memory of its leader, and the system counts that as its own.
                int64_t peak = resident(&usage);
                if (getrusage(RUSAGE_SELF, &own) == 0 && peak <= resident(&own)) peak = 0;
                struct ablate_stage_end end = {status, was_asked, peak, processor_time(&usage)};
                ssize_t written = write(4, &end, sizeof end);
                (void)written;
            }
            end_session();
        }
    }
}

static void run(
    const char *path, char *const arguments[], char *const variables[], const char *folder,
    int failure)
{
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int32_t code = 0;
    if (chdir(folder) != 0) {
        code = errno;
    } else {
        execve(path, arguments, variables);
        code = errno;
    }
    ssize_t written = write(failure, &code, sizeof code);
    (void)written;
    _exit(127);
}

// The leader: a session, its descriptors, the program.
static void begin(
    const char *path, char *const arguments[], char *const variables[], const char *folder,
    int output, int control, int report, int failure)
{
    sigset_t none;
    setsid();
    // Before anything is let through: what the process that started this one does then is not for a copy.
    struct sigaction request = {0};
    request.sa_sigaction = note_request;
    request.sa_flags = SA_RESTART | SA_SIGINFO;
    sigaction(SIGTERM, &request, NULL);
    sigaction(SIGINT, &request, NULL);
    sigaction(SIGHUP, &request, NULL);
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
    // Out of the way first, lest one of them be where another shall go.
    int nothing = open("/dev/null", O_RDONLY);
    int ends[5] = {nothing, output, control, report, failure};
    for (int index = 0; index < 5; index++) ends[index] = fcntl(ends[index], F_DUPFD, 16);
    dup2(ends[0], 0);
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    dup2(ends[2], 3);
    dup2(ends[3], 4);
    dup2(ends[4], 5);
    for (int descriptor = 3; descriptor < 6; descriptor++) {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    close_from(6);
    // What the signals of a run do is for the process that started this one to say.
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
    // The leader is a copy of a large process; its child runs in its memory until it is the program.
#ifdef __linux__
    pid_t program = vfork();
#else
    pid_t program = plain_fork();
#endif
    if (program == 0) run(path, arguments, variables, folder, 5);
    int32_t code = errno;
    if (program < 0) {
        ssize_t written = write(5, &code, sizeof code);
        (void)written;
        _exit(0);
    }
    int32_t number = program;
    ssize_t written = write(4, &number, sizeof number);
    (void)written;
    close(5);
    // The program's output ends when the program and its children have ended.
    dup2(0, 1);
    dup2(0, 2);
    lead(program);
}

static void close_both(int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

int ablate_stage_start(
    const char *path, char *const arguments[], char *const variables[], const char *folder,
    struct ablate_stage_process *process)
{
    int pipes[4][2];
    for (int index = 0; index < 4; index++) {
#ifdef __linux__
        int failed = pipe2(pipes[index], O_CLOEXEC);
#else
        int failed = pipe(pipes[index]);
#endif
        if (failed != 0) {
            int code = errno;
            while (index-- > 0) close_both(pipes[index]);
            return code;
        }
        fcntl(pipes[index][0], F_SETFD, FD_CLOEXEC);
        fcntl(pipes[index][1], F_SETFD, FD_CLOEXEC);
    }
    int *output = pipes[0], *control = pipes[1], *report = pipes[2], *failure = pipes[3];
    pid_t leader = plain_fork();
    if (leader == 0) {
        begin(path, arguments, variables, folder, output[1], control[0], report[1], failure[1]);
        _exit(0);
    }
    int code = leader < 0 ? errno : 0;
    close(output[1]);
    close(control[0]);
    close(report[1]);
    close(failure[1]);
    if (leader > 0) {
        int32_t word = 0;
        ssize_t count;
        // A program may stop its leader before that has said that it has begun.
        struct pollfd begun = {failure[0], POLLIN, 0};
        while (poll(&begun, 1, 100) <= 0) kill(leader, SIGCONT);
        // Ends without a word when the program has begun.
        do count = read(failure[0], &word, sizeof word);
        while (count < 0 && errno == EINTR);
        if (count == sizeof word) code = word != 0 ? word : ECHILD;
        if (code == 0) {
            begun.fd = report[0];
            while (poll(&begun, 1, 100) <= 0) kill(leader, SIGCONT);
            do count = read(report[0], &word, sizeof word);
            while (count < 0 && errno == EINTR);
            process->program = count == sizeof word ? word : 0;
        }
    }
    close(failure[0]);
    if (code != 0) {
        close(output[0]);
        close(control[1]);
        close(report[0]);
        if (leader > 0) {
            int status;
            while (waitpid(leader, &status, 0) < 0 && errno == EINTR) {}
        }
        return code;
    }
    process->leader = leader;
    process->output = output[0];
    process->control = control[1];
    process->report = report[0];
    return 0;
}

pid_t ablate_stage_end_orphans(const char *variable) {
    pid_t last = 0;
#ifdef __linux__
    // They are children of whoever takes in orphans. What they start meanwhile the next round finds.
    for (int round = 0; round < 1000; round++) {
        last = 0;
        DIR *processes = opendir("/proc");
        if (!processes) return 0;
        struct dirent *entry;
        while ((entry = readdir(processes))) {
            pid_t process = (pid_t)atoi(entry->d_name);
            if (process > 0 && kill_marked(process, variable)) last = process;
        }
        closedir(processes);
        if (last == 0) return 0;
        struct timespec moment = {0, 1000000};
        nanosleep(&moment, NULL);
    }
#endif
    return last;
}

void ablate_stage_stop(const struct ablate_stage_process *process, int at_once) {
    char command = at_once ? 'K' : 'T';
    // The leader may have died, and not every program that uses this ignores SIGPIPE.
    sigset_t broken, before, pending;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t written = write(process->control, &command, 1);
    if (written < 0 && errno == EPIPE && !sigismember(&before, SIGPIPE) &&
        sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE)) {
        int number;
        sigwait(&broken, &number);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    // A leader that is stopped reads nothing.
    kill(process->leader, SIGCONT);
}
