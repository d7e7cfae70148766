#include "scanner/input/inputs.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"
#include "scanner/input/domain_name.h"
#include "scanner/input/extract_host.h"
#include "scanner/input/input_slice.h"
#include "scanner/input/source_chain.h"
#include "scanner/input/unique_source.h"

namespace mxscan {
namespace {

// Endings of lists that no top-level domain has.
constexpr std::array<std::string_view, 8> kListEndings = {
    ".txt", ".csv", ".tsv", ".lst", ".list", ".gz", ".zst", ".json"};

bool LooksLikePath(std::string_view text) {
  return text.find('/') != std::string_view::npos ||
         std::ranges::any_of(kListEndings, [&](std::string_view ending) {
           return text.ends_with(ending);
         });
}

absl::Status CannotUse(std::string_view input, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrFormat("cannot use input '%s': %s", input, why));
}

// Why `input`, which is no file, is no domain either; OK when it is one.
absl::Status CheckName(const std::string& input, bool extract_host) {
  if (input.find('\n') != std::string::npos) {
    return CannotUse(input, "it has more than one line; give a file or -");
  }
  const NormalizedDomain domain = NormalizeDomain(
      extract_host ? ExtractHost(input) : std::string_view(input));
  const bool extracted = extract_host && domain.invalid.empty() &&
                         ExtractHost(input).size() < input.size();
  if (extracted) return absl::OkStatus();
  if (domain.invalid == "url" && input.find("://") != std::string::npos) {
    return CannotUse(input,
                     "it is a URL; give the domain alone, or "
                     "--extract-host");
  }
  if (domain.invalid == "email_address") {
    return CannotUse(input,
                     "it is an e-mail address; give the domain alone, "
                     "or --extract-host");
  }
  if (LooksLikePath(input)) {
    return CannotUse(input, "there is no such file; check the path");
  }
  if (!domain.invalid.empty()) {
    return CannotUse(input, absl::StrFormat("no such file, and no domain name "
                                            "(%s); give a file, - or a domain",
                                            domain.invalid));
  }
  if (domain.name.view().LabelCount() < 2) {
    return CannotUse(input,
                     "no such file, and one label alone is not taken for a "
                     "domain; give it as a line of standard input (-)");
  }
  return absl::OkStatus();
}

absl::StatusOr<ResolvedInput::Kind> KindOf(const std::string& input,
                                           bool extract_host) {
  using Kind = ResolvedInput::Kind;
  if (input == "-") return Kind::kStandardInput;
  struct stat info;
  if (stat(input.c_str(), &info) == 0) {
    if (!S_ISDIR(info.st_mode)) return Kind::kFile;
    return CannotUse(input, "it is a directory; name the files in it");
  }
  // A path that exists and may not be looked at is no domain.
  if (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG) {
    return CannotUse(input, std::generic_category().message(errno) +
                                "; make it readable, or check the path");
  }
  if (absl::Status status = CheckName(input, extract_host); !status.ok())
    return status;
  return Kind::kNames;
}

}  // namespace

absl::StatusOr<std::vector<ResolvedInput>> ResolveInputs(
    const std::vector<std::string>& arguments, bool extract_host) {
  using Kind = ResolvedInput::Kind;
  if (arguments.empty()) {
    return absl::InvalidArgumentError(
        "no input; give files, - for standard input, or domain names");
  }
  if (std::ranges::count(arguments, "-") > 1) {
    return CannotUse("-", "standard input can be read only once");
  }
  std::vector<ResolvedInput> inputs;
  for (const std::string& argument : arguments) {
    const absl::StatusOr<Kind> kind = KindOf(argument, extract_host);
    if (!kind.ok()) return kind.status();
    const auto names =
        std::ranges::find(inputs, Kind::kNames, &ResolvedInput::kind);
    if (*kind == Kind::kNames && names != inputs.end()) {
      names->text += "\n" + argument;
    } else {
      inputs.push_back({*kind, argument});
    }
  }
  return inputs;
}

absl::StatusOr<std::unique_ptr<DomainSource>> OpenSources(
    const std::vector<ResolvedInput>& inputs, const InputOptions& options,
    uint64_t seed) {
  absl::StatusOr<std::unique_ptr<SourceChain>> chain =
      SourceChain::Open(inputs, options);
  if (!chain.ok()) return chain.status();
  std::unique_ptr<DomainSource> source =
      std::make_unique<InputSlice>(*std::move(chain), options);
  if (!options.unique) return source;
  return std::make_unique<UniqueSource>(std::move(source), seed);
}

}  // namespace mxscan
