// The files of page/ and library/ as they were when the program was built.
// Each is the text of one file, whole; it lives as long as the program.

#pragma once

#include <string_view>

namespace mxscan {

// page/page.html, in which the names of the others stand in double braces.
std::string_view PageText();

std::string_view StyleText();
std::string_view WordsScript();
std::string_view FiguresScript();
std::string_view TablesScript();
std::string_view ChartsScript();
std::string_view SectionsScript();
std::string_view RunSectionsScript();
std::string_view PageScript();

// library/plot.min.js: Observable Plot, with the licences of all that is in it.
std::string_view ChartLibrary();

}  // namespace mxscan
