// A header alone; SwiftPM wants a file to compile.
#include "processor.h"
