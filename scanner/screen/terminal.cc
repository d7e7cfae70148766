#include "scanner/screen/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr int kNarrowest = 20;

std::string_view FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The first that is set decides (POSIX, chapter 8.2).
bool LocaleIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale(FromEnvironment(name));
    if (locale.empty()) continue;
    for (char& letter : locale) {
      letter = static_cast<char>(std::tolower(static_cast<uint8_t>(letter)));
    }
    return locale.find("utf-8") != locale.npos ||
           locale.find("utf8") != locale.npos;
  }
  return false;
}

// As ECMA-48 numbers them (SGR).
std::string_view CodeOf(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return "";
    case Tone::kStrong: return "1";
    case Tone::kFaint: return "2";
    case Tone::kGood: return "32";
    case Tone::kWarning: return "33";
    case Tone::kError: return "31";
  }
  return "";
}

}  // namespace

Terminal Terminal::Of(int fd) {
  Terminal terminal;
  terminal.fd = fd;
  terminal.redraws = isatty(fd) == 1 && FromEnvironment("TERM") != "dumb";
  terminal.colours = terminal.redraws && FromEnvironment("NO_COLOR").empty();
  terminal.unicode = terminal.redraws && LocaleIsUtf8();
  return terminal;
}

int Terminal::Columns() const {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kUsualColumns;
  }
  return std::max<int>(kNarrowest, size.ws_col);
}

void Terminal::Write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
}

std::string Painted(std::string_view text, Tone tone, bool colours) {
  const std::string_view code = CodeOf(tone);
  if (!colours || code.empty()) return std::string(text);
  return absl::StrCat("\x1b[", std::string(code), "m", std::string(text),
                      "\x1b[0m");
}

}  // namespace mxscan
