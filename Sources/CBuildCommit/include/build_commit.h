#ifndef ABLATE_BUILD_COMMIT_H
#define ABLATE_BUILD_COMMIT_H

/// The commit that this was compiled from; empty where nobody said.
const char *ablate_build_commit(void);

#endif
