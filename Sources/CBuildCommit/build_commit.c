#include "build_commit.h"

const char *ablate_build_commit(void) { return ABLATE_COMMIT; }
