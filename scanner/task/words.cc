#include "scanner/task/words.h"

namespace mxscan {

std::string_view WordFor(DomainStatus status) {
  switch (status) {
    case DomainStatus::kOk: return "ok";
    case DomainStatus::kNullMx: return "null_mx";
    case DomainStatus::kImplicitMx: return "implicit_mx";
    case DomainStatus::kNoMail: return "no_mail";
    case DomainStatus::kNxDomain: return "nxdomain";
    case DomainStatus::kIndeterminate: return "indeterminate";
    case DomainStatus::kServFail: return "servfail";
    case DomainStatus::kRefused: return "refused";
    case DomainStatus::kTimeout: return "timeout";
    case DomainStatus::kMalformed: return "malformed";
    case DomainStatus::kInvalidInput: return "invalid_input";
  }
  return "";
}

DomainStatus StatusFor(std::string_view word) {
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    if (WordFor(status) == word) return status;
  }
  return DomainStatus::kIndeterminate;
}

std::string_view WordFor(HostState state) {
  switch (state) {
    case HostState::kOk: return "ok";
    case HostState::kNxDomain: return "nxdomain";
    case HostState::kNoData: return "nodata";
    case HostState::kFailed: return "failed";
    case HostState::kLoop: return "loop";
    case HostState::kNotQueried: return "not_queried";
    case HostState::kNull: return "null";
  }
  return "";
}

std::string_view WordFor(Protocol protocol) {
  return protocol == Protocol::kTcp ? "tcp" : "udp";
}

std::string_view WordFor(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnswer: return "answer";
    case Outcome::kNoData: return "nodata";
    case Outcome::kNxDomain: return "nxdomain";
    case Outcome::kLoop: return "loop";
    case Outcome::kServFail: return "servfail";
    case Outcome::kRefused: return "refused";
    case Outcome::kMalformed: return "malformed";
    case Outcome::kSilence: return "timeout";
    case Outcome::kTruncated: return "truncated";
    case Outcome::kFormErr: return "formerr";
    case Outcome::kUnreachable: return "unreachable";
  }
  return "";
}

std::string_view WordFor(Via via) {
  switch (via) {
    case Via::kNone: return "";
    case Via::kMxSuffix: return "mx_suffix";
    case Via::kMxPattern: return "mx_pattern";
    case Via::kAddress: return "address";
    case Via::kAsn: return "asn";
    case Via::kOwnName: return "own_name";
  }
  return "";
}

std::string_view WordFor(BackendVia via) {
  switch (via) {
    case BackendVia::kNone: return "";
    case BackendVia::kSecondaryMx: return "secondary_mx";
    case BackendVia::kSpf: return "spf";
  }
  return "";
}

}  // namespace mxscan
