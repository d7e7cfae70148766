// What `mxscan --version` says: of the program, of what it was built with, and
// of the table of providers that is in it. Any thread.

#pragma once

#include <string>

namespace mxscan {

std::string VersionPage();

}  // namespace mxscan
