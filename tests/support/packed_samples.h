// Compressed octets without the libraries that make them: gzip members as
// gzip wrote them, zstd frames of blocks that are not compressed (RFC 8878
// §3.1.1.2).

#pragma once

#include <string>
#include <string_view>

namespace mxscan {

// "a.de\nb.de\n"
std::string GzipAb();
// "c.de\n"
std::string GzipC();

// `text` as one zstd frame. REQUIRES: at most 128 KiB of it.
std::string ZstdFrame(std::string_view text);
// A frame that expands to `count` blocks of 128 KiB, all of them `octet`.
std::string ZstdBomb(char octet, int count);
// A frame that readers pass over.
std::string ZstdSkippable(std::string_view content);

}  // namespace mxscan
